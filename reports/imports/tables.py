"""What the page of an import says: how it stands, what its check found, and what can be done next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.imports import uploads
from reports.imports.kinds import KINDS
from teams.models import Import, ImportStatus, Worker

SHOWN = 100
FIRST = 10
MESSAGES: Mapping[str, str | Promise] = {
    "changed": gettext_lazy(
        "Something changed between the check and the import, so nothing was written. These are the counts of now: look "
        "again, and import once more."
    ),
    "unreadable": gettext_lazy("The file could not be read. Save it again as XLSX or CSV (UTF-8), and upload it anew."),
    "too_long": gettext_lazy("It took too long and was stopped. Split the file in two, and upload these."),
    "broke_off": gettext_lazy("It broke off three times. Upload the file again later, or tell whoever runs the app."),
    "unexpected": gettext_lazy("Something went wrong that we had not foreseen; the log of the installation says what."),
    "in_the_way": gettext_lazy(
        "Nothing was undone: some of what the import made or changed was changed or used since."
    ),
    "last_admin": gettext_lazy(
        "Nothing was undone: nobody would be left to look after your agency’s people. Make somebody else an admin first."
    ),
    "expired": gettext_lazy("It was not imported within a week, so the file was erased."),
}


@dataclass(frozen=True)
class Told:
    """Something about one cell."""

    row: int
    column: str | Promise
    reason: str


@dataclass(frozen=True)
class Report:
    """`errors` and `notices` are the first hundred of them."""

    message: str | Promise
    progress: str
    errors: list[Told]
    notices: list[Told]
    more_errors: int
    more_notices: int
    unread: list[str]
    closed: list[str]
    in_the_way: list[int]
    """The first rows of the file that keep it from being undone, and how many there are."""
    in_the_way_all: int
    is_known: bool
    """Whether the same file was imported before."""
    can_import: bool
    can_accept: bool
    can_undo: bool
    undo_until: datetime | None
    has_error_rows: bool
    """Whether the reader may have her rows with errors as a file."""


def report(upload: Import, *, reader: Worker, now: datetime) -> Report:
    found = upload.findings
    is_ready, counts = upload.status == ImportStatus.READY, upload.counts
    errors, notices = found.get("errors", []), found.get("notices", [])
    return Report(
        message=MESSAGES.get(upload.message, ""),
        progress=progress_text(upload),
        errors=_told(upload, errors),
        notices=_told(upload, notices),
        more_errors=max(0, len(errors) - SHOWN),
        more_notices=max(0, len(notices) - SHOWN),
        unread=found.get("unread", []),
        closed=found.get("closed", []),
        in_the_way=found.get("in_the_way", [])[:FIRST],
        in_the_way_all=len(found.get("in_the_way", [])),
        is_known=is_ready and _is_known(upload),
        can_import=is_ready and not counts["errors"] and counts["new"] + counts["changed"] > 0,
        can_accept=is_ready and counts.get("warned", 0) > 0,
        can_undo=uploads.can_undo(upload, now=now),
        undo_until=_undo_until(upload),
        has_error_rows=bool(errors) and upload.uploaded_by_id == reader.pk,
    )


def _undo_until(upload: Import) -> datetime | None:
    return upload.finished_at + uploads.UNDO - timedelta(minutes=1) if upload.finished_at else None


def _is_known(upload: Import) -> bool:
    same = Import.objects.filter(agency=upload.agency_id, kind=upload.kind, digest=upload.digest)
    return same.filter(status=ImportStatus.DONE).exists()


def _told(upload: Import, found: list[list]) -> list[Told]:
    labels = KINDS[upload.kind].labels
    return [Told(row, labels.get(column, column), reason) for row, column, reason in found[:SHOWN]]


def progress_text(upload: Import) -> str:
    """For eyes and screen readers alike."""
    if upload.cancel_asked and upload.is_unfinished:
        return _("It is being cancelled.")
    if not upload.rows_all:
        return _("It has begun.") if upload.touched_at else _("It waits for its turn.")
    return _("%(done)d of %(all)d rows") % {"done": upload.rows_done, "all": upload.rows_all}
