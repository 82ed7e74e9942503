"""Team figures from the log: one grouped statement for the actions and one for commitments."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from actions.catalogue import Terms
from actions.models import Action, Commitment, Community, Practice
from actions.vocabulary import CommitmentStatus
from reports.figures import STATUSES, GroupedRow, Promises, TeamFigures, tally
from reports.periods import Period
from teams.models import Team

NO_PROMISES = Promises(due=0, by_status=dict.fromkeys(STATUSES, 0), open_total=0, open_past=0)


class Sorts(NamedTuple):
    """What figures take from the catalogue."""

    practices: Mapping[int, tuple[str, str]]
    """The kind and the stance of each."""
    nobody_in_particular: Collection[int]
    """Communities that name none."""


def sorts_of(terms: Terms) -> Sorts:
    return Sorts(
        {pk: (term.kind, term.stance) for pk, term in terms.practices.items()},
        {pk for pk, term in terms.communities.items() if term.is_exclusive},
    )


def all_sorts() -> Sorts:
    """Of every agency's terms, in two statements."""
    return Sorts(
        {pk: (kind, stance) for pk, kind, stance in Practice.objects.values_list("pk", "kind", "stance")},
        set(Community.objects.filter(is_exclusive=True).values_list("pk", flat=True)),
    )


def of_team(team: Team, period: Period, *, today: date, among: QuerySet[Action] | None = None) -> TeamFigures:
    """One team's figures now; `among` narrows them to a filtered list of its shared actions and their promises."""
    return by_team([team], period, today=today, among=among)[team.pk]


def by_team(
    teams: Collection[Team], period: Period, *, today: date, among: QuerySet[Action] | None = None
) -> dict[UUID, TeamFigures]:
    """Figures of each of the teams, zeros included; two statements and two of the catalogue, however many teams."""
    sorts = all_sorts()
    actions = (Action.objects.shared() if among is None else among).filter(team__in=[team.pk for team in teams])
    rows = _grouped(actions.done(period.first, period.last), sorts)  # type: ignore[attr-defined]
    promises = _promises(_counted(among).filter(team__in=[team.pk for team in teams]), period, today)
    return {
        team.pk: _figures(team, rows.get((team.pk,), []), period, promises.get(team.pk, NO_PROMISES), sorts)
        for team in teams
    }


def with_before(
    team: Team, period: Period, *, today: date, sorts: Sorts, among: QuerySet[Action] | None = None
) -> tuple[TeamFigures, TeamFigures]:
    """One team's figures now and those of the period before, of which no promises are read; two statements in all."""
    before = period.previous()
    actions = (Action.objects.shared() if among is None else among).filter(team=team)
    is_before = ExpressionWrapper(Q(done_on__lt=period.first), output_field=BooleanField())
    both = actions.done(before.first, period.last)  # type: ignore[attr-defined]
    rows = _grouped(both, sorts, is_before=is_before)
    promises = _promises(_counted(among).filter(team=team), period, today).get(team.pk, NO_PROMISES)
    return (
        _figures(team, rows.get((team.pk, False), []), period, promises, sorts),
        _figures(team, rows.get((team.pk, True), []), before, NO_PROMISES, sorts),
    )


def _figures(team: Team, rows: Iterable[GroupedRow], period: Period, promises: Promises, sorts: Sorts) -> TeamFigures:
    served = [pk for pk in team.communities if pk not in sorts.nobody_in_particular]
    return tally(rows, period=period, promises=promises, served=served)


def _grouped(actions: QuerySet[Action], sorts: Sorts, **parts: Any) -> dict[tuple[Any, ...], list[GroupedRow]]:
    """By team, and by whatever else is to be kept apart."""
    grouped = (
        actions.order_by()
        .annotate(month=TruncMonth("done_on"), **parts)
        .values_list("team", *parts, "month", "practice", "level", "direction", "heard_back", "communities")
        .annotate(n=Count("*"), total_hours=Sum("hours"))
    )
    rows: defaultdict[tuple[Any, ...], list[GroupedRow]] = defaultdict(list)
    for *keys, month, practice, level, direction, heard_back, communities, n, hours in grouped:
        kind, stance = sorts.practices[practice]
        rows[tuple(keys)].append(
            GroupedRow(
                month=f"{month:%Y-%m}",
                practice=practice,
                kind=kind,
                stance=stance,
                level=level,
                direction=direction,
                heard_back=heard_back,
                communities=tuple(communities),
                n=n,
                hours=hours or Decimal(0),
            )
        )
    return rows


def promises_of(team: Team, period: Period, *, today: date) -> Promises:
    """One team's shared promises now, of actions and alone; one statement."""
    return _promises(_counted(None).filter(team=team), period, today).get(team.pk, NO_PROMISES)


def _counted(among: QuerySet[Action] | None) -> QuerySet[Commitment]:
    """All that are shared; of a filtered list, those of its actions, since one that stands alone fits no filter."""
    if among is None:
        return Commitment.objects.shared()
    return Commitment.objects.shared().filter(action__in=among.order_by())


def _promises(counted: QuerySet[Commitment], period: Period, today: date) -> dict[UUID, Promises]:
    """Those commitments by the status stored now: first due in the period, and open at its end or today.

    A promise whose date was agreed anew counts as renegotiated where it was first due, and nowhere as open.
    """
    still_open = Q(status=CommitmentStatus.OPEN, made_on__lte=period.last)
    grouped = (
        counted.order_by()
        .values_list("team", "status")
        .annotate(
            due=Count("due_on", filter=Q(due_on__range=(period.first, period.last))),
            open_total=Count("due_on", filter=still_open),
            open_past=Count("due_on", filter=still_open & Q(due_on__lt=min(period.last, today))),
        )
    )
    by_team: defaultdict[UUID, list[tuple[str, int, int, int]]] = defaultdict(list)
    for team, *counts in grouped:
        by_team[team].append(tuple(counts))
    return {
        team: Promises(
            due=sum(due for _, due, _, _ in counts),
            by_status=dict.fromkeys(STATUSES, 0) | {status: due for status, due, _, _ in counts},
            open_total=sum(n for _, _, n, _ in counts),
            open_past=sum(n for _, _, _, n in counts),
        )
        for team, counts in by_team.items()
    }
