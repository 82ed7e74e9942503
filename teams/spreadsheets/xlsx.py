"""XLSX files, read by one parser that holds them to the limits while it reads.

What is checked is what is read, so no other spelling of a place, a name or a letter gets by; and memory grows with the
text of a sheet, never with the places, sizes or counts that a file claims. The parser is expat, without DTDs and so
without entities; of each part it keeps what it needs, and a part that nothing refers to is never opened.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from teams.spreadsheets.limits import (
    Limits,
    SheetError,
    cell_too_long,
    too_long,
    too_many_cells,
    too_much_text,
    too_much_text_by,
    too_wide,
    unpacks_to_too_much,
    with_formulas,
    with_macros,
)

UNREADABLE = (
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
)
MACROS = ("vbaproject.bin", "vbaprojectsignature.bin")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what others unpack with may take gigabytes for itself

CHUNK = 2**16
# No document that a spreadsheet writes has more; each would be kept for as long as a part is read.
LONGEST_TAG = 2**20  # bytes
DEEPEST = 50  # elements, one in the other
MOST_NAMES = 1_000  # of elements and attributes
MOST_FORMATS = 2**16
ELEMENTS_OF_CELL = 3  # that many for each cell that there may be
CELL_LENGTH = 32_767  # characters, as the spreadsheets themselves have it
TEXTS = ("v", "t")  # elements whose text is a value

ROW = re.compile(r"[1-9][0-9]{0,6}")
PLACE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
EPOCH, EPOCH_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
DAYS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])  # formats that need no code
NO_CODE = re.compile(r'"[^"]*"|\[[^]]*\]|[\\_*].')  # what a format's code says literally, and colours
CODE_LENGTH = 255

type Element = tuple[str, str, dict[str, str], str]  # the name of what it stands in, its own, its attributes, its text


def table(content: bytes, limits: Limits) -> Iterator[list[str]]:
    """The texts of the first sheet that shows, row by row as a spreadsheet numbers them; SheetError says what is wrong.

    Dates come out as 2026-02-01, numbers as 3.5, a formula as the value that was saved with it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _Workbook(archive, limits).rows()
    except UNREADABLE as error:
        raise SheetError(_("The file cannot be read as XLSX; save it again, without a password.")) from error


class _Workbook:
    """The parts of a workbook by the relationships between them."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.archive, self.limits = archive, limits
        self.parts = {part.filename.lower(): part for part in archive.infolist()}
        if sum(part.file_size for part in archive.infolist()) > limits.unpacked:
            raise unpacks_to_too_much(limits)
        if any(name.endswith(MACROS) for name in self.parts):
            raise with_macros()

    def rows(self) -> Iterator[list[str]]:
        book = next((path for kind, path in self._related("").values() if kind == "officeDocument"), "")
        related = self._related(book)
        sheet, epoch = self._first_sheet(book, related)
        by_kind = dict(related.values())
        strings = self._strings(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else []
        days = self._days(by_kind["styles"]) if "styles" in by_kind else []
        return _Table(self.limits, _Values(strings, days, epoch)).rows(self._elements(sheet))

    def _elements(self, path: str) -> Iterator[Element]:
        part = self.parts[path.lower()]
        if part.compress_type not in PACKED:
            raise ValueError("packed in a way that no spreadsheet packs")
        with self.archive.open(part) as xml:
            yield from _Parser(self.limits).elements(xml)

    def _related(self, path: str) -> dict[str, tuple[str, str]]:
        """By their identifiers the kinds and the paths of what a part refers to; those of the file itself for none."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}
        for _around, tag, said, _text in self._elements(posixpath.join(folder, "_rels", f"{name}.rels")):
            if tag == "Relationship" and said.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, said["Target"])).lstrip("/")
                found[said["Id"]] = said["Type"].rpartition("/")[2], target
        return found

    def _first_sheet(self, book: str, related: dict[str, tuple[str, str]]) -> tuple[str, datetime]:
        """The path of the first one that shows, and the day from which the workbook counts."""
        epoch, found = EPOCH, []
        for around, tag, said, _text in self._elements(book):
            if tag == "workbookPr" and said.get("date1904") in {"1", "true"}:
                epoch = EPOCH_1904
            elif (around, tag) == ("sheets", "sheet") and said.get("state", "visible") == "visible":
                key = next((value for name, value in said.items() if name.rpartition(":")[2] == "id"), "")
                found += [path for kind, path in [related[key]] if kind == "worksheet"]
        if not found:
            raise SheetError(_("The file has no sheet that shows."))
        return found[0], epoch

    def _strings(self, path: str) -> list[str]:
        """The texts that cells share; how a text is pronounced is none of it."""
        strings: list[str] = []
        pieces: list[str] = []
        for around, tag, _said, text in self._elements(path):
            if tag == "t" and around != "rPh":
                pieces.append(text)
            elif tag == "si":
                strings.append("".join(pieces))
                pieces.clear()
        return strings

    def _days(self, path: str) -> list[bool]:
        """For each format of cells whether it shows a number as a day."""
        codes: dict[str, str] = {}
        formats: list[str] = []
        for around, tag, said, _text in self._elements(path):
            if (around, tag) == ("numFmts", "numFmt"):
                codes[said["numFmtId"]] = said["formatCode"][:CODE_LENGTH]
            elif (around, tag) == ("cellXfs", "xf"):
                formats.append(said.get("numFmtId", "0"))
            if max(len(codes), len(formats)) > MOST_FORMATS:
                raise ValueError("more formats than a spreadsheet has")
        return [_is_of_day(codes[key]) if key in codes else int(key) in DAYS for key in formats]


def _is_of_day(code: str) -> bool:
    return bool(re.search("[dmyhs]", NO_CODE.sub("", code.partition(";")[0]), re.IGNORECASE))


class _Parser:
    """Hears the elements of one part from expat, and breaks off where their shape alone would fill the memory."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.elements_left = limits.rows * limits.columns * ELEMENTS_OF_CELL
        self.letters_left = limits.size
        self.open: list[tuple[str, dict[str, str], list[str]]] = [("", {}, [])]
        self.ended: list[Element] = []
        self.names: dict[str, str] = {}
        self.parser = expat.ParserCreate(intern=self.names)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take

    def elements(self, xml: IO[bytes]) -> Iterator[Element]:
        """Each element where it ends."""
        read = 0
        while chunk := xml.read(CHUNK):
            self.parser.Parse(chunk)
            read += len(chunk)
            if read - self.parser.CurrentByteIndex > LONGEST_TAG or len(self.names) > MOST_NAMES:
                raise ValueError("no document that a spreadsheet writes")
            yield from self.ended
            self.ended.clear()
        self.parser.Parse(b"", True)
        yield from self.ended

    def _refuse_doctype(self, *declared: object) -> None:
        raise ValueError("a document with a DTD")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements_left -= 1
        if self.elements_left < 0:
            raise too_many_cells()
        if len(self.open) > DEEPEST:
            raise ValueError("too deep")
        self.open.append((name.rpartition(":")[2], attributes, []))

    def _take(self, text: str) -> None:
        name, _attributes, pieces = self.open[-1]
        if name in TEXTS:
            self.letters_left -= len(text)
            if self.letters_left < 0:
                raise too_much_text(self.limits)
            pieces.append(text)

    def _end(self, _name: str) -> None:
        name, attributes, pieces = self.open.pop()
        self.ended.append((self.open[-1][0], name, attributes, "".join(pieces)))


@dataclass(frozen=True)
class _Values:
    """What cells mean by what they hold."""

    strings: list[str]
    days: list[bool]
    epoch: datetime

    def text(self, said: dict[str, str], value: str, inline: str) -> str:
        match said.get("t", "n"):
            case "s":
                return self.strings[_index(value)]
            case "inlineStr":
                return inline
            case "str":
                return value
            case "b":
                return str(value in {"1", "true"})
            case "e":
                return ""
            case "d":
                return _day(datetime.fromisoformat(value))
            case _:
                style = _index(said.get("s", "0"))
                return self._number(value, is_day=style < len(self.days) and self.days[style])

    def _number(self, value: str, *, is_day: bool) -> str:
        try:
            number = float(value)
            return _day(self.epoch + timedelta(seconds=round(number * 86400))) if is_day else _decimal(number)
        except (OverflowError, ValueError):
            return value


def _index(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("a place in a list that is none")
    return int(text)


def _day(moment: datetime) -> str:
    return (moment.date() if moment.time() == datetime.min.time() else moment).isoformat()


def _decimal(number: float) -> str:
    return f"{number:.10f}".rstrip("0").rstrip(".")


@dataclass
class _Row:
    """One row as it is read: its number, where it or one of its cells says one, and its texts by column."""

    number: int = 0
    column: int = 0
    cells: dict[int, str] = field(default_factory=dict)
    has_formula: bool = False

    def say_number(self, text: str) -> None:
        if not ROW.fullmatch(text) or self.number not in {0, int(text)}:
            raise ValueError("a row with two numbers")
        self.number = int(text)

    def move_to(self, place: str | None) -> None:
        """To the column that a cell names, or to the next."""
        if place is None:
            self.column += 1
        elif found := PLACE.fullmatch(place):
            self.column = _column_number(found[1])
            self.say_number(found[2])
        else:
            raise ValueError("a cell at no place")


@dataclass
class _Table:
    """The rows of a sheet, one after the other."""

    limits: Limits
    values: _Values
    row: _Row = field(default_factory=_Row)
    value: str = ""
    inline: list[str] = field(default_factory=list)
    last: int = 0
    letters: int = 0

    def rows(self, elements: Iterator[Element]) -> Iterator[list[str]]:
        shown = 0
        for around, tag, said, text in elements:
            if around == "c" and tag == "v":
                self.value = text
            elif tag == "t" and around != "rPh":
                self.inline.append(text)
            elif around == "c" and tag == "f":
                self.row.has_formula = True
            elif around == "row" and tag == "c":
                self._end_cell(said)
            elif around == "sheetData" and tag == "row":
                row = self._end_row(said)
                if row.cells:
                    yield from ([] for _blank in range(shown + 1, row.number))
                    yield [row.cells.get(column, "") for column in range(1, max(row.cells) + 1)]
                    shown = row.number

    def _end_cell(self, said: dict[str, str]) -> None:
        self.row.move_to(said.get("r"))
        text = self.values.text(said, self.value, "".join(self.inline)) if self.value or self.inline else ""
        if text:
            if self.row.column > self.limits.columns:
                raise too_wide(self.limits)
            self.letters += len(text)
            self.row.cells[self.row.column] = text
        self.value = ""
        self.inline.clear()

    def _end_row(self, said: dict[str, str]) -> _Row:
        """The row, whose number must be greater than those before; SheetError where it goes beyond the limits."""
        row, self.row = self.row, _Row()
        if "r" in said:
            row.say_number(said["r"])
        row.number = row.number or self.last + 1
        if row.number <= self.last:
            raise ValueError("rows out of order")
        self.last = row.number
        if row.has_formula and not self.limits.takes_formulas:
            raise with_formulas(row.number)
        if row.cells and row.number > self.limits.rows + 1:
            raise too_long(self.limits)
        if self.letters > self.limits.size:
            raise too_much_text_by(row.number, self.limits)
        for column, text in row.cells.items():
            if len(text) > CELL_LENGTH:
                raise cell_too_long(row.number, xl_col_to_name(column - 1), CELL_LENGTH)
        return row


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
