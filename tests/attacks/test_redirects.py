"""Addresses that lead away: wherever an answer goes on to another page, it is one of ours."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from tests.factories import PASSWORD
from tests.sweeps.pages import Page

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")
EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "/%09/evil.example/",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt://testserver/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//testserver@evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "//evil.example\\@testserver/",
    "/\r\nLocation: https://evil.example/",
    "/\x00//evil.example/",
    "////evil.example//..",
    "https://evil\u3002example/",
    "/\u2028/evil.example",
]


def leads_away(address):
    """Whether a browser that is at our site would leave it; it reads a backslash as a slash, and skips tabs and breaks."""
    seen = "".join(letter for letter in address if letter not in "\t\r\n").strip().replace("\\", "/")
    parts = urlsplit(seen)
    return bool(parts.scheme or parts.netloc or seen.startswith("//")) and parts.netloc != "testserver"


def targets(strike):
    """Where the answer goes on, now and after that, and where the forms and links of its page do."""
    found = [
        strike.response.headers[name] for name in ("Location", "HX-Redirect", "Refresh") if name in strike.response
    ]
    found += [address for said in found for address in parse_qs(urlsplit(said).query).get("next", [])]
    if strike.is_html:
        page = Page(strike.text)
        found += [element["action"] for element in page.all("form")] + [element["href"] for element in page.all("a")]
        found += [element["content"] for element in page.all("meta") if element["http-equiv"].lower() == "refresh"]
    return found


def redirects(world):
    """Each place that is told where to go on: who asks, how, at which address, and with what, for an evil address."""
    promise, draft = world.objects["promise"], "0a0b0c0d-0000-4000-8000-00000000000a"
    login = {"login": world.people["alice"].email, "password": PASSWORD}
    return {
        "sign in": lambda evil: ("anonymous", "post", reverse("account_login"), login | {"next": evil}),
        "sign in, in the address": lambda evil: (
            "anonymous", "post", f"{reverse('account_login')}?next={quote(evil)}", login,
        ),
        "sign-in page": lambda evil: ("anonymous", "get", f"{reverse('account_login')}?next={quote(evil)}", None),
        "signed in already": lambda evil: ("alice", "get", f"{reverse('account_login')}?next={quote(evil)}", None),
        "sign-in, with what was typed": lambda evil: (
            "anonymous", "post", reverse("account_login"), login | {"next": evil, "_typed": "note=a"},
        ),
        "code by mail": lambda evil: (
            "anonymous", "post", reverse("account_request_login_code"), {"email": "nobody@example.org", "next": evil},
        ),
        "passkey": lambda evil: ("anonymous", "post", reverse("mfa_login_webauthn"), {"credential": "{}", "next": evil}),
        "sign out": lambda evil: ("alice", "post", f"{reverse('account_logout')}?next={quote(evil)}", {"next": evil}),
        "language": lambda evil: ("anonymous", "post", reverse("teams:language"), {"_language": "fr", "next": evil}),
        "language, in the address": lambda evil: (
            "alice", "post", f"{reverse('teams:language')}?next={quote(evil)}", {"_language": "fr"},
        ),
        "visibility": lambda evil: (
            "alice", "post", f"{reverse('teams:visibility')}?next={quote(evil)}", {"default_visibility": "private"},
        ),
        "a commitment kept": lambda evil: ("alice", "post", reverse("actions:keep", args=[promise]), {"next": evil}),
        "again with a password": lambda evil: (
            "alice", "post", reverse("account_reauthenticate"), {"password": PASSWORD, "next": evil},
        ),
        "a draft": lambda evil: (
            "alice", "post", reverse("actions:draft_keep"), {"key": draft, "_address": evil, "note": "a"},
        ),
        "a path": lambda evil: ("alice", "get", f"/{quote(evil)}", None),
        "a path of nobody": lambda evil: ("anonymous", "get", f"/{quote(evil)}", None),
    }  # fmt: skip


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_no_answer_leads_away(attacker):
    """Each place is tried with every third of them, and each of them at every third place."""
    wrong = []
    alice = attacker.world.people["alice"]
    alice.password = make_password(PASSWORD, hasher="md5")  # a good hash takes its time
    alice.save()
    for n, (place, ask) in enumerate(redirects(attacker.world).items()):
        for evil in EVIL[n % 3 :: 3]:
            strike = attacker.strike(*ask(evil), REMOTE_ADDR=f"203.0.113.{EVIL.index(evil)}")
            if strike.fault or any(leads_away(target) for target in targets(strike)):
                wrong.append((place, evil, strike.fault or targets(strike)))

    assert wrong == []


def test_page_before_leads_back_to_ours_alone(attacker):
    """Who posts after the session has ended is brought back to the page before, which the browser names."""
    for evil in EVIL:
        referrer = evil.replace("\r", "").replace("\n", "").encode("ascii", "ignore").decode()
        strike = attacker.strike("anonymous", "post", "/my/sessions/stay/", {}, headers={"referer": referrer})
        assert [target for target in targets(strike) if leads_away(target)] == []


@pytest.mark.parametrize("address", [*EVIL[:4], EVIL[11]])
def test_address_that_leads_away_is_seen(address):
    """The eye of this module."""
    assert leads_away(address)
    assert not leads_away("/my/record/?next=//evil.example/")


# Who we are --------------------------------------------------------------------------------------------------------


HOSTS = [
    {"host": "evil.example"},
    {"host": "testserver:8443@evil.example"},
    {"host": "testserver.evil.example"},
    {"host": "evil.example#testserver"},
]
FORWARDED = [
    {"x-forwarded-host": "evil.example"},
    {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "x-forwarded-port": "8443"},
    {"forwarded": "for=127.0.0.1;host=evil.example;proto=http"},
    {"x-original-url": "/agency/people/", "x-rewrite-url": "/agency/people/", "x-host": "evil.example"},
    {"host": "testserver:8443"},
]


def test_other_host_is_refused(attacker):
    asked = {"email": attacker.world.people["alice"].email}
    for headers in HOSTS:
        strikes = [attacker.strike("anonymous", "get", path, headers=headers) for path in ("/", "/accounts/login/")]
        strikes.append(attacker.strike("anonymous", "post", "/accounts/password/reset/", asked, headers=headers))

        assert ([strike.status for strike in strikes], mail.outbox) == ([400, 400, 400], [])


def test_link_in_mail_leads_to_our_site_whatever_the_request_claims(attacker):
    alice = attacker.world.people["alice"].email
    for headers in FORWARDED:
        mail.outbox.clear()
        strike = attacker.strike("anonymous", "post", "/accounts/password/reset/", {"email": alice}, headers=headers)
        (message,) = mail.outbox
        links = [word for word in message.body.split() if "://" in word]

        assert (strike.status, message.to) == (302, [alice])
        assert links != []
        assert [link for link in links if not link.startswith(f"{settings.SITE_URL}/")] == []
        assert not leads_away(strike.response.headers["Location"])


def test_claimed_headers_open_nothing(attacker):
    for headers in FORWARDED:
        strike = attacker.strike("alice", "get", "/", headers=headers)
        refused = attacker.strike("alice", "get", "/agency/people/", headers=headers)

        assert (strike.status, refused.status) == (200, 404)
        assert "evil" not in f"{strike.text} {strike.response.headers}"


def test_plain_http_leads_to_our_own_https(attacker):
    """What a browser claims of its connection counts for nothing but where the proxy, which sets it, is believed."""
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        attacker.walker.client.handler._middleware_chain = None
        strikes = [
            attacker.strike("anonymous", "get", "/guide/", headers={"x-forwarded-proto": said})
            for said in ("http", "http, https", "HTTPS evil", "")
        ]
        inside = attacker.strike("anonymous", "get", "/guide/", headers={"x-forwarded-proto": "https"})

    assert [strike.response.headers.get("Location") for strike in strikes] == ["https://testserver/guide/"] * 4
    assert inside.status == 200
