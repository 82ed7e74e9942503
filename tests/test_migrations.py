"""Migrations keep an installation in use while they run: docs/upgrading.md says how."""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from allyship.management.commands import prepare
from tests.migrations import BEFORE_THE_FIRST_INSTALLATION, dangers

CHECK = models.CheckConstraint(condition=models.Q(hours__gte=0), name="hours_from_zero")
INDEX = models.Index(fields=["hours"], name="by_hours")


def migration(*operations, **attributes):
    return type("Migration", (migrations.Migration,), {"operations": operations, **attributes})("0009_x", "actions")


def test_no_migration_stops_an_installation_that_is_in_use():
    """Where this fails: do it another way, or say in the migration's `while_in_use` why it does no harm."""
    found = {
        f"{app}.{name}": dangerous
        for (app, name), each in MigrationLoader(None).disk_migrations.items()
        if app in BEFORE_THE_FIRST_INSTALLATION
        and int(name[:4]) > BEFORE_THE_FIRST_INSTALLATION[app]
        and (dangerous := dangers(each))
    }
    assert found == {}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("action", "mood", models.TextField(default="")),
        migrations.AddField("action", "key", models.TextField(null=True, unique=True)),
        migrations.AddIndex("action", INDEX),
        migrations.AddConstraint("action", CHECK),
        migrations.AlterField("action", "hours", models.IntegerField()),
        migrations.RemoveField("action", "hours"),
        migrations.RenameField("action", "hours", "time"),
        migrations.RenameModel("Action", "Deed"),
        migrations.DeleteModel("Action"),
        migrations.RunSQL("LOCK TABLE actions_action"),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("SELECT 1")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_may_stop_it_is_found_unless_the_migration_says_why_not(operation):
    assert list(dangers(migration(operation))) == [operation.describe()]
    assert dangers(migration(operation, while_in_use="The table is empty until the next version.")) == {}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("action", "mood", models.TextField(null=True)),
        migrations.AddField("action", "mood", models.TextField(db_default="")),
        AddIndexConcurrently("action", INDEX),
        AddConstraintNotValid("action", CHECK),
        migrations.AlterModelOptions("action", {"ordering": ["pk"]}),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("action", "hours")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_does_no_harm_passes(operation):
    assert dangers(migration(operation)) == {}


def test_a_table_of_the_same_migration_may_be_given_what_it_needs():
    new = migrations.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True))])
    assert dangers(migration(new, migrations.AddIndex("mood", INDEX))) == {}


@pytest.mark.django_db(transaction=True)
def test_prepare_does_not_wait_for_a_lock_behind_which_everybody_waits(monkeypatch):
    """It lets go after a few seconds, and tries again."""
    tried = []

    def migrate(*_names, **_options):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            tried.append(cursor.fetchone()[0])
        if len(tried) < 3:
            raise prepare.OperationalError from prepare.LockNotAvailable()

    monkeypatch.setattr(prepare, "call_command", migrate)
    monkeypatch.setattr(prepare, "AGAIN_AFTER", 0)
    prepare.migrate()

    assert tried == ["5s", "5s", "5s"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
