import pytest
from django.test import Client
from django.urls import reverse

from actions import calendars, reminders
from teams.models import Worker


def wants(worker):
    return Worker.objects.get(pk=worker.pk).gets_reminders


def off(worker):
    return reverse("actions:reminders_off", args=[reminders.token(worker)])


def test_reminders_are_switched_on_her_own_page(client, alice, bob):
    client.force_login(alice)
    said = []
    for on in ("no", "no", "yes"):
        response = client.post(reverse("actions:reminders"), {"on": on})
        said.append((response.url, wants(alice)))

    assert said == [(reverse("actions:commitments"), on) for on in (False, False, True)]
    assert wants(bob)


def test_link_in_a_reminder_asks_before_it_switches_off(client, alice):
    page = client.get(off(alice))

    assert (page.status_code, wants(alice)) == (200, True)
    assert "Switch reminders off" in page.text


def test_one_click_of_a_mail_program_needs_neither_sign_in_nor_token_of_a_page(alice, bob):
    programs = Client(enforce_csrf_checks=True)

    answers = [programs.post(off(alice), {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (wants(alice), wants(bob)) == (False, True)


def test_link_works_for_its_owner_whoever_is_signed_in(client, alice, bob):
    client.force_login(bob)
    client.post(off(alice))

    assert (wants(alice), wants(bob)) == (False, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_and_unknown_links_are_not_found(client, alice, bob, method):
    key, signature = reminders.token(alice).split(".")
    tokens = [key, f"{bob.pk.hex}.{signature}", f"{key}.{signature[:-2]}", "x", "x.y"]
    gone = reminders.token(Worker(pk=bob.agency_id))

    answers = [getattr(client, method)(f"/reminders/{token}/off/").status_code for token in [*tokens, gone]]

    assert answers == [404] * 6
    assert (wants(alice), wants(bob)) == (True, True)


def test_link_of_the_calendar_switches_nothing_off(client, alice):
    alice.calendar_key = alice.pk
    alice.save()
    token = calendars.address(alice).split("/")[-1].removesuffix(".ics")

    assert client.post(f"/reminders/{token}/off/").status_code == 404
