"""Attacks on the record of changes by somebody who has taken over a process of the app."""

import os
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from pghistory.core import event_models
from psycopg import errors, sql

from teams.audit import hardening

SKIP = "public._pgtrigger_should_ignore"
PASSWORD = "of-the-intruder"
TABLES = sorted(model._meta.db_table for model in event_models())


@pytest.fixture(scope="module")
def intruder(django_db_setup, django_db_blocker):
    """A role that may more than any of the app's: every row of every table, and of event tables to read."""
    role = f"intruder_{uuid4().hex[:8]}"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = sql.Identifier(role)
        for statement in (
            "CREATE ROLE {} LOGIN PASSWORD 'of-the-intruder'",
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            cursor.execute(sql.SQL(statement).format(name))
        events = sql.SQL(", ").join(map(sql.Identifier, TABLES))
        cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(events, name))
        database = connection.settings_dict["NAME"]
        cursor.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(database), name))
    yield psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=database, user=role, password=PASSWORD)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP OWNED BY {}").format(name))
        cursor.execute(sql.SQL("DROP ROLE {}").format(name))
        connection.close()


@pytest.fixture
def attack(intruder):
    """A connection of hers; nothing that she does is committed."""
    with psycopg.connect(intruder) as connected:
        connected.execute(
            "INSERT INTO teams_agency (name, slug, language, time_zone, cadence, grace_days, reports_from,"
            " suggested_visibility, least_actions, least_authors, most_percent)"
            " VALUES ('Victim', 'victim', 'en', 'UTC', 'monthly', 7, '2026-01-01', 'shared', 5, 3, 70)"
        )
        yield connected
        connected.rollback()


def recorded(connected):
    return [name for (name,) in connected.execute("SELECT name FROM teams_agencyevent ORDER BY pgh_id")]


def test_her_changes_are_recorded_under_her_role(attack, intruder):
    [row] = attack.execute("SELECT name, pgh_role, pgh_created_at > now() - interval '1 hour' FROM teams_agencyevent")

    assert row == ("Victim", psycopg.conninfo.conninfo_to_dict(intruder)["user"], True)


@pytest.mark.parametrize(
    "setting",
    [
        "SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger), true)",
        "SELECT set_config('pgtrigger.ignore', '{pgtrigger_update_update_0}', false)",
        "SET LOCAL search_path = pg_temp, public",
        "SET LOCAL check_function_bodies = off",
    ],
)
def test_no_setting_of_hers_keeps_a_change_from_being_recorded(attack, setting):
    attack.execute("CREATE TEMP TABLE teams_agencyevent (LIKE public.teams_agencyevent)")
    attack.execute(setting)

    attack.execute("UPDATE public.teams_agency SET name = 'Changed'")

    assert attack.execute("SELECT count(*) FROM pg_temp.teams_agencyevent").fetchone() == (0,)
    told = attack.execute("SELECT name FROM public.teams_agencyevent ORDER BY pgh_id DESC LIMIT 1").fetchone()
    assert told == ("Changed",)


@pytest.mark.parametrize("table", TABLES)
def test_event_table_is_hers_to_read_and_no_more(attack, table):
    for change in (
        "DELETE FROM {}",
        "UPDATE {} SET pgh_label = 'insert'",
        "INSERT INTO {} (pgh_id) VALUES (uuidv7())",
        "TRUNCATE {}",
        "ALTER TABLE {} ADD COLUMN more text",
        "DROP TABLE {}",
        "CREATE TRIGGER mine BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
    ):
        with pytest.raises(errors.InsufficientPrivilege), attack.transaction():
            attack.execute(sql.SQL(change).format(sql.Identifier(table)))
    assert attack.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() is not None


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE teams_agency DISABLE TRIGGER ALL",
        "ALTER TABLE teams_agency DISABLE TRIGGER USER",
        "DROP TRIGGER {trigger} ON teams_agency",
        "ALTER FUNCTION public.{trigger}() SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION public.{trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "DROP FUNCTION public.{trigger}() CASCADE",
        (
            "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean"
            " LANGUAGE sql AS 'SELECT true'"
        ),
        "CREATE FUNCTION public._pgtrigger_should_ignore(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "GRANT INSERT ON teams_agencyevent TO PUBLIC",
        "CREATE TABLE public.mine ()",
        "COPY teams_agencyevent TO PROGRAM 'true'",
    ],
)
def test_she_cannot_take_the_triggers_away(attack, change):
    [trigger] = attack.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'teams_agency'::regclass AND tgname LIKE 'pgtrigger_update%'"
    ).fetchone()
    [owner] = attack.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'teams_agencyevent'").fetchone()

    before = recorded(attack)
    try:
        with attack.transaction():
            attack.execute(sql.SQL(change.format(trigger=trigger, owner=owner)))
    except errors.InsufficientPrivilege:
        refused = True
    else:  # PostgreSQL only warns where a GRANT has nothing to give
        refused = change.startswith("GRANT")
    attack.execute("UPDATE teams_agency SET name = 'Changed'")

    assert refused
    assert recorded(attack) == [*before, "Changed"]
    assert not attack.execute("SELECT has_table_privilege('teams_agencyevent', 'INSERT')").fetchone()[0]


def test_she_can_name_somebody_else_but_neither_another_role_nor_another_time(attack, intruder):
    """What the app tells of who was signed in is the app's word; the database's own is beside it."""
    attack.execute("SELECT set_config('pghistory.context_metadata', '{\"by\": \"somebody else\"}', true)")
    attack.execute("UPDATE teams_agency SET name = 'Changed'")

    [row] = attack.execute("SELECT pgh_context ->> 'by', pgh_role FROM teams_agencyevent WHERE name = 'Changed'")
    assert row == ("somebody else", psycopg.conninfo.conninfo_to_dict(intruder)["user"])


@pytest.mark.django_db
def test_every_trigger_function_is_the_owners_with_a_fixed_search_path():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE prosecdef AND proconfig = ARRAY['search_path=public, pg_temp']"
            " AND proowner = (SELECT relowner FROM pg_class WHERE oid = tgrelid))"
            " FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname LIKE 'pgtrigger\\_%'"
        )
        found, hardened = cursor.fetchone()
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        sources = cursor.fetchall()

    assert (found > 50, found - hardened) == (True, 0)
    assert sources == [(" BEGIN RETURN false; END ",)]


@pytest.mark.django_db
def test_what_a_migration_installs_anew_is_hardened_again():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgfoid::regprocedure::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_update%' LIMIT 1"
        )
        [function] = cursor.fetchone()
        cursor.execute(f"ALTER FUNCTION {function} SECURITY INVOKER RESET search_path")

        hardening.after_migrating()

        cursor.execute("SELECT prosecdef, proconfig FROM pg_proc WHERE oid = %s::regprocedure", [function])
        assert cursor.fetchone() == (True, ["search_path=public, pg_temp"])
