"""What only one process may do at a time."""

from django.db import connection

TICK = 7_301_146_501  # any number, the same in every process


def take_tick() -> bool:
    """Whether this transaction may do the work of a tick: no other does, until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TICK])
        taken: bool = cursor.fetchone()[0]
    return taken
