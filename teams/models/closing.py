"""That a team was closed, or merged into another, and what that changed: so that it can be taken back."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7

from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models.agency import Agency
from teams.models.team import Team
from teams.models.worker import Worker

UNDO = timedelta(minutes=10)


class TeamClosingQuerySet(models.QuerySet["TeamClosing"]):
    def undoable_by(self, worker: Worker, now: datetime) -> Self:
        """Those of the last ten minutes, for any admin of the agency."""
        if not worker.is_admin or worker.agency_id is None:
            return self.none()
        return self.filter(agency=worker.agency_id, undone_at=None, done_at__gt=now - UNDO)


@tracked("agency", "team", "into", "last_day", "undone_at")
class TeamClosing(models.Model):
    """One closing of one team, with the spells as they were and as it left them."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="closings")
    into = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_day = models.DateField()
    changes = models.JSONField()  # as teams.closing writes it
    done_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = TeamClosingQuerySet.as_manager()

    class Meta:
        constraints = [
            SameAgency(field="team", name="team_closing_team_same_agency"),
            SameAgency(field="into", name="team_closing_into_same_agency"),
            SameAgency(field="done_by", name="team_closing_done_by_same_agency"),
            models.UniqueConstraint(fields=["team"], condition=Q(undone_at=None), name="team_closing_once"),
            models.CheckConstraint(condition=Q(into=None) | ~Q(into=F("team")), name="team_closing_not_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.last_day}"
