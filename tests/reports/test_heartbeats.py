from datetime import UTC, datetime, timedelta

import pytest

from reports import heartbeats, tasks
from reports.models import AgencyPeriod, Heartbeat
from tests.factories import make_agency
from tests.reports.factories import QUARTER

NOW = datetime(2026, 7, 8, 16, 0, tzinfo=UTC)


def test_every_beat_entry_names_a_task_and_has_a_limit(settings):
    from allyship import celery_app

    scheduled = {name: entry["task"] for name, entry in settings.CELERY_BEAT_SCHEDULE.items()}

    assert scheduled == {name: f"reports.tasks.{name}" for name in heartbeats.LATE_AFTER}
    assert [task for task in scheduled.values() if task not in celery_app.tasks] == []


@pytest.mark.parametrize("job", ["tick", "deliver", "housekeeping"])
def test_each_job_leaves_a_heartbeat_when_run_by_its_scheduled_name(db, settings, job):
    from allyship import celery_app

    celery_app.tasks[settings.CELERY_BEAT_SCHEDULE[job]["task"]]()

    assert list(Heartbeat.objects.values_list("job", flat=True)) == [job]


def test_jobs_are_late_only_after_their_time(db):
    for job, minutes in {"tick": 4, "deliver": 6, "housekeeping": 60}.items():
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


def test_a_tick_survives_a_broker_that_is_down(db, monkeypatch, agency, settings):
    from kombu.exceptions import OperationalError

    make_agency(reports_from=QUARTER.first)

    def refuse(*args):
        raise OperationalError

    monkeypatch.setattr(tasks.close_period, "delay", refuse)
    tasks.tick()

    assert list(Heartbeat.objects.values_list("job", flat=True)) == ["tick"]
