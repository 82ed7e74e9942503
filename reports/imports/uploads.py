"""What an admin does with an import: bring a file, have it imported, stop it, take it back. And what time does."""

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q

from reports.imports import files
from teams.models import Import, ImportStatus, Worker
from teams.models.upload import ImportQuerySet

UNDO = timedelta(hours=24)
KEPT = timedelta(days=7)
STALE = timedelta(seconds=60)


def start(*, kind: str, name: str, content: bytes, by: Worker) -> Import:
    """Keep the file, to be checked."""
    assert by.agency is not None
    return Import.objects.create(
        agency=by.agency,
        uploaded_by=by,
        asked_by=by,
        kind=kind,
        file_name=files.stored_name(name, kind=kind),
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
    )


def _again(status: ImportStatus, by: Worker) -> dict[str, object]:
    return {
        "status": status,
        "asked_by": by,
        "rows_done": 0,
        "attempts": 0,
        "touched_at": None,
        "started_at": None,
        "cancel_asked": False,
        "message": "",
    }


def confirm(upload: Import, *, shown: str, by: Worker) -> bool:
    """Have it written; False where that is no longer to be done, or is not what `shown`, of the findings, stands for."""
    fit = upload.counts.get("errors") == 0 and upload.counts["new"] + upload.counts["changed"] > 0
    ready = Import.objects.filter(pk=upload.pk, status=ImportStatus.READY, findings__plan=shown).exclude(content=None)
    return bool(fit and ready.update(**_again(ImportStatus.RUNNING, by)))


def take_warnings(upload: Import, *, by: Worker) -> bool:
    """Check again, now that somebody has read the notes that only may point to a person."""
    ready = Import.objects.filter(pk=upload.pk, status=ImportStatus.READY).exclude(content=None)
    return bool(ready.update(takes_warnings=True, **_again(ImportStatus.CHECKING, by)))


def cancel(upload: Import, *, now: datetime) -> bool:
    """Throw away what is only checked; ask the job to stop where it is at work. False where it has come to its end."""
    ours = Import.objects.filter(pk=upload.pk)
    thrown_away = {"status": ImportStatus.CANCELLED, "finished_at": now, "content": None, "findings": {}}
    if ours.filter(status=ImportStatus.READY).update(**thrown_away):
        return True
    return bool(ours.unfinished().update(cancel_asked=True))


def can_undo(upload: Import, *, now: datetime) -> bool:
    """Within a day of an import that wrote something."""
    wrote = upload.counts.get("new", 0) + upload.counts.get("changed", 0) > 0
    in_time = upload.finished_at is not None and upload.finished_at > now - UNDO
    return upload.status == ImportStatus.DONE and wrote and in_time


def undo(upload: Import, *, now: datetime, by: Worker) -> bool:
    """Have it taken back; False where it is too late, or was done."""
    if not can_undo(upload, now=now):
        return False
    written = Import.objects.filter(pk=upload.pk, status=ImportStatus.DONE).exclude(undo__isnull=True)
    return bool(written.update(**_again(ImportStatus.UNDOING, by)))


def due(*, now: datetime) -> ImportQuerySet:
    """Those for which nobody rang, or whose process is gone."""
    return Import.objects.unfinished().filter(Q(touched_at=None) | Q(touched_at__lt=now - STALE)).defer("content")


def forget_old(*, now: datetime) -> int:
    """Erase files, what was found in them, and what would take them back; of each a day after its end, a week after it
    came. Returns how many.
    """
    week_old = Import.objects.filter(created_at__lt=now - KEPT)
    ended = {"status": ImportStatus.CANCELLED, "finished_at": now, "message": "expired"}
    week_old.filter(status__in=[ImportStatus.READY, ImportStatus.CHECKING, ImportStatus.RUNNING]).update(**ended)
    over = Import.objects.filter(Q(finished_at__lt=now - UNDO) | Q(created_at__lt=now - KEPT))
    over = over.exclude(status=ImportStatus.UNDOING)
    return over.exclude(content=None, undo__isnull=True, findings={}).update(content=None, undo=None, findings={})
