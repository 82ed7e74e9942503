"""docs/several-machines.md says of every table where it would live among many machines."""

import importlib.util

from django.conf import settings
from django.db import connection

from actions.models import Action

_spec = importlib.util.spec_from_file_location("tables_page", settings.BASE_DIR / "script/tables_page.py")
tables_page = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables_page)

# Of Django itself, and copied nowhere.
OWN = {"django_migrations", "django_cache"}


def test_guide_is_up_to_date():
    """Where this fails: script/tables, and look whether what it says of the new table is meant."""
    guide = tables_page.PAGE.read_text()
    assert guide == tables_page.page(guide)


def test_guide_has_every_table_of_the_database(db):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - OWN
    assert {row[0].strip("`") for row in tables_page.rows()} == tables


def test_reference_without_the_agency_is_found(monkeypatch):
    assert list(tables_page.references_to_change(Action)) == []
    monkeypatch.setattr(Action._meta, "constraints", [])

    assert list(tables_page.references_to_change(Action)) == ["team_id", "related_id"]
