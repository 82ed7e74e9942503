"""Who is to be reminded of promises by e-mail this week: rows first; `deliver` sends them."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from actions.models import Commitment
from actions.reminders import AHEAD
from reports import locks
from reports.models import Delivery
from teams.models import Agency

HOUR = time(8)  # on a Monday, by the agency's clock
NOT_LATER_THAN = timedelta(days=2)  # after a longer outage the next Monday is near enough


@transaction.atomic
def queue_due(*, now: datetime) -> int:
    """A row for each worker who has something due, once a week for each agency; nothing while another tick runs.

    Returns how many.
    """
    if not locks.take_tick():
        return 0
    return sum(
        _queue(agency, monday, now=now)
        for agency in Agency.objects.filter(sends_reminders=True)
        if (monday := due(agency, now=now))
    )


def due(agency: Agency, *, now: datetime) -> date | None:
    """The Monday whose reminders are still to be made ready; None where none are."""
    local = now.astimezone(agency.zone)
    monday = local.date() - timedelta(days=local.weekday())
    waited = local.replace(tzinfo=None) - datetime.combine(monday, HOUR)  # by the clock on the wall
    if not timedelta(0) <= waited < NOT_LATER_THAN:
        return None
    return None if agency.reminded_on and agency.reminded_on >= monday else monday


def _queue(agency: Agency, monday: date, *, now: datetime) -> int:
    today = now.astimezone(agency.zone).date()
    live = Commitment.objects.standing().live().due_by(today + AHEAD).filter(agency=agency)
    wanting = live.filter(author__is_active=True, author__gets_reminders=True)
    rows = [
        Delivery(agency=agency, kind=Delivery.Kind.REMINDER, week=monday, recipient_id=worker, due_at=now)
        for worker in wanting.order_by("author").values_list("author", flat=True).distinct()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    Agency.objects.filter(pk=agency.pk).update(reminded_on=monday)
    return len(rows)
