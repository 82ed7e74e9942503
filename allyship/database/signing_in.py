"""A public installation's processes sign in to the database as their own roles, or do not serve."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

WHO = """
    SELECT current_user, rolsuper OR rolbypassrls OR pg_has_role(role.oid, datdba, 'MEMBER')
    FROM pg_roles role, pg_database WHERE rolname = current_user AND datname = current_database()
"""


def require(role: str) -> None:
    """ImproperlyConfigured where this process is somebody else in the database, or may do all there.

    Asked at once, or, while the database is away, of its first connection. Not asked on a machine where one tries
    things out.
    """
    if settings.ON_LOOPBACK:
        return

    def ask(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
        name, may_do_all = connection.connection.execute(WHO).fetchone()
        if (name, may_do_all) != (role, False):
            connection.close()
            raise ImproperlyConfigured(
                f"This process must sign in to the database as {role}, which owns nothing; its DATABASE_URL is that of "
                f"{name} (docs/operator.md)."
            )
        connection_created.disconnect(ask)

    connection_created.connect(ask, weak=False)
    with suppress(OperationalError):
        connection.ensure_connection()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # processes that are forked from this one open their own
