"""Events that are too old to be kept. No role of the app may delete one: this is for the owner of the database."""

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction

from reports.audit.kinds import KINDS
from teams.models import Agency

YEARS = 7


@transaction.atomic
def trim(*, now: datetime) -> int:
    """Delete what is older than seven years, but of agencies that hold their records; returns how many events."""
    held = Agency.objects.exclude(held_on=None).values_list("pk", flat=True)
    kept = list(held)
    total = 0
    for kind in KINDS.values():
        events: Any = kind.event._base_manager
        old = events.filter(pgh_created_at__lt=now - relativedelta(years=YEARS)).exclude(agency__in=kept)
        total += old._raw_delete(using=old.db)
    return total
