"""Write docs/permissions.md from the table that the sweeps walk (script/permissions)."""

import os
import re
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import django
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.sweeps.table import GET, OBJECTS, POST, ROLES, Row, readers, rows  # noqa: E402 (found by the line above)

PAGE = ROOT / "docs/permissions.md"
ON_GET = {
    "200": "sees",
    "302": "sent on",
    "403": "not allowed",
    "404": "not found",
    "405": "-",
    "410": "too late",
    "422": "error",
    "503": "sees",
    "login": "sign-in",
}
ON_POST = {**ON_GET, "200": "may", "204": "may", "302": "may", "409": "too late", "422": "may"}
HEAD = """\
# Who sees and does what

Made by `script/permissions` from `tests/sweeps/table.py`; change it there. The tests walk every address below as
everybody in this list, in English and in French, and fail where one answers otherwise, or where an address is missing.
"""
WORDS = """\
What the words mean: *sees*, the page or the file; *may*, the change is made, or the form asks for what is still
missing; *not found*, the same page as for an address that leads nowhere, so that nobody learns what there is;
*sign-in*, the way to the sign-in page; *sent on*, to the page that fits; *error*, the page, saying what is wrong with
the question; *too late*, it was answered before or is over; *-*, it is not for reading, only for changing.
"""
PLANTED = """\
Texts planted in all rows of two agencies, and who meets them anywhere on this walk, in a page or in a file. Her own
name, which the menu shows to each, is left aside.
"""
THEIRS = """\
Every address that names an object is also asked for with the same object of another agency. It is found by nobody but
that agency's own worker, who gets what Alice gets here. A page never writes: reading changes no row.
"""


def text() -> str:
    """The whole page."""
    parts = [
        HEAD,
        "## The people\n",
        table(["who", "is"], [[role, who] for role, who in ROLES.items()]),
        "## Reading\n",
        WORDS,
        THEIRS,
        *by_section(rows(GET), ON_GET),
        "## Changing\n",
        *by_section(rows(POST), ON_POST),
        "## What each of them can read\n",
        PLANTED,
        *texts(),
    ]
    return "\n".join(parts)


def by_section(found: Iterable[Row], words: dict[str, str]) -> Iterable[str]:
    routes = dict(routes_of(get_resolver()))
    for section, group in groupby(found, key=lambda row: row.section):
        yield f"### {section}\n"
        lines = [[f"`{address(row, routes)}`", OBJECTS.get(row.object, ""), *cells(row, words)] for row in group]
        yield table(["address", "of", *ROLES], lines)


def cells(row: Row, words: dict[str, str]) -> list[str]:
    return [words[row.cells[role]] for role in ROLES]


def address(row: Row, routes: dict[str, str]) -> str:
    """As the address bar shows it: a key as …, and what the row itself says as it says it."""
    route = routes[row.name]
    for key, value in row.literals.items():
        route = re.sub(rf"<(\w+:)?{key}>", value, route)
    return re.sub(r"<[^>]+>", "…", f"/{route}{row.query}")


def routes_of(resolver: URLResolver, before: str = "", namespace: str = "") -> Iterable[tuple[str, str]]:
    """Name and route of every address; a route written as a regular expression is shown with its groups as keys."""
    for pattern in resolver.url_patterns:
        route = before + re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", route
        else:
            yield from routes_of(pattern, route, f"{pattern.namespace}:" if pattern.namespace else namespace)


def texts() -> Iterable[str]:
    for section, group in groupby(readers().items(), key=lambda item: item[1][0]):
        yield f"### {section}\n"
        yield table(
            ["text", *ROLES],
            [[what, *("reads" if role in roles else "-" for role in ROLES)] for what, (_, roles) in group],
        )


def table(head: list[str], lines: Iterable[list[str]]) -> str:
    printed = [head, ["---"] * len(head), *lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in printed)


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        PAGE.write_text(text())
        return 0
    if PAGE.exists() and PAGE.read_text() == text():
        return 0
    print(f"{PAGE.relative_to(ROOT)} is out of date: run script/permissions.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")
    os.environ.setdefault("SECRET_KEY", "nothing is signed here")
    django.setup()
    sys.exit(main(sys.argv[1:]))
