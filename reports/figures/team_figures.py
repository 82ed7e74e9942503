"""Team figures from the log: the database adds up, in one statement for the actions and one for commitments."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise, product
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from actions.catalogue import Terms
from actions.models import Action, Commitment, Community, Practice
from actions.vocabulary import CommitmentStatus
from reports.figures.counts import (
    DIRECTIONS,
    HEARD_BACK,
    LEVELS,
    STATUSES,
    TAKING_DIRECTION,
    Counts,
    Promises,
    Sorts,
    TeamFigures,
    add_up,
    months_of,
)
from reports.figures.resources import Resources
from reports.periods import Period
from teams.models import Team

ACTION = ("team", "done_on", "practice", "level", "direction", "heard_back", "communities", "hours")
RESOURCES = {  # by the fields of `Resources`
    "actions": "count(*)",
    "hours": "coalesce(sum(hours), 0)",
    "with_hours": "count(hours)",
    "dollars": "coalesce(sum(dollars), 0)",
    "with_dollars": "count(dollars)",
    "with_partners": "count(*) FILTER (WHERE partners <> '')",
    "initiatives": "count(DISTINCT initiative)",
    "with_initiative": "count(initiative)",
}
COMMITMENT = ("team", "status", "made_on", "due_on")
NO_PROMISES = Promises(due=0, by_status=dict.fromkeys(STATUSES, 0), open_total=0, open_past=0)


def sorts_of(terms: Terms) -> Sorts:
    return Sorts(
        {pk: (term.kind, term.stance) for pk, term in sorted(terms.practices.items())},
        sorted(terms.communities),
        {pk for pk, term in terms.communities.items() if term.is_exclusive},
    )


def all_sorts() -> Sorts:
    """Of every agency's terms, in two statements."""
    practices = Practice.objects.order_by("pk").values_list("pk", "kind", "stance")
    communities = dict(Community.objects.order_by("pk").values_list("pk", "is_exclusive"))
    return Sorts(
        {pk: (kind, stance) for pk, kind, stance in practices},
        list(communities),
        {pk for pk, is_exclusive in communities.items() if is_exclusive},
    )


def of_team(team: Team, period: Period, *, today: date, among: QuerySet[Action] | None = None) -> TeamFigures:
    """One team's figures now; `among` narrows them to a filtered list of its shared actions and their promises."""
    return by_team([team], period, today=today, among=among)[team.pk]


def by_team(
    teams: Collection[Team], period: Period, *, today: date, among: QuerySet[Action] | None = None
) -> dict[UUID, TeamFigures]:
    """Figures of each of the teams, zeros included; two statements and two of the catalogue, however many teams."""
    sorts, keys = all_sorts(), _keys(teams)
    actions = (Action.objects.shared() if among is None else among).done(period.first, period.last)  # type: ignore[attr-defined]
    counts = dict(_counted(actions, keys, sorts, period.months()))
    promises = _promises(_promised(among), keys, period, today)
    months, nothing = months_of(period), _nothing(sorts, period)
    return {
        team.pk: _figures(team, counts.get(key, nothing), months, promises.get(key), sorts)
        for key, team in zip(keys, teams, strict=True)
    }


def with_before(
    team: Team, period: Period, *, today: date, sorts: Sorts, among: QuerySet[Action] | None = None
) -> tuple[TeamFigures, TeamFigures, Resources]:
    """One team's figures now and those of the period before, of which no promises are read; what it gave now.

    Promises are those of whole months: whoever asks for one day after the other, with filters that leave one action,
    would else read the date of its promise. Two statements in all.
    """
    spans, keys = {False: period, True: period.previous()}, _keys([team])
    actions = (Action.objects.shared() if among is None else among).done(spans[True].first, period.last)  # type: ignore[attr-defined]
    months = [part for span in spans.values() for part in span.months()]
    rows = _counted(
        actions,
        keys,
        sorts,
        months,
        by=[f"done_on < '{period.first}'"],
        columns=("dollars", "partners", "initiative"),
        more=[RESOURCES[name] for name in Resources._fields],
    )
    promises = _promises(_promised(among), keys, period.in_whole_months(), today).get(keys[0])
    found = {is_before: counts for _team, is_before, counts, *_more in rows}
    resources = next((Resources._make(more) for _team, is_before, _counts, *more in rows if not is_before), Resources())
    now, before = (found.get(is_before, _nothing(sorts, span)) for is_before, span in spans.items())
    n = len(period.months())
    now = now._replace(month=now.month[:n], month_taking=now.month_taking[:n])
    if True in found:
        before = before._replace(month=before.month[n:], month_taking=before.month_taking[n:])
    return (
        _figures(team, now, months_of(period), promises, sorts),
        _figures(team, before, months_of(spans[True]), None, sorts),
        resources,
    )


def promises_of(team: Team, period: Period, *, today: date) -> Promises:
    """One team's shared promises now, of actions and alone, in the whole months of the period; one statement."""
    (key,) = _keys([team])
    return _promises(_promised(None), [key], period.in_whole_months(), today).get(key, NO_PROMISES)


def _keys(teams: Collection[Team]) -> list[str]:
    """As the statements give and take them: of thousands, UUIDs would take as long to compare as rows to count."""
    return [str(team.pk) for team in teams]


def _figures(
    team: Team, counts: Counts, months: Collection[str], promises: Promises | None, sorts: Sorts
) -> TeamFigures:
    served = [pk for pk in team.communities if pk not in sorts.nobody_in_particular]
    return add_up(counts, months=months, sorts=sorts, promises=promises or NO_PROMISES, served=served)


def _counted(
    actions: QuerySet[Action],
    teams: Sequence[str],
    sorts: Sorts,
    months: Sequence[Period],
    *,
    by: Sequence[str] = (),
    columns: Sequence[str] = (),
    more: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Team, `by`, `Counts`, and `more` sums, of more columns; no row where nothing was done."""
    cells = _cells(tuple(sorts.practices), tuple(sorts.communities), tuple((part.first, part.last) for part in months))
    sums = ["count(*)", "coalesce(sum(hours), 0)", cells, *more]
    rows = _added_up(actions.order_by().values_list(*ACTION, *columns), teams, by=by, sums=sums)
    ends = list(accumulate(_lengths(sorts, months), initial=0))
    parts, at = [slice(*pair) for pair in pairwise(ends)], 1 + len(by)
    return [
        (*row[:at], Counts(row[at], row[at + 1], *[row[at + 2][part] for part in parts]), *row[at + 3 :])
        for row in rows
    ]


@lru_cache(maxsize=200)
def _cells(practices: tuple[int, ...], communities: tuple[int, ...], months: tuple[tuple[date, date], ...]) -> str:
    """The lists of `Counts`, one after the other: one array is read faster than six.

    A hundred counts, whose words stay the same from page to page.
    """
    in_months = [f"done_on BETWEEN '{first}' AND '{last}'" for first, last in months]
    taking = f"direction IN ({', '.join(f"'{code}'" for code in TAKING_DIRECTION)})"
    counted = [
        *(f"level = '{level}' AND direction = '{to}'" for level, to in product(LEVELS, DIRECTIONS)),
        *(f"practice = {pk}" for pk in practices),
        *(f"{pk} = ANY(communities)" for pk in communities),
        *(f"heard_back = '{code}'" for code in HEARD_BACK),
        *in_months,
        *(f"{in_month} AND {taking}" for in_month in in_months),
    ]
    return _list(map(_n, counted))


def _lengths(sorts: Sorts, months: Sequence[Period]) -> list[int]:
    """Of each list of `Counts`, as they come in `_cells`."""
    cells = len(LEVELS) * len(DIRECTIONS)
    return [cells, len(sorts.practices), len(sorts.communities), len(HEARD_BACK), len(months), len(months)]


def _nothing(sorts: Sorts, period: Period) -> Counts:
    return Counts(0, Decimal(0), *([0] * n for n in _lengths(sorts, period.months())))


def _promised(among: QuerySet[Action] | None) -> QuerySet[Commitment]:
    """All that are shared; of a filtered list, those of its actions, since one that stands alone fits no filter."""
    if among is None:
        return Commitment.objects.shared()
    return Commitment.objects.shared().filter(action__in=among.order_by())


def _promises(promised: QuerySet[Commitment], teams: Sequence[str], period: Period, today: date) -> dict[str, Promises]:
    """By team, by the status stored now: first due in the period, and open at its end or today; no team without any.

    A promise whose date was agreed anew counts as renegotiated where it was first due, and nowhere as open.
    """
    due = f"due_on BETWEEN '{period.first}' AND '{period.last}'"
    still_open = f"status = '{CommitmentStatus.OPEN.value}' AND made_on <= '{period.last}'"
    rows = _added_up(
        promised.order_by().values_list(*COMMITMENT),
        teams,
        sums=[
            _n(due),
            _list(_n(f"{due} AND status = '{status}'") for status in STATUSES),
            _n(still_open),
            _n(f"{still_open} AND due_on < '{min(period.last, today)}'"),
        ],
    )
    return {
        team: Promises(due, dict(zip(STATUSES, by_status, strict=True)), open_total, open_past)
        for team, due, by_status, open_total, open_past in rows
    }


def _added_up(
    found: QuerySet[Any, tuple[Any, ...]], teams: Sequence[str], *, sums: Sequence[str], by: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Team, `by` and sums of what was found, a row for each team that has any.

    Django takes longer to put a hundred counts into words than the database to count, so the words stand here: codes
    of the catalogue, keys and dates, and nothing that anybody typed.
    """
    try:
        inner, values = found.query.sql_with_params()
    except EmptyResultSet:
        return []
    groups = ", ".join(["team", *map(str, range(2, 2 + len(by)))])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT team::text, {', '.join([*by, *sums])} FROM ({inner}) AS found WHERE team = ANY(%s::uuid[]) GROUP BY {groups}",  # noqa: S608
            [*values, f"{{{','.join(teams)}}}"],
        )
        return cursor.fetchall()


def _n(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


def _list(sums: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(sums)}]"
