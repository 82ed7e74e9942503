"""What workers write for themselves. The table holds sealed texts alone; actions/reflections.py opens them."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models.action import Action
from actions.models.catalogue import Practice
from actions.vocabulary import Prompt
from teams.constraints import SameAgency
from teams.models import Agency, Worker

TEXT_LENGTH = 4000


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, worker: Worker) -> Self:
        """Her own, newest first; nobody else's, whatever her role."""
        return self.filter(author=worker).order_by("-created_at", "-id")

    def editable_by(self, worker: Worker) -> Self:
        return self.visible_to(worker)

    def with_practice(self, agency: Agency | None) -> Self:
        """With the action it hangs on and that one's practice, under the agency's own name, in two queries."""
        return self.select_related("action").prefetch_related(
            models.Prefetch("action__practice", Practice.objects.named_for(agency))
        )


class Reflection(models.Model):
    """A worker's thoughts about her own practice, for herself alone; sealed, so that the table shows none of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # a text is sealed for it
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    prompt = models.CharField(_("question"), max_length=24, choices=Prompt, blank=True)
    ciphertext = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [
            SameAgency(field="author", name="reflection_author_same_agency"),
            SameAgency(field="action", name="reflection_action_same_agency"),
            models.CheckConstraint(condition=Q(prompt__in=[*Prompt.values, ""]), name="reflection_prompt_known"),
            models.CheckConstraint(
                condition=Exact(
                    Func("ciphertext", Value(0), function="get_byte", output_field=models.IntegerField()), 1
                ),
                name="reflection_is_sealed",  # the first byte is the format: actions/sealing
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def question(self) -> Prompt | None:
        return Prompt(self.prompt) if self.prompt else None

    @property
    def standing_action(self) -> Action | None:
        """The action it hangs on, unless that was withdrawn, or an import has given it to somebody else."""
        action = self.action
        return action if action and action.withdrawn_at is None and action.author_id == self.author_id else None
