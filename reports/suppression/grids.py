"""What printed numbers give away: which sums follow from them, and between which bounds each hidden cell lies.

Two tables of the same entries, kinds and levels, tell about each other, because some pairs cannot be: a kind that fits
two levels cannot hold more than these two. Such a pair of tables is a `Grid`, with kinds as rows and levels as columns,
and any other table is a grid of one column, the total. Whatever numbers rows and columns have, entries can be laid out
under them exactly if the rows that fit only into some of the columns hold no more than those do (Hall; Gale for
numbers), so bounds need no solver: each is the tightest of a few sums, one for each set of columns that some rows make
up. They are exact, in whole numbers (Hoffman's theorem on circulations); the tests count out every possible table.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from reports.suppression.entries import WHOLE, Key, Menu

ALONE = ("direction", "community", "heard_back")
"""The tables that tell nothing about another but by their total."""

Part = tuple[Key, Key]
"""A row and a column: the entries that lie in both."""


class Bounds(NamedTuple):
    """The smallest and the largest number that a hidden cell can be."""

    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low


@dataclass(frozen=True)
class Known:
    """A set of entries whose number follows from printed ones, and the printed cells that must go to keep it."""

    parts: frozenset[Part]
    follows_from: frozenset[Key]


@dataclass(frozen=True)
class Grid:
    """Tables whose cells each hold some of the same entries: rows, columns, and the columns that each row fits."""

    rows: tuple[Key, ...]
    columns: tuple[Key, ...]
    fits: Mapping[Key, frozenset[Key]]

    @cached_property
    def turned(self) -> "Grid":
        """The same with columns as rows."""
        fits = {column: frozenset(row for row in self.rows if column in self.fits[row]) for column in self.columns}
        return Grid(self.columns, self.rows, fits)

    @cached_property
    def blocks(self) -> frozenset[frozenset[Key]]:
        """Every set of columns that some rows, or none, fit into and fill."""
        blocks: frozenset[frozenset[Key]] = frozenset([frozenset()])
        for row in self.rows:
            blocks |= {block | self.fits[row] for block in blocks}
        return blocks

    def bounds(self, total: int, hidden: Set[Key], least: Mapping[Key, int]) -> dict[Key, Bounds]:
        """Of every hidden row and column.

        `least` holds what each cell has at least: a printed one exactly its number.
        """
        columns = {} if self._is_single else self.turned._row_bounds(total, hidden, least)
        return self._row_bounds(total, hidden, least) | columns

    def known(self, hidden: Set[Key]) -> Iterator[Known]:
        """The sets of entries that printed numbers count out; any other is a union of these and of printed cells.

        The hidden rows together are the total less the printed rows; so with columns. The columns of a block, less the
        rows that fit only there, are the other rows' entries in that block.
        """
        rows, columns = frozenset(self.rows), frozenset(self.columns)
        hidden_rows, hidden_columns = rows & hidden, columns & hidden
        if hidden_rows:
            yield self._known(hidden_rows, columns, rows - hidden_rows)
        if hidden_columns:
            yield self._known(rows, hidden_columns, columns - hidden_columns)
        for block in sorted(self.blocks, key=sorted):
            within = block | hidden_columns if block & hidden_columns else block
            taken = frozenset(row for row in self.rows if self.fits[row] <= within)
            taken = taken if hidden_rows <= taken else taken - hidden_rows
            known = self._known(
                rows - taken, within, _counts(taken, rows, hidden_rows) | _counts(within, columns, hidden_columns)
            )
            if known.parts:
                yield known

    @property
    def _is_single(self) -> bool:
        return self.columns == (WHOLE,)

    def _known(self, rows: frozenset[Key], columns: frozenset[Key], follows_from: frozenset[Key]) -> Known:
        parts = frozenset((row, column) for row in rows for column in self.fits[row] & columns)
        return Known(parts, follows_from)

    def _row_bounds(self, total: int, hidden: Set[Key], least: Mapping[Key, int]) -> dict[Key, Bounds]:
        """For rows: at most what its columns can hold beside the other rows that fit only there, at least what other
        columns must hold that the other rows cannot fill."""
        most = {block: self._most(block, total, hidden, least) for block in self.blocks}
        found = {}
        for row in self.rows:
            if row not in hidden:
                continue
            others = [other for other in self.rows if other != row]
            roof = frozenset().union(*(self.fits[other] for other in others if other in hidden))
            high = min(
                most[block] - sum(least[other] for other in others if self.fits[other] <= block)
                for block in self.blocks
                if self.fits[row] <= block
            )
            low = max(
                total - most[block] - sum(least[other] for other in others if not self.fits[other] <= block)
                for block in self.blocks
                if roof <= block
            )
            found[row] = Bounds(max(low, least[row]), high)
        return found

    def _most(self, block: frozenset[Key], total: int, hidden: Set[Key], least: Mapping[Key, int]) -> int:
        """What a set of columns can hold: their numbers where all are printed, else all that other columns leave."""
        if block & hidden:
            return total - sum(least[column] for column in self.columns if column not in block)
        return sum(least[column] for column in block)


def grids(menu: Menu) -> list[Grid]:
    """The menu's tables as they tell about each other."""
    alone = [Grid(keys, (WHOLE,), dict.fromkeys(keys, frozenset([WHOLE]))) for keys in map(menu.keys, ALONE)]
    fits = {
        kind: frozenset(level for level in menu.keys("level") if (kind.code, level.code) in menu.pairs)
        for kind in menu.keys("kind")
    }
    return [alone[0], Grid(menu.keys("kind"), menu.keys("level"), fits), *alone[1:]]


def _counts(some: frozenset[Key], every: frozenset[Key], hidden: frozenset[Key]) -> frozenset[Key]:
    """The printed cells from which the sum of some cells follows, beside the total."""
    if some in (frozenset(), every):
        return frozenset()
    return every - some if hidden and hidden <= some else some
