"""An invitation to join an agency, sent to one e-mail address."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Lower
from django.utils.translation import gettext_lazy as _

from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models.agency import Agency, Language
from teams.models.team import Role, Team
from teams.models.worker import Worker


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, worker: Worker) -> Self:
        """Those of her agency, for its admins and equity leads."""
        if worker.agency_id is None or not (worker.is_admin or worker.is_equity_lead):
            return self.none()
        return self.filter(agency=worker.agency_id)

    def editable_by(self, worker: Worker) -> Self:
        return self.visible_to(worker) if worker.is_admin else self.none()

    def standing(self) -> Self:
        """Neither accepted nor taken back; the link may be too old."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open_at(self, now: datetime) -> Self:
        """Those whose link works."""
        return self.standing().filter(expires_at__gt=now)


@tracked(
    *("agency", "email", "is_admin", "is_equity_lead", "role", "language"),
    *("expires_at", "revoked_at", "accepted_at", "worker"),
)
class Invitation(models.Model):
    """One link, for one address, once: the row holds what it is made from, but only a hash of it."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    is_admin = models.BooleanField(default=False)
    is_equity_lead = models.BooleanField(default=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)  # in the teams
    teams = models.ManyToManyField(Team, through="InvitedTo", related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    nonce = models.UUIDField(default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "email"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="invitation_agency_id"),
            models.UniqueConstraint(
                fields=["agency", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_stands_once",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, worker__isnull=True)
                | Q(accepted_at__isnull=False, worker__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            SameAgency(field="invited_by", name="invitation_invited_by_same_agency"),
            SameAgency(field="worker", name="invitation_worker_same_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.pk}"

    @property
    def language_code(self) -> str:
        """The code of LANGUAGES, such as fr-ca."""
        return f"{self.language}-ca"


@tracked("agency", "invitation", "team")
class InvitedTo(models.Model):
    """A team that somebody is invited to."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "team"], name="invited_to_once"),
            SameAgency(field="invitation", name="invited_to_invitation_same_agency"),
            SameAgency(field="team", name="invited_to_team_same_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.team_id}"
