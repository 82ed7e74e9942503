"""Entries for tests, by the handful, and the quarter that they make."""

from datetime import date

from reports.periods import Period
from reports.suppression import quarters
from reports.suppression.entries import Entry, Menu

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))

MENU = Menu(
    direction=("led", "asked", "own"),
    level=("individual", "agency", "sector"),
    kind=("support", "advocacy", "resourcing"),
    community=("inuit", "youth", "newcomers", "more_than_one"),
    heard_back=("not_asked", "heard"),
    pairs=frozenset(
        {
            ("support", "individual"),
            ("support", "agency"),
            ("advocacy", "individual"),
            ("advocacy", "agency"),
            ("advocacy", "sector"),
            ("resourcing", "agency"),
            ("resourcing", "sector"),
        }
    ),
)

SMALL_MENU = Menu(
    direction=("led", "own"),
    level=("individual", "beyond"),
    kind=("support", "advocacy", "resourcing"),
    community=("inuit", "youth", "more_than_one"),
    heard_back=("not_asked", "heard"),
    pairs=frozenset(
        {("support", "individual"), ("advocacy", "individual"), ("advocacy", "beyond"), ("resourcing", "beyond")}
    ),
)
"""Small enough for every possible table to be counted out."""


def made(authors, *, each=1, shared=False, agency="a", **codes):
    """`each` entries by each of the authors ("abc" are three), alike in everything; what is not named is usual."""
    usual = {
        "direction": "own",
        "level": "individual",
        "kind": "support",
        "community": "youth",
        "heard_back": "not_asked",
    }
    visibility = "shared" if shared else "counted"
    return [
        Entry(author=author, agency=agency, visibility=visibility, **(usual | codes))
        for author in authors
        for _ in range(each)
    ]


def published(entries, *, rule=None, period=QUARTER, menu=MENU):
    return quarters.of_agency(entries, agency="a", period=period, menu=menu, rule=rule)


def published_sector(entries, *, period=QUARTER, menu=MENU):
    return quarters.of_sector(entries, period=period, menu=menu)


def shown(figures, table):
    """The numbers of one table by code."""
    return {cell.code: cell.shown for cell in figures.table(table).cells}
