"""The files of imports: what an admin brings, the template for it, and its rows that have errors."""

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from actions import identifiers
from reports.imports.kinds import KINDS
from teams.models import Agency, Import
from teams.models.upload import FILE_NAME_LENGTH
from teams.spreadsheets import sheets
from teams.spreadsheets.limits import Limits
from teams.spreadsheets.sheets import Problem, Sheet, folded

# Less than the commands take: what a browser sends and one job writes, within its time.
LIMITS = Limits(size=10 * 2**20, unpacked=100 * 2**20, rows=20_000, columns=60, takes_formulas=False)
REQUEST_SIZE = LIMITS.size + 64 * 2**10  # with what a form has around its file


def read(file: BinaryIO, *, name: str, kind: str, agency: Agency) -> Sheet:
    """The rows, all of them of this agency: one that names another has a problem. SheetError where it cannot be read."""
    of = KINDS[kind]
    sheet = sheets.read(
        file,
        name=name,
        required=[column for column in of.required if column != "agency"],
        optional=["agency", *of.optional],
        labels=of.labels,
        limits=LIMITS,
    )
    own = folded(agency.name)
    elsewhere = [
        Problem(row.number, "agency", _("is not the name of your agency"))
        for row in sheet.rows
        if folded(row.cells.get("agency") or own) != own
    ]
    rows = [replace(row, cells=row.cells | {"agency": agency.name}) for row in sheet.rows]
    return replace(sheet, rows=rows, problems=[*sheet.problems, *elsewhere])


def stored_name(name: str, *, kind: str) -> str:
    """The name of the file without its folders; a plain one where the guard finds somebody in it."""
    plain = "".join(letter for letter in Path(name.replace("\\", "/")).name if letter.isprintable())
    stem, suffix = Path(plain).stem, Path(plain).suffix.lower()
    spoken = stem.replace("_", " ").replace("-", " ")
    if max(identifiers.level(identifiers.check(text)) for text in (stem, spoken)) >= identifiers.Level.WARN:
        stem = kind
    return f"{stem[: FILE_NAME_LENGTH - len(suffix)]}{suffix}"


def template(kind: str, agency: Agency) -> tuple[list[str], list[object]]:
    """Headings and an example in the active language, as the importer understands them."""
    of = KINDS[kind]
    said = of.example(agency).items()
    example = {column: str(cell) if isinstance(cell, Promise) else cell for column, cell in said}
    return [str(of.labels[column]) for column in of.columns], [example.get(column, "") for column in of.columns]


def error_rows(upload: Import) -> Iterator[Sequence[object]]:
    """The uploader's own rows that have errors, under their headings, with what is wrong in a further column."""
    labels = KINDS[upload.kind].labels
    wrong: dict[int, list[str]] = defaultdict(list)
    for row, column, reason in upload.findings.get("errors", []):
        wrong[row].append(f"{labels.get(column, column)}: {reason}")
    assert upload.content is not None
    table = sheets.table(io.BytesIO(bytes(upload.content)), name=upload.file_name, limits=LIMITS)
    headings = next(table, [])
    yield [*headings, _("What is wrong")]
    for number, texts in enumerate(table, start=2):
        if number in wrong:
            blanks = [""] * (len(headings) - len(texts))
            yield [*texts, *blanks, "; ".join(wrong[number])]
