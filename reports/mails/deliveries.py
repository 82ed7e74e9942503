"""Sending mail: claim a row, send, mark it. Never lost; a kill in between may repeat one message, same ID."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions import reminders, retention
from actions.models import Ask, Departure, Reflection
from reports.mails import notifications
from reports.models import Delivery, TeamSummary
from teams import invitations
from teams.models import Invitation, Worker

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
STUCK_FROM = 5  # the try that comes half an hour after the first
NO_LONGER_ENTITLED, NO_ANSWER = "no longer entitled", "no answer"  # beside names of errors, in last_error
LEASE = timedelta(minutes=5)
AT_A_TIME = 60  # seconds: below the time limit of a task, also where the mail server is slow


def send_due(*, at_most: int = 200) -> int:
    """Send what is due, one row at a time, for a minute at most; returns how many were sent."""
    sent, until = 0, time.monotonic() + AT_A_TIME
    _give_up_on_silent_rows(now=timezone.now())
    for _ in range(at_most):
        if time.monotonic() > until:
            break
        delivery = claim(now=timezone.now())
        if delivery is None:
            break
        sent += _send(delivery)
    return sent


@dataclass(frozen=True)
class Letter:
    """A kind of message: how it is written, and whether its recipient, with an account that is open or, where the
    message is for that, closed, still may have it and wants it.
    """

    write: Callable[[Delivery], EmailMultiAlternatives]
    is_wanted: Callable[[Delivery], bool]
    to_closed_account: bool = False
    note_sent: Callable[[Delivery, datetime], None] | None = None

    def may_go(self, delivery: Delivery) -> bool:
        """Whether the account is as it should be, where it is to one, and the message wanted."""
        if delivery.recipient and delivery.recipient.is_active is self.to_closed_account:
            return False
        return self.is_wanted(delivery)


def _summary_is_wanted(delivery: Delivery) -> bool:
    """She still reads it, and wants all of them, or asked for this one."""
    readable = TeamSummary.objects.visible_to(delivery.reader).filter(deliveries=delivery)
    return (delivery.reader.gets_summaries or delivery.asked_at is not None) and readable.exists()


def _answer_is_awaited(delivery: Delivery) -> bool:
    """Still open, and still hers to answer."""
    return Ask.objects.open().put_to(delivery.reader).filter(deliveries=delivery).exists()


def _answer_is_hers(delivery: Delivery) -> bool:
    return Ask.objects.by(delivery.reader).settled().filter(deliveries=delivery).exists()


def _reminder_is_wanted(delivery: Delivery) -> bool:
    """There is still something to tell."""
    recipient = delivery.reader
    return (
        delivery.agency.sends_reminders
        and recipient.gets_reminders
        and bool(reminders.of(recipient, today=timezone.localdate()))
    )


def _link_works(delivery: Delivery) -> bool:
    return Departure.objects.open_at(timezone.now()).filter(deliveries=delivery).exists()


def _is_still_away(delivery: Delivery) -> bool:
    """She has not signed in since it was queued, and there are reflections to lose."""
    day, told = retention.reflections_end(delivery.reader), delivery.week
    if day is None or told is None or day > told:
        return False
    return Reflection.objects.visible_to(delivery.reader).exists()


def _invitation_stands(delivery: Delivery) -> bool:
    """Not taken back or replaced meanwhile, nor accepted; who joined by another way needs none."""
    invitation = delivery.invitation
    assert invitation is not None
    joined = Worker.objects.filter(agency=invitation.agency_id, email=invitation.email)
    return Invitation.objects.open_at(timezone.now()).filter(pk=invitation.pk).exists() and not joined.exists()


def _invite(delivery: Delivery) -> EmailMultiAlternatives:
    """Who has an account elsewhere is told that it stands in the way; the agency is not."""
    assert delivery.invitation is not None
    is_taken = Worker.objects.filter(email=delivery.invitation.email).exists()
    return notifications.address_taken(delivery) if is_taken else notifications.invited(delivery)


def _note_invited(delivery: Delivery, now: datetime) -> None:
    assert delivery.invitation is not None
    invitations.note_sent(delivery.invitation, now=now)


LETTERS = {
    Delivery.Kind.TEAM_SUMMARY: Letter(notifications.team_summary, _summary_is_wanted),
    Delivery.Kind.ASK_WAITS: Letter(notifications.ask_waits, _answer_is_awaited),
    Delivery.Kind.ASK_ANSWERED: Letter(notifications.ask_answered, _answer_is_hers),
    Delivery.Kind.REMINDER: Letter(notifications.reminder, _reminder_is_wanted),
    Delivery.Kind.ACCOUNT_CLOSED: Letter(notifications.account_closed, _link_works, to_closed_account=True),
    Delivery.Kind.REFLECTIONS_GO: Letter(notifications.reflections_go, _is_still_away),
    Delivery.Kind.INVITATION: Letter(_invite, _invitation_stands, note_sent=_note_invited),
}


@transaction.atomic
def claim(*, now: datetime) -> Delivery | None:
    """Take one due row for five minutes, or one whose taker vanished; None where nothing is due."""
    waiting = Q(status=Delivery.Status.PENDING) | Q(status=Delivery.Status.SENDING)
    due = Delivery.objects.select_for_update(skip_locked=True).filter(waiting, due_at__lte=now)
    delivery = due.filter(attempts__lt=MAX_ATTEMPTS).order_by("due_at").first()
    if delivery is None:
        return None
    delivery.status = Delivery.Status.SENDING
    delivery.claim = uuid4()
    delivery.attempts += 1
    delivery.due_at = now + LEASE
    delivery.save(update_fields=["status", "claim", "attempts", "due_at"])
    return delivery


def _give_up_on_silent_rows(*, now: datetime) -> None:
    """Those whose taker vanished at every try: a person must look."""
    silent = Delivery.objects.filter(status=Delivery.Status.SENDING, attempts__gte=MAX_ATTEMPTS, due_at__lte=now)
    silent.update(status=Delivery.Status.FAILED, last_error=NO_ANSWER)


def _send(delivery: Delivery) -> bool:
    about = Delivery.objects.select_related("agency", "recipient", "summary__team", "ask__team", "departure")
    about = about.select_related("invitation__agency")
    delivery = about.get(pk=delivery.pk)
    letter = LETTERS[Delivery.Kind(delivery.kind)]
    try:
        with timezone.override(delivery.agency.zone):
            if not letter.may_go(delivery):
                _mark(delivery, status=Delivery.Status.FAILED, last_error=NO_LONGER_ENTITLED)
                return False
            letter.write(delivery).send()
    except Exception as error:  # whatever is wrong with this one, the others are to go out
        _put_back(delivery, error)
        return False
    now = timezone.now()
    _mark(delivery, status=Delivery.Status.SENT, sent_at=now, last_error="")
    if letter.note_sent:
        letter.note_sent(delivery, now)
    return True


def _put_back(delivery: Delivery, error: Exception) -> None:
    """Try again in 2, 4, 8, ... minutes; after eight tries it waits for a person."""
    logger.warning("Delivery %s failed at try %s: %s", delivery.pk, delivery.attempts, error)
    given_up = delivery.attempts >= MAX_ATTEMPTS
    _mark(
        delivery,
        status=Delivery.Status.FAILED if given_up else Delivery.Status.PENDING,
        due_at=timezone.now() + timedelta(minutes=2**delivery.attempts),
        last_error=type(error).__name__[:100],
    )


def _mark(delivery: Delivery, **changes: object) -> None:
    """Only with our own claim: another process may have taken the row after our lease ran out."""
    Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(**changes)
