"""Who asks the database in a test: its owner makes the rows; requests run as the web's role, jobs as the worker's.

The roles are taken on and laid down beside Django, so that no test counts these statements. A plugin of pytest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any

import psycopg

OWNER = "none"


def pytest_configure():
    """Before anything of the app is imported by a test, so that all of them meet the roles."""
    from celery.app.task import Task
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    from allyship.database import roles

    request_finished.disconnect(close_old_connections)
    request_started.connect(lambda **_: _take_on(roles.WEB), weak=False)
    request_finished.connect(lambda **_: _take_on(OWNER), weak=False)
    request_finished.connect(close_old_connections)  # after the role was laid down
    Task.__call__ = as_worker(Task.__call__)


def as_worker[**P, R](job: Callable[P, R]) -> Callable[P, R]:
    """The same job with the rights of the worker's role."""

    @wraps(job)
    def run(*arguments: P.args, **named: P.kwargs) -> R:
        with acting_as_worker():
            return job(*arguments, **named)

    return run


@contextmanager
def acting_as_worker() -> Iterator[None]:
    """Inside, this thread has the rights of a job, and reads what a job reads."""
    from allyship.database import roles
    from teams import withheld

    before = _take_on(roles.WORKER)
    withheld.withhold()
    try:
        yield
    finally:
        withheld.hand_back()
        _take_on(before)


def _take_on(role: str) -> str:
    """Returns the role of before. A connection that broke, or waits for its rollback, is left as it is, and so is a
    test that has no database.
    """
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except (OperationalError, RuntimeError):
        return OWNER
    beneath: Any = connection.connection
    before: str = getattr(beneath, "acting_as", OWNER)
    with suppress(psycopg.errors.InFailedSqlTransaction, psycopg.OperationalError):
        beneath.execute(f"SET ROLE {role}")
        beneath.acting_as = role
    return before
