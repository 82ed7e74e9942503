"""The cast: alice a member, bob her team mate, sana their supervisor, and charlie of another agency."""

import pytest
from django.apps import apps
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import translation

from actions import catalogue
from teams.models import Role
from tests.factories import make_agency, make_team, make_worker


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The server goes with the run, and its databases with it."""
    return True


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
