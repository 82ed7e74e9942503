"""Mail about accounts: a sealed row first, sent by the worker, so that no page waits for a mail server.

Nor does a page tell by its time whether an address is known: the same is done for any. A kill between sending and
forgetting the row may repeat one message, with the same Message-ID.
"""

import json
import logging
import time
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import models, transaction
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from teams import sealing
from teams.models import AccountMail

logger = logging.getLogger(__name__)
PURPOSE = "account mails"
MAX_ATTEMPTS = 8
STUCK_FROM = 4  # the try that comes seven minutes after the first: somebody sits there and waits for it
LEASE = timedelta(minutes=5)
AT_A_TIME = 20  # seconds: other mail waits behind


def queue(message: EmailMessage) -> None:
    said = {
        "subject": message.subject,
        "body": message.body,
        "from_email": message.from_email,
        "to": message.to,
        "headers": message.extra_headers | {"Content-Language": translation.get_language() or ""},
    }
    sealed = sealing.seal(json.dumps(said), key=sealing.ring_of_settings(PURPOSE).current, bound=PURPOSE.encode())
    AccountMail.objects.create(sealed=sealed, due_at=timezone.now())
    transaction.on_commit(partial(_wake, settings.TASK_THAT_SENDS_MAIL))


def _wake(task: str) -> None:
    """Have it sent at once; where the broker is down, the next half minute does it."""
    try:
        current_app.send_task(task, expires=60)
    except OperationalError:
        logger.warning("The broker is down; mail about accounts goes out a little later")


def send_due() -> int:
    """Send what is due, for some seconds at most; returns how many were sent."""
    sent, until = 0, time.monotonic() + AT_A_TIME
    while time.monotonic() < until and (row := _claimed(now=timezone.now())):
        sent += _send(row)
    return sent


@transaction.atomic
def _claimed(*, now: datetime) -> AccountMail | None:
    """One row for five minutes, also one whose taker vanished; None where nothing is due."""
    row = AccountMail.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).order_by("due_at").first()
    if row:
        row.claim, row.attempts, row.due_at = uuid4(), row.attempts + 1, now + LEASE
        row.save(update_fields=["claim", "attempts", "due_at"])
    return row


def _send(row: AccountMail) -> bool:
    try:
        _opened(row).send()
    except Exception as error:  # whatever is wrong with this one, the others are to go out
        _put_back(row, error)
        return False
    _ours(row).delete()
    return True


def _opened(row: AccountMail) -> EmailMessage:
    said = json.loads(sealing.unseal(bytes(row.sealed), ring=sealing.ring_of_settings(PURPOSE), bound=PURPOSE.encode()))
    said["headers"] |= {
        "Message-ID": f"<account.{row.pk}@{settings.SITE.hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMultiAlternatives(**said)


def _put_back(row: AccountMail, error: Exception) -> None:
    """Try again in 1, 2, 4, ... minutes; after eight tries, two hours later, its link or code is of no use any more."""
    if row.attempts >= MAX_ATTEMPTS:
        logger.error("Mail about an account was given up: %s", type(error).__name__)
        _ours(row).delete()
        return
    logger.warning("Mail about an account failed at try %s: %s", row.attempts, type(error).__name__)
    _ours(row).update(due_at=timezone.now() + timedelta(minutes=2 ** (row.attempts - 1)))


def _ours(row: AccountMail) -> models.QuerySet[AccountMail]:
    """Only with our own claim: another process may have taken the row after our lease ran out."""
    return AccountMail.objects.filter(pk=row.pk, claim=row.claim)
