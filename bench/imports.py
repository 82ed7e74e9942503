"""What an import costs, on servers of its own: `python -m bench.imports [rows]`; exit 0 only where every gate holds.

For people and for actions it makes a file of so many rows (5,000 unless told), as CSV and as XLSX, has it checked,
imported and taken back by the code that the pages run. The gates, for 5,000 rows: seconds of each, and the peak of the
process's memory. A process of its own, beside `script/bench`, because a peak never goes down again.
"""

import csv
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import xlsxwriter

from bench.__main__ import prepare
from bench.cells import Gate

type Table = list[list[str]]  # the headings first

SECONDS = 30
MEGABYTES = 256
AUTHORS = 50
NOTES = (
    "Went through the plan with the youth before it was signed, in both languages.",
    "Asked the council what to change about the waiting room, and wrote down what they said for the next meeting.",
    "Reworded the letter with an interpreter.",
    "",
)


def main() -> int:
    gates: list[Gate] = []
    rows = int(sys.argv[1]) if sys.argv[1:] else 5_000
    with tempfile.TemporaryDirectory(prefix="allyship-bench-", ignore_cleanup_errors=True) as folder:
        prepare(Path(folder), demo=False)
        for kind, table in (("people", people), ("actions", actions)):
            for ending, file in (("csv", csv_file), ("xlsx", xlsx_file)):
                gates += run(kind, ending, file(table(rows, ending)), rows)
    gates.append(Gate("imports, peak of memory", peak(), MEGABYTES, "MB"))
    print("", *gates, sep="\n")
    return 0 if all(gate.holds for gate in gates) else 1


def run(kind: str, ending: str, content: bytes, rows: int) -> list[Gate]:
    from reports.imports import uploads, work
    from teams.models import Agency, Import, Membership, Team, Worker

    name = f"{kind}-{ending}"
    agency = Agency.objects.create(name=f"Bench of {name}", slug=f"bench-{name}", reports_from=date(2026, 1, 1))
    admin = Worker.objects.create_worker(email=f"{name}@bench.example", name="Bench", agency=agency, is_admin=True)
    if kind == "actions":
        team = Team.objects.create(agency=agency, name="Intake")
        for number in range(AUTHORS):
            author = Worker(agency=agency, email=f"author{number}@{ending}.example", name=f"Author {number}")
            author.set_unusable_password()
            author.save()
            Membership.objects.create(agency=agency, worker=author, team=team, starts_on=date(2020, 1, 1))
    print(f"{rows} rows of {kind} as {ending}, {len(content) / 2**20:.1f} MB; {peak():.0f} MB of memory before")
    upload = uploads.start(kind=kind, name=f"bench.{ending}", content=content, by=admin)
    took = {"check": timed("check", lambda: work.work(upload.pk))}
    upload = Import.objects.get(pk=upload.pk)
    uploads.confirm(upload, shown=upload.findings["plan"], by=admin)
    took["import"] = timed("import", lambda: work.work(upload.pk))
    upload = Import.objects.get(pk=upload.pk)
    print("  ", upload.status, upload.counts)
    assert upload.finished_at is not None and upload.counts["new"] == rows
    uploads.undo(upload, now=upload.finished_at, by=admin)
    took["undo"] = timed("undo", lambda: work.work(upload.pk))
    return [Gate(f"{what} of {kind} as {ending}", seconds, SECONDS, "s") for what, seconds in took.items()]


def timed(what: str, run: Callable[[], object]) -> float:
    began, cpu = time.monotonic(), time.process_time()
    run()
    took, of_cpu = time.monotonic() - began, time.process_time() - cpu
    print(f"   {what}: {took:.1f} s, of it {of_cpu:.1f} s of CPU in this process; peak {peak():.0f} MB")
    return took


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def people(rows: int, of: str) -> Table:
    return [
        ["name", "email", "role", "team", "starts_on", "language"],
        *(
            [f"Person {n}", f"person{n}@{of}.example", "member", f"Team {n % 100}", "2025-01-06", "en"]
            for n in range(rows)
        ),
    ]


def actions(rows: int, of: str) -> Table:
    """All notes differ, as they do in life: the guard reads each."""
    notes = cycle(NOTES)
    headings = ["done_on", "worker", "team", "level", "practice", "direction", "communities", "visibility"]
    return [
        [*headings, "reference", "note", "commitment_due"],
        *(
            [
                (date(2025, 1, 1) + timedelta(days=n % 360)).isoformat(),
                f"author{n % AUTHORS}@{of}.example",
                "Intake",
                "individual",
                "info_up_front",
                "co_designed",
                "racialized; indigenous",
                "shared",
                str(n),
                f"{note} {'Again. ' * (n % 7)}{'a' * (n // 7 % 20)}" if (note := next(notes)) else "",
                "2026-02-01" if n % 3 == 0 else "",
            ]
            for n in range(rows)
        ),
    ]


def csv_file(table: Table) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


def xlsx_file(table: Table) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(main())
