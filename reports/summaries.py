"""Closing periods: the database says what is due, and closing freezes each team's figures once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, Value
from django.db.models.functions import Greatest

from reports import locks, periods, questions
from reports.figures import team_figures
from reports.figures.counts import TeamFigures
from reports.models import AgencyPeriod, Delivery, TeamSummary
from reports.periods import Period, Rhythm
from teams.models import Agency, Membership, Team

REMEMBERED = 6  # earlier periods that the questions look back on


@transaction.atomic
def notice_due(*, now: datetime) -> list[AgencyPeriod]:
    """Record which periods are over, and return those still to be closed; nothing while another tick runs.

    Says it again at each call until they are closed, so that a lost message costs a minute and no period.
    """
    if not locks.take_tick():
        return []
    for agency in Agency.objects.annotate(noticed_through=Max("periods__last_day")):
        _notice(agency, now=now)
    return list(AgencyPeriod.objects.waiting(now=now).order_by("agency", "first_day"))


def rhythm_of(agency: Agency) -> Rhythm:
    return Rhythm(agency.cadence, {change.starts_on: change.cadence for change in agency.cadence_changes.all()})


def _notice(agency: Agency, *, now: datetime) -> None:
    due = periods.due(
        reports_from=agency.reports_from,
        rhythm=rhythm_of(agency),
        today=now.astimezone(agency.zone).date(),
        grace_days=agency.grace_days,
        closed_through=agency.noticed_through,  # type: ignore[attr-defined]
    )
    AgencyPeriod.objects.bulk_create(
        [
            AgencyPeriod(agency=agency, first_day=period.first, last_day=period.last, noticed_at=now, next_try_at=now)
            for period in due
        ],
        ignore_conflicts=True,
    )


def close_due(*, agency: Agency, period: Period, now: datetime) -> list[TeamSummary]:
    """Close a period that is due, counting the try first; closing again changes nothing."""
    waiting = AgencyPeriod.objects.waiting(now=now).filter(agency=agency)
    row = waiting.filter(first_day=period.first, last_day=period.last).first()
    if row is None:
        return []
    row.count_try(now=now)
    return close(agency=agency, period=period, now=now)


@transaction.atomic
def close(*, agency: Agency, period: Period, now: datetime, mails: bool = True) -> list[TeamSummary]:
    """Freeze the figures of every team with a spell in the period; returns the summaries made by this call.

    Supervisors are mailed the newest period only: after a long outage the older ones are there to read.
    """
    rows = AgencyPeriod.objects.select_for_update().filter(agency=agency)
    row, _ = rows.get_or_create(agency=agency, first_day=period.first, last_day=period.last)
    if row.closed_at:
        return []
    made = _freeze(agency, period, now)
    if mails and not rows.filter(first_day__gt=period.last).exists():
        _queue_mail(agency, made, now=now)
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    Agency.objects.filter(pk=agency.pk).update(closed_through=Greatest("closed_through", Value(period.last)))
    return made


def _freeze(agency: Agency, period: Period, now: datetime) -> list[TeamSummary]:
    spells = Membership.objects.filter(agency=agency).during(period.first, period.last)
    teams = list(Team.objects.filter(agency=agency, pk__in=spells.values("team")))
    figures = team_figures.by_team(teams, period, today=now.astimezone(agency.zone).date())
    earlier = _earlier(teams, period)
    return TeamSummary.objects.bulk_create(
        TeamSummary(
            agency=agency,
            team=team,
            period_start=period.first,
            period_end=period.last,
            closed_at=now,
            figures=figures[team.pk].plain,
            questions=_questions(figures[team.pk], earlier.get(team.pk, []), period),
        )
        for team in teams
    )


def _earlier(teams: Sequence[Team], period: Period) -> dict[UUID, list[TeamSummary]]:
    """What the questions look back on, newest first: each team's latest summaries, and that of a year before."""
    oldest, year_before = _back(period, REMEMBERED), _year_before(period)
    remembered = Q(period_start__gte=oldest.first) | Q(period_start=year_before.first, period_end=year_before.last)
    found: dict[UUID, list[TeamSummary]] = {}
    summaries = TeamSummary.objects.filter(remembered, team__in=teams, period_end__lt=period.first)
    for summary in summaries.order_by("-period_start"):
        found.setdefault(summary.team_id, []).append(summary)
    return found


def _questions(figures: TeamFigures, earlier: Sequence[TeamSummary], period: Period) -> list[dict[str, object]]:
    """At most three, as plain values: code, tone, and the communities that one of them is about."""
    unbroken: list[TeamSummary] = []
    expected = period.previous()
    for summary in earlier:
        if summary.period != expected:
            break
        unbroken.append(summary)
        expected = expected.previous()
    year_before = _year_before(period)
    a_year_before = [summary for summary in earlier if summary.period == year_before]
    candidates = questions.applicable(
        figures,
        history=[summary.team_figures for summary in unbroken[:REMEMBERED]],
        last_year=a_year_before[0].team_figures if a_year_before else None,
    )
    asked = [[question["code"] for question in summary.questions] for summary in earlier[:REMEMBERED]]
    return [
        {"code": question.code, "tone": question.tone, "communities": list(question.communities)}
        for question in questions.choose(candidates, asked=asked)
    ]


def _year_before(period: Period) -> Period:
    """The same months of the year before."""
    return _back(period, 12 // (period.whole_months or 12))


def _back(period: Period, steps: int) -> Period:
    for _ in range(steps):
        period = period.previous()
    return period


def _queue_mail(agency: Agency, summaries: Sequence[TeamSummary], *, now: datetime) -> None:
    """A delivery row for each supervisor of today who wants summaries by e-mail."""
    spells = Membership.objects.current(now.astimezone(agency.zone).date()).supervising().filter(agency=agency)
    reached = spells.filter(worker__is_active=True, worker__gets_summaries=True)
    supervisors: dict[UUID, list[UUID]] = {}
    for team, worker in reached.values_list("team", "worker"):
        supervisors.setdefault(team, []).append(worker)
    Delivery.objects.bulk_create(
        [
            Delivery(agency=agency, kind=Delivery.Kind.TEAM_SUMMARY, summary=summary, recipient_id=worker, due_at=now)
            for summary in summaries
            for worker in supervisors.get(summary.team_id, [])
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def close_earlier(*, agency: Agency, first: date, last: date, now: datetime) -> dict[Period, int]:
    """Close whole periods before the agency's first, mailing nothing; returns how many summaries each made.

    ValueError where the days are not whole periods, are not over, or would leave a gap.
    """
    wanted = periods.between(first=first, last=last, rhythm=rhythm_of(agency))
    today = now.astimezone(agency.zone).date()
    for period in wanted:
        if not period.is_closed(today=today, grace_days=agency.grace_days):
            raise ValueError(
                f"{period.first} to {period.last} is not over yet, with {agency.grace_days} days of grace."
            )
    if wanted[-1].next().first < agency.reports_from:
        raise ValueError(f"This would leave a gap before {agency.reports_from}, from when on periods are closed.")
    noticed = AgencyPeriod.objects.filter(agency=agency).order_by("last_day").last()
    next_day = noticed.last_day + timedelta(days=1) if noticed else agency.reports_from
    if first > next_day:
        raise ValueError(f"This would leave a gap from {next_day} on.")
    others = AgencyPeriod.objects.filter(agency=agency, first_day__lte=last, last_day__gte=first)
    if any(row.period not in wanted for row in others):
        raise ValueError("Some of these days belong to periods of another length that were closed before.")
    made = {period: len(close(agency=agency, period=period, now=now, mails=False)) for period in wanted}
    Agency.objects.filter(pk=agency.pk, reports_from__gt=first).update(reports_from=first)
    return made
