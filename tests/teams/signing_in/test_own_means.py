"""What an agency's account alone does not open, and the means of her own by which it opens."""

import re
import time
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import get_resolver, reverse
from django.utils import timezone

from actions import drafts
from actions.models import Reflection
from teams.signing_in import addresses, second_factors
from tests.actions.factories import make_reflection
from tests.factories import PASSWORD, code_of, make_action, make_worker
from tests.teams.signing_in.test_typed import hidden

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")
NEW, LIST, HOME = reverse("actions:reflection_new"), reverse("actions:reflections"), reverse("actions:home")
BY_PASSWORD, BY_MAIL = reverse("account_reauthenticate"), reverse("account_reauthenticate_by_mail")
WHY = "Your agency’s account cannot open what you write only for yourself"
KEY = "0a0b0c0d-0000-4000-8000-00000000000a"
TEXT = "I spoke first.\r\nNext time: “what would help?”"


@pytest.fixture
def alice(team):
    return make_worker(team.agency, "Alice Member", teams=[team], password=PASSWORD)


@pytest.fixture
def nell(team):
    """She joined by her agency's account and has no password."""
    return make_worker(team.agency, "Nell Newcomer", teams=[team])


def come_by_agency(client, worker):
    """As tests/teams/test_agency_accounts.py does it with a provider."""
    client.force_login(worker)
    session = client.session
    record = {"method": second_factors.AGENCY_ACCOUNT, "at": time.time(), "second_factor": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(worker.pk)
    session.save()


def asked(response):
    return response.status_code in {302, 307} and response.url.split("?")[0] in {BY_PASSWORD, BY_MAIL}


def code_mailed(client, **fields):
    client.post(BY_MAIL, {"send": "1"} | fields)
    return re.search(r"\n\n(\S+)\n\n", mail.outbox[-1].body)[1]


# What stays shut ------------------------------------------------------------------------------------------------------


def shut(worker):
    """Every address that an agency's account alone does not open, as a link."""
    thought = make_reflection(worker)
    drafts.keep("text=Half", key=KEY, address=NEW, by=worker, now=timezone.now())
    token = addresses.propose(worker, "new@people.example", now=timezone.now(), by=worker)
    known = {
        "actions:reflections": [],
        "actions:reflection_new": [],
        "actions:reflection_on": [make_action(worker).pk],
        "actions:reflection": [thought.pk],
        "actions:reflection_edit": [thought.pk],
        "actions:reflection_delete": [thought.pk],
        "actions:draft": [KEY],
        "actions:export": [],
        "actions:export_file": ["json"],
        "actions:calendar": [],
        "account_set_password": [],
        "mfa_activate_totp": [],
        "mfa_add_webauthn": [],
        "mfa_remove_webauthn": [1],
        "mfa_deactivate_totp": [],
        "mfa_view_recovery_codes": [],
        "mfa_generate_recovery_codes": [],
        "mfa_download_recovery_codes": [],
        "teams:address": [],
        "teams:address_confirm": [token],
    }
    return {name: reverse(name, args=args) for name, args in known.items()}


def test_agencys_account_alone_opens_neither_what_is_hers_alone_nor_how_she_signs_in(client, alice):
    found = shut(alice)
    come_by_agency(client, alice)

    assert [name for name, address in found.items() if not asked(client.get(address))] == []
    assert [name for name, address in found.items() if client.post(address).status_code not in {302, 307, 405}] == []
    assert client.get(HOME).status_code == 200
    assert Reflection.objects.count() == 1


def test_agencys_account_alone_makes_no_link_that_goes_on_without_it(client, alice):
    come_by_agency(client, alice)

    assert asked(client.post(reverse("actions:calendar_on")))
    alice.refresh_from_db()
    assert alice.calendar_key is None


def test_every_page_about_reflections_and_second_factors_is_among_them(alice):
    names = {*get_resolver().namespace_dict["actions"][1].reverse_dict, *get_resolver().reverse_dict}
    about = {f"actions:{name}" for name in names if isinstance(name, str) and name.startswith("reflection")}
    about |= {name for name in names if isinstance(name, str) and name.startswith("mfa_")}

    # Shown to everybody; means of her own; and a page on the way to one.
    open_to_all = {"mfa_index", "mfa_login_webauthn", "mfa_authenticate"}
    assert about - open_to_all - {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"} <= set(shut(alice))


def test_other_sign_ins_are_asked_nothing(client, alice):
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})

    assert [client.get(address).status_code for address in (LIST, NEW, reverse("actions:export"))] == [200] * 3


def test_draft_of_an_action_opens(client, alice):
    drafts.keep("note=Half", key=KEY, address=reverse("actions:log"), by=alice, now=timezone.now())
    come_by_agency(client, alice)

    assert "Half" in client.get(reverse("actions:draft", args=[KEY])).text


def test_script_is_told_by_401(client, alice):
    come_by_agency(client, alice)

    assert client.get(LIST, headers={"accept": "application/json"}).status_code == 401


# What opens it --------------------------------------------------------------------------------------------------------


def test_password_opens_all_of_it_until_she_signs_out(client, alice):
    come_by_agency(client, alice)
    page = client.get(LIST, follow=True)
    answer = client.post(BY_PASSWORD, {"password": PASSWORD, "next": LIST})

    assert (WHY in page.text, answer.url) == (True, LIST)
    assert [name for name, address in shut(alice).items() if asked(client.get(address))] == []
    client.logout()
    come_by_agency(client, alice)
    assert asked(client.get(LIST))


def test_mailed_code_opens_it_to_who_has_no_password(client, nell):
    come_by_agency(client, nell)
    before = client.get(LIST)
    page = client.get(before.url)
    code = code_mailed(client)
    answer = client.post(BY_MAIL, {"code": code, "next": LIST})

    assert (before.url.split("?")[0], WHY in page.text, mail.outbox[-1].to) == (BY_MAIL, True, [nell.email])
    assert (answer.url, client.get(LIST).status_code) == (LIST, 200)


def test_mailed_code_is_offered_to_who_forgot_her_password(client, alice):
    come_by_agency(client, alice)

    assert f'href="{BY_MAIL}?next=' in client.get(client.get(LIST).url).text


def test_own_second_factor_opens_it(client, alice):
    """Set up in another browser, while this session went on."""
    come_by_agency(client, alice)
    alice.authenticator_set.create(type="totp", data={"secret": second_factors.Adapter().encrypt("A" * 32)})

    answer = client.post(reverse("mfa_reauthenticate"), {"code": code_of("A" * 32), "next": LIST})

    assert (answer.url, client.get(LIST).status_code) == (LIST, 200)


@pytest.mark.parametrize("code", ["", "wrong-code", "\x00"])
def test_wrong_code_opens_nothing(client, nell, code):
    come_by_agency(client, nell)
    unasked = client.post(BY_MAIL, {"code": code})
    code_mailed(client)
    client.post(BY_MAIL, {"code": code})

    assert (unasked.status_code, asked(client.get(LIST))) == (200, True)


def test_code_opens_nothing_after_ten_minutes_nor_after_the_address_has_changed(client, nell, time_machine):
    come_by_agency(client, nell)
    code = code_mailed(client)
    nell.email = "other@people.example"
    nell.save()
    client.post(BY_MAIL, {"code": code})
    moved = asked(client.get(LIST))
    code = code_mailed(client)
    time_machine.move_to(timezone.now() + timedelta(minutes=10, seconds=1))
    client.post(BY_MAIL, {"code": code})

    assert (moved, asked(client.get(LIST))) == (True, True)


def test_three_codes_in_five_minutes_are_mailed_at_most(client, nell):
    come_by_agency(client, nell)
    for _ in range(4):
        page = client.post(BY_MAIL, {"send": "1"})

    assert (len(mail.outbox), "Too many messages were sent for this" in page.text) == (3, True)


def test_page_is_for_nobody_who_has_signed_in_otherwise(client, nell):
    client.force_login(nell)

    assert client.get(BY_MAIL).status_code == 403


# Nothing that is typed is lost ----------------------------------------------------------------------------------------


def carried(page):
    """What stands in the hidden field of the page."""
    return unescape(re.search(r'name="_typed" value="([^"]*)"', page.text)[1])


def written(page):
    return {name: value.splitlines() for name, value in hidden(page) if name == "text"}


def test_reflection_that_was_sent_comes_back_once_she_has_typed_her_password(client, alice):
    come_by_agency(client, alice)
    first = client.post(NEW, {"text": TEXT, "_writer": str(alice.pk)}, follow=True)
    wrong = client.post(BY_PASSWORD, {"password": "wrong", "next": NEW, "_typed": carried(first)})
    page = client.post(BY_PASSWORD, {"password": PASSWORD, "next": NEW, "_typed": carried(wrong)})
    form = client.post(NEW, dict(hidden(page))).context["form"]

    assert "What you typed is on this page" in first.text
    assert (written(page), form["text"].value().splitlines()) == ({"text": TEXT.splitlines()}, TEXT.splitlines())
    assert not Reflection.objects.exists()


def test_reflection_that_was_sent_comes_back_by_the_mailed_code_too(client, alice):
    come_by_agency(client, alice)
    first = client.post(NEW, {"text": TEXT, "_writer": str(alice.pk)}, follow=True)
    other = client.post(f"{BY_MAIL}?next={NEW}", {"_typed": carried(first)})
    code_page = client.post(BY_MAIL, {"send": "1", "next": NEW, "_typed": carried(other)})
    code = re.search(r"\n\n(\S+)\n\n", mail.outbox[-1].body)[1]
    page = client.post(BY_MAIL, {"code": code, "next": NEW, "_typed": carried(code_page)})

    assert written(page) == {"text": TEXT.splitlines()}
