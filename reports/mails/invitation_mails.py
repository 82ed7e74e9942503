"""Mail to those who are invited: a row first, from what the invitations say; `deliver` sends them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from reports.models import Delivery
from teams.models import Invitation

AT_ONCE = 500  # the next minute's run takes the rest


@transaction.atomic
def queue_due(*, now: datetime) -> int:
    """A row for each invitation that has none yet; safe to run twice. Returns how many."""
    untold = Invitation.objects.open_at(now).exclude(Exists(Delivery.objects.filter(invitation=OuterRef("pk"))))
    due = [
        Delivery(agency_id=invited.agency_id, kind=Delivery.Kind.INVITATION, invitation=invited, due_at=now)
        for invited in untold.order_by("invited_at")[:AT_ONCE]
    ]
    Delivery.objects.bulk_create(due, ignore_conflicts=True)
    return len(due)
