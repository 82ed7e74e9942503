"""The mail to a worker who left, with the link to her record: a row first, from what her departure says."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from actions import departures
from actions.models import Departure
from reports.models import Delivery


@transaction.atomic
def queue_due(*, now: datetime) -> int:
    """A row for each departure that has none yet; safe to run twice. Returns how many."""
    departures.notice(now=now)
    untold = Departure.objects.open_at(now).exclude(Exists(Delivery.objects.filter(departure=OuterRef("pk"))))
    kind = Delivery.Kind.ACCOUNT_CLOSED
    due = [
        Delivery(agency_id=left.agency_id, kind=kind, departure=left, recipient_id=left.worker_id, due_at=now)
        for left in untold
    ]
    Delivery.objects.bulk_create(due, ignore_conflicts=True)
    return len(due)
