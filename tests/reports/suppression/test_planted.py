"""Attacks planted one by one: a quarter made for each, and what it prints."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from reports.suppression.entries import Entry, Menu
from reports.suppression.rule import Rule
from tests.reports.suppression import attackers
from tests.reports.suppression.rows import MENU, made, published, published_sector, shown

CROWD = "abcdefgh"


def test_a_team_of_four_gets_nothing():
    figures = published(made("abc", each=9) + made("d", each=3, shared=True))
    assert figures.is_withheld and {cell.shown for table in figures.tables for cell in table.cells} == {None}


def test_an_empty_quarter_looks_like_a_small_one():
    assert published([]) == published(made("abcd", shared=True))


def test_a_lone_hidden_cell_takes_the_next_smallest_with_it():
    """Else it would be the total less the others."""
    entries = (
        made(CROWD, each=4, direction="own") + made(CROWD, each=2, direction="asked") + made("ab", direction="led")
    )
    assert shown(published(entries), "direction") == {"led": None, "asked": None, "own": 32}


def test_hidden_cells_that_add_up_to_little_take_another_with_them():
    """Two cells of 2 and 1 would be known to be 3 together."""
    entries = (
        made(CROWD, each=5, community="youth")
        + made(CROWD, each=3, community="newcomers")
        + made("ab", community="inuit")
        + made("c", community="more_than_one")
    )
    assert shown(published(entries), "community") == {
        "inuit": None,
        "youth": 40,
        "newcomers": None,
        "more_than_one": None,
    }


def test_one_author_behind_two_hidden_cells_takes_another_with_her():
    """Both are hers alone: their sum, 12, would be hers too."""
    entries = (
        made(CROWD, each=5, community="youth")
        + made(CROWD, each=3, community="newcomers")
        + made("a", each=6, community="inuit")
        + made("a", each=6, community="more_than_one")
    )
    assert shown(published(entries), "community")["newcomers"] is None


def test_two_authors_behind_two_hidden_cells_take_another_with_them():
    """Each cell is one's alone, and each of the two would know how many the other has together."""
    entries = (
        made(CROWD, each=5, community="youth")
        + made(CROWD, each=3, community="newcomers")
        + made("a", each=6, community="inuit")
        + made("b", each=6, community="more_than_one")
    )
    assert shown(published(entries), "community") == {
        "inuit": None,
        "youth": 40,
        "newcomers": None,
        "more_than_one": None,
    }


def test_two_authors_behind_two_hidden_levels_take_another_with_them():
    entries = (
        made(CROWD, each=5, level="agency")
        + made("a", each=6, kind="advocacy", level="individual")
        + made("b", each=6, kind="advocacy", level="sector")
    )
    assert shown(published(entries), "level") == {"individual": None, "agency": None, "sector": None}


def test_a_cell_that_one_author_dominates_is_hidden():
    entries = made("a", each=16, direction="led", shared=True) + made("bcde", direction="led", shared=True)
    entries += made(CROWD, each=4, direction="asked") + made(CROWD, each=9, direction="own")
    assert shown(published(entries), "direction") == {"led": None, "asked": None, "own": 72}


def test_a_cell_of_which_a_reader_reads_all_but_one_is_hidden():
    """Nine shared by nine authors, and one that is only counted: who reads the nine knows the one."""
    entries = made("abcdefghi", direction="led", shared=True) + made("j", direction="led")
    entries += made(CROWD, each=4, direction="asked") + made(CROWD, each=9, direction="own")
    assert shown(published(entries), "direction")["led"] is None


def test_hidden_cells_take_a_third_where_a_reader_reads_almost_all_of_them():
    """Of 20 hidden ones 18 are shared: for who reads these, each hidden cell lies between 0 and 2 more."""
    entries = made("abc", direction="led") + made(CROWD, each=2, direction="asked", shared=True)
    entries += made("abcdefgh", each=9, direction="own")
    assert set(shown(published(entries), "direction").values()) == {None}


def test_a_reader_never_knows_that_hidden_cells_hold_only_a_few_more():
    """What is not shared of the hidden cells together is 6, by six: each could tell the two apart to within four."""
    led = made("abc", direction="led")
    asked = made("def", direction="asked") + made(CROWD, direction="asked", shared=True)
    entries = led + asked + made(CROWD, each=9, direction="own")
    assert set(shown(published(entries), "direction").values()) == {None}


def test_kinds_do_not_tell_what_levels_hide():
    """Agency and sector add up to 24, but resourcing fits neither sector nor one's own work, and its 20 are printed."""
    menu = replace(MENU, pairs=MENU.pairs - {("resourcing", "sector")})
    entries = (
        made(CROWD, each=3, kind="support", level="individual")
        + made(CROWD, each=2, kind="advocacy", level="individual")
        + made("ab", kind="advocacy", level="agency")
        + made("cd", kind="advocacy", level="sector")
        + made(CROWD[:5], each=4, kind="resourcing", level="agency")
    )
    alone = attackers.count(entries) | {("level", "agency"): None, ("level", "sector"): None}
    assert attackers.by_flow(64, alone, menu)["level", "sector"] == (0, 4)

    figures = published(entries, menu=menu)

    assert figures.total == 64
    assert attackers.by_flow(64, attackers.numbers_of(figures), menu)["level", "sector"] == (0, 24)
    assert shown(figures, "level") == {"individual": 40, "agency": None, "sector": None}
    assert shown(figures, "kind") == {"support": 24, "advocacy": None, "resourcing": None}


@pytest.mark.parametrize(("advocates", "hidden"), [("abcdefgh", False), ("a", True), ("", True)])
def test_levels_less_kinds_are_no_small_group(advocates, hidden):
    """Agency and sector together, less resourcing, leave what advocates did beyond their own work."""
    menu = Menu(
        direction=("own",),
        level=("individual", "sector"),
        kind=("advocacy", "resourcing"),
        community=("youth",),
        heard_back=("not_asked",),
        pairs=frozenset({("advocacy", "individual"), ("advocacy", "sector"), ("resourcing", "sector")}),
    )
    entries = (
        made(CROWD, each=4, kind="advocacy", level="individual")
        + made(CROWD, each=3, kind="resourcing", level="sector")
        + made(advocates, kind="advocacy", level="sector")
    )
    figures = published(entries, menu=menu)
    printed = [*shown(figures, "level").values(), *shown(figures, "kind").values()]
    assert (None in printed) is hidden


def test_a_catalogue_where_kind_and_level_are_one_hides_both():
    """What only fits the sector is the sector: the kind hidden and its level printed would be no hiding."""
    menu = replace(
        MENU,
        level=("individual", "agency", "sector"),
        kind=("support", "advocacy", "resourcing"),
        pairs=frozenset({("support", "individual"), ("advocacy", "agency"), ("resourcing", "sector")}),
    )
    entries = (
        made("ab", kind="resourcing", level="sector")
        + made(CROWD, each=3, kind="advocacy", level="agency")
        + made(CROWD, each=5, kind="support", level="individual")
    )
    figures = published(entries, menu=menu)
    assert shown(figures, "kind") == {"support": 40, "advocacy": None, "resourcing": None}
    assert shown(figures, "level") == {"individual": 40, "agency": None, "sector": None}


# People come and go -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newcomers", ["z", "xyz"])
def test_who_joins_is_not_the_difference_of_two_quarters(newcomers):
    """Everybody else shares everything, so the rest of the quarter would be the newcomers'."""
    before = made(CROWD, each=3, shared=True)
    after = before + made(newcomers, each=6)
    assert (published(before).total, published(after).total) == (24, None)


def test_who_leaves_is_not_the_difference_of_two_quarters():
    after = made(CROWD, each=3, shared=True)
    before = after + made("z", each=6)
    assert (published(before).total, published(after).total) == (None, 24)


STABLE = (
    made(CROWD, each=2, direction="led")
    + made(CROWD, each=2, direction="asked", shared=True)
    + made(CROWD, each=3, direction="own")
)
OF_Z = made("z", each=2, direction="led") + made("z", each=2, direction="asked") + made("z", each=4, direction="own")


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        pytest.param(STABLE, STABLE + OF_Z, {"total": 8, "own": 4}, id="z joins"),
        pytest.param(STABLE + OF_Z, STABLE, {"total": -8, "own": -4}, id="z leaves"),
    ],
)
def test_the_difference_of_two_quarters_is_not_known_to_be_of_who_came_or_left(before, after, difference):
    """It is hers if all others did the same again; but whoever reads the two tables cannot know that they did.

    Of "asked" everybody else's are shared, so who reads those would know hers: it is printed only while she is not there.
    """
    numbers = [printed(published(entries)) for entries in (before, after)]
    changed = {code: numbers[1][code] - n for code, n in numbers[0].items() if n is not None and numbers[1][code]}
    assert changed == difference

    with_her = max(before, after, key=len)
    for name, read in attackers.readers(STABLE):
        for code, hers in could_be_of("z", with_her, read).items():
            if code in changed:
                assert (name, code, max(hers) - min(hers) >= 4, max(hers) >= 5) == (name, code, True, True)


def printed(figures):
    return {"total": figures.total} | shown(figures, "direction")


def could_be_of(who, entries, read):
    """How many are hers in each cell, in quarters that print the same to somebody who reads there what she reads here."""
    unread = sorted((entry for entry in entries if entry not in read), key=lambda entry: entry.direction)
    others = sorted({entry.author for entry in unread} - {who})
    figures = published(entries)
    found = {code: set() for code in ("total", *MENU.direction)}
    for every in (2, 3, 4, len(unread) + 1):  # hers is every second one, or third, or fourth, or none
        dealt = [
            replace(entry, author=others[n % len(others)] if n % every else who) for n, entry in enumerate(unread, 1)
        ]
        if published(read + dealt) == figures:
            counts = Counter(entry.direction for entry in dealt if entry.author == who)
            for code, seen in found.items():
                seen.add(counts.total() if code == "total" else counts[code])
    return found


def test_who_moves_to_another_agency_changes_nothing_in_the_sector():
    stay = agencies(9, 5, 6)
    in_a, in_b = (made("z", each=7, agency=agency) for agency in "ab")
    assert [published_sector(entries).total for entries in (stay, stay + in_a, stay + in_b)] == [40, 45, 45]
    assert published_sector(stay + in_a) == published_sector(stay + in_b)


@pytest.mark.parametrize(("in_b", "withheld"), [("vw", False), ("pq", True)])
def test_who_moves_to_another_agency_stays_one_author_of_the_sector(in_b, withheld):
    """Agency c takes its own away: of p and q, who moved from a to b, two people are left and not four."""
    entries = [
        entry
        for agency, authors in {"a": "pq", "b": in_b, "c": "rst"}.items()
        for entry in made(authors, each=5, agency=agency, shared=True)
    ]
    assert published_sector(entries).is_withheld is withheld


# The sector ---------------------------------------------------------------------------------------------------------


def agencies(*sizes, each=2, shared=False, **codes):
    """So many authors per agency, each with so many entries."""
    entries = []
    for agency, size in zip("abcdef", sizes, strict=False):
        entries += made([f"{agency}{n}" for n in range(size)], each=each, agency=agency, shared=shared, **codes)
    return entries


@pytest.mark.parametrize(
    ("entries", "total"),
    [
        pytest.param(agencies(6, 6), None, id="two agencies"),
        pytest.param(agencies(6, 6, 6), 35, id="three agencies, 36 entries"),
        pytest.param(agencies(40, 6, 6), None, id="one agency has 77 %"),
        pytest.param(
            agencies(6, 6, 6, shared=True) + agencies(6, 6), None, id="who reads all shared and is of a knows b"
        ),
    ],
)
def test_sector_total(entries, total):
    assert published_sector(entries).total == total


def test_sector_hides_by_exact_numbers_and_rounds_then():
    """4 would round to 5, and is hidden all the same."""
    entries = (
        agencies(6, 6, 6, direction="own")
        + agencies(4, 4, 4, direction="asked")
        + agencies(2, 1, 1, each=1, direction="led")
    )
    figures = published_sector(entries)
    assert (figures.rounded_to, figures.total) == (5, 65)
    assert shown(figures, "direction") == {"led": None, "asked": None, "own": 35}


def test_an_agency_that_takes_its_own_away_does_not_know_hidden_cells_to_within_a_few():
    """Others have 5 in the two hidden cells, one at least in each: so agency a would know each but for 3."""
    led = made(["a0", "a1", "a2"], agency="a", direction="led") + made(["b0", "b1"], agency="b", direction="led")
    led += made(["c0"], agency="c", direction="led")
    asked = made(["a3", "a4", "a5"], agency="a", direction="asked") + made(["b2"], agency="b", direction="asked")
    asked += made(["c1"], agency="c", direction="asked")
    figures = published_sector(led + asked + agencies(6, 6, 6))
    assert (figures.total, shown(figures, "direction")) == (45, {"led": None, "asked": None, "own": None})


# What goes in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(100))
def test_the_order_of_entries_and_the_names_of_authors_change_nothing(seed):
    """Two communities have as many, by different people: which goes next must not hang on who they are."""
    people = CROWD + "ijklmnop"
    entries = (
        made(CROWD, each=4, community="newcomers", direction="asked")
        + made(people[8:], each=4, community="youth", level="agency")
        + made("ab", community="inuit", direction="led", level="agency", kind="resourcing")
        + made("abc", each=3, kind="advocacy", heard_back="heard", community="more_than_one")
    )
    chance = random.Random(seed)  # noqa: S311  the same quarters every time
    names = dict(zip(people, chance.sample(people, len(people)), strict=True))
    renamed = [replace(entry, author=names[entry.author]) for entry in entries]
    chance.shuffle(renamed)
    assert published(renamed) == published(entries)
    assert shown(published(entries), "community")["newcomers"] == 32


def test_equal_cells_are_hidden_in_the_fixed_order():
    entries = made("ab", community="inuit")
    entries += [entry for code in ("newcomers", "youth") for entry in made(CROWD, each=4, community=code)]
    assert shown(published(entries), "community") == {
        "inuit": None,
        "youth": None,
        "newcomers": 32,
        "more_than_one": None,
    }


def test_a_stricter_rule_hides_more():
    entries = made("abcdef", each=2, direction="led") + made("abcdef", each=9, direction="own")
    entries += made("abcdef", each=5, direction="asked")
    assert shown(published(entries), "direction") == {"led": 12, "asked": 30, "own": 54}
    assert shown(published(entries, rule=Rule(actions=20)), "direction") == {"led": None, "asked": None, "own": 54}


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({"visibility": "private"}, "Only shared and counted actions are added up, not 'private' ones."),
        ({"direction": "new"}, "The menu has no direction 'new'."),
        ({"level": "sector"}, "The menu has no 'support' at level 'sector'."),
        ({"agency": "b"}, "An agency's figures are made of its own entries."),
    ],
)
def test_an_entry_that_does_not_belong_is_refused(codes, message):
    usual = {
        "author": "a",
        "agency": "a",
        "visibility": "counted",
        "direction": "own",
        "level": "individual",
        "kind": "support",
        "community": "youth",
        "heard_back": "heard",
    }
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        published([Entry(**(usual | codes))])


def test_a_menu_leaves_out_what_no_practice_makes_possible():
    menu = Menu.of(
        direction=["own"],
        level=["individual", "agency", "sector"],
        kind=["support", "repair", "learning"],
        community=["youth"],
        heard_back=["heard"],
        practices=[("learning", ["agency", "individual"]), ("support", ["individual"])],
    )
    assert (menu.level, menu.kind) == (("individual", "agency"), ("support", "learning"))
    assert menu.pairs == {("learning", "agency"), ("learning", "individual"), ("support", "individual")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"direction": ()}, "The table 'direction' needs codes, each once."),
        ({"community": ("youth", "youth")}, "The table 'community' needs codes, each once."),
        ({"level": ("individual", "agency", "sector", "moon")}, "Each kind needs a level, and each level a kind."),
    ],
)
def test_a_menu_that_makes_no_sense_is_refused(change, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        replace(MENU, **change)
