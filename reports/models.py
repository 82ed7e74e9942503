"""What is to be added up, what it added up to, and to whom that was sent: the only record of all of it."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from actions.models import Ask, Departure
from reports.figures import TeamFigures
from reports.periods import Period
from reports.suppression.published import ProtectedFigures
from teams.constraints import SameAgency
from teams.models import Agency, Invitation, Membership, Team, Worker
from teams.tracking import tracked

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


class TeamSummaryQuerySet(models.QuerySet["TeamSummary"]):
    def visible_to(self, worker: Worker) -> Self:
        """Those of the teams she belongs to today."""
        return self.filter(team__in=Team.objects.visible_to(worker))

    def notable_by(self, worker: Worker) -> Self:
        """Those on which she may write: of the teams that she supervises today."""
        spells = Membership.objects.current().supervising().filter(worker=worker)
        return self.filter(team__in=spells.values("team"))


class TeamSummary(models.Model):
    """What a closed period added up to for one team; frozen."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="summaries")
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    figures = models.JSONField()
    questions = models.JSONField(default=list)
    closed_at = models.DateTimeField(_("frozen at"))

    objects = TeamSummaryQuerySet.as_manager()

    class Meta:
        ordering = ["-period_start"]
        verbose_name_plural = "team summaries"
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="team_summary_agency_id"),
            models.UniqueConstraint(fields=["team", "period_start", "period_end"], name="team_summary_unique"),
            SameAgency(field="team", name="team_summary_team_same_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.period_start}..{self.period_end}"

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_end)

    @property
    def team_figures(self) -> TeamFigures:
        return TeamFigures.from_json(self.figures)


NOTE_LENGTH = 600


class SummaryNoteQuerySet(models.QuerySet["SummaryNote"]):
    def visible_to(self, worker: Worker) -> Self:
        """Those on summaries that she reads: members read what their supervisors wrote."""
        return self.filter(summary__in=TeamSummary.objects.visible_to(worker))

    def before(self, summary: TeamSummary) -> Self:
        """What was written on the team's earlier summaries, the latest first."""
        earlier = self.filter(summary__team=summary.team_id, summary__period_start__lt=summary.period_start)
        return earlier.order_by("-summary__period_start", "-version")


@tracked("agency", "summary", "version", update=False)
class SummaryNote(models.Model):
    """What the supervisors wrote on a team's summary: one version, which nothing changes. The newest stands."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    summary = models.ForeignKey(TeamSummary, on_delete=models.PROTECT, related_name="notes")
    version = models.PositiveIntegerField()
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    came_of_it = models.CharField(_("what came of it"), max_length=NOTE_LENGTH, blank=True, default="")
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, default="")
    will_try = models.CharField(_("what the team will try"), max_length=NOTE_LENGTH, blank=True, default="")

    objects = SummaryNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["summary", "version"], name="summary_note_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="summary_note_version_from_one"),
            SameAgency(field="summary", name="summary_note_summary_same_agency"),
            SameAgency(field="author", name="summary_note_author_same_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.summary} v{self.version}"

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXTS}


TEXTS = ("came_of_it", "note", "will_try")  # of a SummaryNote, in the order of a meeting


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


class Heartbeat(models.Model):
    """When a periodic job last succeeded."""

    job = models.CharField(primary_key=True, max_length=40)
    last_success = models.DateTimeField()

    def __str__(self) -> str:
        return self.job
