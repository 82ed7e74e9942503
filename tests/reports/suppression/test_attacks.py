"""Attacks on random quarters: everybody counts out what they can, and must find no hidden cell narrowed down."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.suppression.entries import TABLES, Menu
from reports.suppression.rule import Rule
from tests.reports.suppression import attackers
from tests.reports.suppression.agencies import MENU as FULL_MENU
from tests.reports.suppression.agencies import SIZES, anything, plausible
from tests.reports.suppression.rows import MENU, SMALL_MENU, made, published, published_sector

SEEDS = range(40)
AGENCIES = ("a", "b", "c", "d")


def any_quarter(seed, *, most=90, agencies=("a",), menu=MENU):
    """Entries of a small agency, or of some, with few or many shared."""
    chance = random.Random(seed)  # noqa: S311  the same quarters every time
    authors, n = chance.randint(6, 18), chance.randint(most // 3, most)
    shared = chance.choice([0.0, 0.2, 0.5, 0.8])
    return anything(chance, menu, authors=authors, n=n, agencies=agencies, shared=shared)


def recovered(found, *, actions=5):
    """The hidden cells whose possible numbers are too few, or all too small."""
    return [key for key, (low, high) in found.items() if high - low < actions - 1 or high < actions]


def narrowed(figures, entries, who, menu, possible, *, actions=5):
    """Who can narrow down what, as (reader, cell)."""
    printed = attackers.numbers_of(figures)
    hits, done = [], set()
    for name, read in who:
        known = frozenset(attackers.count(read).items())
        if len(read) < len(entries) and known not in done:  # from one who reads everything nothing is hidden
            done.add(known)
            found = attackers.ranges(figures.total, printed, menu, read, possible=possible)
            hits += [(name, key) for key in recovered(found, actions=actions)]
    return hits


@pytest.mark.parametrize("seed", SEEDS)
def test_counting_out_all_tables_narrows_no_hidden_cell(seed):
    entries = any_quarter(seed, most=48, menu=SMALL_MENU)
    figures = published(entries, menu=SMALL_MENU)
    if figures.is_withheld:
        return
    assert narrowed(figures, entries, attackers.readers(entries), SMALL_MENU, attackers.by_enumeration) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_flows_narrow_no_hidden_cell(seed):
    entries = any_quarter(seed)
    figures = published(entries)
    if figures.is_withheld:
        return
    assert narrowed(figures, entries, attackers.readers(entries), MENU, attackers.by_flow) == []


def attacked(quarters):
    """How many quarters are open, and how many cells they hide and print."""
    numbers = [n for figures in quarters if not figures.is_withheld for n in attackers.numbers_of(figures).values()]
    return sum(not figures.is_withheld for figures in quarters), numbers.count(None), len(numbers) - numbers.count(None)


def test_there_is_much_to_attack():
    """Else the attacks would prove nothing: open quarters, hidden cells, printed cells."""
    small = attacked([published(any_quarter(seed, most=48, menu=SMALL_MENU), menu=SMALL_MENU) for seed in SEEDS])
    usual = attacked([published(any_quarter(seed)) for seed in SEEDS])
    sector = attacked([published_sector(any_quarter(seed, agencies=AGENCIES)) for seed in SEEDS])
    for found, least in ((small, (20, 150, 40)), (usual, (20, 150, 100)), (sector, (20, 150, 100))):
        assert [n >= enough for n, enough in zip(found, least, strict=True)] == [True, True, True], found


@pytest.mark.parametrize("workers", SIZES)
@pytest.mark.parametrize("seed", range(2))
def test_flows_narrow_no_hidden_cell_of_a_plausible_agency(workers, seed):
    entries = plausible(workers, seed)
    figures = published(entries, menu=FULL_MENU)
    assert narrowed(figures, entries, attackers.readers(entries), FULL_MENU, attackers.by_flow) == []


def hiding(*kinds):
    """The menu of an agency that offers no practice of these kinds."""
    pairs: dict[str, set[str]] = {}
    for kind, level in FULL_MENU.pairs - {pair for pair in FULL_MENU.pairs if pair[0] in kinds}:
        pairs.setdefault(kind, set()).add(level)
    tables = {table: getattr(FULL_MENU, table) for table in TABLES}
    return Menu.of(**tables, practices=pairs.items())


HIDING = hiding("resourcing", "repair")


@pytest.mark.parametrize("seed", SEEDS)
def test_flows_narrow_no_hidden_cell_where_all_know_that_kinds_are_hidden(seed):
    entries = any_quarter(seed, menu=HIDING)
    figures = published(entries, menu=HIDING)
    if figures.is_withheld:
        return
    assert narrowed(figures, entries, attackers.readers(entries), HIDING, attackers.by_flow) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sum_that_follows_may_be_told(seed):
    """Hidden cells together, and kinds against levels: whatever adds up from printed numbers is no small group."""
    entries = any_quarter(seed)
    figures = published(entries)
    if figures.is_withheld:
        return
    printed = attackers.numbers_of(figures)
    everybody = {entry.author for entry in entries}
    for pairs in attackers.implied_sets(printed, MENU):
        assert attackers.may_be_told([e for e in entries if (e.kind, e.level) in pairs], everybody)
    for table in attackers.ALONE:
        hidden = {code for (name, code), n in printed.items() if name == table and n is None}
        together = [entry for entry in entries if getattr(entry, table) in hidden]
        assert not hidden or attackers.may_be_told(together, everybody)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_printed_is_true_and_may_be_told(seed):
    entries = any_quarter(seed)
    printed = attackers.numbers_of(published(entries))
    everybody = {entry.author for entry in entries}
    for (table, code), n in printed.items():
        if n is not None:
            cell = [entry for entry in entries if getattr(entry, table) == code]
            assert n == len(cell) and attackers.may_be_told(cell, everybody)


@pytest.mark.parametrize("seed", range(20))
def test_a_stricter_rule_is_kept_as_strictly(seed):
    entries = any_quarter(seed)
    figures = published(entries, rule=Rule(actions=8, authors=4, percent=50))
    if figures.is_withheld:
        return
    assert narrowed(figures, entries, attackers.readers(entries), MENU, attackers.by_flow, actions=8) == []
    printed, everybody = attackers.numbers_of(figures), {entry.author for entry in entries}
    for (table, code), n in printed.items():
        cell = [entry for entry in entries if getattr(entry, table) == code]
        assert n is None or attackers.may_be_told(cell, everybody, actions=8, authors=4, percent=50)


@pytest.mark.parametrize("seed", range(30))
def test_what_a_director_of_all_teams_reads_leaves_nobody_behind(seed):
    """She takes all shared actions off every printed number: what stays is nothing, or nobody's alone."""
    entries = any_quarter(seed)
    for (table, code), n in attackers.numbers_of(published(entries)).items():
        if n is not None:
            read = sum(getattr(e, table) == code and e.visibility == "shared" for e in entries)
            behind = {e.author for e in entries if getattr(e, table) == code and e.visibility == "counted"}
            assert n == read or (n - read > 5 and len(behind) > 3)


@st.composite
def whole_quarters(draw, agencies=("a",)):
    """A handful of entries by everybody, so that most quarters are open, and more by a few each."""
    everybody = [f"{agency}{n}" for agency in agencies for n in range(12 // len(agencies))]
    some = st.sets(st.sampled_from(everybody), min_size=1, max_size=6)
    entries = []
    for crew in [everybody, *draw(st.lists(some, min_size=2, max_size=12))]:
        kind, level = draw(st.sampled_from(sorted(MENU.pairs)))
        codes = {table: draw(st.sampled_from(getattr(MENU, table))) for table in attackers.ALONE}
        each, shared = draw(st.integers(1, 2)), draw(st.booleans())
        for author in sorted(crew):
            entries += made([author], each=each, shared=shared, agency=author[0], kind=kind, level=level, **codes)
    return entries


@settings(max_examples=100)
@given(whole_quarters())
def test_no_quarter_whatsoever_lets_anybody_narrow_a_hidden_cell(entries):
    figures = published(entries)
    readers = attackers.readers(entries)
    assert figures.is_withheld or narrowed(figures, entries, readers, MENU, attackers.by_flow) == []


# The sector ---------------------------------------------------------------------------------------------------------


def exact_sector(figures, entries):
    """The sector's printed numbers before they were rounded: more than anybody is given."""
    counts = attackers.count(entries)
    return {key: None if n is None else counts[key] for key, n in attackers.numbers_of(figures).items()}


def narrowed_in_sector(figures, entries):
    """Who can narrow down what, as (reader, cell), even where the numbers were not rounded."""
    printed, hits = exact_sector(figures, entries), []
    for name, read in attackers.sector_readers(entries):
        if len(read) < len(entries):
            found = attackers.ranges(len(entries), printed, MENU, read, possible=attackers.by_flow)
            hits += [(name, key) for key in recovered(found)]
    return hits


@pytest.mark.parametrize("seed", SEEDS)
def test_no_agency_narrows_a_hidden_cell_of_the_sector(seed):
    entries = any_quarter(seed, agencies=AGENCIES)
    figures = published_sector(entries)
    assert figures.is_withheld or narrowed_in_sector(figures, entries) == []


@settings(max_examples=60)
@given(whole_quarters(AGENCIES))
def test_no_quarter_whatsoever_lets_an_agency_narrow_a_hidden_cell_of_the_sector(entries):
    figures = published_sector(entries)
    assert figures.is_withheld or narrowed_in_sector(figures, entries) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sum_of_the_sector_that_follows_may_be_told(seed):
    entries = any_quarter(seed, agencies=AGENCIES)
    figures = published_sector(entries)
    if figures.is_withheld:
        return
    everybody = {entry.author for entry in entries}
    for pairs in attackers.implied_sets(exact_sector(figures, entries), MENU):
        assert attackers.sector_may_be_told([e for e in entries if (e.kind, e.level) in pairs], everybody)
    for table in attackers.ALONE:
        hidden = {cell.code for cell in figures.table(table).cells if cell.shown is None}
        together = [entry for entry in entries if getattr(entry, table) in hidden]
        assert not hidden or attackers.sector_may_be_told(together, everybody)


@pytest.mark.parametrize("seed", range(20))
def test_sector_numbers_are_rounded_to_five(seed):
    entries = any_quarter(seed, agencies=AGENCIES)
    figures = published_sector(entries)
    counts = attackers.count(entries)
    for key, n in attackers.numbers_of(figures).items():
        assert n is None or (n % 5 == 0 and abs(n - counts[key]) <= 2)
