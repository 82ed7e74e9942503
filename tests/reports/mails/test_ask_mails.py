import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from actions import asks
from actions.models import Ask
from reports import heartbeats, tasks
from reports.mails import ask_mails, deliveries
from reports.models import Delivery
from teams.models import Role
from tests.factories import make_ask, make_team, make_worker
from tests.statements import refused_by

ASKED = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)  # noon in Toronto
SECRETS = ["canary in the way", "canary need", "canary answer", "Alice", "Too little time"]


@pytest.fixture(autouse=True)
def an_hour_later(time_machine):
    time_machine.move_to(ASKED + timedelta(hours=1))


@pytest.fixture
def lead(agency):
    return make_worker(agency, "Lea Lead", is_equity_lead=True)


def ask_of(alice, **changes):
    values = {"created_at": ASKED, "in_the_way": "canary in the way", "need": "canary need"}
    return make_ask(alice, **values | changes)


def answered(alice, sana, **changes):
    return ask_of(alice, answered_by=sana, answer="canary answer", **changes)


def run():
    """What the periodic tasks do."""
    ask_mails.queue_due(now=timezone.now())
    deliveries.send_due()


def queued():
    return {(delivery.kind, delivery.recipient.name) for delivery in Delivery.objects.all()}


def texts(message):
    return [message.subject, message.body, message.alternatives[0].content, *message.extra_headers.values()]


# What is written --------------------------------------------------------------------------------------------------


def test_mail_of_an_answer_says_that_it_is_there_and_nothing_of_it(alice, sana, settings):
    ask = answered(alice, sana)
    run()

    (message,) = mail.outbox
    url = f"{settings.SITE_URL}/asks/{ask.pk}/"
    assert (message.to, message.subject) == ([alice.email], "Your ask was answered")
    assert [line for line in message.body.splitlines() if line] == [
        "Hello Alice Member,",
        "Your ask of 4 May 2026 was answered.",
        "Read the answer",
        url,
        "To protect people, this message says nothing of what was asked or answered.",
        "Choose which e-mails you get:",
        f"{settings.SITE_URL}/my/emails/",
    ]
    said = [text.replace("Hello Alice Member,", "") for text in texts(message)]
    assert [secret for secret in SECRETS if any(secret in text for text in said)] == []
    assert f'href="{url}"' in message.alternatives[0].content


def test_declined_ask_is_mailed_in_the_same_words(alice, sana):
    answered(alice, sana, state="declined")
    run()

    assert [message.subject for message in mail.outbox] == ["Your ask was answered"]
    assert "Your ask of 4 May 2026 was answered." in mail.outbox[0].body


def test_mail_of_a_waiting_ask_says_neither_who_nor_what(alice, sana, lead, settings):
    of_supervisors = ask_of(alice)
    of_lead = ask_of(alice, addressed_to="equity_lead", team=None)
    run()

    found = {message.to[0]: message for message in mail.outbox}
    assert set(found) == {sana.email, lead.email}
    for who, ask, sentence in (
        (sana, of_supervisors, "An ask to the supervisors of Intake has been waiting since 4 May 2026."),
        (lead, of_lead, "An ask to the equity lead has been waiting since 4 May 2026."),
    ):
        message = found[who.email]
        assert [line for line in message.body.splitlines() if line] == [
            f"Hello {who.name},",
            sentence,
            "Read and answer it",
            f"{settings.SITE_URL}/asks/{ask.pk}/answer/",
            "To protect people, this message says nothing of what was asked or answered.",
            "Choose which e-mails you get:",
            f"{settings.SITE_URL}/my/emails/",
        ]
        assert message.subject == "An ask waits for your answer"
        assert [secret for secret in SECRETS if any(secret in text for text in texts(message))] == []


def test_mail_is_in_the_reader_s_language_and_links_to_a_page_that_she_can_open(client, alice, sana):
    alice.language = "fr"
    alice.save()
    answered(alice, sana)
    run()
    client.force_login(alice)

    (message,) = mail.outbox
    assert message.extra_headers["Content-Language"] == "fr-ca"
    assert '<html lang="fr-ca">' in message.alternatives[0].content
    assert "4 mai 2026" in message.body
    assert client.get(message.body.split("http://127.0.0.1:8000")[1].split()[0]).status_code == 200


def test_every_try_carries_the_same_message_id(alice, sana, monkeypatch, time_machine):
    answered(alice, sana)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        run()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts, delivery.last_error) == ("pending", 1, "SMTPDataError")

    time_machine.shift(timedelta(minutes=3))
    run()

    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [f"<ask.{delivery.pk}@127.0.0.1>"]
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("sent", 2)


def refuse(message):
    raise smtplib.SMTPDataError(451, b"later")


# To whom, and when ------------------------------------------------------------------------------------------------


def test_rows_are_made_by_tick_and_sent_by_deliver_once(alice, sana, lead):
    answered(alice, sana)
    ask_of(alice)
    ask_of(alice, addressed_to="equity_lead")
    for _ in range(3):
        tasks.tick()
        tasks.deliver()

    assert sorted(message.to[0] for message in mail.outbox) == sorted([alice.email, sana.email, lead.email])
    assert queued() == {
        ("ask_answered", "Alice Member"),
        ("ask_waits", "Sana Supervisor"),
        ("ask_waits", "Lea Lead"),
    }


def test_asking_and_answering_make_no_row_and_send_no_mail(alice, sana):
    ask = asks.ask(
        Ask(addressed_to="supervisor", team=alice.memberships.get().team, barrier="time", need="x"), by=alice, now=ASKED
    )
    asks.answer(ask, text="Yes.", by=sana, now=ASKED)

    assert (Delivery.objects.count(), mail.outbox) == (0, [])


def test_new_ask_is_announced_after_the_time_to_take_it_back(alice, sana, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    ask_of(alice, created_at=timezone.now() - timedelta(minutes=9, seconds=59))
    old = ask_of(alice, created_at=timezone.now() - timedelta(minutes=10))
    run()

    assert [delivery.ask for delivery in Delivery.objects.all()] == [old]


def test_all_who_can_answer_are_told_and_nobody_else(team, alice, bob, sana, lead, charlie, other_team):
    agency, supervisor = team.agency, {"teams": [team], "role": Role.SUPERVISOR}
    make_worker(agency, "Dee Deputy", **supervisor)
    make_worker(agency, "Ina Inactive", is_active=False, **supervisor)
    gone = make_worker(agency, "Gone Supervisor", **supervisor)
    gone.memberships.update(ends_on=date(2026, 5, 3))
    make_worker(agency, "Dora Director", teams=[make_team(agency)], role=Role.SUPERVISOR)
    make_worker(agency, "Adam Admin", is_admin=True)
    make_worker(agency, "Ian Inactive Lead", is_active=False, is_equity_lead=True)
    make_worker(other_team.agency, "Their Lead", is_equity_lead=True)
    make_worker(other_team.agency, "Their Supervisor", teams=[other_team], role=Role.SUPERVISOR)
    ask_of(alice)
    ask_of(sana)  # a supervisor of the team herself: the other one answers
    run()

    kept = [(delivery.ask.asker.name, delivery.recipient.name) for delivery in Delivery.objects.all()]
    assert sorted(kept) == [
        ("Alice Member", "Dee Deputy"),
        ("Alice Member", "Sana Supervisor"),
        ("Sana Supervisor", "Dee Deputy"),
    ]
    assert len(mail.outbox) == 3


def test_ask_that_nobody_can_answer_is_announced_when_somebody_can(alice, team):
    ask_of(alice)
    run()
    assert Delivery.objects.count() == 0

    make_worker(team.agency, "Sana Supervisor", teams=[team], role=Role.SUPERVISOR)
    run()
    make_worker(team.agency, "Late Supervisor", teams=[team], role=Role.SUPERVISOR)
    run()

    assert queued() == {("ask_waits", "Sana Supervisor")}


def test_withdrawn_asks_and_answers_of_long_ago_are_not_announced(alice, sana):
    ask_of(alice, state="withdrawn", withdrawn_at=timezone.now())
    answered(alice, sana, answered_at=timezone.now() - timedelta(days=28))
    run()

    assert (Delivery.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize("change", ["answered", "withdrawn", "left", "inactive", "asker inactive"])
def test_mail_that_became_idle_before_it_was_sent_is_dropped(alice, sana, change):
    waiting, _settled = ask_of(alice), answered(alice, sana)
    ask_mails.queue_due(now=timezone.now())
    to = {"waits": sana.email, "answered": alice.email}
    if change == "answered":
        asks.answer(waiting, text="Yes.", by=sana, now=timezone.now())
    elif change == "withdrawn":
        asks.withdraw(waiting, by=alice, now=timezone.now())
    elif change == "left":
        sana.memberships.update(ends_on=date(2026, 5, 3))
    else:
        idle = alice if change == "asker inactive" else sana
        idle.is_active = False
        idle.save()
    deliveries.send_due()

    kept = "waits" if change == "asker inactive" else "answered"
    assert [message.to for message in mail.outbox] == [[to[kept]]]
    assert sorted(Delivery.objects.values_list("status", "last_error")) == [
        ("failed", "no longer entitled"),
        ("sent", ""),
    ]
    assert heartbeats.report(now=timezone.now()).stuck_deliveries == 0


def test_who_wants_no_summaries_still_hears_of_asks(alice, sana):
    alice.gets_summaries = False
    alice.save()
    answered(alice, sana)
    run()

    assert [message.to for message in mail.outbox] == [[alice.email]]


@pytest.mark.parametrize("n", [1, 3])
def test_queue_runs_seven_statements_whatever_the_number_of_asks(alice, sana, lead, n, django_assert_num_queries):
    for _ in range(n):
        ask_of(alice)
        ask_of(alice, addressed_to="equity_lead")
        answered(alice, sana)

    with django_assert_num_queries(7):  # two of them the savepoint
        assert ask_mails.queue_due(now=timezone.now()) == 3 * n


def test_texts_of_withdrawn_asks_are_erased_by_tick(alice):
    ask_of(alice, state="withdrawn", withdrawn_at=ASKED)
    tasks.tick()

    assert Ask.objects.values_list("in_the_way", "need").get() == ("", "")


# What the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("ask_id = NULL", "delivery_has_what_its_kind_is_about"),
        ("kind = 'team_summary'", "delivery_has_what_its_kind_is_about"),
        ("kind = 'letter'", "delivery_has_what_its_kind_is_about"),
        ("ask_id = %(theirs)s", "delivery_ask_same_agency"),
        ("recipient_id = %(charlie)s", "delivery_recipient_same_agency"),
    ],
)
def test_delivery_that_cannot_be_is_refused(alice, sana, charlie, change, refusal):
    answered(alice, sana)
    ask_mails.queue_due(now=timezone.now())
    change %= {"theirs": f"'{ask_of(charlie).pk}'", "charlie": f"'{charlie.pk}'"}

    assert refused_by(f"UPDATE reports_delivery SET {change}") == refusal


def test_second_row_of_the_same_mail_is_refused(alice, sana):
    answered(alice, sana)
    ask_mails.queue_due(now=timezone.now())

    assert (
        refused_by(
            "INSERT INTO reports_delivery (agency_id, kind, ask_id, recipient_id, channel, status, attempts, last_error)"
            " SELECT agency_id, kind, ask_id, recipient_id, channel, 'pending', 0, '' FROM reports_delivery"
        )
        == "delivery_of_ask_unique"
    )


def test_row_that_names_no_kind_is_a_summary_s(alice, sana):
    """What the version before this one writes while both run."""
    answered(alice, sana)
    ask_mails.queue_due(now=timezone.now())

    assert refused_by("UPDATE reports_delivery SET kind = DEFAULT") == "delivery_has_what_its_kind_is_about"
