"""Closing quarters: what was shared and counted in an agency, and in the sector, protected and frozen once."""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count, Q

from actions.models import Action, Community, Practice
from actions.vocabulary import HeardBack
from reports import locks, periods
from reports.figures import DIRECTIONS, HEARD_BACK, KINDS, LEVELS
from reports.models import ProtectedQuarter
from reports.periods import Period, Rhythm
from reports.suppression import quarters
from reports.suppression.entries import MANY_COMMUNITIES, Entry, Menu
from reports.suppression.published import ProtectedFigures
from reports.suppression.rule import Rule
from teams.models import Agency
from teams.visibility import Visibility

AT_ONCE = 5_000  # rows read from the database


@transaction.atomic
def notice_due(*, now: datetime) -> list[ProtectedQuarter]:
    """Record which quarters are over, and return those still to be closed; nothing while another tick runs.

    The sector's quarter comes when every agency that opted in has closed its own.
    """
    if not locks.take_tick():
        return []
    for agency in Agency.objects.annotate(noticed=ArrayAgg("quarters__first_day", default=[])):
        _notice(agency, _over(agency, now), known=agency.noticed, now=now)
    known = ProtectedQuarter.objects.filter(agency=None).values_list("first_day", flat=True)
    _notice(None, _ready_in_sector(known), known=known, now=now)
    return list(ProtectedQuarter.objects.waiting(now=now).order_by("agency", "first_day"))


def _notice(agency: Agency | None, due: Iterable[date], *, known: Collection[date], now: datetime) -> None:
    ProtectedQuarter.objects.bulk_create(
        [
            ProtectedQuarter(agency=agency, first_day=day, noticed_at=now, next_try_at=now)
            for day in due
            if day not in known
        ],
        ignore_conflicts=True,
    )


def _over(agency: Agency, now: datetime) -> list[date]:
    """The first days of its quarters that are over, with their days of grace, since it keeps figures."""
    today = now.astimezone(agency.zone).date()
    due = periods.due(
        reports_from=_first_quarter(agency), rhythm=Rhythm("quarterly"), today=today, grace_days=agency.grace_days
    )
    return [period.first for period in due]


def _first_quarter(agency: Agency) -> date:
    return Period.containing(agency.reports_from, "quarterly").first


def _ready_in_sector(known: Collection[date]) -> list[date]:
    opted_in = list(Agency.objects.filter(in_sector_figures=True))
    closed = ProtectedQuarter.objects.filter(agency__in=opted_in, closed_at__isnull=False)
    counts = closed.exclude(first_day__in=known).order_by("first_day").values_list("first_day").annotate(Count("pk"))
    return [day for day, n in counts if n >= sum(_first_quarter(agency) <= day for agency in opted_in)]


def close_due(quarter: ProtectedQuarter, *, now: datetime) -> bool:
    """Close a quarter that is due, counting the try first; whether this call closed it."""
    if quarter.closed_at or quarter.next_try_at > now:
        return False
    quarter.count_try(now=now)
    return close(quarter, now=now)


@transaction.atomic
def close(quarter: ProtectedQuarter, *, now: datetime) -> bool:
    """Freeze its figures; closing again changes nothing. Whether this call closed it."""
    row = ProtectedQuarter.objects.select_for_update().get(pk=quarter.pk)
    if row.closed_at:
        return False
    if row.agency_id:
        figures = _of_agency(Agency.objects.get(pk=row.agency_id), row.period)
    else:
        opted_in = _taking_part(row.first_day)
        row.agencies = len(opted_in)
        figures = _of_sector(opted_in, row.period)
    row.figures, row.closed_at = figures.as_json(), now
    row.save(update_fields=["agencies", "figures", "closed_at"])
    return True


def close_all(*, now: datetime) -> list[ProtectedQuarter]:
    """Notice and close all that are due, the sector's after the agencies'; returns them."""
    closed: list[ProtectedQuarter] = []
    while waiting := [quarter for quarter in notice_due(now=now) if close_due(quarter, now=now)]:
        closed += waiting
    return closed


def _taking_part(first_day: date) -> list[Agency]:
    """The agencies that opted in and have a quarter of their own then."""
    return list(
        Agency.objects.filter(in_sector_figures=True, quarters__first_day=first_day, quarters__closed_at__isnull=False)
    )


def _of_agency(agency: Agency, period: Period) -> ProtectedFigures:
    """Its own communities stand beside the shared ones."""
    terms = Community.objects.filter(Q(agency=None) | Q(agency=agency)).order_by("order", "pk")
    entries = list(_entries([agency], period, told_as={term.pk: term.pk for term in terms}))
    rule = Rule(actions=agency.least_actions, authors=agency.least_authors, percent=agency.most_percent)
    menu = _menu(terms, entries)
    return quarters.of_agency(entries, agency=str(agency.pk), period=period, menu=menu, rule=rule)


def _of_sector(agencies: Collection[Agency], period: Period) -> ProtectedFigures:
    """Shared communities alone: an agency's own counts as the one above it."""
    terms = Community.objects.order_by("order", "pk")
    entries = list(_entries(agencies, period, told_as={term.pk: term.rolls_up_to_id or term.pk for term in terms}))
    return quarters.of_sector(
        entries, period=period, menu=_menu([term for term in terms if term.agency_id is None], entries)
    )


def _entries(agencies: Collection[Agency], period: Period, *, told_as: dict[int, int]) -> Iterator[Entry]:
    kinds = dict(Practice.objects.values_list("pk", "kind"))
    counting = Action.objects.standing().exclude(visibility=Visibility.PRIVATE).filter(agency__in=agencies)
    rows = (
        counting.done(period.first, period.last)
        .order_by()
        .values_list("author", "agency", "visibility", "direction", "level", "practice", "communities", "heard_back")
    )
    for author, agency, visibility, direction, level, practice, communities, heard_back in rows.iterator(AT_ONCE):
        named = {told_as[pk] for pk in communities}
        yield Entry(
            author=sys.intern(str(author)),
            agency=sys.intern(str(agency)),
            visibility=visibility,
            direction=direction,
            level=level,
            kind=kinds[practice],
            community=str(*named) if len(named) == 1 else MANY_COMMUNITIES,
            heard_back=heard_back or HeardBack.NOT_ASKED,
        )


def _menu(communities: Iterable[Community], entries: Iterable[Entry]) -> Menu:
    """All that the catalogue offers or ever offered, so that no cell tells of an entry by being there.

    A kind and a level that went together once, in an entry made before the catalogue changed, still do.
    """
    levels: defaultdict[str, set[str]] = defaultdict(set)
    for kind, fitting in Practice.objects.values_list("kind", "levels"):
        levels[kind].update(fitting)
    for entry in entries:
        levels[entry.kind].add(entry.level)
    return Menu.of(
        direction=DIRECTIONS,
        level=LEVELS,
        kind=KINDS,
        community=[*(str(term.pk) for term in communities), MANY_COMMUNITIES],
        heard_back=HEARD_BACK,
        practices=levels.items(),
    )
