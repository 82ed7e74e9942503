"""A summary by e-mail for whoever reads it and asks for it: a row first; `deliver` sends it."""

from datetime import datetime, timedelta

from django.db import transaction

from reports.models import Delivery, TeamSummary
from teams.models import Worker

AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def ask_for(summary: TeamSummary, *, by: Worker, now: datetime) -> bool:
    """Make it ready for her once more, under a Message-ID of its own; not within ten minutes of the time before."""
    Worker.objects.select_for_update().get(pk=by.pk)  # two clicks at once are one
    asked = Delivery.objects.filter(summary=summary, recipient=by, asked_at__gt=now - AGAIN_AFTER)
    if asked.exists():
        return False
    Delivery.objects.create(agency_id=summary.agency_id, summary=summary, recipient=by, asked_at=now, due_at=now)
    return True
