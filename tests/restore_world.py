"""What the drill of a restore does in processes of its own: makes data, writes under load, and looks at what is there."""

import json
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from actions import reflections  # noqa: E402
from actions.models import Reflection  # noqa: E402
from reports.models import Heartbeat  # noqa: E402
from teams.models import Worker  # noqa: E402
from tests.factories import PASSWORD, make_action, make_agency, make_team, make_worker  # noqa: E402

TEXT = "What I held back, and why."
TRIGGERS = (
    "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
)
FUNCTIONS = """
    SELECT oid::regprocedure::text, md5(prosrc), proacl::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace ORDER BY 1
"""
GRANTS = """
    SELECT relname, relacl::text, (SELECT string_agg(attname || attacl::text, ',' ORDER BY attname)
        FROM pg_attribute WHERE attrelid = pg_class.oid AND attacl IS NOT NULL)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1
"""


def make() -> None:
    """A worker who wrote a reflection, and actions of hers."""
    team = make_team(make_agency(name="Harbourside"), "Intake")
    alice = make_worker(team.agency, "Alice", email="alice@agency.example", password=PASSWORD, teams=[team])
    for _ in range(50):
        make_action(alice, team=team)
    reflections.write(Reflection(), TEXT, by=alice)


def write() -> None:
    """Row after row, and a line for each that the database has promised to keep."""
    alice = Worker.objects.get(email="alice@agency.example")
    while True:
        make_action(alice, done_on=timezone.localdate())
        print(time.time(), flush=True)
        time.sleep(0.02)


def look() -> None:
    """Counts, checksums and the rest, and whether alice can sign in and read her reflection."""
    settings.ALLOWED_HOSTS = ["testserver"]
    alice = Worker.objects.get(email="alice@agency.example")
    seen = {
        "tables": {
            table: checksum(table) for (table,) in asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        },
        "triggers": asked(TRIGGERS),
        "functions": asked(FUNCTIONS),
        "grants": asked(GRANTS),
        "actions": [moment.timestamp() for (moment,) in asked("SELECT created_at FROM actions_action ORDER BY 1")],
        "reflection": reflections.opened(Reflection.objects.get()).text,
        "beats": Heartbeat.objects.count(),
    }
    with transaction.atomic():  # a look changes nothing
        signed_in = Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
        transaction.set_rollback(True)
    print(json.dumps(seen | {"signed_in": signed_in.status_code}))


def checksum(table):
    return asked(f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t")[0]


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


if __name__ == "__main__":
    {"make": make, "write": write, "look": look}[sys.argv[1]]()
