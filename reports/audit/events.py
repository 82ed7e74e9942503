"""Events of all kinds in one list, the newest first, each with the same row as it was before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject

from reports.audit.kinds import Kind
from teams.audit.recording import BY
from teams.models import Worker

MOST_IN_FILE = 10_000


@dataclass(frozen=True)
class Asked:
    """What narrows the list; None leaves it as wide as it is. Keys of nobody make it empty."""

    by: frozenset[UUID] | None = None
    people: frozenset[UUID] | None = None
    teams: frozenset[UUID] | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Found:
    pk: UUID
    kind: Kind
    at: datetime
    label: str
    context: dict[str, str]
    new: dict[str, Any]
    old: dict[str, Any] | None
    """The same row by the event before; None of the first that was recorded of it."""


def newest(
    reader: Worker, kinds: Iterable[Kind], asked: Asked, *, at_most: int, before: UUID | None = None
) -> list[Found]:
    """In one statement, whatever the number of kinds; `before`: go on after that event."""
    by_code = {kind.code: kind for kind in kinds if _can_be_about(kind, asked)}
    branches = [_branch(kind, reader, asked, before)[:at_most] for kind in by_code.values()]
    if not branches:
        return []
    first, *others = branches
    rows: Any = first.union(*others, all=True).order_by("-pgh_id")[:at_most] if others else first
    return list(_found(rows, by_code))


def _found(rows: Iterable[dict[str, Any]], kinds: dict[str, Kind]) -> Iterator[Found]:
    for row in rows:
        yield Found(
            pk=row["pgh_id"],
            kind=kinds[row["audit_kind"]],
            at=row["pgh_created_at"],
            label=row["pgh_label"],
            context=_clean(row["pgh_context"]),
            new=row["audit_new"],
            old=row["audit_old"],
        )


def _clean(context: Any) -> dict[str, str]:
    """Who reached the database past the app can have written anything there."""
    texts = {
        key: value for key, value in (context if isinstance(context, dict) else {}).items() if isinstance(value, str)
    }
    if BY in texts:
        try:
            UUID(texts[BY])
        except ValueError:
            del texts[BY]
    return texts


def _can_be_about(kind: Kind, asked: Asked) -> bool:
    if asked.people is None and asked.teams is None:
        return True
    return bool((asked.people is not None and kind.people) or (asked.teams is not None and kind.teams))


def _branch(kind: Kind, reader: Worker, asked: Asked, before: UUID | None) -> Any:
    events: Any = kind.event._base_manager
    row = JSONObject(pk="pgh_obj_id", **{name: F(_column(kind, name)) for name in {*kind.about, *kind.labels}})
    earlier = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    found = events.filter(kind.visible_to(reader), *_narrowed(kind, reader, asked))
    if before:
        found = found.filter(pgh_id__lt=before)
    return (
        found.annotate(
            audit_kind=Value(kind.code, output_field=CharField()),
            audit_new=row,
            audit_old=Subquery(earlier.annotate(audit_row=row).values("audit_row")[:1]),
        )
        .order_by("-pgh_id")
        .values("pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "audit_kind", "audit_new", "audit_old")
    )


def _column(kind: Kind, name: str) -> str:
    return str(kind.event._meta.get_field(name).attname)  # type: ignore[union-attr]


def _narrowed(kind: Kind, reader: Worker, asked: Asked) -> Iterator[Q]:
    assert reader.agency is not None
    zone = reader.agency.zone
    if asked.by is not None:
        yield Q(**{f"pgh_context__{BY}__in": [str(key) for key in asked.by]})
    if asked.people is not None or asked.teams is not None:
        pairs = ((kind.people, asked.people), (kind.teams, asked.teams))
        about = [Q(**{f"{column}__in": keys}) for columns, keys in pairs if keys is not None for column in columns]
        yield reduce(or_, about)
    if asked.first:
        yield Q(pgh_created_at__gte=datetime.combine(asked.first, time.min, tzinfo=zone))
    if asked.last and asked.last < date.max:
        yield Q(pgh_created_at__lt=datetime.combine(asked.last + timedelta(days=1), time.min, tzinfo=zone))
