from datetime import date
from decimal import Decimal

import pytest

from actions.vocabulary import CATALOGUE
from reports.figures.counts import Promises
from reports.periods import Period
from reports.questions import RULES, Question, applicable, choose, text
from tests.reports.tally import GroupedRow, tally

NO_STATUS = {"open": 0, "kept": 0, "kept_late": 0, "renegotiated": 0, "dropped": 0}


def some(n, **values):
    """Rows that no question is about: directed, of the agency, a repair, with resources moved beside them."""
    alike = {
        "month": "2026-01",
        "practice": 1,
        "kind": "speaking_up",
        "stance": "either",
        "level": "agency",
        "direction": "co_designed",
        "heard_back": "heard",
        "communities": (),
        "n": n,
        "hours": Decimal(0),
    }
    return GroupedRow(**(alike | values))


def figures(*rows, served=(), cadence="quarterly", due=0, kept=0, open_total=0, open_past=0):
    promises = Promises(
        due=due, by_status=NO_STATUS | {"kept": kept, "dropped": due - kept}, open_total=open_total, open_past=open_past
    )
    period = Period.containing(date(2026, 1, 1), cadence)
    return tally(rows, period=period, promises=promises, served=served)


def codes(now, *history, last_year=None):
    return [question.code for question in applicable(now, history=history, last_year=last_year)]


def test_every_question_of_the_catalogue_has_a_rule():
    assert list(RULES) == [entry["code"] for entry in CATALOGUE["summary_questions"]]


def test_applicable_to_a_period_without_actions():
    assert codes(figures()) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([some(8, direction="own_initiative", level="individual"), some(0)], ["no_lived_direction"]),
        ([some(7, direction="own_initiative", level="individual")], []),
        ([some(4, direction="consulted"), some(5, direction="consulted", level="individual")], ["no_lived_direction"]),
        ([some(7, direction="consulted", level="individual"), some(1, direction="community_led")], []),
        ([some(7, direction="consulted", level="individual"), some(1, direction="request_feedback")], []),
    ],
)
def test_no_lived_direction(rows, expected):
    found = [code for code in codes(figures(*rows)) if code != "only_individual_level"]

    assert found == expected


@pytest.mark.parametrize(
    ("open_past", "open_total", "expected"),
    [
        (5, 20, ["overdue_commitments"]),
        (4, 4, []),
        (5, 21, []),
        (6, 24, ["overdue_commitments"]),
        (0, 0, []),
    ],
)
def test_overdue_commitments(open_past, open_total, expected):
    assert codes(figures(open_past=open_past, open_total=open_total)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([some(5, kind="learning"), some(3, kind="repair")], ["learning_without_advocacy"]),
        ([some(4, kind="learning"), some(4, kind="repair")], []),
        ([some(5, kind="learning"), some(2, kind="repair")], []),
        ([some(7, kind="learning"), some(1, kind="speaking_up")], []),
        ([some(7, kind="learning"), some(1, kind="power_sharing")], []),
        ([some(7, kind="learning"), some(1, kind="advocacy")], []),
        ([some(7, kind="learning"), some(1, kind="resourcing")], []),
    ],
)
def test_learning_without_advocacy(rows, expected):
    assert codes(figures(*rows)) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ([some(8)], [some(8)], [Question("community_gap", "curious", (3, 5))]),
        ([some(7)], [some(8)], []),
        ([some(8)], [some(7)], []),
        ([some(8, communities=(3, 9))], [some(8)], [Question("community_gap", "curious", (5,))]),
        ([some(8, communities=(3,))], [some(7), some(1, communities=(5,))], []),
    ],
)
def test_community_gap(now, before, expected):
    assert applicable(figures(*now, served=(3, 5)), history=[figures(*before, served=(3, 5))]) == expected


def test_community_gap_without_an_earlier_period():
    assert codes(figures(some(8), served=(3,))) == []


def test_community_gap_looks_no_further_back_than_its_periods():
    earlier = figures(some(8, communities=(3,)))

    assert codes(figures(some(8), served=(3,)), figures(some(8)), earlier) == ["community_gap"]


def test_community_gap_of_a_team_that_names_no_community():
    assert codes(figures(some(8)), figures(some(8))) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([some(8, level="individual")], ["only_individual_level"]),
        ([some(7, level="individual")], []),
        ([some(8, level="individual"), some(1, level="multi_agency")], []),
    ],
)
def test_only_individual_level(rows, expected):
    assert codes(figures(*rows)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [some(2, direction="consulted"), some(3, direction="own_initiative", level="sector")],
            ["system_work_without_direction"],
        ),
        ([some(2, direction="consulted"), some(2, direction="own_initiative", level="sector")], []),
        ([some(8, direction="consulted"), some(1, direction="co_designed", level="multi_agency")], []),
    ],
)
def test_system_work_without_direction(rows, expected):
    assert codes(figures(*rows, some(3, level="individual"))) == expected


def test_system_work_without_direction_below_the_gate():
    assert codes(figures(some(5, direction="consulted"), some(2, level="individual"))) == []


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ([some(8)], [some(12)], ["no_feedback_or_repair", "no_resources_moved"]),
        ([some(8)], [some(11)], []),
        ([some(7)], [some(13)], []),
        ([some(8)], [some(12, kind="resourcing")], ["no_feedback_or_repair"]),
        ([some(8), some(1, kind="repair")], [some(12)], ["no_resources_moved"]),
    ],
)
def test_no_feedback_or_repair_and_no_resources_moved(now, before, expected):
    assert codes(figures(*now), figures(*before)) == expected


def test_no_feedback_or_repair_without_an_earlier_period():
    assert codes(figures(some(100))) == []


def test_no_feedback_or_repair_looks_no_further_back_than_its_periods():
    earlier = figures(some(12, kind="repair"), some(12, kind="resourcing"))

    assert codes(figures(some(12)), figures(some(12)), earlier) == ["no_feedback_or_repair", "no_resources_moved"]


@pytest.mark.parametrize(
    ("not_asked", "waiting", "heard", "expected"),
    [
        (4, 3, 3, ["no_word_back"]),
        (3, 3, 4, []),
        (9, 0, 0, []),
        (49, 0, 21, ["no_word_back"]),
        (48, 0, 21, []),
    ],
)
def test_no_word_back(not_asked, waiting, heard, expected):
    rows = [
        some(not_asked, heard_back="not_asked"),
        some(waiting, heard_back="waiting"),
        some(heard),
        some(30, heard_back="not_applicable"),
    ]

    assert codes(figures(*rows)) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (4, [8, 5, 9], ["quiet_period"]),
        (5, [8, 5, 9], []),
        (0, [8, 8, 8], ["quiet_period"]),
        (0, [7, 7, 8], []),
        (0, [100, 100], []),
        (0, [7, 7, 8, 100, 100], []),
    ],
)
def test_quiet_period(now, before, expected):
    assert codes(figures(some(now)), *[figures(some(n, kind="repair")) for n in before]) == expected


@pytest.mark.parametrize(
    ("now", "last_year", "expected"), [(10, 20, ["quiet_period"]), (10, 19, []), (10, 90, ["quiet_period"]), (1, 7, [])]
)
def test_quiet_period_is_not_asked_about_a_season(now, last_year, expected):
    history = [figures(some(40, kind="repair"))] * 3

    found = codes(figures(some(now, kind="resourcing")), *history, last_year=figures(some(last_year)))

    assert found == expected


def test_quiet_period_does_not_compare_a_month_with_a_quarter():
    month = figures(some(10, kind="repair"), cadence="monthly")

    assert codes(month, *[figures(some(30, kind="resourcing"))] * 3) == []
    assert codes(figures(some(10, kind="repair")), *[figures(some(30, kind="resourcing"))] * 3) == ["quiet_period"]


@pytest.mark.parametrize(
    ("due", "kept", "expected"),
    [(5, 4, ["commitments_kept"]), (4, 4, []), (5, 3, []), (10, 8, ["commitments_kept"]), (11, 8, [])],
)
def test_commitments_kept(due, kept, expected):
    assert codes(figures(due=due, kept=kept)) == expected


def test_applicable_asks_in_the_order_of_the_catalogue():
    now = figures(some(8, kind="learning", direction="own_initiative", level="individual"), due=5, kept=5)

    assert applicable(now, history=[]) == [
        Question("no_lived_direction", "curious"),
        Question("learning_without_advocacy", "curious"),
        Question("only_individual_level", "curious"),
        Question("commitments_kept", "encouraging"),
    ]


FOUR = [
    Question(code, "curious") for code in ("no_lived_direction", "overdue_commitments", "community_gap", "no_word_back")
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], ["no_lived_direction", "overdue_commitments", "community_gap"]),
        ([["no_lived_direction"]], ["overdue_commitments", "community_gap", "no_word_back"]),
        (
            [["overdue_commitments", "community_gap"], ["no_lived_direction", "community_gap"]],
            ["no_word_back", "no_lived_direction"],
        ),
        (
            [["no_word_back"], [], ["overdue_commitments"], ["no_word_back", "quiet_period"]],
            ["no_lived_direction", "community_gap", "overdue_commitments"],
        ),
    ],
)
def test_choose_what_was_not_asked_for_longest(asked, expected):
    assert [question.code for question in choose(list(reversed(FOUR)), asked=asked)] == expected


def test_choose_from_fewer_than_the_limit():
    assert choose(FOUR[:1], asked=[["no_lived_direction"]]) == FOUR[:1]


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ("a", ["a", "a", "", "a", "a", "", "a", "a"]),
        ("ab", ["ab", "a", "b", "a", "b", "a", "b", "a"]),
        ("abc", ["abc", "a", "bc", "a", "bc", "a", "bc", "a"]),
        ("abcd", ["abc", "d", "abc", "d", "abc", "d", "abc", "d"]),
        ("abcdefghijk", ["abc", "def", "ghi", "jka", "bcd", "efg", "hia", "jkb"]),
    ],
)
def test_choose_over_eight_periods_with_the_same_figures(candidates, expected):
    """Each letter is a question, in the catalogue's order."""
    letters = dict(zip(RULES, "abcdefghijk", strict=True))
    applicable_each_time = [Question(code, "curious") for code, letter in letters.items() if letter in candidates]
    asked, told = [], []
    for _ in range(8):
        chosen = [question.code for question in choose(applicable_each_time, asked=asked)]
        asked.insert(0, chosen)
        told.append("".join(letters[code] for code in chosen))

    assert told == expected


def test_choose_with_another_limit():
    assert choose(FOUR, asked=[], limit=1) == FOUR[:1]


@pytest.mark.parametrize("language", ["en", "en-ca"])
def test_text_in_english(language):
    assert text("no_word_back", language) == (
        "For most of the actions we shared we did not record hearing back. How could we ask, without adding a burden, "
        "whether it helped?"
    )


@pytest.mark.parametrize("language", ["fr", "fr-ca"])
def test_text_in_french(language):
    assert text("no_word_back", language) == (
        "Pour la plupart des actions partagées, nous n’avons pas noté de retour. Comment demander, sans alourdir, si "
        "cela a aidé?"
    )
