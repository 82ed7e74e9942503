"""What comes out: printed numbers and nothing else, the same for ever, in every form."""

import inspect
import json
import pickle
import pickletools
import re
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date

import pytest

from reports.periods import Period
from reports.suppression import published as module
from reports.suppression import quarters
from reports.suppression.published import Cell, ProtectedFigures, Table, span
from tests.reports.suppression.rows import QUARTER, made, published, published_sector, shown

CROWD = "abcdefgh"
LED = made("a", each=137, direction="led", kind="advocacy", community="inuit")
"""Hidden, for they are one author's; with numbers that stand for nothing else."""
REST = made(CROWD, each=31, direction="asked") + made(CROWD, each=97, direction="own", community="newcomers")


def numbers_in(text):
    return {int(number) for number in re.findall(r"\d+", text)}


def integers(value):
    """Every integer anywhere in plain values."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return {number for item in value for number in integers(item)}
    return numbers_in(value) if isinstance(value, str) else {value} - {None}


def test_no_hidden_number_is_in_any_byte():
    """137 is one author's, 248 hides it, and 385 is both; 776 and the total are printed."""
    figures = published(LED + REST)
    assert shown(figures, "direction") == {"led": None, "asked": None, "own": 776}
    printed = {figures.total, *(cell.shown for table in figures.tables for cell in table.cells)} - {None}
    allowed = printed | {figures.rounded_to, 2026, 1, 3, 31}
    pickled = set()
    for _, argument, _ in pickletools.genops(pickle.dumps(figures)):
        if isinstance(argument, int):
            pickled.add(argument)
        elif isinstance(argument, str):
            pickled |= numbers_in(argument)
    framing = pickled - allowed - {137, 248, 385}  # lengths and places that pickle itself writes
    assert numbers_in(repr(figures)) - allowed == set()
    assert integers(json.loads(json.dumps(figures.as_json()))) - allowed == set()
    assert {137, 248, 385} & (pickled | framing) == set()
    assert {137, 248, 385} & (numbers_in(repr(figures)) | numbers_in(json.dumps(figures.as_json()))) == set()


def test_the_object_holds_only_what_it_prints():
    """Plain strings, days and numbers: nothing to follow back to entries."""
    figures = published(LED + REST)
    assert [field.name for field in fields(ProtectedFigures)] == ["subject", "period", "rounded_to", "total", "tables"]
    assert {type(cell.code) for table in figures.tables for cell in table.cells} == {str}
    assert {type(cell.shown) for table in figures.tables for cell in table.cells} == {int, type(None)}
    assert [hasattr(part, "__dict__") for part in (figures, figures.tables[0], figures.tables[0].cells[0])] == [
        False
    ] * 3


def test_the_same_quarter_prints_the_same_a_hundred_times():
    assert {pickle.dumps(published(LED + REST).as_json()) for _ in range(100)} == {
        pickle.dumps(published(LED + REST).as_json())
    }


def test_different_hidden_numbers_come_out_as_the_same_bytes():
    """One entry of the hidden two moves from the one to the other: nothing that is handed out changes."""
    one = published(
        made("a", each=137, direction="led") + made(CROWD, each=31, direction="asked") + made(CROWD, each=97)
    )
    moved = made("a", each=138, direction="led") + made(CROWD, each=31, direction="asked")[1:] + made(CROWD, each=97)
    assert pickle.dumps(one.as_json()) == pickle.dumps(published(moved).as_json())
    assert repr(one) == repr(published(moved))


@pytest.mark.parametrize("codes", [("own", "asked"), ("asked", "own")])
def test_cells_stand_in_the_order_of_the_menu_whatever_their_size(codes):
    many, few = codes
    figures = published(
        made(CROWD, each=9, direction=many) + made(CROWD, each=3, direction=few) + made("a", direction="led")
    )
    assert [cell.code for cell in figures.table("direction").cells] == ["led", "asked", "own"]
    assert [table.name for table in figures.tables] == ["direction", "level", "kind", "community", "heard_back"]


def test_percentages_are_made_of_printed_numbers_from_twenty_on():
    figures = published(
        made(CROWD, each=3, direction="own") + made(CROWD, each=2, direction="asked") + made("ab", direction="led")
    )
    assert shown(figures, "direction") == {"led": None, "asked": None, "own": 24}
    assert [figures.percent("direction", code) for code in ("led", "asked", "own")] == [None, None, 57]
    figures = published(made("abcdefghi", each=2))
    assert (figures.total, figures.percent("direction", "own")) == (18, None)


def test_json_makes_the_same_figures_again():
    for figures in (published(LED + REST), published([]), published_sector(LED + REST)):
        assert ProtectedFigures.from_json(json.loads(json.dumps(figures.as_json()))) == figures


# After the freeze ---------------------------------------------------------------------------------------------------


def test_nothing_can_be_written_into_it():
    figures = published(LED + REST)
    for thing, name in ((figures, "total"), (figures.tables[0], "cells"), (figures.tables[0].cells[0], "shown")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, 1)
    assert isinstance(figures.tables, tuple) and isinstance(figures.tables[0].cells, tuple)


def test_no_function_makes_figures_of_figures_and_entries():
    """Those that read entries take no published quarter, and the one that adds quarters up reads no entries."""
    makers = {
        function.__name__: list(inspect.signature(function).parameters)
        for holder in (quarters, module)
        for _, function in inspect.getmembers(holder, inspect.isfunction)
        if function.__module__ == holder.__name__
        and not function.__name__.startswith("_")
        and inspect.signature(function).return_annotation is ProtectedFigures
    }
    assert makers == {
        "of_agency": ["entries", "agency", "period", "menu", "rule"],
        "of_sector": ["entries", "period", "menu"],
        "span": ["quarters"],
    }


# Spans --------------------------------------------------------------------------------------------------------------


def figures_of(first, total, *cells, subject="a", rounded_to=1):
    return ProtectedFigures(
        subject=subject,
        period=Period.containing(first, "quarterly"),
        rounded_to=rounded_to,
        total=total,
        tables=(Table("direction", tuple(Cell(code, n) for code, n in cells)),),
    )


WINTER = figures_of(date(2026, 1, 1), 60, ("led", None), ("asked", 20), ("own", 40))
SPRING = figures_of(date(2026, 4, 1), 50, ("led", 15), ("asked", 10), ("own", None))
SUMMER = figures_of(date(2026, 7, 1), None, ("led", None), ("asked", None), ("own", None))


def test_a_span_prints_what_every_quarter_prints():
    both = span([WINTER, SPRING])
    assert both.period == Period(date(2026, 1, 1), date(2026, 6, 30))
    assert (both.total, shown(both, "direction")) == (110, {"led": None, "asked": 30, "own": None})


def test_a_span_with_a_withheld_quarter_is_withheld():
    whole = span([WINTER, SPRING, SUMMER])
    assert (whole.is_withheld, shown(whole, "direction")) == (True, {"led": None, "asked": None, "own": None})


def test_a_span_of_one_quarter_is_that_quarter():
    assert span([WINTER]) == WINTER


def test_a_cell_that_one_quarter_does_not_have_is_not_shown():
    other = figures_of(date(2026, 4, 1), 50, ("new", 30), ("own", 20))
    assert shown(span([WINTER, other]), "direction") == {"new": None, "own": 60, "led": None, "asked": None}


def test_spans_taken_from_each_other_give_nothing_but_the_quarters():
    """Every span is made of printed numbers: two that overlap differ by what a quarter prints, and by nothing else."""
    four = [published(REST * n, period=period) for n, period in enumerate(year(), 1)]
    long, short = span(four), span(four[:3])
    differences = {
        code: n - shown(short, "direction")[code] for code, n in shown(long, "direction").items() if n is not None
    }
    assert differences == {code: n for code, n in shown(four[3], "direction").items() if n is not None}
    hiding = [four[0], published(LED + REST, period=four[1].period), four[2]]
    assert shown(span(hiding), "direction") == {
        code: None if None in (n := [shown(quarter, "direction")[code] for quarter in hiding]) else sum(n)
        for code in ("led", "asked", "own")
    }


def year():
    quarter = QUARTER
    for _ in range(4):
        yield quarter
        quarter = quarter.next()


@pytest.mark.parametrize(
    ("quarters_of_it", "message"),
    [
        ([], "A span needs at least one quarter."),
        ([SPRING, WINTER], "2026-01-01 does not follow on 2026-06-30."),
        ([WINTER, WINTER], "2026-01-01 does not follow on 2026-03-31."),
        ([WINTER, SUMMER], "2026-07-01 does not follow on 2026-03-31."),
        ([span([WINTER, SPRING]), SUMMER], "2026-01-01 to 2026-06-30 is not a quarter."),
        ([WINTER, replace(SPRING, subject="b")], "A span adds up the quarters of one agency, or of the sector."),
        ([WINTER, replace(SPRING, rounded_to=5)], "A span adds up the quarters of one agency, or of the sector."),
    ],
)
def test_a_span_of_anything_else_is_refused(quarters_of_it, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        span(quarters_of_it)


@pytest.mark.parametrize(
    "period",
    [
        Period(date(2026, 1, 1), date(2026, 2, 28)),
        Period(date(2026, 2, 1), date(2026, 4, 30)),
        Period(date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_only_quarters_are_protected(period):
    message = f"{period.first} to {period.last} is not a quarter: protected figures have no other dates."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        published(REST, period=period)
