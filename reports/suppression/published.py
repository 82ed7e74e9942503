"""The only thing that comes out: printed numbers, "not shown", and nothing from which a hidden one could be made."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Self

from reports.figures.change import COMPARE_FROM, share
from reports.periods import Period


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `shown` is None where the figure is not shown, which may be zero."""

    code: str
    shown: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A one-way table, its cells in the catalogue's order and never by size."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def by_code(self) -> dict[str, int | None]:
        return {cell.code: cell.shown for cell in self.cells}

    def shown(self, code: str) -> int | None:
        return next((cell.shown for cell in self.cells if cell.code == code), None)


@dataclass(frozen=True, slots=True)
class ProtectedFigures:
    """One quarter, or a span of quarters, of an agency or of the sector, as page, chart, file and e-mail may show it."""

    subject: str
    """Whose figures they are: the key of the agency, or "sector"."""
    period: Period
    rounded_to: int
    """1 where the numbers are exact."""
    total: int | None
    tables: tuple[Table, ...]

    @property
    def is_withheld(self) -> bool:
        return self.total is None

    def table(self, name: str) -> Table:
        """KeyError where there is no such table."""
        return {table.name: table for table in self.tables}[name]

    def percent(self, table: str, code: str) -> int | None:
        """Of the total, in whole percent, from printed numbers alone; None where one is not shown or is below 20.

        Rounded numbers need a total of 20 times what they are rounded to: below, rounding alone moves it much.
        """
        part = self.table(table).shown(code)
        if part is None or self.total is None or self.total < COMPARE_FROM * self.rounded_to:
            return None
        return share(part, self.total)

    def as_json(self) -> dict[str, Any]:
        """Plain values that survive JSON; `from_json` makes the same figures of them."""
        return asdict(self) | {"period": [self.period.first.isoformat(), self.period.last.isoformat()]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        first, last = (date.fromisoformat(day) for day in data["period"])
        tables = tuple(
            Table(table["name"], tuple(Cell(cell["code"], cell["shown"]) for cell in table["cells"]))
            for table in data["tables"]
        )
        return cls(data["subject"], Period(first, last), data["rounded_to"], data["total"], tables)


def span(quarters: Sequence[ProtectedFigures]) -> ProtectedFigures:
    """Published quarters in a row, added up; a cell is printed only where every quarter prints it.

    ValueError where they are not quarters of one agency, or of the sector, each following on the one before.
    """
    if not quarters:
        raise ValueError("A span needs at least one quarter.")
    for figures in quarters:
        if figures.period != Period.containing(figures.period.first, "quarterly"):
            raise ValueError(f"{figures.period.first} to {figures.period.last} is not a quarter.")
    for before, after in pairwise(quarters):
        if after.period != before.period.next():
            raise ValueError(f"{after.period.first} does not follow on {before.period.last}.")
    if len({(figures.subject, figures.rounded_to) for figures in quarters}) > 1:
        raise ValueError("A span adds up the quarters of one agency, or of the sector.")
    return ProtectedFigures(
        subject=quarters[0].subject,
        period=Period(quarters[0].period.first, quarters[-1].period.last),
        rounded_to=quarters[0].rounded_to,
        total=_sum(figures.total for figures in quarters),
        tables=tuple(_added(table.name, quarters) for table in quarters[-1].tables),
    )


def _added(name: str, quarters: Sequence[ProtectedFigures]) -> Table:
    """Every cell that a quarter's table has, those of the newest first."""
    tables = [figures.table(name) for figures in reversed(quarters)]
    codes = dict.fromkeys(cell.code for table in tables for cell in table.cells)
    return Table(name, tuple(Cell(code, _sum(table.shown(code) for table in tables)) for code in codes))


def _sum(numbers: Any) -> int | None:
    known = list(numbers)
    return None if None in known else sum(known)
