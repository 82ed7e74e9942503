"""Filters of action lists, in the address: shareable, and each one removable."""

from collections.abc import Iterable
from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from actions import catalogue
from actions.models import Action, Ask, Barrier
from actions.vocabulary import Direction, HeardBack, Kind, Level, Stance, System
from teams.drawing import DateInput
from teams.filters import ListFilter, asked_by_get
from teams.models import Worker
from teams.visibility import Visibility


class ActionFilter(ListFilter):
    """What every reader of a list may narrow it by; never by its author."""

    first = django_filters.DateFilter("done_on", lookup_expr="gte", label=_("From"), widget=DateInput)
    last = django_filters.DateFilter("done_on", lookup_expr="lte", label=_("To"), widget=DateInput)
    kind = django_filters.ChoiceFilter("practice__kind", label=_("Kind"), choices=Kind.choices)
    practice = django_filters.ChoiceFilter("practice_id", label=_("Practice"))
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices)
    stance = django_filters.ChoiceFilter(
        "practice__stance", label=_("Acting ahead or responding"), choices=Stance.choices
    )
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=Direction.choices)
    community = django_filters.ChoiceFilter("communities", label=_("Community"), method="for_community")
    system = django_filters.ChoiceFilter(label=_("Service system"), choices=System.choices)
    heard_back = django_filters.ChoiceFilter(label=_("Heard back"), choices=HeardBack.choices)

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Action], *, reader: Worker) -> None:
        super().__init__(data, queryset)
        self.terms = catalogue.terms(reader.agency)
        for name, terms in (("practice", self.terms.practices), ("community", self.terms.communities)):
            self.filters[name].extra["choices"] = [(term.pk, term.name) for term in terms.values()]
        for filter_ in self.filters.values():
            if isinstance(filter_, django_filters.ChoiceFilter):
                filter_.extra["empty_label"] = _("All")

    def for_community(self, queryset: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        return queryset.filter(communities__contains=[int(value)])


class RecordFilter(ActionFilter):
    """Her own record may also be narrowed by who else can see an entry."""

    visibility = django_filters.ChoiceFilter(label=_("Who can see it"), choices=Visibility.choices)


class YearFilter(forms.Form):
    """Which of her years, and whether her notes stand in it."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, empty_value=None)
    notes = forms.BooleanField(label=_("With my notes and partners"), required=False)

    def __init__(self, data: Any, *, years: Iterable[int]) -> None:
        super().__init__(data)
        choices: Any = self.fields["year"]
        choices.choices = [(year, str(year)) for year in years]

    @property
    def helper(self) -> FormHelper:
        return asked_by_get("year", "notes")


class AskFilter(ListFilter):
    """Asks may be narrowed by what got in the way; never by who asked or answered."""

    barrier = django_filters.ChoiceFilter(label=_("What got in the way"), choices=Barrier.choices, empty_label=_("All"))

    class Meta:
        model = Ask
        fields: list[str] = []
