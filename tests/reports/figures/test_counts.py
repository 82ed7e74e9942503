import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures.counts import DIRECTIONS, HEARD_BACK, KINDS, LEVELS, STANCES, Promises, TeamFigures
from reports.periods import Period
from tests.reports.tally import GroupedRow, tally

QUARTER = Period(date(2025, 11, 1), date(2026, 1, 31))
NO_STATUS = {"open": 0, "kept": 0, "kept_late": 0, "renegotiated": 0, "dropped": 0}
NO_PROMISES = Promises(due=0, by_status=NO_STATUS, open_total=0, open_past=0)
NO_DIRECTION = {"community_led": 0, "co_designed": 0, "request_feedback": 0, "consulted": 0, "own_initiative": 0}


def row(**values):
    alike = {
        "month": "2025-11",
        "practice": 7,
        "kind": "learning",
        "stance": "proactive",
        "level": "individual",
        "direction": "own_initiative",
        "heard_back": "not_asked",
        "communities": (),
        "n": 1,
        "hours": Decimal(0),
    }
    return GroupedRow(**(alike | values))


ROWS = st.lists(
    st.builds(
        GroupedRow,
        month=st.sampled_from(["2025-11", "2025-12", "2026-01"]),
        practice=st.integers(1, 100),
        kind=st.sampled_from(KINDS),
        stance=st.sampled_from(STANCES),
        level=st.sampled_from(LEVELS),
        direction=st.sampled_from(DIRECTIONS),
        heard_back=st.sampled_from(HEARD_BACK),
        communities=st.lists(st.integers(1, 12), unique=True, max_size=3).map(tuple),
        n=st.integers(1, 5000),
        hours=st.decimals(0, 999, places=2),
    ),
    max_size=20,
)


def test_tally_of_nothing():
    assert tally([], period=QUARTER, promises=NO_PROMISES) == TeamFigures.of(
        total=0,
        direction=NO_DIRECTION,
        level={"individual": 0, "agency": 0, "multi_agency": 0, "sector": 0},
        kind={
            "direct_support": 0,
            "speaking_up": 0,
            "power_sharing": 0,
            "advocacy": 0,
            "resourcing": 0,
            "relationship": 0,
            "learning": 0,
            "repair": 0,
        },
        stance={"proactive": 0, "reactive": 0, "either": 0},
        practice={},
        community={},
        heard_back={"not_asked": 0, "waiting": 0, "heard": 0, "not_applicable": 0},
        month={"2025-11": 0, "2025-12": 0, "2026-01": 0},
        level_direction={
            "individual": NO_DIRECTION,
            "agency": NO_DIRECTION,
            "multi_agency": NO_DIRECTION,
            "sector": NO_DIRECTION,
        },
        hours=Decimal(0),
        promises=NO_PROMISES,
        served=(),
        month_taking={"2025-11": 0, "2025-12": 0, "2026-01": 0},
    )


def test_tally_adds_rows_up():
    rows = [
        row(n=4, hours=Decimal("1.50"), communities=(3, 1)),
        row(
            n=2,
            month="2026-01",
            practice=2,
            kind="repair",
            stance="reactive",
            direction="co_designed",
            communities=(1,),
        ),
        row(n=1, level="sector", direction="request_feedback", heard_back="heard", hours=Decimal("0.25")),
        row(n=3, level="sector", direction="consulted", heard_back="not_applicable"),
    ]

    figures = tally(rows, period=QUARTER, promises=NO_PROMISES, served=[3, 9])

    assert figures.total == 10
    assert figures.direction == NO_DIRECTION | {
        "co_designed": 2,
        "request_feedback": 1,
        "consulted": 3,
        "own_initiative": 4,
    }
    assert figures.level == {"individual": 6, "agency": 0, "multi_agency": 0, "sector": 4}
    assert figures.level_direction == {
        "individual": NO_DIRECTION | {"co_designed": 2, "own_initiative": 4},
        "agency": NO_DIRECTION,
        "multi_agency": NO_DIRECTION,
        "sector": NO_DIRECTION | {"request_feedback": 1, "consulted": 3},
    }
    assert {code: n for code, n in figures.kind.items() if n} == {"learning": 8, "repair": 2}
    assert figures.stance == {"proactive": 8, "reactive": 2, "either": 0}
    assert figures.practice == {2: 2, 7: 8}
    assert figures.community == {1: 6, 3: 4}
    assert figures.heard_back == {"not_asked": 6, "waiting": 0, "heard": 1, "not_applicable": 3}
    assert figures.month == {"2025-11": 8, "2025-12": 0, "2026-01": 2}
    assert figures.month_taking == {"2025-11": 1, "2025-12": 0, "2026-01": 2}
    assert figures.hours == Decimal("1.75")
    assert figures.served == (3, 9)
    assert (figures.taking_direction, figures.heard, figures.heard_known) == (3, 1, 7)


def test_tally_keeps_the_order_of_the_catalogue():
    figures = tally(
        [row(direction="own_initiative", level="sector", kind="repair", practice=9), row(practice=2)],
        period=QUARTER,
        promises=NO_PROMISES,
    )

    assert list(figures.direction) == [
        "community_led",
        "co_designed",
        "request_feedback",
        "consulted",
        "own_initiative",
    ]
    assert list(figures.level) == ["individual", "agency", "multi_agency", "sector"]
    assert list(figures.kind) == [
        "direct_support",
        "speaking_up",
        "power_sharing",
        "advocacy",
        "resourcing",
        "relationship",
        "learning",
        "repair",
    ]
    assert list(figures.heard_back) == ["not_asked", "waiting", "heard", "not_applicable"]
    assert list(figures.practice) == [2, 9]


@pytest.mark.parametrize("unknown", [{"direction": "nobody"}, {"level": "galaxy"}, {"month": "2026-02"}])
def test_tally_of_what_the_catalogue_or_the_period_does_not_know(unknown):
    with pytest.raises(KeyError):
        tally([row(**unknown)], period=QUARTER, promises=NO_PROMISES)


@given(ROWS)
def test_tally_agrees_with_itself(rows):
    figures = tally(rows, period=QUARTER, promises=NO_PROMISES)

    parts = [
        *(figures.direction, figures.level, figures.kind, figures.stance),
        *(figures.heard_back, figures.month, figures.practice),
    ]
    assert {sum(part.values()) for part in parts} == {sum(row.n for row in rows)} == {figures.total}
    assert {level: sum(counts.values()) for level, counts in figures.level_direction.items()} == figures.level
    assert sum(figures.month_taking.values()) == figures.taking_direction


@given(ROWS, st.lists(st.integers(1, 99)))
def test_figures_survive_json(rows, served):
    promises = Promises(due=9, by_status=NO_STATUS | {"kept": 7, "dropped": 2}, open_total=5, open_past=1)
    figures = tally(rows, period=QUARTER, promises=promises, served=served)

    stored = json.loads(json.dumps(figures.plain, sort_keys=True))  # jsonb keeps no order either
    restored = TeamFigures.from_json(stored)

    assert restored == figures
    assert str(restored.as_read()) == str(figures.as_read())


def test_figures_frozen_under_an_earlier_catalogue():
    stored = tally([row(n=3)], period=QUARTER, promises=NO_PROMISES).plain
    del stored["direction"]["co_designed"]
    stored["kind"]["a_kind_of_old"] = 2

    figures = TeamFigures.from_json(stored)

    assert figures.direction == NO_DIRECTION | {"own_initiative": 3}
    assert list(figures.kind.items())[-2:] == [("repair", 0), ("a_kind_of_old", 2)]
