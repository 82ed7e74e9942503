import re

import pytest
from django.core import mail
from django.urls import reverse

from teams.models import Worker
from tests.factories import PASSWORD, make_worker

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")

SIGN_IN, RESET, SENT, SIGN_UP, HOME = (
    reverse(name)
    for name in (
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_signup",
        "actions:home",
    )
)
NEW_PASSWORD = "river-lantern-quilt"


def sign_in(client, address, password=PASSWORD):
    return client.post(SIGN_IN, {"login": address, "password": password})


def signed_in_as(client):
    response = client.get(HOME)
    return response.context["user"] if response.status_code == 200 else None


def link_in(message):
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def chosen(client, address, password):
    """Ask for a link, open it, and answer it with the password."""
    client.post(RESET, {"email": address})
    page = client.get(link_in(mail.outbox[-1]), follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def shown(response):
    """The main part of a page, without the token that differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text.split("<main")[1])


# E-mail and password ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [str.lower, str.upper, lambda address: f" {address} "])
def test_sign_in_by_address_and_password(client, agency, typed):
    worker = make_worker(agency, password=PASSWORD)

    response = sign_in(client, typed(worker.email))

    assert (response.status_code, response.url) == (302, HOME)
    assert signed_in_as(client) == worker


def test_sign_in_leads_to_the_page_that_was_asked_for(client, agency):
    worker = make_worker(agency, password=PASSWORD)
    wanted = f"{reverse('actions:record')}?kind=learning"
    asked = client.get(wanted)

    page = client.get(asked.url)
    hidden = re.search(r'name="next" value="([^"]+)"', page.text.split("<main")[1])[1]
    response = client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD, "next": hidden})

    assert response.url == wanted


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_leads_to_our_own_pages_only(client, agency, address):
    worker = make_worker(agency, password=PASSWORD)

    response = client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD, "next": address})

    assert response.url == HOME


def test_sign_in_does_not_tell_who_has_an_account(client, agency):
    known = make_worker(agency, password=PASSWORD)
    imported, closed = make_worker(agency), make_worker(agency, password=PASSWORD, is_active=False)

    answers = {
        address: sign_in(client, address, "wrong-horse-battery")
        for address in (known.email, imported.email, closed.email, "nobody@example.org")
    }

    pages = {shown(answer).replace(address, "") for address, answer in answers.items()}
    assert ({answer.status_code for answer in answers.values()}, len(pages)) == ({200}, 1)
    assert "The email address and/or password you specified are not correct." in pages.pop()
    assert signed_in_as(client) is None


def test_sign_in_is_slowed_down_after_five_wrong_passwords(client, agency):
    worker = make_worker(agency, password=PASSWORD)
    for _ in range(5):
        sign_in(client, worker.email, "wrong-horse-battery")

    assert sign_in(client, worker.email).status_code != 302
    assert signed_in_as(client) is None


# An account that is closed ----------------------------------------------------------------------------------------


def test_deactivated_worker_is_refused_at_once(client, agency):
    worker = make_worker(agency)
    client.force_login(worker)
    before = signed_in_as(client)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)

    response = client.get(HOME)

    assert (before, response.status_code, response.url) == (worker, 302, f"{SIGN_IN}?next={HOME}")


def test_deactivated_worker_cannot_sign_in(client, agency):
    worker = make_worker(agency, password=PASSWORD, is_active=False)

    sign_in(client, worker.email)

    assert signed_in_as(client) is None


def test_deactivated_worker_gets_no_link(client, agency):
    worker = make_worker(agency, is_active=False)

    client.post(RESET, {"email": worker.email})

    assert [message.subject for message in mail.outbox] == ["No Allyship account has this address"]


# Setting a password by mail ---------------------------------------------------------------------------------------


def test_imported_person_comes_in_through_a_link(client, agency):
    worker = make_worker(agency)

    asked = client.post(RESET, {"email": worker.email.upper()})
    message = mail.outbox[0]
    page = client.get(link_in(message), follow=True)
    set_ = client.post(page.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    client.logout()
    sign_in(client, worker.email, NEW_PASSWORD)

    assert (asked.url, set_.status_code) == (SENT, 302)
    assert (len(mail.outbox), message.to, message.subject) == (2, [worker.email], "Set your Allyship password")
    assert signed_in_as(client) == worker


def test_change_of_the_password_is_told_by_mail(client, agency):
    worker = make_worker(agency)
    chosen(client, worker.email, NEW_PASSWORD)

    assert [(message.to, message.subject) for message in mail.outbox[1:]] == [
        ([worker.email], "Your Allyship password was set anew")
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_link_works_once(client, agency, language):
    worker = make_worker(agency, language=language)
    chosen(client, worker.email, NEW_PASSWORD)
    client.logout()
    again = client.get(link_in(mail.outbox[0]), follow=True)

    assert again.context["token_fail"] is True


def test_link_signs_other_sessions_out(client, agency):
    worker = make_worker(agency, password=PASSWORD)
    other = type(client)()
    sign_in(other, worker.email)
    before = signed_in_as(other)
    chosen(client, worker.email, NEW_PASSWORD)

    assert (before, signed_in_as(other)) == (worker, None)


@pytest.mark.parametrize(
    "password", ["river-lamps", "123456789012", "password1234", "imported.person", "ManchesterUnited"]
)
def test_weak_password_is_refused(client, agency, password):
    worker = make_worker(agency, "Imported Person")

    response = chosen(client, worker.email, password)

    assert (response.status_code, set(response.context["form"].errors)) in [(200, {"password1"}), (200, {"password2"})]
    assert Worker.objects.get(pk=worker.pk).has_usable_password() is False


def test_password_of_twelve_characters_is_taken(client, agency):
    worker = make_worker(agency)

    assert chosen(client, worker.email, "river-lampsx").status_code == 302
    assert Worker.objects.get(pk=worker.pk).check_password("river-lampsx") is True


def test_unknown_address_gets_the_same_page(client, agency):
    worker = make_worker(agency)

    answers = [client.post(RESET, {"email": address}) for address in (worker.email, "nobody@example.org")]
    pages = {shown(client.get(answer.url)) for answer in answers}

    assert ({(answer.status_code, answer.url) for answer in answers}, len(pages)) == ({(302, SENT)}, 1)
    assert "example.org" not in pages.pop()


def test_mail_to_an_unknown_address_holds_no_link_into_an_account(client, agency):
    client.post(RESET, {"email": "nobody@example.org"})

    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["nobody@example.org"], "No Allyship account has this address")
    ]
    assert "password/reset/key" not in mail.outbox[0].body


# Sign-up ----------------------------------------------------------------------------------------------------------


def test_sign_up_is_closed(client, db):
    page = client.get(SIGN_UP)
    answer = client.post(SIGN_UP, {"email": "new@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert (page.status_code, answer.status_code, Worker.objects.count()) == (200, 200, 0)
    assert {page.templates[0].name, answer.templates[0].name} == {"account/signup_closed.html"}
