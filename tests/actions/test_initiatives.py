import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from actions import initiatives, once
from actions.forms import ActionForm, PromiseForm
from actions.models import Action, Commitment, Initiative, InitiativePartner
from teams.models import Role
from teams.visibility import Visibility
from tests.actions.factories import edit_term, make_community, make_practice
from tests.factories import (
    form_data,
    make_action,
    make_commitment,
    make_initiative,
    make_own_commitment,
    make_team,
    make_worker,
    practice,
)


def readers(initiative, *workers):
    return [worker.name for worker in workers if initiative in Initiative.objects.visible_to(worker)]


@pytest.fixture
def carla(other_team):
    """The equity lead of charlie's agency."""
    return make_worker(other_team.agency, "Carla Lead", is_equity_lead=True)


# Who reads, who edits ----------------------------------------------------------------------------------------------


def test_initiative_is_read_by_its_agency_alone(lead, alice, sana, charlie, carla):
    own, theirs = make_initiative(lead), make_initiative(carla)

    assert readers(own, lead, alice, sana, charlie, carla) == [lead.name, alice.name, sana.name]
    assert readers(theirs, lead, alice, sana, charlie, carla) == [charlie.name, carla.name]


def test_initiative_with_a_partner_is_read_there_and_edited_by_its_own_lead_alone(lead, alice, charlie, carla):
    joint = make_initiative(lead, partners=[charlie.agency])

    assert readers(joint, alice, charlie, carla) == [alice.name, charlie.name, carla.name]
    assert [joint in Initiative.objects.editable_by(worker) for worker in (lead, alice, charlie, carla)] == [
        True,
        False,
        False,
        False,
    ]


def test_admin_reads_none_unless_she_works_in_a_team(lead, team):
    initiative = make_initiative(lead)
    admin = make_worker(team.agency, "Admin", is_admin=True)
    both = make_worker(team.agency, "Admin and member", is_admin=True, teams=[team])
    all_three = make_worker(team.agency, "Admin and lead", is_admin=True, is_equity_lead=True)

    assert readers(initiative, admin, both, all_three) == [both.name, all_three.name]
    assert [worker.is_at_work for worker in (admin, both, all_three)] == [False, True, True]


def test_analyst_reads_those_of_the_sector_where_all_agencies_count_there(lead, charlie):
    analyst = make_worker(None, "Ana Analyst", is_analyst=True)
    alone, joint = (
        make_initiative(lead, level="sector"),
        make_initiative(lead, level="sector", partners=[charlie.agency]),
    )
    at_agency = make_initiative(lead, level="agency")

    assert readers(alone, analyst) == []
    lead.agency.in_sector_from = date(2026, 1, 1)
    lead.agency.save()
    assert readers(alone, analyst) == [analyst.name]
    assert readers(joint, analyst) == readers(at_agency, analyst) == []
    assert analyst.is_at_work is False


def test_analyst_reads_what_an_initiative_is_and_not_what_was_done(lead, alice, client):
    lead.agency.in_sector_from = date(2026, 1, 1)
    lead.agency.save()
    initiative = make_initiative(lead, level="sector")
    make_action(alice, initiative=initiative)
    client.force_login(make_worker(None, is_analyst=True))

    page = client.get(reverse("actions:initiative", args=[initiative.pk]))

    assert initiative.aim in page.text
    assert "What was done" not in re.sub(r"<p class=.who.*?</p>", "", page.text, flags=re.DOTALL)
    assert client.get(reverse("actions:initiatives")).text.count(initiative.title) == 1


def test_partner_that_is_taken_out_reads_no_more_and_its_action_still_counts(lead, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    make_action(charlie, initiative=joint)

    initiatives.save(joint, by=lead, partners=[])

    assert readers(joint, charlie) == []
    assert initiatives.figures(joint, lead.agency).total == 1
    assert InitiativePartner.objects.get(agency=charlie.agency).ended_on == lead.today()


def test_partner_that_is_taken_in_again_reads_again(lead, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    initiatives.save(joint, by=lead, partners=[])
    initiatives.save(joint, by=lead, partners=[charlie.agency])

    assert readers(joint, charlie) == [charlie.name]
    assert InitiativePartner.objects.filter(initiative=joint).count() == 2


@pytest.mark.parametrize("make", [make_action, make_own_commitment])
def test_database_refuses_what_hangs_on_a_strangers_initiative(lead, charlie, make):
    initiative = make_initiative(lead)

    with pytest.raises(IntegrityError, match="initiative_bridged"), transaction.atomic():
        make(charlie, initiative=initiative)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# Verbs -------------------------------------------------------------------------------------------------------------


def test_same_key_twice_is_one_initiative(lead):
    key = uuid4()
    values = {"level": "agency", "direction": "consulted", "communities": [1], "review_on": date(2027, 1, 1)}

    made = [initiatives.start(Initiative(title=t, aim="A", **values), by=lead, partners=[], key=key) for t in "AB"]

    assert [initiative.title for initiative in made] == ["A", "A"]
    assert Initiative.objects.count() == 1


def test_key_of_another_agency_is_refused(lead, carla):
    taken = make_initiative(carla)
    values = {"level": "agency", "direction": "consulted", "communities": [1], "review_on": date(2027, 1, 1)}

    with pytest.raises(once.KeyTaken):
        initiatives.start(Initiative(title="A", aim="A", **values), by=lead, partners=[], key=taken.pk)


def test_history_has_a_line_for_each_change_of_status(lead):
    initiative = make_initiative(lead, status="planned")
    initiatives.save(initiative, by=lead, partners=[])
    initiative.status = "under_way"
    initiatives.save(initiative, by=lead, partners=[])

    steps = [(step.from_status, step.to_status, step.on) for step in initiative.steps.all()]

    assert steps == [("planned", "under_way", lead.today()), ("", "planned", lead.today())]


def test_older_version_is_not_saved(lead):
    initiative = make_initiative(lead)
    other = Initiative.objects.get(pk=initiative.pk)
    initiatives.save(initiative, by=lead, partners=[])
    other.title = "Another"

    with pytest.raises(initiatives.StaleVersion):
        initiatives.save(other, by=lead, partners=[])

    assert Initiative.objects.get(pk=other.pk).title == initiative.title


def test_another_agencys_own_community_is_told_by_the_shared_one(lead, charlie):
    own = make_community(lead.agency)
    joint = make_initiative(lead, partners=[charlie.agency], communities=[own.pk])

    told = [
        [each.name for each in initiatives.communities(joint, agency)] for agency in (lead.agency, charlie.agency, None)
    ]

    assert told == [["Our own community"], [own.rolls_up_to.name], [own.rolls_up_to.name]]


# What is counted ---------------------------------------------------------------------------------------------------


def counted(rows):
    return [(str(row.label), row.n) for row in rows]


def test_figures_count_shared_actions_of_all_partners_once(lead, alice, bob, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    make_action(alice, initiative=joint, hours=2, dollars=50, done_on=date(2026, 3, 31), heard_back="heard")
    make_action(alice, initiative=joint, hours=1, done_on=date(2026, 4, 1), practice=practice("repair_harm"))
    make_action(charlie, initiative=joint, done_on=date(2026, 4, 30), direction="community_led", took_part=9)
    for _ in range(2):
        make_action(bob, initiative=joint, done_on=date(2026, 4, 2))
    make_action(alice, initiative=joint, visibility="counted")
    make_action(alice, initiative=joint, visibility="private")
    make_action(alice, initiative=joint, withdrawn_at=timezone.now())
    make_action(alice)

    found = initiatives.figures(joint, lead.agency)

    assert (found.total, found.hours, found.dollars) == (5, 3, 50)
    assert counted(found.practices) == [(practice().name, 4), (practice("repair_harm").name, 1)]
    assert counted(found.directions) == [("Community-led", 1), ("Co-designed", 4)]
    assert [(row.label, row.n) for row in found.months] == [(date(2026, 3, 1), 1), (date(2026, 4, 1), 4)]
    assert [row.n for row in found.heard_back] == [4, 1]


@pytest.mark.parametrize(("by_alice", "by_bob", "by_charlie"), [(2, 1, 1), (4, 1, 0), (9, 0, 0)])
def test_figures_of_few_actions_or_people_tell_nothing_more_of_one(
    lead, alice, bob, charlie, by_alice, by_bob, by_charlie
):
    joint = make_initiative(lead, partners=[charlie.agency])
    for author, n in ((alice, by_alice), (bob, by_bob), (charlie, by_charlie)):
        for _ in range(n):
            make_action(author, initiative=joint, hours=2, dollars=50, heard_back="heard")

    found = initiatives.figures(joint, lead.agency)

    assert (found.hours, found.dollars, found.directions, found.heard_back) == (None, None, [], [])
    assert (found.total, found.is_enough, len(found.months)) == (by_alice + by_bob + by_charlie, False, 1)


def test_figures_count_an_agencys_own_practice_under_the_shared_one(lead, alice, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    own = make_practice(lead.agency)
    edit_term(lead.agency, own.rolls_up_to, label_en="Our name for it")
    make_action(alice, initiative=joint, practice=own)
    make_action(charlie, initiative=joint)

    with translation.override("en-ca"):
        told = [counted(initiatives.figures(joint, agency).practices) for agency in (lead.agency, charlie.agency, None)]

    assert told == [[("Our name for it", 2)], [(practice().label, 2)], [(practice().label, 2)]]


def test_figures_count_shared_promises_of_actions_and_alone(lead, alice):
    initiative = make_initiative(lead)
    shared = make_action(alice, initiative=initiative)
    private = make_action(alice, initiative=initiative, visibility="private")
    make_commitment(shared, status="kept", kept_on=date(2026, 4, 1))
    make_commitment(private)
    make_own_commitment(alice, initiative=initiative, visibility="shared")
    make_own_commitment(alice, initiative=initiative)

    assert counted(initiatives.figures(initiative, None).promises) == [("Open", 1), ("Kept", 1)]


def test_commitment_follows_its_action_from_one_initiative_to_another(lead, alice):
    first, second = make_initiative(lead), make_initiative(lead, title="Another")
    action = make_action(alice, initiative=first)
    promise = make_commitment(action)
    promise.refresh_from_db()
    before = promise.initiative_id
    Action.objects.filter(pk=action.pk).update(initiative=second)
    promise.refresh_from_db()

    assert (before, promise.initiative_id) == (first.pk, second.pk)


def test_readable_actions_are_those_that_the_reader_may_open_anyway(lead, alice, bob, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    elsewhere = make_worker(lead.agency, teams=[make_team(lead.agency)])
    shared = make_action(alice, initiative=joint)
    private = make_action(alice, initiative=joint, visibility="private")

    told = [set(initiatives.readable_actions(joint, reader)) for reader in (alice, bob, elsewhere, lead, charlie)]

    assert told == [{shared, private}, {shared}, set(), set(), set()]


# On the log form ---------------------------------------------------------------------------------------------------


def offered(form):
    return [str(label) for _value, label in form.fields["initiative"].choices]


def test_log_form_offers_those_that_go_on_and_that_she_may_read(lead, alice, carla, charlie):
    make_initiative(lead, title="Ours")
    make_initiative(carla, title="Theirs")
    make_initiative(carla, title="Joint", partners=[lead.agency])
    make_initiative(lead, title="Over", status="reached")

    assert offered(ActionForm(worker=alice)) == ["None", "Joint", "Ours"]
    assert offered(PromiseForm(worker=alice)) == ["None", "Joint", "Ours"]


def test_log_form_without_initiatives_does_not_ask(alice, lead):
    before = "initiative" in str(ActionForm(worker=alice).helper.layout.fields)
    make_initiative(lead)
    asked = [fieldset.fields for fieldset in ActionForm(worker=alice).helper.layout.fields[2:-1]]

    assert (before, "initiative" in asked[-1]) == (False, True)


def test_edited_action_keeps_an_initiative_that_is_over_or_hidden_by_now(lead, alice, carla):
    over, gone = make_initiative(lead, title="Over"), make_initiative(carla, title="Gone", partners=[lead.agency])
    actions = [make_action(alice, initiative=initiative) for initiative in (over, gone)]
    over.status = "reached"
    initiatives.save(over, by=lead, partners=[])
    initiatives.save(gone, by=carla, partners=[])

    assert [offered(ActionForm(worker=alice, instance=action)) for action in actions] == [
        ["None", "Over"],
        ["None", "One that you can no longer read"],
    ]
    for action in actions:
        form = ActionForm(form_data(initiative=action.initiative_id), worker=alice, instance=action)
        assert form.errors == {}
        assert form.save().initiative_id == action.initiative_id


def test_promise_alone_takes_its_initiative(lead, alice):
    initiative = make_initiative(lead)
    answers = {"text": "Bring the draft", "due_on": alice.today(), "visibility": Visibility.SHARED}

    form = PromiseForm({**answers, "initiative": initiative.pk}, worker=alice)

    assert form.errors == {}
    assert form.save().initiative == initiative
    assert Commitment.objects.get().initiative == initiative


def test_supervisor_of_a_partner_reads_too(lead, other_team):
    joint = make_initiative(lead, partners=[other_team.agency])
    supervisor = make_worker(other_team.agency, teams=[other_team], role=Role.SUPERVISOR)

    assert readers(joint, supervisor) == [supervisor.name]
