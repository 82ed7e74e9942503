"""Figures as files that a spreadsheet opens right and inert."""

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape

from django.db.models import TextChoices
from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from teams.spreadsheets import workbooks
from teams.spreadsheets.cells import inert

type Sheet = tuple[str, Sequence[Sequence[object]]]  # of a workbook: its title, and its rows with the header first


class Ending(TextChoices):
    """In which form a file comes: the ending of its address and of its name."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


FileLink = tuple[str, str]
"""What kind of file it is, as a reader calls it, and its address."""


class EndingConverter:
    """An ending in an address; any other is not found."""

    regex = "|".join(Ending)

    def to_python(self, value: str) -> Ending:
        return Ending(value)

    def to_url(self, value: str) -> str:
        return value


def links(files: Iterable[FileLink], title: str) -> SafeString:
    """Links to a table's files, with its title for those who hear them; every part is escaped.

    Drawn here: a dashboard has sixteen of them, and a template takes a tenth of the page's time for them.
    """
    heard = f'<span class="visually-hidden">: {escape(title)}</span>'
    icon = f'<svg class="icon" aria-hidden="true" focusable="false"><use href="{static("img/icons.svg")}#download"></use></svg>'
    drawn = [
        f'<a href="{escape(url)}" download>{icon}{escape(_("Download as %(ending)s") % {"ending": ending})}{heard}</a>'
        for ending, url in files
    ]
    return SafeString(f'<p class="figure-links cluster">{"".join(drawn)}</p>' if drawn else "")


def response(
    stem: str,
    ending: Ending,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    more_sheets: Iterable[Sheet] = (),
) -> HttpResponse:
    """The file to save, named by `stem` and ending; in a workbook numbers and days stay what they are.

    `title` is that of the sheet; of figures where there is none.
    """
    table = [header, *rows]
    if ending is Ending.XLSX:
        sheets = [(title or _("Figures"), table), *more_sheets]
        answer = HttpResponse(workbooks.content(sheets), content_type=workbooks.MIME)
    else:
        answer = HttpResponse(_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{stem}.{ending}"'
    return answer


def _csv(table: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([inert(cell) for cell in row] for row in table)
    return "\ufeff" + text.getvalue()
