"""Figures as CSV files that a spreadsheet opens right and inert."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from reports.tables import BarTable, MonthChart
from teams.cells import inert


def response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def table_rows(tables: Iterable[BarTable], months: MonthChart) -> list[tuple[object, ...]]:
    """(table, code, label, n) of all bar tables, and each month's two numbers."""
    rows: list[tuple[object, ...]] = [(table.id, row.code, row.label, row.n) for table in tables for row in table.rows]
    for month, *counts in months.rows:
        rows += [("month", month, label, n) for label, n in zip(months.columns[1:], counts, strict=True)]
    return rows
