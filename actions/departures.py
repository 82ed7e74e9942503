"""Leaving an agency: closing the account, thirty days for the record by a link, then the texts go and figures stay.

What is to be done follows from the rows alone: an account that is closed, by whatever way, gets its departure, one that
is opened again ends it, and each step may run any number of times.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from actions import asks, commitments, entries
from actions.models import Departure, Draft, Reflection
from teams import accounts
from teams.models import Worker

SIGNER = Signer(sep=".", salt="actions.departures")
AT_ONCE = 200  # the next hour's run takes the rest


@transaction.atomic
def close_account(worker: Worker, *, now: datetime) -> Departure:
    """Close the account today and end her spells; a second time changes nothing. LastAdmin where she is the only one."""
    accounts.deactivate(worker, now=now, by=None)
    notice(now=now)
    return Departure.objects.get(worker=worker, returned_at=None)


@transaction.atomic
def reopen_account(worker: Worker, *, now: datetime) -> None:
    """She is back: her link stops working and nothing is erased; spells in teams begin anew."""
    accounts.reactivate(worker, by=None)
    notice(now=now)


@transaction.atomic
def notice(*, now: datetime) -> int:
    """Take note of who came back and who left since it was last asked; returns how many left."""
    Departure.objects.filter(returned_at=None, worker__is_active=True).update(returned_at=now)
    gone = Worker.objects.filter(is_active=False, agency__isnull=False)
    gone = gone.exclude(pk__in=Departure.objects.filter(returned_at=None).values("worker"))
    left = [Departure.of(worker, now=now) for worker in gone]
    Departure.objects.bulk_create(left, ignore_conflicts=True)
    return len(left)


def revoke_link(departure: Departure) -> None:
    departure.key = None
    departure.save(update_fields=["key"])


def token(departure: Departure) -> str:
    """The key that the row holds, signed: a copy of the database alone opens nothing."""
    if departure.key is None:
        raise ValueError("The link was revoked.")
    return SIGNER.sign(departure.key.hex)


def address(departure: Departure) -> str:
    return settings.SITE_URL + reverse("actions:departure", args=[token(departure)])


def of(token: str, *, now: datetime) -> Departure:
    """Whose link it is; Departure.DoesNotExist where it is forged, revoked or over."""
    try:
        key = UUID(hex=SIGNER.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Departure.DoesNotExist from error
    return Departure.objects.open_at(now).select_related("worker__agency", "agency").get(key=key)


def erase_due(*, now: datetime) -> int:
    """Erase the texts of those whose days are over; figures stay. Returns of how many."""
    notice(now=now)
    keys = list(Departure.objects.over(now).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_erase(key, now=now) for key in keys)


@transaction.atomic
def _erase(key: UUID, *, now: datetime) -> bool:
    """Under a lock on the account: whoever opens it again meanwhile keeps everything, or comes too late."""
    departure = Departure.objects.over(now).select_for_update().filter(pk=key).first()
    if departure is None:
        return False
    worker = Worker.objects.select_for_update(of=("self",)).get(pk=departure.worker_id)
    if worker.is_active:
        return False
    for erase in ERASED:
        erase(worker, now=now)
    departure.erased_at, departure.key = now, None
    departure.save(update_fields=["erased_at", "key"])
    return True


def _erase_reflections(worker: Worker, *, now: datetime) -> None:
    Reflection.objects.filter(author=worker).delete()


def _erase_drafts(worker: Worker, *, now: datetime) -> None:
    Draft.objects.filter(author=worker).delete()


# Every kind of text that is hers alone; what she answered stays the agency's, what she wrote on a summary the team's.
ERASED = [entries.erase_texts, commitments.erase_texts, asks.erase_texts, _erase_reflections, _erase_drafts]
