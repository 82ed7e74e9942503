"""What becomes of a promise: kept, agreed anew with the people concerned, or dropped with a reason."""

from datetime import date

from django.db import transaction

from actions.models import Commitment
from actions.vocabulary import CommitmentStatus


@transaction.atomic
def keep(commitment: Commitment, *, on: date) -> Commitment:
    """Kept on the day, late where that is after the date last agreed."""
    _read_again(commitment)
    late = on > commitment.promised_for
    commitment.status = CommitmentStatus.KEPT_LATE if late else CommitmentStatus.KEPT
    commitment.kept_on = on
    commitment.save(update_fields=["status", "kept_on"])
    return commitment


@transaction.atomic
def reopen(commitment: Commitment) -> Commitment:
    """Undo of `keep` and `drop`: as it stood, open or with its agreed date."""
    _read_again(commitment)
    agreed = commitment.renegotiated_to is not None
    commitment.status = CommitmentStatus.RENEGOTIATED if agreed else CommitmentStatus.OPEN
    commitment.kept_on = None
    commitment.dropped_because = ""
    commitment.save(update_fields=["status", "kept_on", "dropped_because"])
    return commitment


@transaction.atomic
def renegotiate(commitment: Commitment, *, to: date, agreed_with: str) -> Commitment:
    _read_again(commitment)
    commitment.status = CommitmentStatus.RENEGOTIATED
    commitment.kept_on = None
    commitment.renegotiated_to = to
    commitment.agreed_with = agreed_with
    commitment.save(update_fields=["status", "kept_on", "renegotiated_to", "agreed_with"])
    return commitment


@transaction.atomic
def drop(commitment: Commitment, *, because: str) -> Commitment:
    _read_again(commitment)
    commitment.status = CommitmentStatus.DROPPED
    commitment.kept_on = None
    commitment.dropped_because = because
    commitment.save(update_fields=["status", "kept_on", "dropped_because"])
    return commitment


def _read_again(commitment: Commitment) -> None:
    """Under a lock: another device may have changed it since the page was opened. The last word counts."""
    commitment.refresh_from_db(from_queryset=Commitment.objects.select_for_update())
