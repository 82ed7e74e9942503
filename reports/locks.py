"""What only one process may do at a time."""

from uuid import UUID

from django.db import connection

TICK = 7_301_146_501  # any number, the same in every process
IMPORTS = 73_011


def take_tick() -> bool:
    """Whether this transaction may do the work of a tick: no other does, until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TICK])
        taken: bool = cursor.fetchone()[0]
    return taken


def take_import(agency_id: UUID) -> bool:
    """Whether this transaction may check, write or take back an import of the agency: no other does, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [IMPORTS, str(agency_id)])
        taken: bool = cursor.fetchone()[0]
    return taken
