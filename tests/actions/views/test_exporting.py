"""Downloads of one's own: by the owner signed in, or by her link; nobody else's, ever."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import departures
from actions.models import Departure
from tests.actions.factories import make_reflection
from tests.factories import make_action

KINDS = ["xlsx", "csv", "json"]


@pytest.fixture
def left(alice):
    """Alice has left; what she wrote is still there."""
    make_action(alice, note="Canary note")
    make_reflection(alice, "Canary thought")
    return departures.close_account(alice, now=timezone.now())


def link(departure, kind="json"):
    return reverse("actions:departure_file", args=[departures.token(departure), kind])


def test_download_is_the_readers_own_whoever_else_is_asked_for(client, alice, bob):
    make_action(alice, note="Canary of Alice")
    mine = make_action(bob)
    client.force_login(bob)

    answer = client.get(reverse("actions:export_file", args=["json"]), {"worker": alice.pk, "author": alice.pk})

    assert [row["action_id"] for row in json.loads(answer.content)["actions"]] == [str(mine.pk)]
    assert "Canary" not in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_downloads_are_files_that_nothing_stores(client, alice, kind):
    client.force_login(alice)

    answer = client.get(reverse("actions:export_file", args=[kind]))

    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "no-store" in answer["Cache-Control"]


def test_download_of_another_kind_is_not_found(client, alice):
    client.force_login(alice)

    assert client.get(reverse("actions:export_file", args=["pdf"])).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_link_of_who_left_needs_no_sign_in_and_yields_the_same_file(client, left, kind):
    page = client.get(reverse("actions:departure", args=[departures.token(left)]))
    answer = client.get(link(left, kind))

    assert link(left, kind) in page.text
    assert (page.status_code, answer.status_code) == (200, 200)
    assert all("no-store" in each["Cache-Control"] for each in (page, answer))


def test_link_yields_her_notes_and_opened_reflections(client, left):
    content = json.loads(client.get(link(left)).content)

    assert [row["note"] for row in content["actions"]] == ["Canary note"]
    assert [row["text"] for row in content["reflections"]] == ["Canary thought"]


def test_link_of_somebody_else_yields_nothing_of_hers(client, left, bob):
    make_action(bob, note="Of Bob")
    his = departures.close_account(bob, now=timezone.now())
    token, signature = departures.token(left), departures.token(his).partition(".")[2]
    swapped = f"{left.key.hex}.{signature}"

    answers = {
        address: client.get(address)
        for name in ("departure", "departure_file")
        for wrong in (swapped, left.key.hex, str(left.pk), f"{token}x", token.upper())
        for address in [reverse(f"actions:{name}", args=[wrong, *(["json"] if name.endswith("file") else [])])]
    }

    assert {answer.status_code for answer in answers.values()} == {404}
    assert "Canary" not in client.get(link(his)).text


@pytest.mark.parametrize("what", ["expired", "revoked", "reopened", "erased"])
def test_link_that_is_over_is_not_found(client, left, what, time_machine):
    address = link(left)
    now = timezone.now()
    if what == "expired":
        Departure.objects.update(ended_at=now - timedelta(days=31), expires_at=now - timedelta(days=1))
    elif what == "revoked":
        departures.revoke_link(left)
    elif what == "reopened":
        departures.reopen_account(left.worker, now=now)
    else:
        departures.erase_due(now=now + timedelta(days=30))

    assert client.get(address).status_code == 404


def test_who_left_cannot_sign_in_and_her_session_is_over(client, alice):
    client.force_login(alice)
    departures.close_account(alice, now=timezone.now())

    answer = client.get(reverse("actions:export_file", args=["json"]))

    assert answer.status_code == 302
    assert "/login/" in answer["Location"] or "sign" in answer["Location"]
