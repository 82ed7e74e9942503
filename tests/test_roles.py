"""The catalogue of the database says what allyship/database/roles.py says, and what was withheld is refused."""

import os
import re
import subprocess
import sys
from collections import defaultdict

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from allyship.database import grants, roles
from tests import processes

pytestmark = pytest.mark.django_db

SERVED = (roles.WEB, roles.WORKER, roles.BACKUP)
OF_TABLES = """
    SELECT relname, '', rolname, privilege_type FROM pg_class, aclexplode(relacl), pg_roles
    WHERE relnamespace = 'public'::regnamespace AND pg_roles.oid = grantee AND grantee <> relowner AND relkind IN ('r', 'p', 'v')
    UNION
    SELECT relname, attname, rolname, privilege_type
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl), pg_roles
    WHERE relnamespace = 'public'::regnamespace AND pg_roles.oid = grantee AND grantee <> relowner
"""


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def done(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def found():
    """By role and table the rights that the catalogue has, columns as `column:RIGHT`."""
    rights = defaultdict(set)
    for table, column, role, right in asked(OF_TABLES):
        rights[role, table].add(f"{column}:{right}" if column else right)
    return dict(rights)


def written():
    """The same of the table in the code."""
    rights = defaultdict(set)
    for table, each in roles.RIGHTS.items():
        for role, granted in zip((roles.WEB, roles.WORKER), each, strict=True):
            for right, columns in re.findall(r"([A-Z]+)(?: \(([^)]+)\))?", granted):
                rights[role, table] |= {f"{name}:{right}" for name in columns.split(", ")} if columns else {right}
        rights[roles.BACKUP, table] = {"SELECT"}
    return dict(rights)


def test_every_table_has_its_line():
    tables = {name for (name,) in asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if _is_ours(model._meta)}
    assert tables == set(roles.RIGHTS)
    assert models - tables == set()


def _is_ours(meta):
    return meta.managed and not meta.proxy


def test_catalogue_has_the_rights_that_are_written():
    assert found() == written()


def test_nobody_else_has_any_right():
    assert (
        asked(
            "SELECT relname FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace AND grantee = 0"
        )
        == []
    )
    assert asked("SELECT 1 FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'public' AND grantee = 0") == []
    assert (
        asked("SELECT 1 FROM pg_database, aclexplode(datacl) WHERE datname = current_database() AND grantee = 0") == []
    )


def test_functions_are_called_by_those_who_write_alone():
    callers = defaultdict(set)
    for name in [name for (name,) in asked(grants.OUR_FUNCTIONS)]:
        for role in (*SERVED, "public"):
            if asked("SELECT has_function_privilege(%s, %s, 'EXECUTE')", role, name) == [(True,)]:
                callers[name].add(role)
    assert callers == {re.sub(r", ", ",", name): set(given) for name, given in roles.CALLED.items()}


def test_roles_may_nothing_beyond_their_tables():
    asked_of = (
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolcanlogin FROM pg_roles"
    )
    each = asked(f"{asked_of} WHERE rolname LIKE 'allyship%%' ORDER BY rolname")
    assert each == [(role, *[False] * 4, role == roles.BACKUP, True) for role in sorted(roles.ALL)]
    for role in SERVED:
        assert asked("SELECT has_schema_privilege(%s, 'public', 'CREATE')", role) == [(False,)]
        assert asked("SELECT has_database_privilege(%s, current_database(), 'CREATE, TEMPORARY')", role) == [(False,)]


def test_statements_of_roles_end():
    rows = asked("SELECT setrole::regrole::text, setconfig FROM pg_db_role_setting WHERE setdatabase = 0 ORDER BY 1")
    assert dict(rows) == {
        roles.BACKUP: [
            "default_transaction_read_only=on",
            "lock_timeout=3s",
            "idle_in_transaction_session_timeout=15s",
        ],
        roles.WEB: ["statement_timeout=20s", "lock_timeout=3s", "idle_in_transaction_session_timeout=15s"],
        roles.WORKER: ["statement_timeout=60s", "lock_timeout=3s", "idle_in_transaction_session_timeout=60s"],
    }


def test_granting_again_changes_nothing_and_takes_back_what_somebody_added():
    before = found()
    done("GRANT DELETE ON actions_action TO allyship_web")
    assert found() != before
    grants.apply()
    grants.apply()
    assert found() == before


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (roles.WEB, "DELETE FROM actions_action"),
        (roles.WEB, "TRUNCATE actions_draft"),
        (roles.WEB, "UPDATE reports_teamsummary SET figures = '{}'"),
        (roles.WEB, "CREATE TABLE mine (id int)"),
        (roles.WEB, "CREATE TEMPORARY TABLE mine (id int)"),
        (roles.WEB, "ALTER TABLE actions_action DISABLE TRIGGER ALL"),
        (roles.WEB, "DROP FUNCTION actions_check_communities(smallint[], uuid)"),
        (roles.WEB, "SET ROLE allyship_owner"),
        (roles.WORKER, "SELECT ciphertext FROM actions_reflection"),
        (roles.WORKER, "SELECT * FROM actions_reflection"),
        (roles.WORKER, "UPDATE actions_reflection SET ciphertext = ''"),
        (roles.WORKER, "SELECT ciphertext FROM actions_draft"),
        (roles.WORKER, "SELECT data FROM mfa_authenticator"),
        (roles.WORKER, "DELETE FROM mfa_authenticator"),
        (roles.WORKER, "SELECT session_key FROM teams_session"),
        (roles.WORKER, "SELECT session_data FROM teams_session"),
        (roles.WORKER, "SELECT password FROM teams_worker"),
        (roles.WORKER, "UPDATE teams_worker SET password = ''"),
        (roles.WORKER, "SELECT calendar_key FROM teams_worker"),
        (roles.WORKER, "UPDATE reports_teamsummary SET figures = '{}'"),
        (roles.BACKUP, "DELETE FROM actions_action"),
        (roles.BACKUP, "INSERT INTO reports_heartbeat (job, last_success) VALUES ('x', now())"),
    ],
)
def test_what_a_role_does_not_need_is_refused(role, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():  # noqa: SIM117
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL SESSION AUTHORIZATION {role}")
            cursor.execute(statement)


# At the start of a process ----------------------------------------------------------------------------------------


def started_as(who, role):
    """How a public installation's process ends that must be `role` and has the DATABASE_URL of `who`, and its last word."""
    environment = os.environ | {
        "DATABASE_URL": processes.signed_in_as(who),
        "SITE_URL": "https://allyship.example",
        "SECRET_KEY": "0123456789abcdef" * 4,
        "TRUSTED_PROXY_COUNT": "1",
        "REFLECTION_KEYS": "k1:" + "A" * 43 + "=",
    }
    start = {
        roles.WEB: "import allyship.wsgi",
        roles.WORKER: "import allyship.celery as c; from celery.signals import worker_init; worker_init.send(None)",
    }
    command = [sys.executable, "-c", f"import django; django.setup(); {start[role]}"]
    ended = subprocess.run(
        command,
        env=environment | {"DJANGO_SETTINGS_MODULE": "allyship.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, (ended.stderr.splitlines() or [""])[-1]


@pytest.mark.parametrize("role", [roles.WEB, roles.WORKER])
def test_process_in_its_own_role_starts(role, transactional_db):
    assert started_as(role, role)[0] == 0


@pytest.fixture
def owned(transactional_db):
    """The database belongs to the owner's role, as in an installation."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    done(f"ALTER DATABASE {name} OWNER TO {roles.OWNER}")
    yield
    done(f"ALTER DATABASE {name} OWNER TO CURRENT_USER")


@pytest.mark.parametrize(
    ("who", "role"), [("postgres", roles.WEB), (roles.OWNER, roles.WEB), (roles.WEB, roles.WORKER)]
)
def test_process_in_another_role_does_not_start(who, role, owned):
    code, said = started_as(who, role)
    assert code == 1
    assert said.rpartition(": ")[2] == (
        f"This process must sign in to the database as {role}, which owns nothing; its DATABASE_URL is that of "
        f"{who} (docs/operator.md)."
    )
