"""Reminders of promises by e-mail: what they tell."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.models import Commitment
from teams.models import Worker

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
