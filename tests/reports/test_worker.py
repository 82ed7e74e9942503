"""The periodic summary by real processes: worker, beats, broker, SMTP server, and a kill at the worst moments."""

import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from reports.models import AgencyPeriod, Delivery, TeamSummary
from reports.periods import Period
from teams.models import Role
from tests import processes
from tests.factories import make_action, make_agency, make_team, make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def period():
    return Period.containing(timezone.localdate(), "quarterly").previous()


@pytest.fixture
def due_agency(transactional_db, period):
    """Two teams and their supervisor, with a quarter that is over and not closed."""
    agency = make_agency(name="Harbourside", reports_from=period.first, grace_days=0)
    for name in ("Intake", "Outreach"):
        team = make_team(agency, name)
        make_action(make_worker(agency, teams=[team]), done_on=period.first)
        make_worker(agency, teams=[team], role=Role.SUPERVISOR)
    return agency


def all_sent():
    return Delivery.objects.filter(status="sent").count() == 2


def test_two_beats_and_two_workers_make_each_summary_and_mail_once(due_agency, period, tmp_path):
    with processes.smtp_server() as inbox:
        mail = {"MAIL_URL": f"smtp://127.0.0.1:{inbox.port}"}
        with (
            processes.worker(**mail),
            processes.worker(**mail),
            processes.beat(tmp_path, "one", **mail),
            processes.beat(tmp_path, "two", **mail),
        ):
            processes.wait_for(all_sent)
            time.sleep(4)

        assert [(s.team.name, s.period) for s in TeamSummary.objects.order_by("team__name")] == [
            ("Intake", period),
            ("Outreach", period),
        ]
        assert sorted(inbox.ids) == sorted(
            f"<summary.{pk}@127.0.0.1>" for pk in Delivery.objects.values_list("pk", flat=True)
        )
        assert [[part.get_content_type() for part in message.iter_parts()] for message in inbox.messages] == [
            ["text/plain", "text/html"],
            ["text/plain", "text/html"],
        ]


def test_a_worker_killed_in_the_middle_of_closing_leaves_nothing_half_done(due_agency, period, tmp_path):
    with processes.smtp_server() as inbox, processes.beat(tmp_path, "beat"):
        mail = {"MAIL_URL": f"smtp://127.0.0.1:{inbox.port}"}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reports_teamsummary IN ACCESS EXCLUSIVE MODE")
            with processes.worker(**mail) as killed:
                processes.wait_for(lambda: waits_for_lock(cursor))
                processes.kill(killed)
        assert TeamSummary.objects.count() == 0
        assert AgencyPeriod.objects.get().closed_at is None

        with processes.worker(**mail):
            processes.wait_for(all_sent)

        assert TeamSummary.objects.count() == 2
        assert len(inbox.ids) == len(set(inbox.ids)) == 2


def waits_for_lock(cursor):
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reports_teamsummary'::regclass")
    return cursor.fetchone()[0]


def test_a_worker_killed_between_sending_and_marking_repeats_one_mail_with_the_same_id(due_agency, tmp_path):
    with processes.smtp_server() as inbox, processes.beat(tmp_path, "beat"):
        mail = {"MAIL_URL": f"smtp://127.0.0.1:{inbox.port}"}
        inbox.pause()
        with processes.worker(**mail) as killed:
            processes.wait_for(inbox.accepted.is_set)
            processes.kill(killed)
        assert Delivery.objects.filter(status="sending").count() == 1

        Delivery.objects.filter(status="sending").update(due_at=timezone.now())  # as when five minutes have passed
        with processes.worker(**mail):
            processes.wait_for(all_sent)

        assert TeamSummary.objects.count() == 2
        assert (len(inbox.ids), len(set(inbox.ids))) == (3, 2)
