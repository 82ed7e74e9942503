from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Commitment
from tests.factories import make_action, make_commitment, make_membership, make_own_commitment, make_team, make_worker

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
    undo = reverse("actions:undo_commitment", args=[promise.pk])

    page = client.post(reverse("actions:keep", args=[promise.pk]), {"next": MINE}, follow=True).text
    answers = [client.post(undo) for _ in range(2)]

    assert f'<form method="post" action="{undo}">' in page
    assert ([answer.url for answer in answers], state(promise)) == ([MINE, MINE], ("open", None, None, "", ""))


VERBS = {
    "keep": {},
    "drop": {"dropped_because": "not_wanted"},
    "renegotiate": {"renegotiated_to": "2026-06-10", "agreed_with": "youth"},
}


def post(client, verb, promise, **answers):
    """What she is told, whether with Undo, after the same form was sent."""
    response = client.post(reverse(f"actions:{verb}", args=[promise.pk]), answers or VERBS.get(verb, {}), follow=True)
    told = response.context["messages"]
    return [(str(message), message.extra_tags) for message in told]


@pytest.mark.parametrize("verb", VERBS)
def test_verb_sent_twice_is_answered_alike_and_undone_at_once(client, alice, verb, time_machine):
    promise = make_own_commitment(alice)
    client.force_login(alice)
    undo = reverse("actions:undo_commitment", args=[promise.pk])

    first, said = post(client, verb, promise), state(promise)
    time_machine.shift(timedelta(hours=2))
    client.force_login(alice)  # her session has ended
    second = post(client, verb, promise)
    again = state(promise)
    client.post(undo)

    assert (first, said) == (second, again)
    assert [tag for _text, tag in first] == [undo]
    assert state(promise) == ("open", None, None, "", "")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["drop", "renegotiate"])
def test_verb_from_a_page_that_is_out_of_date_tells_how_it_stands(client, alice, verb, method):
    promise = make_own_commitment(alice, status="kept", kept_on=TODAY)
    client.force_login(alice)

    response = getattr(client, method)(reverse(f"actions:{verb}", args=[promise.pk]), VERBS[verb], follow=True)

    told = [str(message) for message in response.context["messages"]]
    assert told == ["Nothing changed: it is marked “Kept”. Open it again to say something else."]
    assert (response.redirect_chain, state(promise)) == ([(MINE, 302)], ("kept", TODAY, None, "", ""))


def test_closed_one_is_opened_again_from_the_list(client, alice):
    promise = make_own_commitment(alice, status="dropped", dropped_because="no_means")
    client.force_login(alice)
    address = reverse("actions:reopen", args=[promise.pk])

    page = client.get(MINE).text
    told = [post(client, "reopen", promise) for _ in range(2)]

    assert f'action="{address}"' in page
    assert told[0] == told[1]
    assert state(promise) == ("open", None, None, "", "")


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
@pytest.mark.parametrize(
    "verb",
    ["keep", "reopen", "renegotiate", "drop", "undo_commitment", "withdraw_commitment", "restore_commitment"],
)
@pytest.mark.parametrize("make", ["from an action", "alone"])
def test_promise_of_somebody_else_is_not_found(client, request, alice, reader, verb, make):
    values = {"status": "kept" if verb == "reopen" else "open", "visibility": "shared"}
    promise = make_own_commitment(alice, **values)
    if make == "from an action":
        promise = make_commitment(make_action(alice), **values)
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


# One that stands alone -----------------------------------------------------------------------------------------------

NEW = reverse("actions:new_commitment")


def answers(**changes):
    return {"text": "Bring the draft to the council", "due_on": "2026-05-20", "visibility": "private"} | changes


def all_of_them():
    return list(Commitment.objects.values_list("author__name", "text", "due_on", "visibility", "team__name", "made_on"))


def test_new_one_is_private_unless_she_says_otherwise(client, alice):
    client.force_login(alice)

    shown = client.get(NEW).context["form"]
    response = client.post(NEW, answers())

    assert shown["visibility"].value() == "private"
    assert (response.status_code, response.url) == (302, MINE)
    assert all_of_them() == [
        ("Alice Member", "Bring the draft to the council", date(2026, 5, 20), "private", "Intake", TODAY)
    ]


def test_same_form_sent_twice_is_one_commitment_and_one_answer(client, alice):
    client.force_login(alice)
    key = str(client.get(NEW).context["form"]["key"].value())

    told = []
    for _ in range(2):
        response = client.post(NEW, answers(key=key), follow=True)
        told.append([(str(message), message.extra_tags) for message in response.context["messages"]])

    assert told[0] == told[1] == [("Commitment saved.", reverse("actions:withdraw_commitment", args=[key]))]
    assert len(all_of_them()) == 1


def test_key_of_somebody_else_is_not_found(client, alice, bob):
    taken = make_own_commitment(bob)
    client.force_login(alice)

    assert client.post(NEW, answers(key=str(taken.pk))).status_code == 404
    assert Commitment.objects.get() == taken


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"text": ""}, {"text"}),
        ({"text": "x" * 121}, {"text"}),
        ({"text": "🙂" * 121}, {"text"}),
        ({"text": "Call 416 555 0134 back"}, {"text"}),
        ({"due_on": "2026-05-09"}, {"due_on"}),
        ({"due_on": ""}, {"due_on"}),
        ({"visibility": "everybody"}, {"visibility"}),
    ],
)
def test_new_one_that_cannot_be_is_refused_and_stays_on_the_page(client, alice, changes, wrong):
    client.force_login(alice)

    response = client.post(NEW, answers(**changes))

    form = response.context["form"]
    assert (response.status_code, set(form.errors), all_of_them()) == (422, wrong, [])
    assert {name: form[name].value() for name in answers()} == answers(**changes)


@pytest.mark.parametrize("text", ["x" * 120, "🙂" * 120])
def test_120_characters_fit(client, alice, text):
    client.force_login(alice)

    assert client.post(NEW, answers(text=text)).status_code == 302
    assert Commitment.objects.get().text == text


def test_shared_one_of_several_teams_asks_which(client, alice):
    second = make_team(alice.agency, "Kinship")
    make_membership(alice, second)
    client.force_login(alice)

    refused = client.post(NEW, answers(visibility="shared"))
    client.post(NEW, answers(visibility="shared", team=str(second.pk)))
    client.post(NEW, answers())

    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"team"})
    assert [(seen, team) for *_rest, seen, team, _day in all_of_them()] == [("shared", "Kinship"), ("private", None)]


def test_shared_one_without_a_team_is_refused(client, agency):
    client.force_login(make_worker(agency))

    response = client.post(NEW, answers(visibility="shared"))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"visibility"})


def test_withdrawn_one_is_gone_and_comes_back(client, alice):
    promise = make_own_commitment(alice)
    client.force_login(alice)
    away, back = (reverse(f"actions:{verb}_commitment", args=[promise.pk]) for verb in ("withdraw", "restore"))

    pages = [client.post(address, follow=True) for address in (away, away, back, back)]

    assert [list(page.context["live"]) for page in pages] == [[], [], [promise], [promise]]
    assert [f'action="{back}"' in page.text for page in pages] == [True, True, False, False]


def test_withdrawn_one_is_not_found_after_ten_minutes(client, alice, time_machine):
    promise = make_own_commitment(alice, withdrawn_at=timezone.now())
    client.force_login(alice)
    time_machine.shift(timedelta(minutes=11))

    assert client.post(reverse("actions:restore_commitment", args=[promise.pk])).status_code == 404


def test_words_and_day_of_a_shared_one_reach_nobody_else(client, alice, bob, sana):
    make_own_commitment(alice, text="Canary of a promise", visibility="shared", team=alice.memberships.get().team)
    told = {}
    for reader in (alice, bob, sana):
        client.force_login(reader)
        pages = [reverse("actions:home"), MINE, reverse("reports:commitments", args=[alice.memberships.get().team_id])]
        told[reader.name] = ["Canary of a promise" in client.get(page).text for page in pages]

    assert told == {
        "Alice Member": [True, True, False],
        "Bob Mate": [False, False, False],
        "Sana Supervisor": [False, False, False],
    }
