"""Files that admins bring, and imports of them."""

import csv
import io

from reports.imports import uploads, work
from teams.models import Import
from tests.factories import make_worker

ANA = {"name": "Ana Roy", "email": "ana@harbour.example", "role": "member", "team": "Intake", "starts_on": "2026-01-05"}


def sheet(*rows):
    """A CSV file of rows that have the same columns."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def action(worker, **changes):
    said = {
        "done_on": "2026-02-03",
        "worker": worker.email,
        "team": "",
        "level": "individual",
        "practice": "info_up_front",
        "direction": "co_designed",
        "communities": "racialized",
        "visibility": "shared",
        "reference": "1",
        "note": "",
    }
    return said | changes


def make_admin(agency):
    return make_worker(agency, "Ada Admin", is_admin=True)


def brought(admin, *rows, kind="people", name="staff.csv"):
    """An import whose file was checked."""
    upload = uploads.start(kind=kind, name=name, content=sheet(*rows), by=admin)
    work.work(upload.pk)
    return Import.objects.get(pk=upload.pk)


def confirm(upload, *, by):
    """By somebody who reads what the page says now."""
    upload.refresh_from_db()
    return uploads.confirm(upload, shown=upload.findings.get("plan", ""), by=by)


def imported(admin, *rows, kind="people"):
    """An import that was confirmed and written."""
    upload = brought(admin, *rows, kind=kind)
    assert confirm(upload, by=admin)
    work.work(upload.pk)
    return Import.objects.get(pk=upload.pk)
