import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from teams.models import Role, Worker
from tests.factories import make_action, make_membership, make_team, make_worker

LANGUAGE, VISIBILITY, TEAMS = reverse("teams:language"), reverse("teams:visibility"), reverse("teams:list")
HOME, GUIDE, RECORD, SIGN_IN = (reverse(name) for name in ("actions:home", "guide", "actions:record", "account_login"))
ELSEWHERE = [
    "https://evil.example",
    "https://evil.example/language/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "nowhere",
    "account_logout",
    "",
]


def page_language(response):
    return response.text.split('<html lang="')[1].split('"')[0]


# Language ---------------------------------------------------------------------------------------------------------


def test_language_keeps_the_page_and_its_query(client, alice):
    client.force_login(alice)
    here = f"{RECORD}?{urlencode({'kind': 'learning', 'first': '2026-05-10'})}"

    before = client.get(here)
    response = client.post(LANGUAGE, {"_language": "fr", "next": here})
    after = client.get(response.url)

    hidden = f'<input type="hidden" name="next" value="{here.replace("&", "&amp;")}">'
    assert (hidden in before.text, response.status_code, response.url) == (True, 302, here)
    assert (page_language(before), page_language(after)) == ("en-ca", "fr-ca")
    assert [chip.label for chip in after.context["chips"]][1].startswith("Type")


def test_language_is_kept_with_the_worker(client, alice):
    client.force_login(alice)
    client.post(LANGUAGE, {"_language": "fr", "next": HOME})
    client.cookies.clear()
    client.force_login(Worker.objects.get(pk=alice.pk))

    assert Worker.objects.get(pk=alice.pk).language == "fr"
    assert page_language(client.get(GUIDE)) == "fr-ca"


def test_language_of_the_worker_goes_before_that_of_the_browser(client, alice):
    client.force_login(alice)

    response = client.get(GUIDE, headers={"accept-language": "fr-ca"})

    assert (page_language(response), response["Content-Language"]) == ("en-ca", "en-ca")


def test_language_changes_before_sign_in_too(client, db):
    here = f"{SIGN_IN}?{urlencode({'next': GUIDE})}"

    response = client.post(LANGUAGE, {"_language": "fr", "next": here})

    assert (response.url, page_language(client.get(here))) == (here, "fr-ca")
    client.post(LANGUAGE, {"_language": "en", "next": here})
    assert page_language(client.get(here, headers={"accept-language": "fr-ca"})) == "en-ca"


@pytest.mark.parametrize(("accepted", "expected"), [("fr", "fr-ca"), ("fr-FR,en;q=0.5", "fr-ca"), ("de", "en-ca")])
def test_language_before_any_choice_is_the_browser_s(client, db, accepted, expected):
    assert page_language(client.get(SIGN_IN, headers={"accept-language": accepted})) == expected


@pytest.mark.parametrize("language", ["de", "", "en-ca", "../../etc"])
def test_language_that_is_not_ours_changes_nothing(client, alice, language):
    client.force_login(alice)

    response = client.post(LANGUAGE, {"language": language, "next": GUIDE})

    assert (response.url, list(response.cookies)) == (GUIDE, [])
    assert Worker.objects.get(pk=alice.pk).language == "en"


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize("signed_in", [False, True])
def test_language_leads_to_our_own_pages_only(client, alice, address, signed_in):
    if signed_in:
        client.force_login(alice)

    assert client.post(LANGUAGE, {"_language": "fr", "next": address}).url == HOME


def test_language_is_not_changed_by_a_link(client, alice):
    client.force_login(alice)

    assert client.get(LANGUAGE, {"language": "fr"}).status_code == 405
    assert Worker.objects.get(pk=alice.pk).language == "en"


# Default visibility -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suggested", ["shared", "counted", "private"])
def test_visibility_suggests_what_the_agency_does(client, agency, suggested):
    agency.suggested_visibility = suggested
    agency.save()
    client.force_login(make_worker(agency, default_visibility=""))

    assert client.get(VISIBILITY).context["form"]["default_visibility"].value() == suggested


def test_visibility_is_hers_whatever_the_agency_suggests(client, agency):
    worker = make_worker(agency, default_visibility="private")
    client.force_login(worker)

    shown = client.get(VISIBILITY).context["form"]["default_visibility"].value()
    response = client.post(VISIBILITY, {"default_visibility": "counted"})

    assert (shown, response.url) == ("private", HOME)
    assert Worker.objects.get(pk=worker.pk).default_visibility == "counted"


@pytest.mark.parametrize("answers", [{}, {"default_visibility": ""}, {"default_visibility": "public"}])
def test_visibility_without_a_choice_is_refused(client, alice, answers):
    client.force_login(alice)

    response = client.post(VISIBILITY, answers)

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"default_visibility"})
    assert Worker.objects.get(pk=alice.pk).default_visibility == "shared"


def test_visibility_changes_nothing_else_about_the_worker(client, alice, charlie):
    client.force_login(alice)
    before = Worker.objects.values().get(pk=alice.pk)

    client.post(
        VISIBILITY,
        {"default_visibility": "counted", "is_admin": "on", "agency": charlie.agency_id, "email": "x@example.org"},
    )

    assert Worker.objects.values().get(pk=alice.pk) == before | {"default_visibility": "counted"}


@pytest.mark.parametrize("address", ELSEWHERE)
def test_visibility_leads_to_our_own_pages_only(client, alice, address):
    client.force_login(alice)

    response = client.post(f"{VISIBILITY}?{urlencode({'next': address})}", {"default_visibility": "counted"})

    assert response.url == HOME


def test_visibility_comes_back_to_where_it_was_asked_for(client, alice):
    client.force_login(alice)
    here = f"{reverse('actions:log')}?practice=3"

    assert client.post(f"{VISIBILITY}?{urlencode({'next': here})}", {"default_visibility": "counted"}).url == here


# Teams ------------------------------------------------------------------------------------------------------------


def test_team_list_of_one_is_its_feed(client, alice, team):
    client.force_login(alice)

    assert client.get(TEAMS).url == reverse("actions:feed", args=[team.pk])


def test_team_list_is_of_her_own(client, alice, team, other_team):
    make_team(team.agency, "Not hers")
    left, second = make_team(team.agency, "Left"), make_team(team.agency, "Kinship")
    make_membership(alice, left, ends_on=timezone.localdate() - timedelta(days=1))
    make_membership(alice, second, Role.SUPERVISOR)
    client.force_login(alice)

    assert client.get(TEAMS).context["teams"] == [team, second]


def test_members_are_those_of_today_by_name_and_role(client, alice, bob, sana, team):
    zoe = make_worker(team.agency, "Zoe Newcomer", teams=[team])
    make_membership(make_worker(team.agency, "Left Long"), team, ends_on=timezone.localdate() - timedelta(days=1))
    make_membership(make_worker(team.agency, "Still Coming"), team, starts_on=timezone.localdate() + timedelta(days=1))
    client.force_login(bob)

    response = client.get(reverse("teams:members", args=[team.pk]))

    assert [spell.worker for spell in response.context["supervisors"]] == [sana]
    assert [spell.worker for spell in response.context["members"]] == [alice, bob, zoe]
    assert [name for name in ("Left Long", "Still Coming") if name in response.text] == []


def test_members_say_nothing_of_who_logged_how_much(client, alice, bob, team):
    reader = make_worker(team.agency, teams=[team])
    client.force_login(reader)
    address = reverse("teams:members", args=[team.pk])

    def shown():
        """The main part; below it stand the seconds until her session ends."""
        main = client.get(address).text.split("<main")[1].split("</main>")[0]
        return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", main)

    before = shown()
    for _ in range(3):
        make_action(bob)

    assert shown() == before


def test_members_are_in_one_order_whatever_is_asked(client, alice, bob, team):
    for _ in range(3):
        make_action(bob)
    client.force_login(alice)
    address = reverse("teams:members", args=[team.pk])

    orders = [
        [spell.worker for spell in client.get(address, {name: "-actions"}).context["members"]]
        for name in ("sort", "order", "o", "ordering")
    ]

    assert orders == [[alice, bob]] * 4


@pytest.mark.parametrize("n", [1, 3])
def test_members_run_eight_queries(client, alice, team, n, django_assert_num_queries):
    for _ in range(n - 1):
        make_worker(team.agency, teams=[team])
    client.force_login(alice)

    with django_assert_num_queries(8):
        response = client.get(reverse("teams:members", args=[team.pk]))

    assert len(response.context["members"]) == n
