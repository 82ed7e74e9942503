import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import entries
from actions.models import Action
from tests.actions.factories import edit_term
from tests.factories import community, practice

DEVICE = reverse("actions:device")


def send(client, key, **changes):
    values = {
        "practice": practice().pk,
        "level": "individual",
        "direction": "consulted",
        "communities": [community().pk, community("indigenous").pk],
        "done_on": timezone.localdate().isoformat(),
        "visibility": "private",
    }
    body = urlencode(values | changes, doseq=True)
    return client.put(reverse("actions:receive", args=[key]), body, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def key():
    return uuid.uuid4()


def test_entry_is_saved_under_the_key_of_its_device(client, alice, key):
    client.force_login(alice)

    answer = send(client, key)
    action = Action.objects.get()

    assert (answer.status_code, answer.json()) == (200, {"address": reverse("actions:detail", args=[key])})
    assert (action.pk, action.author, action.direction, action.visibility) == (key, alice, "consulted", "private")
    assert action.communities == [community().pk, community("indigenous").pk]


def test_entry_sent_again_makes_no_second_action_and_changes_nothing(client, alice, key):
    client.force_login(alice)

    answers = [send(client, key) for _ in range(3)]

    assert {(answer.status_code, answer.json()["address"]) for answer in answers} == {
        (200, reverse("actions:detail", args=[key]))
    }
    assert Action.objects.get().direction == "consulted"


def test_entry_that_was_changed_after_its_answer_was_lost_stays_on_the_device(client, alice, key):
    client.force_login(alice)
    send(client, key, visibility="shared")

    answer = send(client, key, visibility="private")

    wrong = ["It was sent before you changed it. You can change it in your record."]
    assert (answer.status_code, answer.json()) == (422, {"wrong": wrong})
    assert Action.objects.get().visibility == "shared"


def test_entry_that_had_come_by_the_form_with_its_note_is_over(client, alice, key):
    client.force_login(alice)
    send(client, key)
    Action.objects.update(note="Read the plan aloud.")

    assert send(client, key).status_code == 200
    assert Action.objects.get().note == "Read the plan aloud."


def test_entry_whose_action_was_edited_meanwhile_is_over(client, alice, key):
    client.force_login(alice)
    send(client, key, visibility="shared")
    Action.objects.update(visibility="private", version=2)

    assert send(client, key, visibility="shared").status_code == 200
    assert Action.objects.get().visibility == "private"


def test_entry_whose_action_was_withdrawn_meanwhile_does_not_bring_it_back(client, alice, key):
    client.force_login(alice)
    send(client, key)
    entries.withdraw(Action.objects.get(), now=timezone.now())

    assert send(client, key).status_code == 200
    assert Action.objects.get().withdrawn_at is not None


def test_key_of_somebody_else_is_not_found(client, alice, bob, key):
    client.force_login(alice)
    send(client, key)
    client.force_login(bob)

    assert send(client, key).status_code == 404
    assert Action.objects.get().author == alice


def test_note_is_not_taken_from_a_device(client, alice, key):
    client.force_login(alice)
    send(client, key, note="Read the plan aloud.")

    assert Action.objects.get().note == ""


def test_refused_entry_says_what_is_wrong_and_leaves_nothing(client, alice, key):
    edit_term(alice.agency, practice(), is_hidden=True)
    client.force_login(alice)

    answer = send(client, key, done_on="2126-01-01")

    assert answer.status_code == 422
    assert any("This day is still to come." in wrong for wrong in answer.json()["wrong"])
    assert len(answer.json()["wrong"]) == 2
    assert not Action.objects.exists()


def test_device_learns_who_is_signed_in_by_a_name_that_says_nothing(client, alice, bob):
    client.force_login(alice)
    told = client.get(DEVICE).json()
    client.force_login(bob)

    assert set(told) == {"account", "token"}
    assert told["account"] == alice.device_name != client.get(DEVICE).json()["account"]
    assert str(alice.pk) not in told["account"]


def test_script_without_a_session_is_told_so(client, key):
    headers = {"accept": "*/*"}

    assert client.get(DEVICE, headers=headers).status_code == 401
    assert client.put(reverse("actions:receive", args=[key]), headers=headers).status_code == 401
