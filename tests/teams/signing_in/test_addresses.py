"""A new e-mail address: proven by its owner, while she is signed in to the account, and told to the old one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams.models import AddressChange, Worker
from teams.signing_in import addresses
from tests.factories import PASSWORD, make_worker

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")
OWN, SIGN_IN = reverse("teams:address"), reverse("account_login")
NEW = "new.name@example.org"


@pytest.fixture
def worker(agency, client):
    return signed_in(client, make_worker(agency, "Noor", password=PASSWORD))


def signed_in(client, worker):
    client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD})
    return worker


def link_in(message):
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def address_of(worker):
    return Worker.objects.get(pk=worker.pk).email


def test_address_is_changed_once_the_link_is_opened_and_confirmed(client, worker, mailoutbox):
    before = worker.email
    client.post(OWN, {"email": NEW.upper()})
    link = link_in(mailoutbox[0])
    asked = address_of(worker)
    client.get(link)
    opened = address_of(worker)

    client.post(link)

    assert (asked, opened, address_of(worker)) == (before, before, NEW)
    assert [message.to for message in mailoutbox] == [[NEW], [before]]
    assert "another e-mail address now" in mailoutbox[1].body
    assert NEW not in mailoutbox[1].body


def test_this_browser_stays_signed_in_and_others_do_not(client, worker, mailoutbox):
    other = Client()
    signed_in(other, worker)
    client.post(OWN, {"email": NEW})

    client.post(link_in(mailoutbox[0]))

    assert [browser.get(OWN).status_code for browser in (client, other)] == [200, 302]


def test_link_works_once(client, worker, mailoutbox):
    client.post(OWN, {"email": NEW})
    link = link_in(mailoutbox[0])
    client.post(link)

    assert client.post(link).status_code == 410


def test_link_works_for_a_day(client, worker):
    token = addresses.propose(worker, NEW, now=timezone.now() - timedelta(hours=24, seconds=1), by=worker)

    assert client.post(reverse("teams:address_confirm", args=[token])).status_code == 410


def test_later_link_takes_the_place_of_an_earlier(client, worker, mailoutbox):
    client.post(OWN, {"email": NEW})
    client.post(OWN, {"email": "newer@example.org"})

    answers = [client.post(link_in(message)).status_code for message in mailoutbox[:2]]

    assert (answers, address_of(worker)) == ([410, 302], "newer@example.org")


def test_link_changes_no_account_but_the_one_it_is_for(client, worker, agency, mailoutbox):
    """Whoever has the mailbox, and another account, has nothing of it."""
    client.post(OWN, {"email": NEW})
    other = make_worker(agency, password=PASSWORD)
    browser = Client()
    signed_in(browser, other)
    before = (worker.email, other.email)

    assert browser.post(link_in(mailoutbox[0])).status_code == 410
    assert (address_of(worker), address_of(other)) == before


def test_nobody_learns_that_an_address_has_an_account(client, worker, charlie, mailoutbox):
    taken = client.post(OWN, {"email": charlie.email}, follow=True)
    free = client.post(OWN, {"email": NEW}, follow=True)

    def shown(answer, email):
        """The main part; below it stand the seconds until her session ends."""
        main = answer.text.split("<main")[1].split("</main>")[0]
        return re.sub(r'value="\w{60,}"', "", main).replace(email, "")

    assert shown(taken, charlie.email) == shown(free, NEW)
    assert ([message.to for message in mailoutbox], "/my/address/" in mailoutbox[0].body) == (
        [[charlie.email], [NEW]],
        False,
    )


def test_address_that_got_an_account_meanwhile_is_not_given_twice(client, worker, agency, mailoutbox):
    client.post(OWN, {"email": NEW})
    make_worker(agency, email=NEW)

    assert (client.post(link_in(mailoutbox[0])).status_code, address_of(worker)) == (410, worker.email)


def test_link_for_a_password_that_went_to_the_old_address_works_no_longer(client, worker, mailoutbox):
    Client().post(reverse("account_reset_password"), {"email": worker.email})
    client.post(OWN, {"email": NEW})
    reset, confirm = map(link_in, mailoutbox)
    client.post(confirm)

    page = Client().get(reset, follow=True)

    assert page.redirect_chain == []
    assert "password1" not in page.text


def test_old_address_opens_nothing_any_more(client, worker, mailoutbox):
    before = worker.email
    client.post(OWN, {"email": NEW})
    client.post(link_in(mailoutbox[0]))
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": before})

    assert mailoutbox[-1].subject == "No Allyship account has this address"
    assert browser.post(SIGN_IN, {"login": NEW, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("typed", ["", "no address", "nоor@example.org"])
def test_address_that_is_none_is_refused(client, worker, typed):
    assert (client.post(OWN, {"email": typed}).status_code, AddressChange.objects.count()) == (422, 0)


def test_sixth_message_in_five_minutes_is_not_sent(client, worker, mailoutbox):
    answers = [client.post(OWN, {"email": f"a{n}@example.org"}).status_code for n in range(6)]

    assert (answers, len(mailoutbox)) == ([302] * 5 + [422], 5)


def test_old_session_asks_who_it_is_first(client, worker, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=6))

    assert client.get(OWN).url.startswith(reverse("account_reauthenticate"))


# An admin proposes it -------------------------------------------------------------------------------------------------


def proposed(client, person, email=NEW):
    return client.post(reverse("teams:person_address", args=[person.pk]), {"email": email})


def test_admin_proposes_an_address_and_its_owner_confirms_it(client, agency, mailoutbox):
    person, admin = make_worker(agency, language="fr", password=PASSWORD), make_worker(agency, is_admin=True)
    client.force_login(admin)
    proposed(client, person)
    link = link_in(mailoutbox[0])
    by_admin = client.post(link).status_code
    before = address_of(person)
    hers = Client()
    signed_in(hers, person)

    hers.post(link)

    assert (by_admin, before, address_of(person)) == (410, person.email, NEW)
    assert mailoutbox[0].body.startswith("Bonjour")


@pytest.mark.parametrize("who", ["outsider", "lead", "closed"])
def test_nobody_else_proposes_it_nor_for_a_closed_account(client, agency, charlie, who):
    admin = make_worker(agency, is_admin=who != "lead", is_equity_lead=who == "lead")
    person = {"outsider": charlie, "lead": make_worker(agency), "closed": make_worker(agency, is_active=False)}[who]
    client.force_login(admin)

    assert (proposed(client, person).status_code, AddressChange.objects.count()) == (404, 0)
