"""Files that cannot be taken: each is refused on the page, in words, before anything is kept."""

import io
import re
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from reports.imports import files
from reports.imports.kinds import KINDS
from teams.models import Import
from teams.spreadsheets import sheets
from tests.data.workbooks import workbook
from tests.reports.imports.factories import ANA, brought, make_admin, sheet

HEADINGS = ["name", "email", "role", "team", "starts_on"]
ROW = list(ANA.values())
PEOPLE = workbook([HEADINGS, ROW])
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)
TEXT = sheet(ANA).decode()


def added(content, **parts):
    """The workbook with further parts."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def bomb():
    return added(PEOPLE, **{"xl/media/zeros.xml": bytes(files.LIMITS.unpacked + 1)})


def claiming(size):
    """A workbook of whose parts each says that it unpacks to `size`."""
    content = bytearray(PEOPLE)
    for entry in re.finditer(b"PK\x01\x02", PEOPLE):
        content[entry.start() + 24 : entry.start() + 28] = struct.pack("<I", size)
    return bytes(content)


def with_formula():
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEADINGS)
    return workbook(f'<row r="1">{cells}</row><row r="2"><c r="A2"><f>HYPERLINK("http://x")</f><v>Ana</v></c></row>')


UNREADABLE = "The file cannot be read as XLSX; save it again, without a password."
NOT_CSV = "The file is not a CSV file although its name ends in .csv; save it as CSV (UTF-8)."
MACROS = "The workbook may hold macros, which are never taken; save it as .xlsx or CSV without them."
HOSTILE = {
    "empty": (b"", "a.csv", "The file is empty, or its first row does not name the columns."),
    "header only": (",".join(HEADINGS).encode(), "a.csv", "The file has no rows below the headings."),
    "no header": (
        b"Ana,ana@harbour.example\n",
        "a.csv",
        "The first row lacks these columns: name, email, role, team, starts_on.",
    ),
    "twice": (f"{TEXT.splitlines()[0]},Name\n".encode(), "a.csv", "The first row has these columns twice: name."),
    "200 columns": (",".join(f"c{n}" for n in range(200)).encode(), "a.csv", "The file has more than 60 columns."),
    "binary": (PNG, "a.csv", NOT_CSV),
    "utf-16": (TEXT.encode("utf-16"), "a.csv", NOT_CSV),
    "no letters": (b"name\n\x81\x8d\n", "a.csv", "The letters of the file cannot be read; save it as CSV (UTF-8)."),
    "other kind": (b"x", "a.pdf", "Only files whose name ends in .csv or .xlsx can be read."),
    "macro workbook": (PEOPLE, "a.xlsm", MACROS),
    "macros inside": (added(PEOPLE, **{"xl/vbaProject.bin": b"x"}), "a.xlsx", MACROS),
    "zip bomb": (bomb, "a.xlsx", "The file unpacks to more than 100 MB."),
    "claims 1 GB": (lambda: claiming(2**30), "a.xlsx", "The file unpacks to more than 100 MB."),
    "claims less": (lambda: claiming(3), "a.xlsx", UNREADABLE),
    "no workbook": (b"PK\x03\x04 and no more", "a.xlsx", UNREADABLE),
    "formula": (
        with_formula,
        "a.xlsx",
        "The workbook has formulas, the first one in row 2; paste their values in their place.",
    ),
    "far out": (
        workbook('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "a.xlsx",
        "The file has more than 20\N{NO-BREAK SPACE}000 rows.",
    ),
    "too large": (b"x" * (files.LIMITS.size + 1), "a.csv", "The file is larger than 10 MB."),
}


def send(client, admin, content, name, kind="people"):
    client.force_login(admin)
    return client.post(reverse("reports:import_new", args=[kind]), {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("case", HOSTILE)
def test_file_is_refused_on_the_page_in_words(client, admin, case):
    content, name, expected = HOSTILE[case]

    answer = send(client, admin, content() if callable(content) else content, name)

    assert (answer.status_code, answer.context["form"].errors) == (422, {"file": [expected]})
    assert Import.objects.count() == 0


def test_request_that_says_it_is_too_large_is_not_read(client, admin):
    client.force_login(admin)
    unread = io.BytesIO(b"")

    answer = client.generic(
        "POST",
        reverse("reports:import_new", args=["people"]),
        unread.read(),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2**30),
    )

    assert (answer.status_code, answer.templates[0].name) == (413, "reports/import_too_large.html")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_letters_of_excel_are_read(client, admin, encoding):
    send(client, admin, TEXT.replace("Ana", "Zoé").encode(encoding), "a.csv")

    assert b"Zo" in bytes(Import.objects.get().content)


def test_cells_that_begin_like_a_formula_are_errors(admin):
    upload = brought(admin, ANA | {"name": "=cmd|' /C calc'!A0"})

    assert upload.findings["errors"] == [[2, "name", "begins like a formula; write the value itself"]]


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_template_is_understood_by_the_importer(client, admin, kind, ending, language):
    admin.language = language[:2]
    admin.save()
    client.force_login(admin)
    answer = client.get(reverse("reports:import_template", args=[kind, ending]), headers={"accept-language": language})

    with translation.override(language):
        found = files.read(io.BytesIO(answer.content), name=f"t.{ending}", kind=kind, agency=admin.agency)

    assert (len(found.rows), found.unread, found.problems) == (1, [], [])
    assert found.columns == frozenset(KINDS[kind].columns)
    if kind == "people":
        assert found.rows[0].cells["starts_on"] == str(admin.agency.today().replace(month=1, day=1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Staff list.CSV", "Staff list.csv"),
        ("C:\\Users\\ana\\staff.xlsx", "staff.xlsx"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("416-555-0134.csv", "people.csv"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_name_of_a_file_as_it_is_kept(name, expected):
    assert files.stored_name(name, kind="people") == expected


def test_error_rows_are_the_uploaders_own_and_inert(client, admin):
    upload = brought(admin, ANA | {"role": "x", "name": "@Ana"}, ANA, ANA | {"name": "Bea", "email": "=1"})
    client.force_login(admin)

    answer = client.get(reverse("reports:import_errors", args=[upload.pk]))

    told = list(sheets.table(io.BytesIO(answer.content), name="e.csv", limits=files.LIMITS))
    assert [row[:2] for row in told] == [["name", "email"], ["'@Ana", ANA["email"]], ["Bea", "'=1"]]
    assert told[0][-1] == "What is wrong"
    assert told[1][-1].startswith("Role: is none of")


def test_error_rows_are_nobody_elses(client, admin, agency):
    upload = brought(admin, ANA | {"role": "x"})
    client.force_login(make_admin(agency))

    assert client.get(reverse("reports:import_errors", args=[upload.pk])).status_code == 404
    assert "ana@" not in client.get(reverse("reports:import", args=[upload.pk])).text
