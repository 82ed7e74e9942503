"""Messages on their way: each to one recipient, about one thing."""

from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from actions.models import Ask, Departure
from reports.models.summary import TeamSummary
from teams.constraints import SameAgency
from teams.models import Agency, Invitation, Worker

# What a message of each kind is about: the one of these columns that is filled.
ABOUT = {
    "summary": ["team_summary"],
    "ask": ["ask_waits", "ask_answered"],
    "week": ["reminder", "reflections_go"],
    "departure": ["account_closed"],
    "invitation": ["invitation"],
}


def _is_about_its_kind() -> Q:
    return reduce(
        or_,
        (
            Q(kind__in=kinds, **{f"{other}__isnull": other != about for other in ABOUT})
            for about, kinds in ABOUT.items()
        ),
    )


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def managed_by(self, worker: Worker) -> Self:
        """Those of the agency of which she is an admin."""
        return self.filter(agency=worker.agency) if worker.is_admin else self.none()


class Delivery(models.Model):
    """One message on its way to one recipient by one channel: about a summary, an ask, promises, leaving, joining..."""

    class Kind(models.TextChoices):
        TEAM_SUMMARY = "team_summary", _("team summary")
        ASK_WAITS = "ask_waits", _("an ask waits for an answer")
        ASK_ANSWERED = "ask_answered", _("an ask was answered")
        REMINDER = "reminder", _("reminder of commitments")
        ACCOUNT_CLOSED = "account_closed", _("account closed, record to take along")
        REFLECTIONS_GO = "reflections_go", _("reflections are about to be erased")
        INVITATION = "invitation", _("invitation")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.TEAM_SUMMARY, db_default=Kind.TEAM_SUMMARY)
    summary = models.ForeignKey(TeamSummary, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    week = models.DateField(null=True, blank=True)  # the Monday of a reminder; the day on which reflections go
    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    recipient = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    claim = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # when the recipient asked for it herself
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=["pending", "sending"]), name="delivery_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "recipient", "channel"], condition=Q(asked_at=None), name="delivery_unique"
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None) | Q(summary__isnull=False), name="delivery_asked_for_is_of_a_summary"
            ),
            models.UniqueConstraint(fields=["ask", "kind", "recipient", "channel"], name="delivery_of_ask_unique"),
            models.UniqueConstraint(fields=["recipient", "kind", "week", "channel"], name="delivery_of_week_unique"),
            models.UniqueConstraint(fields=["departure", "recipient", "channel"], name="delivery_of_departure_unique"),
            models.UniqueConstraint(fields=["invitation", "channel"], name="delivery_of_invitation_unique"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, invitation__isnull=False)
                | Q(recipient__isnull=False, invitation__isnull=True),
                name="delivery_goes_to_worker_or_invited",
            ),
            models.CheckConstraint(condition=_is_about_its_kind(), name="delivery_has_what_its_kind_is_about"),
            SameAgency(field="summary", name="delivery_summary_same_agency"),
            SameAgency(field="ask", name="delivery_ask_same_agency"),
            SameAgency(field="departure", name="delivery_departure_same_agency"),
            SameAgency(field="invitation", name="delivery_invitation_same_agency"),
            SameAgency(field="recipient", name="delivery_recipient_same_agency"),
        ]

    def __str__(self) -> str:
        about = self.summary_id or self.ask_id or self.week or self.departure_id or self.invitation_id
        return f"{self.kind} {about} {self.channel} {self.status}"

    @property
    def reader(self) -> Worker:
        """The recipient of all but an invitation, whose address need not have an account."""
        assert self.recipient is not None
        return self.recipient
