"""What a quarter is made of: entries, the fixed menu of tables, and who made any set of entries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

TOTAL = "total"
TABLES = ("direction", "level", "kind", "community", "heard_back")
"""In the order of the page."""
MANY_COMMUNITIES = "more_than_one"
"""The cell of an action for several communities: tables add up."""

type Contributor = tuple[str, str]


class Key(NamedTuple):
    """One cell of one table."""

    table: str
    code: str


WHOLE = Key(TOTAL, TOTAL)
"""The total."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One action that counts in the quarter, in the six categories of the menu; a private one never comes here."""

    author: str
    agency: str
    visibility: str
    """ "shared" or "counted"."""
    direction: str
    level: str
    kind: str
    community: str
    heard_back: str

    def __post_init__(self) -> None:
        if self.visibility not in ("shared", "counted"):
            raise ValueError(f"Only shared and counted actions are added up, not {self.visibility!r} ones.")

    def key(self, table: str) -> Key:
        return Key(table, getattr(self, table))


@dataclass(frozen=True)
class Menu:
    """The cells of each table, in the catalogue's order, without those that the catalogue makes impossible."""

    direction: tuple[str, ...]
    level: tuple[str, ...]
    kind: tuple[str, ...]
    community: tuple[str, ...]
    """One per community, "not specific", and `MANY_COMMUNITIES`."""
    heard_back: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    """The kinds and levels that go together in some practice."""

    @classmethod
    def of(
        cls,
        *,
        direction: Sequence[str],
        level: Sequence[str],
        kind: Sequence[str],
        community: Sequence[str],
        heard_back: Sequence[str],
        practices: Iterable[tuple[str, Iterable[str]]],
    ) -> Self:
        """`practices` holds the kind of each and the levels that it fits; levels and kinds of none are left out."""
        pairs = frozenset((of, at) for of, levels in practices for at in levels)
        return cls(
            direction=tuple(direction),
            level=tuple(code for code in level if any(code == at for _, at in pairs)),
            kind=tuple(code for code in kind if any(code == of for of, _ in pairs)),
            community=tuple(community),
            heard_back=tuple(heard_back),
            pairs=pairs,
        )

    def __post_init__(self) -> None:
        for table in TABLES:
            codes = getattr(self, table)
            if not codes or len(set(codes)) < len(codes):
                raise ValueError(f"The table {table!r} needs codes, each once.")
        if {kind for kind, _ in self.pairs} != set(self.kind) or {level for _, level in self.pairs} != set(self.level):
            raise ValueError("Each kind needs a level, and each level a kind.")

    def keys(self, table: str) -> tuple[Key, ...]:
        return tuple(Key(table, code) for code in getattr(self, table))

    def check(self, entry: Entry) -> None:
        """ValueError where the entry lies in no cell of a table, or in a pair that is called impossible."""
        for table in TABLES:
            if entry.key(table).code not in getattr(self, table):
                raise ValueError(f"The menu has no {table} {entry.key(table).code!r}.")
        if (entry.kind, entry.level) not in self.pairs:
            raise ValueError(f"The menu has no {entry.kind!r} at level {entry.level!r}.")


@dataclass
class Holding:
    """Who made a set of entries: how many each author has there, and how many of hers nobody else reads."""

    entries: Counter[Contributor] = field(default_factory=Counter)
    counted: Counter[Contributor] = field(default_factory=Counter)

    @classmethod
    def union(cls, parts: Iterable[Self]) -> Self:
        """Of sets that have no entry in common."""
        whole = cls()
        for part in parts:
            whole.entries.update(part.entries)
            whole.counted.update(part.counted)
        return whole

    @property
    def n(self) -> int:
        return self.entries.total()

    def add(self, entry: Entry) -> None:
        self.entries[entry.agency, entry.author] += 1
        if entry.visibility == "counted":
            self.counted[entry.agency, entry.author] += 1


def by_author(made: Counter[Contributor]) -> Counter[str]:
    """Entries of each author, whatever the agency."""
    counts: Counter[str] = Counter()
    for (_, author), n in made.items():
        counts[author] += n
    return counts


def by_agency(made: Counter[Contributor]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (agency, _), n in made.items():
        counts[agency] += n
    return counts
