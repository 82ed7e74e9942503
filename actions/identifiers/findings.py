"""What a finding is, what it asks for, and how findings that overlap are settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """What a finding asks for, in rising order: nothing, a word of advice, a confirmation, another wording."""

    PASS = "pass"  # noqa: S105, no password
    HINT = "hint"
    WARN = "warn"
    BLOCK = "block"

    # A StrEnum compares as text ("block" < "hint"); these compare by severity instead.
    def __lt__(self, other: str) -> bool:
        return _SEVERITY[self] < _SEVERITY[Level(other)]

    def __le__(self, other: str) -> bool:
        return _SEVERITY[self] <= _SEVERITY[Level(other)]

    def __gt__(self, other: str) -> bool:
        return _SEVERITY[self] > _SEVERITY[Level(other)]

    def __ge__(self, other: str) -> bool:
        return _SEVERITY[self] >= _SEVERITY[Level(other)]


_SEVERITY = {member: rank for rank, member in enumerate(Level)}

_A_PERSON = _("a parent, a youth, a family")
_NOTHING = _("leave it out")

# kind: (why it was found, what to write instead)
EXPLAINED: dict[str, tuple[Promise, Promise]] = {
    "sin": (_("This looks like a social insurance number."), _NOTHING),
    "health_card": (_("This looks like a health card number."), _NOTHING),
    "payment_card": (_("This looks like the number of a bank or credit card."), _NOTHING),
    "id_number": (_("This looks like the number of a licence, a status card or another document."), _NOTHING),
    "case_number": (_("This looks like a case, file or court number."), _("“a file”, without its number")),
    "long_number": (_("This long number could belong to one person."), _NOTHING),
    "phone": (_("This looks like someone's phone number."), _("“by phone”")),
    "email": (_("This looks like someone's e-mail address."), _("“by e-mail”")),
    "handle": (_("This looks like someone's account on a social network."), _("“by message”")),
    "postal_code": (_("This looks like a postal code."), _("“in our area”")),
    "address": (_("This looks like an address."), _("“at home”, “at a shelter”")),
    "birth_date": (_("This looks like a date of birth."), _("“a young child”, “a teenager”")),
    "name": (_("This looks like a person's name."), _A_PERSON),
    "initials": (_("These look like a person's initials."), _A_PERSON),
    "age": (_("An age, together with a place or a community, can point to one child."), _("“a young child”")),
    "url": (_("A link can lead to a person; check where it goes."), _NOTHING),
    "area": (_("The start of a rural postal code can point to a small place."), _("“in a rural area”")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the text, as offsets into the text as it was given. It never carries the words it was found in."""

    kind: str
    level: Level
    start: int
    end: int

    @property
    def reason(self) -> Promise:
        return EXPLAINED[self.kind][0]

    @property
    def suggestion(self) -> Promise:
        return EXPLAINED[self.kind][1]


def level(findings: Iterable[Finding]) -> Level:
    """The most severe level among the findings, PASS where there is none."""
    return max((finding.level for finding in findings), default=Level.PASS)


type Span = tuple[int, int]


class Hit(NamedTuple):
    """A finding in the making: its span counts in the normalised text."""

    kind: str
    level: Level
    span: Span


class Taken:
    """Which stretches of a text are spoken for."""

    def __init__(self, size: int) -> None:
        self.marks = bytearray(size)

    def add(self, span: Span) -> None:
        self.marks[span[0] : span[1]] = b"\x01" * (span[1] - span[0])

    def overlaps(self, span: Span) -> bool:
        return 1 in self.marks[span[0] : span[1]]


def settle(found: list[Finding]) -> list[Finding]:
    """Of findings that overlap, the most severe and then the longest stays; in the order of the text."""
    kept: list[Finding] = []
    taken = Taken(max((hit.end for hit in found), default=0))
    for hit in sorted(found, key=lambda f: (-_SEVERITY[f.level], f.start - f.end, f.start)):
        if not taken.overlaps((hit.start, hit.end)):
            taken.add((hit.start, hit.end))
            kept.append(hit)
    return sorted(kept, key=lambda f: f.start)
