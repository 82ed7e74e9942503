"""A worker's own year: what she did, by kind and in full, for her eyes only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, Q, Sum, TextChoices

from actions.models import Action, Commitment
from actions.models.action import ActionQuerySet
from actions.vocabulary import Direction, Kind, Level
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


@dataclass(frozen=True)
class Month:
    first: date
    actions: list[Action]


def by_month(actions: Iterable[Action]) -> list[Month]:
    """In the order in which they come, each month with its own."""
    months = groupby(actions, key=lambda action: action.done_on.replace(day=1))
    return [Month(first, list(own)) for first, own in months]


@dataclass(frozen=True)
class Counted:
    """How many actions, for each word of one vocabulary in the catalogue's order, zeros left out."""

    rows: list[tuple[TextChoices, int]]


@dataclass(frozen=True)
class YearInFull:
    """All of one year as a document: figures, learning, the other actions and promises, each from first to last."""

    year: Year
    directions: Counted
    levels: Counted
    hours: Decimal
    dollars: int
    learning: list[Action]
    learning_hours: Decimal
    months: list[Month]
    promises: list[Commitment]


def in_full(worker: Worker, year: int) -> YearInFull:
    """Learning stands apart from the months. Promises are those due in the year, or agreed anew for it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    mine = Action.objects.by(worker).done(first, last)
    rows = list(mine.for_list(worker.agency).order_by("done_on", "id"))
    learning = [row for row in rows if row.practice.kind == Kind.LEARNING]
    is_learning = Q(practice__kind=Kind.LEARNING)
    sums = mine.order_by().aggregate(
        all_hours=Sum("hours"), moved=Sum("dollars"), learning_hours=Sum("hours", filter=is_learning)
    )
    due = Commitment.objects.by(worker).with_practice(worker.agency)
    return YearInFull(
        year=by_kind(worker, year),
        directions=_counted(mine, "direction", Direction),
        levels=_counted(mine, "level", Level),
        hours=(sums["all_hours"] or Decimal()).normalize(),
        dollars=sums["moved"] or 0,
        learning=learning,
        learning_hours=(sums["learning_hours"] or Decimal()).normalize(),
        months=by_month(row for row in rows if row.practice.kind != Kind.LEARNING),
        promises=list(due.filter(Q(due_on__range=(first, last)) | Q(renegotiated_to__range=(first, last)))),
    )


def _counted(mine: ActionQuerySet, field: str, words: type[TextChoices]) -> Counted:
    counts = dict(mine.order_by().values_list(field).annotate(Count("pk")))
    return Counted([(word, counts[word]) for word in words if word in counts])


def logged_in(worker: Worker) -> list[int]:
    """The years of which she has anything, the latest first."""
    days = Action.objects.by(worker).order_by().dates("done_on", "year", order="DESC")
    return [day.year for day in days]
