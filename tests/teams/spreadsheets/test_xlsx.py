"""Workbooks made to fill the memory, or to say one thing to a check and another to a reader; and odd ones that are fine."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from teams.spreadsheets import xlsx
from teams.spreadsheets.limits import Limits, SheetError
from tests.data.workbooks import OFFICE, workbook

DATA = Path(__file__).parents[2] / "data"
LIMITS = Limits(size=2**20, unpacked=20 * 2**20, rows=1_000, columns=40, takes_formulas=False)
HEADING = '<row r="1"><c t="inlineStr"><is><t>name</t></is></c></row>'
UNREADABLE = "The file cannot be read as XLSX; save it again, without a password."
TOO_LONG = "The file has more than 1\N{NO-BREAK SPACE}000 rows."
TOO_WIDE = "The file has more than 40 columns."
FORMULA = "The workbook has formulas, the first one in row 2; paste their values in their place."
SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
FAR_OUT = '<row r="2"><c r="xfd2"><v>1</v></c></row>'


def book(*rows, move=None, packed=zipfile.ZIP_DEFLATED, **parts):
    """A workbook of the rows, some of its parts replaced or added, its sheet perhaps under another name."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(HEADING + "".join(rows)))) as old,
        zipfile.ZipFile(file, "w", packed) as new,
    ):
        content = {name: old.read(name) for name in old.namelist()} | parts
        if move:
            content[move] = content.pop(SHEET)
            content[RELATIONS] = content[RELATIONS].replace(b"worksheets/sheet1.xml", f"/{move}".encode())
        for name, text in content.items():
            new.writestr(name, text)
    return file.getvalue()


def sheet(text):
    return {SHEET: f'<worksheet xmlns="{OFFICE}/spreadsheetml/2006/main">{text}</worksheet>'}


def sharing(*strings, rows):
    """A workbook whose cells in column A share the strings, the first one `rows` times."""
    cells = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(2, rows + 2))
    relations = (
        f'<Relationships><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="/xl/texts"/></Relationships>'
    )
    texts = f"<sst>{''.join(f'<si><t>{text}</t></si>' for text in strings)}</sst>"
    return book(cells, **{RELATIONS: relations, "xl/texts": texts})


def table(content):
    return list(xlsx.table(content, LIMITS))


def refused(content):
    with pytest.raises(SheetError) as caught:
        table(content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (FAR_OUT, TOO_WIDE),
        ('<row r="2"><c r="xFd2"><v>1</v></c></row>', TOO_WIDE),
        ('<row r="2"><c r="&#x78;&#102;d2"><v>1</v></c></row>', TOO_WIDE),
        ('<row r="2"><c r="a1048576"><v>1</v></c></row>', UNREADABLE),
        ('<row><c r="a1048576"><v>1</v></c></row>', TOO_LONG),
        ('<row r="1048576"><c><v>1</v></c></row>', TOO_LONG),
        ('<row r="2"><c r=" A2"><v>1</v></c></row>', UNREADABLE),
        ('<row r="2"><c r="$XFD$2"><v>1</v></c></row>', UNREADABLE),
        ('<row r="2"><c r="A2:XFD1048576"><v>1</v></c></row>', UNREADABLE),
        ('<row r="2"><c r="XFDXFD2"><v>1</v></c></row>', UNREADABLE),
        ('<row r="2"><c r="A99999999999"><v>1</v></c></row>', UNREADABLE),
        ('<row r="-2"><c><v>1</v></c></row>', UNREADABLE),
        ('<row r="٢"><c><v>1</v></c></row>', UNREADABLE),
        ('<row r="3"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>', UNREADABLE),
        ('<row><c r="A3"><v>1</v></c><c r="B4"><v>1</v></c></row>', UNREADABLE),
        ('<row r="2"><c t="s"><v>-1</v></c></row>', UNREADABLE),
        ('<row r="2"><c t="s"><v>0</v></c></row>', UNREADABLE),
        ('<row r="2"><c s="x"><v>1</v></c></row>', UNREADABLE),
        ('<row r="2"><c r="A2"><f>1+1</f></c></row>', FORMULA),
    ],
)
def test_cell_in_no_place_of_a_table_is_refused(rows, expected):
    assert refused(book(rows)) == expected


@pytest.mark.parametrize("name", ["xl/sheet1.dat", "elsewhere/S", "xl/worksheets/SHEET1.XML.bin"])
@pytest.mark.parametrize(
    ("rows", "expected"), [(FAR_OUT, TOO_WIDE), ('<row r="2"><c><f>1</f><v>2</v></c></row>', FORMULA)]
)
def test_sheet_is_held_to_the_limits_whatever_its_part_is_called(name, rows, expected):
    assert refused(book(rows, move=name)) == expected


def _relation(target):
    return f'<Relationships><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="{target}"/></Relationships>'


def _sheet_of(rows):
    return f"<worksheet><sheetData>{HEADING}{rows}</sheetData></worksheet>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "us-ascii"])
def test_sheet_in_any_letters_is_read_and_held_to_the_limits(encoding):
    def written(rows):
        return book(**{SHEET: f'<?xml version="1.0" encoding="{encoding}"?>{_sheet_of(rows)}'.encode(encoding)})

    assert table(written('<row r="2"><c><v>1</v></c></row>')) == [["name"], ["1"]]
    assert refused(written(FAR_OUT)) == TOO_WIDE


def test_sheet_with_prefixes_is_read_and_held_to_the_limits():
    def written(place):
        return book(
            **{
                SHEET: f'<x:worksheet xmlns:x="{OFFICE}/spreadsheetml/2006/main"><x:dimension ref="A1:XFD1048576"/>'
                '<x:sheetData><x:row r="1"><x:c t="inlineStr"><x:is><x:t>name</x:t></x:is></x:c></x:row>'
                f'<x:row r="2"><x:c r="{place}"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
            }
        )

    assert table(written("a2")) == [["name"], ["1"]]
    assert refused(written("xfd2")) == TOO_WIDE


def test_text_that_many_cells_share_counts_for_each():
    assert table(sharing("long " * 10, rows=2))[1:] == [["long " * 10]] * 2
    assert refused(sharing("x" * 30_000, rows=900)) == (
        "Up to row 36, the cells hold more than 1\N{NO-BREAK SPACE}048\N{NO-BREAK SPACE}576 characters; split the file in two."
    )


def test_texts_of_other_sheets_are_bounded_too():
    assert refused(sharing(*["x" * 30_000] * 36, rows=1)) == (
        "The workbook has more than 1\N{NO-BREAK SPACE}048\N{NO-BREAK SPACE}576 characters in all its sheets; "
        "save the one that you need as CSV."
    )


@pytest.mark.parametrize(
    "content",
    [
        sharing("x" * 32_768, rows=1),
        book(f'<row r="2"><c t="inlineStr"><is><t>{"x" * 32_768}</t></is></c></row>'),
        book(f'<row r="2"><c t="inlineStr"><is>{"<r><t>xx</t></r>" * 16_384}</is></c></row>'),
        book(f'<row r="2"><c t="str"><v>{"x" * 32_768}</v></c></row>'),
    ],
    ids=["shared", "inline", "in pieces", "result"],
)
def test_cell_longer_than_a_spreadsheet_takes_is_named(content):
    assert refused(content) == "The cell in row 2, column A, holds more than 32\N{NO-BREAK SPACE}767 characters."


def test_cells_beyond_counting_are_refused():
    assert refused(book('<row r="2">', "<c/>" * 120_001, "</row>")) == (
        "The workbook has too many cells, empty ones with a format included; save the sheet as CSV."
    )


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "parts",
    [
        {SHEET: f"{ENTITIES}{_sheet_of('<row><c><v>&b;</v></c></row>')}"},
        {SHEET: f'<!DOCTYPE w SYSTEM "file:///etc/passwd">{_sheet_of("")}'},
        {"xl/styles.xml": f"{ENTITIES}<styleSheet/>"},
        sheet("<a>" * 60 + "</a>" * 60),
        sheet("".join(f"<a{n}/>" for n in range(1_100))),
        sheet("".join(f"<a b{n}=''/>" for n in range(1_100))),
        sheet(f"<a b='{'x' * 2**21}'/>"),
        sheet(f"<!--{'x' * 2**21}-->"),
        {"xl/styles.xml": f"<s><cellXfs>{'<xf/>' * 70_000}</cellXfs></s>"},
        {"xl/styles.xml": '<s><cellXfs><xf numFmtId="x"/></cellXfs></s>'},
        {"xl/workbook.xml": "<workbook><sheets><sheet/></sheets></workbook>"},
        {RELATIONS: _relation("http://sheets.example/1.xml")},
        {RELATIONS: "<Relationships><Relationship/></Relationships>"},
        {"_rels/.rels": "<Relationships/>"},
    ],
    ids=[
        *("entities", "outside", "entities of styles", "deep", "names", "attributes", "tag", "comment"),
        *("formats", "no format", "no sheet", "elsewhere", "no target", "no workbook"),
    ],
)
def test_document_that_no_spreadsheet_writes_cannot_be_read(parts):
    assert refused(book(**parts)) == UNREADABLE


def test_parts_packed_in_a_way_that_needs_memory_to_unpack_cannot_be_read():
    assert refused(book(packed=zipfile.ZIP_LZMA)) == UNREADABLE


def test_part_that_nothing_reads_may_be_anything():
    assert table(book('<row r="2"><c><v>1</v></c></row>', **{"xl/media/a.png": b"\x89PNG\x00"})) == [["name"], ["1"]]


def test_cells_in_any_order_gaps_and_pronunciation():
    content = book(
        '<row r="3" spans="1:9"><c r="C3"><v>3</v></c><c r="A3" t="inlineStr"><is><r><t>Zo</t></r><r><t>é</t></r>'
        '<rPh sb="0" eb="1"><t>zo-é</t></rPh></is></c></row>',
        '<row><c t="b"><v>1</v></c><c t="d"><v>2026-02-01T00:00:00</v></c><c t="str"><v>as it is</v></c></row>',
    )

    assert table(content) == [["name"], [], ["Zoé", "", "3"], ["True", "2026-02-01", "as it is"]]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy\\-mm\\-dd;@", "2026-02-01"),
        ('[$-409]d" of "mmmm', "2026-02-01"),
        ('0.0" days"', "46054"),
        ("[Red]0", "46054"),
        ("General", "46054"),
    ],
)
def test_number_is_a_day_where_its_format_says_so(code, shown):
    styles = (
        f"<s><numFmts><numFmt numFmtId='170' formatCode='{code}'/></numFmts>"
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="170"/></cellXfs></s>'
    )

    assert table(book('<row><c s="0"><v>46054</v></c></row>', **{"xl/styles.xml": styles}))[1:] == [[shown]]


def test_days_of_a_workbook_that_counts_from_1904():
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        said = archive.read("xl/workbook.xml").replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')

    content = book('<row><c s="1"><v>44592</v></c></row>', **{"xl/workbook.xml": said})

    assert table(content)[1:] == [["2026-02-01"]]


def test_day_that_no_calendar_has_stays_a_number():
    assert table(book('<row><c s="1"><v>1e300</v></c><c><v>nan</v></c></row>'))[1:] == [["1e300", "nan"]]


def test_damaged_workbooks_are_read_or_refused_and_never_more():
    content = book('<row r="2"><c t="inlineStr"><is><t>Ana</t></is></c></row>')
    ends = []
    for place in range(0, len(content), 3):
        damaged = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        try:
            ends.append(bool(table(damaged)))
        except SheetError:
            ends.append(False)

    assert set(ends) == {True, False}


@pytest.mark.parametrize("program", ["libreoffice", "openpyxl"])
def test_what_other_programs_save_reads_as_the_csv_that_it_was_made_of(program):
    """With days that are days there, in their formats, and texts that cells share."""
    with (DATA / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))

    read = table((DATA / f"people-by-{program}.xlsx").read_bytes())

    assert [line + [""] * (len(rows[0]) - len(line)) for line in read] == rows
