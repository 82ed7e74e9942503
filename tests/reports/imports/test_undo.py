"""Taking an import back: exactly what it made and changed, and only where nothing else was changed or used since."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from actions import entries
from actions.models import Action, Commitment, Reflection
from reports import summaries
from reports.figures import team_figures
from reports.imports import uploads, work
from reports.periods import Period
from teams import accounts
from teams.models import Import, Membership, Team, Worker
from tests.actions.factories import make_draft, make_reflection
from tests.factories import make_action, make_commitment, make_membership, make_team
from tests.reports.imports.factories import ANA, action, imported

ADMIN = ANA | {"role": "admin", "team": "", "starts_on": ""}
TABLES = [Team, Worker, Membership, Action, Commitment]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-15T12:00Z", tick=False):
        yield


def saved(*leave_out):
    return [
        [{name: value for name, value in row.items() if name not in leave_out} for row in rows.values()]
        for rows in (model.objects.order_by("pk") for model in TABLES)
    ]


def undo(upload):
    asked = uploads.undo(upload, now=timezone.now(), by=upload.uploaded_by)
    work.work(upload.pk)
    upload.refresh_from_db()
    return asked and upload.status == "undone"


def refused(upload):
    before = saved()
    assert not undo(upload)
    assert (upload.status, upload.message, saved()) == ("done", "in_the_way", before)
    return upload.findings["in_the_way"]


def test_people_teams_and_spells_go_and_what_was_changed_comes_back(admin, alice, team):
    before = saved()
    gone = {"name": "Alicia", "email": alice.email, "role": "supervisor", "team": "Intake", "starts_on": "2024-01-01"}

    upload = imported(admin, ANA, ANA | {"team": "Kinship"}, gone)
    alice.refresh_from_db()
    assert (upload.counts["new"], alice.name, Team.objects.count()) == (2, "Alicia", 2)

    assert undo(upload)
    assert (saved(), upload.status, upload.undo, upload.content) == (before, "undone", None, None)
    assert not undo(upload)


def test_actions_and_promises_go_and_what_was_changed_comes_back(admin, alice):
    changed = make_action(alice, reference="1", note="Before.", hours="1.50", done_on=timezone.localdate())
    make_commitment(changed)
    dropped = make_action(alice, reference="2")
    make_commitment(dropped)
    before = saved("version")
    rows = [
        action(alice, note="After.", hours="2,5", commitment_due="2026-12-01"),
        action(alice, reference="2", hours="", commitment_due=""),
        action(alice, reference="3", hours="", commitment_due="2026-12-03"),
    ]

    upload = imported(admin, *rows, kind="actions")
    assert (upload.counts["new"], upload.counts["changed"], Commitment.objects.count()) == (1, 2, 2)

    assert undo(upload)
    assert saved("version") == before
    assert [one.version for one in Action.objects.order_by("pk")] == [3, 3]


def test_teams_and_whom_they_serve(admin, team):
    before = saved()
    rows = [{"team": name, "communities": "racialized", "supervisors": admin.email} for name in ("Intake", "Kinship")]

    assert undo(imported(admin, *rows, kind="teams"))
    assert saved() == before


def test_undone_actions_stand_in_no_live_figure_and_closed_ones_stay(admin, alice, team):
    quarter = Period.parse("2026-01-01", "2026-03-31")
    upload = imported(admin, action(alice), action(alice, reference="2"), kind="actions")
    (summary,) = summaries.close(agency=admin.agency, period=quarter, now=timezone.now(), mails=False)

    undo(upload)

    figures = team_figures.of_team(team, quarter, today=timezone.localdate())
    summary.refresh_from_db()
    assert (figures.total, summary.figures["total"]) == (0, 2)


@pytest.mark.parametrize(
    "touch",
    [
        lambda one: entries.save(one, by=one.author, now=timezone.now()),
        lambda one: entries.withdraw(one, now=timezone.now()),
        lambda one: entries.erase_texts(one.author, now=timezone.now()),
        make_commitment,
        lambda one: one.commitments.update(status="kept", kept_on="2026-11-15"),
    ],
    ids=["edited", "withdrawn", "texts erased", "promised", "kept"],
)
def test_what_its_author_touched_keeps_all_of_it(admin, alice, touch):
    rows = [action(alice, reference=str(n), note="With the council.", commitment_due="2026-12-01") for n in range(3)]
    upload = imported(admin, *rows, kind="actions")
    touch(Action.objects.get(reference="1"))

    assert 3 in refused(upload)


def test_reflection_does_not_tell_and_stays(admin, alice):
    upload = imported(admin, action(alice), kind="actions")
    make_reflection(alice, action=Action.objects.get())

    assert undo(upload)
    assert Reflection.objects.get().action is None


@pytest.mark.parametrize(
    ("touch", "rows"),
    [
        (make_action, [2]),
        (make_draft, [2]),
        (lambda ana: Worker.objects.filter(pk=ana.pk).update(last_login=timezone.now()), [2]),
        (lambda ana: make_membership(ana, make_team(ana.agency)), [2]),
        (lambda ana: ana.memberships.update(ends_on="2026-11-30"), [2]),
        (lambda ana: make_membership(ana.agency.imports.get().uploaded_by, ana.memberships.get().team), [2]),
    ],
    ids=["logged", "began a form", "signed in", "other team", "ended", "team is used"],
)
def test_somebody_who_is_at_work_by_now_keeps_all_of_it(admin, touch, rows):
    upload = imported(admin, ANA, ANA | {"name": "Bea", "email": "bea@h.example", "team": "Kinship"})
    touch(Worker.objects.get(email=ANA["email"]))

    assert refused(upload) == rows


@pytest.mark.parametrize("row", [ADMIN, ADMIN | {"name": "Alice Member", "email": "ALICE"}], ids=["new", "changed"])
def test_last_admin_cannot_be_taken_back(admin, alice, row):
    upload = imported(admin, row | {"email": row["email"].replace("ALICE", alice.email)})
    accounts.deactivate(admin, now=timezone.now(), by=None)
    before = saved()

    assert not undo(upload)
    assert (upload.status, upload.message, saved()) == ("done", "last_admin", before)

    accounts.reactivate(admin, by=None)
    assert undo(upload)


def test_signing_in_of_somebody_changed_is_no_change(admin, alice):
    upload = imported(admin, {"name": "Alicia", "email": alice.email, "role": "admin", "team": "", "starts_on": ""})
    Worker.objects.filter(pk=alice.pk).update(last_login=timezone.now(), default_visibility="private")

    assert undo(upload)
    alice.refresh_from_db()
    assert (alice.name, alice.is_admin, alice.default_visibility) == ("Alice Member", False, "private")


def test_after_a_day_it_is_too_late(admin):
    upload = imported(admin, ANA)
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        assert not undo(upload)

    assert Import.objects.get(pk=upload.pk).status == "done"


@pytest.mark.django_db(transaction=True)
def test_what_fails_or_is_cancelled_leaves_the_import_as_it_was(admin, monkeypatch):
    upload = imported(admin, ANA)
    before = saved()
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(work.traces, "take_back", lambda trace: 1 / 0)
        undo(upload)
    upload.refresh_from_db()
    assert (upload.status, upload.message, saved()) == ("done", "unexpected", before)

    assert uploads.undo(upload, now=timezone.now(), by=upload.uploaded_by)
    assert uploads.cancel(upload, now=timezone.now())
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.cancel_asked, saved()) == ("done", False, before)
    assert undo(upload)
