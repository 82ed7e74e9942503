from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connections

from actions import commitments, reminders
from reports import locks, tasks
from reports.mails import deliveries, reminder_mails
from reports.models import Delivery
from teams import unsubscribing
from teams.models import Agency
from teams.unsubscribing import Series
from tests.factories import make_action, make_agency, make_commitment, make_own_commitment, make_worker

MONDAY = date(2026, 5, 11)
EIGHT = datetime(2026, 5, 11, 12, 0, tzinfo=UTC)  # in Toronto
MINUTE = timedelta(minutes=1)
SECRET = "Canary of a promise"


@pytest.fixture
def promise(alice, time_machine):
    time_machine.move_to(EIGHT)
    return make_own_commitment(alice, text=SECRET, due_on=date(2026, 5, 13))


def queued():
    return list(Delivery.objects.order_by("recipient__name", "week").values_list("recipient__name", "kind", "week"))


# When ----------------------------------------------------------------------------------------------------------------


def test_reminders_are_made_once_a_week_however_often_the_clock_ticks(promise):
    made = [reminder_mails.queue_due(now=EIGHT + n * MINUTE) for n in (-1, 0, 1, 60, 24 * 60)]
    next_week = [reminder_mails.queue_due(now=EIGHT + timedelta(days=7) + n * MINUTE) for n in (-1, 0, 1)]

    assert (made, next_week) == ([0, 1, 0, 0, 0], [0, 1, 0])
    assert queued() == [("Alice Member", "reminder", MONDAY), ("Alice Member", "reminder", MONDAY + timedelta(days=7))]


def test_row_of_a_worker_and_week_cannot_be_made_twice(promise):
    reminder_mails.queue_due(now=EIGHT)
    Agency.objects.update(reminded_on=None)
    reminder_mails.queue_due(now=EIGHT + MINUTE)

    assert queued() == [("Alice Member", "reminder", MONDAY)]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("America/Toronto", datetime(2026, 3, 9, 12, 0, tzinfo=UTC)),  # the day after clocks went forward
        ("America/Toronto", datetime(2026, 11, 2, 13, 0, tzinfo=UTC)),  # and back
        ("America/St_Johns", datetime(2026, 5, 11, 10, 30, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 5, 10, 18, 0, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2026, 5, 11, 18, 0, tzinfo=UTC)),
        ("Africa/Cairo", datetime(2026, 4, 27, 5, 0, tzinfo=UTC)),
    ],
)
def test_reminders_are_due_at_eight_on_monday_by_the_agencys_clock(db, zone, first):
    agency = make_agency(time_zone=zone)
    local = first.astimezone(agency.zone)

    assert (local.weekday(), local.hour, local.minute) == (0, 8, 0)
    assert reminder_mails.due(agency, now=first - MINUTE) is None
    assert reminder_mails.due(agency, now=first) == local.date()


def test_monday_that_was_missed_is_caught_up_for_two_days(agency):
    at = [timedelta(days=2) - MINUTE, timedelta(days=2), timedelta(days=5)]

    assert [reminder_mails.due(agency, now=EIGHT + late) for late in at] == [MONDAY, None, None]


def test_agencies_in_other_zones_have_their_own_monday(promise):
    east = make_worker(make_agency(time_zone="Europe/Paris"), "Early Riser")
    make_own_commitment(east, due_on=MONDAY)

    reminder_mails.queue_due(now=EIGHT - timedelta(hours=6))
    early = queued()
    reminder_mails.queue_due(now=EIGHT)

    assert early == [("Early Riser", "reminder", MONDAY)]
    assert queued() == [("Alice Member", "reminder", MONDAY), *early]


def test_nothing_is_made_while_another_tick_runs(transactional_db):
    make_own_commitment(make_worker(make_agency()), due_on=MONDAY)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.TICK])
        while_held = reminder_mails.queue_due(now=EIGHT)
        cursor.execute("ROLLBACK")
    other.close()

    assert (while_held, reminder_mails.queue_due(now=EIGHT)) == (0, 1)


# To whom -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reminded"),
    [
        ({"due_on": MONDAY}, True),
        ({"due_on": MONDAY + timedelta(days=7)}, True),
        ({"due_on": MONDAY + timedelta(days=8)}, False),
        ({"due_on": MONDAY - timedelta(days=100)}, True),
        ({"due_on": MONDAY, "renegotiated_to": date(2026, 8, 1), "status": "renegotiated"}, False),
        ({"due_on": date(2026, 8, 1), "renegotiated_to": MONDAY, "status": "renegotiated"}, True),
        ({"due_on": MONDAY, "status": "kept"}, False),
        ({"due_on": MONDAY, "status": "dropped"}, False),
        ({"due_on": MONDAY, "withdrawn_at": EIGHT}, False),
    ],
)
def test_only_who_has_something_due_is_reminded(alice, bob, changes, reminded):
    make_own_commitment(alice, **changes)

    assert reminder_mails.queue_due(now=EIGHT) == reminded
    assert bool(reminders.of(alice, today=MONDAY)) is reminded


def test_who_wants_none_or_left_is_not_reminded(alice, bob, promise):
    for worker, change in ((alice, "gets_reminders"), (bob, "is_active")):
        make_own_commitment(worker, due_on=MONDAY)
        setattr(worker, change, False)
        worker.save()

    assert reminder_mails.queue_due(now=EIGHT) == 0


@pytest.mark.parametrize("what", ["kept", "switched off", "left"])
def test_what_changed_before_it_was_sent_counts(alice, promise, what):
    reminder_mails.queue_due(now=EIGHT)
    if what == "kept":
        commitments.keep(promise, by=alice, on=MONDAY)
    elif what == "switched off":
        unsubscribing.stop(alice, Series.REMINDERS)
    else:
        alice.is_active = False
        alice.save()

    assert (deliveries.send_due(), mail.outbox) == (0, [])
    assert Delivery.objects.get().status == "failed"


# What ----------------------------------------------------------------------------------------------------------------


def test_reminder_tells_numbers_days_and_links_and_no_words(alice, promise, settings):
    alice_s = make_action(alice, note=SECRET)
    for day in (MONDAY, MONDAY):
        make_commitment(alice_s, due_on=day)
    make_own_commitment(alice, text=SECRET, due_on=date(2026, 5, 4))
    tasks.tick()
    tasks.deliver()
    tasks.tick()
    tasks.deliver()
    (message,) = mail.outbox
    off = unsubscribing.address(alice, Series.REMINDERS)

    lines = [line.strip() for line in message.body.splitlines() if line.strip()]
    assert (message.subject, message.to) == ("Your commitments this week", [alice.email])
    assert lines == [
        "Hello Alice Member,",
        "3 commitments are due in the next 7 days:",
        "11 May 2026 (2)",
        "13 May 2026",
        "1 commitment is open past its date:",
        "4 May 2026",
        "Each can be marked as kept, agreed anew or dropped, whichever fits.",
        "Open my commitments:",
        f"{settings.SITE_URL}/my/commitments/",
        "Only you get this message; it never says what you promised. To get no more reminders:",
        off,
        "Choose which e-mails you get:",
        f"{settings.SITE_URL}/my/emails/",
    ]
    html = message.alternatives[0].content
    assert [text in html for text in ("11 May 2026 (2)", "4 May 2026", off, SECRET)] == [True, True, True, False]


def test_reminder_can_be_switched_off_by_a_mail_program(alice, promise, client, settings):
    reminder_mails.queue_due(now=EIGHT)
    deliveries.send_due()
    headers = mail.outbox[0].extra_headers

    address = headers["List-Unsubscribe"].removeprefix("<").removesuffix(">")
    client.post(address.removeprefix(settings.SITE_URL), {"List-Unsubscribe": "One-Click"})

    alice.refresh_from_db()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Message-ID"] == f"<reminder.{Delivery.objects.get().pk}@127.0.0.1>"
    assert alice.gets_reminders is False


def test_reminder_speaks_its_readers_language(alice, promise):
    alice.language = "fr"
    alice.save()
    reminder_mails.queue_due(now=EIGHT)
    deliveries.send_due()

    assert mail.outbox[0].subject == "Vos engagements de la semaine"
    assert "13 mai 2026" in mail.outbox[0].body


@pytest.mark.parametrize("n", [1, 3])
def test_queue_takes_as_many_queries_for_any_number_of_workers(agency, n, django_assert_num_queries):
    for _ in range(n):
        make_own_commitment(make_worker(agency), due_on=MONDAY)

    with django_assert_num_queries(7):
        assert reminder_mails.queue_due(now=EIGHT) == n
