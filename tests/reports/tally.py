"""Figures added up one row after another, in Python: what the database must come to as well."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from reports.figures.counts import (
    DIRECTIONS,
    HEARD_BACK,
    KINDS,
    LEVELS,
    STANCES,
    TAKING_DIRECTION,
    Promises,
    TeamFigures,
)
from reports.periods import Period


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
    return TeamFigures.of(
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
