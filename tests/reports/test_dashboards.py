import csv
import io
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.factories import community, make_action, practice

LAST_QUARTER = {"first": "2026-04-01", "last": "2026-06-30"}


@pytest.fixture
def board(client, alice, team, time_machine):
    """Alice's dashboard in the middle of August 2026."""
    time_machine.move_to("2026-08-15 16:00Z")
    client.force_login(alice)
    return lambda **query: client.get(reverse("reports:dashboard", args=[team.pk]), query)


def fill(author, n=24, **changes):
    for i in range(n):
        make_action(
            author,
            done_on=date(2026, 4 + i % 3, 1 + i),
            direction=["co_designed", "consulted", "own_initiative"][i % 3],
            practice=practice(["info_up_front", "challenge_policy"][i % 2]),
            level=["individual", "agency"][i % 2],
            communities=[community("racialized").pk, *([community("francophone").pk] if i % 4 == 0 else [])],
            **changes,
        )


@pytest.mark.parametrize("query", [{}, {"kind": "advocacy"}, {"direction": "consulted"}, {"community": "racialized"}])
def test_each_figure_leads_to_a_list_of_as_many(client, board, alice, bob, query):
    fill(alice)
    fill(bob, 5, visibility="counted")
    if "community" in query:
        query = {"community": community(query["community"]).pk}
    shown = board(**LAST_QUARTER, **query).context["board"].tables.all()
    counted = {(table.id, row.code): row.n for table in shown for row in table.rows if row.url}

    listed = {
        (table.id, row.code): client.get(row.url).context["page"].paginator.count
        for table in shown
        for row in table.rows
        if row.url
    }

    assert len(counted) > 3
    assert listed == counted


def test_headline_and_list_behind_it_agree(client, board, alice):
    fill(alice)
    page = board(**LAST_QUARTER)

    assert page.context["board"].headline == (
        "April to June 2026: the team shared 24 actions; 8 took direction from people affected."
    )
    assert client.get(page.context["board"].feed_url).context["page"].paginator.count == 24


def test_this_quarter_is_shown_first_and_not_compared_while_it_runs(board, alice):
    fill(alice)
    page = board()

    assert (page.context["board"].label, page.context["board"].changes) == ("July to September 2026", None)


def test_few_actions_get_one_table_and_the_list(board, alice):
    fill(alice, 19)
    page = board(**LAST_QUARTER)

    assert ([table.id for table in page.context["tables"]], page.context["chart"]) == (["direction"], None)
    assert len(page.context["listed"]) == 19


def test_a_change_larger_than_chance_is_said_and_others_are_not(board, alice):
    fill(alice, 24)
    for i in range(60):
        make_action(alice, done_on=date(2026, 1 + i % 3, 1 + i % 28), practice=practice("info_up_front"))

    assert board(**LAST_QUARTER).context["board"].changes[0] == (
        "Shared actions: 36 fewer than in the period before (24, was 60)."
    )


@pytest.mark.parametrize(
    "query",
    [
        {"first": "0001-01-01", "last": "0001-01-31"},
        {"first": "0001-01-01"},
        {"first": "9999-12-31"},
        {"last": "9999-12-31"},
        {"last": "0001-01-01"},
        {"first": "2026-06-30", "last": "2026-04-01"},
        {"first": "2020-01-01", "last": "2026-04-01"},
        {"first": "31/02/2026"},
        {"kind": "nonsense"},
        {"community": "999999999999"},
    ],
)
def test_what_an_address_cannot_ask_is_said_and_never_answered_with_zeros(client, board, team, query):
    page = board(**query)
    file = client.get(reverse("reports:dashboard_file", args=[team.pk, "csv"]), query)

    assert (page.status_code, file.status_code, file["Content-Type"]) == (422, 422, "text/plain; charset=utf-8")
    assert re.search(r"<title>Error: Dashboard", page.text)


def test_csv_carries_the_same_numbers_and_neither_author_note_nor_day(client, board, alice, team):
    fill(alice, note="a note of hers")
    chart = board(**LAST_QUARTER).context["board"].tables
    answer = client.get(reverse("reports:dashboard_file", args=[team.pk, "csv"]), LAST_QUARTER)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert [(row["table"], row["code"], int(row["actions"])) for row in rows if row["table"] != "month"] == [
        (table.id, row.code, row.n) for table in chart.all() for row in table.rows
    ]
    assert [(row["code"], int(row["actions"])) for row in rows if row["table"] == "month"] == [
        ("April 2026", 8),
        ("April 2026", 0),
        ("May 2026", 0),
        ("May 2026", 8),
        ("June 2026", 0),
        ("June 2026", 8),
    ]
    assert ("a note of hers" in answer.text, "Alice" in answer.text) == (False, False)


def test_workbook_carries_the_rows_of_the_csv_with_numbers_and_days_as_such(client, board, alice, team):
    fill(alice)
    files = [reverse("reports:dashboard_file", args=[team.pk, ending]) for ending in ("csv", "xlsx")]
    text, book = (client.get(file, LAST_QUARTER | {"level": "agency"}) for file in files)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()

    assert [[f"{cell:.0f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows] == list(
        csv.reader(io.StringIO(text.text.removeprefix("\ufeff")))
    )
    assert {(type(row[1]), type(row[2]), type(row[-1])) for row in rows[1:]} == {(date, date, float)}
    assert [answer["Content-Disposition"] for answer in (text, book)] == [
        f'attachment; filename="intake-figures-2026-04-01-2026-06-30.{ending}"' for ending in ("csv", "xlsx")
    ]


def test_file_with_another_ending_is_not_found(client, board, team):
    assert client.get(f"/teams/{team.pk}/dashboard.pdf").status_code == 404


def test_csv_of_one_table_holds_that_table_and_an_unknown_one_is_not_found(client, board, team):
    address = reverse("reports:dashboard_file", args=[team.pk, "csv"])
    one = client.get(address, {"table": "level"})

    assert {row["table"] for row in csv.DictReader(io.StringIO(one.text.removeprefix("\ufeff")))} == {"level"}
    assert client.get(address, {"table": "x\ny"}).status_code == 404


def test_filters_and_period_stand_in_the_address_of_every_link(board, alice):
    fill(alice)
    links = [
        row.url for row in board(**LAST_QUARTER, level="agency").context["board"].tables.direction().rows if row.url
    ]

    assert {urlsplit(link).query.split("&direction")[0] for link in links} == {
        "first=2026-04-01&last=2026-06-30&level=agency"
    }


@pytest.mark.parametrize("n", [1, 3])
def test_dashboard_runs_as_many_queries_for_any_number_of_actions(board, alice, n, django_assert_num_queries):
    fill(alice, n)

    with django_assert_num_queries(18):
        page = board(**LAST_QUARTER)

    assert page.context["board"].figures.total == n


def test_a_session_cookie_that_is_none_of_ours_is_no_session(client, db):
    client.cookies["sessionid"] = "\0aaaaaaaaaaaaa"

    assert client.get(reverse("account_login")).status_code == 200
