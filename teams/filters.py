"""Filters of lists, in the address: shareable, and each one removable."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.models import Membership, Team, Worker


class Chip(NamedTuple):
    """One filter in force, and the address of the list without it."""

    label: str
    remove_url: str


def asked_by_get(*fields: str) -> FormHelper:
    """How a form that only narrows what a page shows is laid out: its answers stand in the address."""
    helper = FormHelper()
    helper.form_method = "get"
    helper.disable_csrf = True
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", _("Show")))
    return helper


def _written(value: Any) -> str:
    return value if isinstance(value, str) else formats.date_format(value)


class ListFilter(django_filters.FilterSet):
    """A filter of a list, its form and its chips; `_filters.html` draws the form."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Nothing where the address asks for something that is not there: an unfiltered list would mislead.

        What the form asks besides the filters, such as the days of a period, leaves the list alone.
        """
        if not self.form.is_valid():
            return queryset.none()
        for name, filter_ in self.filters.items():
            queryset = filter_.filter(queryset, self.form.cleaned_data[name])
        return queryset

    @property
    def in_force(self) -> dict[str, Any]:
        """What each filter in use asks for; none of them where one cannot be understood."""
        if not self.form.is_valid():
            return {}
        asked = {name: self.form.cleaned_data[name] for name in self.filters}
        return {name: value for name, value in asked.items() if value not in (None, "")}

    def chips(self, request: HttpRequest) -> list[Chip]:
        return list(self._chips(request))

    def _chips(self, request: HttpRequest) -> Iterator[Chip]:
        for name, value in self.in_force.items():
            field = self.form.fields[name]
            choices = {str(code): label for code, label in getattr(field, "choices", [])}
            shown = choices.get(str(value)) or _written(value)
            words = {"filter": field.label, "value": shown}
            yield Chip(gettext("%(filter)s: %(value)s") % words, self.without(request, name))

    def without(self, request: HttpRequest, *names: str) -> str:
        """The address of the first page without those filters."""
        query = request.GET.copy()
        for key in (*names, "page"):
            query.pop(key, None)
        return f"{request.path}?{query.urlencode()}"


class PeopleFilter(ListFilter):
    """What an agency's people may be narrowed by: who they are and where, never what or how much they log."""

    q = django_filters.CharFilter(label=_("Name or e-mail address"), method="named")
    team = django_filters.ChoiceFilter(label=_("Team"), method="in_team", empty_label=_("All"))
    role = django_filters.ChoiceFilter(
        label=_("Role"),
        method="in_role",
        empty_label=_("All"),
        choices=[
            ("member", _("Member of a team")),
            ("supervisor", _("Supervisor")),
            ("equity_lead", _("Equity lead")),
            ("admin", _("Admin")),
            ("no_team", _("In no team today")),
        ],
    )
    state = django_filters.ChoiceFilter(
        label=_("Account"),
        method="in_state",
        empty_label=_("All"),
        choices=[("open", _("Open")), ("closed", _("Closed"))],
    )

    class Meta:
        model = Worker
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Worker], *, reader: Worker) -> None:
        super().__init__(data, queryset)
        self.teams = Team.objects.roster_visible_to(reader)
        self.filters["team"].extra["choices"] = [(str(team.pk), team.name) for team in self.teams.open()]

    def named(self, queryset: QuerySet[Worker], name: str, value: str) -> QuerySet[Worker]:
        for word in value.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return queryset

    def in_team(self, queryset: QuerySet[Worker], name: str, value: str) -> QuerySet[Worker]:
        return queryset.filter(pk__in=_today().filter(team=UUID(value)).values("worker")) if value else queryset

    def in_role(self, queryset: QuerySet[Worker], name: str, value: str) -> QuerySet[Worker]:
        if value in {"admin", "equity_lead"}:
            return queryset.filter(**{f"is_{value}": True})
        if value == "no_team":
            return queryset.exclude(pk__in=_today().values("worker"))
        return queryset.filter(pk__in=_today().filter(role=value).values("worker")) if value else queryset

    def in_state(self, queryset: QuerySet[Worker], name: str, value: str) -> QuerySet[Worker]:
        return queryset.filter(is_active=value == "open") if value else queryset


def _today() -> QuerySet[Membership]:
    return Membership.objects.current(timezone.localdate())
