import pytest

from tests.reports.imports.factories import make_admin


@pytest.fixture
def admin(agency):
    return make_admin(agency)
