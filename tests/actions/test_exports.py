"""All that is hers as tables, and as files that a spreadsheet opens right and inert."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from actions import drafts, export_files, exports, initiatives
from actions.export_files import Format
from actions.models import Reflection
from tests.actions.factories import edit_term, make_community, make_practice, make_reflection
from tests.factories import make_action, make_ask, make_commitment, make_initiative, make_own_commitment, practice

DAY, LOGGED = date(2026, 5, 4), date(2026, 5, 6)
NOW = datetime(2026, 5, 7, 15, 0, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]


def keep_draft(worker, note):
    said = urlencode({"level": "individual", "note": note})
    drafts.keep(said, key=uuid4(), address=reverse("actions:log"), by=worker, now=timezone.now())


@pytest.fixture
def everything(alice, bob, sana):
    """One of each of hers, and of each what is somebody else's or withdrawn."""
    action = make_action(
        alice,
        done_on=DAY,
        logged_on=LOGGED,
        hours=Decimal("2.50"),
        note="J’ai écouté; “réparé” l’écart.",
        partners="=HYPERLINK(1)",
        communities=[make_community(alice.agency).pk],
    )
    make_commitment(action, due_on=DAY)
    make_own_commitment(alice, text="My own promise", made_on=DAY, due_on=LOGGED)
    make_ask(alice, need="My own need")
    make_reflection(alice, "My own thought", action=action)
    keep_draft(alice, "My own draft")
    make_action(alice, note="Canary withdrawn", withdrawn_at=timezone.now())
    for other in (bob, sana):
        theirs = make_action(other, note="Canary of another")
        make_commitment(theirs)
        make_own_commitment(other, text="Canary promise")
        make_ask(other, need="Canary need")
        make_reflection(other, "Canary thought")
        keep_draft(other, "Canary draft")
    return action


def file(worker, kind):
    return export_files.response(exports.of(worker), kind, today=DAY, made_at=NOW)


def csv_files(worker, delimiter=","):
    with zipfile.ZipFile(io.BytesIO(file(worker, Format.CSV).content)) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    assert all(text.startswith(b"\xef\xbb\xbf") for text in texts.values())
    return {
        name: list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=delimiter))
        for name, text in texts.items()
    }


def test_export_is_everything_of_hers_and_nothing_of_anybody_else(alice, everything):
    sheets = {sheet.key: sheet.rows for sheet in exports.of(alice)}

    assert {key: len(rows) for key, rows in sheets.items() if key != "codebook"} == {
        "actions": 1,
        "commitments": 2,
        "asks": 1,
        "reflections": 1,
        "drafts": 1,
    }
    assert [row["text"] for row in sheets["commitments"]] == ["", "My own promise"]
    assert [row["need"] for row in sheets["asks"]] == ["My own need"]
    assert [(row["text"], row["action_id"]) for row in sheets["reflections"]] == [
        ("My own thought", str(everything.pk))
    ]
    assert [(row["form"], row["text"]) for row in sheets["drafts"]] == [("An action", "My own draft")]
    assert "Canary" not in str(csv_files(alice)) + str(sheets)


def test_one_row_is_one_action_with_both_days_and_codes_that_stay(alice, everything):
    edit_term(alice.agency, practice(), label_en="Our own words")

    (row,) = exports.of(alice)[0].rows

    assert row == {
        "action_id": str(everything.pk),
        "done_on": DAY,
        "logged_on": LOGGED,
        "practice": "info_up_front",
        "kind": "direct_support",
        "level": "individual",
        "direction": "co_designed",
        "communities": ["own_community"],
        "team": "Intake",
        "visibility": "shared",
        "heard_back": "not_asked",
        "hours": Decimal("2.50"),
        "dollars": None,
        "took_part": None,
        "system": "",
        "partners": "=HYPERLINK(1)",
        "relation": "",
        "initiative": "",
        "related_id": "",
        "note": "J’ai écouté; “réparé” l’écart.",
    }


def test_title_of_an_initiative_is_told_to_those_who_may_read_it(lead, charlie):
    joint = make_initiative(lead, partners=[charlie.agency], title="A title")
    make_action(charlie, initiative=joint)
    before = exports.of(charlie)[0].rows[0]["initiative"]
    initiatives.save(joint, by=lead, partners=[])

    assert (before, exports.of(charlie)[0].rows[0]["initiative"]) == ("A title", "")


def test_csv_has_headings_of_the_readers_language_days_and_inert_cells(alice, everything):
    heading, row = csv_files(alice)["actions.csv"]

    told = dict(zip(heading, row, strict=True))
    assert {key: told[key] for key in ("Date done", "Date logged", "Level", "Level (code)", "Hours", "Note")} == {
        "Date done": "2026-05-04",
        "Date logged": "2026-05-06",
        "Level": "Individual worker",
        "Level (code)": "individual",
        "Hours": "2.50",
        "Note": "J’ai écouté; “réparé” l’écart.",
    }
    assert told["Partner agencies and groups"] == "'=HYPERLINK(1)"


def test_csv_in_french_is_as_excel_in_french_reads_it(alice, everything):
    with translation.override("fr-ca"):
        heading, row = csv_files(alice, ";")["actions.csv"]

    assert heading[0] == "Action"
    assert row[heading.index("Heures")] == "2,50"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_any_file_runs(alice, text):
    make_action(alice, note=text, partners=text)

    row = csv_files(alice)["actions.csv"][1]
    with zipfile.ZipFile(io.BytesIO(file(alice, Format.XLSX).content)) as book:
        pages = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
        styles = book.read("xl/styles.xml")

    assert row.count(f"'{text}") == 2
    assert [page for page in pages if b"<f>" in page] == []
    assert b'quotePrefix="1"' in styles


def test_workbook_has_a_sheet_each_with_days_and_numbers_as_such(alice, everything):
    book = CalamineWorkbook.from_filelike(io.BytesIO(file(alice, Format.XLSX).content))
    heading, row = book.get_sheet_by_name("Actions").to_python()
    told = dict(zip(heading, row, strict=True))

    assert book.sheet_names == ["Actions", "Commitments", "Asks", "Reflections", "Drafts", "Codebook"]
    assert (told["Date done"], told["Date logged"], told["Hours"]) == (DAY, LOGGED, 2.5)
    assert told["Partner agencies and groups"] == "=HYPERLINK(1)"


def test_json_has_codes_and_the_codebook_their_words_in_both_languages(alice, everything):
    content = json.loads(file(alice, Format.JSON).content)
    words = {(row["sheet"], row["column"], row["code"]): (row["english"], row["french"]) for row in content["codebook"]}

    assert (content["actions"][0]["done_on"], content["actions"][0]["hours"]) == ("2026-05-04", "2.50")
    assert words["actions", "direction", "co_designed"] == ("Co-designed", "Conçue ensemble")
    assert words["actions", "communities", "own_community"] == ("Our own community", "Our own community")
    assert ("actions", "done_on", "") in words


def test_every_code_of_every_row_stands_in_the_codebook(alice, everything):
    make_action(alice, practice=make_practice(alice.agency), relation="follows_from", related=everything)
    sheets = exports.of(alice)
    known = {(row["sheet"], row["column"], row["code"]) for row in sheets[-1].rows}

    used = {
        (sheet.key, column.key, code)
        for sheet in sheets
        for column in sheet.columns
        if column.names is not None
        for row in sheet.rows
        for code in (row[column.key] if isinstance(row[column.key], list) else [row[column.key]])
        if code
    }

    assert used - known == set()


def test_reflection_that_cannot_be_opened_is_empty_and_stops_no_other(alice):
    shut, other = make_reflection(alice, "One"), make_reflection(alice, "Two")
    Reflection.objects.filter(pk=shut.pk).update(ciphertext=other.ciphertext)

    rows = next(sheet.rows for sheet in exports.of(alice) if sheet.key == "reflections")

    assert sorted(row["text"] or "" for row in rows) == ["", "Two"]


def test_file_is_named_for_the_day_and_never_stored(alice):
    answer = file(alice, Format.CSV)

    assert answer["Content-Disposition"] == 'attachment; filename="allyship-2026-05-04.zip"'


@pytest.mark.parametrize("n", [1, 3])
def test_export_runs_nine_queries(alice, n, django_assert_num_queries):
    for _ in range(n):
        action = make_action(alice)
        make_commitment(action)
        make_ask(alice)
        make_reflection(alice, action=action)

    with django_assert_num_queries(9):
        exports.of(alice)
