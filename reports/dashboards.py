"""A team's dashboard: live figures of its shared actions, for any dates, with filters."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.filters import ActionFilter, Chip
from actions.forms.fields import DateInput
from actions.models import Action
from reports import periods, tables, team_figures
from reports.change import COMPARE_FROM
from reports.figures import TeamFigures
from reports.labels import number, period_label
from reports.periods import Period
from reports.tables import Tables
from teams.models import Team, Worker

LONGEST_MONTHS = 60
PRESETS = {
    "this_quarter": gettext_lazy("This quarter"),
    "last_quarter": gettext_lazy("Last quarter"),
    "this_month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "last_12_months": gettext_lazy("Last 12 months"),
}


class DashboardFilter(ActionFilter):
    """The days choose the period and leave the list alone: promises due in it may follow from earlier actions."""

    first = django_filters.DateFilter(label=gettext_lazy("From"), widget=DateInput, method="leave")
    last = django_filters.DateFilter(label=gettext_lazy("To"), widget=DateInput, method="leave")

    def leave(self, queryset: QuerySet[Action], name: str, value: date) -> QuerySet[Action]:
        return queryset

    def period(self, today: date) -> Period:
        return period_of(self.form, today)


class PeriodFilter(forms.Form):
    """The days that a page is about, where nothing else narrows it."""

    first = forms.DateField(label=gettext_lazy("From"), widget=DateInput, required=False)
    last = forms.DateField(label=gettext_lazy("To"), widget=DateInput, required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.disable_csrf = True
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("first", "last", Submit("", _("Show")))
        return helper


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
    is_over: bool
    changes: list[str] | None
    feed_url: str
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
    period = filters.period(today)
    chips = [chip for chip in filters.chips(request) if not chip.is_day]
    among = filters.qs if chips or not filters.form.is_valid() else None
    figures = team_figures.of_team(team, period, today=today, among=among)
    is_over = period.last <= today
    before = team_figures.of_team(team, period.previous(), today=today, among=among) if is_over else None
    return Dashboard(
        team=team,
        period=period,
        filters=filters,
        chips=chips,
        presets=presets_of(request, period, today),
        figures=figures,
        tables=Tables(
            figures,
            tables.communities_of(reader.agency),
            link=lambda **choice: _list_behind(team, request.GET, period, choice),
            file=lambda name, ending: _address(
                "reports:dashboard_file", [team.pk, ending], request.GET, period, {"table": name} if name else {}
            ),
        ),
        is_over=is_over,
        changes=tables.changes(figures, before) if before else None,
        feed_url=_address("actions:feed", [team.pk], request.GET, period, {}),
        as_of=timezone.now(),
    )


def _list_behind(team: Team, query: QueryDict, period: Period, choice: dict[str, Any]) -> str | None:
    """The list that a figure counts; none for a second community beside the one in force, which a list cannot ask."""
    if any(query.get(key, str(value)) not in ("", str(value)) for key, value in choice.items()):
        return None
    return _address("actions:feed", [team.pk], query, period, choice)


def _address(name: str, args: list[Any], query: QueryDict, period: Period, choice: dict[str, Any]) -> str:
    """An address with the filters in force, the period's days and one more choice."""
    asked = query.copy()
    asked.pop("page", None)
    for key, value in {"first": period.first, "last": period.last, **choice}.items():
        asked[key] = str(value)
    return f"{reverse(name, args=args)}?{asked.urlencode()}"


def presets_of(request: HttpRequest, period: Period, today: date) -> list[Preset]:
    presets = []
    for code, preset in periods.presets(today).items():
        asked = request.GET.copy()
        asked["first"], asked["last"] = str(preset.first), str(preset.last)
        presets.append(Preset(str(PRESETS[code]), f"{request.path}?{asked.urlencode()}", preset == period))
    return presets
