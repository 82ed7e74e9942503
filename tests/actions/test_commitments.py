from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from actions import commitments, once
from actions.models import Action, Commitment
from tests.factories import make_action, make_agency, make_commitment, make_own_commitment, make_team, make_worker

DUE, LATER = date(2026, 5, 10), date(2026, 6, 10)


def state(promise):
    saved = Commitment.objects.get(pk=promise.pk)
    return (saved.status, saved.kept_on, saved.renegotiated_to, saved.agreed_with, saved.dropped_because)


@pytest.mark.parametrize(
    ("agreed", "on", "status"),
    [
        (None, date(2026, 5, 1), "kept"),
        (None, DUE, "kept"),
        (None, date(2026, 5, 11), "kept_late"),
        (LATER, date(2026, 5, 11), "kept"),
        (LATER, LATER, "kept"),
        (LATER, date(2026, 6, 11), "kept_late"),
        (date(2026, 5, 1), date(2026, 5, 2), "kept_late"),
    ],
)
def test_keep_is_late_by_the_date_last_agreed(alice, agreed, on, status):
    promise = make_commitment(make_action(alice), due_on=DUE)
    if agreed:
        commitments.renegotiate(promise, by=alice, to=agreed, agreed_with="youth")
    commitments.keep(promise, by=alice, on=on)

    assert state(promise) == (status, on, agreed, "youth" if agreed else "", "")


def test_reopen_after_keep_is_as_before(alice):
    promise = make_commitment(make_action(alice), due_on=DUE)
    commitments.keep(promise, by=alice, on=LATER)
    commitments.reopen(promise, by=alice)

    assert state(promise) == ("open", None, None, "", "")


def test_reopen_after_drop_is_as_before(alice):
    promise = make_commitment(make_action(alice), due_on=DUE)
    commitments.renegotiate(promise, by=alice, to=LATER, agreed_with="parent")
    commitments.drop(promise, by=alice, because="no_means")
    dropped = state(promise)
    commitments.reopen(promise, by=alice)

    assert dropped == ("dropped", None, LATER, "parent", "no_means")
    assert state(promise) == ("renegotiated", None, LATER, "parent", "")


def test_renegotiate_again_keeps_the_date_last_agreed(alice):
    promise = make_commitment(make_action(alice), due_on=DUE)
    commitments.renegotiate(promise, by=alice, to=LATER, agreed_with="youth")
    commitments.renegotiate(promise, by=alice, to=date(2026, 7, 10), agreed_with="parent")

    assert state(promise) == ("renegotiated", None, date(2026, 7, 10), "parent", "")
    promise.refresh_from_db()
    assert (promise.due_on, promise.promised_for) == (DUE, date(2026, 7, 10))


def test_live_and_closed_are_all_of_them_once(alice):
    action = make_action(alice)
    promises = {
        status: make_commitment(action, status=status)
        for status in ("open", "renegotiated", "kept", "kept_late", "dropped")
    }

    assert set(Commitment.objects.live()) == {promises["open"], promises["renegotiated"]}
    assert set(Commitment.objects.closed()) == {promises["kept"], promises["kept_late"], promises["dropped"]}
    assert {status: promise.is_live for status, promise in promises.items()} == {
        "open": True,
        "renegotiated": True,
        "kept": False,
        "kept_late": False,
        "dropped": False,
    }


def test_by_is_soonest_first_by_the_date_last_agreed(alice):
    action = make_action(alice)
    moved = make_commitment(action, due_on=date(2026, 5, 1), renegotiated_to=LATER, status="renegotiated")
    second, first = (make_commitment(action, due_on=day) for day in (DUE, date(2026, 5, 2)))

    assert list(Commitment.objects.by(alice)) == [first, second, moved]


# One that stands alone -----------------------------------------------------------------------------------------------

KEY = UUID("0198c1a6-0000-7000-8000-000000000001")
NOW = datetime(2026, 5, 10, 16, 0, tzinfo=UTC)


def alone(text="Bring the draft"):
    return Commitment(text=text, due_on=DUE, visibility="private")


def test_make_twice_with_one_key_is_one(alice):
    made = [commitments.make(alone(text), by=alice, key=KEY) for text in ("Bring the draft", "Sent again")]

    assert made == [Commitment.objects.get(), Commitment.objects.get()]
    assert (made[1].pk, made[1].text, made[1].author) == (KEY, "Bring the draft", alice)


def test_make_with_somebody_elses_key_is_refused(alice, bob):
    commitments.make(alone(), by=alice, key=KEY)

    with pytest.raises(once.KeyTaken):
        commitments.make(alone("Something else"), by=bob, key=KEY)
    assert list(Commitment.objects.values_list("author", "text")) == [(alice.pk, "Bring the draft")]


def test_make_needs_an_agency(db):
    with pytest.raises(ValueError, match="agency"):
        commitments.make(alone(), by=make_worker(None, is_analyst=True))


def test_withdraw_and_restore_twice_are_once(alice):
    promise = make_own_commitment(alice)
    commitments.withdraw(promise, by=alice, now=NOW)
    commitments.withdraw(promise, by=alice, now=NOW + timedelta(minutes=5))
    promise.refresh_from_db()
    assert (promise.withdrawn_at, list(Commitment.objects.by(alice))) == (NOW, [])

    for _ in range(2):
        commitments.restore(promise, by=alice, now=NOW + timedelta(minutes=9))
    assert list(Commitment.objects.by(alice)) == [promise]


def test_restore_after_ten_minutes_is_too_late(alice):
    promise = make_own_commitment(alice, withdrawn_at=NOW)

    commitments.restore(promise, by=alice, now=NOW + timedelta(minutes=10))

    assert list(Commitment.objects.by(alice)) == []


def test_commitment_of_an_action_is_not_withdrawn_without_it(alice):
    promise = make_commitment(make_action(alice))

    commitments.withdraw(promise, by=alice, now=NOW)

    assert list(Commitment.objects.by(alice)) == [promise]


def test_text_is_erased_ten_minutes_after_withdrawal(alice):
    for minutes in (9, 10, 11):
        make_own_commitment(alice, text=f"{minutes} minutes ago", withdrawn_at=NOW - timedelta(minutes=minutes))
    make_own_commitment(alice, text="standing")

    assert [commitments.erase_withdrawn(now=NOW) for _ in range(2)] == [2, 0]
    assert sorted(Commitment.objects.values_list("text", flat=True)) == ["", "", "9 minutes ago", "standing"]


# Undo, and the same verb twice ---------------------------------------------------------------------------------------

VERBS = {
    "keep": {"on": DUE},
    "drop": {"because": "no_means"},
    "renegotiate": {"to": LATER, "agreed_with": "youth"},
}


def say(verb, promise, by, **changes):
    return getattr(commitments, verb)(promise, by=by, **VERBS[verb] | changes)


@pytest.mark.parametrize("verb", VERBS)
def test_undo_brings_back_what_was_before_once(alice, verb):
    promise = make_own_commitment(alice, due_on=DUE, renegotiated_to=DUE, agreed_with="parent", status="renegotiated")
    before = state(promise)
    say(verb, promise, alice)
    said = state(promise)
    for _ in range(2):
        commitments.undo(promise, by=alice)

    assert said != before
    assert state(promise) == before


@pytest.mark.parametrize("verb", VERBS)
def test_verb_said_twice_changes_nothing_and_keeps_undo(alice, verb):
    promise = make_own_commitment(alice, due_on=DUE)
    say(verb, promise, alice)
    said = state(promise)
    say(verb, promise, alice, **({"on": LATER} if verb == "keep" else {}))
    again = state(promise)
    commitments.undo(promise, by=alice)

    assert again == said
    assert state(promise) == ("open", None, None, "", "")


def test_undo_of_reopen_is_as_kept(alice):
    promise = make_own_commitment(alice, due_on=DUE)
    commitments.keep(promise, by=alice, on=DUE)
    for _ in range(2):
        commitments.reopen(promise, by=alice)
    reopened = state(promise)
    commitments.undo(promise, by=alice)

    assert reopened == ("open", None, None, "", "")
    assert state(promise) == ("kept", DUE, None, "", "")


@pytest.mark.parametrize(
    ("first", "second"), [("keep", "drop"), ("keep", "renegotiate"), ("drop", "keep"), ("drop", "renegotiate")]
)
def test_verb_on_what_another_device_closed_tells_how_it_stands(alice, first, second):
    promise = make_own_commitment(alice, due_on=DUE)
    stale = Commitment.objects.get(pk=promise.pk)
    say(first, promise, alice)
    said = state(promise)

    with pytest.raises(commitments.Settled) as settled:
        say(second, stale, alice)

    assert (state(promise), settled.value.saved.status) == (said, said[0])


@pytest.mark.parametrize("verb", [*VERBS, "reopen", "undo"])
def test_verbs_are_the_authors_alone(alice, sana, verb):
    promise = make_commitment(make_action(alice, visibility="shared"))

    with pytest.raises(Commitment.DoesNotExist):
        getattr(commitments, verb)(promise, by=sana, **VERBS.get(verb, {}))
    assert state(promise) == ("open", None, None, "", "")


# One from an action --------------------------------------------------------------------------------------------------


def belongs(promise):
    return Commitment.objects.values_list("author", "team", "visibility", "made_on", "withdrawn_at").get(pk=promise.pk)


def of(action):
    return (action.author_id, action.team_id, action.visibility, action.done_on, action.withdrawn_at)


def test_commitment_of_an_action_is_as_its_action_whatever_is_written(alice, bob):
    action = make_action(alice, visibility="counted", done_on=date(2026, 5, 1))
    promise = make_commitment(action, author=bob, visibility="shared", made_on=LATER, withdrawn_at=NOW)
    created = belongs(promise)
    Commitment.objects.update(visibility="shared", withdrawn_at=NOW, made_on=LATER)

    assert (created, belongs(promise)) == (of(action), of(action))


@pytest.mark.parametrize(
    "change",
    [{"visibility": "private"}, {"team": None}, {"withdrawn_at": NOW}, {"done_on": date(2026, 4, 1)}],
    ids=lambda change: next(iter(change)),
)
def test_commitment_follows_its_action(alice, change):
    action, other = (make_action(alice, done_on=date(2026, 5, 1)) for _ in range(2))
    promise, left = make_commitment(action), make_commitment(other)

    Action.objects.filter(pk=action.pk).update(**change)
    action.refresh_from_db()

    assert (belongs(promise), belongs(left)) == (of(action), of(other))


def test_commitment_that_stands_alone_follows_nothing(alice):
    promise = make_own_commitment(alice, visibility="shared")
    Action.objects.filter(pk=make_action(alice).pk).update(visibility="private", withdrawn_at=NOW)

    assert belongs(promise) == (alice.pk, None, "shared", promise.made_on, None)


@pytest.mark.django_db(transaction=True)
def test_action_changed_while_a_promise_is_added_takes_the_promise_along():
    """The promise waits for the change, or the change for the promise; either way they agree."""
    agency = make_agency()
    action = make_action(make_worker(agency, teams=[make_team(agency)]))
    promise = make_commitment(action)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO actions_commitment (agency_id, action_id, due_on, status, agreed_with, dropped_because)"
                " VALUES (%s, %s, '2026-06-01', 'open', '', '')",
                [agency.pk, action.pk],
            )
            with connection.cursor() as ours, pytest.raises(Exception, match="lock timeout"):
                ours.execute("SET lock_timeout = '300ms'")
                ours.execute("UPDATE actions_action SET visibility = 'private' WHERE id = %s", [action.pk])
            cursor.execute("COMMIT")
    finally:
        other.close()
        with connection.cursor() as ours:
            ours.execute("RESET lock_timeout")
    Action.objects.update(visibility="private")

    assert list(Commitment.objects.values_list("visibility", flat=True)) == ["private", "private"]
    assert promise.pk in Commitment.objects.values_list("pk", flat=True)


def test_commitment_of_an_action_has_no_text_of_its_own(alice):
    with pytest.raises(Exception, match="commitment_text_only_alone"):
        make_commitment(make_action(alice), text="Something")


@pytest.mark.parametrize("field", ["author", "team"])
def test_commitment_refers_to_its_own_agency_alone(alice, charlie, other_team, field):
    promise = make_own_commitment(alice)
    foreign = {"author": charlie.pk, "team": other_team.pk}[field]

    with pytest.raises(Exception, match=f"commitment_{field}_same_agency"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE actions_commitment SET {field}_id = %s WHERE id = %s", [foreign, promise.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
