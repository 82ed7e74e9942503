"""Promises: making one, and what becomes of it: kept, agreed anew, dropped with a reason, withdrawn; each with its Undo.

A verb that finds its work done already leaves everything as it is, so that a form can be sent any number of times.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions import once
from actions.models import Commitment
from actions.models.action import UNDO
from actions.models.commitment import CommitmentQuerySet
from actions.vocabulary import CommitmentStatus
from teams.models import Agency, Worker

SAID = ["status", "kept_on", "renegotiated_to", "agreed_with", "dropped_because"]
DAYS = ["kept_on", "renegotiated_to"]


class Settled(Exception):
    """It was kept or dropped meanwhile, perhaps on another device: `saved` is how it stands."""

    def __init__(self, saved: Commitment) -> None:
        super().__init__("settled")
        self.saved = saved


def make(commitment: Commitment, *, by: Worker, key: UUID | None = None) -> Commitment:
    """Save a promise that stands alone. The key makes any number of posts one, as in `entries.log`."""
    if by.agency is None:
        raise ValueError("Only a worker of an agency makes commitments.")
    commitment.author, commitment.agency, commitment.made_on = by, by.agency, by.today()
    saved = once.insert(commitment, key=key) or commitment
    if saved.author_id != by.pk:
        raise once.KeyTaken
    return saved


@transaction.atomic
def keep(commitment: Commitment, *, by: Worker, on: date) -> Commitment:
    """Kept on the day, late where that is after the date last agreed; the first day stays. Settled where dropped."""
    saved = _locked(commitment, by)
    if saved.is_kept:
        return saved
    late = on > saved.promised_for
    status = CommitmentStatus.KEPT_LATE if late else CommitmentStatus.KEPT
    return _say(_still_live(saved), status=status, kept_on=on)


@transaction.atomic
def renegotiate(commitment: Commitment, *, by: Worker, to: date, agreed_with: str) -> Commitment:
    """A new date, agreed with a role; Settled where it was kept or dropped."""
    saved = _still_live(_locked(commitment, by))
    return _say(saved, status=CommitmentStatus.RENEGOTIATED, renegotiated_to=to, agreed_with=agreed_with)


@transaction.atomic
def drop(commitment: Commitment, *, by: Worker, because: str) -> Commitment:
    """Dropped with a reason; Settled where it was kept, or dropped for another."""
    saved = _locked(commitment, by)
    if saved.status == CommitmentStatus.DROPPED and saved.dropped_because == because:
        return saved
    return _say(_still_live(saved), status=CommitmentStatus.DROPPED, dropped_because=because)


@transaction.atomic
def reopen(commitment: Commitment, *, by: Worker) -> Commitment:
    """Kept or dropped no more: open, or with its agreed date."""
    saved = _locked(commitment, by)
    if saved.is_live:
        return saved
    agreed = saved.renegotiated_to is not None
    status = CommitmentStatus.RENEGOTIATED if agreed else CommitmentStatus.OPEN
    return _say(saved, status=status, kept_on=None, dropped_because="")


@transaction.atomic
def undo(commitment: Commitment, *, by: Worker) -> Commitment:
    """Take her last word back: as it stood before. Once; there is nothing more to take back then."""
    saved = _locked(commitment, by)
    if saved.before is None:
        return saved
    values = dict(saved.before)
    for name in DAYS:
        values[name] = values[name] and date.fromisoformat(values[name])
    return _set(saved, before=None, **values)


def withdraw(commitment: Commitment, *, by: Worker, now: datetime) -> None:
    """Out of every list and figure; only one that stands alone. Its author can restore it for ten minutes."""
    Commitment.objects.standing().filter(pk=commitment.pk, author=by, action=None).update(withdrawn_at=now)


def restore(commitment: Commitment, *, by: Worker, now: datetime) -> None:
    Commitment.objects.withdrawable_by(by, now).filter(pk=commitment.pk).update(withdrawn_at=None)


def erase_withdrawn(*, now: datetime) -> int:
    """Erase the text of what was withdrawn more than ten minutes ago. Returns how many."""
    long_gone = Commitment.objects.filter(withdrawn_at__lte=now - UNDO)
    return long_gone.exclude(text="").update(text="")


def erase_texts(worker: Worker, *, now: datetime) -> None:
    """Erase the words of all of hers that stand alone; how they stand, and what counts them, stays."""
    Commitment.objects.filter(author=worker).exclude(text="").update(text="")


def older_than(agency: Agency, day: date) -> CommitmentQuerySet:
    """Settled ones with words of their own that were made before the day; an open promise keeps its words."""
    return Commitment.objects.filter(agency=agency, made_on__lt=day).closed().exclude(text="")


def erase_old(agency: Agency, day: date, *, at_most: int) -> int:
    keys = list(older_than(agency, day).values_list("pk", flat=True)[:at_most])
    return Commitment.objects.filter(pk__in=keys).update(text="")


def _locked(commitment: Commitment, by: Worker) -> Commitment:
    """As it stands now, under a lock: another device may have changed it since the page was opened."""
    return Commitment.objects.editable_by(by).select_for_update(of=("self",)).get(pk=commitment.pk)


def _still_live(saved: Commitment) -> Commitment:
    if not saved.is_live:
        raise Settled(saved)
    return saved


def _say(saved: Commitment, **changes: Any) -> Commitment:
    """Her word, with what it replaces kept for Undo; said again, it changes nothing."""
    if all(getattr(saved, name) == value for name, value in changes.items()):
        return saved
    before = {name: getattr(saved, name) for name in SAID}
    before |= {name: before[name] and before[name].isoformat() for name in DAYS}
    return _set(saved, before=before, **changes)


def _set(saved: Commitment, **changes: Any) -> Commitment:
    for name, value in {**changes, "spoken_at": timezone.now()}.items():
        setattr(saved, name, value)
    saved.save(update_fields=[*changes, "spoken_at"])
    return saved
