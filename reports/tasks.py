"""The periodic jobs. Each asks the database what is due, so a message lost, doubled or late changes nothing."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from actions import asks, commitments, departures, drafts, entries
from reports import heartbeats, protected, purging, summaries
from reports.imports import uploads, work
from reports.mails import ask_mails, deliveries, departure_mails, invitation_mails, reminder_mails
from reports.models import AgencyPeriod, ProtectedQuarter
from reports.periods import Period
from teams import account_mails
from teams.models import Agency, Session
from teams.signing_in import guesses

logger = logging.getLogger(__name__)


@shared_task
def tick() -> None:
    """Every minute: which periods and quarters are over, who is to hear of what, and which withdrawn texts are to be
    erased. A part that fails stops no other; the job then leaves no heartbeat, which /readyz tells.
    """
    now = timezone.now()
    failures: list[Exception] = []

    def tried[T](part: Callable[..., T]) -> T | None:
        try:
            return part(now=now)
        except Exception as error:
            failures.append(error)
            return None

    for kept in (entries, commitments, asks):
        tried(kept.erase_withdrawn)
    waiting, over = tried(summaries.notice_due) or [], tried(protected.notice_due) or []
    imports = list(tried(uploads.due) or [])
    for mails in (ask_mails, reminder_mails, departure_mails, invitation_mails):
        tried(mails.queue_due)
    if not failures:
        heartbeats.beat("tick", now=now)
    rings: list[tuple[Any, ...]] = [
        *((close_period, row.agency_id, row.first_day, row.last_day) for row in waiting),
        *((close_quarter, quarter.pk) for quarter in over),
        *((run_import, upload.pk) for upload in imports),
    ]
    for ring in rings:
        if not _ring(*ring):
            break
    if failures:
        raise ExceptionGroup("Parts of the tick failed", failures)


def _ring(task: Any, *about: Any) -> bool:
    """Have it done at once; where the broker is down, the next tick finds it."""
    try:
        task.delay(*map(str, about))
    except OperationalError:
        logger.warning("The broker is down; the next tick rings again", extra={"task": task.name})
        return False
    return True


@shared_task
def close_period(agency_id: str, first_day: str, last_day: str) -> None:
    agency = Agency.objects.get(pk=agency_id)
    made = summaries.close_due(agency=agency, period=Period.parse(first_day, last_day), now=timezone.now())
    about = {"agency": agency.pk, "first_day": first_day, "last_day": last_day, "count": len(made)}
    logger.info("Closed a period", extra=about)
    later = AgencyPeriod.objects.waiting(now=timezone.now()).filter(agency=agency, first_day__gt=last_day)
    for row in later.order_by("first_day")[:1]:
        _ring(close_period, row.agency_id, row.first_day, row.last_day)


@shared_task(soft_time_limit=240, time_limit=270)  # below the broker's visibility timeout
def close_quarter(quarter_id: str) -> None:
    """Of an agency, or of the sector."""
    quarter = ProtectedQuarter.objects.select_related("agency").get(pk=quarter_id)
    if protected.close_due(quarter, now=timezone.now()):
        about = {"agency": quarter.agency_id or "sector", "first_day": quarter.first_day}
        logger.info("Protected a quarter", extra=about)


@shared_task(soft_time_limit=240, time_limit=270)  # below the broker's visibility timeout
def run_import(import_id: str) -> None:
    """Check or write what an admin brought."""
    work.work(UUID(import_id))


def ring_for_import(pk: UUID) -> None:
    _ring(run_import, pk)


@shared_task(soft_time_limit=240, time_limit=270)  # below the broker's visibility timeout
def deliver() -> None:
    """Every half minute, and when somebody waits for a link or a code: send the mail that is due.

    For 80 seconds at most, and as long as the mail server takes for the two that are on their way then: a limit that
    came between its answer and our mark would repeat a message.
    """
    account_mails.send_due()
    deliveries.send_due()
    heartbeats.beat("deliver", now=timezone.now())


@shared_task
def housekeeping() -> None:
    """Every hour: forget sessions that are over, drafts that nobody touches and files of imports; erase the texts of
    who left long ago.
    """
    now = timezone.now()
    departures.erase_due(now=now)
    drafts.forget_untouched(now=now)
    uploads.forget_old(now=now)
    Session.objects.filter(expire_date__lt=now).delete()
    guesses.forget_old(now=now)
    heartbeats.beat("housekeeping", now=now)


@shared_task(soft_time_limit=240, time_limit=270)  # below the broker's visibility timeout
def retention() -> None:
    """Every hour: warn whose reflections are about to go, and erase the texts that are older than they are kept."""
    now = timezone.now()
    purging.warn_absent(now=now)
    purging.erase_old(now=now)
    heartbeats.beat("retention", now=now)
