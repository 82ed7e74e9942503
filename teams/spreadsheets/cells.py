"""Cells of a table that somebody opens in a spreadsheet."""

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # full-width ones run in some


def runs(cell: object) -> bool:
    """Whether a spreadsheet would run the text as a formula."""
    return isinstance(cell, str) and cell.startswith(STARTS_FORMULA)


def inert(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{cell}" if runs(cell) else cell
