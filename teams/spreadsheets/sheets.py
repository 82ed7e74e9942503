"""Spreadsheets that an agency brings: read as rows of text, and all that is wrong with them told by row and column."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.spreadsheets import xlsx
from teams.spreadsheets.limits import Limits, SheetError, too_large, too_long, too_wide, with_macros

MAX_BYTES = 50 * 2**20
MAX_UNPACKED = 500 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 60
FIRST_YEAR = 1900

BOM = b"\xef\xbb\xbf"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
CONTROLS = dict.fromkeys((*range(9), 11, 12, 13, *range(14, 32), *range(127, 160)))
APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʹ´`′", "'"))
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

type Progress = Callable[[int, int], None]  # called with the rows done and all of them; what it raises ends the work

FORMULA = "="


@dataclass(frozen=True)
class Problem:
    """Something about one cell that its author should know; it never repeats what the cell says."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return _("row %(row)d, %(column)s: %(reason)s") % {
            "row": self.row,
            "column": self.column,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Row:
    """The texts of one row by column, with its number as a spreadsheet shows it: the header is row 1."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """What a file holds: its rows that are not empty, and the headings that nothing reads."""

    columns: frozenset[str]
    rows: list[Row]
    unread: list[str]
    problems: list[Problem]


@dataclass
class Outcome:
    """What a file would do: the numbers of its rows by what becomes of them, and what is to be told about them."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    origins: dict[int, int] = field(default_factory=dict)
    """The row that each row of the database comes from, by the `id()` of its object."""

    @property
    def bad_rows(self) -> list[int]:
        return sorted({problem.row for problem in self.errors})

    @property
    def counts(self) -> dict[str, int]:
        """Of rows without an error, by what becomes of them."""
        bad = self.bad_rows
        return {name: len(set(getattr(self, name)).difference(bad)) for name in ("new", "changed", "same", "left")}

    def lines(self) -> Iterator[str]:
        """All of it in words, in the order of the rows, with the sum in the last line."""
        if self.unread:
            yield _("Columns that are not read: %(columns)s.") % {"columns": ", ".join(self.unread)}
        for problem in sorted([*self.errors, *self.notices], key=lambda problem: problem.row):
            yield str(problem)
        bad = self.bad_rows
        counts = _("%(new)d new, %(changed)d changed, %(same)d same, %(left)d left") % self.counts
        if bad:
            counts += ", " + ngettext("%(n)d row with errors", "%(n)d rows with errors", len(bad)) % {"n": len(bad)}
        yield f"{counts}."


def folded(text: str) -> str:
    """As names and labels compare: without case, spare blanks, or the shape of apostrophes and letters (NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(APOSTROPHES)).casefold().split())


class Words[T]:
    """What a cell may say and what it means.

    The words of an earlier tier win over those of a later one; a word with two meanings in one tier has none.
    """

    def __init__(self, *tiers: Iterable[tuple[str, T]]) -> None:
        self._meanings: dict[str, T | None] = {"": None}
        for tier in tiers:
            meanings: dict[str, set[T]] = defaultdict(set)
            for word, meaning in tier:
                meanings[folded(word)].add(meaning)
            for word, found in meanings.items():
                self._meanings.setdefault(word, found.pop() if len(found) == 1 else None)

    def find(self, text: str) -> T | None:
        return self._meanings.get(folded(text))


class ChoiceWords(Words[str]):
    """The codes and the labels, in every language, of a fixed list of choices."""

    def __init__(self, choices: type[models.TextChoices]) -> None:
        self.choices = choices
        super().__init__(
            [(spelling, code) for code in choices.values for spelling in (code, code.replace("_", " "))],
            list(_labels(choices)),
        )

    @property
    def offer(self) -> str:
        """The codes with their labels, for whoever has to choose."""
        return ", ".join(f"{choice.value} ({choice.label})" for choice in self.choices)


@cache
def choice_words(choices: type[models.TextChoices]) -> ChoiceWords:
    return ChoiceWords(choices)


def _labels(choices: type[models.TextChoices]) -> Iterator[tuple[str, str]]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from [(str(choice.label), choice.value) for choice in choices]


class Cells:
    """One row being read: hands out what its cells say, and adds what is wrong with them to the errors."""

    def __init__(self, row: Row, errors: list[Problem]) -> None:
        self.number = row.number
        self._texts = row.cells
        self._errors = errors
        self._errors_before = len(errors)

    @property
    def fine(self) -> bool:
        return len(self._errors) == self._errors_before

    def wrong(self, column: str, reason: str) -> None:
        self._errors.append(Problem(self.number, column, reason))

    def text(self, column: str, *, most: int | None = None, required: bool = False) -> str:
        text = self._texts.get(column, "")
        if required and not text:
            self.wrong(column, _("is empty"))
        if most is not None and len(text) > most:
            self.wrong(column, _("is longer than %(most)d characters") % {"most": most})
        return text

    def found[T](self, column: str, words: Words[T], *, unknown: str) -> T | None:
        """What the words say that the cell means; `unknown` is told where they do not know it."""
        text = self.text(column, required=True)
        meaning = words.find(text)
        if text and meaning is None:
            self.wrong(column, unknown)
        return meaning

    def choice(self, column: str, choices: type[models.TextChoices], *, default: str | None = None) -> str:
        """The code that the cell means, the default where it is empty; an empty text where it is wrong."""
        if default is not None and not self.text(column):
            return default
        words = choice_words(choices)
        text = self.text(column, required=True)
        code = words.find(text)
        if text and code is None:
            self.wrong(column, _("is none of: %(choices)s") % {"choices": words.offer})
        return code or ""

    def day(self, column: str, *, required: bool = False) -> date | None:
        text = self.text(column, required=required)
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            self.wrong(column, _("is not a date written as YYYY-MM-DD"))
        elif day.year < FIRST_YEAR:
            self.wrong(column, _("lies before the year %(year)d") % {"year": FIRST_YEAR})
            return None
        return day


def read_path(
    path: Path, *, required: Sequence[str], optional: Sequence[str] = (), labels: Mapping[str, Promise] | None = None
) -> Sheet:
    """`read` of a file on disk."""
    try:
        with path.open("rb") as file:
            return read(file, name=path.name, required=required, optional=optional, labels=labels)
    except OSError as error:
        raise SheetError(_("The file cannot be opened: %(reason)s.") % {"reason": error.strerror}) from error


def read(
    file: BinaryIO,
    *,
    name: str,
    required: Sequence[str],
    optional: Sequence[str] = (),
    labels: Mapping[str, Promise] | None = None,
    limits: Limits | None = None,
) -> Sheet:
    """The rows of a CSV or XLSX file whose first row names the columns; SheetError says why it cannot be read.

    Of an XLSX file it is the first sheet that shows; dates come out as 2026-02-01, numbers as 3.5, a formula as the
    value that was saved with it, where the limits take any. A heading is the name of a column, or its label in any
    language.
    """
    limits = limits or Limits(MAX_BYTES, MAX_UNPACKED, MAX_ROWS, MAX_COLUMNS)
    rows = table(file, name=name, limits=limits)
    return _sheet(rows, required=required, optional=optional, spellings=_spellings(labels or {}), limits=limits)


def table(file: BinaryIO, *, name: str, limits: Limits) -> Iterator[list[str]]:
    """The texts of the file, row by row as a spreadsheet numbers them; SheetError where it cannot be read."""
    content = file.read(limits.size + 1)
    if len(content) > limits.size:
        raise too_large(limits)
    suffix = Path(name).suffix.lower()
    if suffix == ".csv":
        return _csv_table(content)
    if suffix == ".xlsx":
        return xlsx.table(content, limits)
    if suffix in {".xlsm", ".xltm", ".xlsb"}:
        raise with_macros()
    raise SheetError(_("Only files whose name ends in .csv or .xlsx can be read."))


def _sheet(
    table: Iterator[list[str]],
    *,
    required: Sequence[str],
    optional: Sequence[str],
    spellings: Mapping[str, str],
    limits: Limits,
) -> Sheet:
    headings = _trimmed([_clean(text) for text in next(table, [])])
    if len(headings) > limits.columns:
        raise too_wide(limits)
    known = {*required, *optional}
    columns = [
        column if (column := _column(heading)) in known else spellings.get(column, column) for heading in headings
    ]
    _check_columns(columns, required)
    wanted = {column: place for place, column in enumerate(columns) if column in known}
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, texts in enumerate(table, start=2):
        if not any(texts):
            continue
        if len(rows) == limits.rows:
            raise too_long(limits)
        if any(texts[len(columns) :]):
            problems.append(Problem(number, headings[-1], _("is followed by cells under no heading")))
        row = Row(
            number, {column: _clean(texts[place]) if place < len(texts) else "" for column, place in wanted.items()}
        )
        if not limits.takes_formulas:
            problems += _formulas(row)
        rows.append(row)
    if not rows:
        raise SheetError(_("The file has no rows below the headings."))
    unread = [heading for heading, column in zip(headings, columns, strict=True) if heading and column not in wanted]
    return Sheet(frozenset(wanted), rows, unread, problems)


def _formulas(row: Row) -> Iterator[Problem]:
    for column, text in row.cells.items():
        if text.startswith(FORMULA):
            yield Problem(row.number, column, _("begins like a formula; write the value itself"))


def _spellings(labels: Mapping[str, Promise]) -> dict[str, str]:
    """Columns by their labels in every language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_column(str(label)): column for column, label in labels.items()}
    return found


def _check_columns(columns: list[str], required: Sequence[str]) -> None:
    if not columns:
        raise SheetError(_("The file is empty, or its first row does not name the columns."))
    if missing := [column for column in required if column not in columns]:
        raise SheetError(_("The first row lacks these columns: %(columns)s.") % {"columns": ", ".join(missing)})
    if twice := sorted({column for column in columns if column and columns.count(column) > 1}):
        raise SheetError(_("The first row has these columns twice: %(columns)s.") % {"columns": ", ".join(twice)})


def _column(heading: str) -> str:
    """ "Done on" and "done-on" are done_on."""
    return re.sub(r"[\s_-]+", "_", folded(heading))


def _clean(text: str) -> str:
    """Without what no database keeps and nobody sees: control characters and blanks around."""
    return unicodedata.normalize("NFC", text.translate(CONTROLS)).strip()


def _trimmed(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _csv_table(content: bytes) -> Iterator[list[str]]:
    text = _csv_text(content)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;", key=lambda mark: len(next(csv.reader([first_line], delimiter=mark), [])))
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for texts in table:
            number += 1
            yield texts
    except csv.Error as error:
        raise SheetError(
            _("Row %(row)d cannot be read: its quotation marks do not match, or a cell is too long.") % {"row": number}
        ) from error


def _csv_text(content: bytes) -> str:
    if BINARY.search(content):
        raise SheetError(_("The file is not a CSV file although its name ends in .csv; save it as CSV (UTF-8)."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content.startswith(BOM):
            raise SheetError(_("The file says that it is UTF-8, and is not; save it again as CSV (UTF-8).")) from error
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise SheetError(_("The letters of the file cannot be read; save it as CSV (UTF-8).")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
