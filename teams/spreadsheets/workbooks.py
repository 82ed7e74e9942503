"""XLSX files in which no cell runs."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from teams.spreadsheets.cells import runs

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


def content(sheets: Iterable[tuple[str, Sequence[Sequence[Any]]]]) -> bytes:
    """A workbook of one sheet per title and table, whose first row holds the headings."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "inert": book.add_format({"quote_prefix": True}),
        }
        for title, table in sheets:
            _write(book.add_worksheet(title), table, looks)
    return file.getvalue()


def _write(page: Any, table: Sequence[Sequence[Any]], looks: dict[str, Any]) -> None:
    """Texts only as texts, never as formulas, links or numbers; one that looks like a formula stays one when edited."""
    for y, row in enumerate(table):
        for x, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(y, x, cell, looks["day"])
            elif isinstance(cell, int | Decimal):
                page.write_number(y, x, cell)
            else:
                page.write_string(y, x, cell, looks["head"] if y == 0 else looks["inert"] if runs(cell) else None)
    for x, cells in enumerate(zip(*table, strict=True)):
        page.set_column(x, x, min(WIDEST, 2 + max(len(str(cell)) for cell in cells)))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
