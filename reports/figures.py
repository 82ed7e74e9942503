"""What a team's shared actions add up to in one period: exact counts, which each of its members could make herself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
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


class GroupedRow(NamedTuple):
    """So many (`n`) shared actions of one month that are alike in everything counted here, and their hours together."""

    month: str
    practice: int
    kind: str
    stance: str
    level: str
    direction: str
    heard_back: str
    communities: tuple[int, ...]
    n: int
    hours: Decimal


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
        return asdict(self) | {"hours": str(self.hours), "served": list(self.served)}

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


def tally(rows: Iterable[GroupedRow], *, period: Period, promises: Promises, served: Iterable[int] = ()) -> TeamFigures:
    """Adds the rows up; KeyError for a code that the catalogue does not know, or a month outside the period."""
    direction, level, kind = dict.fromkeys(DIRECTIONS, 0), dict.fromkeys(LEVELS, 0), dict.fromkeys(KINDS, 0)
    stance, heard_back = dict.fromkeys(STANCES, 0), dict.fromkeys(HEARD_BACK, 0)
    level_direction = {code: dict.fromkeys(DIRECTIONS, 0) for code in LEVELS}
    month = {f"{part.first:%Y-%m}": 0 for part in period.months()}
    month_taking = dict.fromkeys(month, 0)
    practice: Counter[int] = Counter()
    community: Counter[int] = Counter()
    total, hours = 0, Decimal(0)
    for row in rows:
        total += row.n
        hours += row.hours
        direction[row.direction] += row.n
        level[row.level] += row.n
        level_direction[row.level][row.direction] += row.n
        kind[row.kind] += row.n
        stance[row.stance] += row.n
        heard_back[row.heard_back] += row.n
        month[row.month] += row.n
        month_taking[row.month] += row.n * (row.direction in TAKING_DIRECTION)
        practice[row.practice] += row.n
        for code in row.communities:
            community[code] += row.n
    return TeamFigures(
        total=total,
        direction=direction,
        level=level,
        kind=kind,
        stance=stance,
        practice=dict(sorted(practice.items())),
        community=dict(sorted(community.items())),
        heard_back=heard_back,
        month=month,
        level_direction=level_direction,
        hours=hours,
        promises=promises,
        served=tuple(served),
        month_taking=month_taking,
    )


def _ordered(counts: Mapping[str, Any], codes: Sequence[str] = ()) -> dict[str, Any]:
    """Each of the codes, zeros included, then what an earlier catalogue knew besides, sorted."""
    return {code: counts.get(code, 0) for code in (*codes, *sorted(counts.keys() - set(codes)))}


def _numbered(counts: Mapping[str, int]) -> dict[int, int]:
    return dict(sorted((int(key), n) for key, n in counts.items()))
