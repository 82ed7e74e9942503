"""Passkeys with a device that Chromium plays, under the policy that pages have: adding one, signing in, confirming."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from teams.models import Session
from tests.browser.conftest import sign_in, violations
from tests.factories import make_worker

pytestmark = pytest.mark.django_db(transaction=True)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(site):
    """The same server by a name: a passkey belongs to one, and never to a number."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def lead(alice):
    """Of whom alice can ask something."""
    return make_worker(alice.agency, "Lea Lead", is_equity_lead=True)


@pytest.fixture
def phone(page):
    """Whose owner can be sent away: then nobody shows a finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    held = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def owner(*, is_there):
        wanted = {"authenticatorId": held, "isUserVerified": is_there}
        devtools.send("WebAuthn.setUserVerified", wanted)

    return owner


def add_passkey(page, named, worker):
    page.goto(named + reverse("account_login"))
    sign_in(page, worker)
    page.goto(named + reverse("mfa_add_webauthn"))
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()


def sign_out(page):
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_passkey_signs_in_alone_and_confirms_after_the_password(page, named, alice, phone, complaints):
    add_passkey(page, named, alice)
    assert Authenticator.objects.get(user=alice, type="webauthn").data["name"] == "My phone"
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Hello, Alice Member")).to_be_visible()
    page.goto(named + reverse("mfa_index"))
    expect(page.get_by_text("My phone, added on")).to_be_visible()
    assert violations(page) == []
    sign_out(page)

    sign_in(page, alice)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("heading", name="Hello, Alice Member")).to_be_visible()
    assert complaints == []


def test_passkey_of_a_device_that_its_owner_does_not_unlock_signs_nobody_in(page, named, alice, phone):
    add_passkey(page, named, alice)
    sign_out(page)
    phone(is_there=False)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("That did not work.")).to_be_visible()
    page.goto(named)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_what_was_typed_comes_back_after_signing_in_with_a_passkey(page, named, alice, lead, phone):
    add_passkey(page, named, alice)
    page.goto(named + reverse("actions:ask_new"))
    page.get_by_label("What do you need?").fill("An hour to prepare.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("What you typed is on this page")).to_be_visible()

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_label("What do you need?")).to_have_value("An hour to prepare.")


def test_address_without_a_name_offers_no_passkey(page, site, alice):
    page.goto(site + reverse("account_login"))

    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(page, alice)
    page.goto(site + reverse("mfa_add_webauthn"))
    expect(page.get_by_text("This browser or this address cannot use passkeys.")).to_be_visible()


# The warning before a session ends ----------------------------------------------------------------------------------


def test_session_says_that_it_is_about_to_end_and_stays_for_a_click(page, site, alice):
    page.clock.install()
    page.goto(site + reverse("account_login"))
    sign_in(page, alice)
    expect(page.get_by_role("heading", name="Hello, Alice Member")).to_be_visible()
    page.wait_for_load_state()  # the script counts from when it came
    warning = page.get_by_text("because nothing happened here for a while")
    page.clock.fast_forward("26:30")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:40")
    expect(warning).to_be_visible()
    assert violations(page) == []

    with page.expect_response(lambda response: response.url.endswith(reverse("teams:stay"))) as answer:
        page.get_by_role("button", name="Stay signed in").click()

    assert answer.value.status == 204
    expect(warning).to_be_hidden()


def test_session_that_has_ended_says_so_and_keeps_what_was_typed(page, site, alice, lead):
    page.clock.install()
    page.goto(site + reverse("account_login"))
    sign_in(page, alice)
    page.goto(site + reverse("actions:ask_new"))
    page.get_by_label("What do you need?").fill("An hour to prepare.")
    Session.objects.all().delete()
    page.clock.fast_forward("27:10")

    page.get_by_role("button", name="Stay signed in").click()

    expect(page.get_by_text("You are signed out. What you typed stays on this page")).to_be_visible()
    expect(page.get_by_label("What do you need?")).to_have_value("An hour to prepare.")
