"""The cast: alice a member, bob her team mate, sana their supervisor, and charlie of another agency."""

import pytest
from django.utils import translation

from actions import catalogue
from actions.models import Practice
from teams.models import Role
from tests.factories import make_agency, make_team, make_worker


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        catalogue.load()


@pytest.fixture(autouse=True)
def catalogue_after_flush(request):
    """Tests with real transactions end by emptying every table, the catalogue's too; any test may come after one."""
    for name in ("transactional_db", "db"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
            if not Practice.objects.exists():
                catalogue.load()
            return


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
def other_team(db):
    return make_team(make_agency(name="Elsewhere"), "Outreach")


@pytest.fixture
def charlie(other_team):
    """Of another agency: must see nothing of the others."""
    return make_worker(other_team.agency, "Charlie Outsider", teams=[other_team])
