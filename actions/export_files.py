"""A worker's own tables as one file: XLSX, CSV in a ZIP, or JSON; right in Excel, and no cell of them runs."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import TextChoices
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from actions import exports
from actions.exports import Column, Sheet
from teams.spreadsheets import workbooks
from teams.spreadsheets.cells import inert


class Format(TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"


def response(sheets: list[Sheet], kind: Format, *, today: date, made_at: datetime) -> HttpResponse:
    """The file to save; the caller sees to it that its reader is the owner, and that nothing caches it."""
    content, mime, ending = FILES[kind](sheets, made_at)
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="allyship-{today:%Y-%m-%d}.{ending}"'
    return answer


def _cells(column: Column, row: dict[str, Any]) -> Iterator[Any]:
    """One cell; for a code two, the words first."""
    value = row.get(column.key)
    if column.names is not None:
        yield exports.words(column, value)
        value = "; ".join(value) if isinstance(value, list) else value
    yield "" if value is None else value


def _headings(column: Column) -> Iterator[str]:
    yield str(column.heading)
    if column.names is not None:
        yield _("%(heading)s (code)") % {"heading": column.heading}


def _table(sheet: Sheet) -> Iterator[list[Any]]:
    yield [heading for column in sheet.columns for heading in _headings(column)]
    for row in sheet.rows:
        yield [cell for column in sheet.columns for cell in _cells(column, row)]


def _xlsx(sheets: list[Sheet], made_at: datetime) -> tuple[bytes, str, str]:
    return workbooks.content((str(sheet.title), list(_table(sheet))) for sheet in sheets), workbooks.MIME, "xlsx"


def _csv(sheets: list[Sheet], made_at: datetime) -> tuple[bytes, str, str]:
    """As Excel wants it where the reader's language is spoken: in French with semicolons and decimal commas."""
    in_french = (get_language() or "").startswith("fr")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            text = io.StringIO(newline="")
            writer = csv.writer(text, delimiter=";" if in_french else ",")
            writer.writerows([_plain(cell, in_french=in_french) for cell in row] for row in _table(sheet))
            member = zipfile.ZipInfo(f"{sheet.key}.csv", date_time=made_at.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text.getvalue().encode("utf-8-sig"))
    return file.getvalue(), "application/zip", "zip"


def _plain(cell: Any, *, in_french: bool) -> object:
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",") if in_french else str(cell)
    return cell.isoformat() if isinstance(cell, date) else inert(cell)


def _json(sheets: list[Sheet], made_at: datetime) -> tuple[bytes, str, str]:
    """Codes alone; their words stand in the codebook."""
    content = {"made_at": made_at, **{sheet.key: sheet.rows for sheet in sheets}}
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return text.encode(), "application/json", "json"


FILES: dict[Format, Callable[[list[Sheet], datetime], tuple[bytes, str, str]]] = {
    Format.XLSX: _xlsx,
    Format.CSV: _csv,
    Format.JSON: _json,
}
