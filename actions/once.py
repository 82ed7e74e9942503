"""Saving under a key that was made where it was written, so that any number of posts make one row."""

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, models, transaction


class KeyTaken(Exception):
    """Something else has the key that came with this."""


def insert[Row: models.Model](new: Row, *, key: UUID | None, also: Callable[[], None] | None = None) -> Row | None:
    """Insert the new row under its key, with what `also` writes; or answer with the row that has the key already."""
    if key:
        new.pk = key
    try:
        with transaction.atomic():
            new.save(force_insert=True)
            if also:
                also()
    except IntegrityError:
        earlier = type(new)._default_manager.filter(pk=key).first() if key else None
        if earlier is None:
            raise
        return earlier
    return None
