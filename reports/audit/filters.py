"""What the audit may be narrowed by: who changed something, what, about whom, and when."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.audit.events import Asked
from reports.audit.kinds import KINDS, Kind
from teams.drawing import DateInput
from teams.filters import ListFilter
from teams.models import Team, Worker

MOST_NAMES = 200  # that words may stand for


class ChangeFilter(ListFilter):
    """Of the changes about one person or team, whose page says which."""

    who = django_filters.CharFilter(label=_("Changed by (name or e-mail address)"))
    kind = django_filters.ChoiceFilter(label=_("What"), empty_label=_("All"))
    first = django_filters.DateFilter(label=_("From"), widget=DateInput)
    last = django_filters.DateFilter(label=_("To"), widget=DateInput)

    class Meta:
        model = Worker
        fields: list[str] = []

    def __init__(self, data: Any, *, reader: Worker) -> None:
        super().__init__(data, Worker.objects.none())
        self.reader = reader
        self.filters["kind"].extra["choices"] = [(kind.code, kind.name) for kind in KINDS.values()]

    @property
    def wanted(self) -> list[Kind]:
        code = self.in_force.get("kind")
        return [KINDS[code]] if code else list(KINDS.values())

    def asked(self, *, people: frozenset[UUID] | None = None, teams: frozenset[UUID] | None = None) -> Asked:
        found = self.in_force
        by = self._people(found["who"]) if "who" in found else None
        return Asked(by=by, people=people, teams=teams, first=found.get("first"), last=found.get("last"))

    def _people(self, words: str) -> frozenset[UUID]:
        people = Worker.objects.visible_to(self.reader)
        for word in words.split():
            people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return frozenset(people.values_list("pk", flat=True)[:MOST_NAMES])


class AuditFilter(ChangeFilter):
    """Of all changes of an agency."""

    about = django_filters.CharFilter(label=_("About a person or a team (name)"))

    @property
    def everything(self) -> Asked:
        words = self.in_force.get("about")
        if words is None:
            return self.asked()
        teams = Team.objects.roster_visible_to(self.reader).filter(name__icontains=words.strip())
        return self.asked(people=self._people(words), teams=frozenset(teams.values_list("pk", flat=True)[:MOST_NAMES]))
