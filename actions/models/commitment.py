"""Promises that follow from actions: when they are due and what became of them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Coalesce
from django.utils.translation import gettext_lazy as _

from actions.models.action import Action
from actions.models.catalogue import Practice
from actions.vocabulary import CommitmentStatus
from teams.constraints import SameAgency
from teams.models import Agency, Worker
from teams.visibility import Visibility


class AgreedWith(models.TextChoices):
    YOUTH = "youth", _("Child or youth")
    PARENT = "parent", _("Parent or family")
    CAREGIVER = "caregiver", _("Kin or other caregiver")
    COMMUNITY = "community", _("Community or Nation")
    PARTNER = "partner", _("Partner organization")
    COLLEAGUE = "colleague", _("Colleague or supervisor")


class DroppedBecause(models.TextChoices):
    NOT_WANTED = "not_wanted", _("The people concerned no longer want it")
    DONE_BY_OTHERS = "done_by_others", _("Somebody else did it")
    NO_MEANS = "no_means", _("No time, money or staff for it")
    NOT_ALLOWED = "not_allowed", _("A rule or a decision stood in the way")
    CHANGED = "changed", _("The situation changed")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def by(self, worker: Worker) -> Self:
        """Her own, soonest first."""
        return (
            self.filter(action__author=worker, action__withdrawn_at=None)
            .annotate(deadline=Coalesce("renegotiated_to", "due_on"))
            .order_by("deadline", "id")
        )

    def editable_by(self, worker: Worker) -> Self:
        return self.by(worker)

    def live(self) -> Self:
        """Still to be kept: open, or with a new date agreed."""
        return self.filter(status__in=[CommitmentStatus.OPEN, CommitmentStatus.RENEGOTIATED])

    def closed(self) -> Self:
        """Kept or dropped."""
        return self.exclude(status__in=[CommitmentStatus.OPEN, CommitmentStatus.RENEGOTIATED])

    def with_practice(self, agency: Agency | None) -> Self:
        """With the action and its practice, under the agency's own name, in two queries."""
        return self.select_related("action").prefetch_related(
            models.Prefetch("action__practice", Practice.objects.named_for(agency))
        )

    def shared(self) -> Self:
        """Those of shared actions, which team figures count."""
        return self.filter(action__visibility=Visibility.SHARED, action__withdrawn_at=None)


class Commitment(models.Model):
    """A promise with a date and somebody counting on it; it is as visible as the action that it follows from."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="commitments")
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=12, choices=CommitmentStatus, default=CommitmentStatus.OPEN, blank=True
    )
    kept_on = models.DateField(_("kept on"), null=True, blank=True)
    renegotiated_to = models.DateField(_("new date"), null=True, blank=True)
    agreed_with = models.CharField(_("agreed with"), max_length=10, choices=AgreedWith, blank=True)
    dropped_because = models.CharField(_("reason"), max_length=14, choices=DroppedBecause, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "due_on"], name="commitment_agency_due")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="commitment_agency_id"),
            SameAgency(field="action", name="commitment_action_same_agency"),
            models.CheckConstraint(condition=Q(status__in=CommitmentStatus.values), name="commitment_status_known"),
            models.CheckConstraint(
                condition=Q(kept_on=None) | Q(status__in=[CommitmentStatus.KEPT, CommitmentStatus.KEPT_LATE]),
                name="commitment_kept_on_only_when_kept",
                violation_error_message=_("Only a kept commitment has a day on which it was kept."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} - {self.due_on}"

    @property
    def promised_for(self) -> date:
        """The day that counts: the date last agreed."""
        return self.renegotiated_to or self.due_on

    @property
    def is_live(self) -> bool:
        return self.status in {CommitmentStatus.OPEN, CommitmentStatus.RENEGOTIATED}
