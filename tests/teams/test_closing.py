"""Closing a team and merging it: which spells end and move, and the Undo."""

import io
import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from teams import closing, invitations, memberships
from teams.imports import people_import
from teams.invitations import Offer
from teams.models import Invitation, Membership, Team, TeamClosing
from teams.spreadsheets import sheets
from tests.factories import make_action, make_membership, make_team, make_worker

TODAY = date(2026, 5, 4)
NEXT = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=30)
BEGAN = date(2024, 1, 1)


@pytest.fixture
def kinship(agency):
    return make_team(agency, "Kinship")


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Adi Admin", is_admin=True)


def spells(team):
    rows = Membership.objects.filter(team=team).order_by("worker__name", "starts_on")
    return [
        (name.split()[0], role, first, last)
        for name, role, first, last in rows.values_list("worker__name", "role", "starts_on", "ends_on")
    ]


def everything():
    rows = Membership.objects.order_by("pk").values_list("pk", "team", "worker", "role", "starts_on", "ends_on")
    return list(rows), list(Team.objects.order_by("pk").values_list("pk", "closed_on"))


def close(team, admin, into=None, **options):
    return closing.close(team, into=into, last_day=TODAY, now=timezone.now(), by=admin, **options)


def test_close_ends_spells_and_leaves_actions_where_they_are(alice, sana, team, admin):
    late = make_worker(team.agency, "Lena Late")
    make_membership(late, team, starts_on=LATER)
    make_membership(make_worker(team.agency, "Early Bird"), team, ends_on=date(2025, 1, 1))
    action = make_action(alice)

    close(team, admin)

    assert spells(team) == [
        ("Alice", "member", BEGAN, TODAY),
        ("Early", "member", BEGAN, date(2025, 1, 1)),
        ("Sana", "supervisor", BEGAN, TODAY),
    ]
    action.refresh_from_db()
    assert action.team == team
    assert [list(Team.objects.open(day)) for day in (TODAY, NEXT)] == [[team], []]


def test_merge_moves_spells_in_their_role_and_leaves_who_is_there_already(alice, bob, sana, team, kinship, admin):
    make_membership(bob, kinship, role="supervisor")
    late = make_worker(team.agency, "Lena Late")
    make_membership(late, team, starts_on=LATER)
    made = closing.plan(team, into=kinship, last_day=TODAY)
    assert (len(made.moved), len(made.ended), len(made.dropped)) == (3, 1, 0)

    close(team, admin, into=kinship, told=made.told)

    assert spells(team) == [
        ("Alice", "member", BEGAN, TODAY),
        ("Bob", "member", BEGAN, TODAY),
        ("Sana", "supervisor", BEGAN, TODAY),
    ]
    assert spells(kinship) == [
        ("Alice", "member", NEXT, None),
        ("Bob", "supervisor", BEGAN, None),
        ("Lena", "member", LATER, None),
        ("Sana", "supervisor", NEXT, None),
    ]


@pytest.mark.parametrize("merges", [False, True])
def test_undo_brings_everything_back(alice, bob, sana, team, kinship, admin, merges):
    make_membership(bob, kinship)
    make_membership(make_worker(team.agency), team, starts_on=LATER)
    before = everything()

    done = close(team, admin, into=kinship if merges else None)
    assert everything() != before
    closing.undo(done, now=timezone.now(), by=admin)
    closing.undo(done, now=timezone.now(), by=admin)

    assert everything() == before
    close(team, admin)  # and it can be closed again


def test_undo_is_refused_where_a_spell_was_changed_since(alice, bob, team, kinship, admin):
    done = close(team, admin, into=kinship)
    moved = Membership.objects.get(worker=alice, team=kinship)
    memberships.change_role(moved, role="supervisor", on=NEXT, by=admin)
    before = everything()

    with pytest.raises(closing.ChangedSince):
        closing.undo(done, now=timezone.now(), by=admin)

    assert everything() == before


def test_undo_is_for_admins_of_the_agency_for_ten_minutes(alice, team, admin, lead, charlie):
    done = close(team, admin)
    head = make_worker(charlie.agency, is_admin=True)

    def offered(worker, minutes):
        return list(TeamClosing.objects.undoable_by(worker, done.done_at + timedelta(minutes=minutes)))

    assert [offered(who, 9) for who in (admin, lead, alice, head)] == [[done], [], [], []]
    assert offered(admin, 10) == []


def test_close_with_other_counts_than_were_told_changes_nothing(alice, team, admin):
    told = closing.plan(team, into=None, last_day=TODAY).told
    make_worker(team.agency, teams=[team])
    before = everything()

    with pytest.raises(closing.OtherCounts):
        close(team, admin, told=told)

    assert everything() == before


def test_closed_team_is_neither_closed_nor_merged_into(team, kinship, admin):
    close(team, admin)

    for closed, into in ((team, None), (kinship, team), (kinship, kinship)):
        with pytest.raises(closing.CannotClose):
            close(closed, admin, into=into)


def join(admin, team):
    """Begin a spell by an invitation that was sent before."""
    invitations.accept(Invitation.objects.get(), name="New", password=None, language="en", now=timezone.now())


def bring(admin, team):
    """Begin a spell by an import."""
    row = f"agency,name,email,role,team,starts_on\n{admin.agency.name},{admin.name},{admin.email},member,{team.name},2026-01-05\n"
    sheet = sheets.read(io.BytesIO(row.encode()), name="people.csv", required=people_import.REQUIRED)
    with transaction.atomic():
        plan = people_import.plan(sheet)
        if not plan.errors:
            people_import.write(plan)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begin", [join, bring])
def test_who_joins_while_a_team_closes_waits_and_has_no_spell_in_it(admin, team, begin):
    offer = Offer(language="en", teams=[team])
    invitations.invite(team.agency, ["new@people.example"], offer=offer, now=timezone.now(), by=admin)

    def run():
        try:
            begin(admin, team)
        finally:
            connection.close()

    with transaction.atomic():
        close(team, admin)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # it waits for our lock
    thread.join(30)

    assert (thread.is_alive(), spells(team)) == (False, [])
