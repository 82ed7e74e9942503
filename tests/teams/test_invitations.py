"""Invitations: what a paste holds, what becomes of each address, and one account for one link."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from teams import invitations
from teams.invitations import NotOpen, Offer, Told
from teams.models import Invitation, Team, Worker
from tests.factories import make_agency, make_team, make_worker

NOW = timezone.now()
PASSWORD = "river-lantern-quilt"


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Adi Admin", is_admin=True)


def invite(admin, *typed, now=NOW, **offer):
    return invitations.invite(admin.agency, typed, offer=Offer(**{"language": "fr"} | offer), now=now, by=admin)


def invited(email="new@people.example"):
    return Invitation.objects.standing().get(email=email)


def accept(invitation, now=NOW):
    return invitations.accept(invitation, name="New Person", password=PASSWORD, language="fr", now=now)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a@x.example\nb@x.example, c@x.example;d@x.example",
            ["a@x.example", "b@x.example", "c@x.example", "d@x.example"],
        ),
        ('Ann B <a@x.example>, "Okoro, Ines" <i@x.example>', ["a@x.example", "i@x.example"]),
        ("A@X.example\r\na@x.example ;; ", ["a@x.example"]),
        ("", []),
        (" , ;\n", []),
        ('"unclosed, a@x.example', ['"unclosed', "a@x.example"]),
        ("a@x.example\nBcc: b@x.example", ["a@x.example", "Bcc: b@x.example"]),
    ],
)
def test_addresses_of_a_paste(text, expected):
    assert invitations.addresses(text) == expected


def test_invite_tells_what_became_of_each_address(admin, alice, charlie):
    closed = make_worker(admin.agency, is_active=False)
    invite(admin, "waits@people.example")

    outcomes = invite(
        admin, "new@people.example", alice.email.upper(), closed.email, charlie.email, "nobody", "waits@people.example",
        "bсс@people.example",  # its letters are Cyrillic
    )  # fmt: skip

    assert [outcome.told for outcome in outcomes] == [
        Told.INVITED, Told.MEMBER, Told.CLOSED, Told.INVITED, Told.INVALID, Told.RESENT, Told.INVALID,
    ]  # fmt: skip


def test_token_is_stored_nowhere_and_opens_only_its_own_row(admin):
    invite(admin, "new@people.example", "other@people.example")
    one, other = invited(), invited("other@people.example")
    token = invitations.token(one)

    assert invitations.of(token) == one
    assert token not in str(Invitation.objects.filter(pk=one.pk).values().get())
    assert len({token, invitations.token(other), one.token_hash, other.token_hash}) == 4
    with pytest.raises(Invitation.DoesNotExist):
        invitations.of(one.token_hash)


def test_token_needs_the_secret_of_the_installation(admin, settings):
    invite(admin, "new@people.example")
    settings.SECRET_KEY = "of somebody who has the database alone"

    with pytest.raises(Invitation.DoesNotExist):
        invitations.of(invitations.token(invited()))


def test_accept_makes_the_account_with_what_was_offered(admin, team):
    closed = make_team(admin.agency, closed_on=NOW.date() - timedelta(days=1))
    invite(admin, "New@People.example", teams=[team, closed], role="supervisor", is_equity_lead=True)

    worker = accept(invited())

    worker = Worker.objects.get(pk=worker.pk)
    assert (worker.email, worker.name, worker.language, worker.agency) == (
        "new@people.example", "New Person", "fr", admin.agency
    )  # fmt: skip
    assert (worker.is_admin, worker.is_equity_lead, worker.check_password(PASSWORD)) == (False, True, True)
    assert list(worker.memberships.values_list("team", "role")) == [(team.pk, "supervisor")]


def test_link_is_dead_once_used_replaced_taken_back_or_old(admin):
    invite(admin, *(f"{what}@people.example" for what in ("used", "replaced", "back", "old")))
    used, replaced, back, old = (invited(f"{what}@people.example") for what in ("used", "replaced", "back", "old"))
    accept(used)
    again = invitations.renew(replaced, now=NOW, by=admin)
    invitations.revoke(back, now=NOW, by=admin)

    for invitation, now in ((used, NOW), (replaced, NOW), (back, NOW), (old, NOW + invitations.LASTS)):
        assert not invitations.is_open(invitation, now=now)
        with pytest.raises(NotOpen):
            accept(invitation, now=now)
    assert invitations.renew(back, now=NOW, by=admin) is None
    assert accept(again, now=NOW + invitations.LASTS - timedelta(minutes=1)).email == "replaced@people.example"


def test_address_that_has_an_account_elsewhere_cannot_join(admin, charlie):
    invite(admin, charlie.email)

    with pytest.raises(NotOpen):
        accept(invited(charlie.email))
    assert Worker.objects.get(email=charlie.email) == charlie


def test_new_link_is_asked_for_once_an_hour_where_the_invitation_stands(admin):
    invite(admin, "new@people.example", "back@people.example", teams=[make_team(admin.agency, "Intake")])
    old, back = invited(), invited("back@people.example")
    invitations.revoke(back, now=NOW, by=admin)
    late = NOW + timedelta(days=4)

    assert not invitations.ask_again(old, now=NOW + timedelta(minutes=59))
    assert invitations.ask_again(old, now=late)
    assert not invitations.ask_again(old, now=late + timedelta(minutes=59))
    assert not invitations.ask_again(back, now=late)
    assert invited().expires_at == late + invitations.LASTS
    assert list(invited().teams.values_list("name", flat=True)) == ["Intake"]


def test_agency_invites_a_thousand_a_day_at_most(admin, monkeypatch):
    monkeypatch.setattr(invitations, "A_DAY", 3)
    invite(admin, "a@people.example", "b@people.example")

    with pytest.raises(invitations.TooMany):
        invite(admin, "c@people.example", "d@people.example")
    invite(admin, "c@people.example", "d@people.example", now=NOW + timedelta(days=1))

    assert Invitation.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_twenty_who_accept_at_once_make_one_person(transactional_db):
    agency = make_agency()
    admin = make_worker(agency, is_admin=True)
    team = Team.objects.get(pk=make_team(agency).pk)
    invite(admin, "new@people.example", teams=[team])
    invitation, barrier, told = invited(), threading.Barrier(20), []

    def join():
        barrier.wait(30)
        try:
            told.append(accept(invitation).pk)
        except NotOpen:
            told.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    worker = Worker.objects.get(email="new@people.example")
    assert sorted(told, key=str) == sorted([worker.pk] + [None] * 19, key=str)
    assert worker.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_agencies_that_invite_one_address_one_gets_the_person(transactional_db):
    admins = [make_worker(make_agency(), is_admin=True) for _ in range(2)]
    for admin in admins:
        invite(admin, "new@people.example")
    barrier, told = threading.Barrier(2), []

    def join(invitation):
        barrier.wait(30)
        try:
            told.append(accept(invitation).agency)
        except NotOpen:
            told.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[each]) for each in Invitation.objects.all()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    joined = Worker.objects.get(email="new@people.example").agency
    assert sorted(told, key=str) == sorted([joined, None], key=str)
