"""Teams, and the dated spells of workers in them."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models.functions import UUID7, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models.agency import Agency
from teams.models.worker import Worker


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, worker: Worker) -> Self:
        """Teams the worker belongs to today, as member or supervisor."""
        return self.filter(pk__in=Membership.objects.current().filter(worker=worker).values("team"))

    def roster_visible_to(self, worker: Worker) -> Self:
        """Teams whose members the worker may see listed: her own, and all of the agency for its leads and admins."""
        if worker.is_admin or worker.is_equity_lead:
            return self.filter(agency=worker.agency)
        return self.visible_to(worker)

    def editable_by(self, worker: Worker) -> Self:
        """All of her agency, closed ones as well, for its admins."""
        return self.filter(agency=worker.agency_id) if worker.is_admin and worker.agency_id else self.none()

    def open(self, on: date | None = None) -> Self:
        """Those that are not closed on the day: today of the active time zone, or `on`."""
        return self.filter(models.Q(closed_on=None) | models.Q(closed_on__gte=on or timezone.localdate()))


@tracked("agency", "name", "communities", "closed_on")
class Team(models.Model):
    """A group of workers of one agency, with its supervisors."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=120)
    communities = ArrayField(
        models.SmallIntegerField(), verbose_name=_("communities that the team says it serves"), default=list, blank=True
    )
    closed_on = models.DateField(_("last day"), null=True, blank=True)

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

    def editable_by(self, worker: Worker) -> Self:
        return self.filter(agency=worker.agency_id) if worker.is_admin and worker.agency_id else self.none()


@tracked("agency", "worker", "team", "role", "starts_on", "ends_on", about=("worker", "team"))
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
