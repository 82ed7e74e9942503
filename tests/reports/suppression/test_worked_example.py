"""docs/protected-figures.md, run through the code: every number of the page, and none that is only claimed."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from reports.suppression.entries import Holding
from reports.suppression.rule import Rule
from tests.reports.suppression import attackers
from tests.reports.suppression.rows import MENU, made, published, shown

PAGE = (Path(__file__).parents[3] / "docs/protected-figures.md").read_text(encoding="utf-8")
CELLS = ("community_led", "co_designed", "asked_for", "consulted", "own_initiative")
EXAMPLE = replace(MENU, direction=CELLS)


def table(first):
    """The rows of the page's table whose first heading this is, by their headings."""
    lines = iter(PAGE.splitlines())
    headings = next(cells(line) for line in lines if line.startswith(f"| {first} |"))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(headings, cells(line), strict=True)))
    return rows


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def quarter():
    entries = []
    for row in table("author"):
        for code in CELLS:
            shared, counted = map(int, row[code].split("+"))
            entries += made(row["author"], each=shared, shared=True, direction=code)
            entries += made(row["author"], each=counted, direction=code)
    return entries


@pytest.mark.parametrize("row", table("cell"), ids=lambda row: row["cell"])
def test_each_cell_by_itself(row):
    entries = [entry for entry in quarter() if row["cell"] in ("total", entry.direction)]
    held = Holding()
    for entry in entries:
        held.add(entry)
    unread = Counter(entry.author for entry in entries if entry.visibility == "counted")
    made_by = Counter(entry.author for entry in entries)
    left = {
        "actions": len(entries),
        "authors": len(made_by),
        "most by one": max(made_by.values()),
        "not shared": unread.total(),
        "then left": unread.total() - max(unread.values()),
        "by authors": len(unread) - 1,
    }
    assert row == {"cell": row["cell"], "may be told": "yes" if Rule().allows(held) else "no"} | {
        name: str(n) for name, n in left.items()
    }


def test_hidden_cells_together():
    together = Holding()
    for entry in quarter():
        if entry.direction in ("community_led", "co_designed"):
            together.add(entry)
    assert (together.n, together.counted.total(), Rule().allows(together)) == (12, 3, False)
    for entry in quarter():
        if entry.direction == "consulted":
            together.add(entry)
    (most,) = [n for _, n in together.counted.most_common(1)]
    assert (together.n, together.counted.total(), len(together.counted), most) == (23, 12, 7, 3)
    assert Rule().allows(together)
    assert "Together they are then 23, and 12\nof them not shared, by seven authors" in PAGE


def test_there_are_ten_readers():
    assert len(list(attackers.readers(quarter()))) == 10


@pytest.mark.parametrize("row", table("reader"), ids=lambda row: row["reader"])
def test_what_everybody_can_work_out(row):
    entries = quarter()
    read = attackers.count(dict(attackers.readers(entries))[row["reader"]])
    hidden = ("community_led", "co_designed", "consulted")
    unread = {code: attackers.count(entries)["direction", code] - read["direction", code] for code in hidden}
    together, told = sum(unread.values()), sum(n > 0 for n in unread.values())
    assert row == {"reader": row["reader"]} | {code: str(n) for code, n in unread.items()} | {
        "together": str(together),
        "told": str(told),
        "width": str(together - told),
    }


def test_bounds_in_words():
    told, together = 3, {row["reader"]: int(row["together"]) for row in table("reader")}
    highest = {reader: n - told + 1 for reader, n in together.items()}
    assert f"For A each is 1 to {highest['A']} and for the public 1 to {highest['public']}: enough" in PAGE


def test_what_is_printed():
    figures = published(quarter(), menu=EXAMPLE)
    numbers = {"total": figures.total} | shown(figures, "direction")
    assert {row["figure"]: row["printed"] for row in table("figure")} == {
        code: "not shown" if n is None else str(n) for code, n in numbers.items()
    }
    assert figures.percent("direction", "own_initiative") == 41


def test_kinds_and_levels():
    rows = {row.pop("kind"): row for row in table("kind")}
    possible = {(kind, level) for kind, row in rows.items() for level, n in row.items() if n != "-"}
    menu = replace(MENU, pairs=frozenset(possible))
    entries = [
        entry
        for kind, level in sorted(possible)
        for n in range(int(rows[kind][level]))
        for entry in made("abcdefgh"[n % 8], kind=kind, level=level)
    ]
    figures = published(entries, menu=menu)
    assert shown(figures, "level") == {"individual": 40, "agency": None, "sector": None}
    assert shown(figures, "kind") == {"support": 24, "advocacy": None, "resourcing": None}
    with_kinds = attackers.count(entries) | {("level", "agency"): None, ("level", "sector"): None}
    assert attackers.by_flow(64, with_kinds, menu)["level", "sector"] == (0, 4)
    assert attackers.by_flow(64, attackers.numbers_of(figures), menu)["level", "sector"] == (0, 24)
