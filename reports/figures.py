"""What a team's shared actions add up to in one period: exact counts, which each of its members could make herself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import batched
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


@dataclass(frozen=True)
class TeamFigures:
    """Exact counts of one team's shared actions in one period; reads only what each member can read."""

    total: int
    direction: dict[str, int]
    level: dict[str, int]
    kind: dict[str, int]
    stance: dict[str, int]
    practice: dict[int, int]
    """Only those used; so for `community`, where an action for two communities counts in both."""
    community: dict[int, int]
    heard_back: dict[str, int]
    month: dict[str, int]
    """ "YYYY-MM", every month of the period."""
    level_direction: dict[str, dict[str, int]]
    """Level, then direction."""
    hours: Decimal
    promises: Promises
    served: tuple[int, ...] = ()
    """The communities that the team says it serves, as it said at the time; "not specific" is none."""
    month_taking: dict[str, int] = field(default_factory=dict)
    """Like `month`, only the actions that took direction from people affected."""

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

    def as_json(self) -> dict[str, Any]:
        """Plain values that survive JSON; `from_json` makes the same figures of them."""
        promises = {**vars(self.promises)}
        return {**vars(self), "hours": str(self.hours), "served": list(self.served), "promises": promises}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Restores what JSON and jsonb lose: the order of codes, numbers as keys, decimals."""
        return cls(
            total=data["total"],
            direction=_ordered(data["direction"], DIRECTIONS),
            level=_ordered(data["level"], LEVELS),
            kind=_ordered(data["kind"], KINDS),
            stance=_ordered(data["stance"], STANCES),
            practice=_numbered(data["practice"]),
            community=_numbered(data["community"]),
            heard_back=_ordered(data["heard_back"], HEARD_BACK),
            month=_ordered(data["month"]),
            level_direction={
                level: _ordered(data["level_direction"].get(level, {}), DIRECTIONS)
                for level in _ordered(data["level_direction"], LEVELS)
            },
            hours=Decimal(data["hours"]),
            promises=Promises.from_json(data["promises"]),
            served=tuple(data["served"]),
            month_taking=_ordered(data["month_taking"]),
        )


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
    cells = list(batched(counts.level_direction, len(DIRECTIONS), strict=True))
    practice = {pk: n for pk, n in zip(sorts.practices, counts.practice, strict=True) if n}
    if sum(practice.values()) != counts.total:
        raise ValueError("An action has a practice that its agency's catalogue does not know.")
    kind, stance = dict.fromkeys(KINDS, 0), dict.fromkeys(STANCES, 0)
    for pk, n in practice.items():
        of_kind, of_stance = sorts.practices[pk]
        kind[of_kind] += n
        stance[of_stance] += n
    return TeamFigures(
        total=counts.total,
        direction=dict(zip(DIRECTIONS, map(sum, zip(*cells, strict=True)), strict=True)),
        level=dict(zip(LEVELS, map(sum, cells), strict=True)),
        kind=kind,
        stance=stance,
        practice=practice,
        community={pk: n for pk, n in zip(sorts.communities, counts.community, strict=True) if n},
        heard_back=dict(zip(HEARD_BACK, counts.heard_back, strict=True)),
        month=dict(zip(months, counts.month, strict=True)),
        level_direction={
            code: dict(zip(DIRECTIONS, row, strict=True)) for code, row in zip(LEVELS, cells, strict=True)
        },
        hours=counts.hours,
        promises=promises,
        served=tuple(served),
        month_taking=dict(zip(months, counts.month_taking, strict=True)),
    )


def months_of(period: Period) -> list[str]:
    """ "2026-09" and so on."""
    return [f"{part.first:%Y-%m}" for part in period.months()]


def _ordered(counts: Mapping[str, Any], codes: Sequence[str] = ()) -> dict[str, Any]:
    """Each of the codes, zeros included, then what an earlier catalogue knew besides, sorted."""
    return {code: counts.get(code, 0) for code in (*codes, *sorted(counts.keys() - set(codes)))}


def _numbered(counts: Mapping[str, int]) -> dict[int, int]:
    return dict(sorted((int(key), n) for key, n in counts.items()))
