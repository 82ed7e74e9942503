"""The summary of a team's period, frozen, and what its supervisors wrote on it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7
from django.utils.translation import gettext_lazy as _

from reports.figures.counts import TeamFigures
from reports.periods import Period
from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models import Agency, Membership, Team, Worker


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
TEXTS = ("came_of_it", "note", "will_try")  # of a SummaryNote, in the order of a meeting


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
