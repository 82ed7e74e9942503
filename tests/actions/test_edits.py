"""What an edit leaves behind: fields and codes, and of a text never a word."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from actions import edits, entries
from actions.models import Action, ActionEdit
from tests.factories import community, make_action, make_initiative, make_team, practice

DAY, LATER = date(2026, 5, 4), date(2026, 5, 6)


def saved(action, **changes):
    fresh = Action.objects.get(pk=action.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    return entries.save(fresh, by=fresh.author, now=timezone.now())


def test_save_writes_what_changed_as_codes_and_days(alice):
    action = make_action(alice, done_on=DAY, hours=Decimal("1.50"))
    other = community("low_income")
    saved(action, level="agency", done_on=LATER, communities=[other.pk, community().pk], hours=Decimal("1.5"))

    assert list(ActionEdit.objects.values_list("version", "changes")) == [
        (
            2,
            {
                "level": ["individual", "agency"],
                "communities": [[community().pk], sorted([other.pk, community().pk])],
                "done_on": ["2026-05-04", "2026-05-06"],
            },
        )
    ]


def test_save_of_a_text_says_that_it_changed_and_keeps_no_word_of_it(alice):
    action = make_action(alice, note="Canary of the old note.", partners="Canary partner")
    saved(action, note="The new words.", partners="Another")

    edit = ActionEdit.objects.get()
    assert edit.changes == {"note": None, "partners": None}
    assert [change.before for edited in edits.described([edit], alice.agency) for change in edited.changes] == [
        None
    ] * 2


def test_erasing_texts_says_so_of_texts_alone(lead, alice):
    make_action(alice, note="Canary", initiative=make_initiative(lead))
    entries.erase_texts(alice, now=timezone.now())

    assert ActionEdit.objects.get().changes == {"note": None}


def test_save_that_changes_nothing_leaves_no_edit(alice):
    saved(make_action(alice, note="The same."))

    assert not ActionEdit.objects.exists()


def test_described_edit_reads_in_words(alice):
    team = make_team(alice.agency, "Second team")
    earlier = make_action(alice, done_on=DAY)
    action = make_action(alice, done_on=DAY, practice=practice("read_study"))
    saved(
        action,
        practice=practice(),
        visibility="private",
        hours=Decimal("2.50"),
        team=team,
        relation="follows_from",
        related=earlier,
    )

    (edited,) = edits.described(ActionEdit.objects.all(), alice.agency)

    assert [(change.field, change.before, change.after) for change in edited.changes] == [
        ("Practice", practice("read_study").label, practice().label),
        ("Team", "Intake", "Second team"),
        ("Who can see it", "My team", "Only me"),
        ("Hours", "-", "2.5"),
        ("How it follows on", "-", "It follows from it"),
        ("On what", "-", f"{practice().label} (4 May 2026)"),
    ]


def test_edits_are_seen_by_their_author_alone(alice, bob, sana, charlie):
    saved(make_action(alice), level="agency")

    seen = {worker.name: ActionEdit.objects.visible_to(worker).count() for worker in (alice, bob, sana, charlie)}

    assert seen == {alice.name: 1, bob.name: 0, sana.name: 0, charlie.name: 0}


@pytest.mark.parametrize("n", [1, 3])
def test_described_edits_of_practice_and_communities_take_two_statements(alice, n, django_assert_num_queries):
    action = make_action(alice, practice=practice("read_study"))
    for number in range(n):
        chosen = practice(["info_up_front", "repair_harm", "read_study"][number])
        saved(action, practice=chosen, communities=[community(["low_income", "racialized", "low_income"][number]).pk])
    made = list(ActionEdit.objects.visible_to(alice))

    with django_assert_num_queries(2):
        assert len(edits.described(made, alice.agency)) == n
