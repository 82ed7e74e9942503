import dataclasses
import http.cookiejar
import re
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from teams.models import GuessCount
from teams.signing_in import guesses, second_factors
from tests import processes
from tests.factories import PASSWORD, make_worker
from tests.teams.signing_in.test_own_means import come_by_agency

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")

SIGN_IN, ASK_FOR_CODE = reverse("account_login"), reverse("account_request_login_code")
WRONG = "The email address and/or password you specified are not correct."
STOPPED = "Too many failed login attempts."
CLIENTS = 32


@pytest.fixture
def request_from(rf):
    return lambda address="203.0.113.9": rf.post("/", REMOTE_ADDR=address)


def told(text):
    return next((word for word in (WRONG, STOPPED) if word in text), "let in")


def guess_over_http(address, login, password):
    """One client of its own: it opens the page, and posts its guess."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(jar)
    page = opener.open(address + SIGN_IN, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    data = urlencode({"csrfmiddlewaretoken": token, "login": login, "password": password}).encode()
    return told(opener.open(address + SIGN_IN, data, timeout=60).read().decode())


@pytest.mark.usefixtures("transactional_db")
def test_exactly_five_guesses_of_32_clients_are_looked_at_by_4_web_processes(agency):
    worker = make_worker(agency, password=PASSWORD)
    with processes.web(workers=4) as address, ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda n: guess_over_http(address, worker.email, f"wrong-guess-{n}"), range(CLIENTS)))
        afterwards = guess_over_http(address, worker.email, PASSWORD)

    assert Counter(answers) == {WRONG: 5, STOPPED: CLIENTS - 5}
    assert afterwards == STOPPED


@pytest.mark.django_db(transaction=True)
def test_one_statement_counts_for_all_connections(request_from):
    def take(_):
        try:
            return guesses.take(request_from(), guesses.PASSWORD, "a@example.org") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(CLIENTS)))

    assert sum(taken) == 5


def test_guess_counts_for_five_minutes_in_a_window_that_slides(db, request_from, time_machine):
    start = timezone.now()
    taken = []
    for minutes in (0, 1, 2, 3, 4, 4.9, 5.1, 5.2, 6.1):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        taken.append(guesses.take(request_from(), guesses.PASSWORD, "a@example.org") is not None)

    assert taken == [True, True, True, True, True, False, True, False, True]


def test_guess_that_was_right_is_given_back(db, client, agency):
    worker = make_worker(agency, password=PASSWORD)
    for _ in range(7):
        assert client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD}).status_code == 302
        client.logout()


def test_upper_case_and_blanks_make_no_other_account(db, request_from):
    names = ["a@example.org", "A@example.org", " a@EXAMPLE.org ", "a@example.org", "a@example.org", "a@example.org"]

    taken = [guesses.take(request_from(), guesses.PASSWORD, name) is not None for name in names]

    assert taken == [True] * 5 + [False]


def test_one_network_address_has_a_limit_over_all_accounts(db, request_from):
    most = guesses.FROM_ONE_ADDRESS.amount
    taken = [guesses.take(request_from(), guesses.PASSWORD, f"{n}@example.org") for n in range(most + 1)]

    assert [guess is not None for guess in taken] == [True] * most + [False]
    assert guesses.take(request_from("203.0.113.10"), guesses.PASSWORD, "z@example.org") is not None


def test_codes_that_are_asked_for_take_no_guesses_of_the_same_network(db, client, agency):
    """A whole office stands behind one address, and somebody in it may ask on purpose."""
    worker = make_worker(agency, password=PASSWORD)
    most = guesses.MAILS_FROM_ONE_ADDRESS.amount
    answers = [Client().post(ASK_FOR_CODE, {"email": f"{n}@example.org"}) for n in range(most + 1)]

    assert [answer.status_code for answer in answers] == [302] * most + [200]
    assert client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD}).status_code == 302


def test_three_codes_are_mailed_to_one_address(db):
    answers = [Client().post(ASK_FOR_CODE, {"email": "a@example.org"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]


def test_guess_that_was_refused_counts_for_nobody_else(db, request_from):
    """Whoever goes on guessing at one account takes five of her network's guesses, not all of them."""
    taken = [guesses.take(request_from(), guesses.PASSWORD, "a@example.org") for _ in range(60)]
    others = [guesses.take(request_from(), guesses.PASSWORD, f"{n}@example.org") for n in range(46)]

    assert [guess is not None for guess in taken] == [True] * 5 + [False] * 55
    assert [guess is not None for guess in others] == [True] * 45 + [False]


def test_ipv6_addresses_of_one_household_count_together(request_from):
    same = {guesses.network(request_from(address)) for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")}

    assert same == {"2001:db8:1:2::/64"}
    assert guesses.network(request_from("2001:db8:1:3::1")) == "2001:db8:1:3::/64"


def test_neither_account_nor_network_address_stands_in_the_table(db, request_from):
    guesses.take(request_from(), guesses.PASSWORD, "a@example.org")

    kept = str(list(GuessCount.objects.values()))
    assert GuessCount.objects.count() == 2
    assert not re.search(r"a@example|203\.0", kept)


def test_new_password_makes_guesses_at_the_old_one_count_no_more(db, client, agency):
    worker = make_worker(agency, password=PASSWORD)
    for _ in range(5):
        client.post(SIGN_IN, {"login": worker.email, "password": "wrong"})
    client.post(reverse("account_reset_password"), {"email": worker.email})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], dict.fromkeys(["password1", "password2"], "river-lantern-quilt"))

    answer = client.post(SIGN_IN, {"login": worker.email, "password": "river-lantern-quilt"})

    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["known", "without a password", "nobody"])
def test_one_hash_is_computed_whoever_is_asked_for(db, client, agency, monkeypatch, who):
    """Else the time that the answer takes would tell who has an account."""
    password = PASSWORD if who == "known" else None
    email = "nobody@example.org" if who == "nobody" else make_worker(agency, password=password).email
    hashed = []
    verify, encode = Argon2PasswordHasher.verify, Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *given: hashed.append("verify") or verify(*given))
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *given: hashed.append("encode") or encode(*given))

    client.post(SIGN_IN, {"login": email, "password": "wrong-horse-battery"})

    assert len(hashed) == 1


def test_old_counts_are_forgotten(db, request_from):
    guesses.take(request_from(), guesses.PASSWORD, "a@example.org")
    before = GuessCount.objects.count()

    guesses.forget_old(now=timezone.now() + guesses.KEPT + timedelta(minutes=1))

    assert (before, GuessCount.objects.count()) == (2, 0)


# Wherever anybody guesses ---------------------------------------------------------------------------------------------

APP = "A" * 32  # the secret of an authenticator app
NEW_PASSWORD = dict.fromkeys(["password1", "password2"], "river-lantern-quilt")


@dataclass(frozen=True)
class Place:
    """A page that takes a secret: how she gets there, what it is asked with, and whose count it is."""

    field: str
    limit: guesses.Limit
    arrive: Callable = lambda client, worker: client.force_login(worker)
    besides: dict = dataclasses.field(default_factory=dict)


def come_without_password(client, worker):
    come_by_agency(client, worker)
    client.post(reverse("account_reauthenticate_by_mail"), {"send": "1"})


def type_her_password(client, worker):
    client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD})


def ask_for_a_code(client, worker):
    client.post(ASK_FOR_CODE, {"email": worker.email})


PLACES = {
    "account_login": Place("password", guesses.PASSWORD, lambda client, worker: None),
    "account_reauthenticate": Place("password", guesses.PASSWORD),
    "account_change_password": Place("oldpassword", guesses.PASSWORD, besides=NEW_PASSWORD),
    "account_confirm_login_code": Place("code", guesses.CODE, ask_for_a_code),
    "account_reauthenticate_by_mail": Place("code", guesses.CODE, come_without_password),
    "mfa_authenticate": Place("code", guesses.SECOND_FACTOR, type_her_password),
    "mfa_reauthenticate": Place("code", guesses.SECOND_FACTOR),
    "mfa_activate_totp": Place("code", guesses.SECOND_FACTOR, type_her_password),
}


@pytest.fixture
def guessed_at(agency):
    return make_worker(agency, password=PASSWORD)


@pytest.mark.parametrize("name", PLACES)
def test_guess_counts_wherever_it_is_made(db, client, guessed_at, name):
    place = PLACES[name]
    if name in {"mfa_authenticate", "mfa_reauthenticate"}:
        guessed_at.authenticator_set.create(type="totp", data={"secret": second_factors.Adapter().encrypt(APP)})
    place.arrive(client, guessed_at)
    whom = guessed_at.email if place.limit in {guesses.PASSWORD, guesses.CODE} else str(guessed_at.pk)
    before = counted(place.limit, whom)
    client.post(reverse(name), {"login": guessed_at.email, place.field: "wrong"} | place.besides)

    assert counted(place.limit, whom) == before + 1


def counted(limit, whom):
    return sum(len(row.at) for row in GuessCount.objects.filter(key=guesses._key(limit, whom)))


def test_right_password_is_refused_after_five_wrong_ones_wherever_they_were_made(db, client, guessed_at):
    client.force_login(guessed_at)
    change, confirm = reverse("account_change_password"), reverse("account_reauthenticate")
    for _ in range(2):
        client.post(change, NEW_PASSWORD | {"oldpassword": "wrong"})
        client.post(confirm, {"password": "wrong"})
    client.logout()
    client.post(SIGN_IN, {"login": guessed_at.email, "password": "wrong"})
    client.force_login(guessed_at)
    refused = client.post(change, NEW_PASSWORD | {"oldpassword": PASSWORD})

    assert (refused.status_code, STOPPED in refused.text) == (200, True)
    guessed_at.refresh_from_db()
    assert guessed_at.check_password(PASSWORD)


def test_every_page_that_takes_a_password_or_a_code_is_walked():
    found = set()
    for pattern in patterns(get_resolver().url_patterns):
        form = getattr(getattr(pattern.callback, "view_class", None), "form_class", None)
        if form and {"password", "oldpassword", "code"} & form.base_fields.keys():
            found.add(pattern.name)

    assert found == set(PLACES)


def patterns(found):
    for each in found:
        yield from patterns(each.url_patterns) if isinstance(each, URLResolver) else [each]
