"""Signing in by an agency's own account, against providers over real HTTP: one of somebody else's making, and a liar."""

import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import pytest
import urllib3
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams import accounts, invitations
from teams.invitations import Offer
from teams.models import Agency, FactorSource, Invitation, LinkedAccount, Provider, Worker
from teams.signing_in import providers, second_factors
from teams.signing_in.providers import Setup
from tests.actions.factories import make_reflection
from tests.factories import PASSWORD, code_of, make_agency, make_worker
from tests.provider import CLIENT, SECRET, address_asked, asked, provider_server, public, rsa_key, signed
from tests.teams.signing_in.test_typed import hidden

SIGN_IN, HOME = reverse("teams:agency_account"), reverse("actions:home")
LINK, UNLINK = reverse("teams:agency_account_link"), reverse("teams:agency_account_unlink")
SECURITY = reverse("mfa_index")
HTTP = urllib3.PoolManager()
APP = "A" * 32  # the secret of an authenticator app


@pytest.fixture
def server():
    with provider_server() as said:
        yield said


@pytest.fixture
def provider(agency, server):
    return set_up(agency, server.issuer)


def set_up(agency, issuer, **changes):
    values = {"is_required": False, "second_factor": FactorSource.OURS, "acr": ""} | changes
    setup = Setup(issuer=issuer, client_id=CLIENT, secret=SECRET, **values)
    return providers.save(agency, setup, seen=Agency.objects.get(pk=agency.pk).version, by=None)


def linked(provider, subject="subject-1", **changes):
    worker = make_worker(provider.agency, password=PASSWORD, **changes)
    providers.link(worker, provider, subject, now=timezone.now())
    return worker


def set_out(client, agency, **more):
    return address_asked(client.post(SIGN_IN, {"agency": agency.slug, **more}))


def way_back(address):
    """Where the provider sends the browser, as an address of ours."""
    answer = HTTP.request("GET", address, redirect=False)
    assert answer.status == 302
    return answer.headers["Location"].removeprefix(settings.SITE_URL)


def come_back(client, agency, **more):
    return client.get(way_back(set_out(client, agency, **more)))


def reader_of(client):
    response = client.get(HOME)
    return response.context["user"] if response.status_code == 200 else None


# A provider of somebody else's making ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def foreign_issuer():
    """It takes a port that is free, and says which once it listens, however long that takes."""
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", "0", "--require-nonce"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        said = (re.search(r"running on http://127\.0\.0\.1:(\d+)", line) for line in process.stderr)
        port = next(found[1] for found in said if found)
        yield f"http://localhost:{port}"
        process.terminate()


def test_a_real_provider_process_signs_in_who_has_linked_her_account(client, agency, foreign_issuer):
    provider = set_up(agency, foreign_issuer)
    worker = linked(provider, "amara@provider")

    address = set_out(client, agency)
    answer = HTTP.request("POST", address, fields={"sub": "amara@provider"}, redirect=False, encode_multipart=False)
    response = client.get(answer.headers["Location"].removeprefix(settings.SITE_URL))

    assert (response.status_code, response.url, reader_of(client)) == (302, HOME, worker)


# Signing in -----------------------------------------------------------------------------------------------------------


def test_account_there_opens_the_one_that_is_linked(client, agency, server, provider):
    worker = linked(provider)

    response = come_back(client, agency)

    assert (response.status_code, response.url, reader_of(client)) == (302, HOME, worker)


def test_provider_is_asked_for_nothing_but_who_it_is_with_pkce_state_and_nonce(client, agency, server, provider):
    first, second = asked(set_out(client, agency)), asked(set_out(client, agency))

    fixed = {
        "response_type": "code",
        "client_id": CLIENT,
        "scope": "openid",
        "redirect_uri": f"{settings.SITE_URL}/accounts/agency/{agency.slug}/back/",
        "code_challenge_method": "S256",
    }
    assert {name: first[name] for name in fixed} == fixed
    assert {name for name in first if first[name] != second[name]} == {"state", "nonce", "code_challenge"}


def test_sign_in_leads_to_the_page_that_was_asked_for(client, agency, server, provider):
    linked(provider)
    wanted = reverse("actions:record")

    assert come_back(client, agency, next=wanted).url == wanted


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_leads_to_our_own_pages_only(client, agency, server, provider, address):
    linked(provider)

    assert come_back(client, agency, next=address).url == HOME


def test_what_was_typed_comes_back_after_a_sign_in_there(client, agency, server, provider):
    worker = linked(provider)
    typed = urlencode({"note": "Half a sentence", "_writer": str(worker.pk)})

    response = come_back(client, agency, next=reverse("actions:log"), _typed=typed)

    assert response.status_code == 200
    assert "Half a sentence" in response.text


def test_session_is_another_one_after_the_sign_in(client, agency, server, provider):
    linked(provider)
    back = way_back(set_out(client, agency))
    before = client.session.session_key

    client.get(back)

    assert client.session.session_key != before


# What is not believed -------------------------------------------------------------------------------------------------


def forged(claims, *, header):
    """By hand: the library would refuse to make it."""

    def part(content):
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")

    said = part(header) + b"." + part(claims)
    secret = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key("its own").public_key()).encode()
    mac = b"" if header["alg"] == "none" else hmac.digest(secret, said, hashlib.sha256)
    return (said + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


LIES = {
    "nonce of another attempt": {"claims": {"nonce": "of-another-attempt"}},
    "no nonce": {"claims": {"nonce": None}},
    "for another audience": {"claims": {"aud": "another-client"}},
    "for others as well, and not said to be for us": {"claims": {"aud": [CLIENT, "another-client"]}},
    "asked for by another client": {"claims": {"azp": "another-client"}},
    "by another issuer": {"claims": {"iss": "https://login.elsewhere.example"}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "without an end": {"claims": {"exp": None}},
    "not begun": {"claims": {"iat": 4_000_000_000, "exp": 4_000_000_900}},
    "without a subject": {"claims": {"sub": None}},
    "with an empty subject": {"claims": {"sub": ""}},
    "signed by another key": {"sign": lambda claims: signed(claims, key="another's")},
    "signed by a key that it does not list": {"sign": lambda claims: signed(claims, kid="two")},
    "not signed": {"sign": lambda claims: forged(claims, header={"alg": "none"})},
    "signed with the public key as a secret": {
        "sign": lambda claims: forged(claims, header={"alg": "HS256", "kid": "one"})
    },
    "no token at all": {"sign": lambda claims: "not.a.token"},
    "state of another attempt": {"answer": {"state": "of-another-attempt"}},
    "no state": {"answer": {"state": None}},
    "an answer of another issuer": {"answer": {"iss": "https://login.elsewhere.example"}},
    "an answer that does not say whose it is": {"answer": {"iss": None}},
    "no code": {"answer": {"code": None}},
    "a code that it never gave": {"answer": {"code": "made-up"}},
    "an error": {"answer": {"code": None, "error": "access_denied"}},
    "a key for encrypting": {"keys": [public(use="enc")]},
    "no keys": {"keys": []},
    "two keys of one name": {"keys": [public(), public("another's")]},
}


@pytest.mark.parametrize("lie", LIES)
def test_answer_that_is_wrong_in_one_thing_signs_nobody_in(client, agency, server, provider, lie):
    linked(provider)
    for name, value in LIES[lie].items():
        setattr(server, name, value)

    response = come_back(client, agency)

    assert (response.status_code, reader_of(client)) == (403, None)
    assert "was not finished" in response.text


def test_answer_is_taken_once(client, agency, server, provider):
    linked(provider)
    back = way_back(set_out(client, agency))
    client.get(back)
    client.logout()

    response = client.get(back)

    assert (response.status_code, reader_of(client)) == (403, None)


def test_answer_is_taken_only_in_the_browser_that_asked(client, client_of_another, agency, server, provider):
    linked(provider)
    back = way_back(set_out(client, agency))
    set_out(client_of_another, agency)

    assert [client_of_another.get(back).status_code, reader_of(client_of_another)] == [403, None]


@pytest.fixture
def client_of_another():
    return Client()


def test_code_that_was_used_signs_nobody_in(client, agency, server, provider):
    linked(provider)
    back = way_back(set_out(client, agency))
    code = re.search(r"code=([^&]+)", back)[1]
    server.codes.pop(code)  # somebody else was quicker

    assert (client.get(back).status_code, reader_of(client)) == (403, None)


@pytest.mark.parametrize("verifier", ["", "of-another-attempt"])
def test_code_without_its_verifier_signs_nobody_in(client, agency, server, provider, verifier):
    linked(provider)
    back = way_back(set_out(client, agency))
    session = client.session
    session["agency_account"] = session["agency_account"] | {"verifier": verifier}
    session.save()

    assert (client.get(back).status_code, reader_of(client)) == (403, None)
    assert server.asked[-1]["code_verifier"] == verifier


def test_answer_after_ten_minutes_is_too_late(client, agency, server, provider, time_machine):
    linked(provider)
    back = way_back(set_out(client, agency))
    time_machine.move_to(timezone.now() + timedelta(minutes=10, seconds=1))

    assert (client.get(back).status_code, reader_of(client)) == (403, None)


def test_answer_to_the_address_of_another_agency_is_not_taken(client, agency, server, provider, charlie):
    linked(provider)
    set_up(charlie.agency, server.issuer)
    back = way_back(set_out(client, agency))

    response = client.get(back.replace(f"/{agency.slug}/", f"/{charlie.agency.slug}/"))

    assert (response.status_code, reader_of(client)) == (403, None)


def test_same_subject_of_another_agencys_provider_opens_nothing_here(client, agency, server, provider, other_team):
    linked(provider)
    with provider_server() as other:
        set_up(other_team.agency, other.issuer)
        response = come_back(client, other_team.agency)

    assert (response.status_code, reader_of(client)) == (403, None)


def test_agency_that_names_anothers_issuer_gets_nobody_of_it(client, agency, server, provider, other_team):
    """The same issuer and the same subject, come by another agency."""
    linked(provider)
    set_up(other_team.agency, server.issuer)

    assert (come_back(client, other_team.agency).status_code, reader_of(client)) == (403, None)


def test_issuer_that_was_changed_opens_no_account_of_before(client, agency, server, provider):
    linked(provider)
    with provider_server() as other:
        set_up(agency, other.issuer)
        assert (come_back(client, agency).status_code, reader_of(client)) == (403, None)


def test_same_address_opens_no_account(client, agency, server, provider):
    worker = make_worker(agency)
    server.claims = {"email": worker.email, "email_verified": True}

    response = come_back(client, agency)

    assert (response.status_code, reader_of(client), LinkedAccount.objects.count()) == (403, None, 0)
    assert "No account here belongs to the one" in response.text


def test_closed_account_stays_closed_and_looks_like_none(client, agency, server, provider):
    worker = linked(provider)
    nobody = make_worker(agency)
    accounts.deactivate(worker, now=timezone.now(), by=nobody)
    closed = come_back(client, agency)
    server.subject = "unknown"

    assert come_back(client, agency).text.split("<main")[1] == closed.text.split("<main")[1]
    assert reader_of(client) is None


def test_refused_answer_is_logged_without_the_person(client, agency, server, provider, caplog):
    linked(provider)
    server.claims = {"aud": "another-client"}

    come_back(client, agency)

    assert [record.getMessage() for record in caplog.records if record.name.startswith("teams")] == [
        f"A sign-in at {agency.slug} was not believed: InvalidAudienceError"
    ]


# The agency's short name ----------------------------------------------------------------------------------------------


def test_agency_without_a_sign_in_of_its_own_is_told_like_one_that_does_not_exist(client, agency):
    answers = [client.post(SIGN_IN, {"agency": slug}) for slug in (agency.slug, "nowhere")]

    told = [re.findall(r"No agency of this short name[^<]+", answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert told[0] == told[1] != []


def test_provider_that_is_away_is_said(client, agency, server, provider):
    server.raw = {"/.well-known/openid-configuration": lambda handler: handler.tell({}, status=503)}

    response = client.post(SIGN_IN, {"agency": agency.slug})

    assert (response.status_code, "does not answer just now" in response.text) == (503, True)


def test_password_typed_before_goes_nowhere(client, agency, server, provider):
    """The button stands on the sign-in page, and sends all of its form."""
    response = client.post(SIGN_IN, {"login": "a@example.org", "password": "typed-by-mistake"})

    assert (response.status_code, "typed-by-mistake" in response.text) == (200, False)


# Linking --------------------------------------------------------------------------------------------------------------


def link(client):
    return client.get(way_back(address_asked(client.post(LINK))))


def signed_in(client, worker):
    """A moment ago, with the password."""
    client.post(reverse("account_login"), {"login": worker.email, "password": PASSWORD})


def test_owner_links_her_account_while_signed_in(client, agency, server, provider, mailoutbox):
    worker = make_worker(agency, password=PASSWORD)
    signed_in(client, worker)

    response = link(client)
    client.logout()
    come_back(client, agency)

    assert (response.url, reader_of(client)) == (SECURITY, worker)
    account = LinkedAccount.objects.get()
    assert (account.worker, account.issuer, account.subject) == (worker, server.issuer, "subject-1")


def test_account_there_is_linked_to_one_person_alone(client, agency, server, provider):
    first, second = linked(provider), make_worker(agency, password=PASSWORD)
    signed_in(client, second)

    response = link(client)

    assert (response.status_code, [row.worker for row in LinkedAccount.objects.all()]) == (409, [first])


def test_answer_to_a_link_of_somebody_else_links_nothing(client, agency, server, provider):
    alice, bob = make_worker(agency, password=PASSWORD), make_worker(agency, password=PASSWORD)
    signed_in(client, alice)
    back = way_back(address_asked(client.post(LINK)))
    asked = client.session["agency_account"]
    client.logout()
    signed_in(client, bob)
    session = client.session
    session["agency_account"] = asked
    session.save()

    assert (client.get(back).status_code, LinkedAccount.objects.count()) == (403, 0)


def test_link_asks_again_who_it_is_after_a_while(client, agency, server, provider, time_machine):
    worker = make_worker(agency, password=PASSWORD)
    signed_in(client, worker)
    time_machine.move_to(timezone.now() + timedelta(minutes=6))

    response = client.post(LINK)

    assert response.url.startswith(reverse("account_reauthenticate"))


def test_unlinked_account_opens_nothing_any_more(client, agency, server, provider):
    worker = linked(provider)
    signed_in(client, worker)

    response = client.post(UNLINK)
    client.logout()

    assert (response.url, come_back(client, agency).status_code, reader_of(client)) == (SECURITY, 403, None)


def test_agency_without_a_sign_in_of_its_own_links_nothing(client, agency):
    signed_in(client, make_worker(agency, password=PASSWORD))

    assert client.post(LINK).status_code == 404


# Joining --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def invitation(agency):
    admin = make_worker(agency, is_admin=True)
    invitations.invite(agency, ["new@example.org"], offer=Offer("en"), now=timezone.now(), by=admin)
    return Invitation.objects.get()


def set_out_to_join(client, invitation):
    address = reverse("teams:join_by_account", args=[invitations.token(invitation)])
    return client.post(address, {"name": "Noor New", "language": "fr"})


def test_invited_person_joins_by_her_agencys_account(client, agency, server, provider, invitation):
    response = client.get(way_back(address_asked(set_out_to_join(client, invitation))))

    worker = reader_of(client)
    assert (response.url, worker.email, worker.name, worker.language) == (HOME, "new@example.org", "Noor New", "fr")
    assert (worker.has_usable_password(), worker.linked_account.subject) == (False, "subject-1")


def test_invitation_that_was_taken_back_meanwhile_lets_nobody_in(client, agency, server, provider, invitation):
    address = address_asked(set_out_to_join(client, invitation))
    invitations.revoke(invitation, now=timezone.now(), by=None)

    client.get(way_back(address))

    assert (reader_of(client), Worker.objects.filter(email="new@example.org").exists()) == (None, False)


def test_linked_account_joins_no_second_time(client, agency, server, provider, invitation):
    linked(provider)

    response = client.get(way_back(address_asked(set_out_to_join(client, invitation))))

    assert (response.status_code, Worker.objects.filter(email="new@example.org").exists()) == (409, False)
    assert invitations.is_open(invitation, now=timezone.now())


def test_nobody_is_signed_up_without_an_invitation(client, agency, server, provider):
    before = Worker.objects.count()

    come_back(client, agency)

    assert Worker.objects.count() == before


# Where everybody signs in there ---------------------------------------------------------------------------------------


def test_password_of_who_has_linked_opens_nothing_where_the_agency_says_so(client, agency, server):
    worker = linked(set_up(agency, server.issuer, is_required=True))

    response = client.post(reverse("account_login"), {"login": worker.email, "password": PASSWORD})

    assert (response.url, reader_of(client)) == (providers.sign_in_address(agency), None)
    assert come_back(client, agency).url == HOME


def test_wrong_password_tells_nothing_of_it(client, agency, server):
    worker = linked(set_up(agency, server.issuer, is_required=True))

    answers = [
        client.post(reverse("account_login"), {"login": address, "password": "wrong-horse-battery"})
        for address in (worker.email, "nobody@example.org")
    ]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_who_has_not_linked_does_so_before_anything_else(client, agency, server):
    set_up(agency, server.issuer, is_required=True)
    worker = make_worker(agency, password=PASSWORD)
    signed_in(client, worker)

    before = client.get(HOME)
    shown = client.get(SECURITY)
    link(client)

    assert (before.url, "before anything else opens" in shown.text) == (SECURITY, True)
    assert reader_of(client) == worker


def test_admin_keeps_her_password_and_is_held_up_by_nothing(client, agency, server):
    admin = linked(set_up(agency, server.issuer, is_required=True), is_admin=True)

    signed_in(client, admin)

    assert reader_of(client) == admin


def test_invited_person_cannot_choose_a_password_there(client, agency, server, invitation):
    set_up(agency, server.issuer, is_required=True)
    token = invitations.token(invitation)

    assert client.get(reverse("teams:join", args=[token])).url == reverse("teams:join_by_account", args=[token])


def test_account_stays_linked_there(client, agency, server):
    worker = linked(set_up(agency, server.issuer, is_required=True))
    come_back(client, agency)

    client.post(UNLINK)

    assert LinkedAccount.objects.get().worker == worker


def test_removed_sign_in_lets_passwords_in_again(client, agency, server):
    worker = linked(set_up(agency, server.issuer, is_required=True))
    providers.remove(agency, seen=Agency.objects.get(pk=agency.pk).version, by=None)

    signed_in(client, worker)

    assert reader_of(client) == worker


# The second factor ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "acr", "claims", "is_enough"),
    [
        (FactorSource.OURS, "", {"amr": ["mfa"]}, False),
        (FactorSource.SAID, "", {"amr": ["pwd", "mfa"]}, True),
        (FactorSource.SAID, "", {"amr": ["pwd"]}, False),
        (FactorSource.SAID, "", {"amr": "mfa"}, False),
        (FactorSource.SAID, "", {}, False),
        (FactorSource.SAID, "gold", {"acr": "gold"}, True),
        (FactorSource.SAID, "gold", {"acr": "silver", "amr": ["mfa"]}, False),
        (FactorSource.TRUSTED, "", {}, True),
    ],
)
def test_second_factor_of_the_agencys_account_is_enough_where_it_is_said(
    client, agency, server, settings, choice, acr, claims, is_enough
):
    settings.SECOND_FACTOR_REQUIRED = True
    linked(set_up(agency, server.issuer, second_factor=choice, acr=acr), is_equity_lead=True)
    server.claims = claims

    come_back(client, agency)

    assert (client.get(HOME).status_code == 200) is is_enough


def enrol(worker):
    worker.authenticator_set.create(type="totp", data={"secret": second_factors.Adapter().encrypt(APP)})


@pytest.mark.parametrize("choice", [FactorSource.OURS, FactorSource.SAID, FactorSource.TRUSTED])
def test_own_second_factor_is_asked_for_whatever_the_agencys_account_says(client, agency, server, choice):
    """Whoever has that server, or says which it is, would else come in as anybody."""
    worker = linked(set_up(agency, server.issuer, second_factor=choice))
    enrol(worker)
    server.claims = {"amr": ["mfa"]}

    response = come_back(client, agency)

    assert (response.url, reader_of(client)) == (reverse("mfa_authenticate"), None)
    client.post(response.url, {"code": code_of(APP)})
    assert reader_of(client) == worker


def test_second_factor_that_was_set_up_meanwhile_is_asked_for_too(client, agency, server, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    lead = linked(set_up(agency, server.issuer, second_factor=FactorSource.TRUSTED), is_equity_lead=True)
    come_back(client, agency)
    before = reader_of(client)
    enrol(lead)

    assert (before, client.get(HOME).url) == (lead, reverse("mfa_reauthenticate"))


# What it does not open ----------------------------------------------------------------------------------------------


def test_admin_who_names_a_server_of_her_own_reads_no_reflection_of_a_worker(client, agency, server, settings):
    """All that she can set, and a subject that she makes up: the rest is in tests/teams/signing_in/test_own_means.py."""
    settings.SECOND_FACTOR_REQUIRED = True
    worker = linked(set_up(agency, server.issuer, is_required=True, second_factor=FactorSource.TRUSTED))
    make_reflection(worker, "What I saw in myself.")

    come_back(client, agency)
    pages = [client.get(reverse(name), follow=True) for name in ("actions:reflections", "actions:export")]

    assert reader_of(client) == worker
    assert [page.redirect_chain[-1][0].split("?")[0] for page in pages] == [reverse("account_reauthenticate")] * 2
    assert ["What I saw" in page.text for page in pages] == [False, False]
    assert "By your agency’s account." in client.get(reverse("teams:sessions")).text


def test_reflection_typed_before_a_sign_in_there_comes_back_once_she_has_confirmed(client, agency, server, provider):
    worker = linked(provider)
    address = reverse("actions:reflection_new")
    typed = urlencode({"text": "Half a sentence", "_writer": str(worker.pk)})

    back = come_back(client, agency, next=address, _typed=typed)
    page = client.post(address, dict(hidden(back)), follow=True)
    confirmed = client.post(page.redirect_chain[-1][0], dict(hidden(page)) | {"password": PASSWORD})

    assert ("text", "Half a sentence") in hidden(confirmed)


# Setting it up --------------------------------------------------------------------------------------------------------

SETTINGS = reverse("teams:provider")


@pytest.fixture
def admin(agency, client):
    admin = make_worker(agency, is_admin=True)
    client.force_login(admin)
    return admin


def save(client, agency, issuer, **changes):
    seen = Agency.objects.get(pk=agency.pk).version
    said = {"issuer": issuer, "client_id": CLIENT, "secret": SECRET, "second_factor": "ours", "seen": seen}
    return client.post(SETTINGS, said | changes)


def test_admin_sets_up_the_sign_in(client, agency, admin, server):
    response = save(client, agency, server.issuer)

    provider = Provider.objects.get()
    assert (response.url, provider.agency, provider.issuer) == (reverse("reports:settings"), agency, server.issuer)
    assert (providers.client(provider).secret, SECRET.encode() in bytes(provider.sealed_secret)) == (SECRET, False)


def test_secret_is_shown_nowhere(client, agency, admin, server):
    save(client, agency, server.issuer)

    assert [SECRET in client.get(address).text for address in (SETTINGS, reverse("reports:settings"))] == [False] * 2
    assert SECRET not in save(client, agency, "https://").text


def test_secret_stays_where_none_is_typed_but_goes_to_no_other_server(client, agency, admin, server):
    save(client, agency, server.issuer)
    kept = save(client, agency, server.issuer, secret="", is_required="on")
    with provider_server() as other:
        moved = save(client, agency, other.issuer, secret="")

    provider = Provider.objects.get()
    assert (kept.status_code, moved.status_code) == (302, 422)
    assert (provider.issuer, provider.is_required, providers.client(provider).secret) == (server.issuer, True, SECRET)


def test_a_new_secret_is_recorded_and_the_secret_itself_is_not(client, agency, admin, server):
    save(client, agency, server.issuer)
    save(client, agency, server.issuer, secret="")
    save(client, agency, server.issuer, secret="another one")

    recorded = list(apps.get_model("teams", "ProviderEvent").objects.order_by("pgh_id").values())
    assert [event["pgh_label"] for event in recorded] == ["insert", "update"]
    assert recorded[0]["secret_set_at"] < recorded[1]["secret_set_at"]
    assert recorded[1]["pgh_context"] == {"by": str(admin.pk), "page": "teams:provider"}
    assert not any(secret in str(recorded) for secret in (SECRET, "another one"))


def test_sealed_secret_opens_for_its_own_agency_alone(agency, server, provider, other_team):
    provider.agency = other_team.agency

    with pytest.raises(providers.sealing.CannotOpen):
        providers.client(provider)


def test_second_of_two_admins_overwrites_nothing_unseen(client, agency, admin, server):
    save(client, agency, server.issuer)

    response = save(client, agency, server.issuer, client_id="another", seen=1)

    assert (response.status_code, Provider.objects.get().client_id) == (409, CLIENT)


@pytest.mark.parametrize("role", [{}, {"is_equity_lead": True}])
def test_nobody_but_admins_sets_it_up(client, agency, server, role):
    client.force_login(make_worker(agency, **role))

    assert (save(client, agency, server.issuer).status_code, Provider.objects.count()) == (404, 0)


DESCRIPTIONS = {
    "calls itself by another address": {"issuer": "https://login.elsewhere.example"},
    "does not say where people sign in": {"token_endpoint": None},
    "does not offer the way": {"response_types_supported": ["id_token"]},
    "does not take a client secret": {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    "starts with https://": {"jwks_uri": "http://login.elsewhere.example/keys"},
}


@pytest.mark.parametrize("told", DESCRIPTIONS)
def test_description_that_does_not_do_is_told(client, agency, admin, server, told):
    server.description = DESCRIPTIONS[told]

    response = save(client, agency, server.issuer)

    assert (response.status_code, told in response.text, Provider.objects.count()) == (422, True, 0)


def test_secret_goes_in_the_form_where_the_provider_wants_it_there(client, agency, server, provider):
    worker = linked(provider)
    server.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    come_back(client, agency)

    assert (reader_of(client), server.asked[-1]["client_secret"]) == (worker, SECRET)


def test_admin_removes_it(client, agency, admin, server):
    save(client, agency, server.issuer)

    client.post(reverse("teams:provider_remove"), {"seen": Agency.objects.get(pk=agency.pk).version})

    assert not Provider.objects.exists()


def test_other_agencys_sign_in_is_out_of_reach(client, agency, admin, server, other_team):
    set_up(other_team.agency, server.issuer)

    shown = client.get(SETTINGS).text
    removed = client.post(reverse("teams:provider_remove"), {"seen": 1})

    assert (server.issuer in shown, removed.status_code, Provider.objects.count()) == (False, 404, 1)


def test_agency_of_another_name_links_nothing_of_ours(server, provider):
    with pytest.raises(providers.Taken):
        providers.link(make_worker(make_agency()), provider, "subject-1", now=timezone.now())
