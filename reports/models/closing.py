"""Periods and quarters that are over: to be closed, or closed."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from reports.periods import Period
from reports.suppression.published import ProtectedFigures
from teams.models import Agency, Worker

QUICK_TRIES = 3  # then each waits twice as long as the one before, an hour at most


class ClosingQuerySet[T: models.Model](models.QuerySet[T]):
    def waiting(self, *, now: datetime) -> Self:
        """Those to be closed now."""
        return self.filter(closed_at=None, next_try_at__lte=now)


class Closing(models.Model):
    """Something that is over, with its grace days: to be closed, or closed.

    It is never given up: what stops it is seen in /readyz, and the tries go on, an hour apart at most.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    noticed_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    def count_try(self, *, now: datetime) -> None:
        """Before it is made, so that one which kills its process counts too."""
        wait = timedelta(minutes=min(60, 2 ** max(0, self.attempts + 1 - QUICK_TRIES) - 1))
        rows = type(self)._default_manager.filter(pk=self.pk)
        rows.update(attempts=models.F("attempts") + 1, next_try_at=now + wait)


class AgencyPeriodQuerySet(ClosingQuerySet["AgencyPeriod"]):
    def waiting(self, *, now: datetime) -> Self:
        """Those to be closed now: of an agency one after the other, since the questions of each look back on those
        before it. One that fails holds the later ones up for its quick tries only.
        """
        open_still = AgencyPeriod.objects.filter(closed_at=None, attempts__lt=QUICK_TRIES)
        before = open_still.filter(agency=models.OuterRef("agency"), first_day__lt=models.OuterRef("first_day"))
        return super().waiting(now=now).exclude(models.Exists(before))


class AgencyPeriod(Closing):
    """A month or quarter of one agency, whose team summaries are to be made."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="periods")
    first_day = models.DateField()
    last_day = models.DateField()

    objects = AgencyPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "first_day", "last_day"], name="agency_period_unique"),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="agency_period_not_reversed"),
            ExclusionConstraint(
                name="agency_period_no_overlap",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "first_day",
                            "last_day",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.first_day}..{self.last_day}"

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.last_day)


class ProtectedQuarterQuerySet(ClosingQuerySet["ProtectedQuarter"]):
    def of_agency_of(self, worker: Worker) -> Self:
        """Closed ones of her agency: for all who work there, and not for an admin alone."""
        return self._closed().filter(agency=worker.agency) if worker.is_at_work else self.none()

    def of_sector(self, worker: Worker) -> Self:
        """Closed ones of the sector: for equity leads and analysts."""
        return self._closed().filter(agency=None) if worker.reads_sector else self.none()

    def _closed(self) -> Self:
        return self.exclude(closed_at=None).order_by("first_day")


class ProtectedQuarter(Closing):
    """A quarter of an agency, or of the sector, that is over: its protected figures are to be made, or frozen.

    What is not printed stands nowhere in it.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="quarters")
    first_day = models.DateField()
    figures = models.JSONField(null=True, blank=True)
    agencies = models.PositiveSmallIntegerField(default=1)  # that count in it: of the sector, those that opted in

    objects = ProtectedQuarterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "first_day"], nulls_distinct=False, name="protected_quarter_unique"
            ),
            models.CheckConstraint(
                condition=Q(first_day__day=1, first_day__month__in=[1, 4, 7, 10]), name="protected_quarter_is_one"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, figures__isnull=True)
                | Q(closed_at__isnull=False, figures__isnull=False),
                name="protected_quarter_has_figures_once_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency or 'sector'} {self.first_day}"

    @property
    def period(self) -> Period:
        return Period.containing(self.first_day, "quarterly")

    @property
    def protected_figures(self) -> ProtectedFigures:
        """Of a closed one."""
        assert self.figures is not None
        return ProtectedFigures.from_json(self.figures)
