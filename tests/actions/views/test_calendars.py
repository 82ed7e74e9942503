from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from actions import calendars
from tests.factories import make_action, make_commitment, make_own_commitment, practice

PAGE = reverse("actions:calendar")
SECRET = "Canary of a promise"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-05-10 16:00Z")


@pytest.fixture
def link(alice, settings):
    calendars.switch_on(alice)
    return calendars.address(alice).removeprefix(settings.SITE_URL)


def events(response):
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [(event.decoded("dtstart"), event.decoded("dtend"), str(event["summary"])) for event in found]


def test_feed_has_her_live_promises_as_whole_days_and_no_words(client, alice, bob, link):
    make_own_commitment(alice, text=SECRET, due_on=date(2026, 5, 20))
    make_commitment(
        make_action(alice, note=SECRET),
        due_on=date(2026, 5, 1),
        renegotiated_to=date(2026, 12, 31),
        status="renegotiated",
    )
    make_own_commitment(alice, due_on=date(2026, 5, 9))
    make_own_commitment(alice, status="kept")
    make_own_commitment(alice, withdrawn_at="2026-05-10T15:00Z")
    make_own_commitment(bob)

    response = client.get(link)

    assert events(response) == [
        (date(2026, 5, 9), date(2026, 5, 10), "Commitment due"),
        (date(2026, 5, 20), date(2026, 5, 21), "Commitment due"),
        (date(2026, 12, 31), date(2027, 1, 1), "Commitment due"),
    ]
    assert [text in response.text for text in (SECRET, alice.name, practice().label)] == [False, False, False]


def test_feed_is_in_its_owners_language_whoever_asks(client, alice, charlie, link):
    alice.language = "fr"
    alice.save()
    make_own_commitment(alice)
    client.force_login(charlie)

    response = client.get(link, headers={"accept-language": "en"})

    assert [title for *_days, title in events(response)] == ["Engagement à tenir"]


def test_feed_may_be_stored_by_nobody_between(client, link):
    response = client.get(link)

    assert (response["Content-Type"], response["Cache-Control"]) == (
        "text/calendar; charset=utf-8",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )


def test_a_new_link_ends_the_old_one(client, alice, link, settings):
    client.force_login(alice)
    client.post(reverse("actions:calendar_on"))
    alice.refresh_from_db()
    second = calendars.address(alice).removeprefix(settings.SITE_URL)
    client.logout()

    assert [client.get(address).status_code for address in (link, second)] == [404, 200]


def test_link_that_is_switched_off_is_not_found(client, alice, link):
    client.force_login(alice)
    for _ in range(2):
        assert client.post(reverse("actions:calendar_off")).url == PAGE
    client.logout()

    assert client.get(link).status_code == 404


def test_link_of_a_closed_account_is_not_found(client, alice, link):
    alice.is_active = False
    alice.save()

    assert client.get(link).status_code == 404


def forged(link):
    """The key is known, as from a copy of the database; the secret is not."""
    token = link.split("/")[2].removesuffix(".ics")
    key, signature = token.split(".")
    other = "A" if signature[0] != "A" else "B"
    return [key, f"{key}.", f"{key}.{other}{signature[1:]}", f"{'0' * 32}.{signature}", signature, "x", "é.x", "."]


def test_forged_links_are_not_found(client, link):
    assert client.get(link).status_code == 200
    assert {token: client.get(f"/calendar/{token}.ics").status_code for token in forged(link)} == dict.fromkeys(
        forged(link), 404
    )


def test_page_shows_the_link_to_its_owner_alone(client, alice, bob, link):
    shown = {}
    for reader in (alice, bob):
        client.force_login(reader)
        shown[reader.name] = link in client.get(PAGE).text

    assert shown == {"Alice Member": True, "Bob Mate": False}


def test_calendar_is_off_until_she_switches_it_on(client, alice):
    client.force_login(alice)

    before = client.get(PAGE).context["address"]
    after = client.post(reverse("actions:calendar_on"), follow=True).context["address"]

    alice.refresh_from_db()
    assert (before, after) == (None, calendars.address(alice))


@pytest.mark.parametrize("n", [1, 3])
def test_feed_runs_four_queries(client, alice, link, n, django_assert_num_queries):
    for _ in range(n):
        make_own_commitment(alice)

    with django_assert_num_queries(4):
        assert len(events(client.get(link))) == n
