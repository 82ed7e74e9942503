"""Sessions and proofs of who signs in, taken over, planted or made up."""

import json

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings
from django.urls import reverse

from teams.models import Session
from tests.factories import PASSWORD

COOKIE = settings.SESSION_COOKIE_NAME
HOME, SIGN_IN = reverse("actions:home"), reverse("account_login")
PARTS = ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject")
# What comes instead of the answer of a device.
CREDENTIALS = [
    "",
    "null",
    "[]",
    "{}",
    "1",
    '"a"',
    "{",
    '{"id": null}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "eA", "authenticatorData": "eA"}}',
    json.dumps({"id": "a" * 5000, "rawId": "\x00", "type": [], "response": {"userHandle": "%00", "signature": 1}}),
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": dict.fromkeys(PARTS, "e30")}),
]


def signed_in(client):
    return client.get(HOME).status_code == 200


def test_cookie_that_is_changed_or_made_up_is_nobodys(world, client):
    client.force_login(world.people["alice"])
    key = client.cookies[COOKIE].value
    name = Session.objects.get(pk=key).name
    made_up = [
        "",
        "x",
        key[:-1],
        key + "a",
        key.swapcase(),
        name,
        str(world.people["alice"].pk),
        "../" + key,
        f"{key},{key}",
    ]
    made_up += ["'; DROP TABLE teams_session; --", "%00", "\u00e9" * 32, "a" * 4000, "\u00b2" * 32]

    answers = {}
    for text in made_up:
        other = Client(raise_request_exception=False)
        answers[text] = other.get(
            HOME, HTTP_COOKIE=f"{COOKIE}={text}; django_language={text}; messages={text}"
        ).status_code

    assert answers == dict.fromkeys(made_up, 302)
    assert client.get(HOME, HTTP_COOKIE=f"{COOKIE}={key}").status_code == 200


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_session_that_was_planted_before_the_sign_in_is_not_the_one_that_is_signed_in(world, client):
    """Whoever brings a browser to use a session of hers does not get in with it."""
    alice = world.people["alice"]
    alice.password = make_password(PASSWORD)
    alice.save()
    mallory = Client()
    mallory.force_login(world.people["charlie"])
    planted = mallory.cookies[COOKIE].value
    client.cookies[COOKIE] = planted
    client.post(SIGN_IN, {"login": alice.email, "password": PASSWORD})
    client.cookies[COOKIE] = "madeupbymallorymadeupbymallory12"
    client.post(SIGN_IN, {"login": alice.email, "password": PASSWORD})

    assert client.cookies[COOKIE].value not in {planted, "madeupbymallorymadeupbymallory12"}
    assert signed_in(client)
    assert mallory.get(HOME).context is None or mallory.get(HOME).context["user"] != alice


@pytest.mark.parametrize("path", [reverse("mfa_login_webauthn"), reverse("mfa_add_webauthn")])
def test_made_up_answer_of_a_device_signs_nobody_in_and_adds_no_key(world, path):
    """With a question that was asked before, and without."""
    wrong = []
    for asks in (False, True):
        for credential in CREDENTIALS:
            client = Client(raise_request_exception=False)
            if path == reverse("mfa_add_webauthn"):
                client.force_login(world.people["bob"])
            if asks:
                client.get(path, headers={"x-requested-with": "XMLHttpRequest", "accept": "application/json"})
                client.get(path)
            answer = client.post(path, {"credential": credential, "name": "Mine"})
            if answer.status_code >= 500:
                wrong.append((asks, credential[:80], answer.status_code))
            if path == reverse("mfa_login_webauthn"):
                assert not signed_in(client)
    assert wrong == []
    assert not world.people["bob"].authenticator_set.exists()


def test_pages_of_a_person_are_stored_by_no_cache(attacker):
    """By none between her and us either: the answer says that it differs by cookie, or forbids it outright."""
    for path in ("/", "/my/record/", "/my/reflections/", "/my/record/export/json/", "/nowhere/", "/agency/people/"):
        answer = attacker.strike("alice", "get", path).response
        assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(","))
