from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.actions.factories import make_community, make_practice
from tests.factories import make_action, practice

RECORD = reverse("actions:record")


def test_record_is_all_of_her_own_and_nothing_else(client, alice, bob):
    mine = {make_action(alice, visibility=visibility) for visibility in ("shared", "counted", "private")}
    make_action(alice, withdrawn_at=timezone.now(), note="Canary.")
    make_action(bob, note="Canary.")
    client.force_login(alice)

    response = client.get(RECORD)

    assert set(response.context["page"]) == mine
    assert "Canary." not in response.text


def test_record_says_of_each_who_can_see_it(client, alice):
    for visibility in ("shared", "counted", "private"):
        make_action(alice, visibility=visibility)
    client.force_login(alice)

    page = client.get(RECORD).text

    assert [page.count(f"</span> {label}</p>") for label in ("My team", "Count it, do not show it", "Only me")] == [
        1,
        1,
        1,
    ]


def test_record_is_narrowed_by_the_address(client, alice):
    wanted = make_action(alice, practice=practice("read_study"), visibility="private", done_on=date(2026, 5, 10))
    make_action(alice, practice=practice("read_study"), done_on=date(2026, 5, 10))
    make_action(alice, visibility="private")
    query = {"kind": "learning", "visibility": "private", "first": "2026-05-10", "page": "1"}
    client.force_login(alice)

    response = client.get(RECORD, query)

    assert list(response.context["page"]) == [wanted]
    assert [(chip.label, chip.remove_url) for chip in response.context["chips"]] == [
        ("From: 10 May 2026", f"{RECORD}?kind=learning&visibility=private"),
        ("Kind: Learning and reflecting", f"{RECORD}?visibility=private&first=2026-05-10"),
        ("Who can see it: Only me", f"{RECORD}?kind=learning&first=2026-05-10"),
    ]
    assert all(f'href="{chip.remove_url}"'.replace("&", "&amp;") in response.text for chip in response.context["chips"])


@pytest.mark.parametrize("name", ["author", "author_id", "author__email", "worker", "team", "agency"])
def test_record_of_somebody_else_cannot_be_asked_for(client, alice, bob, name):
    mine = make_action(alice)
    make_action(bob)
    client.force_login(alice)

    for value in (bob.pk, bob.email, bob.agency_id):
        assert list(client.get(RECORD, {name: value}).context["page"]) == [mine]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense"},
        {"practice": "x"},
        {"practice": "theirs"},
        {"community": "theirs"},
        {"visibility": "public"},
        {"first": "2026-02-30"},
        {"level": "\x00"},
    ],
)
def test_record_with_a_filter_that_is_not_there_lists_nothing(client, alice, charlie, query):
    theirs = {"practice": make_practice(charlie.agency).pk, "community": make_community(charlie.agency).pk}
    make_action(alice)
    client.force_login(alice)

    response = client.get(RECORD, {key: theirs[key] if value == "theirs" else value for key, value in query.items()})

    assert (response.status_code, list(response.context["page"])) == (422, [])


def test_record_is_paged_and_keeps_the_filters(client, alice):
    actions = [make_action(alice) for _ in range(26)][::-1]
    client.force_login(alice)

    first, second = (client.get(RECORD, {"level": "individual", "page": page}) for page in (1, 2))

    assert (list(first.context["page"]), list(second.context["page"])) == (actions[:25], actions[25:])
    assert 'href="?level=individual&amp;page=2"' in first.text


def test_record_counts_her_year_alone_whatever_the_filter(client, alice, bob):
    make_action(alice)
    make_action(bob)
    client.force_login(alice)

    assert client.get(RECORD, {"kind": "repair"}).context["year"].total == 1


@pytest.mark.parametrize("n", [1, 3])
def test_record_runs_ten_queries(client, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_action(alice)
    client.force_login(alice)

    with django_assert_num_queries(10):
        response = client.get(RECORD)

    assert len(response.context["page"]) == n
