import email.policy
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports import summaries
from reports.mails import deliveries, summary_mails
from reports.models import Delivery, TeamSummary
from teams import unsubscribing
from teams.models import Worker
from teams.unsubscribing import Series
from tests.factories import make_worker
from tests.reports.factories import CLOSING, QUARTER, make_quarter


@pytest.fixture
def summary(agency, alice, sana, time_machine):
    """Closed, with a message to sana still to be sent."""
    time_machine.move_to(CLOSING)
    make_quarter(alice, 4)
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)
    return TeamSummary.objects.get()


def ask(client, reader, summary):
    client.force_login(reader)
    return client.post(reverse("reports:summary_send", args=[summary.pk]))


def test_who_asks_gets_it_besides_what_is_sent_anyway(client, summary, alice, sana, mailoutbox):
    answers = [ask(client, reader, summary) for reader in (alice, sana)]
    sent = deliveries.send_due()

    assert [answer.url for answer in answers] == [reverse("reports:summary", args=[summary.pk])] * 2
    assert (sent, sorted(message.to[0] for message in mailoutbox)) == (3, sorted([alice.email, sana.email, sana.email]))
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == 3


def test_each_says_why_it_came(client, summary, alice, mailoutbox):
    ask(client, alice, summary)
    deliveries.send_due()
    why = {
        message.to[0]: [line for line in message.body.splitlines() if line.startswith("You get this")]
        for message in mailoutbox
    }

    assert why == {
        alice.email: ["You get this message because you asked for it. To get no summaries by themselves:"],
        Delivery.objects.get(asked_at=None).recipient.email: [
            "You get this message because you supervise this team. To get no more of them:"
        ],
    }


def test_it_can_be_asked_for_once_in_ten_minutes_by_each(client, summary, alice, sana, time_machine):
    made = []
    for minutes, reader in ((0, alice), (9, alice), (9, sana), (10, alice)):
        time_machine.move_to(CLOSING + timedelta(minutes=minutes), tick=False)
        made.append(summary_mails.ask_for(summary, by=reader, now=timezone.now()))

    assert made == [True, False, True, True]
    assert Delivery.objects.exclude(asked_at=None).count() == 3


def test_too_soon_is_said_and_sends_nothing(client, summary, alice):
    for _ in range(2):
        ask(client, alice, summary)
    told = [str(message) for message in client.get(reverse("reports:summary", args=[summary.pk])).context["messages"]]

    assert told == [
        "The summary is on its way to your mailbox.",
        "You asked for it a moment ago. Look in your mailbox; in ten minutes you can ask again.",
    ]
    assert Delivery.objects.filter(recipient=alice).count() == 1


def test_who_stopped_summaries_still_gets_one_that_she_asks_for(client, summary, sana, mailoutbox):
    unsubscribing.stop(sana, Series.SUMMARIES)
    ask(client, sana, summary)

    assert deliveries.send_due() == 1
    assert list(Delivery.objects.order_by("asked_at").values_list("status", flat=True)) == ["sent", "failed"]


def test_who_left_the_team_meanwhile_gets_nothing(client, summary, alice, mailoutbox):
    ask(client, alice, summary)
    alice.memberships.update(ends_on=QUARTER.last)
    Delivery.objects.filter(asked_at=None).delete()
    deliveries.send_due()

    assert (mailoutbox, Delivery.objects.get().status) == ([], "failed")


def test_nobody_outside_the_team_can_ask(client, summary, agency, charlie):
    lead = make_worker(agency, is_equity_lead=True, is_admin=True)

    assert [ask(client, reader, summary).status_code for reader in (charlie, lead)] == [404, 404]
    assert Delivery.objects.filter(recipient__in=[charlie, lead]).count() == 0


def test_one_summary_is_sent_by_itself_to_each_once(summary, sana):
    with pytest.raises(IntegrityError, match="delivery_unique"):
        Delivery.objects.create(agency=summary.agency, summary=summary, recipient=sana)


def test_summaries_can_be_stopped_by_a_mail_program(summary, sana, settings, mailoutbox):
    deliveries.send_due()
    headers = mailoutbox[0].extra_headers
    address = headers["List-Unsubscribe"].removeprefix("<").removesuffix(">")
    programs = Client(enforce_csrf_checks=True)
    answer = programs.post(address.removeprefix(settings.SITE_URL), {"List-Unsubscribe": "One-Click"})

    assert (headers["List-Unsubscribe-Post"], answer.status_code) == ("List-Unsubscribe=One-Click", 200)
    assert [address in part for part in (mailoutbox[0].body, mailoutbox[0].alternatives[0].content)] == [True, True]
    saved = Worker.objects.get(pk=sana.pk)
    assert (saved.gets_summaries, saved.gets_reminders) == (False, True)


def test_way_out_leaves_as_one_line_however_long_it_is(summary, sana, settings, mailoutbox):
    deliveries.send_due()
    address = unsubscribing.address(sana, Series.SUMMARIES)
    for policy in (email.policy.default, email.policy.SMTP):
        lines = mailoutbox[0].message(policy=policy).as_bytes().decode().splitlines()

        assert [line for line in lines if line.startswith("List-Unsubscribe")] == [
            f"List-Unsubscribe: <{address}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
    assert len(address) > 78
