"""Attacks plausible agencies and sectors, and prints what came of it: `python -m tests.reports.suppression.report`.

A hidden cell is recovered where some reader can say it to within fewer than k - 1, or that it is below k. Publishable
are the cells that could be printed if they stood alone.
"""

import argparse
import sys
import time
from statistics import median

from reports.suppression import quarters
from reports.suppression.entries import TABLES
from reports.suppression.quarters import Quarter
from reports.suppression.rule import Rule, SectorRule
from tests.reports.suppression import attackers
from tests.reports.suppression.agencies import MENU, QUARTER, SIZES, plausible

SECTORS = ((20, 20, 20), (20, 60, 60), (20, 20, 60, 60, 60, 200))
HEADER = (
    "who",
    "quarters",
    "withheld",
    "entries",
    "tables",
    "readers",
    "hidden",
    "attacks",
    "recovered",
    "publishable",
    "printed",
    "share",
    "slowest",
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarters", type=int, default=20, help="per row (default 20)")
    n = parser.parse_args().quarters
    rows = [row(f"{size} workers", [plausible(size, seed) for seed in range(n)], Rule()) for size in SIZES]
    for sizes in SECTORS:
        sectors = [
            [e for place, size in enumerate(sizes) for e in plausible(size, seed, agency=f"agency {place}")]
            for seed in range(max(1, n // 4))
        ]
        rows.append(row(f"sector of {len(sizes)}, {sum(sizes)} workers", sectors, SectorRule()))
    print("| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER), sep="\n")
    for cells in rows:
        print("| " + " | ".join(str(cell) for cell in cells) + " |")
    return 0 if not any(cells[HEADER.index("recovered")] for cells in rows) else 1


def row(name, samples, rule):
    withheld = hidden = attacks = hits = publishable = printed = readers = 0
    slowest = 0.0
    for entries in samples:
        start = time.process_time()
        if isinstance(rule, SectorRule):
            figures = quarters.of_sector(entries, period=QUARTER, menu=MENU)
        else:
            figures = quarters.of_agency(entries, agency=entries[0].agency, period=QUARTER, menu=MENU, rule=rule)
        slowest = max(slowest, time.process_time() - start)
        cells = Quarter.of(entries, menu=MENU, rule=rule).cells
        publishable += sum(rule.allows(held) for key, held in cells.items() if key.table in TABLES)
        numbers = attackers.numbers_of(figures)
        printed += sum(n is not None for n in numbers.values())
        if figures.is_withheld:
            withheld += 1
            continue
        hidden += sum(n is None for n in numbers.values())
        exact = attackers.count(entries)  # for the sector: more than anybody is given
        known = {key: None if n is None else exact[key] for key, n in numbers.items()}
        who = attackers.sector_readers(entries) if isinstance(rule, SectorRule) else attackers.readers(entries)
        for _, read in who:
            readers += 1
            if len(read) < len(entries):
                found = attackers.ranges(len(entries), known, MENU, read, possible=attackers.by_flow)
                attacks += len(found)
                hits += sum(high - low < rule.actions - 1 or high < rule.actions for low, high in found.values())
    share = f"{100 * printed / publishable:.0f} %" if publishable else "-"
    entries = round(median(len(entries) for entries in samples))
    tables = len(TABLES) * (len(samples) - withheld)
    return (
        name,
        len(samples),
        withheld,
        entries,
        tables,
        readers,
        hidden,
        attacks,
        hits,
        publishable,
        printed,
        share,
        f"{slowest:.2f} s",
    )


if __name__ == "__main__":
    sys.exit(main())
