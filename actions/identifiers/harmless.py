"""Numbers that point to no one: public lines, money, dates, years. They go before the bare shapes."""

from actions.identifiers.rules import YEAR, harmless

_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"

NUMBERS = (
    # toll-free lines
    harmless("digits", r"(?<!\d)(?:\+?1[ .-]?)?\(?8(?:00|33|44|55|66|77|88|22)\)?[ .-]{0,2}\d{3}[ .-]?\d{4}(?!\d)"),
    # money
    harmless(
        "digits",
        r"[$€£] ?\d[\d ,.]{0,20}|(?<![\d-])\d{1,3}(?:[ ,.]\d{3}){0,4}(?:[.,]\d{1,2})? ?(?:\$|€|dollars?\b|cad\b)",
    ),
    # dates and spans of years
    harmless(
        "digits",
        rf"(?<![\d-])(?:{YEAR} ?[-/.] ?{_MONTH} ?[-/.] ?{_DAY}|{_DAY} ?[-/.] ?{_DAY} ?[-/.] ?{YEAR}"
        rf"|{YEAR} ?[-/] ?(?:{YEAR}|\d\d))(?![\d-])",
    ),
)
