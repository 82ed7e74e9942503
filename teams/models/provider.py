"""An agency's own sign-in (OpenID Connect), and whose account there is whose here."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models.agency import Agency
from teams.models.worker import Worker

ISSUER_LENGTH, CLIENT_LENGTH, SUBJECT_LENGTH, ACR_LENGTH = 255, 255, 255, 120


class FactorSource(models.TextChoices):
    """Where a second factor is asked for, of those who need one, have none here and come by their agency's account."""

    OURS = "ours", _("Allyship asks for it, as after a password")
    SAID = "said", _("The account asks for it, and says so each time")
    TRUSTED = "trusted", _("The account always asks for it, but does not say so")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def visible_to(self, worker: Worker) -> Self:
        """Her agency's, for its admins and equity leads."""
        readable = self.filter(agency=worker.agency_id) if worker.agency_id else self.none()
        return readable if worker.is_admin or worker.is_equity_lead else self.none()


@tracked("agency", "issuer", "client_id", "secret_set_at", "is_required", "second_factor", "acr")
class Provider(models.Model):
    """Where the people of one agency sign in with the account that they have there already."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="provider")
    issuer = models.CharField(_("address of the sign-in (issuer)"), max_length=ISSUER_LENGTH)
    client_id = models.CharField(_("client ID"), max_length=CLIENT_LENGTH)
    sealed_secret = models.BinaryField(editable=False)
    secret_set_at = models.DateTimeField(db_default=Now(), editable=False)  # so the audit tells of a new one
    is_required = models.BooleanField(default=False)  # who has linked an account signs in there alone
    second_factor = models.CharField(max_length=7, choices=FactorSource, default=FactorSource.OURS)
    acr = models.CharField(max_length=ACR_LENGTH, blank=True, default="")  # what says so; else "mfa" among the amr

    objects = ProviderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(second_factor__in=FactorSource.values), name="provider_factor_known"),
        ]

    def __str__(self) -> str:
        return self.issuer


class LinkedAccountQuerySet(models.QuerySet["LinkedAccount"]):
    def working(self) -> Self:
        """Those of the sign-in that the agency has now."""
        return self.filter(agency__provider__issuer=F("issuer"))


@tracked("agency", "worker", "issuer", about=("worker",))
class LinkedAccount(models.Model):
    """A person's account at her agency's sign-in, known by issuer and subject: never by an e-mail address."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="linked_account")
    issuer = models.CharField(max_length=ISSUER_LENGTH)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    linked_at = models.DateTimeField()

    objects = LinkedAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "issuer", "subject"], name="linked_account_once"),
            models.CheckConstraint(condition=~Q(subject=""), name="linked_account_has_subject"),
            SameAgency(field="worker", name="linked_account_worker_same_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.pk}"
