"""What a team's shared actions add up to in one period: exact counts, which each of its members could make herself."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple, Self

from actions.vocabulary import CATALOGUE, Stance
from reports.periods import Period


def _codes(section: str) -> tuple[str, ...]:
    return tuple(entry["code"] for entry in CATALOGUE[section])


DIRECTIONS = _codes("direction")
TAKING_DIRECTION = tuple(entry["code"] for entry in CATALOGUE["direction"] if entry["taking_direction"])
LEVELS = _codes("levels")
KINDS = _codes("practice_kinds")
STANCES = tuple(Stance.values)
HEARD_BACK = _codes("heard_back")
STATUSES = _codes("commitment_statuses")


TABLES = (
    *("direction", "level", "level_direction", "kind", "stance", "practice", "community", "heard_back"),
    *("month", "month_taking"),
)


class Sorts(NamedTuple):
    """What figures take from the catalogue; by key, the lowest first."""

    practices: Mapping[int, tuple[str, str]]
    """The kind and the stance of each."""
    communities: Collection[int]
    nobody_in_particular: Collection[int]
    """Of the communities, those that name none."""


@dataclass(frozen=True)
class Promises:
    """Commitments shared with a team, of actions and alone, as they stood when the period ended."""

    due: int
    """Due in the period."""
    by_status: dict[str, int]
    """Of those due: every status, in the catalogue's order."""
    open_total: int
    """Open at the end, whatever their date."""
    open_past: int
    """Open and past their date at the end."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "by_status": _ordered(data["by_status"], STATUSES)})


class TeamFigures:
    """Exact counts of one team's shared actions in one period; reads only what each member can read.

    Made of counts, or of what was kept, only when it is read: of a month of many teams, most tables never are.
    """

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """Values that survive JSON; JSON and jsonb keep neither the order of codes nor numbers as keys."""
        return self._make()

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        return cls(lambda: plain)

    @classmethod
    def of(cls, *, hours: Decimal, promises: Promises, served: Iterable[int] = (), **tables: Any) -> Self:
        """From tables by code, and the total."""
        plain = {name: _named(table) if isinstance(table, Mapping) else table for name, table in tables.items()}
        kept = {**plain, "hours": str(hours), "served": list(served), "promises": {**vars(promises)}}
        return cls.from_json(kept)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TeamFigures) and self.as_read() == other.as_read()

    __hash__ = None  # type: ignore[assignment]

    @property
    def total(self) -> int:
        return self.plain["total"]

    @cached_property
    def direction(self) -> dict[str, int]:
        return _ordered(self.plain["direction"], DIRECTIONS)

    @cached_property
    def level(self) -> dict[str, int]:
        return _ordered(self.plain["level"], LEVELS)

    @cached_property
    def level_direction(self) -> dict[str, dict[str, int]]:
        """Level, then direction."""
        found: Mapping[str, Mapping[str, int]] = self.plain["level_direction"]
        return {level: _ordered(found.get(level, {}), DIRECTIONS) for level in _ordered(found, LEVELS)}

    @cached_property
    def kind(self) -> dict[str, int]:
        return _ordered(self.plain["kind"], KINDS)

    @cached_property
    def stance(self) -> dict[str, int]:
        return _ordered(self.plain["stance"], STANCES)

    @cached_property
    def practice(self) -> dict[int, int]:
        """Only those used; so for `community`, where an action for two communities counts in both."""
        return _numbered(self.plain["practice"])

    @cached_property
    def community(self) -> dict[int, int]:
        return _numbered(self.plain["community"])

    @cached_property
    def heard_back(self) -> dict[str, int]:
        return _ordered(self.plain["heard_back"], HEARD_BACK)

    @cached_property
    def month(self) -> dict[str, int]:
        """ "YYYY-MM", every month of the period."""
        return _ordered(self.plain["month"])

    @cached_property
    def month_taking(self) -> dict[str, int]:
        """Like `month`, only the actions that took direction from people affected."""
        return _ordered(self.plain["month_taking"])

    @cached_property
    def hours(self) -> Decimal:
        return Decimal(self.plain["hours"])

    @cached_property
    def promises(self) -> Promises:
        return Promises.from_json(self.plain["promises"])

    @property
    def served(self) -> tuple[int, ...]:
        """The communities that the team says it serves, as it said at the time; "not specific" is none."""
        return tuple(self.plain["served"])

    @property
    def taking_direction(self) -> int:
        return sum(self.direction[code] for code in TAKING_DIRECTION)

    @property
    def heard(self) -> int:
        return self.heard_back["heard"]

    @property
    def heard_known(self) -> int:
        """Actions on which people affected can be heard."""
        return self.total - self.heard_back["not_applicable"]

    def as_read(self) -> dict[str, Any]:
        """Every table and number, in order."""
        return {name: getattr(self, name) for name in (*TABLES, "total", "hours", "promises", "served")}


class Counts(NamedTuple):
    """How many shared actions are alike in one thing; the lists in the order of the codes that they count."""

    total: int
    hours: Decimal
    level_direction: Sequence[int]
    """Of each level, each direction."""
    practice: Sequence[int]
    community: Sequence[int]
    heard_back: Sequence[int]
    month: Sequence[int]
    month_taking: Sequence[int]


def add_up(
    counts: Counts, *, months: Collection[str], sorts: Sorts, promises: Promises, served: Iterable[int] = ()
) -> TeamFigures:
    """ValueError where an action has a practice that the catalogue does not know."""
    if sum(counts.practice) != counts.total:
        raise ValueError("An action has a practice that its agency's catalogue does not know.")
    return TeamFigures(partial(_plain, counts, months, sorts, promises, served))


def _plain(
    counts: Counts, months: Collection[str], sorts: Sorts, promises: Promises, served: Iterable[int]
) -> dict[str, Any]:
    practice = {pk: n for pk, n in zip(sorts.practices, counts.practice, strict=True) if n}
    kind, stance = dict.fromkeys(KINDS, 0), dict.fromkeys(STANCES, 0)
    for pk, n in practice.items():
        of_kind, of_stance = sorts.practices[pk]
        kind[of_kind] += n
        stance[of_stance] += n
    cells, wide = counts.level_direction, len(DIRECTIONS)
    rows = {code: cells[at * wide : at * wide + wide] for at, code in enumerate(LEVELS)}
    return {
        "total": counts.total,
        "hours": str(counts.hours),
        "direction": {code: sum(cells[at::wide]) for at, code in enumerate(DIRECTIONS)},
        "level": {code: sum(row) for code, row in rows.items()},
        "level_direction": {code: dict(zip(DIRECTIONS, row, strict=True)) for code, row in rows.items()},
        "kind": kind,
        "stance": stance,
        "practice": {str(pk): n for pk, n in practice.items()},
        "community": {str(pk): n for pk, n in zip(sorts.communities, counts.community, strict=True) if n},
        "heard_back": dict(zip(HEARD_BACK, counts.heard_back, strict=True)),
        "month": dict(zip(months, counts.month, strict=True)),
        "month_taking": dict(zip(months, counts.month_taking, strict=True)),
        "promises": {**vars(promises)},
        "served": list(served),
    }


def months_of(period: Period) -> list[str]:
    """ "2026-09" and so on."""
    return [f"{part.first:%Y-%m}" for part in period.months()]


def _ordered(counts: Mapping[str, Any], codes: Sequence[str] = ()) -> dict[str, Any]:
    """Each of the codes, zeros included, then what an earlier catalogue knew besides, sorted."""
    return {code: counts.get(code, 0) for code in (*codes, *sorted(counts.keys() - set(codes)))}


def _named(counts: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(code): _named(n) if isinstance(n, Mapping) else n for code, n in counts.items()}


def _numbered(counts: Mapping[str, int]) -> dict[int, int]:
    return dict(sorted((int(key), n) for key, n in counts.items()))
