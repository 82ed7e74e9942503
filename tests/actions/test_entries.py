from datetime import UTC, date, datetime, timedelta

import pytest

from actions import entries
from actions.models import Action, Commitment
from teams.models import Role
from tests.factories import community, make_action, make_agency, make_membership, make_team, make_worker, practice

NOW = datetime(2026, 5, 10, 16, 0, tzinfo=UTC)
TODAY = date(2026, 5, 10)


def new_action(**changes):
    values = {
        "practice": practice(),
        "level": "individual",
        "direction": "consulted",
        "communities": [community().pk],
        "done_on": TODAY,
        "visibility": "shared",
    }
    return Action(**values | changes)


# Teams of a day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["Intake"]),
        (date(2026, 2, 1), ["Intake", "Kinship"]),
        (date(2026, 2, 28), ["Intake", "Kinship"]),
        (date(2026, 3, 1), ["Kinship"]),
    ],
)
def test_teams_on_are_those_of_the_day(agency, bob, day, expected):
    worker = make_worker(agency)
    make_membership(worker, bob.memberships.get().team, starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 28))
    make_membership(worker, make_team(agency, "Kinship"), Role.SUPERVISOR, starts_on=date(2026, 2, 1))

    assert [team.name for team in entries.teams_on(worker, day)] == expected


# Logging and saving -----------------------------------------------------------------------------------------------


def test_log_is_by_its_author_in_her_agency(alice):
    action = entries.log(new_action(), by=alice)

    saved = Action.objects.get()
    assert (saved.pk, saved.author, saved.agency, saved.version) == (action.pk, alice, alice.agency, 1)
    assert (saved.edited_at, saved.withdrawn_at, Commitment.objects.count()) == (None, None, 0)


def test_logged_on_is_the_agency_s_day(db, time_machine):
    time_machine.move_to("2026-05-10 10:30Z")
    days = [
        entries.log(new_action(), by=make_worker(make_agency(time_zone=zone))).logged_on
        for zone in ("Pacific/Kiritimati", "America/St_Johns")
    ]

    assert days == [date(2026, 5, 11), date(2026, 5, 10)]


def test_log_with_a_promise_makes_a_commitment(alice):
    action = entries.log(new_action(), by=alice, commitment_due=date(2026, 6, 1))

    promise = Commitment.objects.get()
    assert (promise.action, promise.agency, promise.due_on, promise.status) == (
        action,
        alice.agency,
        date(2026, 6, 1),
        "open",
    )


def test_save_moves_the_version_on_and_says_when(alice):
    action = make_action(alice)
    action.note = "More detail."
    entries.save(action, by=alice, now=NOW, commitment_due=date(2026, 6, 1))

    saved = Action.objects.get()
    assert (saved.note, saved.version, saved.edited_at) == ("More detail.", 2, NOW)
    assert Commitment.objects.get().due_on == date(2026, 6, 1)


def test_save_over_a_newer_version_is_refused_and_changes_nothing(alice):
    action = make_action(alice, note="First.")
    mine, elsewhere = Action.objects.get(pk=action.pk), Action.objects.get(pk=action.pk)
    elsewhere.note = "Second."
    entries.save(elsewhere, by=alice, now=NOW)
    mine.note = "Third."

    with pytest.raises(entries.StaleVersion) as caught:
        entries.save(mine, by=alice, now=NOW, commitment_due=TODAY)

    assert (caught.value.saved.note, caught.value.saved.version) == ("Second.", 2)
    assert (Action.objects.get().note, Commitment.objects.count()) == ("Second.", 0)


@pytest.mark.parametrize("reader", ["bob", "charlie"])
def test_save_of_another_s_action_is_refused(alice, bob, charlie, reader):
    action = make_action(alice, note="Hers.")
    action.note = "Not hers."

    with pytest.raises(Action.DoesNotExist):
        entries.save(action, by={"bob": bob, "charlie": charlie}[reader], now=NOW)

    assert Action.objects.get().note == "Hers."


# Withdrawing ------------------------------------------------------------------------------------------------------


def test_withdraw_again_does_not_prolong_the_time_to_restore(alice):
    action = make_action(alice)
    entries.withdraw(action, now=NOW)
    entries.withdraw(action, now=NOW + timedelta(minutes=5))

    saved = Action.objects.get()
    assert (saved.withdrawn_at, saved.version) == (NOW, 2)


def test_withdrawn_action_is_in_no_list(alice, bob):
    action = make_action(alice)
    entries.withdraw(action, now=NOW)

    assert [
        list(found)
        for found in (
            Action.objects.standing(),
            Action.objects.shared(),
            Action.objects.by(alice),
            Action.objects.visible_to(bob),
        )
    ] == [[], [], [], []]


def test_restore_brings_all_of_it_back(alice):
    action = make_action(alice, note="Kept.")
    entries.withdraw(action, now=NOW)
    entries.restore(action)

    saved = Action.objects.shared().get()
    assert (saved.note, saved.version, saved.withdrawn_at) == ("Kept.", 3, None)


@pytest.mark.parametrize(
    ("after", "restorable"),
    [
        (timedelta(minutes=9, seconds=59), True),
        (timedelta(minutes=10), False),
        (timedelta(minutes=10, seconds=1), False),
    ],
)
def test_withdrawn_is_restorable_or_erased_and_never_both(alice, after, restorable):
    action = make_action(alice, note="Text.")
    entries.withdraw(action, now=NOW)

    assert Action.objects.restorable_by(alice, NOW + after).exists() is restorable
    assert entries.erase_withdrawn(now=NOW + after) == (0 if restorable else 1)
    assert Action.objects.get().note == ("Text." if restorable else "")


def test_restorable_by_is_her_own(alice, bob):
    action = make_action(alice)
    entries.withdraw(action, now=NOW)

    assert list(Action.objects.restorable_by(bob, NOW)) == []
    assert list(Action.objects.restorable_by(alice, NOW)) == [action]


def test_erase_withdrawn_leaves_the_row_and_what_stands(alice):
    withdrawn, standing = make_action(alice, note="Gone."), make_action(alice, note="Here.")
    entries.withdraw(withdrawn, now=NOW)

    assert entries.erase_withdrawn(now=NOW + timedelta(minutes=11)) == 1
    assert entries.erase_withdrawn(now=NOW + timedelta(minutes=12)) == 0
    assert dict(Action.objects.values_list("pk", "note")) == {withdrawn.pk: "", standing.pk: "Here."}
