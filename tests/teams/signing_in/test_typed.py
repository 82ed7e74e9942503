import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Action, Reflection
from teams.signing_in.typed import server_error
from tests.factories import PASSWORD, form_data, make_action, make_worker

LOG, SIGN_IN, HOME = reverse("actions:log"), reverse("account_login"), reverse("actions:home")
NOTE = "Read the plan aloud.\r\nAsked twice: “what would help?” & <listened>"
SITE = "http://testserver"


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def alice(team):
    return make_worker(team.agency, "Alice Member", teams=[team], password=PASSWORD)


def token_of(page):
    return re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


def hidden(page):
    """The hidden fields of the page's own form: name and value, in order."""
    form = page.text.split("<main")[1]
    plain = re.findall('<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    long = re.findall(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>', form)
    return [(name, unescape(value)) for name, value in [*plain, *long]]


def opened(client, worker, address=LOG):
    """A page that was read while she was signed in; its token."""
    client.force_login(worker)
    return token_of(client.get(address))


def posted_too_late(client, worker, **changes):
    token = opened(client, worker)
    del client.cookies["sessionid"]
    return client.post(LOG, form_data(csrfmiddlewaretoken=token, _writer=str(worker.pk), **changes), follow=True)


def signed_in_from(client, page, worker):
    fields = dict(hidden(page))
    return client.post(SIGN_IN, fields | {"login": worker.email, "password": PASSWORD})


def test_form_posted_after_the_session_ended_comes_back_whole_when_she_has_signed_in(client, alice):
    sign_in = posted_too_late(client, alice, note=NOTE, hours="1.5")
    carried = signed_in_from(client, sign_in, alice)
    fields = hidden(carried)
    form = client.post(LOG, {name: [v for n, v in fields if n == name] for name, _ in fields}).context["form"]

    assert (form.is_bound, form["note"].value().splitlines(), form["hours"].value()) == (
        False,
        NOTE.splitlines(),
        "1.5",
    )
    assert form["communities"].value() == [str(pk) for pk in form_data()["communities"]]
    assert not Action.objects.exists()


def test_a_wrong_password_in_between_loses_nothing(client, alice):
    sign_in = posted_too_late(client, alice, note=NOTE)
    again = client.post(SIGN_IN, dict(hidden(sign_in)) | {"login": alice.email, "password": "wrong"})
    carried = signed_in_from(client, again, alice)

    assert [value.splitlines() for name, value in hidden(carried) if name == "note"] == [NOTE.splitlines()]


def test_form_opened_before_the_last_sign_in_is_shown_again(client, alice):
    token = opened(client, alice)
    client.logout()
    client.force_login(alice)
    client.get(LOG)

    sent = form_data(csrfmiddlewaretoken=token, _writer=str(alice.pk), note=NOTE)
    page = client.post(LOG, sent, headers={"origin": SITE})

    assert page.status_code == 403
    assert [value.splitlines() for name, value in hidden(page) if name == "note"] == [NOTE.splitlines()]
    assert "data-at-once" not in page.text
    assert not Action.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"origin": "https://elsewhere.example"}])
def test_form_from_elsewhere_is_not_shown(client, alice, headers):
    opened(client, alice)

    page = client.post(LOG, form_data(note=NOTE), headers=headers)

    assert page.status_code == 403
    assert "Read the plan" not in page.text


def test_button_without_anything_typed_leads_back_to_its_page(client, alice):
    action = make_action(alice)
    here = reverse("actions:detail", args=[action.pk])
    token = opened(client, alice, here)
    del client.cookies["sessionid"]

    answer = client.post(
        reverse("actions:withdraw", args=[action.pk]),
        {"csrfmiddlewaretoken": token},
        headers={"referer": f"{SITE}{here}"},
    )

    assert answer.status_code == 302
    assert answer.url == f"{SIGN_IN}?next={here.replace('/', '%2F')}"


def test_password_of_another_form_is_carried_nowhere(client, alice):
    address = reverse("account_change_password")
    token = opened(client, alice, address)
    del client.cookies["sessionid"]

    page = client.post(address, {"csrfmiddlewaretoken": token, "oldpassword": "hunter-of-words"}, follow=True)

    assert page.redirect_chain[-1][0].startswith(SIGN_IN)
    assert "hunter-of-words" not in page.text


def test_a_script_is_told_that_nobody_is_signed_in(client, alice):
    answer = client.get(HOME, headers={"accept": "*/*"})

    assert (answer.status_code, answer.content) == (401, b"")


# Somebody else at the same computer --------------------------------------------------------------------------------

REFLECT = reverse("actions:reflection_new")
WORDS = "I spoke for her instead of asking."


def test_what_somebody_typed_for_herself_comes_back_to_no_other_account(client, alice, bob):
    bob.set_password(PASSWORD)
    bob.save()
    client.force_login(alice)
    page = client.get(REFLECT)
    fields = dict(re.findall('<input type="hidden"(?: form="page-form")? name="([^"]+)" value="([^"]*)"', page.text))
    fields |= {"csrfmiddlewaretoken": token_of(page), "text": WORDS}
    del client.cookies["sessionid"]
    sign_in = client.post(REFLECT, fields, follow=True)
    session = client.cookies.copy()

    his = signed_in_from(client, sign_in, bob)
    his_form = client.get(his["Location"])
    client.cookies = session
    hers = signed_in_from(client, sign_in, alice)

    assert fields["_writer"] == str(alice.pk)
    assert (his.status_code, WORDS in his_form.text) == (302, False)
    assert ("text", WORDS) in hidden(hers)
    assert not Reflection.objects.exists()


def test_a_form_of_somebody_who_signed_out_is_not_shown_to_the_next(client, alice, bob):
    """Sent from a tab that was left open."""
    opened(client, bob)

    for writer, comes_back in [(alice, False), (bob, True)]:
        sent = {"csrfmiddlewaretoken": "a" * 64, "text": WORDS, "_writer": str(writer.pk)}
        answer = client.post(REFLECT, sent, headers={"origin": SITE})
        assert (answer.status_code, WORDS in answer.text) == (403, comes_back)


@pytest.mark.parametrize("writer", [{}, {"_writer": "0a0b0c0d-0000-4000-8000-00000000000a"}])
@pytest.mark.parametrize("page", ["actions:erase_texts", "mfa_deactivate_totp"])
def test_sign_in_page_that_somebody_left_presses_no_button_for_the_next(client, alice, writer, page):
    made_up = {"_typed": urlencode({"x": "1"} | writer), "csrfmiddlewaretoken": token_of(client.get(SIGN_IN))}

    sign_in = client.post(f"{SIGN_IN}?next={reverse(page)}", made_up)
    answer = signed_in_from(client, sign_in, alice)

    assert (answer.status_code, answer.url) == (302, reverse(page))  # to be read, not sent


@pytest.mark.parametrize(
    ("method", "address", "offered"),
    [("post", LOG, True), ("get", LOG, False), ("post", SIGN_IN, False), ("post", "/no/such/page/", False)],
)
def test_a_form_that_met_an_error_of_ours_is_there_to_be_sent_again(rf, method, address, offered):
    sent = getattr(rf, method)(f"{address}?practice=3", {"note": NOTE, "communities": ["1", "2"], "password": "x"})

    answer = server_error(sent)

    told = [(name, value) for name, value in hidden(answer) if name != "csrfmiddlewaretoken"]
    assert answer.status_code == 500
    assert told == ([("note", NOTE), ("communities", "1"), ("communities", "2"), ("password", "x")] if offered else [])
    assert (f'action="{address}?practice=3"' in answer.text) is offered


@pytest.mark.parametrize(("origin", "offered"), [(SITE, True), ("https://evil.example", False), ("null", False)])
def test_a_form_of_another_site_is_not_offered_to_be_sent_with_our_token(rf, origin, offered):
    answer = server_error(rf.post(LOG, {"note": NOTE}, headers={"origin": origin}))

    assert ("csrfmiddlewaretoken" in answer.text, "Read the plan" in answer.text) == (offered, offered)
