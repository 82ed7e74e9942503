"""Closing quarters: what was shared and counted in an agency, and in the sector, protected and frozen once."""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from actions.models import Action, Community, Practice
from actions.vocabulary import HeardBack
from reports import locks, periods
from reports.figures.counts import DIRECTIONS, HEARD_BACK, KINDS, LEVELS
from reports.models import ProtectedQuarter
from reports.periods import Period, Rhythm
from reports.suppression import quarters
from reports.suppression.entries import MANY_COMMUNITIES, Entry, Menu
from reports.suppression.published import ProtectedFigures
from reports.suppression.rule import Rule, SectorRule
from teams.models import Agency
from teams.visibility import Visibility

AT_ONCE = 5_000  # rows read from the database


@transaction.atomic
def notice_due(*, now: datetime) -> list[ProtectedQuarter]:
    """Record which quarters are over, and return those still to be closed; nothing while another tick runs.

    The sector's quarter comes when every agency that counts in it has closed its own, from three agencies on.
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
    """The first days of its quarters that are over, with their days of grace."""
    today = now.astimezone(agency.zone).date()
    due = periods.due(
        reports_from=first_quarter(agency).first, rhythm=Rhythm("quarterly"), today=today, grace_days=agency.grace_days
    )
    return [period.first for period in due]


def first_quarter(agency: Agency) -> Period:
    """The first whole one since the agency keeps figures: of a part of a quarter there are none."""
    quarter = Period.containing(agency.reports_from, "quarterly")
    return quarter if quarter.first == agency.reports_from else quarter.next()


def _ready_in_sector(known: Collection[date]) -> list[date]:
    since = [
        max(first_quarter(agency).first, agency.in_sector_from)
        for agency in Agency.objects.all()
        if agency.in_sector_from
    ]
    closed = ProtectedQuarter.objects.filter(
        agency__in_sector_from__lte=F("first_day"), closed_at__isnull=False
    ).exclude(first_day__in=known)
    counts = closed.order_by("first_day").values_list("first_day").annotate(Count("pk"))
    return [day for day, n in counts if n >= max(SectorRule.agencies, sum(first <= day for first in since))]


def close_due(quarter: ProtectedQuarter, *, now: datetime) -> bool:
    """Close a quarter that is due, counting the try first; whether this call closed it."""
    if quarter.closed_at or quarter.next_try_at > now:
        return False
    quarter.count_try(now=now)
    return close(quarter, now=now)


@transaction.atomic
def close(quarter: ProtectedQuarter, *, now: datetime) -> bool:
    """Freeze its figures; closing again changes nothing, nor while another does. Whether this call closed it.

    The sector's is left until there are three agencies again, where one opted out since it was noticed.
    """
    row = ProtectedQuarter.objects.select_for_update(skip_locked=True).filter(pk=quarter.pk, closed_at=None).first()
    if row is None:
        return False
    if row.agency_id:
        figures = _of_agency(Agency.objects.get(pk=row.agency_id), row.period)
    else:
        taking_part = _taking_part(row.first_day)
        if len(taking_part) < SectorRule.agencies:
            row.delete()
            return False
        row.agencies = len(taking_part)
        figures = _of_sector(taking_part, row.period)
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
    """The agencies that opted in for it and have closed it."""
    closed = ProtectedQuarter.objects.filter(first_day=first_day, closed_at__isnull=False)
    return list(Agency.objects.filter(in_sector_from__lte=first_day, pk__in=closed.values("agency")))


def _of_agency(agency: Agency, period: Period) -> ProtectedFigures:
    """Its own communities stand beside the shared ones."""
    told_as = {term.pk: term.pk for term in Community.objects.filter(Q(agency=None) | Q(agency=agency))}
    entries = list(_entries([agency], period, told_as=told_as))
    rule = Rule(actions=agency.least_actions, authors=agency.least_authors, percent=agency.most_percent)
    menu = _menu(told_as, [agency], period, entries)
    return quarters.of_agency(entries, agency=str(agency.pk), period=period, menu=menu, rule=rule)


def _of_sector(agencies: Collection[Agency], period: Period) -> ProtectedFigures:
    """Shared communities alone: an agency's own counts as the one above it."""
    told_as = {term.pk: term.rolls_up_to_id or term.pk for term in Community.objects.all()}
    entries = list(_entries(agencies, period, told_as=told_as))
    return quarters.of_sector(entries, period=period, menu=_menu(told_as, agencies, period, entries))


def _entries(agencies: Collection[Agency], period: Period, *, told_as: dict[int, int]) -> Iterator[Entry]:
    """All that counts. What was shared once counts as shared: those who read it then know it still."""
    kinds = dict(Practice.objects.values_list("pk", "kind"))
    counting = Action.objects.standing().exclude(visibility=Visibility.PRIVATE).filter(agency__in=agencies)
    rows = (
        counting.done(period.first, period.last)
        .order_by()
        .values_list(
            "author",
            "agency",
            "visibility",
            "was_shared",
            "direction",
            "level",
            "practice",
            "communities",
            "heard_back",
        )
    )
    for author, agency, visibility, was_shared, direction, level, practice, communities, heard_back in rows.iterator(
        AT_ONCE
    ):
        named = {told_as[pk] for pk in communities}
        yield Entry(
            author=sys.intern(str(author)),
            agency=sys.intern(str(agency)),
            visibility=Visibility.SHARED if was_shared else visibility,
            direction=direction,
            level=level,
            kind=kinds[practice],
            community=sys.intern(str(*named)) if len(named) == 1 else MANY_COMMUNITIES,
            heard_back=heard_back or HeardBack.NOT_ASKED,
        )


def _menu(told_as: Mapping[int, int], agencies: Collection[Agency], period: Period, entries: Collection[Entry]) -> Menu:
    """All that could be logged in the quarter, so that no cell tells of an entry by being there, nor by being hidden.

    What everybody knows to be empty narrows what is hidden. So kinds and levels go together that do so in a practice
    of today, shared or of these agencies, and no more; and what all who could use it had hidden before the quarter
    began is left out. Or in an entry, made before the catalogue changed.
    """
    levels: defaultdict[str, set[str]] = defaultdict(set)
    for practice in _could_be_used(Practice.objects.filter(is_retired=False), agencies, period):
        levels[practice.kind].update(practice.levels)
    for entry in entries:
        levels[entry.kind].add(entry.level)
    used = {entry.community for entry in entries}
    used |= {str(told_as[term.pk]) for term in _could_be_used(Community.objects.all(), agencies, period)}
    cells = Community.objects.filter(pk__in=told_as.values()).order_by("order", "pk").values_list("pk", flat=True)
    return Menu.of(
        direction=DIRECTIONS,
        level=LEVELS,
        kind=KINDS,
        community=[*(code for code in map(str, cells) if code in used), MANY_COMMUNITIES],
        heard_back=HEARD_BACK,
        practices=levels.items(),
    )


def _could_be_used[T: (Practice, Community)](
    terms: QuerySet[T], agencies: Collection[Agency], period: Period
) -> QuerySet[T]:
    """Shared terms and those of the agencies, without what each that could use it had hidden before the period."""
    could = When(agency=None, then=Value(len(agencies)))
    had_hidden = Q(edits__agency__in=agencies, edits__is_hidden=True, edits__hidden_on__lt=period.first)
    return (
        terms.filter(Q(agency=None) | Q(agency__in=agencies))
        .annotate(hidden_by=Count("edits", filter=had_hidden), could_use=Case(could, default=Value(1)))
        .filter(hidden_by__lt=F("could_use"))
    )
