"""The periodic jobs. Each asks the database what is due, so a message lost, doubled or late changes nothing."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone
from kombu.exceptions import OperationalError

from actions import asks, commitments, departures, drafts, entries
from reports import heartbeats, protected, summaries
from reports.mails import ask_mails, deliveries, departure_mails, reminder_mails
from reports.models import ProtectedQuarter
from reports.periods import Period
from teams.models import Agency

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
    for mails in (ask_mails, reminder_mails, departure_mails):
        tried(mails.queue_due)
    if not failures:
        heartbeats.beat("tick", now=now)
    try:
        for row in waiting:
            close_period.delay(str(row.agency_id), row.first_day.isoformat(), row.last_day.isoformat())
        for quarter in over:
            close_quarter.delay(str(quarter.pk))
    except OperationalError:
        logger.warning("The broker is down; the next tick rings for %s periods again", len(waiting) + len(over))
    if failures:
        raise ExceptionGroup("Parts of the tick failed", failures)


@shared_task
def close_period(agency_id: str, first_day: str, last_day: str) -> None:
    agency = Agency.objects.get(pk=agency_id)
    made = summaries.close_due(agency=agency, period=Period.parse(first_day, last_day), now=timezone.now())
    logger.info("Closed %s to %s for %s: %s summaries", first_day, last_day, agency.slug, len(made))


@shared_task(soft_time_limit=240, time_limit=270)  # below the broker's visibility timeout
def close_quarter(quarter_id: str) -> None:
    """Of an agency, or of the sector."""
    quarter = ProtectedQuarter.objects.select_related("agency").get(pk=quarter_id)
    if protected.close_due(quarter, now=timezone.now()):
        logger.info("Protected the quarter from %s for %s", quarter.first_day, quarter.agency or "the sector")


@shared_task
def deliver() -> None:
    """Every half minute: send the mail that is due."""
    deliveries.send_due()
    heartbeats.beat("deliver", now=timezone.now())


@shared_task
def housekeeping() -> None:
    """Every hour: forget sessions that are over and drafts that nobody touches; erase the texts of who left long ago."""
    now = timezone.now()
    departures.erase_due(now=now)
    drafts.forget_untouched(now=now)
    Session.objects.filter(expire_date__lt=now).delete()
    heartbeats.beat("housekeeping", now=now)
