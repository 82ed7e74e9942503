import pytest
from django.test import Client
from django.urls import reverse

from actions import calendars
from teams import unsubscribing
from teams.models import Worker
from teams.unsubscribing import Series

EMAILS = reverse("teams:emails")
each_series = pytest.mark.parametrize("series", Series)


def wants(worker):
    """Summaries, then reminders."""
    saved = Worker.objects.get(pk=worker.pk)
    return saved.gets_summaries, saved.gets_reminders


def path(worker, series):
    return reverse("teams:unsubscribe", args=[unsubscribing.token(worker, series)])


@pytest.mark.parametrize(
    ("posted", "wanted"),
    [
        ({}, (False, False)),
        ({"gets_summaries": "on"}, (True, False)),
        ({"gets_reminders": "on"}, (False, True)),
        ({"gets_summaries": "on", "gets_reminders": "on"}, (True, True)),
    ],
)
def test_worker_chooses_her_e_mails_on_her_own_page(client, alice, bob, posted, wanted):
    client.force_login(alice)
    response = client.post(EMAILS, posted)

    assert (response.status_code, response.url) == (302, EMAILS)
    assert (wants(alice), wants(bob)) == (wanted, (True, True))


def test_her_page_shows_what_she_chose(client, alice):
    alice.gets_reminders = False
    alice.save()
    client.force_login(alice)
    form = client.get(EMAILS).context["form"]

    assert {name: form[name].value() for name in form.fields} == {"gets_summaries": True, "gets_reminders": False}


@each_series
def test_link_in_a_message_asks_before_it_stops_anything(client, alice, series):
    page = client.get(path(alice, series))

    assert (page.status_code, "<button" in page.text, wants(alice)) == (200, True, (True, True))


@pytest.mark.parametrize(("series", "left"), [(Series.SUMMARIES, (False, True)), (Series.REMINDERS, (True, False))])
def test_one_click_of_a_mail_program_needs_neither_sign_in_nor_token_of_a_page(alice, bob, series, left):
    programs = Client(enforce_csrf_checks=True)

    answers = [programs.post(path(alice, series), {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (wants(alice), wants(bob)) == (left, (True, True))


@each_series
def test_link_works_for_its_owner_whoever_is_signed_in(client, alice, bob, series):
    client.force_login(bob)
    client.post(path(alice, series))

    assert (wants(alice) == (True, True), wants(bob)) == (False, (True, True))


def test_series_can_be_had_again_on_her_page(client, alice):
    client.post(path(alice, Series.SUMMARIES))
    client.force_login(alice)
    client.post(EMAILS, {"gets_summaries": "on", "gets_reminders": "on"})

    assert wants(alice) == (True, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_and_unknown_links_are_not_found(client, alice, bob, method):
    signed, signature = unsubscribing.token(alice, Series.SUMMARIES).split(".")
    of_reminders = signed.replace("summaries", "reminders")
    tokens = [
        *(signed, f"summaries-{bob.pk.hex}.{signature}", f"{of_reminders}.{signature}", f"{signed}.{signature[:-2]}"),
        *("x", "x.y", unsubscribing.SIGNER.sign("x"), unsubscribing.SIGNER.sign(f"asks-{alice.pk.hex}")),
        unsubscribing.token(Worker(pk=bob.agency_id), Series.SUMMARIES),
    ]
    bob.is_active = False
    bob.save()
    tokens.append(unsubscribing.token(bob, Series.SUMMARIES))

    answers = [getattr(client, method)(f"/unsubscribe/{token}/").status_code for token in tokens]

    assert answers == [404] * len(tokens)
    assert (wants(alice), wants(bob)) == ((True, True), (True, True))


def test_link_of_the_calendar_stops_nothing(client, alice):
    alice.calendar_key = alice.pk
    alice.save()
    token = calendars.address(alice).split("/")[-1].removesuffix(".ics")

    assert client.post(f"/unsubscribe/{token}/").status_code == 404
