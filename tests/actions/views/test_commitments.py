from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Commitment
from tests.factories import make_action, make_commitment

MINE = reverse("actions:commitments")
TODAY = date(2026, 5, 10)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-05-10 16:00Z")


def state(promise):
    saved = Commitment.objects.get(pk=promise.pk)
    return (saved.status, saved.kept_on, saved.renegotiated_to, saved.agreed_with, saved.dropped_because)


def test_list_is_her_own_live_soonest_first_then_closed(client, alice, bob):
    action = make_action(alice)
    later, sooner = (make_commitment(action, due_on=TODAY + timedelta(days=n)) for n in (9, 1))
    kept = make_commitment(action, status="kept", kept_on=TODAY, due_on=TODAY)
    dropped = make_commitment(action, status="dropped", due_on=TODAY + timedelta(days=2))
    make_commitment(make_action(bob))
    make_commitment(make_action(alice, withdrawn_at=timezone.now()))
    client.force_login(alice)

    context = client.get(MINE).context

    assert (list(context["live"]), list(context["closed"])) == ([sooner, later], [dropped, kept])


@pytest.mark.parametrize(
    ("due_on", "status"),
    [(TODAY + timedelta(days=1), "kept"), (TODAY, "kept"), (TODAY - timedelta(days=1), "kept_late")],
)
def test_keep_is_on_time_or_late(client, alice, due_on, status):
    promise = make_commitment(make_action(alice), due_on=due_on)
    client.force_login(alice)

    response = client.post(reverse("actions:keep", args=[promise.pk]), {"next": f"{MINE}?x=1"})

    assert (response.status_code, response.url) == (302, f"{MINE}?x=1")
    assert state(promise) == (status, TODAY, None, "", "")


def test_keep_is_on_the_agency_s_day(client, alice, time_machine):
    time_machine.move_to("2026-05-10 10:30Z")
    alice.agency.time_zone = "Pacific/Kiritimati"
    alice.agency.save()
    promise = make_commitment(make_action(alice), due_on=TODAY)
    client.force_login(alice)

    client.post(reverse("actions:keep", args=[promise.pk]))

    assert state(promise) == ("kept_late", date(2026, 5, 11), None, "", "")


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "nowhere", ""]
)
def test_keep_goes_back_to_our_own_pages_only(client, alice, address):
    promise = make_commitment(make_action(alice))
    client.force_login(alice)

    assert client.post(reverse("actions:keep", args=[promise.pk]), {"next": address}).url == reverse("actions:home")


def test_keep_can_be_undone(client, alice):
    promise = make_commitment(make_action(alice))
    client.force_login(alice)
    undo = reverse("actions:reopen", args=[promise.pk])

    page = client.post(reverse("actions:keep", args=[promise.pk]), {"next": MINE}, follow=True).text
    response = client.post(undo)

    assert f'<form method="post" action="{undo}">' in page
    assert (response.url, state(promise)) == (MINE, ("open", None, None, "", ""))


def test_keep_twice_is_harmless(client, alice, time_machine):
    promise = make_commitment(make_action(alice), due_on=TODAY)
    client.force_login(alice)
    client.post(reverse("actions:keep", args=[promise.pk]))
    time_machine.shift(timedelta(days=3))
    client.force_login(alice)

    assert client.post(reverse("actions:keep", args=[promise.pk])).status_code == 404
    assert state(promise) == ("kept", TODAY, None, "", "")


def test_renegotiate_takes_a_new_date_and_a_role(client, alice):
    promise = make_commitment(make_action(alice))
    client.force_login(alice)

    response = client.post(
        reverse("actions:renegotiate", args=[promise.pk]), {"renegotiated_to": "2026-06-10", "agreed_with": "youth"}
    )

    assert (response.status_code, response.url) == (302, MINE)
    assert state(promise) == ("renegotiated", None, date(2026, 6, 10), "youth", "")


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, {"renegotiated_to", "agreed_with"}),
        ({"renegotiated_to": "2026-06-10"}, {"agreed_with"}),
        ({"agreed_with": "youth"}, {"renegotiated_to"}),
        ({"renegotiated_to": "2026-05-09", "agreed_with": "youth"}, {"renegotiated_to"}),
        ({"renegotiated_to": "2026-06-10", "agreed_with": "Jane"}, {"agreed_with"}),
    ],
)
def test_renegotiate_without_date_or_role_is_refused(client, alice, answers, wrong):
    promise = make_commitment(make_action(alice), due_on=date(2026, 5, 20))
    client.force_login(alice)

    response = client.post(reverse("actions:renegotiate", args=[promise.pk]), answers)

    assert (response.status_code, set(response.context["form"].errors)) == (422, wrong)
    assert "Promised for 20 May 2026" in response.text
    assert state(promise) == ("open", None, None, "", "")


def test_drop_takes_a_reason(client, alice):
    promise = make_commitment(make_action(alice))
    client.force_login(alice)

    response = client.post(reverse("actions:drop", args=[promise.pk]), {"dropped_because": "not_wanted"})

    assert (response.status_code, response.url) == (302, MINE)
    assert state(promise) == ("dropped", None, None, "", "not_wanted")


@pytest.mark.parametrize("answers", [{}, {"dropped_because": ""}, {"dropped_because": "bored"}])
def test_drop_without_a_reason_is_refused(client, alice, answers):
    promise = make_commitment(make_action(alice))
    client.force_login(alice)

    response = client.post(reverse("actions:drop", args=[promise.pk]), answers)

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"dropped_because"})
    assert state(promise) == ("open", None, None, "", "")


def test_drop_names_the_date_last_agreed(client, alice):
    promise = make_commitment(
        make_action(alice), due_on=TODAY, renegotiated_to=date(2026, 6, 10), agreed_with="youth", status="renegotiated"
    )
    client.force_login(alice)

    assert "Promised for 10 Jun 2026" in client.get(reverse("actions:drop", args=[promise.pk])).text


@pytest.mark.parametrize("reader", ["bob", "sana", "charlie"])
@pytest.mark.parametrize("verb", ["keep", "reopen", "renegotiate", "drop"])
def test_promise_of_somebody_else_is_not_found(client, request, alice, reader, verb):
    promise = make_commitment(make_action(alice), status="kept" if verb == "reopen" else "open")
    before = state(promise)
    client.force_login(request.getfixturevalue(reader))

    answers = {"renegotiated_to": "2026-06-10", "agreed_with": "youth", "dropped_because": "not_wanted"}
    response = client.post(reverse(f"actions:{verb}", args=[promise.pk]), answers)

    assert (response.status_code, state(promise)) == (404, before)


def test_promise_of_a_withdrawn_action_is_not_found(client, alice):
    promise = make_commitment(make_action(alice, withdrawn_at=timezone.now()))
    client.force_login(alice)

    assert client.post(reverse("actions:keep", args=[promise.pk])).status_code == 404


def test_others_read_the_status_of_a_shared_promise_and_never_its_date(client, alice, bob):
    action = make_action(alice)
    make_commitment(action, due_on=date(2026, 5, 23))
    pages = []
    for reader in (alice, bob):
        client.force_login(reader)
        pages.append(client.get(reverse("actions:detail", args=[action.pk])).text)

    assert [("<dt>Promise</dt><dd>Open" in page, "23 May 2026" in page) for page in pages] == [
        (True, True),
        (True, False),
    ]


@pytest.mark.parametrize("n", [1, 3])
def test_commitments_run_eight_queries(client, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_commitment(make_action(alice))
        make_commitment(make_action(alice), status="kept")
    client.force_login(alice)

    with django_assert_num_queries(8):
        response = client.get(MINE)

    assert (len(response.context["live"]), len(response.context["closed"])) == (n, n)
