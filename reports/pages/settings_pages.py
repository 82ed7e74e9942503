"""What the page of settings says: how an agency is set, and what a change would bring about before it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.models import Erased, Purge
from reports import purging
from reports.forms.settings import FiguresForm, HoldForm, KeepingForm, SettingsForm, SharingForm, TimeForm
from reports.pages.labels import number, period_label
from reports.periods import DAY, Period, Rhythm
from reports.summaries import rhythm_of
from teams import agencies
from teams.models import Agency, Membership
from teams.visibility import Visibility

FEW = 5  # fewer are not told apart: of a small agency a number would say who
PURGES = 20


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """One part of the settings: its form, and how it stands."""

    code: str
    title: str | Promise
    form: type[SettingsForm]
    facts: Callable[[Agency], list[Fact]]
    effects: Callable[[Any, datetime], Iterator[str]]
    """What saving the form would change for others, in sentences; none where nothing does."""


@dataclass(frozen=True)
class Erasure:
    """One line of what was erased; how many reflections somebody wrote is not told."""

    what: str
    before: date
    n: str
    at: datetime


def erasures(agency: Agency) -> list[Erasure]:
    return [
        Erasure(
            what=row.get_what_display(),
            before=row.before,
            n="" if row.what == Erased.REFLECTIONS else told(row.count),
            at=row.erased_at,
        )
        for row in Purge.objects.filter(agency=agency)[:PURGES]
    ]


def told(n: int) -> str:
    return number(n) if n >= FEW else _("fewer than %(n)s") % {"n": FEW}


# Time and summaries --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upcoming:
    """The next period to be closed, and the day on which that is done."""

    period: Period
    made_on: date


def upcoming(agency: Agency, rhythm: Rhythm | None = None, *, grace_days: int | None = None) -> Upcoming:
    last = agency.periods.aggregate(last=Max("last_day"))["last"]
    period = (rhythm or rhythm_of(agency)).starting(last + DAY if last else agency.reports_from)
    return Upcoming(period, _made_on(period, agency.grace_days if grace_days is None else grace_days))


def _made_on(period: Period, grace_days: int) -> date:
    return period.last + timedelta(days=grace_days + 1)


def _time_facts(agency: Agency) -> list[Fact]:
    rhythm, following = rhythm_of(agency), agencies.next_quarter(agency.today())
    cadence: str | Promise = _CADENCES[rhythm.on(agency.today())]
    if (later := rhythm.on(following)) != rhythm.on(agency.today()):
        cadence = _("%(now)s; %(later)s from %(day)s on") % {
            "now": cadence,
            "later": _CADENCES[later],
            "day": date_format(following),
        }
    coming = upcoming(agency, rhythm)
    return [
        Fact(_("Time zone"), agency.time_zone.replace("_", " ")),
        Fact(_("Language of new accounts"), agency.get_language_display()),
        Fact(_("Team summaries"), str(cadence)),
        Fact(_("Days for late entries"), number(agency.grace_days)),
        Fact(_("Next summaries"), f"{period_label(coming.period)}: {date_format(coming.made_on)}"),
    ]


_CADENCES = {"monthly": gettext_lazy("monthly"), "quarterly": gettext_lazy("quarterly")}


def _time_effects(form: TimeForm, now: datetime) -> Iterator[str]:
    agency, data = form.agency, form.cleaned_data
    if data["time_zone"] != agency.time_zone:
        zone = Agency(time_zone=data["time_zone"]).zone
        yield _("Days begin and end by the clock of %(zone)s, where it is %(now)s now. So do months and quarters.") % {
            "zone": data["time_zone"].replace("_", " "),
            "now": date_format(now.astimezone(zone), "DATETIME_FORMAT"),
        }
    if form.new_cadence:
        yield from _of_cadence(form)
    if data["grace_days"] != agency.grace_days:
        coming = upcoming(agency, grace_days=data["grace_days"])
        yield _(
            "Late entries count for %(n)s days instead of %(old)s. The summaries of %(period)s are made on %(day)s."
        ) % {
            "n": data["grace_days"],
            "old": agency.grace_days,
            "period": period_label(coming.period),
            "day": date_format(coming.made_on),
        }


def _of_cadence(form: TimeForm) -> Iterator[str]:
    day = date_format(form.from_day)
    if form.new_cadence == rhythm_of(form.agency).on(form.agency.today()):
        yield _("Summaries stay as often as they are: the change of %(day)s does not come.") % {"day": day}
        return
    monthly = form.new_cadence == "monthly"
    yield (
        _("Team summaries become monthly from %(day)s on. Until then all stays as it is.")
        if monthly
        else _("Team summaries become quarterly from %(day)s on. Until then all stays as it is.")
    ) % {"day": day}
    current = Membership.objects.current(form.agency.today()).filter(agency=form.agency)
    teams = current.values("team").distinct().count()
    first = Period.containing(form.from_day, form.new_cadence)
    yield ngettext(
        "It concerns %(n)s team. Its first summary of the new kind, for %(period)s, is made on %(made)s.",
        "It concerns %(n)s teams. Their first summaries of the new kind, for %(period)s, are made on %(made)s.",
        teams,
    ) % {
        "n": teams,
        "period": period_label(first),
        "made": date_format(_made_on(first, form.cleaned_data["grace_days"])),
    }


# Protected figures ---------------------------------------------------------------------------------------------------


def _figures_facts(agency: Agency) -> list[Fact]:
    since = agency.in_sector_from and period_label(Period.containing(agency.in_sector_from, "quarterly"))
    return [
        Fact(_("Actions that a figure needs"), number(agency.least_actions)),
        Fact(_("People whose actions it needs"), number(agency.least_authors)),
        Fact(_("Most of it by one person"), _("%(n)s percent") % {"n": agency.most_percent}),
        Fact(_("Counts in the figures of the sector"), _("since %(period)s") % {"period": since} if since else _("no")),
    ]


def _figures_effects(form: FiguresForm, now: datetime) -> Iterator[str]:
    agency, data = form.agency, form.cleaned_data
    if any(data[name] != getattr(agency, name) for name in ("least_actions", "least_authors", "most_percent")):
        yield _(
            "From the next quarter that is closed on, a figure of your agency needs %(actions)s actions by %(authors)s "
            "people, with at most %(percent)s percent by one of them."
        ) % {"actions": data["least_actions"], "authors": data["least_authors"], "percent": data["most_percent"]}
        yield _("More figures will say “not shown”. Quarters that are out stay as they are.")
        yield _("This cannot be taken back: these numbers protect people, and go one way only.")
    if data["sector"] in ("now", "next"):
        period = Period.containing(form.in_sector_from or agency.today(), "quarterly")
        yield _(
            "What is shared or counted in your agency adds to the figures of the sector from %(period)s on. Equity "
            "leads of all agencies and analysts read those; they never show your agency by itself."
        ) % {"period": period_label(period)}
        yield _("Analysts can also read the titles and aims of your initiatives at sector level.")
    elif data["sector"] == "no" and agency.in_sector_from:
        yield _(
            "Quarters of the sector that are not closed yet are made without your agency. Those that are out stay as "
            "they are, with what your agency added."
        )


# Sharing -------------------------------------------------------------------------------------------------------------


def _sharing_facts(agency: Agency) -> list[Fact]:
    return [
        Fact(_("Suggested to new people"), str(Visibility(agency.suggested_visibility).label)),
        Fact(_("Reminders on Mondays"), _("yes") if agency.sends_reminders else _("no")),
    ]


def _sharing_effects(form: SharingForm, now: datetime) -> Iterator[str]:
    if form.agency.sends_reminders and not form.cleaned_data["sends_reminders"]:
        yield _("Nobody in your agency is reminded of commitments by e-mail any more, also those who want it.")
    if form.cleaned_data["sends_reminders"] and not form.agency.sends_reminders:
        yield _("From next Monday on, everybody who has not switched it off is reminded of what is due.")


# Keeping and erasing -------------------------------------------------------------------------------------------------


def _keeping_facts(agency: Agency) -> list[Fact]:
    return [Fact(_("Texts are kept for"), _months(agency.text_months))]


def _months(n: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", n) % {"n": n}


def _keeping_effects(form: KeepingForm, now: datetime) -> Iterator[str]:
    agency, months = form.agency, form.cleaned_data["text_months"]
    if months == agency.text_months:
        return
    yield _("Texts are kept for %(new)s instead of %(old)s.") % {
        "new": _months(months),
        "old": _months(agency.text_months),
    }
    n = purging.due(agency, now=now, months=months)
    if agency.held_on:
        yield _("While the hold is on, nothing is erased.")
    elif n:
        yield _to_go(n)


def _to_go(n: int) -> str:
    """In fives: asked for one number of months after the other, exact ones would count out those of each month."""
    about = _("about %(n)s") % {"n": number(FEW * round(n / FEW))} if n >= FEW else told(n)
    return _("Within the hour, older texts are erased for good: %(n)s. What was done stays, and is counted.") % {
        "n": about
    }


def _hold_facts(agency: Agency) -> list[Fact]:
    if agency.held_on is None:
        return [Fact(_("Hold"), _("none"))]
    return [
        Fact(_("Hold"), _("since %(day)s") % {"day": date_format(agency.held_on)}),
        Fact(_("Why?"), agency.hold_reason),
    ]


def _hold_effects(form: HoldForm, now: datetime) -> Iterator[str]:
    agency, held = form.agency, form.cleaned_data["is_held"]
    if held and agency.held_on is None:
        yield _(
            "Nothing of your agency is erased by its age until you lift the hold, nor what people leave behind who go."
        )
        yield _("What somebody takes back, deletes or erases herself still goes: that is hers.")
    elif agency.held_on and not held:
        yield _("Texts go by their age again, and so do those of people who left.")
        if n := purging.due(agency, now=now):
            yield _to_go(n)


PARTS = {
    part.code: part
    for part in (
        Part("time", gettext_lazy("Time and summaries"), TimeForm, _time_facts, _time_effects),
        Part("figures", gettext_lazy("Protected figures"), FiguresForm, _figures_facts, _figures_effects),
        Part("sharing", gettext_lazy("Sharing and reminders"), SharingForm, _sharing_facts, _sharing_effects),
        Part("keeping", gettext_lazy("Keeping and erasing"), KeepingForm, _keeping_facts, _keeping_effects),
        Part("hold", gettext_lazy("A hold on erasing"), HoldForm, _hold_facts, _hold_effects),
    )
}
