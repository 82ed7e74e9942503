"""Gives each role what `roles.RIGHTS` says, and takes away everything else; run by the owner after every migration."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from allyship.database import roles

ROLES_SQL = Path(__file__).with_name("roles.sql")
SERVED = f"{roles.WEB}, {roles.WORKER}, {roles.BACKUP}"

# Those of extensions belong to the server's superuser and are no secret.
OUR_FUNCTIONS = """
    SELECT f.oid::regprocedure::text FROM pg_proc f
    WHERE f.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = f.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
    ORDER BY 1
"""


class RolesMissing(Exception):
    """The server does not know the roles, and whoever asks may not make them."""


@transaction.atomic
def apply() -> None:
    """Bring the rights of this database up to the table; again, it changes nothing. RolesMissing says what to run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('allyship grants'))")
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)", [list(roles.ALL)])
        if cursor.fetchone()[0] < len(roles.ALL):
            raise RolesMissing(
                f"The server lacks some of the roles {', '.join(roles.ALL)}: run {ROLES_SQL.name} first."
            )
        cursor.execute(OUR_FUNCTIONS)
        functions = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT quote_ident(current_database())")
        for statement in _statements(cursor.fetchone()[0], functions):
            cursor.execute(statement)


def _statements(database: str, functions: list[str]) -> Iterator[str]:
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {SERVED}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {SERVED}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {SERVED}"
    yield f"GRANT USAGE ON SCHEMA public TO {SERVED}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {SERVED}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {SERVED}"
    for function in functions:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {SERVED}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {roles.BACKUP}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {roles.BACKUP}"
    for table, rights in roles.RIGHTS.items():
        for role, granted in ((roles.WEB, rights.web), (roles.WORKER, rights.worker)):
            if granted:
                yield f"GRANT {granted} ON {table} TO {role}"
    for function, callers in roles.CALLED.items():
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {', '.join(callers)}"
