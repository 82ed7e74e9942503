"""Figures in the obvious way: fetch every row with what belongs to it, and count in Python; a query for each team."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from actions.models import Action
from bench.generator import Generator
from reports.figures.counts import TAKING_DIRECTION, TeamFigures
from reports.periods import Period
from teams.models import Team

type Sums = dict[str, object]


def of_team(team: Team, period: Period) -> Sums:
    shared = Action.objects.filter(team=team, visibility="shared", withdrawn_at=None)
    rows = shared.filter(done_on__gte=period.first, done_on__lte=period.last).select_related("practice", "author")
    return _sums(
        (
            action.done_on,
            action.practice_id,
            action.practice.kind,
            action.practice.stance,
            action.level,
            action.direction,
            action.heard_back,
            tuple(action.communities),
            action.hours or Decimal(0),
        )
        for action in rows
    )


def as_generated(generator: Generator, team: int, period: Period) -> Sums:
    """Without the database."""
    return _sums(
        (
            told.done_on,
            told.answer.practice,
            told.answer.kind,
            told.answer.stance,
            told.answer.level,
            told.answer.direction,
            told.answer.heard_back,
            told.answer.communities,
            Decimal(0 if told.answer.hours == "\\N" else told.answer.hours),
        )
        for told in generator.told(team)
        if period.first <= told.done_on <= period.last and told.answer.is_counted_for_team
    )


def of_figures(figures: TeamFigures) -> Sums:
    """What ours came to, in the same shape; zeros left out."""
    level_direction = {
        (level, to): n for level, counts in figures.level_direction.items() for to, n in counts.items() if n
    }
    parts = ("practice", "kind", "stance", "level", "direction", "heard_back", "community", "month", "month_taking")
    return {
        "total": figures.total,
        "hours": figures.hours,
        "level_direction": level_direction,
        **{name: {code: n for code, n in getattr(figures, name).items() if n} for name in parts},
    }


def _sums(rows: Iterable[tuple[date, int, str, str, str, str, str, tuple[int, ...], Decimal]]) -> Sums:
    counts: dict[str, Counter] = {
        name: Counter()
        for name in (
            *("level_direction", "practice", "kind", "stance", "level", "direction", "heard_back"),
            *("community", "month", "month_taking"),
        )
    }
    total, hours = 0, Decimal(0)
    for done_on, practice, kind, stance, level, direction, heard_back, communities, spent in rows:
        total += 1
        hours += spent
        month = f"{done_on:%Y-%m}"
        for name, code in (
            ("practice", practice),
            ("kind", kind),
            ("stance", stance),
            ("level", level),
            ("direction", direction),
            ("level_direction", (level, direction)),
            ("heard_back", heard_back),
            ("month", month),
        ):
            counts[name][code] += 1
        if direction in TAKING_DIRECTION:
            counts["month_taking"][month] += 1
        counts["community"].update(communities)
    return {"total": total, "hours": hours, **{name: dict(counter) for name, counter in counts.items()}}
