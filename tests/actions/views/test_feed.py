from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.actions.factories import make_community, make_practice
from tests.factories import make_action, make_membership, make_team, practice


def address(team):
    return reverse("actions:feed", args=[team.pk])


def test_feed_is_what_the_team_shares_newest_first(client, alice, bob, sana, team):
    day = timezone.localdate()
    second = make_action(bob, done_on=day - timedelta(days=1))
    third = make_action(sana, done_on=day - timedelta(days=2))
    first = make_action(alice, done_on=day)
    logged_last = make_action(bob, done_on=day - timedelta(days=2))
    for author in (alice, bob):
        for changes in ({"visibility": "counted"}, {"visibility": "private"}, {"withdrawn_at": timezone.now()}):
            make_action(author, note="Canary.", **changes)
    make_action(bob, team=make_team(team.agency), note="Canary.")
    make_action(bob, team=None, note="Canary.")
    client.force_login(alice)

    response = client.get(address(team))

    assert list(response.context["page"]) == [first, second, logged_last, third]
    assert "Canary." not in response.text


@pytest.mark.parametrize("reader", ["alice", "bob", "sana"])
def test_feed_is_the_same_to_members_and_supervisors(client, request, alice, team, reader):
    action = make_action(alice, note="Explained the options.")
    make_action(alice, visibility="private", note="Canary.")
    client.force_login(request.getfixturevalue(reader))

    response = client.get(address(team))

    assert list(response.context["page"]) == [action]
    assert ("Alice Member" in response.text, "Explained the options." in response.text) == (True, True)


def test_feed_of_a_team_she_left_is_not_found(client, alice, bob, team):
    make_action(alice)
    bob.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    client.force_login(bob)

    assert client.get(address(team)).status_code == 404


def test_feed_offers_no_way_to_single_out_a_person(client, alice, bob, team):
    mine, theirs = make_action(alice), make_action(bob)
    client.force_login(alice)

    filters = client.get(address(team)).context["filters"]
    asked = client.get(address(team), {"author": bob.pk, "worker": bob.pk, "order": "author", "o": "-author"})

    assert list(filters.form.fields) == [
        "first",
        "last",
        "kind",
        "practice",
        "level",
        "stance",
        "direction",
        "community",
        "system",
        "heard_back",
    ]
    assert list(asked.context["page"]) == [theirs, mine]
    assert asked.context["chips"] == []


def test_feed_is_narrowed_by_the_address(client, alice, bob, team):
    wanted = make_action(bob, practice=practice("read_study"))
    make_action(bob)
    client.force_login(alice)

    response = client.get(address(team), {"kind": "learning", "level": ""})

    assert list(response.context["page"]) == [wanted]
    assert [(chip.label, chip.remove_url) for chip in response.context["chips"]] == [
        ("Kind: Learning and reflecting", f"{address(team)}?level=")
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense"},
        {"first": "soon"},
        {"visibility": "shared", "level": "galaxy"},
        {"practice": "theirs"},
        {"community": "theirs"},
    ],
)
def test_feed_with_a_filter_that_is_not_there_lists_nothing(client, alice, charlie, team, query):
    theirs = {"practice": make_practice(charlie.agency).pk, "community": make_community(charlie.agency).pk}
    make_action(alice)
    client.force_login(alice)

    response = client.get(
        address(team), {key: theirs[key] if value == "theirs" else value for key, value in query.items()}
    )

    assert (response.status_code, list(response.context["page"])) == (422, [])


def test_feed_is_paged(client, alice, team):
    actions = [make_action(alice) for _ in range(27)][::-1]
    client.force_login(alice)

    pages = [list(client.get(address(team), {"page": page}).context["page"]) for page in (1, 2, 99, "x")]

    assert pages == [actions[:25], actions[25:], actions[25:], actions[:25]]


def test_feed_of_her_second_team_is_not_mixed_with_the_first(client, alice, team):
    second = make_team(team.agency)
    make_membership(alice, second)
    here, there = make_action(alice, team=team), make_action(alice, team=second)
    client.force_login(alice)

    assert [list(client.get(address(each)).context["page"]) for each in (team, second)] == [[here], [there]]


@pytest.mark.parametrize("n", [1, 3])
def test_feed_runs_ten_queries(client, alice, bob, team, n, django_assert_num_queries):
    for _ in range(n):
        make_action(bob)
    client.force_login(alice)

    with django_assert_num_queries(10):
        response = client.get(address(team))

    assert len(response.context["page"]) == n
