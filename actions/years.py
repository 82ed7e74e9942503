"""A worker's own year: what she did, by kind, for her eyes only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from actions.models import Action
from actions.vocabulary import Kind
from teams.models import Worker


@dataclass(frozen=True)
class Part:
    kind: Kind
    n: int


@dataclass(frozen=True)
class Year:
    """All kinds in the catalogue's order, zeros included."""

    year: int
    parts: list[Part]

    @property
    def total(self) -> int:
        return sum(part.n for part in self.parts)

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)


def by_kind(worker: Worker, year: int) -> Year:
    mine = Action.objects.by(worker).done(date(year, 1, 1), date(year, 12, 31)).order_by()
    counts = dict(mine.values_list("practice__kind").annotate(Count("pk")))
    return Year(year, [Part(kind, counts.get(kind, 0)) for kind in Kind])
