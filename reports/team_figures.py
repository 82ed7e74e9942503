"""Team figures from the log: one grouped statement for the actions and one for commitments."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from actions.models import Action, Commitment, Community, Practice
from actions.vocabulary import CommitmentStatus
from reports.figures import STATUSES, GroupedRow, Promises, TeamFigures, tally
from reports.periods import Period
from teams.models import Team

NO_PROMISES = Promises(due=0, by_status=dict.fromkeys(STATUSES, 0), open_total=0, open_past=0)


def of_team(team: Team, period: Period, *, today: date, among: QuerySet[Action] | None = None) -> TeamFigures:
    """One team's figures now; `among` narrows them to a filtered list of its shared actions and their promises."""
    return by_team([team], period, today=today, among=among)[team.pk]


def by_team(
    teams: Collection[Team], period: Period, *, today: date, among: QuerySet[Action] | None = None
) -> dict[UUID, TeamFigures]:
    """Figures of each of the teams, zeros included; two statements and two of the catalogue, however many teams."""
    actions = Action.objects.shared() if among is None else among
    keys = [team.pk for team in teams]
    rows = _grouped(actions.filter(team__in=keys), period)
    promises = _promises(_counted(among).filter(team__in=keys), period, today)
    nobody_in_particular = set(Community.objects.filter(is_exclusive=True).values_list("pk", flat=True))
    return {
        team.pk: tally(
            rows.get(team.pk, []),
            period=period,
            promises=promises.get(team.pk, NO_PROMISES),
            served=[pk for pk in team.communities if pk not in nobody_in_particular],
        )
        for team in teams
    }


def _grouped(actions: QuerySet[Action], period: Period) -> dict[UUID, list[GroupedRow]]:
    kinds = dict(Practice.objects.values_list("pk", "kind"))
    grouped = (
        actions.done(period.first, period.last)  # type: ignore[attr-defined]
        .order_by()
        .annotate(month=TruncMonth("done_on"))
        .values_list("team", "month", "practice", "level", "direction", "heard_back", "communities")
        .annotate(n=Count("*"), total_hours=Sum("hours"))
    )
    rows: defaultdict[UUID, list[GroupedRow]] = defaultdict(list)
    for team, month, practice, level, direction, heard_back, communities, n, hours in grouped:
        rows[team].append(
            GroupedRow(
                month=f"{month:%Y-%m}",
                practice=practice,
                kind=kinds[practice],
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
