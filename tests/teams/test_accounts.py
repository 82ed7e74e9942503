"""Accounts: roles, closing and opening, sessions that end, and the last admin."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import departures
from actions.models import Departure
from teams import accounts
from teams.accounts import LastAdmin, StaleAccount
from teams.models import Membership, Session, Worker
from tests.factories import make_agency, make_worker


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Adi Admin", is_admin=True)


def roles(worker):
    return Worker.objects.filter(pk=worker.pk).values_list("name", "is_admin", "is_equity_lead").get()


def save(worker, *, over=None, **changes):
    kept = {name: getattr(worker, name) for name in accounts.KEPT} | changes
    return accounts.change(worker, **kept, over=over or accounts.seen(worker), by=None)


def signed_in(worker):
    client = Client()
    client.force_login(worker)
    return client


def status(client):
    return client.get(reverse("actions:home")).status_code


def test_change_saves_what_an_admin_chose(admin, alice):
    save(alice, name="Alix Member", is_equity_lead=True)

    assert roles(alice) == ("Alix Member", False, True)


def test_second_of_two_admins_learns_of_the_first_and_changes_nothing(admin, alice):
    shown = accounts.seen(alice)
    save(alice, is_equity_lead=True)

    with pytest.raises(StaleAccount) as caught:
        save(alice, name="Another Name", over=shown)

    assert caught.value.saved.is_equity_lead
    assert roles(alice) == ("Alice Member", False, True)


def test_last_admin_neither_loses_the_role_nor_the_account(admin, alice):
    make_worker(admin.agency, is_admin=True, is_active=False)
    make_worker(make_agency(), is_admin=True)

    with pytest.raises(LastAdmin):
        save(admin, is_admin=False)
    with pytest.raises(LastAdmin):
        accounts.deactivate(alice, admin, now=timezone.now(), by=None)

    assert roles(admin) == ("Adi Admin", True, False)
    assert Worker.objects.active().filter(pk__in=[alice.pk, admin.pk]).count() == 2


@pytest.mark.parametrize("verb", ["demote", "deactivate"])
@pytest.mark.django_db(transaction=True)
def test_two_admins_who_take_each_other_away_at_once_leave_one(transactional_db, verb):
    agency = make_agency()
    first, second = (make_worker(agency, is_admin=True) for _ in range(2))
    refused = []

    def take_away(worker):
        if verb == "demote":
            save(worker, is_admin=False)
        else:
            accounts.deactivate(worker, now=timezone.now(), by=None)

    def take_first_away():
        try:
            take_away(first)
        except LastAdmin:
            refused.append(first.pk)
        finally:
            connection.close()

    with transaction.atomic():
        take_away(second)
        thread = threading.Thread(target=take_first_away)
        thread.start()
        thread.join(0.5)
        assert (thread.is_alive(), refused) == (True, [])  # it waits for our lock
    thread.join(30)

    assert refused == [first.pk]
    assert list(Worker.objects.active().filter(agency=agency, is_admin=True)) == [first]


def test_deactivate_ends_sessions_at_once_and_they_stay_dead_after_reactivation(admin, alice, bob):
    theirs, mine, another = signed_in(bob), signed_in(alice), signed_in(alice)
    assert [status(client) for client in (theirs, mine, another)] == [200, 200, 200]

    accounts.deactivate(alice, now=timezone.now(), by=admin)
    assert [status(client) for client in (theirs, mine, another)] == [200, 302, 302]
    accounts.reactivate(alice, by=admin)

    assert [status(client) for client in (theirs, mine, another)] == [200, 302, 302]
    assert status(signed_in(Worker.objects.get(pk=alice.pk))) == 200


def test_session_that_was_kept_elsewhere_is_dead_too(admin, alice):
    client = signed_in(alice)
    kept = Session.objects.get(pk=client.session.session_key)
    accounts.end_sessions(alice)
    assert not Session.objects.filter(pk=kept.pk).exists()

    kept.save(force_insert=True)

    assert status(client) == 302


def test_deactivate_ends_spells_and_the_calendar_and_a_departure_follows(admin, alice):
    Worker.objects.filter(pk=alice.pk).update(calendar_key="0a0b0c0d-0000-4000-8000-000000000001")

    assert accounts.deactivate(alice, now=timezone.now(), by=admin) == 1
    assert accounts.deactivate(alice, now=timezone.now(), by=admin) == 0
    departures.notice(now=timezone.now())

    assert list(Membership.objects.filter(worker=alice).values_list("ends_on", flat=True)) == [alice.today()]
    assert Worker.objects.get(pk=alice.pk).calendar_key is None
    assert Departure.objects.filter(worker=alice, returned_at=None).count() == 1
    accounts.reactivate(alice, by=admin)
    departures.notice(now=timezone.now())
    assert Departure.objects.filter(worker=alice, returned_at=None).count() == 0
