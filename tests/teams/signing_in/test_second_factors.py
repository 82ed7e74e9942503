import base64
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from teams import sealing
from teams.models import Role, Session
from teams.signing_in import second_factors
from tests.factories import PASSWORD, code_of, make_membership, make_worker
from tests.sweeps.table import GET, rows

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")

SIGN_IN, SECOND, INDEX, APP, HOME, CODES = (
    reverse(name)
    for name in (
        "account_login",
        "mfa_authenticate",
        "mfa_index",
        "mfa_activate_totp",
        "actions:home",
        "mfa_view_recovery_codes",
    )
)
ROLES = ["supervisor", "lead", "admin", "analyst"]


@pytest.fixture(autouse=True)
def clock_stands(time_machine):
    """Else a code could grow old between two lines."""
    time_machine.move_to("2026-07-20 15:00Z", tick=False)


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture(scope="session")
def password():
    """Made once: it takes long by intent."""
    return make_password(PASSWORD)


@pytest.fixture
def people(agency, team, password):
    """One of each role, with a password."""
    people = {
        "member": make_worker(agency, teams=[team]),
        "supervisor": make_worker(agency, teams=[team], role=Role.SUPERVISOR),
        "lead": make_worker(agency, is_equity_lead=True),
        "admin": make_worker(agency, is_admin=True),
        "analyst": make_worker(None, is_analyst=True),
        "former": make_worker(agency),
    }
    for worker in people.values():
        worker.password = password
        worker.save()
    make_membership(
        people["former"], team, Role.SUPERVISOR, ends_on=timezone.localdate().replace(month=1, day=2, year=2025)
    )
    return people


def sign_in(client, worker):
    return client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD})


def enrol(client):
    """Sets up an app as a person would; its secret."""
    secret = re.search(r"<code[^>]*>(\w+)</code>", client.get(APP).text)[1]
    answer = client.post(APP, {"code": code_of(secret, steps=-1)})
    assert (answer.status_code, answer.url) == (302, CODES)
    return secret


def recovery_codes(client):
    return re.findall(r"<code>(\d+)</code>", client.get(CODES).text)


def signed_in(client):
    return client.get(HOME).status_code == 200


# Setting it up, using it, taking it away ----------------------------------------------------------------------------


def test_app_is_asked_for_after_the_password(client, people):
    sign_in(client, people["member"])
    secret = enrol(client)
    client.logout()

    first = sign_in(client, people["member"])
    between = signed_in(client)
    second = client.post(SECOND, {"code": code_of(secret)})

    assert (first.url, between, second.url, signed_in(client)) == (SECOND, False, HOME, True)


def test_code_is_dead_once_it_was_used(client, people):
    sign_in(client, people["member"])
    secret = enrol(client)
    code = code_of(secret)
    told = []
    for _ in range(2):
        client.logout()
        sign_in(client, people["member"])
        told.append(client.post(SECOND, {"code": code}).status_code)

    assert told == [302, 200]
    assert not signed_in(client)


def test_code_before_one_that_was_used_is_dead_too(client, people):
    sign_in(client, people["member"])
    secret = enrol(client)

    accepted = [second_factors.is_right(people["member"], secret, code_of(secret, steps=n)) for n in (1, 0, -1, 1)]

    assert accepted == [True, False, False, False]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_the_same_code_at_once_one_gets_in(people):
    clients = [Client() for _ in range(6)]
    sign_in(clients[0], people["member"])
    secret = enrol(clients[0])
    for each in clients[1:]:
        assert sign_in(each, people["member"]).url == SECOND
    code = code_of(secret)

    def bring(each):
        try:
            return each.post(SECOND, {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        told = sorted(pool.map(bring, clients[1:]))

    assert told == [200, 200, 200, 200, 302]
    assert [signed_in(each) for each in clients[1:]].count(True) == 1


def test_five_wrong_codes_stop_the_right_one(client, people):
    sign_in(client, people["member"])
    secret = enrol(client)
    client.logout()
    sign_in(client, people["member"])
    for _ in range(5):
        client.post(SECOND, {"code": "000000"})

    answer = client.post(SECOND, {"code": code_of(secret)})

    assert "Too many failed login attempts" in answer.text
    assert not signed_in(client)


def test_recovery_code_works_once(client, people):
    sign_in(client, people["member"])
    enrol(client)
    code, *others = recovery_codes(client)
    told = []
    for _ in range(2):
        client.logout()
        sign_in(client, people["member"])
        told.append(client.post(SECOND, {"code": code}).status_code)

    assert (told, len(others)) == ([302, 200], 9)


def test_new_recovery_codes_end_the_old_ones(client, people):
    sign_in(client, people["member"])
    enrol(client)
    old = recovery_codes(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    new = recovery_codes(client)

    assert (len(new), set(old) & set(new)) == (10, set())
    assert [second_factors.accepted(people["member"], codes[0]) is not None for codes in (old, new)] == [False, True]


def test_app_can_be_taken_away(client, people):
    sign_in(client, people["member"])
    enrol(client)
    client.post(reverse("mfa_deactivate_totp"))
    client.logout()

    assert sign_in(client, people["member"]).url == HOME
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_setting_up_asks_for_the_password_again_after_a_while(client, people, time_machine, name):
    sign_in(client, people["member"])
    at_once = client.get(reverse(name)).status_code
    time_machine.shift(6 * 60)

    later = client.get(reverse(name))

    assert (at_once, later.status_code) == (200, 302)
    assert later.url.startswith(reverse("account_reauthenticate"))


def test_secrets_are_sealed_in_every_table(client, people):
    sign_in(client, people["member"])
    secret = re.search(r"<code[^>]*>(\w+)</code>", client.get(APP).text)[1]
    waiting = Session.objects.get().session_data
    client.post(APP, {"code": code_of(secret)})
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    codes = recovery_codes(client)

    assert secret not in str(stored)
    assert secret not in base64.b64decode(waiting).decode("latin-1")
    assert second_factors.Adapter().decrypt(stored["totp"]["secret"]) == secret
    assert not [code for code in codes if code in str(stored)]
    seed = base64.b64decode(stored["recovery_codes"]["seed"])
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(seed, ring=sealing.derived_ring(["another secret key"], second_factors.PURPOSE), bound=b"")


def test_secret_opens_after_the_secret_key_changed_while_the_old_one_is_named(settings):
    sealed = second_factors.Adapter().encrypt("JBSWY3DP")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 9

    with pytest.raises(sealing.UnknownKey):
        second_factors.Adapter().decrypt(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert second_factors.Adapter().decrypt(sealed) == "JBSWY3DP"


def test_operator_takes_away_what_was_lost(client, people):
    sign_in(client, people["member"])
    enrol(client)
    call_command("reset_second_factor", email=people["member"].email.upper())

    assert (signed_in(client), Authenticator.objects.count()) == (False, 0)
    assert sign_in(client, people["member"]).url == HOME


# Who has to have one ------------------------------------------------------------------------------------------------


def every_address():
    for row in rows(GET):
        for key in ("00000000-0000-4000-8000-000000000001", "x", "1"):
            with suppress(NoReverseMatch):
                yield row.name, reverse(row.name, args=[key] * bool(row.object) + list(row.literals.values()))
                break
        else:
            raise NoReverseMatch(str(row))


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", ROLES)
def test_role_without_a_second_factor_gets_to_the_enrolment_and_nowhere_else(client, people, role):
    sign_in(client, people[role])

    elsewhere = {}
    for name, address in every_address():
        if name not in second_factors.OPEN | second_factors.LINKING:
            answer = (client.post if role == "admin" else client.get)(address)
            elsewhere[name] = (answer.status_code, answer.headers.get("Location"))

    assert len(elsewhere) > 80
    assert {name: told for name, told in elsewhere.items() if told != (302, INDEX)} == {}
    assert client.get(INDEX).status_code == 200
    assert "your account needs a second factor" in client.get(INDEX).text


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", ROLES)
def test_session_that_did_not_come_by_a_sign_in_page_gets_nowhere_either(client, people, role):
    client.force_login(people[role])

    assert client.get(HOME).url == INDEX


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", ["member", "former"])
def test_others_need_none(client, people, role):
    sign_in(client, people[role])

    assert signed_in(client)


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", ROLES)
def test_role_goes_on_once_it_has_set_one_up_and_is_asked_next_time(client, people, role):
    sign_in(client, people[role])
    secret = enrol(client)
    here = signed_in(client)
    client.logout()
    sign_in(client, people[role])
    before = signed_in(client)
    client.post(SECOND, {"code": code_of(secret)})

    assert (here, before, signed_in(client)) == (True, False, True)


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", ["admin", "member"])
def test_sessions_that_only_know_the_password_end_when_another_one_sets_it_up(people, role):
    """Else one of them could set up a second factor of its own, for which it is asked for the password alone."""
    thief, owner = Client(), Client()
    sign_in(thief, people[role])
    sign_in(owner, people[role])
    enrol(owner)

    answers = [thief.get(page) for page in (HOME, reverse("mfa_add_webauthn"))]

    assert signed_in(owner)
    assert [(answer.status_code, answer.url.partition("?")[0]) for answer in answers] == [(302, SIGN_IN)] * 2


def test_sessions_that_have_shown_a_second_factor_stay_when_another_one_is_set_up(people, time_machine):
    desk, phone = Client(), Client()
    sign_in(desk, people["member"])
    secret = enrol(desk)
    Authenticator.objects.create(user=people["member"], type=Authenticator.Type.WEBAUTHN, data={})
    sign_in(phone, people["member"])
    phone.post(SECOND, {"code": code_of(secret)})
    desk.post(reverse("mfa_deactivate_totp"))
    time_machine.shift(90)
    another = re.search(r"<code[^>]*>(\w+)</code>", phone.get(APP).text)[1]
    phone.post(APP, {"code": code_of(another)})

    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1
    assert signed_in(desk)
    assert signed_in(phone)


@pytest.mark.usefixtures("required")
def test_role_that_takes_its_second_factor_away_is_back_at_the_enrolment(client, people):
    sign_in(client, people["lead"])
    enrol(client)
    client.post(reverse("mfa_deactivate_totp"))

    assert client.get(HOME).url == INDEX


@pytest.mark.usefixtures("required")
def test_worker_who_becomes_a_supervisor_is_asked_at_her_next_click(client, people, other_team, team):
    sign_in(client, people["former"])
    before = signed_in(client)
    make_membership(people["former"], team, Role.SUPERVISOR, starts_on=timezone.localdate())

    assert (before, client.get(HOME).url) == (True, INDEX)


@pytest.mark.usefixtures("required")
def test_script_is_told_by_401(client, people):
    client.force_login(people["admin"])

    assert client.post(reverse("actions:draft_keep"), headers={"accept": "application/json"}).status_code == 401


# A code by mail -----------------------------------------------------------------------------------------------------

ASK, CONFIRM = reverse("account_request_login_code"), reverse("account_confirm_login_code")


def mailed_code(client, worker):
    client.post(ASK, {"email": worker.email})
    return re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]


def test_mailed_code_signs_in(client, people):
    code = mailed_code(client, people["member"])

    answer = client.post(CONFIRM, {"code": code})

    assert (answer.status_code, answer.url, signed_in(client)) == (302, HOME, True)


def test_mailed_code_is_no_second_factor(client, people):
    sign_in(client, people["member"])
    enrol(client)
    client.logout()

    answer = client.post(CONFIRM, {"code": mailed_code(client, people["member"])})

    assert (answer.url, signed_in(client)) == (SECOND, False)


@pytest.mark.usefixtures("required")
def test_mailed_code_leads_a_role_to_the_enrolment(client, people):
    client.post(CONFIRM, {"code": mailed_code(client, people["admin"])})

    assert client.get(HOME).url == INDEX


def test_asking_for_a_code_does_not_tell_who_has_an_account(people, agency):
    closed = make_worker(agency, password=PASSWORD, is_active=False)
    pages = set()
    for email in (people["member"].email, closed.email, "nobody@example.org"):
        client = Client()
        asked = client.post(ASK, {"email": email})
        page = client.get(asked.url)
        wrong = client.post(CONFIRM, {"code": "WRONG1"})
        texts = [re.sub(r'value="\w{64}"', "", each.text.replace(email, "")) for each in (page, wrong)]
        pages.add((asked.status_code, asked.url, page.status_code, wrong.status_code, *texts))

    assert len(pages) == 1
    assert [message.subject for message in mail.outbox] == [
        "Your code for Allyship",
        "No Allyship account has this address",
        "No Allyship account has this address",
    ]


def test_five_wrong_codes_stop_the_right_one_over_all_browsers(people):
    for _ in range(3):
        client = Client()
        code = mailed_code(client, people["member"])
        for _ in range(2):
            client.post(CONFIRM, {"code": "WRONG1"})

    client.post(CONFIRM, {"code": code})

    assert not signed_in(client)


def test_three_codes_are_mailed_in_five_minutes(people):
    for _ in range(5):
        Client().post(ASK, {"email": people["member"].email})

    assert len(mail.outbox) == 3
