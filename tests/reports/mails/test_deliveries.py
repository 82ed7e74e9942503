import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from reports import summaries
from reports.mails import deliveries
from reports.models import Delivery
from tests.factories import make_action, make_commitment
from tests.reports.factories import CLOSING, QUARTER, make_quarter

SECRET = "a note that nobody's mail may carry"


@pytest.fixture
def delivery(agency, alice, sana, time_machine):
    time_machine.move_to(CLOSING)
    make_quarter(alice, 4, note=SECRET)
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)
    return Delivery.objects.get()


def state(delivery):
    delivery.refresh_from_db()
    return delivery.status, delivery.attempts


def test_a_due_row_is_sent_once(delivery):
    assert (deliveries.send_due(), deliveries.send_due()) == (1, 0)

    assert state(delivery) == ("sent", 1)
    assert [message.to for message in mail.outbox] == [[delivery.recipient.email]]


def test_the_message_has_figures_and_a_link_and_no_free_text(delivery, settings):
    deliveries.send_due()
    message = mail.outbox[0]
    html = message.alternatives[0].content
    url = f"{settings.SITE_URL}/summaries/{delivery.summary_id}/"
    headline = "April to June 2026: the team shared 4 actions; 4 took direction from people affected."

    assert message.subject == "Intake: summary of April to June 2026"
    assert message.extra_headers["Message-ID"] == f"<summary.{delivery.pk}@127.0.0.1>"
    for text in (message.body, html):
        assert (headline in text, url in text, SECRET in text, "Alice" in text) == (True, True, False, False)


def test_the_message_is_in_the_readers_language(delivery):
    delivery.recipient.language = "fr"
    delivery.recipient.save()
    deliveries.send_due()

    assert mail.outbox[0].subject == "Intake : sommaire, avril à juin 2026"


def test_a_period_without_actions_is_said_in_one_line(agency, team, sana, time_machine):
    time_machine.move_to(CLOSING)
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)
    deliveries.send_due()
    lines = [line for line in mail.outbox[0].body.splitlines() if line]

    assert lines[:3] == [
        "Hello Sana Supervisor,",
        "April to June 2026: the team shared no action.",
        "Read it, print it, see the pictures:",
    ]


def test_promises_are_told_although_nothing_was_shared(agency, team, alice, sana, time_machine):
    time_machine.move_to(CLOSING)
    before = make_action(alice, done_on=QUARTER.first - timedelta(days=1))
    make_commitment(before, due_on=QUARTER.first, status="kept")
    make_commitment(before, due_on=QUARTER.first)
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)
    deliveries.send_due()

    for text in (mail.outbox[0].body, mail.outbox[0].alternatives[0].content):
        assert "the team shared no action." in text
        assert "Kept on time: 1 of 2 promises due in the period." in text
        assert "1 promise was open past its date." in text
        assert "Direction" not in text


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPDataError(451, b"later"), KeyError()]
)
def test_a_failed_try_waits_longer_each_time_and_stops_after_eight(delivery, monkeypatch, time_machine, error):
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", lambda self: raise_(error))
    waits = []
    for _ in range(8):
        deliveries.send_due()
        delivery.refresh_from_db()
        waits.append(round((delivery.due_at - timezone.now()).total_seconds() / 60))
        time_machine.move_to(delivery.due_at + timedelta(seconds=1))
    deliveries.send_due()

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256]
    assert state(delivery) == ("failed", 8)
    assert delivery.last_error == type(error).__name__


def raise_(error):
    raise error


def test_a_claimed_row_is_left_alone_until_its_lease_runs_out(delivery, time_machine):
    deliveries.claim(now=timezone.now())
    assert deliveries.send_due() == 0

    time_machine.move_to(CLOSING + timedelta(minutes=6))

    assert deliveries.send_due() == 1
    assert state(delivery) == ("sent", 2)


def test_a_late_taker_cannot_mark_a_row_that_another_took(delivery, time_machine):
    stale = deliveries.claim(now=timezone.now())
    deliveries.claim(now=timezone.now() + timedelta(minutes=6))

    deliveries._mark(stale, status="sent")

    assert state(delivery) == ("sending", 2)


@pytest.mark.parametrize("change", ["left", "deactivated"])
def test_who_lost_the_right_to_read_gets_no_mail(delivery, sana, change):
    if change == "left":
        sana.memberships.update(ends_on=QUARTER.last)
    else:
        sana.is_active = False
        sana.save()
    deliveries.send_due()

    assert (state(delivery)[0], mail.outbox) == ("failed", [])


def test_the_mail_carries_the_frozen_numbers_after_late_entries(delivery, alice):
    make_action(alice, done_on=QUARTER.last)
    deliveries.send_due()

    assert "the team shared 4 actions" in mail.outbox[0].body


def test_a_row_whose_taker_vanished_at_every_try_is_shown_to_a_person(delivery, time_machine):
    for _ in range(8):
        deliveries.claim(now=timezone.now())
        time_machine.move_to(timezone.now() + timedelta(minutes=6))

    assert (deliveries.send_due(), state(delivery)) == (0, ("failed", 8))


def test_who_no_longer_wants_summaries_gets_no_mail(delivery, sana):
    sana.gets_summaries = False
    sana.save()
    deliveries.send_due()

    assert (state(delivery)[0], mail.outbox) == ("failed", [])
