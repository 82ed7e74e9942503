"""A worker's reflections: sealing what she wrote, opening it for her, and sealing all anew with another key."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from actions import once, sealing
from actions.models import Draft, Reflection
from actions.sealing import keys
from teams.models import Worker

logger = logging.getLogger(__name__)
BATCH = 200


class StaleVersion(Exception):
    """The reflection was saved with other words since it was read: on another device, or by a form sent before."""

    def __init__(self, saved: Reflection) -> None:
        super().__init__("stale version")
        self.saved = saved


@dataclass(frozen=True)
class Opened:
    """A reflection with its text; without one where it cannot be opened."""

    reflection: Reflection
    text: str | None = field(repr=False)


def opened(reflection: Reflection) -> Opened:
    return next(opened_each([reflection]))


def opened_each(rows: Iterable[Reflection]) -> Iterator[Opened]:
    """Each with its text, for its author alone; one that cannot be opened is logged by its id and stops no other."""
    return (Opened(row, text) for row, text in _unsealed(rows, keys.ring()))


def _unsealed[Row: (Reflection, Draft)](rows: Iterable[Row], ring: sealing.Ring) -> Iterator[tuple[Row, str | None]]:
    for row in rows:
        try:
            yield row, sealing.unseal(bytes(row.ciphertext), ring=ring, row=row.pk, author=row.author_id)
        except sealing.CannotOpen as error:
            logger.error("%s %s cannot be opened: %s", type(row).__name__, row.pk, error)
            yield row, None


def write(reflection: Reflection, text: str, *, by: Worker, key: UUID | None = None) -> Reflection:
    """Save a new reflection. `key` is made where it was written, so that it can be sent any number of times: the first
    is saved, and answers every later one; StaleVersion where that says something else. KeyTaken where the key is
    another worker's.
    """
    if by.agency is None:
        raise ValueError("Only a worker of an agency writes reflections.")
    reflection.author, reflection.agency = by, by.agency
    if key:
        reflection.pk = key
    reflection.ciphertext = _sealed(reflection, text, keys.ring())
    saved = once.insert(reflection, key=reflection.pk)
    if saved is None:
        return reflection
    if saved.author_id != by.pk:
        raise once.KeyTaken
    if (opened(saved).text, saved.prompt) != (text, reflection.prompt):
        raise StaleVersion(saved)
    return saved


@transaction.atomic
def save(reflection: Reflection, text: str, *, by: Worker, now: datetime) -> Reflection:
    """Save the changed reflection over the version it carries; StaleVersion where a newer one is there."""
    saved = Reflection.objects.editable_by(by).select_for_update().get(pk=reflection.pk)
    if saved.version != reflection.version:
        raise StaleVersion(saved)
    reflection.ciphertext = _sealed(reflection, text, keys.ring())
    reflection.version += 1
    reflection.edited_at = now
    reflection.save(update_fields=["prompt", "ciphertext", "version", "edited_at"])
    return reflection


@dataclass(frozen=True)
class Rotation:
    """What changing the key came to: rows sealed anew, rows that had the key already, and the ids of those still shut."""

    resealed: int
    already: int
    shut: list[UUID]


def rotate(*, ring: sealing.Ring, batch: int = BATCH) -> Rotation:
    """Seal every reflection and draft with the ring's first key, then see that this key alone opens every one.

    Each batch is committed: wherever it stops, the ring opens every row that it opened before, and the next run does
    what is left. A row that the ring does not open stays as it is and stops no other.
    """
    parts = [_rotate(Reflection, ring, batch), _rotate(Draft, ring, batch)]
    shut = [pk for part in parts for pk in part.shut]
    return Rotation(sum(part.resealed for part in parts), sum(part.already for part in parts), shut)


def _rotate(model: type[Reflection] | type[Draft], ring: sealing.Ring, batch: int) -> Rotation:
    table: QuerySet[Any] = model._default_manager.order_by("pk")
    current = ring.current.id
    resealed = already = 0
    after: UUID | None = UUID(int=0)
    while after:
        with transaction.atomic():  # the rows are locked, so that nothing saved meanwhile is written over
            rows = list(table.select_for_update().filter(pk__gt=after)[:batch])
            for row, text in _unsealed(rows, ring):
                if text is not None and sealing.sealed_with(bytes(row.ciphertext)) != current:
                    row.ciphertext = _sealed(row, text, ring)
                    row.save(update_fields=["ciphertext"])
                    resealed += 1
                elif text is not None:
                    already += 1
        after = rows[-1].pk if rows else None
    every = table.iterator(chunk_size=batch)
    shut = [row.pk for row, text in _unsealed(every, ring.only_current()) if text is None]
    return Rotation(resealed, already, shut)


def _sealed(row: Reflection | Draft, text: str, ring: sealing.Ring) -> bytes:
    return sealing.seal(text, key=ring.current, row=row.pk, author=row.author_id)
