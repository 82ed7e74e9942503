"""The job of an import: its check, its writing or its undoing, in one transaction; how far it is stands outside of it."""

import io
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pghistory
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone, translation

from reports import locks
from reports.imports import files
from reports.imports.closed import closed
from reports.imports.kinds import KINDS, Kind
from teams import accounts
from teams.imports import traces
from teams.models import Import, ImportKind, ImportStatus
from teams.spreadsheets.limits import SheetError
from teams.spreadsheets.sheets import Outcome, Problem

logger = logging.getLogger(__name__)

TRIES = 3
PAUSE = 0.5  # seconds from one look at the clock's hands to the next

# A row that somebody else holds at the moment is left alone: progress is never worth waiting for.
FREE = "id = (SELECT id FROM teams_import WHERE id = %(id)s FOR UPDATE SKIP LOCKED)"
BEGIN = f"""
    UPDATE teams_import SET attempts = attempts + 1, touched_at = now(), started_at = COALESCE(started_at, now())
    WHERE {FREE} RETURNING attempts
"""  # noqa: S608, no value stands in it
PROGRESS = f"""
    UPDATE teams_import SET rows_done = %(done)s, rows_all = %(all)s, touched_at = now()
    WHERE {FREE} RETURNING cancel_asked
"""  # noqa: S608, no value stands in it


class Cancelled(Exception):
    """Somebody asked to stop."""


class Clock:
    """Tells from outside the transaction how far it is, and hears whether to go on."""

    def __init__(self, pk: UUID, aside: BaseDatabaseWrapper) -> None:
        self.pk, self.aside = pk, aside
        self.next_at = 0.0

    def begin(self) -> int:
        """Returns which try this is."""
        return int(self._ask(BEGIN) or 1)

    def tell(self, done: int, total: int) -> None:
        """Cancelled where somebody asked for it; looks every half second, and at the last row."""
        if time.monotonic() >= self.next_at or done == total:
            self.next_at = time.monotonic() + PAUSE
            if self._ask(PROGRESS, done=done, all=total):
                raise Cancelled

    def _ask(self, sql: str, **values: int) -> Any:
        with self.aside.cursor() as cursor:
            cursor.execute(sql, {"id": self.pk, **values})
            row = cursor.fetchone()
        return row and row[0]


@contextmanager
def _clock(pk: UUID) -> Iterator[Clock]:
    aside = connection.copy()
    try:
        yield Clock(pk, aside)
    finally:
        aside.close()


def work(pk: UUID) -> None:
    """Check, write or take back the import; at once over where it has come to its end, or another of the agency is at work.

    What breaks it off leaves nothing half-written: the transaction is gone, and the row still says what is to be done.
    """
    with _clock(pk) as clock:
        try:
            _work(pk, clock)
        except Cancelled:
            _end(pk, ImportStatus.CANCELLED)
        except SheetError:
            _end(pk, ImportStatus.FAILED, "unreadable")
        except SoftTimeLimitExceeded:
            _end(pk, ImportStatus.FAILED, "too_long")
        except (OperationalError, InterfaceError):
            raise  # the database is gone, or had enough of us: tried again
        except Exception:
            _end(pk, ImportStatus.FAILED, "unexpected")
            raise


def _end(pk: UUID, status: ImportStatus, message: str = "") -> None:
    """Of what was being taken back, the import stays as it was."""
    ours = Import.objects.filter(pk=pk)
    ours.filter(status=ImportStatus.UNDOING).update(status=ImportStatus.DONE, message=message, cancel_asked=False)
    ours.unfinished().update(status=status, message=message, finished_at=timezone.now())


@transaction.atomic
def _work(pk: UUID, clock: Clock) -> None:
    agency = Import.objects.unfinished().filter(pk=pk).values_list("agency", flat=True).first()
    if agency is None or not locks.take_import(agency):
        return
    upload = Import.objects.unfinished().filter(pk=pk).select_related("agency", "uploaded_by").first()
    if upload is None:  # another process was faster
        return
    if clock.begin() > TRIES:
        _end(pk, ImportStatus.FAILED, "broke_off")
        return
    clock.tell(0, 0)
    pghistory.context(by=str(upload.asked_by_id))  # in the audit it is hers, done by this job
    if upload.status == ImportStatus.UNDOING:
        _take_back(upload, clock)
    else:
        _read(upload, clock)


def _take_back(upload: Import, clock: Clock) -> None:
    assert upload.undo is not None
    accounts.lock_agency(upload.agency_id)
    try:
        with transaction.atomic():
            traces.take_back(upload.undo)
            accounts.refuse_without_admin(upload.agency_id)
    except accounts.LastAdmin:
        _finish(upload, status=ImportStatus.DONE, message="last_admin")
    except traces.InTheWay as found:
        findings = upload.findings | {"in_the_way": found.rows}
        _finish(upload, status=ImportStatus.DONE, message="in_the_way", findings=findings)
    else:
        clock.tell(0, 0)
        _finish(upload, status=ImportStatus.UNDONE, undo=None, content=None, findings={})


def _read(upload: Import, clock: Clock) -> None:
    if upload.content is None:
        raise SheetError
    with translation.override(upload.uploaded_by.language_code), timezone.override(upload.agency.zone):
        kind = KINDS[upload.kind]
        sheet = files.read(
            io.BytesIO(bytes(upload.content)), name=upload.file_name, kind=upload.kind, agency=upload.agency
        )
        plan = kind.plan(sheet, upload, clock.tell)
        findings = _findings(plan, kind)
        if upload.status == ImportStatus.CHECKING or plan.errors or findings["plan"] != upload.findings.get("plan"):
            message = "" if upload.status == ImportStatus.CHECKING else "changed"
            values = {"counts": _counts(plan, upload.kind), "findings": findings, "message": message}
            _finish(upload, status=ImportStatus.READY, rows_done=0, **values)
        else:
            trace = _write(kind, plan, clock, len(sheet.rows))
            _finish(upload, status=ImportStatus.DONE, undo=trace, finished_at=timezone.now())


def _finish(upload: Import, **values: Any) -> None:
    """Cancelled where somebody asked for it, or ended it, since the clock was last looked at; from here on none can."""
    ours = Import.objects.filter(pk=upload.pk, status=upload.status, cancel_asked=False)
    if not ours.update(**values):
        raise Cancelled


def _write(kind: Kind, plan: Outcome, clock: Clock, total: int) -> traces.Trace:
    touched = kind.touched(plan)
    earlier = traces.before(touched)
    clock.tell(total, total)
    kind.write(plan)
    trace = traces.after(touched, earlier, plan.origins)
    clock.tell(total, total)
    return trace


def _counts(plan: Outcome, kind: str) -> dict[str, int]:
    counts = plan.counts | {"bad": len(plan.bad_rows), "errors": len(plan.errors)}
    if kind == ImportKind.ACTIONS:
        counts["warned"] = len(getattr(plan, "warned", ()))
    if kind == ImportKind.PEOPLE:
        counts |= {"admins": len(getattr(plan, "admins", ())), "leads": len(getattr(plan, "leads", ()))}
    return counts


def _findings(plan: Outcome, kind: Kind) -> dict[str, Any]:
    """What is told of the plan, and what stands for it: who confirms it confirms these rows and values."""
    return {
        "plan": traces.digest(kind.touched(plan), plan),
        "errors": _told(plan.errors),
        "notices": _told(plan.notices),
        "unread": plan.unread,
        "closed": list(closed(getattr(plan, "days", {}))),
    }


def _told(problems: list[Problem]) -> list[list[Any]]:
    return [[one.row, one.column, one.reason] for one in sorted(problems, key=lambda one: one.row)]
