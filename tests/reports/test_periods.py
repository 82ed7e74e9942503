import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import Period, Rhythm, between, due, presets

DAY = timedelta(days=1)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
CADENCE = st.sampled_from(["monthly", "quarterly"])


def period(first, last):
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def is_unbroken(periods):
    return all(later.first == earlier.last + DAY for earlier, later in pairwise(periods))


@pytest.mark.parametrize(
    ("day", "cadence", "expected"),
    [
        (date(2024, 2, 29), "monthly", period("2024-02-01", "2024-02-29")),
        (date(2025, 2, 1), "monthly", period("2025-02-01", "2025-02-28")),
        (date(2025, 12, 31), "monthly", period("2025-12-01", "2025-12-31")),
        (date(2024, 2, 29), "quarterly", period("2024-01-01", "2024-03-31")),
        (date(2026, 6, 30), "quarterly", period("2026-04-01", "2026-06-30")),
        (date(2026, 7, 1), "quarterly", period("2026-07-01", "2026-09-30")),
        (date(2025, 12, 31), "quarterly", period("2025-10-01", "2025-12-31")),
    ],
)
def test_containing(day, cadence, expected):
    assert Period.containing(day, cadence) == expected


def test_containing_of_an_unknown_cadence():
    with pytest.raises(ValueError, match=r"^The cadence must be one of monthly, quarterly, not 'weekly'\.$"):
        Period.containing(date(2026, 1, 1), "weekly")


@given(DAYS, CADENCE)
def test_containing_is_the_same_for_each_of_its_days(day, cadence):
    found = Period.containing(day, cadence)

    assert found.first <= day <= found.last
    assert {Period.containing(found.first, cadence), Period.containing(found.last, cadence)} == {found}
    assert Period.containing(found.last + DAY, cadence) == found.next()
    assert Period.containing(found.first - DAY, cadence) == found.previous()


def test_parse():
    assert Period.parse("2026-01-01", "2026-03-31") == period("2026-01-01", "2026-03-31")


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-02-30", "2026-03-31", "'2026-02-30' is not a day written as YYYY-MM-DD."),
        ("20260101", "2026-03-31", "'20260101' is not a day written as YYYY-MM-DD."),
        ("2026-01-01", "2026-W01-1", "'2026-W01-1' is not a day written as YYYY-MM-DD."),
        ("", "2026-03-31", "'' is not a day written as YYYY-MM-DD."),
        ("0001-01-01", "2026-03-31", "0001-01-01 lies outside the years 1900 to 2200."),
        ("2026-01-01", "9999-12-31", "9999-12-31 lies outside the years 1900 to 2200."),
        ("2026-03-31", "2026-03-30", "A period cannot end on 2026-03-30, before it starts on 2026-03-31."),
    ],
)
def test_parse_of_what_is_no_period(first, last, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Period.parse(first, last)


@given(DAYS, st.integers(0, 800))
def test_parse_reads_what_a_period_writes(first, length):
    span = Period(first, first + length * DAY)

    assert Period.parse(span.first.isoformat(), span.last.isoformat()) == span


@pytest.mark.parametrize(
    ("span", "previous", "following"),
    [
        (period("2026-01-01", "2026-03-31"), period("2025-10-01", "2025-12-31"), period("2026-04-01", "2026-06-30")),
        (period("2024-03-01", "2024-03-31"), period("2024-02-01", "2024-02-29"), period("2024-04-01", "2024-04-30")),
        (period("2025-12-01", "2025-12-31"), period("2025-11-01", "2025-11-30"), period("2026-01-01", "2026-01-31")),
        (period("2025-01-01", "2025-12-31"), period("2024-01-01", "2024-12-31"), period("2026-01-01", "2026-12-31")),
        (period("2025-11-01", "2026-02-28"), period("2025-07-01", "2025-10-31"), period("2026-03-01", "2026-06-30")),
        (period("2024-02-29", "2024-02-29"), period("2024-02-28", "2024-02-28"), period("2024-03-01", "2024-03-01")),
        (period("2026-01-02", "2026-01-31"), period("2025-12-03", "2026-01-01"), period("2026-02-01", "2026-03-02")),
    ],
)
def test_previous_and_next(span, previous, following):
    assert (span.previous(), span.next()) == (previous, following)


@given(DAYS, st.integers(0, 800))
def test_previous_and_next_touch_the_period(first, length):
    span = Period(first, first + length * DAY)

    assert is_unbroken([span.previous(), span, span.next()])
    assert span.previous().whole_months == span.whole_months == span.next().whole_months or span.whole_months is None


def test_months_are_clipped_to_the_period():
    assert period("2023-12-30", "2024-03-01").months() == [
        period("2023-12-30", "2023-12-31"),
        period("2024-01-01", "2024-01-31"),
        period("2024-02-01", "2024-02-29"),
        period("2024-03-01", "2024-03-01"),
    ]


@given(DAYS, st.integers(0, 800))
def test_months_cover_the_period_once(first, length):
    span = Period(first, first + length * DAY)
    months = span.months()

    assert is_unbroken(months)
    assert (months[0].first, months[-1].last) == (span.first, span.last)
    assert all(month.first.month == month.last.month for month in months)


@pytest.mark.parametrize(
    ("today", "grace_days", "expected"),
    [
        (date(2026, 3, 31), 0, False),
        (date(2026, 4, 1), 0, True),
        (date(2026, 4, 7), 7, False),
        (date(2026, 4, 8), 7, True),
        (date(2026, 3, 15), 0, False),
    ],
)
def test_is_closed(today, grace_days, expected):
    assert period("2026-01-01", "2026-03-31").is_closed(today=today, grace_days=grace_days) is expected


def test_due_from_the_start_of_reports():
    found = due(reports_from=date(2025, 10, 1), rhythm=Rhythm("quarterly"), today=date(2026, 4, 8), grace_days=7)

    assert found == [period("2025-10-01", "2025-12-31"), period("2026-01-01", "2026-03-31")]


def test_due_on_the_last_day_of_grace():
    found = due(reports_from=date(2025, 10, 1), rhythm=Rhythm("quarterly"), today=date(2026, 4, 7), grace_days=7)

    assert found == [period("2025-10-01", "2025-12-31")]


def test_due_before_the_start_of_reports():
    assert due(reports_from=date(2027, 1, 1), rhythm=Rhythm("monthly"), today=date(2026, 4, 7), grace_days=7) == []


def test_due_goes_on_after_what_is_closed():
    found = due(
        reports_from=date(2023, 1, 1),
        rhythm=Rhythm("monthly"),
        today=date(2024, 4, 8),
        grace_days=7,
        closed_through=date(2024, 1, 31),
    )

    assert found == [period("2024-02-01", "2024-02-29"), period("2024-03-01", "2024-03-31")]


def test_due_when_all_is_closed():
    found = due(
        reports_from=date(2023, 1, 1),
        rhythm=Rhythm("monthly"),
        today=date(2024, 4, 8),
        grace_days=7,
        closed_through=date(2024, 3, 31),
    )

    assert found == []


def test_due_after_a_change_to_quarters_within_one():
    found = due(
        reports_from=date(2025, 1, 1),
        rhythm=Rhythm("quarterly"),
        today=date(2026, 4, 30),
        grace_days=7,
        closed_through=date(2025, 10, 31),
    )

    assert found == [
        period("2025-11-01", "2025-11-30"),
        period("2025-12-01", "2025-12-31"),
        period("2026-01-01", "2026-03-31"),
    ]


TO_MONTHS = Rhythm("quarterly", {date(2026, 7, 1): "monthly"})
TO_QUARTERS = Rhythm("monthly", {date(2026, 7, 1): "quarterly"})


def test_a_quarter_that_is_under_way_stays_one_when_months_were_chosen_in_it():
    found = due(reports_from=date(2026, 1, 1), rhythm=TO_MONTHS, today=date(2026, 8, 31), grace_days=7)

    assert found == [
        period("2026-01-01", "2026-03-31"),
        period("2026-04-01", "2026-06-30"),
        period("2026-07-01", "2026-07-31"),
    ]


def test_months_go_on_to_the_end_of_the_quarter_in_which_quarters_were_chosen():
    found = due(reports_from=date(2026, 5, 1), rhythm=TO_QUARTERS, today=date(2026, 10, 31), grace_days=7)

    assert found == [
        period("2026-05-01", "2026-05-31"),
        period("2026-06-01", "2026-06-30"),
        period("2026-07-01", "2026-09-30"),
    ]


def test_each_of_several_changes_holds_from_its_own_quarter_on():
    rhythm = Rhythm("monthly", {date(2026, 4, 1): "quarterly", date(2026, 10, 1): "monthly"})

    assert [rhythm.on(date(2026, month, 15)) for month in (1, 3, 4, 9, 10, 12)] == [
        "monthly",
        "monthly",
        "quarterly",
        "quarterly",
        "monthly",
        "monthly",
    ]


def test_between_goes_over_a_change():
    assert between(first=date(2026, 4, 1), last=date(2026, 8, 31), rhythm=TO_MONTHS) == [
        period("2026-04-01", "2026-06-30"),
        period("2026-07-01", "2026-07-31"),
        period("2026-08-01", "2026-08-31"),
    ]


@given(
    reports_from=DAYS,
    cadence=CADENCE,
    changes=st.dictionaries(DAYS.map(lambda day: Period.containing(day, "quarterly").first), CADENCE, max_size=5),
    days=st.integers(0, 1500),
)
def test_due_makes_no_gap_and_cuts_no_quarter_whatever_was_chosen_when(reports_from, cadence, changes, days):
    rhythm = Rhythm(cadence, changes)
    found = due(reports_from=reports_from, rhythm=rhythm, today=reports_from + days * DAY, grace_days=3)

    assert is_unbroken(found)
    assert all(rhythm.on(one.first) == rhythm.on(one.last) for one in found)
    assert all(one.whole_months == (3 if rhythm.on(one.first) == "quarterly" else 1) for one in found[3:])


def test_due_from_within_a_month_takes_the_rest_of_it():
    found = due(reports_from=date(2025, 11, 10), rhythm=Rhythm("monthly"), today=date(2026, 1, 20), grace_days=7)

    assert found == [period("2025-11-10", "2025-11-30"), period("2025-12-01", "2025-12-31")]


@given(
    reports_from=DAYS,
    cadences=st.lists(st.tuples(CADENCE, st.integers(0, 400)), min_size=1, max_size=6),
    grace_days=st.integers(0, 40),
)
def test_due_leaves_no_gap_and_no_overlap_whatever_the_cadence(reports_from, cadences, grace_days):
    closed, today = [], reports_from
    for cadence, days_later in cadences:
        today += days_later * DAY
        closed += due(
            reports_from=reports_from,
            rhythm=Rhythm(cadence),
            today=today,
            grace_days=grace_days,
            closed_through=closed[-1].last if closed else None,
        )

    assert is_unbroken(closed)
    assert [period.first for period in closed[:1]] in ([], [reports_from])
    assert all(period.is_closed(today=today, grace_days=grace_days) for period in closed)


@given(reports_from=DAYS, cadence=CADENCE, days=st.integers(0, 1200), grace_days=st.integers(0, 40))
def test_due_leaves_nothing_closed_behind(reports_from, cadence, days, grace_days):
    start = Period.containing(reports_from, cadence).first
    today = start + days * DAY
    found = due(reports_from=start, rhythm=Rhythm(cadence), today=today, grace_days=grace_days)
    following = Period.containing(found[-1].last + DAY if found else start, cadence)

    assert all(found_one == Period.containing(found_one.first, cadence) for found_one in found)
    assert following.is_closed(today=today, grace_days=grace_days) is False


def test_between_months():
    assert between(first=date(2023, 12, 1), last=date(2024, 2, 29), rhythm=Rhythm("monthly")) == [
        period("2023-12-01", "2023-12-31"),
        period("2024-01-01", "2024-01-31"),
        period("2024-02-01", "2024-02-29"),
    ]


def test_between_quarters():
    assert between(first=date(2025, 10, 1), last=date(2026, 3, 31), rhythm=Rhythm("quarterly")) == [
        period("2025-10-01", "2025-12-31"),
        period("2026-01-01", "2026-03-31"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "cadence", "message"),
    [
        (
            date(2025, 11, 1),
            date(2026, 3, 31),
            "quarterly",
            "2025-11-01 is not the first day of a quarterly period; that is 2025-10-01.",
        ),
        (
            date(2026, 1, 1),
            date(2026, 2, 28),
            "quarterly",
            "2026-02-28 is not the last day of a quarterly period; that is 2026-03-31.",
        ),
        (
            date(2024, 1, 1),
            date(2024, 2, 28),
            "monthly",
            "2024-02-28 is not the last day of a monthly period; that is 2024-02-29.",
        ),
        (
            date(2026, 4, 1),
            date(2026, 3, 31),
            "monthly",
            "The last day, 2026-03-31, comes before the first, 2026-04-01.",
        ),
    ],
)
def test_between_days_that_are_not_the_ends_of_periods(first, last, cadence, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        between(first=first, last=last, rhythm=Rhythm(cadence))


@given(DAYS, DAYS, CADENCE)
def test_between_leaves_no_gap_and_no_overlap(one, other, cadence):
    first = Period.containing(min(one, other), cadence).first
    last = Period.containing(max(one, other), cadence).last
    periods = between(first=first, last=last, rhythm=Rhythm(cadence))

    assert is_unbroken(periods)
    assert (periods[0].first, periods[-1].last) == (first, last)
    assert {found.whole_months for found in periods} == {1 if cadence == "monthly" else 3}


def test_presets_in_the_first_month_of_a_year():
    assert list(presets(date(2026, 1, 15)).items()) == [
        ("this_quarter", period("2026-01-01", "2026-03-31")),
        ("last_quarter", period("2025-10-01", "2025-12-31")),
        ("this_month", period("2026-01-01", "2026-01-31")),
        ("last_month", period("2025-12-01", "2025-12-31")),
        ("last_12_months", period("2025-02-01", "2026-01-31")),
    ]


def test_presets_on_a_leap_day():
    assert presets(date(2024, 2, 29))["last_12_months"] == period("2023-03-01", "2024-02-29")


@given(DAYS)
def test_presets_cover_whole_months_up_to_the_current_one(today):
    spans = presets(today)

    assert [span.whole_months for span in spans.values()] == [3, 3, 1, 1, 12]
    assert spans["last_12_months"].last == spans["this_month"].last
