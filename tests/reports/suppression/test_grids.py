"""Bounds and sums that follow from printed numbers, against counting out every possible table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.suppression.entries import TOTAL, Key, Menu
from reports.suppression.grids import Bounds, Grid, grids
from tests.reports.suppression import attackers
from tests.reports.suppression.agencies import MENU


def grid_of(menu):
    return next(grid for grid in grids(menu) if grid.rows == menu.keys("kind"))


def menu_of(pairs):
    return Menu(
        direction=("d",),
        level=tuple(sorted({level for _, level in pairs})),
        kind=tuple(sorted({kind for kind, _ in pairs})),
        community=("c",),
        heard_back=("h",),
        pairs=frozenset(pairs),
    )


@st.composite
def tables(draw):
    """A menu of some pairs of kinds and levels, their numbers, the cells that are hidden, the total, and what is printed."""
    pairs = draw(st.sets(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), min_size=1, max_size=7))
    menu = menu_of(pairs)
    numbers = {pair: draw(st.integers(0, 3)) for pair in sorted(pairs)}
    keys = (*menu.keys("kind"), *menu.keys("level"))
    hidden = draw(st.sets(st.sampled_from(keys)))
    added = {key: sum(n for pair, n in numbers.items() if key.code in pair) for key in keys}
    left = {tuple(key): None if key in hidden else n for key, n in added.items()}
    return menu, added, hidden, sum(numbers.values()), left


@settings(max_examples=60)
@given(tables())
def test_bounds_are_those_of_all_possible_tables(case):
    menu, numbers, hidden, total, left = case

    bounds = grid_of(menu).bounds(total, hidden, {key: 0 if key in hidden else n for key, n in numbers.items()})

    assert {tuple(key): tuple(found) for key, found in bounds.items()} == attackers.by_enumeration(total, left, menu)


@settings(max_examples=60)
@given(tables())
def test_bounds_are_those_of_all_possible_tables_when_one_entry_of_each_hidden_cell_is_told(case):
    menu, numbers, hidden, total, left = case
    least = {key: min(n, 1) if key in hidden else n for key, n in numbers.items()}

    bounds = grid_of(menu).bounds(total, hidden, least)

    counted_out = attackers.by_enumeration(total, left, menu, {tuple(key): n for key, n in least.items()})
    assert {tuple(key): tuple(found) for key, found in bounds.items()} == counted_out


@settings(max_examples=60)
@given(tables())
def test_the_flow_of_the_attackers_finds_the_same(case):
    menu, *_, total, left = case
    assert attackers.by_flow(total, left, menu) == attackers.by_enumeration(total, left, menu)


@pytest.mark.parametrize(
    ("hidden", "expected"), [("a", {"a": Bounds(2, 2)}), ("ab", {"a": Bounds(0, 9), "b": Bounds(0, 9)})]
)
def test_bounds_of_a_table_by_itself(hidden, expected):
    rows = tuple(Key("direction", code) for code in "abc")
    total = Key(TOTAL, TOTAL)
    grid = Grid(rows, (total,), dict.fromkeys(rows, frozenset([total])))
    numbers = dict(zip(rows, (2, 7, 11), strict=True)) | {total: 20}
    least = {key: 0 if key.code in hidden else n for key, n in numbers.items()}

    bounds = grid.bounds(20, {key for key in rows if key.code in hidden}, least)

    assert {key.code: found for key, found in bounds.items()} == expected


@settings(max_examples=60)
@given(tables())
def test_every_sum_that_follows_from_printed_numbers_is_a_union_of_those_known_and_of_printed_cells(case):
    menu, numbers, hidden, _, printed = case
    grid = grid_of(menu)
    pieces = {frozenset((row.code, column.code) for row, column in known.parts) for known in grid.known(hidden)}
    for key in numbers.keys() - hidden:
        pieces.add(frozenset(pair for pair in menu.pairs if key.code in pair))
    for implied in attackers.implied_sets(printed, menu):
        assert implied in unions(pieces, implied)


@settings(max_examples=60)
@given(tables())
def test_every_known_set_follows_from_printed_numbers(case):
    menu, _, hidden, _, printed = case
    implied = [frozenset(pairs) for pairs in attackers.implied_sets(printed, menu)]
    known = [frozenset((row.code, column.code) for row, column in known.parts) for known in grid_of(menu).known(hidden)]
    assert [pairs for pairs in known if pairs not in implied] == []


def unions(pieces, within):
    """All disjoint unions of the pieces that lie inside."""
    found = {frozenset()}
    for piece in pieces:
        if piece <= within:
            found |= {union | piece for union in found if not union & piece}
    return found


def test_shipped_catalogue_couples_kinds_and_levels():
    """A change of the catalogue that breaks this makes the worked example and the attacks on pairs untrue."""
    impossible = {(kind, level) for kind in MENU.kind for level in MENU.level} - MENU.pairs
    assert impossible == {
        ("direct_support", "sector"),
        ("speaking_up", "sector"),
        ("resourcing", "individual"),
        ("learning", "sector"),
    }
