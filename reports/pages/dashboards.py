"""A team's dashboard: live figures of its shared actions, for any dates, with filters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.catalogue import Terms
from actions.filters import ActionFilter
from actions.models import Action
from actions.vocabulary import Kind
from reports import periods
from reports.figures import team_figures
from reports.figures.change import COMPARE_FROM
from reports.figures.counts import TeamFigures
from reports.figures.resources import Resources
from reports.pages import tables
from reports.pages.files import Ending
from reports.pages.labels import number, period_label
from reports.pages.tables import Tables
from reports.periods import Period
from teams.drawing import DateInput
from teams.filters import Chip, asked_by_get
from teams.models import Team, Worker

LONGEST_MONTHS = 60
ALL = "all=1"
PRESETS = {
    "this_quarter": gettext_lazy("This quarter"),
    "last_quarter": gettext_lazy("Last quarter"),
    "this_month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "last_12_months": gettext_lazy("Last 12 months"),
}


class PeriodFilter(forms.Form):
    """The days that a page is about, where nothing else narrows it."""

    first = forms.DateField(label=gettext_lazy("From"), widget=DateInput, required=False)
    last = forms.DateField(label=gettext_lazy("To"), widget=DateInput, required=False)

    @property
    def helper(self) -> FormHelper:
        return asked_by_get("first", "last")


class DashboardFilter(ActionFilter):
    """The days choose the period and leave the list alone: promises due in it may follow from earlier actions."""

    first = last = None

    class Meta(ActionFilter.Meta):
        form = PeriodFilter

    def without(self, request: HttpRequest, *names: str) -> str:
        """An address that asks for nothing at all would bring back the filters that are remembered."""
        address = super().without(request, *names)
        return f"{address}{ALL}" if address.endswith("?") else address

    def without_any(self, request: HttpRequest) -> str:
        return self.without(request, *self.filters)


def period_of(form: forms.Form, today: date) -> Period:
    """The period that `first` and `last` ask for, this quarter where none; a wrong one becomes an error of the form."""
    default = periods.presets(today)["this_quarter"]
    if not form.is_valid():
        return default
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    if not (first or last):
        return default
    try:
        return _period(first or last.replace(day=1), last or max(first, today))
    except ValidationError as error:
        form.add_error("last", error)
        return default


def _period(first: date, last: date) -> Period:
    if last < first:
        raise ValidationError(_("The last day comes before the first."))
    if first.year not in periods.YEARS or last.year not in periods.YEARS:
        raise ValidationError(_("These years are out of reach."))
    if (last.year - first.year) * 12 + last.month - first.month >= LONGEST_MONTHS:
        raise ValidationError(_("At most five years at once."))
    return Period(first, last)


@dataclass(frozen=True)
class Preset:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Dashboard:
    """All that the page prints."""

    team: Team
    period: Period
    filters: DashboardFilter
    chips: list[Chip]
    presets: list[Preset]
    figures: TeamFigures
    tables: Tables
    actions: list[Action]
    """All of the period, the latest first, where they are few."""
    resources: Resources
    is_over: bool
    changes: list[str] | None
    feed_url: str
    clear_url: str
    as_of: datetime

    @property
    def label(self) -> str:
        return period_label(self.period)

    @property
    def headline(self) -> str:
        return headline(self.figures, self.period)

    @property
    def is_small(self) -> bool:
        """Too few actions for pictures and comparison: one table and the list."""
        return self.figures.total < COMPARE_FROM

    @property
    def by_kind(self) -> list[tuple[Kind, list[Action]]]:
        """The actions under the kinds of their practices, in the catalogue's order."""
        groups = [(kind, [action for action in self.actions if action.practice.kind == kind]) for kind in Kind]
        return [group for group in groups if group[1]]

    @property
    def file_rows(self) -> list[tuple[object, ...]]:
        return self.tables.file_rows() + self.resources.file_rows


def headline(figures: TeamFigures, period: Period) -> str:
    if not figures.total:
        return _("%(period)s: the team shared no action.") % {"period": capfirst(period_label(period))}
    return ngettext(
        "%(period)s: the team shared %(n)s action; %(taking)s took direction from people affected.",
        "%(period)s: the team shared %(n)s actions; %(taking)s took direction from people affected.",
        figures.total,
    ) % {
        "period": capfirst(period_label(period)),
        "n": number(figures.total),
        "taking": number(figures.taking_direction),
    }


def build(team: Team, reader: Worker, request: HttpRequest) -> Dashboard:
    today = timezone.localdate()
    shared = Action.objects.shared().filter(team=team)
    filters = DashboardFilter(request.GET, shared, reader=reader)
    period = period_of(filters.form, today)
    among = filters.qs if filters.in_force or not filters.form.is_valid() else None
    figures, before, resources = team_figures.with_before(
        team, period, today=today, sorts=team_figures.sorts_of(filters.terms), among=among
    )
    few = _few(filters.qs.done(period.first, period.last), filters.terms) if 0 < figures.total < COMPARE_FROM else []
    is_over = period.last < today
    return Dashboard(
        team=team,
        period=period,
        filters=filters,
        chips=filters.chips(request),
        presets=presets_of(request, period, today),
        figures=figures,
        tables=Tables(
            figures,
            filters.terms.communities,
            link=_lists_behind(team, request.GET, period),
            file=_files_of(team, request.GET, period),
            promised_in=period_label(months) if (months := period.in_whole_months()) != period else "",
        ),
        actions=few,
        resources=resources,
        is_over=is_over,
        changes=tables.changes(figures, before) if is_over else None,
        feed_url=_address("actions:feed", [team.pk], request.GET, period, {}),
        clear_url=filters.without_any(request),
        as_of=timezone.now(),
    )


def _few(actions: QuerySet[Action], terms: Terms) -> list[Action]:
    """With all that the page prints of them: not who did it, which the feed and the page of each say."""
    found = list(actions)
    terms.name(found)
    return found


def _lists_behind(team: Team, query: QueryDict, period: Period) -> tables.Link:
    """The list that a figure counts; none for a second community beside the one in force, which a list cannot ask."""
    every = _address("actions:feed", [team.pk], query, period, {})

    def link(**choice: Any) -> str | None:
        if any(query.get(key, str(value)) not in ("", str(value)) for key, value in choice.items()):
            return None
        if any(key in query for key in choice):
            return _address("actions:feed", [team.pk], query, period, choice)
        return f"{every}&{urlencode(choice)}"

    return link


def _files_of(team: Team, query: QueryDict, period: Period) -> Callable[[str, Ending], str]:
    """The address of the file of one table, and of all of them."""
    asked = query.copy()
    asked.pop("table", None)
    every = {ending: _address("reports:dashboard_file", [team.pk, ending], asked, period, {}) for ending in Ending}
    return lambda name, ending: f"{every[ending]}&table={name}" if name else every[ending]


def _address(name: str, args: list[Any], query: QueryDict, period: Period, choice: dict[str, Any]) -> str:
    """An address with the filters in force, the period's days and one more choice."""
    asked = _lasting(query)
    for key, value in {"first": period.first, "last": period.last, **choice}.items():
        asked[key] = str(value)
    return f"{reverse(name, args=args)}?{asked.urlencode()}"


def _lasting(query: QueryDict) -> QueryDict:
    """What a link to another period or list takes along."""
    asked = query.copy()
    for key in ("page", ALL.partition("=")[0]):
        asked.pop(key, None)
    return asked


def presets_of(request: HttpRequest, period: Period, today: date) -> list[Preset]:
    presets = []
    for code, preset in periods.presets(today).items():
        asked = _lasting(request.GET)
        asked["first"], asked["last"] = str(preset.first), str(preset.last)
        presets.append(Preset(str(PRESETS[code]), f"{request.path}?{asked.urlencode()}", preset == period))
    return presets
