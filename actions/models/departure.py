"""That a worker left her agency: her thirty days to take her record along, and what became of them."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7

from teams.constraints import SameAgency
from teams.models import Agency, Worker

DAYS_TO_EXPORT = 30


class DepartureQuerySet(models.QuerySet["Departure"]):
    def waiting(self) -> Self:
        """She is gone and her texts are still there."""
        return self.filter(returned_at=None, erased_at=None)

    def open_at(self, now: datetime) -> Self:
        """Whose link works: neither over, nor erased, nor revoked, and the account still closed."""
        return self.waiting().filter(expires_at__gt=now, key__isnull=False, worker__is_active=False)

    def over(self, now: datetime) -> Self:
        """Whose days are past: the texts are to be erased, unless a hold of the agency keeps them."""
        return self.waiting().filter(expires_at__lte=now, agency__held_on=None)


class Departure(models.Model):
    """One closed account: until when its owner may fetch her record by a link, and when her texts were erased."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="departures")
    key = models.UUIDField(null=True, blank=True, unique=True, default=uuid.uuid4)  # of the link; none: revoked
    ended_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="departure_agency_id"),
            models.UniqueConstraint(fields=["worker"], condition=Q(returned_at=None), name="departure_once"),
            SameAgency(field="worker", name="departure_worker_same_agency"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("ended_at")), name="departure_expires_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.ended_at:%Y-%m-%d}"

    @classmethod
    def of(cls, worker: Worker, *, now: datetime) -> Self:
        return cls(
            agency_id=worker.agency_id, worker=worker, ended_at=now, expires_at=now + timedelta(days=DAYS_TO_EXPORT)
        )
