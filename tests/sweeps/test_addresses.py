"""Every address with everybody of two agencies: statuses, what is read, what every page must have, statements."""

import logging
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views import defaults

from teams.signing_in.typed import server_error
from tests import logs
from tests.sweeps.pages import faults, missing_headers, text_fields
from tests.sweeps.table import (
    FRAGMENTS,
    GET,
    NO_REFERRER,
    OBJECTS,
    ONE_CLICK,
    POST,
    ROLES,
    TEXT_FIELDS,
    Row,
    readers,
    rows,
)
from tests.sweeps.walk import Visit, Walker, addresses, logged
from tests.sweeps.world import grow

GETS, POSTS = rows(GET), rows(POST)
PUTS = {("put", "actions:receive")}
REFUSED = {"login", "403", "404", "405"}
OURS_ALONE = {"kinship", "kinship_action", "kinship_summary", "joint"}
pytestmark = pytest.mark.timeout(300)


@dataclass
class Findings:
    """What a walk of one role found: faults by address, texts that were read, and fields to type into."""

    walker: Walker
    role: str
    faults: dict[str, dict[str, object]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    text_fields: set[str] = field(default_factory=set)

    def note(self, kind: str, name: str, fault: object) -> None:
        self.faults.setdefault(kind, {})[name] = fault

    def look(self, name: str, row: Row, expected: str, visit: Visit) -> None:
        """At all that must hold of any answer, whoever gets it."""
        if visit.told != expected:
            self.note("status", name, f"{visit.told}, not {expected}")
        signed_in, no_referrer = self.role != "anonymous", row.name in NO_REFERRER
        if wrong := missing_headers(visit.response, signed_in=signed_in, no_referrer=no_referrer):
            self.note("headers", name, wrong)
        if visit.written and (name.startswith("get") or visit.told not in {"200", "302"}):
            self.note("written", name, visit.written)
        if visit.is_html and not (row.name in FRAGMENTS and visit.told == "200"):
            if wrong := faults(visit.text, language=self.walker.language):
                self.note("page", name, wrong)
            self.text_fields |= text_fields(visit.text)
        self.read |= self.texts_in(visit)

    def count(self, name: str, row: Row, visit: Visit) -> None:
        """The statements, which the table has for one role exactly, and for every other reader as the most."""
        is_counted = self.role == row.counted_role
        if (is_counted and visit.queries != row.queries) or (visit.told == "200" and visit.queries > row.queries):
            self.note("queries", name, f"{visit.queries}, not {row.queries}")

    def texts_in(self, visit: Visit) -> set[str]:
        """What the answer lets the role read, by the names of the table; headers are a part of it."""
        answer = f"{visit.text} {visit.response.headers}"
        own = f"the name of {self.role}"
        if reader := self.walker.world.people.get(self.role):
            answer = answer.replace(reader.email, "her own address")
        canaries = self.walker.world.canaries
        return {what for what, texts in canaries.items() if what != own and any(text in answer for text in texts)}


@pytest.mark.parametrize("role", ROLES)
def test_role_gets_what_the_table_says(world, role):
    texts = {text for text, (_, roles) in readers().items() if role in roles}
    with logged() as lines:
        few = walked(Walker(world, "en-ca"), role)
        grow(world)
        many = walked(Walker(world, "fr-ca"), role, wherever_let_in=True)

    assert few.faults == {}
    assert many.faults == {}
    assert (few.read, many.read - few.read) == (texts, set())
    assert (few.text_fields | many.text_fields) - set(TEXT_FIELDS) == set()
    assert lines_that_tell(lines, world) == {}


def walked(walker, role, *, wherever_let_in=False):
    """Every address as that role, with our objects and with those of charlie's agency; or only where it may go."""
    findings = Findings(walker, role)
    for method, table in (("get", GETS), ("post", POSTS)):
        for row in table:
            name = f"{method} {row}"
            if not (wherever_let_in and row.cells[role] in REFUSED):
                visit = walker.visit(role, row, method=method)
                findings.look(name, row, row.cells[role], visit)
                findings.count(name, row, visit)
            if row.object in walker.world.theirs and not wherever_let_in:
                visit = walker.visit(role, row, method=method, objects=walker.world.theirs)
                findings.look(f"{name} of theirs", row, row.cells_of_theirs[role], visit)
    return findings


def lines_that_tell(lines, world):
    """The lines that carry a text of the world, or anything else that no log may."""
    texts = [text for texts in world.canaries.values() for text in texts]
    wrong = {line: [text for text in texts if text in line] + logs.faults(line) for line in lines}
    return {line: found for line, found in wrong.items() if found}


def test_lines_of_the_log_are_seen(world):
    with logged() as lines:
        logging.getLogger("actions").debug("saved for %s", world.people["alice"].email)
        logging.getLogger("actions").debug(f"saved for {world.people['alice'].name}")  # noqa: G004 (as nobody should)

    (name,) = world.canaries["the name of alice"]
    assert lines_that_tell(lines, world) == {lines[1]: [name, "a canary"]}


# The table itself --------------------------------------------------------------------------------------------------


def test_table_knows_every_address(db):
    assert sorted({row.name for row in GETS}) == sorted(addresses())


def test_table_names_an_address_once():
    assert sorted(map(str, GETS)) == sorted(set(map(str, GETS)))
    assert sorted(map(str, POSTS)) == sorted(set(map(str, POSTS)))


def test_table_knows_every_address_that_takes_posts(world):
    walker = Walker(world, "en-ca")
    takes = {
        row.name
        for row in GETS
        for role in {"anonymous", "alice", "lead", "admin", row.counted_role}
        if told_to_post(walker, role, row) not in REFUSED
    }

    assert sorted(takes) == sorted({row.name for row in POSTS})


def told_to_post(walker, role, row):
    return walker.visit(role, row, method="post").told


def test_world_has_every_object_and_text_of_the_table(world):
    assert set(world.objects) == set(OBJECTS)
    assert set(world.theirs) == set(OBJECTS) - OURS_ALONE
    assert set(world.canaries) == set(readers())


# Other requests ----------------------------------------------------------------------------------------------------


def test_post_without_token_is_refused(world):
    walker = Walker(world, "en-ca", client=Client(enforce_csrf_checks=True))
    guarded = [row for row in POSTS if row.name not in ONE_CLICK]
    visits = {str(row): walker.visit("alice", row, method="post") for row in guarded}

    assert {row: visit.told for row, visit in visits.items()} == dict.fromkeys(map(str, guarded), "403")
    assert {row: visit.written for row, visit in visits.items() if visit.written} == {}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(world, method):
    walker = Walker(world, "en-ca")
    ours = [row for row in GETS if not row.name.startswith(("account_", "mfa_")) and (method, row.name) not in PUTS]

    assert {str(row): walker.visit("alice", row, method=method).told for row in ours} == dict.fromkeys(
        map(str, ours), "405"
    )


def test_entry_from_a_device_is_taken_from_workers_alone(world):
    (row,) = (row for row in GETS if ("put", row.name) in PUTS)
    visits = {role: Walker(world, "en-ca").visit(role, row, method="put") for role in ROLES}
    outside = {"anonymous": "login", "analyst": "404", "operator": "404"}

    assert {role: visit.told for role, visit in visits.items()} == dict.fromkeys(ROLES, "422") | outside
    assert [visit.written for visit in visits.values() if visit.written] == []
    careful = Walker(world, "en-ca", client=Client(enforce_csrf_checks=True))
    assert careful.visit("alice", row, method="put").told == "403"


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
@pytest.mark.parametrize("view", [defaults.permission_denied, defaults.page_not_found, server_error])
@pytest.mark.parametrize("method", ["get", "post"])
def test_error_pages_are_pages_like_any_other(rf, view, method, language):
    with translation.override(language):
        answer = view(getattr(rf, method)("/log/new/"), **({} if view is server_error else {"exception": Exception()}))

    assert faults(answer.text, language=language) == []


def test_reverse_of_closed_pages_fails():
    with pytest.raises(NoReverseMatch):
        reverse("account_email")
