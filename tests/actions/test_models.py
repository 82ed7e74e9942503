from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions.models import Action, Commitment, Community, Practice
from tests.actions.factories import edit_term, make_community, make_practice
from tests.factories import (
    community,
    make_action,
    make_agency,
    make_commitment,
    make_membership,
    make_team,
    make_worker,
)
from tests.statements import refused_by

# Communities of an action -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["actions_action", "teams_team"])
@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (["unknown"], "communities_in_catalogue"),
        (["racialized", "unknown"], "communities_in_catalogue"),
        (["theirs"], "communities_in_catalogue"),
        (["racialized", "racialized"], "communities_in_catalogue"),
        ([None], "communities_in_catalogue"),
        (["not_specific", "racialized"], "exclusive_community_alone"),
    ],
)
def test_communities_that_cannot_be_are_refused(alice, charlie, team, table, chosen, refusal):
    keys = {
        "unknown": 32_000,
        "theirs": make_community(charlie.agency).pk,
        "racialized": community().pk,
        "not_specific": community("not_specific").pk,
        None: None,
    }
    row = {"actions_action": make_action(alice), "teams_team": team}[table]

    assert (
        refused_by(f"UPDATE {table} SET communities = %s WHERE id = %s", [keys[code] for code in chosen], row.pk)
        == refusal
    )


def test_action_without_community_is_refused(alice):
    action = make_action(alice)

    assert (
        refused_by("UPDATE actions_action SET communities = '{}' WHERE id = %s", action.pk)
        == "action_communities_not_empty"
    )


def test_new_action_for_an_unknown_community_is_refused(alice):
    with pytest.raises(IntegrityError, match="communities must be in the catalogue"), transaction.atomic():
        make_action(alice, communities=[32_000])

    assert Action.objects.count() == 0


def test_communities_of_the_agency_and_shipped_ones_are_kept(alice):
    chosen = [make_community(alice.agency).pk, community().pk]

    assert Action.objects.get(pk=make_action(alice, communities=chosen).pk).communities == chosen


def test_not_specific_alone_is_kept(alice):
    chosen = [community("not_specific").pk]

    assert Action.objects.get(pk=make_action(alice, communities=chosen).pk).communities == chosen


# The catalogue ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["actions_community", "actions_practice"])
def test_terms_are_never_deleted(db, table):
    assert refused_by(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})") == "terms_are_kept"


@pytest.mark.parametrize("change", ["id = 31000", "agency_id = (SELECT id FROM teams_agency)"])
@pytest.mark.parametrize("table", ["actions_community", "actions_practice"])
def test_terms_keep_their_key_and_their_agency(agency, table, change):
    assert refused_by(f"UPDATE {table} SET {change} WHERE id = (SELECT max(id) FROM {table})") == "terms_are_kept"


def test_practice_of_another_agency_is_refused(alice, charlie):
    action, theirs = make_action(alice), make_practice(charlie.agency)

    assert (
        refused_by("UPDATE actions_action SET practice_id = %s WHERE id = %s", theirs.pk, action.pk)
        == "practice_in_catalogue"
    )


def test_own_practice_is_kept(alice):
    own = make_practice(alice.agency)

    assert Action.objects.get(pk=make_action(alice, practice=own).pk).practice == own


@pytest.mark.parametrize("model", [Practice, Community])
def test_own_term_names_the_shared_term_that_it_counts_under(agency, model):
    make = {Practice: make_practice, Community: make_community}[model]

    with pytest.raises(IntegrityError, match="own_term_rolls_up"), transaction.atomic():
        make(agency, rolls_up_to=None)

    assert model.objects.filter(agency=agency).count() == 0


@pytest.mark.parametrize("make", [make_practice, make_community])
def test_code_is_unique_in_one_agency(agency, make):
    make(agency)
    make(make_agency())

    with pytest.raises(IntegrityError, match="code_unique"), transaction.atomic():
        make(agency)


@pytest.mark.parametrize("table", ["actions_practice", "actions_community"])
def test_code_of_shipped_terms_is_unique(db, table):
    refusal = refused_by(
        f"UPDATE {table} SET code = (SELECT code FROM {table} ORDER BY id LIMIT 1)"
        f" WHERE id = (SELECT max(id) FROM {table})"
    )

    assert refusal == f"{table.removeprefix('actions_')}_code_unique"


# Values of an action ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("hours = -0.01", "action_hours_range"),
        ("hours = 999.01", "action_hours_range"),
        ("level = 'galaxy'", "action_level_known"),
        ("direction = 'above'", "action_direction_known"),
        ("visibility = 'public'", "action_visibility_known"),
        ("heard_back = 'maybe'", "action_heard_back_known"),
    ],
)
def test_value_out_of_range_is_refused(alice, change, refusal):
    action = make_action(alice)

    assert refused_by(f"UPDATE actions_action SET {change} WHERE id = %s", action.pk) == refusal


def test_reference_is_unique_in_its_agency_only(alice, bob, charlie):
    make_action(alice, reference="A-1")
    second, theirs = make_action(bob), make_action(charlie, reference="A-1")

    assert theirs.reference == "A-1"
    assert (
        refused_by("UPDATE actions_action SET reference = 'A-1' WHERE id = %s", second.pk) == "action_reference_unique"
    )


def test_actions_without_reference_are_many(alice):
    assert {make_action(alice).reference for _ in range(2)} == {""}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("status = 'forgotten'", "commitment_status_known"),
        ("kept_on = due_on", "commitment_kept_on_only_when_kept"),
    ],
)
def test_commitment_that_contradicts_itself_is_refused(alice, change, refusal):
    promise = make_commitment(make_action(alice))

    assert refused_by(f"UPDATE actions_commitment SET {change} WHERE id = %s", promise.pk) == refusal


# Who reads and changes an action ----------------------------------------------------------------------------------


def test_visible_to_is_her_own_and_what_her_teams_share(alice, bob, sana, charlie):
    shared = make_action(alice, visibility="shared")
    counted = make_action(alice, visibility="counted")
    private = make_action(alice, visibility="private")
    make_action(alice, visibility="shared", withdrawn_at=timezone.now())

    seen = [set(Action.objects.visible_to(worker)) for worker in (alice, bob, sana, charlie)]

    assert seen == [{shared, counted, private}, {shared}, {shared}, set()]


def test_visible_to_of_who_left_the_team_is_nothing(alice, bob):
    make_action(alice, visibility="shared")
    bob.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert list(Action.objects.visible_to(bob)) == []


def test_visible_to_of_who_joins_later_is_all_that_was_shared(alice, team):
    action = make_action(alice, visibility="shared")
    newcomer = make_worker(alice.agency)
    make_membership(newcomer, team, starts_on=timezone.localdate())

    assert list(Action.objects.visible_to(newcomer)) == [action]


def test_visible_to_leads_and_admins_is_nothing_of_a_team(alice, agency):
    make_action(alice, visibility="shared")
    heads = [make_worker(agency, is_admin=True), make_worker(agency, is_equity_lead=True)]

    assert [list(Action.objects.visible_to(head)) for head in heads] == [[], []]


def test_shared_without_team_is_read_by_nobody_else(alice, bob):
    action = make_action(alice, team=None, visibility="shared")

    assert action.is_shared_with_nobody is True
    assert list(Action.objects.visible_to(bob)) == []
    assert list(Action.objects.visible_to(alice)) == [action]


def test_editable_by_is_her_own_and_not_withdrawn(alice, sana):
    own = make_action(alice, visibility="shared")
    make_action(alice, withdrawn_at=timezone.now())

    assert list(Action.objects.editable_by(alice)) == [own]
    assert list(Action.objects.editable_by(sana)) == []


def test_commitments_are_read_by_their_author_alone(alice, bob, sana):
    promise = make_commitment(make_action(alice, visibility="shared"))
    make_commitment(make_action(alice, withdrawn_at=timezone.now()))

    seen = [list(Commitment.objects.editable_by(worker)) for worker in (alice, bob, sana)]

    assert seen == [[promise], [], []]


def test_commitments_of_private_actions_are_counted_nowhere(alice):
    shared = make_commitment(make_action(alice, visibility="shared"))
    for changes in ({"visibility": "private"}, {"visibility": "counted"}, {"withdrawn_at": timezone.now()}):
        make_commitment(make_action(alice, **changes))

    assert list(Commitment.objects.shared()) == [shared]


def test_names_of_a_row_for_lists(alice):
    action = make_action(alice, team=make_team(alice.agency))

    assert str(action) == f"Share information up front ({action.done_on})"
    assert str(make_commitment(action)) == f"{action} - {action.done_on + timedelta(days=7)}"


@pytest.mark.parametrize(("table", "make"), [("practice", make_practice), ("community", make_community)])
def test_edits_and_own_terms_cannot_refer_to_another_agencys_term(agency, other_team, table, make):
    theirs = make(other_team.agency)
    edit = edit_term(agency, theirs.rolls_up_to)
    ours = make(agency)

    refused = [
        refused_by(f"UPDATE actions_{table}edit SET term_id = %s WHERE id = %s", theirs.pk, edit.pk),
        refused_by(f"UPDATE actions_{table} SET rolls_up_to_id = %s WHERE id = %s", theirs.pk, ours.pk),
    ]

    assert refused == [f"{table}edit_term_in_catalogue", f"{table}_rolls_up_to_shipped"]
