"""Protects one quarter: hides what is small, then more, until the printed numbers give nothing hidden away."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from reports.periods import Period
from reports.suppression.entries import (
    TABLES,
    TOTAL,
    WHOLE,
    Entry,
    Holding,
    Key,
    Menu,
    by_agency,
    by_author,
)
from reports.suppression.grids import ALONE, Bounds, Grid, Part, grids
from reports.suppression.published import Cell, ProtectedFigures, Table
from reports.suppression.rule import Rule, SectorRule

SECTOR = "sector"

Unknown = Mapping[Key, int]
"""How many entries of each cell a reader cannot read, and of the total."""


def of_agency(
    entries: Iterable[Entry], *, agency: str, period: Period, menu: Menu, rule: Rule | None = None
) -> ProtectedFigures:
    """The agency's quarter, from all its shared and counted entries; the same for entries in any order.

    ValueError for a private entry, one of another agency, or one that the menu has no cell for.
    """
    entries = list(entries)
    if any(entry.agency != agency for entry in entries):
        raise ValueError("An agency's figures are made of its own entries.")
    return _published(entries, subject=agency, period=period, menu=menu, rule=rule or Rule())


def of_sector(entries: Iterable[Entry], *, period: Period, menu: Menu) -> ProtectedFigures:
    """The quarter of the agencies that opted in, from all their entries; each printed number is rounded to 5.

    An agency's own terms are rolled up to shared ones before.
    """
    return _published(list(entries), subject=SECTOR, period=period, menu=menu, rule=SectorRule())


def _published(entries: list[Entry], *, subject: str, period: Period, menu: Menu, rule: Rule) -> ProtectedFigures:
    if period != Period.containing(period.first, "quarterly"):
        raise ValueError(f"{period.first} to {period.last} is not a quarter: protected figures have no other dates.")
    quarter = Quarter.of(entries, menu=menu, rule=rule)
    printed = quarter.printed()
    rounded = {key: _rounded(n, rule.rounding) for key, n in printed.items()}
    return ProtectedFigures(
        subject=subject,
        period=period,
        rounded_to=rule.rounding,
        total=rounded.get(WHOLE),
        tables=tuple(
            Table(name, tuple(Cell(key.code, rounded.get(key)) for key in menu.keys(name))) for name in TABLES
        ),
    )


def _rounded(n: int, base: int) -> int:
    return base * ((2 * n + base) // (2 * base))


@dataclass
class Quarter:
    """All that is known inside while a quarter is protected. It stays here: only printed numbers leave."""

    menu: Menu
    rule: Rule
    whole: Holding
    grids: list[Grid]
    parts: dict[Part, Holding]
    """Rows and columns of each grid with what lies in both."""
    cells: dict[Key, Holding]

    @classmethod
    def of(cls, entries: Iterable[Entry], *, menu: Menu, rule: Rule) -> "Quarter":
        layout = grids(menu)
        parts = {(row, column): Holding() for grid in layout for row in grid.rows for column in sorted(grid.fits[row])}
        cells = {key: Holding() for table in TABLES for key in menu.keys(table)} | {WHOLE: Holding()}
        for entry in entries:
            menu.check(entry)
            keys = {table: entry.key(table) for table in TABLES}
            for held in (
                *(cells[key] for key in (*keys.values(), WHOLE)),
                *(parts[keys[table], WHOLE] for table in ALONE),
                parts[keys["kind"], keys["level"]],
            ):
                held.add(entry)
        return cls(menu, rule, cells[WHOLE], layout, parts, cells)

    def printed(self) -> dict[Key, int]:
        """The numbers that may be known, all of them together; none at all where the total may not."""
        if not self.rule.allows(self.whole):
            return {}
        hidden = {key for key, held in self.cells.items() if not self.rule.allows(held)}
        for grid in self.grids:
            while (candidates := self._must_hide_one_of(grid, hidden)) is not None:
                hidden.add(min(candidates, key=self._smallest_first))
        return {key: held.n for key, held in self.cells.items() if key not in hidden}

    def _smallest_first(self, key: Key) -> tuple[int, int, int]:
        """The fewest entries first, then in the fixed order of tables and codes: never by who made them."""
        return self.cells[key].n, TABLES.index(key.table), self.menu.keys(key.table).index(key)

    def _must_hide_one_of(self, grid: Grid, hidden: set[Key]) -> set[Key] | None:
        """Printed cells of which the smallest goes next; None where what is printed harms nobody.

        There is always one: with all cells hidden, all that is known of them is the total, which is allowed.
        """
        for known in grid.known(hidden):
            if not self.rule.allows(Holding.union(self.parts[part] for part in sorted(known.parts))):
                return set(known.follows_from)
        return self._widening(grid, hidden)

    def _widening(self, grid: Grid, hidden: set[Key]) -> set[Key] | None:
        """Printed cells that, hidden as well, widen the bounds of the first hidden cell that some reader can narrow."""
        keys = [key for key in chain(grid.rows, grid.columns) if key in self.cells and key.table != TOTAL]
        if not hidden.intersection(keys):
            return None
        narrowed: dict[Key, list[tuple[Unknown, Bounds]]] = {}
        for unknown in self._readers(grid, hidden):
            for key, bounds in self._bounds(grid, hidden, unknown).items():
                if not self._is_wide(bounds):
                    narrowed.setdefault(key, []).append((unknown, bounds))
        if not narrowed:
            return None
        first = next(key for key in keys if key in narrowed)
        printed = [key for key in keys if key not in hidden]
        helping = {
            key
            for key in printed
            if any(
                self._bounds(grid, hidden | {key}, unknown)[first].width > bounds.width
                for unknown, bounds in narrowed[first]
            )
        }
        return helping or {key for key in printed if key.table == first.table} or set(printed)

    def _is_wide(self, bounds: Bounds) -> bool:
        return bounds.width >= self.rule.actions - 1 and bounds.high >= self.rule.actions

    def _bounds(self, grid: Grid, hidden: set[Key], unknown: Unknown) -> dict[Key, Bounds]:
        """Of the hidden cells, in entries that the reader cannot read, once she is told one of each that is not empty.

        Who knows this rule can sometimes tell that there is one, so nobody's not knowing it is counted on; but where a
        whole table is hidden, its cells say nothing.
        """
        least: dict[Key, int] = {}
        for table in {key.table for key in chain(grid.rows, grid.columns)}:
            keys = [key for key in self.cells if key.table == table]
            told = 0 if hidden.issuperset(keys) else 1
            least |= {key: min(told, unknown[key]) if key in hidden else unknown[key] for key in keys}
        return grid.bounds(unknown[WHOLE], hidden, least)

    def _readers(self, grid: Grid, hidden: set[Key]) -> Iterator[Unknown]:
        """Everybody whose knowledge could narrow a hidden cell: by what they cannot read.

        The public; who reads every shared entry; in the sector each agency, which knows its own entries, and who knows
        both; and every author who reads what is shared and has enough entries of her own: each of them moves either end of
        a range by one at most, so who has few need not be asked. Who reads everything is left out: nothing is hidden
        from her.
        """
        keys = [key for key in self.cells if key.table in {k.table for k in chain(grid.rows, grid.columns)} | {TOTAL}]
        yield {key: self.cells[key].n for key in keys}
        if isinstance(self.rule, SectorRule):
            entries = {key: by_agency(self.cells[key].entries) for key in keys}
            counted = {key: by_agency(self.cells[key].counted) for key in keys}
            for agency in sorted(entries[WHOLE]):
                yield {key: entries[key].total() - entries[key][agency] for key in keys}
                unread = {key: counted[key].total() - counted[key][agency] for key in keys}
                if unread[WHOLE]:
                    yield unread
        if not self.whole.counted:
            return
        unread = {key: self.cells[key].counted.total() for key in keys}
        yield unread
        bounds = self._bounds(grid, hidden, unread).values()
        slack = min(min(b.width - self.rule.actions + 1, b.high - self.rule.actions) for b in bounds)
        per_cell = {key: by_author(self.cells[key].counted) for key in keys}
        for author, own in sorted(per_cell[WHOLE].items()):
            if 2 * own > slack:
                yield {key: unread[key] - per_cell[key][author] for key in keys}
