"""Web and worker are told to stop in the middle of their work: it is finished, once, and they end well."""

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from actions.models import Action
from reports.models import Delivery, TeamSummary
from reports.periods import Period
from teams.models import Role
from tests import processes
from tests.factories import form_data, make_action, make_agency, make_team, make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
TOKEN = "a" * 32


@pytest.fixture
def due_team(transactional_db):
    """With a quarter that is over and not closed."""
    period = Period.containing(timezone.localdate(), "quarterly").previous()
    team = make_team(make_agency(name="Harbourside", reports_from=period.first, grace_days=0), "Intake")
    make_worker(team.agency, teams=[team], role=Role.SUPERVISOR)
    make_action(make_worker(team.agency, teams=[team]), done_on=period.first)
    return team


def log_an_action(port, session):
    """As a browser does; the status of the answer, which leads to another page."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        "X-CSRFToken": TOKEN,
    }
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as browser:
        browser.request("POST", "/log/new/", urlencode(form_data(), doseq=True), headers)
        return browser.getresponse().status


def waiting(cursor, table):
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
    return cursor.fetchone()[0]


def test_a_request_and_a_task_in_the_middle_are_finished_once(due_team, tmp_path):
    worker = make_worker(due_team.agency, teams=[due_team])
    browser = Client()
    browser.force_login(worker)
    session, port = browser.cookies[settings.SESSION_COOKIE_NAME].value, processes.free_port()

    with (
        processes.web_process(port, **processes.PATIENT) as web,
        processes.worker(**processes.PATIENT) as jobs,
        processes.beat(tmp_path, "beat"),
        ThreadPoolExecutor() as pool,
    ):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reports_teamsummary IN SHARE MODE")
            processes.wait_for(lambda: waiting(cursor, "reports_teamsummary"))
            cursor.execute("LOCK TABLE actions_action IN SHARE MODE")
            answer = pool.submit(log_an_action, port, session)
            processes.wait_for(lambda: waiting(cursor, "actions_action"))
            for process in (web, jobs):
                process.send_signal(signal.SIGTERM)
            processes.wait_for(lambda: not processes.answers(f"http://127.0.0.1:{port}/healthz"))
            assert [answer.done(), web.poll(), jobs.poll()] == [False, None, None]
        assert answer.result(60) == 302
        assert [process.wait(60) for process in (web, jobs)] == [0, 0]

    assert Action.objects.by(worker).count() == 1
    assert [summary.team for summary in TeamSummary.objects.all()] == [due_team]
    assert Delivery.objects.count() == 1
