"""What becomes of a promise: kept, agreed anew with the people concerned, or dropped with a reason."""

from datetime import date

from actions.models import Commitment
from actions.vocabulary import CommitmentStatus


def keep(commitment: Commitment, *, on: date) -> Commitment:
    """Kept on the day, late where that is after the date last agreed."""
    late = on > commitment.promised_for
    commitment.status = CommitmentStatus.KEPT_LATE if late else CommitmentStatus.KEPT
    commitment.kept_on = on
    commitment.save(update_fields=["status", "kept_on"])
    return commitment


def reopen(commitment: Commitment) -> Commitment:
    """Undo of `keep` and `drop`: as it stood, open or with its agreed date."""
    agreed = commitment.renegotiated_to is not None
    commitment.status = CommitmentStatus.RENEGOTIATED if agreed else CommitmentStatus.OPEN
    commitment.kept_on = None
    commitment.dropped_because = ""
    commitment.save(update_fields=["status", "kept_on", "dropped_because"])
    return commitment


def renegotiate(commitment: Commitment, *, to: date, agreed_with: str) -> Commitment:
    commitment.status = CommitmentStatus.RENEGOTIATED
    commitment.renegotiated_to = to
    commitment.agreed_with = agreed_with
    commitment.save(update_fields=["status", "renegotiated_to", "agreed_with"])
    return commitment


def drop(commitment: Commitment, *, because: str) -> Commitment:
    commitment.status = CommitmentStatus.DROPPED
    commitment.dropped_because = because
    commitment.save(update_fields=["status", "dropped_because"])
    return commitment
