"""Makes XLSX files by hand: the few parts that a reader needs."""

import io
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

EPOCH = datetime.fromisoformat("1899-12-30")
OFFICE = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{OFFICE}/spreadsheetml/2006/main">'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'
    ),
}


def workbook(*sheets, hidden=()):
    """The bytes of a workbook of sheets that are lists of rows, or XML; those whose number is in `hidden` do not show."""
    sheets = sheets or ([],)
    names = range(1, len(sheets) + 1)
    book = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"{' state="hidden"' if n in hidden else ""}/>' for n in names
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/officeDocument/2006/relationships/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>'
        for n in names
    )
    relations += f'<Relationship Id="s" Type="{OFFICE}/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
    parts = PARTS | {
        "xl/workbook.xml": (
            f'<workbook xmlns="{OFFICE}/spreadsheetml/2006/main" '
            f'xmlns:r="{OFFICE}/officeDocument/2006/relationships"><sheets>{book}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{relations}</Relationships>'
        ),
    }
    for n, sheet in zip(names, sheets, strict=True):
        rows = sheet if isinstance(sheet, str) else "".join(_row(number, row) for number, row in enumerate(sheet, 1))
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{OFFICE}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return file.getvalue()


def _row(number, values):
    return f'<row r="{number}">{"".join(_cell(value) for value in values)}</row>'


def _cell(value):
    match value:
        case datetime():
            return f'<c s="2"><v>{(value - EPOCH).total_seconds() / 86400}</v></c>'
        case date():
            return f'<c s="1"><v>{(value - EPOCH.date()).days}</v></c>'
        case int() | float():
            return f"<c><v>{value}</v></c>"
        case "":
            return "<c/>"
        case _:
            return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
