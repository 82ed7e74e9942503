from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from actions.imports import actions_import
from actions.models import Action, Commitment, Community, CommunityEdit, Practice, PracticeEdit
from actions.vocabulary import CommitmentStatus, Level
from teams.models import Agency
from teams.spreadsheets import sheets
from tests.factories import (
    community,
    make_action,
    make_agency,
    make_commitment,
    make_membership,
    make_team,
    make_worker,
    practice,
)
from tests.sheets import read_sheet

COLUMNS = (*actions_import.OPTIONAL, *actions_import.REQUIRED)
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def row(alice, team):
    """One row without errors; tests say what is different."""

    def row(**changes):
        values = {
            "reference": "A-1",
            "agency": "Harbourside",
            "done_on": "2026-02-03",
            "logged_on": "2026-02-04",
            "worker": alice.email,
            "team": "Intake",
            "level": "Individual worker",
            "practice": "Share information up front",
            "direction": "Co-designed",
            "communities": "Racialized communities",
            "visibility": "shared",
        }
        return values | changes

    return row


def sheet_of(*rows, columns=COLUMNS):
    return read_sheet(rows, columns, to=actions_import, name="actions.csv")


def plan_of(*rows, columns=COLUMNS, **options):
    return actions_import.plan(sheet_of(*rows, columns=columns), agencies=Agency.objects.all(), **options)


def bring(*rows, **options):
    """Plan and write; says which rows were new, changed, the same and left."""
    plan = plan_of(*rows, **options)
    actions_import.write(plan)
    return plan.new, plan.changed, plan.same, plan.left


def errors(*rows, **options):
    plan = plan_of(*rows, **options)
    with pytest.raises(ValueError, match="not written"):
        actions_import.write(plan)
    return [str(problem) for problem in plan.errors]


def saved():
    return [list(model.objects.order_by("pk").values()) for model in (Action, Commitment)]


# What a row says ------------------------------------------------------------------------------------------------------


def test_row_becomes_an_action(row, alice, team):
    assert bring(row(note="Explained the options.", heard_back="waiting", hours="1,5")) == ([2], [], [], [])

    action = Action.objects.get()
    assert (action.agency, action.author, action.team) == (alice.agency, alice, team)
    assert (action.practice, action.communities) == (practice("info_up_front"), [community("racialized").pk])
    assert (action.level, action.direction, action.visibility) == ("individual", "co_designed", "shared")
    assert (action.heard_back, action.hours, action.note) == ("waiting", Decimal("1.50"), "Explained the options.")
    assert (action.done_on, action.logged_on) == (date(2026, 2, 3), date(2026, 2, 4))
    assert (action.reference, action.version, action.edited_at) == ("A-1", 1, None)
    assert Commitment.objects.count() == 0


@time_machine.travel("2026-02-10T03:00Z")
def test_row_with_required_columns_only(row, agency):
    bring(row(), columns=actions_import.REQUIRED)

    action = Action.objects.get()
    assert (action.logged_on, action.heard_back, action.hours) == (date(2026, 2, 9), "not_asked", None)
    assert (action.note, action.reference) == ("", "")


@pytest.mark.parametrize(
    ("column", "texts", "field", "expected"),
    [
        ("agency", ["HARBOURSIDE", " harbourside "], "agency.name", "Harbourside"),
        ("level", ["individual", "Individual Worker", "travail individuel"], "level", "individual"),
        ("direction", ["own_initiative", "own initiative", "De notre initiative"], "direction", "own_initiative"),
        ("visibility", ["counted", "Count it, do not show it"], "visibility", "counted"),
        ("heard_back", ["not_applicable", "Not Applicable", "sans objet"], "heard_back", "not_applicable"),
        (
            "practice",
            ["centre_family_voice", "Put the family's own words at the centre", "METTRE LA PAROLE DE LA FAMILLE AU CENTRE"],
            "practice.code",
            "centre_family_voice",
        ),
        ("worker", ["ALICE"], "author.name", "Alice Member"),
        ("team", ["intake", "INTAKE"], "team.name", "Intake"),
    ],
)  # fmt: skip
def test_words_match_in_either_language(row, alice, column, texts, field, expected):
    for text in texts:
        bring(row(reference=text, **{column: alice.email.upper() if text == "ALICE" else text}))

    values = []
    for action in Action.objects.all():
        value = action
        for name in field.split("."):
            value = getattr(value, name)
        values.append(value)
    assert values == [expected] * len(texts)


def test_communities_in_either_language_each_once(row):
    bring(row(communities="Communautés racisées; low_income;;PEOPLE LIVING ON LOW INCOMES ; Youth in and from care"))

    expected = {community(code).pk for code in ("racialized", "low_income", "youth_from_care")}
    assert Action.objects.get().communities == sorted(expected)


def test_names_of_the_agency_win_over_shipped_labels(row, agency):
    other = practice("decide_together")
    PracticeEdit.objects.create(agency=agency, term=other, label_en="Share information up front", is_hidden=True)
    CommunityEdit.objects.create(agency=agency, term=community("low_income"), label_fr="Nos voisins")
    own = Community.objects.create(
        agency=agency, code="river", label="River Nation", rolls_up_to=community("indigenous")
    )

    bring(row(communities="nos voisins; River Nation"))

    action = Action.objects.get()
    assert action.practice == other
    assert action.communities == sorted([community("low_income").pk, own.pk])


def test_names_of_another_agency_are_not_in_the_catalogue(row, other_team):
    PracticeEdit.objects.create(agency=other_team.agency, term=practice(), label_en="Our own words")
    Practice.objects.create(
        agency=other_team.agency,
        code="own_practice",
        label="Own practice",
        rolls_up_to=practice(),
        levels=Level.values,
        principles=[],
    )

    assert errors(row(practice="Our own words"), row(reference="A-2", practice="own_practice")) == [
        "row 2, practice: is not in the catalogue",
        "row 3, practice: is not in the catalogue",
    ]


def test_terms_that_are_no_longer_offered_stand_in_old_rows(row):
    Practice.objects.filter(code="info_up_front").update(is_retired=True)

    assert bring(row()) == ([2], [], [], [])


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("0", "0"), ("999", "999"), ("3.5", "3.5"), ("3,5", "3.5"), ("0,25", "0.25"),
        ("1.005", "1.01"), ("1.3333333333", "1.33"),
    ],
)  # fmt: skip
def test_hours_with_a_point_or_a_comma(row, text, hours):
    bring(row(hours=text))

    assert Action.objects.get().hours == Decimal(hours)


def test_formula_in_a_note_is_text_and_its_link_a_hint(row):
    plan = plan_of(row(note='=HYPERLINK("http://x.example")'))
    actions_import.write(plan)

    assert Action.objects.get().note == '=HYPERLINK("http://x.example")'
    assert [(problem.row, problem.column) for problem in plan.notices] == [(2, "note")]
    assert plan.notices[0].reason.endswith(" (hint)")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"agency": ""}, "agency: is empty"),
        ({"agency": "Nowhere"}, "agency: is not the name of an agency here"),
        ({"done_on": ""}, "done_on: is empty"),
        ({"done_on": "31/02/2026"}, "done_on: is not a date written as YYYY-MM-DD"),
        ({"done_on": "46054"}, "done_on: is not a date written as YYYY-MM-DD"),
        ({"done_on": "2031-01-01"}, "done_on: lies in the future"),
        ({"logged_on": "yesterday"}, "logged_on: is not a date written as YYYY-MM-DD"),
        ({"logged_on": "2099-01-01"}, "logged_on: lies in the future"),
        ({"logged_on": "2026-02-02"}, "logged_on: comes before done_on"),
        ({"worker": ""}, "worker: is empty"),
        ({"worker": "nobody@example.org"}, "worker: is not the e-mail address of anybody in this agency"),
        ({"team": "Nowhere"}, "team: is not a team of this agency"),
        ({"team": "Outreach"}, "team: is not a team of this agency"),
        ({"team": "Rural"}, "team: is not one that the worker was in on that day"),
        ({"done_on": "2023-12-31"}, "team: is not one that the worker was in on that day"),
        ({"level": ""}, "level: is empty"),
        ({"level": "Sector"}, "level: does not fit the practice, which lists: Individual worker"),
        (
            {"level": "Planet"},
            "level: is none of: individual (Individual worker), agency (Agency), multi_agency (Multi-agency), sector (Sector)",
        ),
        ({"practice": ""}, "practice: is empty"),
        ({"practice": "Being nice"}, "practice: is not in the catalogue"),
        ({"communities": ""}, "communities: is empty"),
        ({"communities": ";"}, "communities: is empty"),
        (
            {"communities": "Racialized communities; Martians"},
            "communities: names one that is not in the catalogue; several are separated by “;”",
        ),
        (
            {"communities": "Racialized communities; not_specific"},
            "communities: “Not specific / all families” cannot stand with others",
        ),
        (
            {"visibility": "public"},
            "visibility: is none of: private (Only me), counted (Count it, do not show it), shared (My team)",
        ),
        ({"visibility": ""}, "visibility: is empty"),
        ({"hours": "-4"}, "hours: is not between 0 and 999"),
        ({"hours": "999.1"}, "hours: is not between 0 and 999"),
        ({"hours": "1,000"}, "hours: is not a number such as 1.5 or 1,5"),
        ({"hours": "NaN"}, "hours: is not a number such as 1.5 or 1,5"),
        ({"hours": "1e2"}, "hours: is not a number such as 1.5 or 1,5"),
        ({"hours": "2 h"}, "hours: is not a number such as 1.5 or 1,5"),
        ({"note": "a" * 401}, "note: is longer than 400 characters"),
        ({"reference": "r" * 61}, "reference: is longer than 60 characters"),
        ({"commitment_due": "soon"}, "commitment_due: is not a date written as YYYY-MM-DD"),
        ({"commitment_status": "kept"}, "commitment_due: is empty although the row tells of a commitment"),
        ({"renegotiated_to": "2026-03-01"}, "commitment_due: is empty although the row tells of a commitment"),
        (
            {"commitment_due": "2026-03-01", "commitment_status": "maybe"},
            f"commitment_status: is none of: {sheets.choice_words(CommitmentStatus).offer}",
        ),
    ],
)  # fmt: skip
@time_machine.travel("2026-11-15T12:00Z")
def test_row_with_an_error(row, agency, other_team, changes, expected):
    make_team(agency, "Rural")

    assert errors(row(), row(**({"reference": "A-2"} | changes))) == [f"row 3, {expected}"]
    assert saved() == [[], []]


@pytest.mark.parametrize(("now", "is_fine"), [("2026-03-01T04:59Z", False), ("2026-03-01T05:01Z", True)])
def test_future_begins_with_the_day_of_the_agency(row, now, is_fine):
    with time_machine.travel(now):
        assert (plan_of(row(done_on="2026-03-01", logged_on="")).errors == []) is is_fine


def test_note_that_points_to_a_person_is_never_repeated(row):
    told = errors(row(note="Called the mother at 416-555-0199"), row(reference="A-2", level="Called 416-555-0199"))

    assert [line.split(":")[0] for line in told] == ["row 2, note", "row 3, level"]
    assert told[0].endswith(" (block)")
    assert "416" not in "".join(told)


def test_accepted_warnings_let_a_note_pass_that_may_point_to_a_person(row):
    note = "Met Brandon Kowalchuk after school."

    told = errors(row(note=note))
    plan = plan_of(row(note=note), accept_warnings=True)
    actions_import.write(plan)

    assert [line.rpartition(" ")[2] for line in told] == ["(warn)"]
    assert [str(problem) for problem in plan.notices] == told
    assert Action.objects.get().note == note


def test_accepted_warnings_do_not_let_a_blocked_note_pass(row):
    told = errors(row(note="Called the mother at 416-555-0199"), accept_warnings=True)

    assert [line.rpartition(" ")[2] for line in told] == ["(block)"]


def test_all_errors_are_told_in_the_order_of_the_rows(row):
    plan = plan_of(row(hours="x", done_on="x"), row(reference="A-1"), row(reference="A-3", practice="x", team="x"))

    assert list(plan.lines()) == [
        "row 2, hours: is not a number such as 1.5 or 1,5",
        "row 2, done_on: is not a date written as YYYY-MM-DD",
        "row 3, reference: stands in row 2 already",
        "row 4, team: is not a team of this agency",
        "row 4, practice: is not in the catalogue",
        "0 new, 0 changed, 0 same, 0 left, 3 rows with errors.",
    ]


def test_reference_stands_once_in_a_file_across_agencies(row, charlie, other_team):
    elsewhere = row(agency="Elsewhere", worker=charlie.email, team="Outreach")

    assert errors(row(), elsewhere) == ["row 3, reference: stands in row 2 already"]


def test_reference_may_stand_in_two_agencies(row, charlie):
    bring(row())

    assert bring(row(agency="Elsewhere", worker=charlie.email, team="Outreach")) == ([2], [], [], [])
    assert Action.objects.filter(reference="A-1").count() == 2


def test_worker_of_another_agency(row, charlie):
    assert errors(row(worker=charlie.email)) == [
        "row 2, worker: is not the e-mail address of anybody in this agency"
    ]  # fmt: skip


def test_agencies_out_of_scope_are_not_known(row, other_team):
    plan = actions_import.plan(sheet_of(row()), agencies=Agency.objects.filter(pk=other_team.agency.pk))

    assert [str(problem) for problem in plan.errors] == ["row 2, agency: is not the name of an agency here"]


# Teams ----------------------------------------------------------------------------------------------------------------


def test_mover_is_in_her_team_of_the_day(row, agency, team):
    rural = make_team(agency, "Rural")
    mover = make_worker(agency)
    make_membership(mover, team, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    make_membership(mover, rural, starts_on=date(2026, 1, 1))

    bring(
        row(reference="1", worker=mover.email, done_on="2025-12-31", team="Intake"),
        row(reference="2", worker=mover.email, done_on="2025-12-31", team=""),
        row(reference="3", worker=mover.email, done_on="2026-01-01", team="Rural"),
        row(reference="4", worker=mover.email, done_on="2026-01-01", team=""),
        row(reference="5", worker=mover.email, done_on="2024-12-31", team=""),
    )

    assert list(Action.objects.order_by("reference").values_list("team__name", flat=True)) == [
        "Intake", "Intake", "Rural", "Rural", None,
    ]  # fmt: skip


def test_worker_of_two_teams_names_hers(row, agency, alice):
    make_membership(alice, make_team(agency, "Rural"), role="supervisor")

    assert errors(row(team="")) == ["row 2, team: is empty, and the worker was in several teams on that day"]
    assert bring(row(team="Rural")) == ([2], [], [], [])
    assert Action.objects.get().team.name == "Rural"


def test_worker_without_a_team(row, agency):
    lead = make_worker(agency, is_equity_lead=True)

    assert bring(row(worker=lead.email, team="")) == ([2], [], [], [])
    assert Action.objects.get().team is None


# Commitments ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "to", "expected"),
    [
        ("", "", "open"),
        ("Kept", "", "kept"),
        ("kept late", "", "kept_late"),
        ("Tenu en retard", "", "kept_late"),
        ("renegotiated", "2026-04-01", "renegotiated"),
        ("renegotiated", "", "renegotiated"),
        ("dropped", "", "dropped"),
    ],
)
def test_row_with_a_commitment(row, status, to, expected):
    bring(row(commitment_due="2026-03-01", commitment_status=status, renegotiated_to=to))

    promise = Commitment.objects.get()
    assert (promise.action, promise.agency) == (Action.objects.get(), Agency.objects.get())
    assert (promise.due_on, promise.status, promise.kept_on) == (date(2026, 3, 1), expected, None)
    assert promise.renegotiated_to == (date(2026, 4, 1) if to else None)


def test_commitment_of_a_changed_row_follows_it(row):
    bring(row(), row(reference="A-2", commitment_due="2026-03-01"), row(reference="A-3", commitment_due="2026-03-01"))
    changed = (
        row(commitment_due="2026-05-01"),
        row(reference="A-2", commitment_due="2026-03-02", commitment_status="kept"),
        row(reference="A-3"),
    )

    assert bring(*changed) == ([], [2, 3, 4], [], [])
    assert bring(*changed) == ([], [], [2, 3, 4], [])

    assert list(Commitment.objects.order_by("due_on").values_list("action__reference", "due_on", "status")) == [
        ("A-2", date(2026, 3, 2), "kept"),
        ("A-1", date(2026, 5, 1), "open"),
    ]
    assert set(Action.objects.values_list("version", flat=True)) == {2}


@pytest.mark.parametrize(
    "hers",
    [
        {"status": "kept", "kept_on": date(2026, 2, 20)},
        {"status": "dropped", "dropped_because": "no_means"},
        {"status": "renegotiated", "agreed_with": "youth", "renegotiated_to": date(2026, 6, 1)},
    ],
)
def test_commitment_that_its_author_has_spoken_about_is_left(row, hers):
    bring(row(commitment_due="2026-03-01"))
    Commitment.objects.update(**hers)
    before = saved()

    plan = plan_of(row(commitment_due="2026-03-01", hours="3"))
    actions_import.write(plan)

    assert (plan.left, plan.changed) == ([2], [])
    assert [str(p) for p in plan.notices] == ["row 2, reference: was edited in the app and stays as it is there"]
    assert saved() == before


def test_second_commitment_made_in_the_app_is_left(row):
    bring(row(commitment_due="2026-03-01"))
    make_commitment(Action.objects.get())

    assert bring(row(commitment_due="2026-03-01")) == ([], [], [], [2])


# The same file again --------------------------------------------------------------------------------------------------


def test_same_rows_again_change_nothing(row, alice):
    rows = (
        row(hours="1.5", note="Explained the options.", commitment_due="2026-03-01"),
        row(reference="", communities="low_income; racialized"),
        row(reference="A-2", logged_on=""),
    )
    bring(*rows)
    before = saved()

    with time_machine.travel("2027-01-01"):
        assert bring(*rows) == ([], [], [2, 3, 4], [])
    assert saved() == before


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"done_on": "2026-02-02"}, "done_on", date(2026, 2, 2)),
        ({"logged_on": "2026-02-09"}, "logged_on", date(2026, 2, 9)),
        ({"team": "Rural"}, "team__name", "Rural"),
        ({"worker": "bob"}, "author__name", "Bob Mate"),
        ({"practice": "decide_together"}, "practice__code", "decide_together"),
        ({"direction": "consulted"}, "direction", "consulted"),
        ({"visibility": "private"}, "visibility", "private"),
        ({"heard_back": "heard"}, "heard_back", "heard"),
        ({"hours": "2"}, "hours", Decimal(2)),
        ({"hours": ""}, "hours", None),
        ({"note": "Explained all."}, "note", "Explained all."),
    ],
)
def test_changed_row_updates_the_action(row, agency, alice, bob, changes, field, expected):
    make_membership(alice, make_team(agency, "Rural"))
    bring(row(hours="1"))
    if "worker" in changes:
        changes = {"worker": bob.email}

    assert bring(row(**({"hours": "1"} | changes))) == ([], [2], [], [])

    action = Action.objects.values("version", "edited_at", "created_at", field).get()
    assert (action["version"], action["edited_at"], action[field]) == (2, None, expected)
    assert action["created_at"] is not None


def test_columns_that_a_file_lacks_leave_what_is_there(row):
    bring(row(note="Explained.", hours="2", heard_back="heard", commitment_due="2026-03-01"))
    before = saved()
    columns = (*actions_import.REQUIRED, "reference")

    assert bring(row(), columns=columns) == ([], [], [2], [])
    assert saved() == before


@pytest.mark.parametrize("field", ["edited_at", "withdrawn_at"])
def test_row_edited_or_withdrawn_in_the_app_is_left(row, field):
    bring(row(), row(reference="A-2"))
    Action.objects.filter(reference="A-1").update(**{field: NOW})
    before = saved()

    plan = plan_of(row(hours="2"), row(reference="A-2"))
    actions_import.write(plan)

    assert (plan.changed, plan.same, plan.left) == ([], [3], [2])
    verb = {
        "edited_at": "edited in the app and stays as it is there",
        "withdrawn_at": "withdrawn in the app and stays so",
    }
    assert [str(problem) for problem in plan.notices] == [f"row 2, reference: was {verb[field]}"]
    assert saved() == before


def test_withdrawn_row_stays_withdrawn_though_nothing_changed(row):
    bring(row())
    Action.objects.update(withdrawn_at=NOW)

    assert bring(row()) == ([], [], [], [2])


def test_edited_row_that_says_the_same_is_the_same(row):
    bring(row())
    Action.objects.update(edited_at=NOW)

    assert bring(row()) == ([], [], [2], [])


@pytest.mark.parametrize("visibility", ["private", "counted", "shared"])
def test_no_row_tells_an_admin_what_somebody_logged_herself(row, alice, visibility):
    guesses = row(reference=""), row(reference="", done_on="2026-02-04")
    before = plan_of(*guesses)
    make_action(alice, done_on=date(2026, 2, 3), visibility=visibility)
    make_action(alice, done_on=date(2026, 2, 4), visibility=visibility, withdrawn_at=NOW)

    after = plan_of(*guesses)

    assert (after.counts, after.notices) == (before.counts, before.notices)


def test_row_without_reference_is_the_same_as_what_an_import_brought(row):
    bring(row(reference="", note="Explained."))

    assert bring(row(reference="", note="Explained.")) == ([], [], [2], [])
    assert bring(row(reference="", note="Explained again.")) == ([2], [], [], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"done_on": "2026-02-02"},
        {"practice": "decide_together"},
        {"direction": "consulted"},
        {"communities": "low_income"},
        {"note": "Explained."},
        {"worker": "bob"},
    ],
)
def test_row_without_reference_is_new_where_it_differs(row, bob, changes):
    bring(row(reference=""))
    if "worker" in changes:
        changes = {"worker": bob.email}

    assert bring(row(reference="", **changes)) == ([2], [], [], [])


def test_rows_alike_without_reference_are_as_many_actions(row):
    assert bring(row(reference=""), row(reference="")) == ([2, 3], [], [], [])
    assert bring(*[row(reference="")] * 3) == ([4], [], [2, 3], [])
    assert bring(*[row(reference="")] * 3) == ([], [], [2, 3, 4], [])


def test_row_without_reference_that_was_withdrawn_does_not_come_back(row):
    bring(row(reference="", note="Explained."))
    Action.objects.update(withdrawn_at=NOW, note="")

    plan = plan_of(row(reference="", note="Explained."))

    assert (plan.new, plan.left) == ([], [2])
    assert [str(problem) for problem in plan.notices] == ["row 2, done_on: was withdrawn in the app and stays so"]


def test_plan_names_the_days_that_change(row, alice, charlie):
    bring(row(), row(reference="A-2", done_on="2026-01-05"))

    plan = plan_of(
        row(done_on="2026-02-01"),
        row(reference="A-2", done_on="2026-01-05"),
        row(
            reference="B-1",
            agency="Elsewhere",
            worker=charlie.email,
            team="Outreach",
            done_on="2026-03-01",
            logged_on="",
        ),
    )

    assert plan.days == {
        alice.agency.pk: {date(2026, 2, 3), date(2026, 2, 1)},
        charlie.agency.pk: {date(2026, 3, 1)},
    }


# How it runs ----------------------------------------------------------------------------------------------------------


def test_error_in_one_row_writes_none(row):
    assert errors(row(), row(reference="A-2", hours="x")) == ["row 3, hours: is not a number such as 1.5 or 1,5"]
    assert saved() == [[], []]


def test_progress_is_told_row_by_row(row):
    told = []

    plan_of(row(), row(reference="A-2"), progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("n", [1, 3])
def test_import_runs_as_many_queries_for_many_rows(row, n, django_assert_num_queries):
    rows = [row(reference=f"A-{i}", commitment_due="2026-03-01") for i in range(n)]
    without = [row(reference="", done_on=f"2026-01-0{i + 1}") for i in range(n)]
    changed = [row(reference=f"A-{i}", hours="1", commitment_due="2026-03-02") for i in range(n)]

    with django_assert_num_queries(17):
        bring(*rows, *without)
    with django_assert_num_queries(18):
        bring(*changed, *without)


def test_agency_of_a_name_typed_alike_twice_is_not_guessed(row):
    make_agency(name="\uff28arbourside")  # a full-width H

    assert errors(row()) == ["row 2, agency: is not the name of an agency here"]
