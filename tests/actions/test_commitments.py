from datetime import date

import pytest

from actions import commitments
from actions.models import Commitment
from tests.factories import make_action, make_commitment

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
