"""Texts that a spreadsheet would run, in everything that anybody can type, followed into every file that leads out."""

import csv
import io
import re
from zipfile import ZipFile

from django.apps import apps

from reports.imports import uploads, work
from tests.sweeps.table import GET, rows

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CALC = "=cmd|' /C calc'!A"
LINK = '=HYPERLINK("https://evil.example","x")'
# What is typed and comes to stand in a file, each the text of a model.
TYPED = {
    "teams.Team": ["name"],
    "teams.Worker": ["name"],
    "actions.Action": ["note", "partners", "reference"],
    "actions.Ask": ["in_the_way", "need", "answer"],
    "actions.Commitment": ["text"],
    "actions.Initiative": ["title", "aim", "outside", "resources"],
    "actions.Practice": ["label_en", "label_fr"],
    "actions.Community": ["label_en", "label_fr"],
    "actions.PracticeEdit": ["label_en", "label_fr"],
    "actions.CommunityEdit": ["label_en", "label_fr"],
    "reports.SummaryNote": ["came_of_it", "note", "will_try"],
}
NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def spoil():
    """Every such text in both agencies becomes a formula, another in each row."""
    for label, names in TYPED.items():
        for n, row in enumerate(apps.get_model(label).objects.all()):
            said = {name: CALC + str(n) for name in names if getattr(row, name)}
            type(row).objects.filter(pk=row.pk).update(**said)


def cells(response):
    """Every cell of a file as the spreadsheet reads it, and the XML of its sheets, where it is a workbook."""
    content = response.content
    if not content.startswith(b"PK"):
        return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row], []
    found, sheets = [], []
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            if name.endswith(".csv"):
                found += [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            elif "worksheets" in name or "externalLink" in name or name.endswith(".rels"):
                sheets.append(text)
    return found, sheets


def outlets(attacker):
    """Every address that answers with a table, once for each role that gets it."""
    for row in rows(GET):
        if row.literals.get("ending") or row.literals.get("kind") in {"csv", "xlsx"} or row.name.endswith("_errors"):
            for role in ("alice", "sana", "director", "lead", "admin", "analyst"):
                if row.cells[role] == "200":
                    yield str(row), attacker.strike(role, "get", row)
                    break


def files_that_run(attacker):
    """Files with a cell that a spreadsheet would run, and how many files brought a formula along as a text."""
    wrong, with_formula = {}, 0
    for name, strike in outlets(attacker):
        found, sheets = cells(strike.response)
        with_formula += "cmd|" in strike.text
        running = [cell for cell in found if cell.startswith(RUNS) and not NUMBER.fullmatch(cell)]
        inside = [
            mark
            for sheet in sheets
            for mark in ("<f>", "<f ", "<hyperlink", "externalLink", "oleObject")
            if mark in sheet
        ]
        if running or inside:
            wrong[name] = (running, inside)
    return wrong, with_formula


def test_no_cell_of_any_file_runs(attacker):
    spoil()
    wrong, with_formula = files_that_run(attacker)

    assert wrong == {}
    assert with_formula >= 8


def test_rows_with_errors_come_back_inert(attacker):
    """An admin gets her own file back: whoever filled it in may have meant her."""
    said = LINK.replace('"', '""')
    text = f'name,email,role,team,starts_on\n"{said}",a@file.example,no role,"{said}",2026-01-05\nx,@evil.example,+1,-2,=3\n'
    upload = uploads.start(kind="people", name="people.csv", content=text.encode(), by=attacker.world.people["admin"])
    work.work(upload.pk)
    attacker.before = {}
    strike = attacker.strike("admin", "get", f"/agency/imports/{upload.pk}/errors.csv")
    found, _ = cells(strike.response)

    assert strike.status == 200
    assert [cell for cell in found if cell.startswith(RUNS)] == []
    assert f"'{LINK}" in found


def test_every_file_is_saved_under_a_plain_name_and_not_shown(attacker):
    """A browser that would show it could be brought to run what is in it; the name comes from what somebody typed."""
    spoil()
    wrong = {}
    for name, strike in outlets(attacker):
        disposition = strike.response.headers.get("Content-Disposition", "")
        if not re.fullmatch(r'attachment; filename="[\w.-]+"', disposition):
            wrong[name] = disposition
        if strike.response.headers["X-Content-Type-Options"] != "nosniff":
            wrong[name] = "sniffed"

    assert wrong == {}
