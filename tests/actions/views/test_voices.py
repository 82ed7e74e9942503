import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import voices
from actions.models import VoiceCount, VoiceLink
from actions.views.voices import LIMITS
from tests.factories import make_action, make_commitment, make_initiative, make_own_commitment

THANKS = reverse("actions:voice_thanks")
NOT_STORED = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture
def initiative(lead):
    return make_initiative(lead)


def address(token):
    return reverse("actions:voice", args=[token])


def make_token(initiative):
    return voices.make_link(initiative, days=30, now=timezone.now())


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main")[0]))


# For those whom it concerns ----------------------------------------------------------------------------------------


def test_page_says_what_was_done_and_promised_without_names_or_notes(client, initiative, alice):
    action = make_action(alice, initiative=initiative, note="Canary note", done_on=alice.today())
    make_action(alice, initiative=initiative, visibility="counted")
    make_commitment(action, status="kept", kept_on=alice.today())
    make_own_commitment(alice, initiative=initiative, text="Canary promise", visibility="shared")

    response = client.get(address(make_token(initiative)))

    assert response.status_code == 200
    text = plain(response.text)
    for told in (initiative.title, initiative.aim, f"{action.practice.name} 1", "Open 1", "Kept 1"):
        assert told in text
    hidden = ["Canary", alice.name, alice.memberships.get().team.name, "<script>", str(action.pk)]
    assert [each for each in hidden if each in response.text] == []


@pytest.mark.parametrize("said", ["yes", "partly", "no"])
def test_answer_is_counted_and_thanked_for_at_another_address(client, initiative, said):
    response = client.post(address(make_token(initiative)), {"answer": said}, follow=True)

    assert response.redirect_chain == [(THANKS, 302)]
    assert "Thank you" in response.text
    assert list(VoiceCount.objects.values_list("answer", "n")) == [(said, 1)]


def test_answer_needs_neither_cookie_nor_origin(initiative):
    browser = Client(enforce_csrf_checks=True)

    response = browser.post(address(make_token(initiative)), {"answer": "yes"}, headers={"origin": "null"})

    assert (response.status_code, response.url) == (302, THANKS)


def test_staff_who_are_signed_in_see_the_page_and_cannot_answer(client, initiative, lead):
    token = make_token(initiative)
    client.force_login(lead)

    shown, sent = client.get(address(token)), client.post(address(token), {"answer": "yes"})

    assert (shown.status_code, sent.status_code) == (200, 403)
    assert ("You are signed in as staff" in shown.text, 'name="answer"' in shown.text) == (True, False)
    assert not VoiceCount.objects.exists()
    assert Client().post(address(token), {"answer": "no"}).status_code == 302


def test_second_answer_changes_nothing(client, initiative):
    url = address(make_token(initiative))

    answers = [client.post(url, {"answer": said}).status_code for said in ("yes", "no")]

    assert answers == [302, 404]
    assert list(VoiceCount.objects.values_list("answer", "n")) == [("yes", 1)]


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}])
def test_no_answer_is_asked_for_again_and_leaves_the_link_open(client, initiative, data):
    response = client.post(address(make_token(initiative)), data)

    assert response.status_code == 422
    assert response.context["form"].errors == {"answer": ["Choose one of the three answers."]}
    assert VoiceLink.objects.filter(is_answered=False).count() == 1


def test_opening_the_page_uses_nothing_up(client, initiative):
    url = address(make_token(initiative))

    assert [client.get(url).status_code for _ in range(3)] == [200, 200, 200]
    assert client.post(url, {"answer": "yes"}).status_code == 302


def test_closed_links_answer_alike_whatever_closed_them(client, initiative):
    revoked, answered, expired = (make_token(initiative) for _ in range(3))
    voices.answer(answered, "yes", now=timezone.now())
    links = list(VoiceLink.objects.order_by("pk"))
    voices.revoke(links[0], now=timezone.now())
    VoiceLink.objects.filter(pk=links[2].pk).update(expires_at=timezone.now())

    answers = [client.get(address(token)) for token in (revoked, answered, expired, "unknown")]

    assert [response.status_code for response in answers] == [404] * 4
    assert len({plain(response.text) for response in answers}) == 1
    assert initiative.title not in answers[0].text


def test_headers_keep_the_page_and_its_address_to_its_reader(client, initiative):
    token = make_token(initiative)
    answers = [client.get(address(token)), client.get(address("x")), client.get(THANKS)]

    kept = [(each["Cache-Control"], each["Referrer-Policy"], each["X-Robots-Tag"]) for each in answers]

    assert kept == [(NOT_STORED, "no-referrer", "noindex")] * 3


def spoken(response):
    (language,) = re.findall(r'<html lang="([^"]+)"', response.text)
    (other,) = re.findall(r'href="\?hl=(..)"', response.text)
    return language, other


@pytest.mark.parametrize(("query", "language"), [("", "en"), ("?hl=fr", "fr"), ("?hl=xx", "en")])
def test_page_speaks_the_language_that_the_address_asks_for(client, initiative, query, language):
    response = client.get(address(make_token(initiative)) + query)

    assert spoken(response) == (f"{language}-ca", {"en": "fr", "fr": "en"}[language])
    assert client.cookies.get("django_language") is None


def test_language_stays_for_the_thanks(client, initiative):
    response = client.post(f"{address(make_token(initiative))}?hl=fr", {"answer": "yes"}, follow=True)

    assert response.redirect_chain == [(f"{THANKS}?hl=fr", 302)]
    assert spoken(response) == ("fr-ca", "en")


def test_same_token_is_limited(client, initiative):
    url = address(make_token(initiative))
    most = int(LIMITS["token"].split("/")[0])

    told = [client.get(url).status_code for _ in range(most + 1)]

    assert told == [200] * most + [429]
    assert client.get(address(make_token(initiative))).status_code == 200


def test_same_network_address_is_limited(client, initiative, monkeypatch):
    monkeypatch.setitem(LIMITS, "address", "3/10m/key")

    told = [client.get(address(f"guess-{n}")).status_code for n in range(4)]
    elsewhere = client.get(address("guess-5"), REMOTE_ADDR="192.0.2.7").status_code

    assert (told, elsewhere) == ([404, 404, 404, 429], 404)


def test_network_of_ipv6_addresses_is_limited_as_one(client, initiative, monkeypatch):
    monkeypatch.setitem(LIMITS, "address", "2/10m/key")
    senders = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:9::1"]

    answers = [client.get(address(make_token(initiative)), REMOTE_ADDR=sender).status_code for sender in senders]

    assert answers == [200, 200, 429, 200]


def test_limits_keep_no_network_address_and_no_token(client, initiative):
    token = make_token(initiative)
    client.get(address(token), REMOTE_ADDR="192.0.2.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM django_cache")
        rows = cursor.fetchall()

    assert len(rows) >= 2
    assert [row for row in rows if "192.0.2.7" in str(row) or token in str(row)] == []


# For the lead ------------------------------------------------------------------------------------------------------


def test_lead_is_shown_a_new_link_once(client, lead, initiative):
    url = reverse("actions:voice_links", args=[initiative.pk])
    client.force_login(lead)

    made = client.post(url, {"lasts": "weeks"})
    later = client.get(url)

    link = made.context["address"]
    assert link in made.text
    assert Client().get(link.partition("8000")[2] or link).status_code == 200
    assert "/voice/" not in later.text
    assert list(later.context["links"]) == [VoiceLink.objects.get()]


def test_lead_is_not_told_which_links_were_answered(client, lead, initiative):
    token = make_token(initiative)
    url = reverse("actions:voice_links", args=[initiative.pk])
    client.force_login(lead)
    before = plain(client.get(url).text).partition("What came back")[0]

    voices.answer(token, "no", now=timezone.now())

    assert plain(client.get(url).text).partition("What came back")[0] == before


def test_taken_back_link_is_closed(client, lead, initiative):
    token = make_token(initiative)
    client.force_login(lead)

    response = client.post(reverse("actions:voice_revoke", args=[VoiceLink.objects.get().pk]))

    assert response.url == reverse("actions:voice_links", args=[initiative.pk])
    assert client.get(address(token)).status_code == 404


def test_links_of_others_are_not_found(client, initiative, alice, charlie):
    make_token(initiative)
    urls = [
        reverse("actions:voice_links", args=[initiative.pk]),
        reverse("actions:voice_revoke", args=[VoiceLink.objects.get().pk]),
    ]
    told = []
    for worker in (alice, charlie):
        client.force_login(worker)
        told += [client.post(url, {"lasts": "weeks"}).status_code for url in urls]

    assert told == [404] * 4
    assert VoiceLink.objects.get().revoked_at is None


def test_unknown_duration_makes_no_link(client, lead, initiative):
    client.force_login(lead)

    response = client.post(reverse("actions:voice_links", args=[initiative.pk]), {"lasts": "ever"})

    assert (response.status_code, VoiceLink.objects.count()) == (422, 0)
