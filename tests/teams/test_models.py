from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.models import Action, Commitment
from reports.models import Delivery, TeamSummary
from teams.constraints import SameAgency
from teams.models import Membership, Role, Team, Worker
from tests.factories import (
    make_action,
    make_agency,
    make_commitment,
    make_membership,
    make_team,
    make_worker,
)
from tests.statements import refused_by

# References between rows that carry an agency ---------------------------------------------------------------------

REFERENCES = {
    "membership_worker_same_agency": (Membership, "worker"),
    "membership_team_same_agency": (Membership, "team"),
    "action_author_same_agency": (Action, "author"),
    "action_team_same_agency": (Action, "team"),
    "commitment_action_same_agency": (Commitment, "action"),
    "team_summary_team_same_agency": (TeamSummary, "team"),
    "delivery_summary_same_agency": (Delivery, "summary"),
    "delivery_recipient_same_agency": (Delivery, "recipient"),
}


def one_of_each(agency, year=2026):
    team = make_team(agency)
    worker = make_worker(agency, teams=[team])
    action = make_action(worker)
    summary = TeamSummary.objects.create(
        agency=agency,
        team=team,
        period_start=date(year, 4, 1),
        period_end=date(year, 6, 30),
        figures={},
        closed_at=timezone.now(),
    )
    delivery = Delivery.objects.create(agency=agency, summary=summary, recipient=worker)
    rows = [team, worker, worker.memberships.get(), action, make_commitment(action), summary, delivery]
    return {type(row): row for row in rows}


def test_every_reference_is_a_key_of_agency_and_row_in_the_database(db):
    found = {
        constraint.name: (model, constraint.field)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, SameAgency)
    }

    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2")
        keys = {name for (name,) in cursor.fetchall()}

    assert {name: found[name] for name in REFERENCES} == REFERENCES
    assert set(found) - keys == set()


@pytest.mark.parametrize("name", REFERENCES)
def test_reference_to_a_row_of_another_agency_is_refused(db, name):
    model, field = REFERENCES[name]
    mine, theirs = one_of_each(make_agency()), one_of_each(make_agency(), 2025)
    column = model._meta.get_field(field)

    refusal = refused_by(
        f"UPDATE {model._meta.db_table} SET {column.column} = %s WHERE id = %s",
        theirs[column.related_model].pk,
        mine[model].pk,
    )

    assert refusal == name


@pytest.mark.parametrize("name", REFERENCES)
def test_row_that_others_refer_to_cannot_change_its_agency(db, name):
    model, field = REFERENCES[name]
    mine, elsewhere = one_of_each(make_agency()), make_agency()
    target = model._meta.get_field(field).related_model

    refusal = refused_by(
        f"UPDATE {target._meta.db_table} SET agency_id = %s WHERE id = %s", elsewhere.pk, mine[target].pk
    )

    assert refusal in REFERENCES


# Memberships ------------------------------------------------------------------------------------------------------

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 1, 31), None),
        (date(2025, 12, 1), date(2026, 1, 1)),
        (date(2026, 1, 10), date(2026, 1, 10)),
        (date(2025, 1, 1), None),
        JANUARY,
    ],
)
def test_spells_that_share_a_day_in_one_team_are_refused(alice, starts_on, ends_on):
    team = make_team(alice.agency)
    make_membership(alice, team, starts_on=JANUARY[0], ends_on=JANUARY[1])

    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        make_membership(alice, team, Role.SUPERVISOR, starts_on, ends_on)

    assert Membership.objects.filter(worker=alice, team=team).count() == 1


@pytest.mark.parametrize(("starts_on", "ends_on"), [(date(2026, 2, 1), None), (date(2025, 12, 1), date(2025, 12, 31))])
def test_spells_that_follow_each_other_are_kept(alice, starts_on, ends_on):
    team = make_team(alice.agency)
    make_membership(alice, team, starts_on=JANUARY[0], ends_on=JANUARY[1])
    make_membership(alice, team, Role.SUPERVISOR, starts_on, ends_on)

    assert Membership.objects.filter(worker=alice, team=team).count() == 2


def test_spells_of_one_worker_in_two_teams_may_overlap(alice, bob, team):
    second = make_team(alice.agency)
    make_membership(alice, second, Role.SUPERVISOR)

    assert set(Team.objects.visible_to(alice)) == {team, second}
    assert set(Team.objects.visible_to(bob)) == {team}


def test_overlap_is_told_in_words(alice, team):
    spell = Membership(agency=alice.agency, worker=alice, team=team, starts_on=date(2026, 1, 1))

    with pytest.raises(ValidationError) as caught:
        spell.validate_constraints()

    assert caught.value.messages == ["This overlaps another spell of the same person in this team."]


def test_spell_that_ends_before_it_starts_is_refused(alice):
    spell = alice.memberships.get()

    assert (
        refused_by("UPDATE teams_membership SET ends_on = starts_on - 1 WHERE id = %s", spell.pk)
        == "membership_ends_after_start"
    )


@pytest.mark.parametrize(
    ("today", "seen"), [("2026-01-01", 0), ("2026-01-02", 1), ("2026-01-31", 1), ("2026-02-01", 0)]
)
def test_team_is_seen_from_the_first_to_the_last_day_of_the_spell(agency, time_machine, today, seen):
    worker, team = make_worker(agency), make_team(agency)
    make_membership(worker, team, starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 31))
    time_machine.move_to(f"{today} 17:00Z")

    assert Team.objects.visible_to(worker).count() == seen


def test_spells_during_a_span_include_its_ends(agency):
    worker = make_worker(agency)
    spells = [
        make_membership(worker, make_team(agency), starts_on=starts_on, ends_on=ends_on)
        for starts_on, ends_on in [
            (date(2025, 1, 1), date(2025, 12, 31)),
            (date(2025, 1, 1), date(2026, 1, 1)),
            (date(2026, 1, 31), None),
            (date(2026, 2, 1), None),
        ]
    ]

    assert set(Membership.objects.during(*JANUARY)) == set(spells[1:3])


@pytest.mark.parametrize("role", ["is_admin", "is_equity_lead"])
def test_roster_of_all_teams_is_for_leads_and_admins(agency, team, other_team, bob, role):
    elsewhere = make_team(agency, "Another")
    head = make_worker(agency, **{role: True})

    assert set(Team.objects.roster_visible_to(head)) == {team, elsewhere}
    assert set(Team.objects.roster_visible_to(bob)) == {team}


# Workers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "refusal"),
    [
        ("is_analyst = false", "worker_has_agency"),
        ("is_analyst = false, is_admin = true", "worker_has_agency"),
        ("is_admin = true", "analyst_has_no_other_role"),
        ("is_equity_lead = true", "analyst_has_no_other_role"),
        ("is_operator = true", "analyst_has_no_other_role"),
        ("agency_id = (SELECT id FROM teams_agency)", "analyst_has_no_other_role"),
    ],
)
def test_analyst_with_another_role_is_refused(agency, roles, refusal):
    analyst = make_worker(None, is_analyst=True)

    assert refused_by(f"UPDATE teams_worker SET {roles} WHERE id = %s", analyst.pk) == refusal


def test_worker_without_agency_is_refused(agency):
    worker = make_worker(agency)

    assert refused_by("UPDATE teams_worker SET agency_id = NULL WHERE id = %s", worker.pk) == "worker_has_agency"


@pytest.mark.parametrize("role", ["is_analyst", "is_operator"])
def test_analyst_and_operator_need_no_agency(db, role):
    assert Worker.objects.get(pk=make_worker(None, **{role: True}).pk).agency is None


def test_create_worker_tells_of_a_missing_agency(db):
    with pytest.raises(ValidationError) as caught:
        make_worker(None)

    assert caught.value.messages == ["A worker belongs to an agency."]


def test_address_is_kept_in_lower_case(agency):
    worker = make_worker(agency, email=" Alice.Member@Example.ORG ")

    assert worker.email == "alice.member@example.org"
    assert (
        refused_by("UPDATE teams_worker SET email = 'Alice@example.org' WHERE id = %s", worker.pk)
        == "worker_email_lower_case"
    )


def test_address_belongs_to_one_account_of_all_agencies(alice, charlie):
    with pytest.raises(ValidationError) as caught:
        make_worker(charlie.agency, email=alice.email.upper())

    assert caught.value.message_dict == {"email": ["Someone already has this e-mail address."]}
    assert (
        refused_by("UPDATE teams_worker SET email = %s WHERE id = %s", alice.email, charlie.pk)
        == "teams_worker_email_key"
    )


def test_create_worker_without_password_has_none_that_works(agency):
    worker = make_worker(agency)

    assert worker.has_usable_password() is False


# Teams and agencies -----------------------------------------------------------------------------------------------


def test_name_of_a_team_is_unique_in_its_agency_only(agency, team, other_team):
    make_team(other_team.agency, team.name)

    with pytest.raises(IntegrityError, match="team_name_unique"), transaction.atomic():
        make_team(agency, team.name.upper())

    assert Team.objects.filter(name__iexact=team.name).count() == 2


def test_short_name_of_an_agency_is_unique(agency):
    with pytest.raises(IntegrityError, match="agency_slug_unique"), transaction.atomic():
        make_agency(slug=agency.slug)


def test_grace_days_are_at_most_60(agency):
    assert (
        refused_by("UPDATE teams_agency SET grace_days = 61 WHERE id = %s", agency.pk) == "agency_grace_days_at_most_60"
    )


@pytest.mark.parametrize(
    ("now", "time_zone", "today"),
    [
        ("2026-05-10 10:30Z", "Pacific/Kiritimati", date(2026, 5, 11)),
        ("2026-05-11 02:00Z", "America/St_Johns", date(2026, 5, 10)),
        ("2026-05-11 02:45Z", "America/St_Johns", date(2026, 5, 11)),
    ],
)
def test_today_is_the_day_of_the_agency(db, time_machine, now, time_zone, today):
    time_machine.move_to(now)

    assert make_agency(time_zone=time_zone).today() == today
