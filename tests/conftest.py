"""The cast: alice a member, bob her team mate, sana their supervisor, and charlie of another agency."""

import logging

import hypothesis
import pytest
from django.apps import apps
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import translation

from actions import catalogue
from allyship.database import grants
from reports.imports import work
from teams import account_mails
from teams.models import Role
from tests import logs, processes
from tests.acting import as_worker
from tests.factories import make_agency, make_team, make_worker

# A slow machine draws the same examples and checks as much; what must be quick says so itself.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The server goes with the run, and its databases with it."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """With the rights of each role, as `manage.py prepare` gives them."""
    with django_db_blocker.unblock():
        grants.apply()


@pytest.fixture(scope="session", autouse=True)
def imports_are_jobs():
    """Whoever calls it, the job of an import has the rights of the worker's role."""
    work.work = as_worker(work.work)


def pytest_collection_modifyitems(items):
    """What says of itself that it takes long comes first, so that no process is still at it when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(scope="session")
def log_reader():
    """Reads every line that this process would write."""
    reader = logs.Reader()
    logging.getLogger().addHandler(reader)
    yield reader
    logging.getLogger().removeHandler(reader)


@pytest.fixture(autouse=True)
def log_tells_no_text(log_reader):
    """Whatever a test is about: no line that it brings about carries a text, an address or a secret link."""
    if log_reader not in logging.getLogger().handlers:  # a test that ran manage.py set the logging up anew
        logging.getLogger().addHandler(log_reader)
    yield
    assert log_reader.take() == {}


@pytest.fixture(autouse=True)
def broker_is_empty():
    """What a worker had not acknowledged when a test ended it would come to another test's worker, minutes later."""
    processes.broker().flushdb()


@receiver(post_migrate, sender=apps.get_app_config("actions"))
def load_catalogue(**_kwargs):
    """Once the tables are there, and again after each test with real transactions, which empties every table."""
    catalogue.load()


@pytest.fixture(autouse=True)
def language_stays_here():
    """A request leaves its reader's language behind in the thread."""
    with translation.override(translation.get_language()):
        yield


@pytest.fixture
def mail_goes_at_once(monkeypatch):
    """Mail about accounts does not wait for the worker."""
    queue = account_mails.queue

    def queue_and_send(message):
        queue(message)
        as_worker(account_mails.send_due)()

    monkeypatch.setattr(account_mails, "queue", queue_and_send)


@pytest.fixture
def agency(db):
    return make_agency(name="Harbourside")


@pytest.fixture
def team(agency):
    return make_team(agency, "Intake")


@pytest.fixture
def alice(team):
    return make_worker(team.agency, "Alice Member", teams=[team])


@pytest.fixture
def bob(team):
    return make_worker(team.agency, "Bob Mate", teams=[team])


@pytest.fixture
def sana(team):
    return make_worker(team.agency, "Sana Supervisor", teams=[team], role=Role.SUPERVISOR)


@pytest.fixture
def lead(agency):
    """The equity lead of alice's agency, in no team."""
    return make_worker(agency, "Lea Lead", is_equity_lead=True)


@pytest.fixture
def other_team(db):
    return make_team(make_agency(name="Elsewhere"), "Outreach")


@pytest.fixture
def charlie(other_team):
    """Of another agency: must see nothing of the others."""
    return make_worker(other_team.agency, "Charlie Outsider", teams=[other_team])
