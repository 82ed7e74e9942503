"""Asking for one address of the table as one person, and what is to be known about the answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from allyship.logs import Lines
from teams.models import Worker
from tests.factories import practice
from tests.sweeps.table import Row
from tests.sweeps.world import World

SAVEPOINTS = {"SAVEPOINT", "RELEASE", "ROLLBACK"}


@dataclass
class Visit:
    """One answer, and the SQL statements that it took."""

    response: HttpResponse
    statements: list[str]

    @property
    def told(self) -> str:
        """The status as the table writes it."""
        if self.response.status_code in {302, 307} and self.response.url.startswith(f"{reverse('account_login')}?"):
            return "login"
        return str(self.response.status_code)

    @property
    def text(self) -> str:
        """Of a zip or a spreadsheet, what stands in its files."""
        content: bytes = self.response.content
        if not content.startswith(b"PK"):
            return content.decode()
        with ZipFile(BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())

    @property
    def is_html(self) -> bool:
        return self.response["Content-Type"].startswith("text/html") and bool(self.response.content)

    @property
    def queries(self) -> int:
        """Without savepoints, and without the cache: a picture that was drawn before costs fewer."""
        return len([sql for sql in self.statements if sql.split()[0] not in SAVEPOINTS and '"django_cache"' not in sql])

    @property
    def written(self) -> list[str]:
        """Statements that write or lock; sessions and the cache are not the app's data."""
        changing = [
            sql for sql in self.statements if sql.lstrip("(").split()[0] not in SAVEPOINTS | {"SELECT"} or _locks(sql)
        ]
        return [sql for sql in changing if '"teams_session"' not in sql and '"django_cache"' not in sql]


def _locks(sql: str) -> bool:
    return " FOR UPDATE" in sql or "pg_advisory" in sql


@dataclass
class Walker:
    """Goes from address to address as any person of the world; nothing that is done there stays."""

    world: World
    language: str
    client: Client = field(default_factory=Client)
    sessions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Worker.objects.update(language=self.language[:2])

    def visit(
        self, role: str, row: Row, /, *, method: str = "get", objects: dict[str, Any] | None = None, **data: Any
    ) -> Visit:
        """Ask for the address of the row as that role, with `objects` of ours or of charlie's agency."""
        address = address_of(row, objects or self.world.objects)
        self.be(role)
        with transaction.atomic():
            with recorded() as statements:
                response = getattr(self.client, method)(address, data, headers={"accept-language": self.language})
            transaction.set_rollback(True)
        return Visit(response, statements)

    def be(self, role: str) -> None:
        """Turn into the person: in a browser that is new but for her session."""
        self.client.cookies = SimpleCookie()
        if role != "anonymous":
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session(role)

    def session(self, role: str) -> str:
        if role not in self.sessions:
            self.client.force_login(self.world.people[role])
            self.sessions[role] = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[role]


def address_of(row: Row, objects: dict[str, Any]) -> str:
    keys = [objects[row.object]] if row.object else []
    return reverse(row.name, args=[*keys, *row.literals.values()]) + row.query.format(
        practice=practice().pk, person=objects["person"]
    )


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The statements that the database is sent meanwhile, savepoints included."""
    statements: list[str] = []

    def record(execute, sql, params, many, context):
        statements.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield statements


@contextmanager
def logged() -> Iterator[list[str]]:
    """What is logged meanwhile, as it would be written, whatever its level; nothing else gets it."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(Lines().format(record))

    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers, root.level = [Kept()], logging.DEBUG
    try:
        yield lines
    finally:
        root.handlers, root.level = handlers, level


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """The name of every address of the app."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, namespace + inner)
        else:
            yield f"{namespace}{pattern.name}"
