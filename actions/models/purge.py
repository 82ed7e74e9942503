"""That texts were erased because of their age: how many and from before which day, never what they said."""

from django.db import models
from django.db.models.functions import UUID7
from django.utils.translation import gettext_lazy as _

from teams.audit.tracking import tracked
from teams.models import Agency


class Erased(models.TextChoices):
    """What goes by its age."""

    ACTIONS = "actions", _("Notes and partners of actions")
    PROMISES = "promises", _("Words of commitments that are settled")
    ASKS = "asks", _("Asks and their answers")
    SUMMARY_NOTES = "summary_notes", _("What supervisors wrote on summaries")
    REFLECTIONS = "reflections", _("Reflections")


@tracked("agency", "what", "before", update=False)
class Purge(models.Model):
    """What was erased of one agency up to one day; runs of the same day add up in one row."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="purges")
    what = models.CharField(max_length=13, choices=Erased)
    before = models.DateField()  # what was older than this day went
    count = models.PositiveIntegerField()
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["-erased_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "what", "before"], name="purge_once_a_day"),
            models.CheckConstraint(condition=models.Q(what__in=Erased.values), name="purge_what_known"),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="purge_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.what} before {self.before}"
