"""Who belongs where: agencies, workers, teams and dated memberships."""

import logging
import zoneinfo
from datetime import date, tzinfo
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import UUID7, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from teams.constraints import SameAgency
from teams.visibility import Visibility

logger = logging.getLogger(__name__)


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


class Cadence(models.TextChoices):
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone, such as America/Toronto."), params={"name": name})


class Agency(models.Model):
    """An organization whose workers log here; it sees nothing of any other."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="America/Toronto", validators=[validate_time_zone]
    )
    cadence = models.CharField(_("cadence of summaries"), max_length=9, choices=Cadence, default=Cadence.QUARTERLY)
    """That of its first summaries; later ones: CadenceChange."""
    grace_days = models.PositiveSmallIntegerField(_("days for late entries"), default=7)
    reports_from = models.DateField(_("summaries from"))
    closed_through = models.DateField(null=True, blank=True)  # figures of days up to here are frozen
    reminded_on = models.DateField(null=True, blank=True)  # the Monday for which reminders were last made ready
    suggested_visibility = models.CharField(max_length=7, choices=Visibility, default=Visibility.SHARED)
    in_sector_from = models.DateField(_("counts in the figures of the sector from"), null=True, blank=True)
    least_actions = models.PositiveSmallIntegerField(_("actions that a protected figure needs"), default=5)
    least_authors = models.PositiveSmallIntegerField(_("authors that a protected figure needs"), default=3)
    most_percent = models.PositiveSmallIntegerField(_("percent of a protected figure by one author"), default=70)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(least_actions__gte=5, least_authors__gte=3, most_percent__range=(1, 70)),
                name="agency_protects_at_least_as_the_rule",
                violation_error_message=_("Figures may be protected more than by 5, 3 and 70 percent, never less."),
            ),
            models.UniqueConstraint(
                "slug", name="agency_slug_unique", violation_error_message=_("Another agency has this short name.")
            ),
            models.UniqueConstraint(
                Lower("name"), name="agency_name_unique", violation_error_message=_("Another agency has this name.")
            ),
            models.CheckConstraint(
                condition=models.Q(grace_days__lte=60),
                name="agency_grace_days_at_most_60",
                violation_error_message=_("At most 60 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        """The installation's own where a zone of that name is no longer known: nobody's pages or periods stop for it."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            logger.error("Agency %s has an unknown time zone", self.slug)
            return timezone.get_default_timezone()

    def today(self) -> date:
        """The date on the agency's wall calendar."""
        return timezone.localdate(timezone=self.zone)


class CadenceChange(models.Model):
    """From which quarter on an agency's summaries have another cadence: no quarter is cut."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="cadence_changes")
    starts_on = models.DateField()
    cadence = models.CharField(max_length=9, choices=Cadence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "starts_on"], name="cadence_change_unique"),
            models.CheckConstraint(
                condition=models.Q(starts_on__day=1, starts_on__month__in=[1, 4, 7, 10]),
                name="cadence_changes_with_a_quarter",
                violation_error_message=_("A new cadence begins with a quarter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.cadence} from {self.starts_on}"


class WorkerQuerySet(models.QuerySet["Worker"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


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


class Worker(AbstractBaseUser):
    """A person who signs in: a worker of one agency, a sector analyst, or an operator of the installation."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="workers")
    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("Someone already has this e-mail address.")}
    )
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    default_visibility = models.CharField(_("who sees what I log"), max_length=7, choices=Visibility, blank=True)
    gets_summaries = models.BooleanField(_("team summaries by e-mail"), default=True)
    gets_reminders = models.BooleanField(_("reminders of commitments by e-mail"), default=True, db_default=True)
    calendar_key = models.UUIDField(null=True, blank=True, unique=True)  # of her secret calendar link; none: it is off
    is_active = models.BooleanField(default=True)
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

    def today(self) -> date:
        """The date on her agency's calendar."""
        return self.agency.today() if self.agency else timezone.localdate()

    @property
    def is_at_work(self) -> bool:
        """Whether she is a worker, supervisor or lead of an agency: not an analyst, nor an admin who is in no team."""
        if self.agency_id is None:
            return False
        if self.is_admin and not self.is_equity_lead:
            return Membership.objects.current().filter(worker=self).exists()
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


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, worker: Worker) -> Self:
        """Teams the worker belongs to today, as member or supervisor."""
        return self.filter(pk__in=Membership.objects.current().filter(worker=worker).values("team"))

    def roster_visible_to(self, worker: Worker) -> Self:
        """Teams whose members the worker may see listed: her own, and all of the agency for its leads and admins."""
        if worker.is_admin or worker.is_equity_lead:
            return self.filter(agency=worker.agency)
        return self.visible_to(worker)


class Team(models.Model):
    """A group of workers of one agency, with its supervisors."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=120)
    communities = ArrayField(
        models.SmallIntegerField(), verbose_name=_("communities that the team says it serves"), default=list, blank=True
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="team_agency_id"),
            models.UniqueConstraint(
                "agency",
                Lower("name"),
                name="team_name_unique",
                violation_error_message=_("The agency already has a team of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    SUPERVISOR = "supervisor", _("Supervisor")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: date | None = None) -> Self:
        """Spells that include the day: today of the active time zone, or `on`."""
        day = on or timezone.localdate()
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day), starts_on__lte=day)

    def during(self, first: date, last: date) -> Self:
        """Spells that include at least one day of first to last."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=first), starts_on__lte=last)

    def supervising(self) -> Self:
        return self.filter(role=Role.SUPERVISOR)


class Membership(models.Model):
    """One dated spell of one worker in one team, as member or supervisor; both days are included."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until and including"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            SameAgency(field="worker", name="membership_worker_same_agency"),
            SameAgency(field="team", name="membership_team_same_agency"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The last day comes before the first."),
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    ("team", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This overlaps another spell of the same person in this team."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} - {self.team}"
