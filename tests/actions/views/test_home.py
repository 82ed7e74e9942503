import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_action, make_commitment, make_team, make_worker

HOME = reverse("actions:home")


def test_home_shows_what_the_team_shares_newest_first(client, alice, bob, sana, other_team, charlie):
    day = timezone.localdate()
    shared = [make_action(author, done_on=day - timedelta(days=n)) for n, author in enumerate([bob, sana, bob])]
    for changes in ({"visibility": "counted"}, {"visibility": "private"}, {"withdrawn_at": timezone.now()}):
        make_action(bob, **changes)
    make_action(make_worker(alice.agency, teams=[make_team(alice.agency)]))
    make_action(alice)
    make_action(charlie)
    client.force_login(alice)

    home = client.get(HOME)

    assert list(home.context["news"]) == shared
    assert re.findall(r"\b(?:Bob|Sana)\b", home.text) == []  # a token may have them within


def test_home_shows_her_promises_soonest_first(client, alice, bob):
    today = timezone.localdate()
    action = make_action(alice)
    late, later, soon = (make_commitment(action, due_on=today + timedelta(days=n)) for n in (-3, 9, 1))
    moved = make_commitment(action, due_on=today, renegotiated_to=today + timedelta(days=5), status="renegotiated")
    make_commitment(action, status="kept")
    make_commitment(action, status="dropped")
    make_commitment(make_action(alice, withdrawn_at=timezone.now()))
    make_commitment(make_action(bob))
    client.force_login(alice)

    assert list(client.get(HOME).context["commitments"]) == [late, soon, moved, later]


def test_home_shows_at_most_five_of_each(client, alice, bob):
    for _ in range(6):
        make_action(bob)
        make_commitment(make_action(alice))
    client.force_login(alice)

    context = client.get(HOME).context
    assert (len(context["commitments"]), len(context["news"])) == (5, 5)


def test_home_counts_her_own_year_alone(client, alice, bob):
    make_action(alice, visibility="private")
    for _ in range(2):
        make_action(bob)
    client.force_login(alice)

    response = client.get(HOME)

    assert response.context["year"].total == 1
    assert "1 action in" in response.text


def test_home_of_a_new_worker_is_empty(client, agency):
    client.force_login(make_worker(agency))

    context = client.get(HOME).context
    assert (list(context["commitments"]), list(context["news"]), context["teams"], context["year"].total) == (
        [],
        [],
        [],
        0,
    )


def test_home_of_an_analyst_has_no_record(client, alice):
    make_action(alice)
    client.force_login(make_worker(None, is_analyst=True))

    response = client.get(HOME)

    assert (list(response.context["news"]), response.context["year"].total) == ([], 0)
    assert reverse("actions:practices") + '"' not in response.text.split('<main id="main"')[1].split("</main>")[0]


@pytest.mark.parametrize("n", [1, 3])
def test_home_runs_thirteen_queries(client, alice, bob, n, django_assert_num_queries):
    for _ in range(n):
        make_action(bob)
        make_commitment(make_action(alice))
    client.force_login(alice)

    with django_assert_num_queries(13):
        response = client.get(HOME)

    assert (len(response.context["news"]), len(response.context["commitments"])) == (n, n)
