from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections

from reports import locks, summaries, tasks
from reports.models import AgencyPeriod, Delivery, TeamSummary
from reports.periods import Period
from teams import agencies
from teams.models import Agency, Role
from tests.factories import make_action, make_agency, make_membership, make_team, make_worker
from tests.reports.factories import CLOSING, QUARTER, make_figures, make_promise, make_quarter


@pytest.fixture
def agency(agency):
    agency.reports_from = QUARTER.first
    agency.save()
    return agency


def periods_of(agency):
    return [row.period for row in AgencyPeriod.objects.filter(agency=agency).order_by("first_day")]


def test_a_period_is_due_when_its_grace_days_are_over(agency):
    assert summaries.notice_due(now=CLOSING - timedelta(days=1)) == []

    assert [row.period for row in summaries.notice_due(now=CLOSING)] == [QUARTER]


def test_the_grace_days_end_at_the_agencys_own_midnight(db):
    early = make_agency(reports_from=QUARTER.first, time_zone="Pacific/Kiritimati")
    late = make_agency(reports_from=QUARTER.first, time_zone="America/St_Johns")

    due = summaries.notice_due(now=datetime(2026, 7, 7, 11, 0, tzinfo=UTC))

    assert [row.agency for row in due] == [early]
    assert [row.agency for row in summaries.notice_due(now=datetime(2026, 7, 8, 2, 30, tzinfo=UTC))] == [early, late]


def test_noticing_again_makes_no_second_row(agency):
    summaries.notice_due(now=CLOSING)
    summaries.notice_due(now=CLOSING)

    assert periods_of(agency) == [QUARTER]


def test_a_long_outage_is_caught_up_without_a_gap(agency):
    summaries.notice_due(now=CLOSING + timedelta(days=280))

    assert periods_of(agency) == [
        QUARTER,
        Period(date(2026, 7, 1), date(2026, 9, 30)),
        Period(date(2026, 10, 1), date(2026, 12, 31)),
        Period(date(2027, 1, 1), date(2027, 3, 31)),
    ]


AFTER_AN_OUTAGE = CLOSING + timedelta(days=280)


def test_the_periods_of_one_agency_close_one_after_the_other(agency, monkeypatch):
    """Each looks back on those before it; the task of each rings for the next."""
    make_agency(reports_from=QUARTER.first)
    rung = []
    monkeypatch.setattr(tasks.close_period, "delay", lambda *about: rung.append(about))

    due = summaries.notice_due(now=AFTER_AN_OUTAGE)
    assert [row.period for row in due] == [QUARTER, QUARTER]
    monkeypatch.setattr(tasks.timezone, "now", lambda: AFTER_AN_OUTAGE)
    tasks.close_period(str(agency.pk), "2026-07-01", "2026-09-30")
    assert AgencyPeriod.objects.exclude(closed_at=None).count() == 0

    tasks.close_period(str(agency.pk), "2026-04-01", "2026-06-30")
    assert rung == [(str(agency.pk), "2026-07-01", "2026-09-30")]
    assert [row.first_day for row in summaries.notice_due(now=AFTER_AN_OUTAGE) if row.agency == agency] == [
        date(2026, 7, 1)
    ]


def test_a_period_that_fails_holds_the_later_ones_up_for_its_quick_tries_only(agency, monkeypatch):
    summaries.notice_due(now=AFTER_AN_OUTAGE)
    monkeypatch.setattr(summaries, "_freeze", lambda agency, period, now: 1 / 0 if period == QUARTER else [])
    for _ in range(3):
        assert [row.period for row in summaries.notice_due(now=AFTER_AN_OUTAGE)] == [QUARTER]
        with pytest.raises(ZeroDivisionError):
            summaries.close_due(agency=agency, period=QUARTER, now=AFTER_AN_OUTAGE)

    assert [row.period for row in summaries.notice_due(now=AFTER_AN_OUTAGE)] == [QUARTER, QUARTER.next()]


def test_periods_that_are_caught_up_ask_as_they_would_have_in_time(agency, alice, team, monkeypatch):
    """The same questions are not put twice in a row, although all periods close within a second."""
    for n in range(60):
        day = QUARTER.first + timedelta(days=3 * n)
        make_action(alice, done_on=day, logged_on=day, direction="own_initiative")
    monkeypatch.setattr(tasks.close_period, "delay", tasks.close_period)
    monkeypatch.setattr(tasks.timezone, "now", lambda: AFTER_AN_OUTAGE)
    tasks.tick()

    asked = [{each["code"] for each in row.questions} for row in TeamSummary.objects.order_by("period_start")[:2]]
    assert len(TeamSummary.objects.all()) == 4
    assert asked[0] and asked[1] and asked[0].isdisjoint(asked[1])


def test_nothing_is_noticed_while_another_tick_runs(transactional_db):
    make_agency(reports_from=QUARTER.first)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.TICK])
        while_it_runs = summaries.notice_due(now=CLOSING)
        cursor.execute("ROLLBACK")
    other.close()
    connections["default"].ensure_connection()

    assert while_it_runs == []
    assert len(summaries.notice_due(now=CLOSING)) == 1


def test_closing_freezes_every_team_with_a_spell_at_zero_too(agency, alice, team):
    make_quarter(alice)
    quiet = make_team(agency, "Quiet")
    make_worker(agency, teams=[quiet])
    gone = make_team(agency, "Gone before")
    make_membership(make_worker(agency), gone, ends_on=date(2026, 3, 31))

    summaries.close(agency=agency, period=QUARTER, now=CLOSING)

    made = TeamSummary.objects.order_by("team__name")
    assert [(s.team.name, s.period, s.team_figures.total) for s in made] == [
        ("Intake", QUARTER, 3),
        ("Quiet", QUARTER, 0),
    ]


def test_closing_again_changes_nothing_and_nor_do_late_entries(agency, alice, sana):
    make_quarter(alice)
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)
    before = list(TeamSummary.objects.values()), list(Delivery.objects.values())

    make_action(alice, done_on=QUARTER.last)
    again = summaries.close(agency=agency, period=QUARTER, now=CLOSING + timedelta(days=1))

    assert again == []
    assert (list(TeamSummary.objects.values()), list(Delivery.objects.values())) == before


def test_closing_addresses_the_supervisors_of_today_who_want_mail(agency, team, alice, sana):
    deputy = make_worker(agency, teams=[team], role=Role.SUPERVISOR)
    make_worker(agency, teams=[team], role=Role.SUPERVISOR, gets_summaries=False)
    make_worker(agency, teams=[team], role=Role.SUPERVISOR, is_active=False)
    make_membership(make_worker(agency), team, Role.SUPERVISOR, ends_on=QUARTER.last)
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)

    assert {delivery.recipient for delivery in Delivery.objects.all()} == {sana, deputy}


def test_after_an_outage_only_the_newest_period_is_mailed(agency, alice, sana):
    now = CLOSING + timedelta(days=100)
    while due := summaries.notice_due(now=now):
        summaries.close_due(agency=agency, period=due[0].period, now=now)

    assert TeamSummary.objects.count() == 2
    assert [delivery.summary.period for delivery in Delivery.objects.all()] == [QUARTER.next()]


def test_a_period_that_cannot_be_closed_is_tried_for_ever_an_hour_apart_at_most(agency, monkeypatch):
    monkeypatch.setattr(summaries, "close", lambda **_: 1 / 0)
    now, waits = CLOSING, []
    for _ in range(11):
        assert [row.period for row in summaries.notice_due(now=now)] == [QUARTER]
        with pytest.raises(ZeroDivisionError):
            summaries.close_due(agency=agency, period=QUARTER, now=now)
        next_try = AgencyPeriod.objects.get().next_try_at
        waits.append((next_try - now).total_seconds() / 60)
        now = next_try

    assert waits == [0, 0, 0, 1, 3, 7, 15, 31, 60, 60, 60]


def test_questions_run_on_the_frozen_figures(agency, alice, team):
    for day in (5, 6, 7, 8, 9):
        make_promise(alice, date(2026, 5, day), status="kept")
    make_quarter(alice, 8, direction="own_initiative")
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)

    asked = TeamSummary.objects.get(team=team).questions

    assert [question["code"] for question in asked] == ["only_individual_level", "no_word_back", "commitments_kept"]


@pytest.mark.parametrize("n", [1, 3])
def test_closing_takes_as_many_queries_for_any_number_of_teams(agency, n, django_assert_num_queries):
    for _ in range(n):
        team = make_team(agency)
        make_quarter(make_worker(agency, teams=[team]))
        make_worker(agency, teams=[team], role=Role.SUPERVISOR)

    with django_assert_num_queries(18):
        made = summaries.close(agency=agency, period=QUARTER, now=CLOSING)

    assert len(made) == n


def test_earlier_periods_close_without_mail_and_summaries_start_there(agency, alice, sana):
    first = date(2025, 10, 1)

    made = summaries.close_earlier(agency=agency, first=first, last=date(2026, 3, 31), now=CLOSING)

    assert made == {
        Period(date(2025, 10, 1), date(2025, 12, 31)): 1,
        Period(date(2026, 1, 1), date(2026, 3, 31)): 1,
    }
    assert Delivery.objects.count() == 0
    assert Agency.objects.get(pk=agency.pk).reports_from == first


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (date(2025, 10, 2), date(2026, 3, 31), "2025-10-02 is not the first day of a quarterly period"),
        (date(2025, 10, 1), date(2026, 3, 30), "2026-03-30 is not the last day of a quarterly period"),
        (date(2025, 7, 1), date(2025, 12, 31), "This would leave a gap before 2026-04-01"),
        (date(2026, 7, 1), date(2026, 9, 30), "2026-07-01 to 2026-09-30 is not over yet"),
    ],
)
def test_earlier_periods_that_are_not_whole_or_leave_a_gap_are_refused(agency, alice, first, last, reason):
    with pytest.raises(ValueError, match=reason):
        summaries.close_earlier(agency=agency, first=first, last=last, now=CLOSING)

    assert TeamSummary.objects.count() == 0


def test_a_later_period_is_not_closed_before_those_in_between(agency, alice):
    with pytest.raises(ValueError, match="This would leave a gap from 2026-04-01 on"):
        summaries.close_earlier(
            agency=agency, first=date(2026, 7, 1), last=date(2026, 9, 30), now=CLOSING + timedelta(days=100)
        )

    assert TeamSummary.objects.count() == 0


def test_a_new_cadence_holds_from_the_next_quarter_on_and_never_makes_periods_overlap(agency):
    agencies.change_cadence(agency, "monthly", today=date(2026, 5, 4))
    summaries.notice_due(now=CLOSING)
    agencies.change_cadence(agency, "quarterly", today=date(2026, 8, 4))
    summaries.notice_due(now=CLOSING + timedelta(days=280))

    assert periods_of(agency) == [
        QUARTER,
        Period(date(2026, 7, 1), date(2026, 7, 31)),
        Period(date(2026, 8, 1), date(2026, 8, 31)),
        Period(date(2026, 9, 1), date(2026, 9, 30)),
        Period(date(2026, 10, 1), date(2026, 12, 31)),
        Period(date(2027, 1, 1), date(2027, 3, 31)),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_questions_of_a_year_with_the_same_figures_take_turns(agency, alice, team):
    """Six quarters alike, through closing: none is asked thrice in a row, and each that applies is asked."""
    period, asked = QUARTER, []
    for _ in range(6):
        for n in range(20):
            day = period.first + timedelta(days=n)
            make_action(alice, done_on=day, logged_on=day, direction="own_initiative")
        summaries.close(agency=agency, period=period, now=CLOSING, mails=False)
        questions = TeamSummary.objects.get(team=team, period_start=period.first).questions
        asked.append([question["code"] for question in questions])
        period = period.next()

    first = ["no_lived_direction", "only_individual_level", "no_word_back"]
    second = ["no_feedback_or_repair", "no_resources_moved"]
    assert asked == [first, second, first, second, first, second]


@pytest.mark.parametrize(
    ("cadence", "read"), [("monthly", [-12, -6, -5, -4, -3, -2, -1]), ("quarterly", [-6, -5, -4, -3, -2, -1])]
)
def test_closing_reads_the_latest_earlier_summaries_and_that_of_a_year_before(agency, team, cadence, read):
    this = Period.containing(QUARTER.first, cadence)
    periods = {}
    period = this
    for ago in range(-1, -15, -1):
        period = period.previous()
        periods[period] = ago
        TeamSummary.objects.create(
            agency=agency,
            team=team,
            period_start=period.first,
            period_end=period.last,
            figures=make_figures(1, period=period).plain,
            closed_at=CLOSING,
        )

    found = summaries._earlier([team], this)[team.pk]

    assert [periods[summary.period] for summary in reversed(found)] == read
