from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from actions.models import Action
from allyship import celery_app
from reports import heartbeats, summaries, tasks
from reports.mails import deliveries
from reports.models import AgencyPeriod, Delivery, Heartbeat, ProtectedQuarter, TeamSummary
from teams import account_mails
from teams.models import Agency, Role, Session, Team, Worker
from teams.signing_in.sessions import SessionStore
from tests.factories import make_action, make_agency, make_ask, make_team, make_worker
from tests.reports.factories import QUARTER

NOW = datetime(2026, 7, 8, 16, 0, tzinfo=UTC)


@pytest.fixture
def answered(monkeypatch):
    """What a task rings for is done at once."""
    for task in (tasks.close_period, tasks.close_quarter):
        monkeypatch.setattr(task, "delay", task)


def a_quarter_is_over():
    """What `tick` has to do: a period to notice, whose closing it rings for, and which is closed by that."""
    team = make_team(make_agency(reports_from=QUARTER.first, grace_days=0))
    make_worker(team.agency, teams=[team], role=Role.SUPERVISOR)


def is_closed():
    closed = (
        AgencyPeriod.objects.exclude(closed_at=None).count(),
        ProtectedQuarter.objects.exclude(closed_at=None).count(),
    )
    return closed, TeamSummary.objects.count()


def a_mail_is_due():
    a_quarter_is_over()
    summaries.close(agency=Agency.objects.get(), period=QUARTER, now=NOW)


def is_sent():
    return Delivery.objects.get().status, len(mail.outbox)


def a_session_is_over():
    session = SessionStore()
    session.set_expiry(-1)
    session.create()


def sessions_left():
    return Session.objects.count()


def a_text_is_old():
    worker = make_worker(make_agency())
    make_action(worker, note="words", done_on=date(2020, 1, 1), logged_on=date(2020, 1, 1))


def words_left():
    return Action.objects.get().note


# For each entry of the schedule: what it finds, where to look, and what is there before and afterwards.
EFFECTS = {
    "tick": (a_quarter_is_over, is_closed, ((0, 0), 0), ((1, 1), 1)),
    "deliver": (a_mail_is_due, is_sent, ("pending", 0), ("sent", 1)),
    "housekeeping": (a_session_is_over, sessions_left, 1, 0),
    "retention": (a_text_is_old, words_left, "words", ""),
}


def test_every_beat_entry_has_a_limit_and_an_effect_that_is_tested():
    assert set(celery_app.conf.beat_schedule) == set(heartbeats.LATE_AFTER) == set(EFFECTS)


@pytest.mark.parametrize("job", celery_app.conf.beat_schedule)
def test_job_run_by_its_scheduled_name_does_its_work_and_leaves_a_heartbeat(db, job, answered, time_machine):
    time_machine.move_to(NOW, tick=False)
    prepare, look, before, after = EFFECTS[job]
    prepare()
    assert look() == before

    entry = celery_app.conf.beat_schedule[job]
    for _ in range(2):  # the second run changes nothing
        celery_app.tasks[entry["task"]].apply(throw=True)
        assert look() == after

    assert list(Heartbeat.objects.values_list("job", "last_success")) == [(job, NOW)]
    seconds = entry["schedule"] if isinstance(entry["schedule"], float) else 60 * 60
    assert entry["options"]["expires"] < seconds


@pytest.mark.parametrize("part", ["summaries.notice_due", "ask_mails.queue_due", "entries.erase_withdrawn"])
def test_part_of_the_tick_that_fails_stops_no_other_and_leaves_no_heartbeat(
    db, part, answered, monkeypatch, time_machine
):
    time_machine.move_to(NOW, tick=False)
    a_quarter_is_over()
    asker = make_worker(Agency.objects.get(), teams=Team.objects.all())
    make_ask(asker, answered_by=Worker.objects.exclude(pk=asker.pk).get())
    monkeypatch.setattr(f"reports.tasks.{part}", lambda now: 1 / 0)

    with pytest.raises(ExceptionGroup, match="Parts of the tick failed"):
        tasks.tick()

    told = Delivery.objects.filter(kind="ask_answered").count()
    assert (is_closed()[0], told) == (
        (0, 1) if "notice" in part else (1, 1),
        0 if "queue" in part else 1,
    )
    assert Heartbeat.objects.count() == 0


def test_jobs_are_late_only_after_their_time(db):
    for job, minutes in {"tick": 4, "deliver": 6, "housekeeping": 60, "retention": 60}.items():
        heartbeats.beat(job, now=NOW - timedelta(minutes=minutes))

    assert heartbeats.report(now=NOW).late == ["deliver"]


def test_a_first_run_is_awaited_from_the_set_up_on(db):
    heartbeats.beat(heartbeats.PREPARED, now=NOW - timedelta(minutes=10))

    assert heartbeats.report(now=NOW).late == ["tick", "deliver"]


def test_a_period_not_closed_within_half_an_hour_is_stuck(db):
    row = AgencyPeriod.objects.create(agency=make_agency(), first_day=QUARTER.first, last_day=QUARTER.last)
    AgencyPeriod.objects.update(noticed_at=NOW - timedelta(minutes=31))

    assert heartbeats.report(now=NOW).stuck_periods == 1

    AgencyPeriod.objects.filter(pk=row.pk).update(closed_at=NOW)
    assert heartbeats.report(now=NOW).stuck_periods == 0


def test_a_clock_that_once_ran_ahead_hides_no_job_that_stands_still(db):
    for job in heartbeats.LATE_AFTER:
        heartbeats.beat(job, now=NOW)
    heartbeats.beat("tick", now=NOW + timedelta(days=400))

    assert heartbeats.report(now=NOW).late == ["tick"]


@pytest.mark.parametrize(
    ("changes", "stuck"),
    [
        ({}, 0),
        ({"due_at": NOW - timedelta(minutes=31)}, 1),
        ({"status": "sending", "due_at": NOW - timedelta(minutes=31)}, 1),
        ({"attempts": 4, "due_at": NOW + timedelta(minutes=16)}, 0),
        ({"attempts": 5, "due_at": NOW + timedelta(minutes=32)}, 1),
        ({"status": "failed", "last_error": "SMTPDataError"}, 1),
        ({"status": "failed", "last_error": deliveries.NO_LONGER_ENTITLED}, 0),
        ({"status": "sent", "attempts": 8, "due_at": NOW - timedelta(days=1)}, 0),
    ],
)
def test_mail_that_waits_too_long_or_was_given_up_is_stuck(db, changes, stuck):
    a_mail_is_due()
    Delivery.objects.update(**changes)

    report = heartbeats.report(now=NOW)
    assert (report.stuck_deliveries, report.as_json()["stuck_deliveries"]) == (stuck, stuck)


def test_a_mail_server_that_refuses_is_told_within_half_an_hour(db, time_machine, monkeypatch):
    """The tries themselves, not rows made for the purpose: of summaries, and of links for signing in."""
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", lambda *_: 1 / 0)
    a_mail_is_due()
    time_machine.move_to(NOW, tick=False)
    account_mails.queue(mail.EmailMessage("Your code", "text", to=["a@example.org"]))
    told = []
    for minute in range(36):
        time_machine.move_to(NOW + timedelta(minutes=minute), tick=False)
        tasks.deliver()
        report = heartbeats.report(now=NOW + timedelta(minutes=minute))
        told.append((report.stuck_account_mails, report.stuck_deliveries))

    assert (told[6], told[7], told[29], told[30]) == ((0, 0), (1, 0), (1, 0), (1, 1))


def test_a_tick_survives_a_broker_that_is_down(db, monkeypatch, agency, settings):
    from kombu.exceptions import OperationalError

    make_agency(reports_from=QUARTER.first)

    def refuse(*args):
        raise OperationalError

    monkeypatch.setattr(tasks.close_period, "delay", refuse)
    tasks.tick()

    assert list(Heartbeat.objects.values_list("job", flat=True)) == ["tick"]
