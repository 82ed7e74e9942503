"""What its author changed about an action after it was logged."""

from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from actions.models.action import Action
from teams.constraints import SameAgency
from teams.models import Agency, Worker


class ActionEditQuerySet(models.QuerySet["ActionEdit"]):
    def visible_to(self, worker: Worker) -> Self:
        """Those of her own actions, newest first; nobody else sees that an action was changed."""
        return self.filter(action__author=worker, action__withdrawn_at=None).order_by("-version")


class ActionEdit(models.Model):
    """One saving of an action over an earlier version: which fields changed, and codes before and after; no text."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField()
    edited_at = models.DateTimeField()
    changes = models.JSONField(encoder=DjangoJSONEncoder)  # field: [before, after], and null for a text

    objects = ActionEditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "version"], name="action_edit_once"),
            SameAgency(field="action", name="action_edit_same_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.version}"
