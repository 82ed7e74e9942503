"""Somebody who sends what no page of ours would, and what became of the database.

The world, its people and the table of addresses are those of tests/sweeps; here are requests that no browser makes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import connection, transaction
from django.forms import BaseForm
from django.test import Client

from tests.sweeps.table import GET, ROLES, Row, rows
from tests.sweeps.test_forms import FORMS, Served
from tests.sweeps.walk import Visit, Walker, address_of, recorded
from tests.sweeps.world import World

# Counts of guesses and of visits, and who is signed in where: written by design, also where a request is refused.
ASIDE = {"django_cache", "django_migrations", "teams_guesscount", "teams_session"}
FORM = "application/x-www-form-urlencoded"
WITHIN = {"200", "302", "409", "422"}

type State = dict[str, tuple[int, str]]  # of each table: how many rows, and a digest of all that they say
type Contents = dict[str, dict[str, dict[str, Any]]]  # of each table its rows by key


@dataclass
class Strike(Visit):
    """One answer, and which tables say something else than before it."""

    changed: set[str] = field(default_factory=set)
    became: Contents = field(default_factory=dict)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def fault(self) -> str:
        """What is wrong whoever sent whatever: an error of ours, or something written although it was refused.

        A job that is late is told by 503.
        """
        if self.status >= 500 and self.status != 503:
            return f"{self.status}"
        return f"{self.status}, and wrote {sorted(self.changed)}" if self.is_refused and self.changed else ""

    @property
    def is_refused(self) -> bool:
        """By its status; or by a form that comes back with what is wrong, as a 200 from the library of the sign-in pages."""
        context = self.response.context or []
        pages = context if isinstance(context, list) else [context]
        shown = [value for page in pages for value in page.flatten().values() if isinstance(value, BaseForm)]
        return self.status >= 400 or any(form.is_bound and form.errors for form in shown)


class Attacker:
    """Any person of the world, or nobody; whatever is done is looked at, and then taken back."""

    sent: ClassVar[int] = 0  # by all of them, in this process

    def __init__(self, world: World, *, with_token: bool = False) -> None:
        client = Client(raise_request_exception=False, enforce_csrf_checks=with_token)
        self.world, self.walker = world, Walker(world, "en-ca", client=client)
        self.before: State = {}
        self.signed_in = 0  # how many were when it was looked at

    def address(self, row: Row, objects: dict[str, Any] | None = None) -> str:
        return address_of(row, objects or self.world.objects)

    def row(self, name: str) -> Row:
        """The row of the table that is called so."""
        return next(row for row in rows(GET) if str(row) == name)

    def form_of(self, name: str) -> BaseForm:
        """A form that FORMS knows, as the first page that serves it has it."""
        return served(self.walker, name).form

    def strike(
        self,
        role: str,
        method: str,
        at: str | Row,
        data: Any = None,
        *,
        objects: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        looks: bool = False,
        **extra: Any,
    ) -> Strike:
        """Send it as that role; `data` as the test client takes it, text and bytes with a content_type.

        `looks`: read all rows of what was changed.
        """
        Attacker.sent += 1
        address = self.address(at, objects) if isinstance(at, Row) else at
        self.walker.be(role)
        if not self.before or len(self.walker.sessions) > self.signed_in:  # signing in has written
            self.before, self.signed_in = state(), len(self.walker.sessions)
        with transaction.atomic():
            with recorded() as statements:
                said = {"accept-language": "en-ca"} | dict(headers or {})
                if isinstance(data, bytes | str):
                    response = self.walker.client.generic(method.upper(), address, data, headers=said, **extra)
                else:
                    response = getattr(self.walker.client, method)(address, data, headers=said, **extra)
            now = state()
            changed = {name for name in now if now[name] != self.before[name]}
            became = contents(changed) if looks else {}
            transaction.set_rollback(True)
        return Strike(response, statements, changed, became)


def doors(table: str) -> Iterator[tuple[str, Row]]:
    """Each address once, with somebody whom it lets in; with alice where it lets in nobody."""
    seen = set()
    for row in rows(table):
        name = f"{row.name} {row.literals}"
        if name not in seen:
            seen.add(name)
            yield next((role for role in ["alice", *ROLES] if row.cells[role] in WITHIN), "alice"), row


def served(walker: Walker, name: str, at: str = "") -> Served:
    """The form on the page that is named, or on the first that serves it."""
    by_name = {str(row): row for row in rows(GET)}
    return Served(name, walker, by_name[at or FORMS[name].at[0]])


def every_form(walker: Walker) -> Iterator[Served]:
    """Every form that is posted, on every page that FORMS says serves it."""
    for name, form in FORMS.items():
        if not name.endswith("Filter"):
            yield from (served(walker, name, at) for at in form.at)


def state() -> State:
    """What every table says, in one statement."""
    with connection.cursor() as cursor:
        each = "SELECT '{0}', count(*), sum(hashtextextended(whole::text, 0))::text FROM {0} whole"
        cursor.execute(" UNION ALL ".join(each.format(name) for name in _tables()))
        return {name: (n, digest) for name, n, digest in cursor.fetchall()}


def _key_of(row: dict[str, Any]) -> str:
    """An event has the `id` of the row that it is about, which others have too."""
    return next(str(row[name]) for name in ("pgh_id", "id", "worker_id", "key") if name in row)


def contents(names: set[str]) -> Contents:
    """All rows of these tables."""
    found: Contents = {}
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f"SELECT row_to_json(whole)::text FROM {name} whole")
            rows = [json.loads(text) for (text,) in cursor.fetchall()]
            found[name] = {_key_of(row): row for row in rows}
    return found


_names: list[str] = []


def _tables() -> list[str]:
    if not _names:
        _names.extend(sorted(set(connection.introspection.table_names()) - ASIDE))
    return _names
