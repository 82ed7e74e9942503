"""Working backwards through the rule: other quarters that print the same, and so cannot be told from the true one."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.reports.suppression import attackers
from tests.reports.suppression.rows import published
from tests.reports.suppression.test_attacks import any_quarter


def other_quarters(entries, table, codes, movable, chance, tries):
    """What lies in hidden cells laid out anew over these, few authors in each, as the reader may think it was."""
    fixed = [entry for entry in entries if not movable(entry) or getattr(entry, table) not in codes]
    moving = [entry for entry in entries if movable(entry) and getattr(entry, table) in codes]
    everybody = sorted({entry.author for entry in entries})
    for n in range(tries):
        if n % 2:  # other people did it
            crew = chance.sample(everybody, min(len(everybody), chance.randint(4, 8)))
            moving = [replace(entry, author=crew[place % len(crew)]) for place, entry in enumerate(moving)]
        chance.shuffle(everybody)
        moving.sort(key=lambda entry: everybody.index(entry.author))
        cuts = sorted(chance.randint(0, len(moving)) for _ in codes[1:])
        chance.shuffle(codes)
        sizes = [b - a for a, b in pairwise([0, *cuts, len(moving)])]
        places = [code for code, size in zip(codes, sizes, strict=True) for _ in range(size)]
        laid_out = [replace(entry, **{table: code}) for entry, code in zip(moving, places, strict=True)]
        yield fixed + laid_out, dict(zip(codes, sizes, strict=True))


READERS = {"public": lambda entry: True, "reads all shared": lambda entry: entry.visibility == "counted"}


def proven(seed, name, tries=80):
    """For each hidden cell of a table by itself: the numbers that some quarter with the same print has there."""
    entries = any_quarter(seed)
    figures = published(entries)
    if figures.is_withheld:
        return {}
    seen = {}
    chance = random.Random(seed)  # noqa: S311  the same quarters every time
    printed = attackers.numbers_of(figures)
    for table in attackers.ALONE:
        codes = [code for (of, code), n in printed.items() if of == table and n is None]
        some_printed = any(n is not None for (of, _), n in printed.items() if of == table)
        if codes and some_printed:
            truth = Counter(getattr(e, table) for e in entries if READERS[name](e))
            seen |= {(table, code): {truth[code]} for code in codes}
            for others, sizes in other_quarters(entries, table, codes, READERS[name], chance, tries):
                if published(others) == figures:
                    for code, size in sizes.items():
                        seen[table, code].add(size)
    return seen


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("seed", range(25))
def test_other_quarters_print_the_same_with_other_numbers_in_each_hidden_cell(seed, name):
    """Found by search, so each is a proof: even knowing the rule, no cell can be said to within less than four."""
    for cell, numbers in proven(seed, name).items():
        assert (cell, max(numbers) - min(numbers) >= 4, max(numbers) >= 5) == (cell, True, True)


def test_there_are_hidden_cells_to_work_backwards_to():
    assert sum(len(proven(seed, "public", tries=0)) for seed in range(25)) > 40
