"""Full text over one's own words, in both languages at once."""

import pytest

from actions import searches
from actions.models import Action, Commitment
from tests.actions.factories import edit_term, make_practice
from tests.factories import make_action, make_own_commitment, practice


def found(worker, typed):
    return list(searches.actions_matching(Action.objects.by(worker), typed, agency=worker.agency))


@pytest.mark.parametrize(
    ("note", "typed"),
    [
        ("Two meetings about housing.", "meeting"),
        ("Two meetings about housing.", "HOUSED meetings"),
        ("Deux réunions sur l’hébergement.", "réunion"),
        ("Deux réunions sur l’hébergement.", "reunions hebergement"),
        ("Deux réunions sur l’hébergement.", "HÉBERGEMENTS"),
        ("Parlé à cœur ouvert.", "coeur"),
        ("A réunion with the housing office.", "réunions"),
        ("Asked the youth council first.", '"youth council"'),
    ],
)
def test_note_is_found_in_either_language(alice, note, typed):
    action = make_action(alice, note=note)
    make_action(alice, note="Something else altogether.")

    assert found(alice, typed) == [action]


@pytest.mark.parametrize(
    "typed", ["council -youth", '"council youth"', "bridge", "a:* | b & !", "' OR 1=1 --", "\0", "%"]
)
def test_note_that_does_not_fit_is_not_found(alice, typed):
    make_action(alice, note="Asked the youth council first.")

    assert found(alice, typed) == []


def test_partners_and_practices_under_every_name_are_found(alice):
    partnered = make_action(alice, partners="Maison Horizon")
    own = make_action(alice, practice=make_practice(alice.agency, label_en="Zebra walk", label_fr="Marche du zèbre"))
    edit_term(alice.agency, practice("read_study"), label_en="Quokka circle")
    renamed = make_action(alice, practice=practice("read_study"))

    assert [found(alice, typed) for typed in ("horizons", "zebra", "zèbre", "quokka")] == [
        [partnered],
        [own],
        [own],
        [renamed],
    ]


def test_practice_is_not_found_under_the_name_of_another_agency(alice, charlie):
    edit_term(charlie.agency, practice("read_study"), label_en="Quokka circle")
    make_action(alice, practice=practice("read_study"))

    assert found(alice, "quokka") == []


def test_search_finds_only_what_it_was_handed(alice, bob):
    make_action(bob, note="Canary shared with the team.")
    mine = make_action(alice, note="Canary of mine.")

    assert found(alice, "canary") == [mine]


def test_promise_that_stands_alone_is_found_by_its_words(alice, bob):
    mine = make_own_commitment(alice, text="Rapporter les réponses au comité")
    make_own_commitment(bob, text="Rapporter les réponses au comité")

    assert list(searches.commitments_matching(Commitment.objects.by(alice), "reponse comites")) == [mine]
