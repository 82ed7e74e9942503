from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions import catalogue
from actions.models import Action, Community, Practice
from reports.figures import team_figures
from reports.figures.counts import DIRECTIONS, HEARD_BACK, KINDS, LEVELS
from reports.figures.team_figures import NO_PROMISES
from reports.periods import Period
from tests import processes
from tests.factories import (
    community,
    make_action,
    make_agency,
    make_commitment,
    make_own_commitment,
    make_team,
    make_worker,
    practice,
)
from tests.reports.factories import QUARTER, make_promise, make_quarter
from tests.reports.tally import GroupedRow, tally


def test_figures_count_shared_actions_of_the_team_and_period_only(alice, bob, team, charlie):
    make_quarter(alice, 2, hours="1.5")
    make_action(bob, done_on=QUARTER.last, level="agency", practice=practice("challenge_policy"), direction="consulted")
    make_action(alice, done_on=QUARTER.last, visibility="counted")
    make_action(alice, done_on=QUARTER.last, visibility="private")
    make_action(alice, done_on=QUARTER.next().first)
    make_action(alice, done_on=QUARTER.last, team=None)
    withdrawn = make_action(alice, done_on=QUARTER.last)
    Action.objects.filter(pk=withdrawn.pk).update(withdrawn_at=withdrawn.created_at)
    make_action(charlie, done_on=QUARTER.last)

    figures = team_figures.of_team(team, QUARTER, today=QUARTER.next().first)

    assert figures.total == 3
    assert figures.direction == {
        "community_led": 0,
        "co_designed": 2,
        "request_feedback": 0,
        "consulted": 1,
        "own_initiative": 0,
    }
    assert figures.level == {"individual": 2, "agency": 1, "multi_agency": 0, "sector": 0}
    assert {kind: n for kind, n in figures.kind.items() if n} == {"direct_support": 2, "advocacy": 1}
    assert figures.month == {"2026-04": 1, "2026-05": 1, "2026-06": 1}
    assert figures.month_taking == {"2026-04": 1, "2026-05": 1, "2026-06": 0}
    assert figures.hours == Decimal("3.0")


def test_an_action_for_two_communities_counts_in_both(alice, team):
    both = [community("racialized").pk, community("francophone").pk]
    make_action(alice, done_on=QUARTER.first, communities=both)

    figures = team_figures.of_team(team, QUARTER, today=QUARTER.next().first)

    assert (figures.total, figures.community) == (1, dict.fromkeys(sorted(both), 1))


def test_served_communities_leave_out_not_specific(alice, team):
    team.communities = [community("racialized").pk]
    assert team_figures.of_team(team, QUARTER, today=QUARTER.next().first).served == (community("racialized").pk,)

    team.communities = [community("not_specific").pk]
    assert team_figures.of_team(team, QUARTER, today=QUARTER.next().first).served == ()


def test_promises_count_those_due_by_status_and_those_open_past_their_date(alice, team):
    make_promise(alice, date(2026, 4, 20), status="kept")  # imported, without the day on which it was kept
    make_promise(alice, date(2026, 5, 20), status="kept_late", kept_on=date(2026, 6, 1))
    make_promise(alice, date(2026, 6, 20))
    make_promise(alice, date(2026, 3, 20))  # due before, and still open
    make_promise(alice, date(2026, 7, 20))  # due after
    make_promise(alice, date(2026, 6, 1), status="renegotiated", renegotiated_to=date(2026, 8, 1))
    make_commitment(make_action(alice, done_on=QUARTER.first, visibility="counted"), due_on=date(2026, 6, 2))

    promises = team_figures.of_team(team, QUARTER, today=QUARTER.next().first).promises

    assert promises.due == 4
    assert promises.by_status == {"open": 1, "kept": 1, "kept_late": 1, "renegotiated": 1, "dropped": 0}
    assert (promises.open_total, promises.open_past) == (3, 2)


def test_promises_that_stand_alone_count_where_they_are_shared(alice, bob, team, charlie):
    make_promise(alice, date(2026, 4, 20), status="kept")
    for author, changes in [
        (alice, {"status": "dropped"}),
        (bob, {}),
        (bob, {"due_on": date(2026, 7, 20), "made_on": date(2026, 6, 30)}),  # open, and due after
        (bob, {"due_on": date(2026, 7, 20), "made_on": date(2026, 7, 1)}),  # made after
        (bob, {"visibility": "private"}),
        (bob, {"visibility": "counted"}),
        (bob, {"withdrawn_at": "2026-06-01T12:00Z"}),
        (bob, {"team": None}),
    ]:
        values = {"visibility": "shared", "team": team, "due_on": date(2026, 5, 2), "made_on": date(2026, 4, 2)}
        make_own_commitment(author, **values | changes)

    figures = team_figures.of_team(team, QUARTER, today=QUARTER.next().first)
    promises = team_figures.promises_of(team, QUARTER, today=QUARTER.next().first)

    assert figures.promises == promises
    assert promises.due == 3
    assert promises.by_status == {"open": 1, "kept": 1, "kept_late": 0, "renegotiated": 0, "dropped": 1}
    assert (promises.open_total, promises.open_past) == (2, 1)


def test_promises_that_stand_alone_fit_no_filter_of_actions(alice, team):
    make_promise(alice, date(2026, 4, 20), status="kept")
    make_own_commitment(alice, visibility="shared", team=team, due_on=date(2026, 5, 2))
    mine = Action.objects.shared().filter(team=team, level="individual")

    assert team_figures.of_team(team, QUARTER, today=QUARTER.next().first, among=mine).promises.due == 1


ALONE = """
    SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
"""


def vacuum(cursor, table):
    """Once nobody is at work who began before the rows were there, not even a job of the server's own."""

    def is_alone():
        cursor.execute(ALONE)
        return cursor.fetchone()[0]

    processes.wait_for(is_alone)
    cursor.execute(f"VACUUM ANALYZE {table}")


def test_promises_of_a_team_are_read_from_the_index_alone(transactional_db):
    team = make_team(make_agency())
    author = make_worker(team.agency, teams=[team])
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO actions_commitment
            (agency_id, author_id, team_id, visibility, text, made_on, due_on, status, agreed_with, dropped_because)
            SELECT %s, %s, %s, CASE WHEN n %% 9 = 0 THEN 'shared' ELSE 'private' END, 'x',
                   date '2026-01-01' + n %% 300, date '2026-02-01' + n %% 300, 'open', '', ''
            FROM generate_series(1, 9000) AS n""",
            [team.agency_id, author.pk, team.pk],
        )
        vacuum(cursor, "actions_commitment")
        with CaptureQueriesContext(connection) as queries:
            promises = team_figures.promises_of(team, QUARTER, today=date(2027, 1, 1))
        cursor.execute(f"EXPLAIN (COSTS OFF) {queries[0]['sql']}")
        plan = " ".join(line for (line,) in cursor.fetchall())

    assert (len(queries), promises.due) == (1, 300)
    assert "Index Only Scan using commitment_team_figures" in plan


def test_a_promise_still_to_come_is_not_past_its_date_in_a_running_period(alice, team):
    make_promise(alice, date(2026, 5, 20))
    make_promise(alice, date(2026, 6, 20))

    promises = team_figures.of_team(team, QUARTER, today=date(2026, 6, 1)).promises

    assert (promises.due, promises.open_past) == (2, 1)


@pytest.mark.parametrize("n", [1, 3])
def test_figures_of_any_number_of_teams_take_four_queries(agency, n, django_assert_num_queries):
    teams = [make_team(agency) for _ in range(n)]
    for team in teams:
        make_quarter(make_worker(agency, teams=[team]))

    with django_assert_num_queries(4):
        figures = team_figures.by_team(teams, QUARTER, today=QUARTER.next().first)

    assert [figures[team.pk].total for team in teams] == [3] * n


def test_the_period_before_is_read_along_and_counts_apart(alice, team):
    make_quarter(alice, 2)
    make_quarter(alice, 1, level="agency")
    make_action(alice, done_on=date(2026, 3, 31), level="sector")
    make_action(alice, done_on=date(2025, 12, 31))
    make_promise(alice, date(2026, 4, 20))  # its action is of April too
    alone = [team_figures.of_team(team, period, today=date(2026, 8, 1)) for period in (QUARTER, QUARTER.previous())]

    now, before, _resources = team_figures.with_before(
        team, QUARTER, today=date(2026, 8, 1), sorts=team_figures.all_sorts()
    )

    assert (now, now.total) == (alone[0], 4)
    assert (before, before.total) == (alone[1], 1)


def test_terms_of_an_agency_sort_as_all_terms_do(agency):
    assert team_figures.sorts_of(catalogue.terms(agency)) == team_figures.all_sorts()


def test_a_year_of_a_team_is_read_from_the_index_alone(transactional_db):
    agency = make_agency()
    teams = [make_team(agency) for _ in range(20)]
    for team in teams:
        make_action(make_worker(agency, teams=[team]), done_on=date(2026, 1, 1))
    columns = ", ".join(field.column for field in Action._meta.concrete_fields if field.column not in {"id", "done_on"})
    with connection.cursor() as cursor:
        cursor.execute(f"""INSERT INTO actions_action ({columns}, done_on)
            SELECT {columns}, done_on + n FROM actions_action, generate_series(1, 300) AS n""")
        vacuum(cursor, "actions_action")
        year, autumn = Period(date(2026, 1, 1), date(2026, 12, 31)), Period(date(2026, 7, 1), date(2026, 12, 31))
        with CaptureQueriesContext(connection) as queries:
            figures = team_figures.of_team(teams[0], year, today=date(2027, 1, 1))
            *halves, _resources = team_figures.with_before(
                teams[0], autumn, today=date(2027, 1, 1), sorts=team_figures.all_sorts()
            )
        plans = []
        for sql in (q["sql"] for q in queries if "GROUP BY" in q["sql"] and "actions_commitment" not in q["sql"]):
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) {sql}")
            plans += [line.strip() for (line,) in cursor.fetchall() if " on actions_action" in line]

    assert (figures.total, [half.total for half in halves]) == (301, [120, 181])
    assert plans == ["->  Index Only Scan using action_team_figures on actions_action (actual rows=301.00 loops=1)"] * 2


def test_the_database_adds_up_what_one_would_count_one_by_one(alice, bob, team):
    terms = list(Practice.objects.order_by("pk"))
    communities = list(Community.objects.order_by("pk").values_list("pk", flat=True))
    for n in range(40):
        make_action(
            [alice, bob][n % 2],
            done_on=QUARTER.first + timedelta(days=2 * n),
            practice=terms[n * 7 % len(terms)],
            level=LEVELS[n % 4],
            direction=DIRECTIONS[n % 5],
            heard_back=HEARD_BACK[n % 3],
            communities=communities[n % 5 : n % 5 + 1 + n % 3],
            hours=Decimal("0.25") * n if n % 2 else None,
        )
    rows = [
        GroupedRow(
            month=f"{action.done_on:%Y-%m}",
            practice=action.practice_id,
            kind=action.practice.kind,
            stance=action.practice.stance,
            level=action.level,
            direction=action.direction,
            heard_back=action.heard_back,
            communities=tuple(action.communities),
            n=1,
            hours=action.hours or Decimal(0),
        )
        for action in Action.objects.select_related("practice")
    ]

    figures = team_figures.of_team(team, QUARTER, today=QUARTER.next().first)

    assert figures == tally(rows, period=QUARTER, promises=NO_PROMISES)
    assert list(figures.practice) == sorted(figures.practice)
    assert [list(part) for part in (figures.direction, figures.level, figures.kind)] == [
        list(DIRECTIONS),
        list(LEVELS),
        list(KINDS),
    ]


def test_the_period_before_is_counted_beside_it_even_within_a_month(alice, team):
    period = Period(date(2026, 5, 11), date(2026, 5, 20))
    for day, n in ((1, 1), (10, 2), (11, 3), (20, 4)):
        for _ in range(n):
            make_action(alice, done_on=date(2026, 5, day))

    now, before, _resources = team_figures.with_before(team, period, today=QUARTER.last, sorts=team_figures.all_sorts())

    assert (now.total, now.month) == (7, {"2026-05": 7})
    assert (before.total, before.month) == (3, {"2026-05": 3})


def test_an_action_of_a_practice_that_the_catalogue_does_not_know_is_not_left_out_in_silence(alice, team):
    make_action(alice, done_on=QUARTER.last)
    sorts = team_figures.all_sorts()
    others = {pk: sort for pk, sort in sorts.practices.items() if pk != practice().pk}

    with pytest.raises(ValueError, match="does not know"):
        team_figures.with_before(team, QUARTER, today=QUARTER.last, sorts=sorts._replace(practices=others))
