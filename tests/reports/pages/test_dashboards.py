import csv
import gzip
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.urls import reverse
from python_calamine import CalamineWorkbook

from actions.models import Action
from actions.vocabulary import CommitmentStatus, Level
from reports.figures import team_figures
from reports.figures.counts import DIRECTIONS, HEARD_BACK, LEVELS, Promises
from reports.figures.resources import Resources
from reports.periods import Period
from tests.actions.factories import edit_term
from tests.factories import (
    community,
    make_action,
    make_commitment,
    make_initiative,
    make_membership,
    make_team,
    practice,
)
from tests.reports.tally import GroupedRow, tally
from tests.sweeps.pages import Page

NBSP = "\xa0"
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
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


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kind": "advocacy"},
        {"direction": "consulted"},
        {"community": "racialized"},
        {"stance": "reactive"},
        {"system": "housing"},
    ],
)
def test_each_figure_leads_to_a_list_of_as_many(client, board, alice, bob, query):
    fill(alice)
    fill(alice, 6, system="housing")
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


def test_asked_for_day_after_day_it_tells_nobodys_date(client, board, alice, team):
    action = make_action(alice, done_on=date(2026, 4, 2), practice=practice("repair_harm"))
    make_commitment(action, due_on=date(2026, 6, 17))
    spans = [{"first": f"2026-06-{day:02}", "last": f"2026-06-{day:02}"} for day in range(1, 31)]
    only = {"practice": action.practice_id}

    tables = [board(**span, **only).context["board"].tables.promises() for span in spans]
    told = {(table.total, table.rows[0].n, table.note) for table in tables}
    file = client.get(reverse("reports:dashboard_file", args=[team.pk, "csv"]), only | {"table": "promises"} | spans[3])

    whole = "Promises are counted by whole months, here June 2026, so that no date of one can be read."
    assert told == {(1, 1, f"{whole} 1 promise was open past its date.")}
    assert {tuple(row[1:3]) for row in csv.reader(io.StringIO(file.text)) if row[4] == "promises"} == {
        ("2026-06-01", "2026-06-30")
    }


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


def test_few_actions_get_one_table_and_the_list_by_kind(board, alice):
    fill(alice, 19)
    page = board(**LAST_QUARTER)

    assert re.findall(r'<table class="bars" id="(\w+)"', page.text) == ["direction"]
    assert ('class="chart"' in page.text, "Compared with" in page.text, "%</span>" in page.text) == (False,) * 3
    assert [(kind, len(actions)) for kind, actions in page.context["board"].by_kind] == [
        ("direct_support", 10),
        ("advocacy", 9),
    ]
    assert page.text.count('<article class="record">') == 19


def test_a_dashboard_names_nobody(board, alice, bob):
    """The feed and the page of an action say whose it is."""
    fill(bob, 3)

    texts = [board(**LAST_QUARTER).text, board(**LAST_QUARTER, kind="advocacy").text]
    assert [re.findall(r"\bBob\b", text) for text in texts] == [[], []]  # a token may have it within


@pytest.mark.parametrize(("last", "compared"), [("2026-08-14", True), ("2026-08-15", False), ("2026-08-16", False)])
def test_a_period_is_compared_from_the_day_after_its_last(board, alice, last, compared):
    """It is the 15th of August: until midnight somebody may still log something done today."""
    fill(alice)

    page = board(first="2026-04-01", last=last)

    assert page.context["board"].is_over is compared
    assert ("Not compared: the period is not over yet." in page.text) is not compared


def test_a_list_of_few_calls_practices_as_the_agency_does(board, alice):
    edit_term(alice.agency, practice(), label_en="Our own word")
    fill(alice, 1)

    assert "Our own word</a></h4>" in board(**LAST_QUARTER).text


def test_a_period_without_actions_shows_three_examples_and_one_that_no_action_fits_the_way_back(board, alice):
    nothing_yet = board(**LAST_QUARTER)
    fill(alice, 3)
    nothing_matches = board(**LAST_QUARTER, system="housing")

    assert (nothing_yet.text.count("<ul><li>I went over"), "Nothing matches" in nothing_yet.text) == (1, False)
    assert nothing_yet.context["examples"] == [level.example for level in list(Level)[:3]]
    assert ("Nothing matches" in nothing_matches.text, "I went over" in nothing_matches.text) == (True, False)
    assert nothing_matches.context["board"].clear_url.endswith("?first=2026-04-01&last=2026-06-30")


@pytest.mark.parametrize("n", [3, 19, 200, 20_000])
def test_page_is_right_and_light_at_any_size(board, alice, bob, n, django_assert_max_num_queries):
    added_up = grow([alice, bob], n)

    board(**LAST_QUARTER)  # draws the pictures
    with django_assert_max_num_queries(8 + len(["savepoint", "release"]) + (2 if n >= 20 else 0)):  # pictures: cache
        page = board(**LAST_QUARTER)

    shown, written = page.context["board"], f"{n:,}".replace(",", NBSP)
    assert (shown.figures.total, shown.resources.actions, shown.is_small) == (n, n, n < 20)
    assert shown.resources.hours == added_up.hours
    assert f"the team shared {written} actions;" in page.text
    assert (f">{n}<" in page.text) == (n < 1000)
    assert len(gzip.compress(page.content)) < 30_000
    counted = counts_of(added_up)
    assert {table.id: {row.code: row.n for row in table.rows} for table in shown.tables.all()} == counted
    months = [[taking, added_up.month[month] - taking] for month, taking in added_up.month_taking.items()]
    drawn = {
        name: list(counts.values()) for name, counts in counted.items() if not shown.is_small or name == "direction"
    }
    assert printed(page.text) == (drawn, [] if shown.is_small else months)


def counts_of(figures):
    """By table and code, in the order of the page."""
    names = ("direction", "kind", "level", "stance", "community", "heard_back")
    tables = {name: getattr(figures, name) for name in names} | {"promises": figures.promises.by_status}
    return {name: {str(code): n for code, n in counts.items()} for name, counts in tables.items()}


def printed(text):
    """The numbers that stand in the rows of each table of the page; and of each month."""
    bars = {
        table["id"]: [n for row in rows for n in row] for table, rows in tables_of(text) if table["class"] == "bars"
    }
    return bars, [row for table, rows in tables_of(text) if table["class"] != "bars" for row in rows]


def tables_of(text):
    """Each with the numbers in the cells of its body, row by row."""
    for table in Page(text).all("table"):
        (body,) = [element for element in table.inside if element.tag == "tbody"]
        rows = [[cell.text for cell in row.inside if cell.tag == "td"] for row in body.inside if row.tag == "tr"]
        yield table, [[int(re.sub(r"\D", "", cell)) for cell in row if cell and "%" not in cell] for row in rows]


def grow(authors, n):
    """n shared actions of the last quarter by the authors in turn, round after round alike but for their days; added up."""
    told = [alike(i) for i in range(ROUND)]
    first = [make_action(authors[i % len(authors)], done_on=DAYS[i], **values) for i, values in enumerate(told[:n])]
    make_commitment(first[0], due_on=QUARTER.last, status="kept")
    make_commitment(first[1], due_on=QUARTER.last)
    columns = ", ".join(field.column for field in Action._meta.concrete_fields if field.column not in {"id", "done_on"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO actions_action ({columns}, done_on)
            SELECT {columns}, %s::date + i %% %s
            FROM actions_action JOIN unnest(%s::uuid[]) WITH ORDINALITY AS first(first_id, place) ON id = first_id
            JOIN generate_series(%s, %s - 1) AS i ON i %% %s = place - 1""",
            [QUARTER.first, len(DAYS), [action.pk for action in first], ROUND, n, ROUND],
        )
    return tally(
        (grouped(DAYS[i % len(DAYS)], told[i % ROUND]) for i in range(n)),
        period=QUARTER,
        promises=Promises(due=2, by_status=STATUSES_AT_ZERO | {"kept": 1, "open": 1}, open_total=1, open_past=1),
    )


STATUSES_AT_ZERO = dict.fromkeys(CommitmentStatus.values, 0)
DAYS = [QUARTER.first + timedelta(days=i) for i in range(91)]
ROUND = 60
PRACTICES = ["amplify_voices", "repair_harm", "follow_through"]  # they fit each level


COMMUNITIES = [["racialized"], ["francophone"], ["racialized", "francophone"]]


def alike(i):
    """What the i-th of a round says; no two codes of a table are said as often."""
    return {
        "practice": practice(one_of(PRACTICES, i)),
        "level": one_of(LEVELS, 7 * i),
        "direction": one_of(DIRECTIONS, 11 * i),
        "heard_back": one_of(HEARD_BACK, 13 * i),
        "communities": [community(code).pk for code in one_of(COMMUNITIES, 17 * i)],
        "hours": one_of([None, "1.5", "0.25"], 19 * i),
    }


def one_of(codes, place):
    """The first of them most often."""
    return codes[int(len(codes) * (place % ROUND / ROUND) ** 2)]


def grouped(day, told):
    practice = told["practice"]
    return GroupedRow(
        month=f"{day:%Y-%m}",
        kind=practice.kind,
        stance=practice.stance,
        n=1,
        **told | {"practice": practice.pk, "hours": Decimal(told["hours"] or 0)},
    )


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
    assert ("No figures yet" in page.text, 'id="headline"' in page.text) == (True, False)
    assert re.search(r"<title>Error: Dashboard", page.text)


def test_csv_carries_the_same_numbers_and_neither_author_note_nor_day(client, board, alice, team):
    fill(alice, note="a note of hers")
    chart = board(**LAST_QUARTER).context["board"].tables
    answer = client.get(reverse("reports:dashboard_file", args=[team.pk, "csv"]), LAST_QUARTER)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert [
        (row["table"], row["code"], int(row["number"])) for row in rows if row["table"] not in {"month", "resources"}
    ] == [(table.id, row.code, row.n) for table in chart.all() for row in table.rows]
    assert [(row["code"], int(row["number"])) for row in rows if row["table"] == "month"] == [
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


# Resources --------------------------------------------------------------------------------------------------------


def test_resources_say_of_how_many_actions_they_are_made(board, alice, bob, lead):
    fill(alice, 2, hours="1.5", dollars=1_000)
    fill(bob, 1, hours="0.75", partners="A youth centre", initiative=make_initiative(lead))
    fill(bob, 3, visibility="counted", hours=99, dollars=99)

    page = board(**LAST_QUARTER)
    said = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*) <span class=.muted.>([^<]*)</span>", page.text)

    assert said == [
        ("Hours given", "3.75", "on 3 of 3 actions"),
        ("Dollars moved", f"2{NBSP}000", "on 2 of 3 actions"),
        ("Initiatives", "1", "on 1 of 3 actions"),
        ("Partner organizations", "named", "on 1 of 3 actions"),
    ]


def counted_in_python(actions):
    hours = [action.hours for action in actions if action.hours is not None]
    dollars = [action.dollars for action in actions if action.dollars is not None]
    initiatives = [action.initiative_id for action in actions if action.initiative_id]
    return Resources(
        actions=len(actions),
        hours=sum(hours),
        with_hours=len(hours),
        dollars=sum(dollars),
        with_dollars=len(dollars),
        with_partners=sum(1 for action in actions if action.partners),
        initiatives=len(set(initiatives)),
        with_initiative=len(initiatives),
    )


def test_resources_are_those_that_a_count_in_python_finds(alice, team, lead):
    initiative = make_initiative(lead)
    for i in range(6):
        make_action(
            alice,
            done_on=QUARTER.last,
            hours=[None, 0, "2.25"][i % 3],
            dollars=[None, 10][i % 2],
            partners=["", "A school"][i % 2],
            initiative=[None, initiative][i % 2],
        )
    make_action(alice, hours=99, done_on=QUARTER.first - timedelta(days=1))

    def resources(period):
        sorts = team_figures.all_sorts()
        return team_figures.with_before(team, period, today=period.last, sorts=sorts)[2]

    assert resources(QUARTER) == counted_in_python(Action.objects.exclude(hours=99))
    assert (resources(QUARTER).with_hours, resources(QUARTER.next())) == (4, Resources())
    assert Resources().facts == []


def test_resources_stand_in_the_file_too(client, board, alice, team):
    fill(alice, 2, hours="1.5")
    answer = client.get(reverse("reports:dashboard_file", args=[team.pk, "csv"]), LAST_QUARTER | {"table": "resources"})

    assert [line.split(",")[5:] for line in answer.text.splitlines()[1:3]] == [
        ["hours", "Hours given", "3.00"],
        ["with_hours", "Actions that say their hours", "2"],
    ]


# Filters that are remembered ---------------------------------------------------------------------------------------


def test_filters_come_back_in_the_address_until_they_are_cleared(client, board, alice, team):
    used = board(**LAST_QUARTER, level="agency", direction="consulted")
    bare = board()
    page = client.get(bare.url)
    cleared = client.get(page.context["board"].clear_url)

    assert "They come back when you open this page again" in used.text
    assert (bare.status_code, bare.url) == (302, f"/teams/{team.pk}/dashboard/?level=agency&direction=consulted")
    assert [chip.label for chip in page.context["board"].chips] == ["Level: Agency", "Direction: Consulted"]
    assert page.context["board"].clear_url == f"/teams/{team.pk}/dashboard/?all=1"
    assert (cleared.context["board"].chips, board().status_code) == ([], 200)


def test_taking_the_last_filter_away_clears_too(client, board):
    (chip,) = board(level="agency").context["board"].chips

    assert client.get(chip.remove_url).context["board"].chips == []
    assert board().status_code == 200


def test_filters_are_remembered_for_the_one_who_used_them_and_that_team(client, board, alice, bob, team):
    other = make_team(alice.agency)
    make_membership(alice, other)
    board(level="agency")

    assert client.get(reverse("reports:dashboard", args=[other.pk])).status_code == 200
    assert board().status_code == 302
    client.force_login(bob)
    assert board().status_code == 200


def test_what_cannot_be_asked_is_not_remembered_and_days_are_not_either(client, board):
    board(level="agency")
    board(level="galaxy")
    assert board().url.endswith("/dashboard/?level=agency")

    board(**LAST_QUARTER)
    assert board().status_code == 200


def test_links_to_lists_files_and_periods_take_the_filters_along_and_no_mark_of_the_dashboard(board, alice):
    fill(alice)
    page = board(all=1, **LAST_QUARTER).context["board"]
    links = [page.feed_url, page.presets[0].url, page.tables.all_files()[0][1], page.tables.direction().rows[1].url]

    assert [link for link in links if "all=" in link] == []


def test_a_session_cookie_that_is_none_of_ours_is_no_session(client, db):
    client.cookies["sessionid"] = "\0aaaaaaaaaaaaa"

    assert client.get(reverse("account_login")).status_code == 200
