from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import entries
from actions.models import Action
from tests.actions.factories import make_community, make_practice, make_reflection
from tests.factories import form_data, make_action, make_commitment, make_own_commitment, practice

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


# By month, my year, search, history, erasing -----------------------------------------------------------------------


def test_record_stands_under_its_months(client, alice):
    days = [date(2026, 5, 10), date(2026, 5, 2), date(2026, 3, 31)]
    actions = [make_action(alice, done_on=day) for day in days]
    client.force_login(alice)

    response = client.get(RECORD)

    assert [(month.first, month.actions) for month in response.context["months"]] == [
        (date(2026, 5, 1), actions[:2]),
        (date(2026, 3, 1), actions[2:]),
    ]


def test_year_is_her_learning_actions_and_promises_of_that_year(client, alice, bob):
    learning = make_action(alice, practice=practice("read_study"), done_on=date(2025, 2, 1), hours=Decimal("1.50"))
    later, earlier = (make_action(alice, done_on=day) for day in (date(2025, 6, 2), date(2025, 3, 1)))
    promise = make_commitment(earlier, due_on=date(2025, 12, 31))
    make_commitment(earlier, due_on=date(2026, 1, 1))
    make_action(alice, done_on=date(2024, 12, 31))
    make_commitment(make_action(bob, done_on=date(2025, 3, 1)), due_on=date(2025, 5, 1))
    client.force_login(alice)

    full = client.get(reverse("actions:year"), {"year": 2025}).context["full"]

    assert (full.year.total, full.learning, full.learning_hours) == (3, [learning], Decimal("1.5"))
    assert [month.actions for month in full.months] == [[earlier], [later]]
    assert full.promises == [promise]


def test_year_has_notes_only_where_they_are_asked_for(client, alice):
    make_action(alice, note="Canary note", partners="Canary partner")
    make_own_commitment(alice, text="Canary promise", due_on=alice.today())  # in a week it may be another year
    client.force_login(alice)

    plain, with_notes = (client.get(reverse("actions:year"), query).text for query in ({}, {"notes": "on"}))

    assert [page.count("Canary") for page in (plain, with_notes)] == [0, 3]


@pytest.mark.parametrize("query", [{"year": "1066"}, {"year": "x"}, {"year": "\x00"}])
def test_year_in_which_she_logged_nothing_cannot_be_asked_for(client, alice, query):
    client.force_login(alice)

    assert client.get(reverse("actions:year"), query).status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_year_runs_thirteen_queries(client, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_commitment(make_action(alice), due_on=alice.today())
    client.force_login(alice)

    with django_assert_num_queries(13):
        client.get(reverse("actions:year"))


def test_search_is_posted_and_finds_her_own_alone(client, alice, bob):
    mine = make_action(alice, note="Canary in my note.")
    promise = make_own_commitment(alice, text="A canary promised")
    make_action(bob, note="Canary that Bob shared.")
    make_own_commitment(bob, text="A canary of Bob")
    make_reflection(alice, "A canary in my thoughts.")
    client.force_login(alice)

    response = client.post(reverse("actions:search"), {"q": "canaries"})

    assert (list(response.context["found"]), list(response.context["promises"])) == ([mine], [promise])


def test_search_in_the_address_finds_nothing(client, alice):
    make_action(alice, note="Canary in my note.")
    client.force_login(alice)

    assert "Canary" not in client.get(reverse("actions:search"), {"q": "canary"}).text


def test_history_is_its_authors_alone(client, alice, bob, sana, charlie):
    action = make_action(alice, note="Old words.")
    fresh = Action.objects.get(pk=action.pk)
    fresh.note, fresh.level = "New words.", "agency"
    entries.save(fresh, by=alice, now=timezone.now())
    address = reverse("actions:history", args=[action.pk])
    statuses = {}
    for worker in (alice, bob, sana, charlie):
        client.force_login(worker)
        statuses[worker.name] = client.get(address).status_code

    client.force_login(alice)
    page = client.get(address).text

    assert statuses == {alice.name: 200, bob.name: 404, sana.name: 404, charlie.name: 404}
    assert ("Individual worker" in page, "Old words." in page, "New words." in page) == (True, False, False)


def test_erasing_names_the_count_and_takes_every_note_and_partner_of_hers(client, alice, bob):
    make_action(alice, note="One."), make_action(alice, partners="Two"), make_action(alice)
    make_action(alice, note="Withdrawn.", withdrawn_at=timezone.now())
    his = make_action(bob, note="His.")
    client.force_login(alice)
    address = reverse("actions:erase_texts")

    asked = client.get(address)
    told = client.post(address, follow=True).text

    assert "notes and the partners of 3 actions" in asked.text
    assert "The texts of 3 actions are erased." in told
    assert list(Action.objects.exclude(note="", partners="")) == [his]
    assert Action.objects.filter(author=alice).count() == 4


def test_form_that_was_open_while_texts_were_erased_does_not_bring_them_back(client, alice):
    action = make_action(alice, note="To be erased.", logged_on=timezone.localdate())
    client.force_login(alice)
    client.post(reverse("actions:erase_texts"))

    answer = client.post(reverse("actions:edit", args=[action.pk]), form_data(note="To be erased.", version="1"))

    assert (answer.status_code, Action.objects.get(pk=action.pk).note) == (409, "")
