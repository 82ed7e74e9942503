"""How much a spreadsheet may hold, and the words for one that holds more."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _


class SheetError(Exception):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Limits:
    """How much a file may hold: bytes as it comes and unpacked, rows, columns; and whether formulas are read as values."""

    size: int
    unpacked: int
    rows: int
    columns: int
    takes_formulas: bool = True


def too_large(limits: Limits) -> SheetError:
    return SheetError(_("The file is larger than %(most)d MB.") % {"most": limits.size // 2**20})


def too_long(limits: Limits) -> SheetError:
    return SheetError(_("The file has more than %(most)s rows.") % {"most": _grouped(limits.rows)})


def too_wide(limits: Limits) -> SheetError:
    return SheetError(_("The file has more than %(most)d columns.") % {"most": limits.columns})


def unpacks_to_too_much(limits: Limits) -> SheetError:
    return SheetError(_("The file unpacks to more than %(most)d MB.") % {"most": limits.unpacked // 2**20})


def too_many_cells() -> SheetError:
    return SheetError(_("The workbook has too many cells, empty ones with a format included; save the sheet as CSV."))


def too_much_text(limits: Limits) -> SheetError:
    return SheetError(
        _("The workbook has more than %(most)s characters in all its sheets; save the one that you need as CSV.")
        % {"most": _grouped(limits.size)}
    )


def too_much_text_by(row: int, limits: Limits) -> SheetError:
    return SheetError(
        _("Up to row %(row)d, the cells hold more than %(most)s characters; split the file in two.")
        % {"row": row, "most": _grouped(limits.size)}
    )


def cell_too_long(row: int, column: str, most: int) -> SheetError:
    return SheetError(
        _("The cell in row %(row)d, column %(column)s, holds more than %(most)s characters.")
        % {"row": row, "column": column, "most": _grouped(most)}
    )


def with_macros() -> SheetError:
    return SheetError(_("The workbook may hold macros, which are never taken; save it as .xlsx or CSV without them."))


def with_formulas(row: int) -> SheetError:
    return SheetError(
        _("The workbook has formulas, the first one in row %(row)d; paste their values in their place.") % {"row": row}
    )


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)
