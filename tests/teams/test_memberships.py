"""Spells: begun, moved, given another role and ended, with what was before kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from teams import memberships
from teams.models import Membership
from tests.factories import make_team, make_worker

BEGAN, DAY = date(2024, 1, 1), date(2026, 5, 4)
DAY_BEFORE = DAY - timedelta(days=1)


def spells(worker):
    rows = Membership.objects.filter(worker=worker).order_by("starts_on", "team__name")
    return list(rows.values_list("team__name", "role", "starts_on", "ends_on"))


@pytest.fixture
def spell(alice):
    return alice.memberships.get()


@pytest.fixture
def kinship(agency):
    return make_team(agency, "Kinship")


def test_move_ends_the_spell_the_day_before_and_keeps_it(alice, spell, kinship):
    memberships.move(spell, kinship, on=DAY, role="supervisor", by=None)

    assert spells(alice) == [("Intake", "member", BEGAN, DAY_BEFORE), ("Kinship", "supervisor", DAY, None)]


def test_move_keeps_the_last_day_that_was_planned(alice, spell, kinship):
    Membership.objects.update(ends_on=date(2026, 6, 30))
    memberships.move(spell, kinship, on=DAY, role="member", by=None)

    assert spells(alice)[1] == ("Kinship", "member", DAY, date(2026, 6, 30))


@pytest.mark.parametrize("on", [BEGAN, BEGAN - timedelta(days=1)])
def test_move_is_refused_before_the_spell_has_begun(alice, spell, kinship, on):
    with pytest.raises(ValidationError):
        memberships.move(spell, kinship, on=on, role="member", by=None)

    assert spells(alice) == [("Intake", "member", BEGAN, None)]


def test_second_admin_who_moves_the_same_spell_is_refused(alice, spell, kinship):
    memberships.move(spell, kinship, on=DAY, role="member", by=None)

    with pytest.raises(ValidationError, match="ended on"):
        memberships.move(spell, make_team(alice.agency, "Youth"), on=DAY, role="member", by=None)

    assert [team for team, *_ in spells(alice)] == ["Intake", "Kinship"]


def test_move_into_a_team_in_which_she_is_changes_nothing(alice, spell, kinship):
    memberships.add(alice, kinship, role="member", starts_on=BEGAN, by=None)

    with pytest.raises(ValidationError, match="already has a spell"):
        memberships.move(spell, kinship, on=DAY, role="member", by=None)

    assert [(team, ends_on) for team, _, _, ends_on in spells(alice)] == [("Intake", None), ("Kinship", None)]


def test_change_role_keeps_the_spell_of_before(alice, spell):
    memberships.change_role(spell, role="supervisor", on=DAY, by=None)
    later = alice.memberships.get(ends_on=None)
    memberships.change_role(later, role="member", on=DAY, by=None)

    assert spells(alice) == [("Intake", "member", BEGAN, DAY_BEFORE), ("Intake", "member", DAY, None)]


def test_end_may_be_brought_forward_and_not_done_twice(alice, spell):
    memberships.end(spell, on=DAY, by=None)
    memberships.end(spell, on=DAY_BEFORE, by=None)

    with pytest.raises(ValidationError):
        memberships.end(spell, on=DAY, by=None)
    assert spells(alice) == [("Intake", "member", BEGAN, DAY_BEFORE)]


def test_add_is_refused_where_account_or_team_is_closed(alice, kinship):
    kinship.closed_on = DAY
    kinship.save()
    gone = make_worker(alice.agency, is_active=False)

    for worker, ends_on in ((gone, DAY), (alice, None), (alice, DAY + timedelta(days=1))):
        with pytest.raises(ValidationError):
            memberships.add(worker, kinship, role="member", starts_on=BEGAN, ends_on=ends_on, by=None)
    memberships.add(alice, kinship, role="member", starts_on=BEGAN, ends_on=DAY, by=None)

    assert Membership.objects.filter(team=kinship).count() == 1


def test_add_all_leaves_alone_who_is_there_already(alice, bob, kinship):
    memberships.add(alice, kinship, role="supervisor", starts_on=BEGAN, by=None)

    assert memberships.add_all([alice, bob], kinship, role="member", starts_on=DAY, by=None) == 1
    assert sorted(Membership.objects.filter(team=kinship).values_list("worker__name", "role")) == [
        ("Alice Member", "supervisor"),
        ("Bob Mate", "member"),
    ]
