import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from actions.models import Action
from reports import locks
from reports.imports import uploads, work
from reports.imports.kinds import KINDS
from reports.imports.work import Cancelled
from reports.tasks import housekeeping, tick
from teams import accounts, closing
from teams.models import Import, Membership, Team, Worker
from tests.factories import make_action
from tests.reports.imports.factories import ANA, action, brought, confirm, imported, sheet


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-15T12:00Z", tick=False):
        yield


def saved():
    return [list(model.objects.order_by("pk").values()) for model in (Worker, Team, Membership, Action)]


def counts(upload):
    return {name: n for name, n in upload.counts.items() if n}


# The check ----------------------------------------------------------------------------------------------------------


def test_check_counts_and_writes_nothing(admin, team):
    before = saved()

    upload = brought(admin, ANA, ANA | {"role": "supervisor", "email": "bea@harbour.example", "name": "Bea"})

    assert (upload.status, counts(upload), upload.findings["errors"]) == ("ready", {"new": 2}, [])
    assert saved() == before


def test_check_tells_rows_and_columns_and_never_what_stands_in_them(admin, alice):
    note = "Called the Tremblay family, 416 555 0134"

    upload = brought(admin, action(alice, note=note), action(alice, reference="2", level="x"), kind="actions")

    assert [(row, column) for row, column, _ in upload.findings["errors"]] == [(2, "note"), (2, "note"), (3, "level")]
    assert [word for word in ("Tremblay", "416", "0134") if word in str((upload.findings, upload.counts))] == []


def test_check_tells_in_the_language_of_whoever_brought_it(admin):
    admin.language = "fr"
    admin.save()

    upload = brought(admin, ANA | {"email": ""})

    assert upload.findings["errors"] == [[2, "email", "est vide"]]


def test_check_counts_whom_it_makes_admin_or_lead(admin, alice):
    lead = {**ANA, "role": "equity_lead", "team": "", "starts_on": ""}
    again = {"name": admin.name, "email": admin.email, "role": "admin", "team": "", "starts_on": ""}
    hers = {"name": alice.name, "email": alice.email, "role": "admin", "team": "", "starts_on": ""}

    assert counts(brought(admin, lead, again, hers)) == {"new": 1, "same": 1, "changed": 1, "admins": 1, "leads": 1}


def test_row_of_another_agency_is_an_error(admin, charlie):
    upload = brought(
        admin, ANA | {"agency": charlie.agency.name}, ANA | {"agency": " HARBOURSIDE ", "email": "b@h.example"}
    )

    assert upload.findings["errors"] == [[2, "agency", "is not the name of your agency"]]


def test_somebody_of_another_agency_cannot_be_brought_here(admin, charlie):
    upload = brought(admin, ANA | {"email": charlie.email})

    assert [(row, column) for row, column, _ in upload.findings["errors"]] == [(2, "email")]
    charlie.refresh_from_db()
    assert charlie.agency.name == "Elsewhere"


def test_notes_that_may_point_to_a_person_pass_once_somebody_has_read_them(admin, alice):
    upload = brought(admin, action(alice, note="Met with the Tremblay family at the school."), kind="actions")
    assert counts(upload) == {"bad": 1, "errors": 1, "warned": 1}
    assert not confirm(upload, by=admin)

    assert uploads.take_warnings(upload, by=admin)
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, counts(upload)) == ("ready", {"new": 1})
    assert [row for row, *_ in upload.findings["notices"]] == [2]


# Writing ------------------------------------------------------------------------------------------------------------


def test_people_are_imported_and_the_same_file_again_changes_nothing(admin):
    upload = imported(admin, ANA)
    ana = Worker.objects.get(email="ana@harbour.example")

    assert (upload.status, ana.agency, ana.memberships.get().team.name) == ("done", admin.agency, "Intake")
    again = brought(admin, ANA)
    assert (counts(again), confirm(again, by=admin)) == ({"same": 1}, False)


def test_teams_are_imported(admin, alice, team):
    rows = [
        {"team": "Kinship", "communities": "racialized; indigenous", "supervisors": admin.email},
        {"team": "Intake", "communities": "racialized", "supervisors": ""},
    ]

    upload = imported(admin, *rows, kind="teams")

    kinship, intake = Team.objects.get(name="Kinship"), Team.objects.get(name="Intake")
    assert (counts(upload), len(kinship.communities), len(intake.communities)) == ({"new": 1, "changed": 1}, 2, 1)
    assert list(kinship.memberships.values_list("worker", "role")) == [(admin.pk, "supervisor")]
    assert counts(brought(admin, *rows, kind="teams")) == {"same": 2}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"team": "", "communities": "racialized", "supervisors": ""}, "team"),
        ({"team": "A", "communities": "nobody knows it", "supervisors": ""}, "communities"),
        ({"team": "A", "communities": "", "supervisors": "charlie@elsewhere.example"}, "supervisors"),
        ({"team": "Intake", "communities": "", "supervisors": "ALICE"}, "supervisors"),
    ],
)
def test_team_that_cannot_be(admin, alice, row, column):
    row["supervisors"] = row["supervisors"].replace("ALICE", alice.email)

    assert [(n, at) for n, at, _ in brought(admin, row, kind="teams").findings["errors"]] == [(2, column)]


@pytest.mark.parametrize("kind", ["people", "teams"])
def test_closed_account_is_brought_into_no_team(admin, alice, team, kind):
    accounts.deactivate(alice, now=timezone.now(), by=admin)
    row = {
        "people": {**ANA, "name": alice.name, "email": alice.email, "starts_on": "2026-11-20"},
        "teams": {"team": "Kinship", "supervisors": alice.email},
    }[kind]

    assert brought(admin, row, kind=kind).findings["errors"] == [
        [2, "ends_on", "is of somebody whose account is closed: reactivate it first, or say when the spell ended"]
        if kind == "people"
        else [2, "supervisors", "names somebody whose account is closed; reactivate it first"]
    ]


def test_closed_account_keeps_the_history_that_an_import_tells(admin, alice, team):
    accounts.deactivate(alice, now=timezone.now(), by=admin)
    row = {**ANA, "name": alice.name, "email": alice.email, "starts_on": "2022-01-01", "ends_on": "2022-12-31"}

    assert counts(imported(admin, row)) == {"new": 1}
    again = imported(admin, row | {"team": "Kinship", "ends_on": "2026-11-15"})
    assert counts(again) == {"new": 1}


def test_closed_team_gets_no_supervisor(admin, team):
    closing.close(team, into=None, last_day=date(2026, 3, 31), now=timezone.now(), by=admin)
    row = {"team": "Intake", "communities": "racialized", "supervisors": admin.email}

    assert brought(admin, row, kind="teams").findings["errors"] == [
        [2, "supervisors", "names somebody for a team whose last day is 2026-03-31; leave the cell empty"]
    ]
    assert counts(imported(admin, row | {"supervisors": ""}, kind="teams")) == {"changed": 1}


def test_imported_actions_belong_to_their_authors(admin, alice):
    imported(admin, action(alice, note="Wrote the plan with the youth council."), kind="actions")

    assert [(one.author, one.agency) for one in Action.objects.all()] == [(alice, admin.agency)]
    assert list(Action.objects.visible_to(admin)) == []


def test_nothing_is_written_where_something_changed_since_the_check(admin):
    upload = brought(admin, ANA)
    imported(admin, ANA)

    assert confirm(upload, by=admin)
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.message, counts(upload)) == ("ready", "changed", {"same": 1})


def test_changes_since_the_check_that_leave_the_counts_as_they_were_are_seen(admin, alice, bob):
    rows = [{**ANA, "name": name, "email": of.email} for name, of in (("Alicia", alice), (bob.name, bob))]
    rows = [row | {"role": "equity_lead", "team": "", "starts_on": ""} for row in rows]
    Worker.objects.filter(pk=bob.pk).update(is_equity_lead=True)
    upload = brought(admin, *rows)
    assert counts(upload) == {"changed": 1, "same": 1, "leads": 1}
    Worker.objects.filter(pk=alice.pk).update(name="Alicia", is_equity_lead=True)
    Worker.objects.filter(pk=bob.pk).update(is_equity_lead=False)
    before = saved()

    assert confirm(upload, by=admin)
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.message, counts(upload)) == (
        "ready",
        "changed",
        {"changed": 1, "same": 1, "leads": 1},
    )
    assert saved() == before


def test_changed_row_that_would_be_written_otherwise_is_seen(admin, alice):
    make_action(alice, reference="1")
    upload = brought(admin, action(alice, hours="2"), kind="actions")
    Action.objects.update(dollars=50)

    confirm(upload, by=admin)
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.message, Action.objects.get().hours) == ("ready", "changed", None)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_checked_is_imported_on_another_day_too(admin, alice, kind):
    row = {
        "people": ANA | {"starts_on": "2026-11-15"},
        "teams": {"team": "Kinship", "supervisors": admin.email},
        "actions": action(alice, commitment_due="2026-12-01"),
    }[kind]
    upload = brought(admin, row, kind=kind)
    Worker.objects.filter(pk=alice.pk).update(last_login=timezone.now())

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        confirm(upload, by=admin)
        work.work(upload.pk)

    upload.refresh_from_db()
    assert upload.status == "done"


def test_what_fails_in_the_middle_leaves_nothing_and_says_so(admin, alice, monkeypatch):
    upload = brought(admin, action(alice), kind="actions")
    confirm(upload, by=admin)
    before = saved()
    monkeypatch.setattr(work.traces, "after", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.message, saved()) == ("failed", "unexpected", before)


@pytest.mark.django_db(transaction=True)
def test_cancelled_while_it_runs_writes_nothing(admin, alice, monkeypatch):
    upload = brought(admin, *(action(alice, reference=str(n)) for n in range(5)), kind="actions")
    assert (upload.rows_all, upload.attempts) == (5, 1)
    confirm(upload, by=admin)
    real = work.traces.after

    def cancel_aside(*args):
        aside = connection.copy()
        with aside.cursor() as cursor:
            cursor.execute("UPDATE teams_import SET cancel_asked = true WHERE id = %s", [upload.pk])
        aside.close()
        return real(*args)

    monkeypatch.setattr(work.traces, "after", cancel_aside)
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.rows_done, Action.objects.count()) == ("cancelled", 5, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", ["check", "import", "undo"])
def test_cancelled_after_the_last_look_at_the_clock_writes_nothing(admin, monkeypatch, at):
    upload = {"check": brought, "import": brought, "undo": imported}[at](admin, ANA)
    {
        "check": lambda: Import.objects.update(status="checking"),
        "import": lambda: confirm(upload, by=admin),
        "undo": lambda: uploads.undo(upload, now=timezone.now(), by=admin),
    }[at]()
    before = saved()
    cancelled = []

    def tell(self, done, total):
        """Somebody cancels when the clock has been looked at for the last time."""
        aside = threading.Thread(target=cancel)
        aside.start()
        aside.join()

    def cancel():
        cancelled.append(uploads.cancel(upload, now=timezone.now()))
        connection.close()

    monkeypatch.setattr(work.Clock, "tell", tell)
    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, saved()) == ("done" if at == "undo" else "cancelled", before)
    assert set(cancelled) == {True}


@pytest.mark.django_db(transaction=True)
def test_cancel_that_comes_while_it_is_committed_says_that_it_is_too_late(admin, monkeypatch):
    upload = brought(admin, ANA)
    confirm(upload, by=admin)
    answers, threads, real = [], [], work._finish

    def cancel():
        answers.append(uploads.cancel(upload, now=timezone.now()))
        connection.close()

    def finish(*args, **values):
        real(*args, **values)
        threads.append(threading.Thread(target=cancel))
        threads[0].start()
        threads[0].join(0.3)
        assert threads[0].is_alive()  # it waits for our lock

    monkeypatch.setattr(work, "_finish", finish)
    work.work(upload.pk)
    threads[0].join(30)

    upload.refresh_from_db()
    assert (upload.status, answers) == ("done", [False])


@pytest.mark.django_db(transaction=True)
def test_killed_worker_leaves_nothing_and_the_next_takes_over(admin, alice, monkeypatch):
    upload = brought(admin, action(alice), kind="actions")
    confirm(upload, by=admin)

    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(work.traces, "after", killed)
        work.work(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, upload.attempts, Action.objects.count()) == ("running", 1, 0)
    assert list(uploads.due(now=upload.touched_at + timedelta(seconds=61))) == [upload]

    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.attempts, Action.objects.count()) == ("done", 2, 1)


@pytest.mark.django_db(transaction=True)
def test_what_breaks_off_three_times_is_given_up(admin):
    upload = brought(admin, ANA)
    confirm(upload, by=admin)
    Import.objects.update(attempts=3)

    work.work(upload.pk)

    upload.refresh_from_db()
    assert (upload.status, upload.message) == ("failed", "broke_off")


@pytest.mark.django_db(transaction=True)
def test_two_of_one_agency_wait_for_each_other(admin):
    bea = {"email": "bea@harbour.example", "name": "Bea", "team": "Kinship"}
    first, second = brought(admin, ANA), brought(admin, ANA | bea)
    for upload in (first, second):
        confirm(upload, by=admin)
    aside = connection.copy()
    try:
        with aside.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [locks.IMPORTS, str(admin.agency_id)])
            work.work(second.pk)
            assert Import.objects.get(pk=second.pk).status == "running"
            cursor.execute("ROLLBACK")
    finally:
        aside.close()
    work.work(first.pk)
    work.work(second.pk)

    assert [Import.objects.get(pk=upload.pk).status for upload in (first, second)] == ["done", "done"]


def test_finished_import_is_not_run_again(admin):
    upload = imported(admin, ANA)
    before = saved()

    work.work(upload.pk)

    assert saved() == before
    assert not confirm(upload, by=admin)


def test_import_that_was_cancelled_before_is_not_run(admin):
    upload = brought(admin, ANA)
    assert uploads.cancel(upload, now=timezone.now())
    assert not uploads.cancel(upload, now=timezone.now())
    assert not confirm(upload, by=admin)

    upload.refresh_from_db()
    assert (upload.status, upload.content, upload.findings) == ("cancelled", None, {})


def test_clock_hears_that_somebody_asked_to_stop(admin):
    class Aside:
        def cursor(self):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *args):
            pass

        def execute(self, sql, values):
            pass

        def fetchone(self):
            return (True,)

    with pytest.raises(Cancelled):
        work.Clock(admin.pk, Aside()).tell(1, 1)


# Time ---------------------------------------------------------------------------------------------------------------


def test_tick_rings_for_what_nobody_rang_for(admin, monkeypatch):
    rung = []
    monkeypatch.setattr("reports.tasks.run_import.delay", rung.append)
    upload = uploads.start(kind="people", name="staff.csv", content=sheet(ANA), by=admin)
    brought(admin, ANA)

    tick()

    assert rung == [str(upload.pk)]


def test_files_are_erased_a_day_after_the_import_and_a_week_after_they_came(admin):
    done, waiting = imported(admin, ANA), brought(admin, ANA | {"email": "bea@harbour.example", "name": "Bea"})

    def left():
        rows = Import.objects.filter(pk__in=[done.pk, waiting.pk]).order_by("pk")
        return [(row.status, row.content is not None, row.undo is not None, bool(row.findings)) for row in rows]

    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        housekeeping()
        assert left() == [("done", True, True, True), ("ready", True, False, True)]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        housekeeping()
        assert left() == [("done", False, False, False), ("ready", True, False, True)]
    Import.objects.update(created_at=timezone.now() - timedelta(days=8))
    housekeeping()

    assert left() == [("done", False, False, False), ("cancelled", False, False, False)]


def test_kinds_have_a_label_and_a_help_for_every_column():
    told = {name: (set(kind.labels), set(kind.helps) | {"agency"}) for name, kind in KINDS.items()}

    assert told == {name: ({*kind.required, *kind.optional},) * 2 for name, kind in KINDS.items()}
