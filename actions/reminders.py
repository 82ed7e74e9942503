"""Reminders of promises by e-mail: what they tell, and switching them off by a link that needs no sign-in."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

from actions.models import Commitment
from teams.models import Worker

SIGNER = Signer(sep=".", salt="actions.reminders")
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Reminder:
    """Days only: those on which a promise is due soon, and those that are past; with two due on a day it stands twice."""

    soon: list[date]
    past: list[date]

    def __bool__(self) -> bool:
        return bool(self.soon or self.past)


def of(worker: Worker, *, today: date) -> Reminder:
    """What a reminder would tell her today."""
    days = [promise.promised_for for promise in Commitment.objects.by(worker).live().due_by(today + AHEAD)]
    return Reminder(soon=[day for day in days if day >= today], past=[day for day in days if day < today])


def switch(worker: Worker, *, on: bool) -> None:
    worker.gets_reminders = on
    worker.save(update_fields=["gets_reminders"])


def token(worker: Worker) -> str:
    """For her link that switches reminders off; it works for ever, and for nothing else."""
    return SIGNER.sign(worker.pk.hex)


def owner(token: str) -> Worker:
    """Whose link it is; Worker.DoesNotExist where it is nobody's."""
    try:
        key = UUID(hex=SIGNER.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Worker.DoesNotExist from error
    found: Worker = Worker.objects.active().get(pk=key)
    return found
