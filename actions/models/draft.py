"""Forms that are not finished. The table holds sealed texts alone; actions/drafts.py opens them."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Func, Value
from django.db.models.lookups import Exact

from teams.constraints import SameAgency
from teams.models import Agency, Worker

ADDRESS_LENGTH = 200


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, worker: Worker) -> Self:
        """Her own, the latest first; nobody else's, whatever her role."""
        return self.filter(author=worker).order_by("-saved_at", "-pk")


class Draft(models.Model):
    """What stands in a form that was not sent, for its author alone; it counts nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # a text is sealed for it
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()  # of what it becomes when it is sent, or of what it changes
    address = models.CharField(max_length=ADDRESS_LENGTH)  # of the form, with its query
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="draft_unique"),
            SameAgency(field="author", name="draft_author_same_agency"),
            models.CheckConstraint(
                condition=Exact(
                    Func("ciphertext", Value(0), function="get_byte", output_field=models.IntegerField()), 1
                ),
                name="draft_is_sealed",  # the first byte is the format: actions/sealing
            ),
        ]
        indexes = [models.Index(fields=["saved_at"], name="draft_untouched")]

    def __str__(self) -> str:
        return str(self.pk)
