"""Spreadsheets that admins bring, and what takes an import back."""

from typing import Self

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models.agency import Agency
from teams.models.worker import Worker

FILE_NAME_LENGTH = 120
LARGE = ("content", "findings", "undo")


class ImportKind(models.TextChoices):
    PEOPLE = "people", pgettext_lazy("import", "People")
    TEAMS = "teams", pgettext_lazy("import", "Teams")
    ACTIONS = "actions", pgettext_lazy("import", "Past actions")


class ImportStatus(models.TextChoices):
    CHECKING = "checking", _("being checked")
    READY = "ready", _("checked, not imported")
    RUNNING = "running", _("being imported")
    DONE = "done", _("imported")
    FAILED = "failed", _("failed; nothing was written")
    CANCELLED = "cancelled", _("cancelled; nothing was written")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("imported and undone")


TOLD = [  # in the audit: that one was confirmed, came to its end, or was taken back
    ImportStatus.RUNNING,
    ImportStatus.DONE,
    ImportStatus.FAILED,
    ImportStatus.CANCELLED,
    ImportStatus.UNDOING,
    ImportStatus.UNDONE,
]
AT_WORK = [ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING]


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, worker: Worker) -> Self:
        """For the list: those of her agency, where she is its admin or equity lead; without what files held."""
        readable = self.filter(agency=worker.agency).exclude(agency=None).defer(*LARGE)
        return readable if worker.is_admin or worker.is_equity_lead else self.none()

    def managed_by(self, worker: Worker) -> Self:
        """What an admin of the agency may confirm, cancel and undo."""
        managed = self.filter(agency=worker.agency).exclude(agency=None).defer("content", "undo")
        return managed if worker.is_admin else self.none()

    def uploaded_by(self, worker: Worker) -> Self:
        """Those whose file she brought herself, and that still have it: nobody else reads what stood in it."""
        return self.filter(agency=worker.agency, uploaded_by=worker).exclude(content=None)

    def unfinished(self) -> Self:
        """To be checked, written or taken back, now or again."""
        return self.filter(status__in=AT_WORK)


@tracked(
    *("agency", "kind", "status", "counts", "takes_warnings"),
    insert=False,
    update=pgtrigger.Q(old__status__df=pgtrigger.F("new__status"), new__status__in=[str(one) for one in TOLD]),
)
class Import(models.Model):
    """A spreadsheet that an admin brought: what its check found, how far its import is, and what takes it back."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="imports")
    uploaded_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")  # for what it does, or did last
    kind = models.CharField(max_length=8, choices=ImportKind)
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING)
    file_name = models.CharField(_("file"), max_length=FILE_NAME_LENGTH)
    content = models.BinaryField(null=True)  # erased a day after the import, a week after the upload at latest
    digest = models.CharField(max_length=64)  # SHA-256 of the content, to know the same file again
    takes_warnings = models.BooleanField(default=False)  # somebody has read the notes that may point to a person
    counts = models.JSONField(default=dict)  # of rows, by what becomes of them
    findings = models.JSONField(default=dict)  # what is to be told by row and column; erased with the content
    undo = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # what was made, and what changed rows said before
    rows_done = models.PositiveIntegerField(default=0)
    rows_all = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=20, blank=True, default="")  # a code: why it did not come to an end
    cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    touched_at = models.DateTimeField(null=True)  # when a process last worked on it
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["agency", "-created_at"], name="import_agency_newest"),
            models.Index(
                fields=["touched_at"],
                condition=models.Q(status__in=AT_WORK),
                name="import_unfinished",
            ),
        ]
        constraints = [
            SameAgency(field="uploaded_by", name="import_uploader_same_agency"),
            SameAgency(field="asked_by", name="import_asker_same_agency"),
            models.CheckConstraint(condition=models.Q(kind__in=ImportKind.values), name="import_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=ImportStatus.values), name="import_status_known"),
            models.CheckConstraint(
                condition=models.Q(undo__isnull=True) | models.Q(status__in=[ImportStatus.DONE, ImportStatus.UNDOING]),
                name="import_undo_only_where_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in AT_WORK

    @property
    def percent(self) -> int:
        return 100 * self.rows_done // self.rows_all if self.rows_all else 0
