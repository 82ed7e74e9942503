"""Figures as files that a spreadsheet opens right and inert."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.db.models import TextChoices
from django.http import HttpResponse
from django.utils.translation import gettext as _

from teams import workbooks
from teams.cells import inert

type Sheet = tuple[str, Sequence[Sequence[object]]]  # of a workbook: its title, and its rows with the header first


class Ending(TextChoices):
    """In which form a file comes: the ending of its address and of its name."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class EndingConverter:
    """An ending in an address; any other is not found."""

    regex = "|".join(Ending)

    def to_python(self, value: str) -> Ending:
        return Ending(value)

    def to_url(self, value: str) -> str:
        return value


def response(
    stem: str,
    ending: Ending,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    more_sheets: Iterable[Sheet] = (),
) -> HttpResponse:
    """The file to save, named by `stem` and ending; in a workbook numbers and days stay what they are."""
    table = [header, *rows]
    if ending is Ending.XLSX:
        sheets = [(_("Figures"), table), *more_sheets]
        answer = HttpResponse(workbooks.content(sheets), content_type=workbooks.MIME)
    else:
        answer = HttpResponse(_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{stem}.{ending}"'
    return answer


def _csv(table: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([inert(cell) for cell in row] for row in table)
    return "\ufeff" + text.getvalue()
