"""The user model: a person who signs in."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import UUID7, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from teams import withheld
from teams.audit.tracking import tracked
from teams.models.agency import Agency, Language
from teams.visibility import Visibility


class WorkerQuerySet(models.QuerySet["Worker"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, worker: "Worker") -> Self:
        """The people of her agency, also those whose account is closed: for its admins and equity leads."""
        if worker.agency_id is None or not (worker.is_admin or worker.is_equity_lead):
            return self.none()
        return self.filter(agency=worker.agency_id)

    def editable_by(self, worker: "Worker") -> Self:
        return self.visible_to(worker) if worker.is_admin else self.none()


class WorkerManager(BaseUserManager.from_queryset(WorkerQuerySet)):  # type: ignore[misc]
    def create_worker(
        self, *, email: str, name: str, agency: Agency | None, password: str | None = None, **fields: Any
    ) -> "Worker":
        """Create an account; without a password its owner sets one by the link of a password reset."""
        worker = self.model(email=email.strip().lower(), name=name, agency=agency, **fields)
        worker.set_password(password)
        worker.full_clean()
        worker.save(using=self._db)
        return worker


@tracked(
    *("agency", "email", "name", "is_active"),
    *("is_admin", "is_equity_lead", "is_analyst", "is_operator"),
)
class Worker(AbstractBaseUser):
    """A person who signs in: a worker of one agency, a sector analyst, or an operator of the installation."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="workers")
    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("Someone already has this e-mail address.")}
    )
    name = models.CharField(_("name"), max_length=120)
    password = withheld.CharField(_("password"), max_length=128)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    default_visibility = models.CharField(_("who sees what I log"), max_length=7, choices=Visibility, blank=True)
    gets_summaries = models.BooleanField(_("team summaries by e-mail"), default=True)
    gets_reminders = models.BooleanField(_("reminders of commitments by e-mail"), default=True, db_default=True)
    calendar_key = withheld.UUIDField(
        null=True, blank=True, unique=True
    )  # of her secret calendar link; none: it is off
    is_active = models.BooleanField(default=True)
    session_generation = models.PositiveIntegerField(default=0, db_default=0)  # sessions of an earlier one are dead
    is_admin = models.BooleanField(_("admin"), default=False)
    is_equity_lead = models.BooleanField(_("equity lead"), default=False)
    is_analyst = models.BooleanField(_("sector analyst"), default=False)
    is_operator = models.BooleanField(_("operator"), default=False)

    objects: ClassVar[WorkerManager] = WorkerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="worker_email_lower_case",
                violation_error_message=_("An e-mail address is kept in lower case."),
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="worker_agency_id"),
            models.CheckConstraint(
                condition=models.Q(agency__isnull=False) | models.Q(is_analyst=True) | models.Q(is_operator=True),
                name="worker_has_agency",
                violation_error_message=_("A worker belongs to an agency."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_analyst=False)
                | models.Q(agency__isnull=True, is_admin=False, is_equity_lead=False, is_operator=False),
                name="analyst_has_no_other_role",
                violation_error_message=_("A sector analyst has no agency and no other role."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, of the password, with the generation: what ended once stays ended, whatever becomes of the account."""
        said = f"{self.session_generation}:{self.password}"
        return salted_hmac("teams.session", said, secret=secret, algorithm="sha256").hexdigest()

    def today(self) -> date:
        """The date on her agency's calendar."""
        return self.agency.today() if self.agency else timezone.localdate()

    @property
    def is_at_work(self) -> bool:
        """Whether she is a worker, supervisor or lead of an agency: not an analyst, nor an admin who is in no team."""
        if self.agency_id is None:
            return False
        if self.is_admin and not self.is_equity_lead:
            return self.memberships.current().exists()
        return True

    @property
    def reads_sector(self) -> bool:
        return self.is_analyst or self.is_equity_lead

    @property
    def device_name(self) -> str:
        """What a browser calls her account in what it keeps: it says nothing, and leads nowhere."""
        return salted_hmac("teams.device", str(self.pk), algorithm="sha256").hexdigest()[:32]

    @property
    def language_code(self) -> str:
        """The code of LANGUAGES, such as fr-ca."""
        return f"{self.language}-ca"
