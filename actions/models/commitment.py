"""Promises, from an action or alone: when they are due and what became of them."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.models.action import UNDO, Action
from actions.models.catalogue import Practice
from actions.models.initiative import Initiative
from actions.vocabulary import CommitmentStatus
from teams.constraints import SameAgency
from teams.models import Agency, Team, Worker
from teams.visibility import Visibility

TEXT_LENGTH = 120
LIVE = [CommitmentStatus.OPEN, CommitmentStatus.RENEGOTIATED]
KEPT = [CommitmentStatus.KEPT, CommitmentStatus.KEPT_LATE]
SEEN_BY: dict[str, str | Promise] = {
    Visibility.PRIVATE: _("Only you see this promise; it is not counted anywhere."),
    Visibility.COUNTED: _("Only you can read it; only protected agency and sector totals may ever count it."),
    Visibility.SHARED: _(
        "Your team’s figures count how it stands, without your name. Nobody else reads your words or the date."
    ),
}


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
    def standing(self) -> Self:
        """Not withdrawn, alone or with their action."""
        return self.filter(withdrawn_at=None)

    def due_by(self, day: date) -> Self:
        """By the date last agreed; past ones too."""
        return self.filter(Q(renegotiated_to__lte=day) | Q(renegotiated_to=None, due_on__lte=day))

    def by(self, worker: Worker) -> Self:
        """Her own, soonest first."""
        mine = self.standing().filter(author=worker)
        return mine.annotate(deadline=Coalesce("renegotiated_to", "due_on")).order_by("deadline", "id")

    def editable_by(self, worker: Worker) -> Self:
        return self.by(worker)

    def withdrawable_by(self, worker: Worker, now: datetime) -> Self:
        """Those of hers that stand alone, and those that she withdrew less than ten minutes ago, to take that back."""
        recent = Q(withdrawn_at=None) | Q(withdrawn_at__gt=now - UNDO)
        return self.filter(recent, author=worker, action=None)

    def live(self) -> Self:
        """Still to be kept: open, or with a new date agreed."""
        return self.filter(status__in=LIVE)

    def closed(self) -> Self:
        """Kept or dropped."""
        return self.exclude(status__in=LIVE)

    def with_practice(self, agency: Agency | None) -> Self:
        """With the action and its practice, under the agency's own name, in two queries."""
        return self.select_related("action").prefetch_related(
            models.Prefetch("action__practice", Practice.objects.named_for(agency))
        )

    def shared(self) -> Self:
        """What team figures count, by status; nobody but their author reads more of them."""
        return self.standing().filter(visibility=Visibility.SHARED)


class Commitment(models.Model):
    """A promise with a date and somebody counting on it, from an action or alone.

    One from an action has its author, team, visibility, initiative, day and withdrawal: triggers of the database keep
    them the same, whoever writes. So every question about a promise is asked of this table alone.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="commitments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, null=True, blank=True, related_name="commitments")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    text = models.CharField(_("what I promised"), max_length=TEXT_LENGTH, blank=True, default="", db_default="")
    visibility = models.CharField(_("who can see it"), max_length=7, choices=Visibility, default=Visibility.PRIVATE)
    made_on = models.DateField(_("promised on"))
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=12, choices=CommitmentStatus, default=CommitmentStatus.OPEN, blank=True
    )
    kept_on = models.DateField(_("kept on"), null=True, blank=True)
    renegotiated_to = models.DateField(_("new date"), null=True, blank=True)
    agreed_with = models.CharField(_("agreed with"), max_length=10, choices=AgreedWith, blank=True)
    dropped_because = models.CharField(_("reason"), max_length=14, choices=DroppedBecause, blank=True)
    before = models.JSONField(null=True, blank=True, editable=False)  # how it stood before her last word, for Undo
    spoken_at = models.DateTimeField(null=True, blank=True)  # when she last said what became of it; no import does
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "due_on"], name="commitment_agency_due"),
            models.Index(
                fields=["team", "due_on"],
                include=["status", "made_on"],
                condition=Q(visibility=Visibility.SHARED, withdrawn_at=None),
                name="commitment_team_figures",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="commitment_agency_id"),
            SameAgency(field="author", name="commitment_author_same_agency"),
            SameAgency(field="team", name="commitment_team_same_agency"),
            SameAgency(field="action", name="commitment_action_same_agency"),
            models.CheckConstraint(condition=Q(status__in=CommitmentStatus.values), name="commitment_status_known"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="commitment_visibility_known"),
            models.CheckConstraint(
                condition=Q(action=None) | Q(text=""),
                name="commitment_text_only_alone",
                violation_error_message=_("What an action promised stands in its note."),
            ),
            models.CheckConstraint(
                condition=Q(kept_on=None) | Q(status__in=KEPT),
                name="commitment_kept_on_only_when_kept",
                violation_error_message=_("Only a kept commitment has a day on which it was kept."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action or self.pk} - {self.due_on}"

    @property
    def promised_for(self) -> date:
        """The day that counts: the date last agreed."""
        return self.renegotiated_to or self.due_on

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_kept(self) -> bool:
        return self.status in KEPT

    @property
    def seen_by(self) -> str | Promise:
        """Who can see one that stands alone, said to its author; another says it with its action."""
        return SEEN_BY[self.visibility]
