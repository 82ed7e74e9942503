import random
import re

import pytest

from reports.suppression.entries import Holding
from reports.suppression.rule import Rule, SectorRule
from tests.reports.suppression import attackers
from tests.reports.suppression.agencies import anything
from tests.reports.suppression.rows import MENU, made


def holding(entries):
    held = Holding()
    for entry in entries:
        held.add(entry)
    return held


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"actions": 4}, "A figure needs at least 5 actions; 4 is too few."),
        ({"authors": 2}, "A figure needs at least 3 authors; 2 is too few."),
        ({"percent": 71}, "One author may have at most 70 % of a figure, and at least 1 %; not 71 %."),
        ({"percent": 0}, "One author may have at most 70 % of a figure, and at least 1 %; not 0 %."),
    ],
)
def test_a_rule_can_only_be_stricter(terms, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Rule(**terms)


@pytest.mark.parametrize(
    ("entries", "allowed"),
    [
        pytest.param([], False, id="zero counts as small"),
        pytest.param(made("abcd", shared=True), False, id="four actions"),
        pytest.param(made("abcde", shared=True), True, id="five shared actions of five authors"),
        pytest.param(made("ab", each=4, shared=True), False, id="two authors"),
        pytest.param(made("abc", each=2, shared=True), True, id="three authors, all of it shared"),
        pytest.param(made("a", each=7, shared=True) + made("bcd", shared=True), True, id="one author has 70 %"),
        pytest.param(made("a", each=8, shared=True) + made("bcd", shared=True), False, id="one author has 73 %"),
        pytest.param(made("abc", each=9), False, id="three authors: each is left with two"),
        pytest.param(made("abcd", each=2), True, id="four authors: each is left with three"),
        pytest.param(made("abcde"), False, id="five counted: each author is left with four"),
        pytest.param(made("abcdef"), True, id="six counted: each author is left with five"),
        pytest.param(made("abcdef", each=9, shared=True) + made("g"), False, id="one counted among many shared"),
        pytest.param(made("a", each=7) + made("b", each=7) + made("cd"), False, id="without a, b has 78 %"),
    ],
)
def test_rule_allows(entries, allowed):
    assert Rule().allows(holding(entries)) is allowed


@pytest.mark.parametrize(
    ("rule", "allowed"), [(Rule(), True), (Rule(actions=9), False), (Rule(authors=4), False), (Rule(percent=30), False)]
)
def test_rule_allows_less_where_it_is_stricter(rule, allowed):
    assert rule.allows(holding(made("abcd", each=2))) is allowed


THREE = made("abcd", each=2, agency="x") + made("efgh", each=2, agency="y") + made("ijkl", each=2, agency="z")


@pytest.mark.parametrize(
    ("entries", "allowed"),
    [
        pytest.param(THREE, True, id="three agencies"),
        pytest.param(made("abcd", each=9, agency="x") + made("efgh", each=9, agency="y"), False, id="two agencies"),
        pytest.param(THREE + made("abcd", each=14, agency="x"), False, id="one agency has 80 %"),
        pytest.param(
            made("abcd", each=2, agency="x") + made("e", each=4, agency="y") + made("f", agency="z"),
            False,
            id="without x there are two authors",
        ),
        pytest.param(
            made("abcd", each=2, agency="x") + made("ef", agency="y") + made("gh", agency="z"),
            False,
            id="without x there are four actions",
        ),
        pytest.param(
            made("abcdef", each=2, agency="x")
            + made("ghi", each=2, agency="y", shared=True)
            + made("jkl", each=2, agency="z", shared=True),
            False,
            id="only x counts without sharing",
        ),
        pytest.param(
            made("abc", each=2, agency="x", shared=True)
            + made("ghi", each=2, agency="y", shared=True)
            + made("jkl", each=2, agency="z", shared=True),
            True,
            id="everything is shared",
        ),
        pytest.param(
            made("ab", each=5, agency="x", shared=True)
            + made("ab", agency="y", shared=True)
            + made("c", agency="z", shared=True),
            False,
            id="who moved is one author, not two",
        ),
    ],
)
def test_sector_rule_allows(entries, allowed):
    assert SectorRule().allows(holding(entries)) is allowed


@pytest.mark.parametrize("seed", range(300))
def test_rules_agree_with_their_reading_reader_by_reader(seed):
    chance = random.Random(seed)  # noqa: S311  the same quarters every time
    entries = anything(
        chance,
        MENU,
        authors=chance.randint(1, 12),
        n=chance.randint(0, 24),
        agencies="xyz"[: chance.randint(1, 3)],
        shared=chance.choice([0, 0.3, 0.9, 1]),
    )
    everybody = {entry.author for entry in entries}
    assert (Rule().allows(holding(entries)), SectorRule().allows(holding(entries))) == (
        attackers.may_be_told(entries, everybody),
        attackers.sector_may_be_told(entries, everybody),
    )
