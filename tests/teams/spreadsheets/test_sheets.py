import io
import struct
from datetime import date, datetime

import pytest
from django.utils import translation

from actions.vocabulary import HeardBack, Level
from teams.spreadsheets import sheets
from teams.spreadsheets.sheets import Cells, Outcome, Problem, Row, SheetError, Words
from teams.visibility import Visibility
from tests.data.workbooks import workbook

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)


def read(content, name="people.csv", *, required=("name",), optional=("team",)):
    content = content.encode() if isinstance(content, str) else content
    return sheets.read(io.BytesIO(content), name=name, required=required, optional=optional)


def rows(*args, **kwargs):
    return [(row.number, row.cells) for row in read(*args, **kwargs).rows]


def error(*args, **kwargs):
    with pytest.raises(SheetError) as caught:
        read(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "name,team\nZoé,Été\n".encode(),
        "name,team\nZoé,Été\n".encode("utf-8-sig"),
        "name,team\nZoé,Été\n".encode("cp1252"),
        "name;team\nZoé;Été\n".encode("cp1252"),
        "name;team\r\nZoé;Été\r\n".encode("utf-8-sig"),
        "name,team\rZoé,Été\r".encode(),
        "name,team\nZoe\u0301,E\u0301te\u0301".encode(),
        " Name ,TEAM\n Zoé\u00a0,\tÉté \n".encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "semicolons", "windows", "old mac", "decomposed", "blanks around"],
)
def test_csv_in_any_spelling(content):
    assert rows(content) == [(2, {"name": "Zoé", "team": "Été"})]


def test_csv_takes_the_mark_that_separates_the_headings():
    assert rows('name;team\n"a;b";c, d\n') == [(2, {"name": "a;b", "team": "c, d"})]


def test_csv_counts_rows_as_a_spreadsheet_does():
    content = 'name,team\na,1\n\n"b\nb",2\n,\nc,3\n'

    assert rows(content) == [
        (2, {"name": "a", "team": "1"}),
        (4, {"name": "b\nb", "team": "2"}),
        (6, {"name": "c", "team": "3"}),
    ]


def test_csv_with_short_and_long_rows():
    sheet = read("name,team\na\nb,c,d\ne,f,,\n")

    assert [row.cells for row in sheet.rows] == [
        {"name": "a", "team": ""},
        {"name": "b", "team": "c"},
        {"name": "e", "team": "f"},
    ]
    assert sheet.problems == [Problem(3, "team", "is followed by cells under no heading")]


def test_columns_that_are_not_read_are_told():
    sheet = read("Favourite colour,name,,Shoe size\nred,a,x,40\n")

    assert (sheet.columns, sheet.unread) == ({"name"}, ["Favourite colour", "Shoe size"])
    assert [row.cells for row in sheet.rows] == [{"name": "a"}]


@pytest.mark.parametrize("heading", ["starts_on", "Starts on", "STARTS-ON", "starts  on"])
def test_headings_compare_without_case_and_marks(heading):
    assert rows(f"{heading}\n2026-01-01\n", required=["starts_on"]) == [(2, {"starts_on": "2026-01-01"})]


def test_cells_lose_control_characters_only():
    assert rows("name\na\x7fb\tc\n") == [(2, {"name": "ab\tc"})]


def test_formula_is_text():
    assert rows('name\n"=HYPERLINK(""http://x.example"")"\n') == [(2, {"name": '=HYPERLINK("http://x.example")'})]


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("", "a.csv", "The file is empty, or its first row does not name the columns."),
        ("\n\n", "a.csv", "The file is empty, or its first row does not name the columns."),
        ("name,team\n", "a.csv", "The file has no rows below the headings."),
        ("name,team\n,\n", "a.csv", "The file has no rows below the headings."),
        ("nom,team\nx,y\n", "a.csv", "The first row lacks these columns: name."),
        ("name,team,Team\nx,y,z\n", "a.csv", "The first row has these columns twice: team."),
        (",".join(f"c{n}" for n in range(200)) + "\n", "a.csv", "The file has more than 60 columns."),
        (
            'name\na\n"b" c\n',
            "a.csv",
            "Row 3 cannot be read: its quotation marks do not match, or a cell is too long.",
        ),
        (
            'name\n"never closed\n',
            "a.csv",
            "Row 2 cannot be read: its quotation marks do not match, or a cell is too long.",
        ),
        (PNG, "a.csv", "The file is not a CSV file although its name ends in .csv; save it as CSV (UTF-8)."),
        (workbook(), "a.csv", "The file is not a CSV file although its name ends in .csv; save it as CSV (UTF-8)."),
        (
            "name\nx\n".encode("utf-16"),
            "a.csv",
            "The file is not a CSV file although its name ends in .csv; save it as CSV (UTF-8).",
        ),
        (
            b"\xef\xbb\xbfname\nZo\xe9\n",
            "a.csv",
            "The file says that it is UTF-8, and is not; save it again as CSV (UTF-8).",
        ),
        (b"name\n\x81\x8d\n", "a.csv", "The letters of the file cannot be read; save it as CSV (UTF-8)."),
        ("name\nx\n", "a.ods", "Only files whose name ends in .csv or .xlsx can be read."),
        ("name\nx\n", "csv", "Only files whose name ends in .csv or .xlsx can be read."),
        ("name\nx\n", "a.xlsx", "The file cannot be read as XLSX; save it again, without a password."),
        (workbook()[:-30], "a.xlsx", "The file cannot be read as XLSX; save it again, without a password."),
        (workbook(), "a.xlsx", "The file is empty, or its first row does not name the columns."),
        (workbook([["name"]], hidden=[1]), "a.xlsx", "The file has no sheet that shows."),
        (workbook([["name"]]), "a.xlsx", "The file has no rows below the headings."),
        (workbook([[], ["name"], ["x"]]), "a.xlsx", "The file is empty, or its first row does not name the columns."),
        (workbook([[f"c{n}" for n in range(200)]]), "a.xlsx", "The file has more than 60 columns."),
    ],
)
def test_file_that_cannot_be_read(content, name, expected):
    assert error(content, name) == expected


def test_file_as_large_and_as_long_as_it_may_be(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_BYTES", 9)
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)

    assert rows("name\na\nb\n") == [(2, {"name": "a"}), (3, {"name": "b"})]
    assert error("name\na\nb\nc") == "The file is larger than 0 MB."


@pytest.mark.parametrize(("content", "name"), [(b"name\na\nb\nc\n", "a.csv"), (workbook([["name"], *"abc"]), "a.xlsx")])
def test_file_with_a_row_too_many(monkeypatch, content, name):
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)

    assert error(content, name) == "The file has more than 2 rows."


def test_xlsx_with_dates_and_numbers():
    content = workbook(
        [
            ["name", "team", "done_on", "seen_at", "hours"],
            ["Zoé", "", date(2026, 2, 1), datetime.fromisoformat("2026-02-01T12:30"), 3.5],
            ["=1+1", 12, 46054, datetime.fromisoformat("2026-02-01T00:00"), 2.0],
        ]
    )

    assert rows(content, "a.XLSX", optional=["team", "done_on", "seen_at", "hours"]) == [
        (
            2,
            {"name": "Zoé", "team": "", "done_on": "2026-02-01", "seen_at": "2026-02-01T12:30:00", "hours": "3.5"},
        ),
        (3, {"name": "=1+1", "team": "12", "done_on": "46054", "seen_at": "2026-02-01", "hours": "2"}),
    ]


def test_xlsx_formula_is_the_value_saved_with_it():
    content = workbook(
        '<row r="1"><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><t>team</t></is></c></row>'
        '<row r="4"><c r="A4" t="str"><f>HYPERLINK("http://x.example")</f><v>shown</v></c>'
        "<c><f>1+1</f><v>2</v></c></row>"
        '<row r="5"><c r="A5"><f>NOW()</f></c><c r="B5" t="e"><v>#N/A</v></c></row>'
    )

    assert rows(content, "a.xlsx") == [(4, {"name": "shown", "team": "2"})]


def test_xlsx_reads_the_first_sheet_that_shows():
    content = workbook([["name"], ["hidden"]], [["name"], ["shown"]], [["name"], ["later"]], hidden=[1])

    assert rows(content, "a.xlsx") == [(2, {"name": "shown"})]


@pytest.mark.parametrize(
    ("far_out", "expected"),
    [
        (
            '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
            "The file has more than 100\N{NO-BREAK SPACE}000 rows.",
        ),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "The file has more than 60 columns."),
        (f'<row r="2">{"<c><v>1</v></c>" * 61}</row>', "The file has more than 60 columns."),
        (
            f'<row r="{"9" * 5000}"><c><v>1</v></c></row>',
            "The file cannot be read as XLSX; save it again, without a password.",
        ),
    ],
)
def test_xlsx_with_a_cell_far_out_is_refused_before_it_fills_the_memory(far_out, expected):
    content = workbook(f'<row r="1"><c t="inlineStr"><is><t>name</t></is></c></row>{far_out}')

    assert error(content, "a.xlsx") == expected


def test_xlsx_with_formatting_far_out_is_read():
    content = workbook(
        '<row r="1"><c t="inlineStr"><is><t>name</t></is></c><c r="XFD1" s="1"/></row>'
        '<row r="2"><c t="inlineStr"><is><t>a</t></is></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    )

    assert rows(content, "a.xlsx") == [(2, {"name": "a"})]


def test_xlsx_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)

    assert error(workbook([["name"], ["a" * 1000]]), "a.xlsx") == "The file unpacks to more than 0 MB."


def test_read_path_of_a_missing_file(tmp_path):
    with pytest.raises(SheetError) as caught:
        sheets.read_path(tmp_path / "no.csv", required=["name"])

    assert str(caught.value) == "The file cannot be opened: No such file or directory."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Children's Services", "children’s  services"),
        ("Société d'aide à l’enfance", "SOCIÉTÉ D’AIDE À L'ENFANCE"),
        ("Ofﬁce\u00a0Ⅳ", "office iv"),
        ("E\u0301te", "Éte"),
    ],
)
def test_folded_alike(one, other):
    assert sheets.folded(one) == sheets.folded(other)


def test_folded_keeps_accents_apart():
    assert sheets.folded("Cote") != sheets.folded("Côté")


def test_words_of_an_earlier_tier_win():
    words = Words([("Listening", 1)], [("listening", 2), ("Speaking", 2)])

    assert [words.find(text) for text in ("LISTENING", "speaking", "other", "")] == [1, 2, None, None]


def test_words_with_two_meanings_have_none():
    words = Words([("Both", 1), ("both", 2), ("one", 1), ("One", 1)])

    assert [words.find(text) for text in ("both", "one")] == [None, 1]


@pytest.mark.parametrize(
    ("choices", "text", "code"),
    [
        (HeardBack, "not_applicable", "not_applicable"),
        (HeardBack, "Not applicable", "not_applicable"),
        (HeardBack, "sans objet", "not_applicable"),
        (Level, "Multi-agency", "multi_agency"),
        (Level, "PLUSIEURS ORGANISMES", "multi_agency"),
        (Visibility, "Shared", "shared"),
        (Visibility, "my team", "shared"),
    ],
)
def test_choice_words_in_either_language(choices, text, code):
    assert sheets.choice_words(choices).find(text) == code


def test_choice_words_offer_codes_with_labels_in_the_language_of_the_reader():
    with translation.override("fr-ca"):
        offer = sheets.choice_words(Level).offer

    assert offer == (
        "individual (Travail individuel), agency (Organisme), multi_agency (Plusieurs organismes), sector (Secteur)"
    )


def cells(**texts):
    errors = []
    return Cells(Row(7, texts), errors), errors


def test_cells_without_problems():
    row, errors = cells(name="a", level="Agency", day="2026-02-28")

    assert row.text("name", most=1, required=True) == "a"
    assert row.text("absent") == ""
    assert row.choice("level", Level) == "agency"
    assert row.choice("absent", Level, default="sector") == "sector"
    assert row.day("day") == date(2026, 2, 28)
    assert row.day("absent") is None
    assert (row.fine, errors) == (True, [])


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2026",
        "2026-02-30",
        "20260201",
        "2026-W05-1",
        "2026-2-1",
        "46054",
        "2026-02-01T12:30:00",
        "tomorrow",
        "٢٠٢٦-٠١-٠١",
    ],
)
def test_cells_with_another_date(text):
    row, errors = cells(day=text)

    assert row.day("day") is None
    assert errors == [Problem(7, "day", "is not a date written as YYYY-MM-DD")]


def test_cells_tell_all_that_is_wrong():
    row, errors = cells(name="ab", day="1899-12-31", level="Planet")

    row.text("name", most=1)
    row.text("team", required=True)
    row.day("day")
    row.day("due", required=True)
    row.choice("level", Level)

    assert not row.fine
    assert [str(problem) for problem in errors] == [
        "row 7, name: is longer than 1 characters",
        "row 7, team: is empty",
        "row 7, day: lies before the year 1900",
        "row 7, due: is empty",
        f"row 7, level: is none of: {sheets.choice_words(Level).offer}",
    ]


def test_outcome_in_lines():
    outcome = Outcome(
        new=[2, 3],
        changed=[4],
        same=[5, 6, 7],
        left=[8],
        errors=[Problem(9, "note", "is empty"), Problem(3, "team", "is empty"), Problem(3, "note", "is empty")],
        notices=[Problem(4, "note", "is short")],
        unread=["Colour", "Size"],
    )

    assert list(outcome.lines()) == [
        "Columns that are not read: Colour, Size.",
        "row 3, team: is empty",
        "row 3, note: is empty",
        "row 4, note: is short",
        "row 9, note: is empty",
        "1 new, 1 changed, 3 same, 1 left, 2 rows with errors.",
    ]
