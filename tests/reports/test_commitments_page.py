from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_action, make_commitment, make_own_commitment
from tests.reports.factories import make_promise


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-05-10 16:00Z")


def address(team, query=""):
    return reverse("reports:commitments", args=[team.pk]) + query


def test_members_and_supervisors_read_the_same_counts(client, alice, bob, sana, team):
    make_promise(alice, date(2026, 4, 20), status="kept")
    make_own_commitment(alice, visibility="shared", team=team, due_on=date(2026, 5, 2))
    make_own_commitment(alice, due_on=date(2026, 5, 3))
    told = []
    for reader in (alice, bob, sana):
        client.force_login(reader)
        context = client.get(address(team)).context
        counts = {row.code: row.n for row in context["table"].rows if row.n}
        told.append((context["label"], counts, context["promises"].open_total, context["promises"].open_past))

    assert told == [("April to June 2026", {"open": 1, "kept": 1}, 1, 1)] * 3


def test_another_period_stands_in_the_address(client, alice, team):
    make_promise(alice, date(2026, 2, 20), status="kept")
    client.force_login(alice)

    context = client.get(address(team, "?first=2026-01-01&last=2026-03-31")).context

    assert (context["label"], context["promises"].due) == ("January to March 2026", 1)
    assert [preset.label for preset in context["presets"] if preset.is_current] == ["Last quarter"]


def test_asked_for_day_after_day_it_tells_nobodys_date(client, alice, bob, team):
    make_commitment(make_action(alice, done_on=date(2026, 1, 5)), due_on=date(2026, 2, 20))
    client.force_login(bob)
    days = [f"2026-02-{day:02}" for day in range(1, 29)]

    pages = [client.get(address(team, f"?first={day}&last={day}")).context for day in days]

    told = {(page["label"], page["promises"].due, page["promises"].open_past) for page in pages}
    assert told == {("February 2026", 1, 1)}


@pytest.mark.parametrize("query", ["?first=2026-02-30", "?first=2026-03-01&last=2026-02-01", "?first=1000-01-01"])
def test_days_that_cannot_be_are_said(client, alice, team, query):
    client.force_login(alice)

    response = client.get(address(team, query))

    assert (response.status_code, bool(response.context["form"].errors)) == (422, True)


@pytest.mark.parametrize("reader", ["charlie"])
def test_team_of_others_is_not_found(client, request, team, reader):
    client.force_login(request.getfixturevalue(reader))

    assert client.get(address(team)).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_page_runs_as_many_queries_for_any_number(client, alice, team, n, django_assert_num_queries):
    for _ in range(n):
        make_own_commitment(alice, visibility="shared", team=team)
    client.force_login(alice)

    with django_assert_num_queries(6):
        assert client.get(address(team)).context["promises"].due == n
