import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from actions import catalogue
from actions.filters import ActionFilter
from actions.forms import ActionForm
from actions.models import Action, Community, Practice
from actions.vocabulary import CATALOGUE
from tests.actions.factories import edit_term, make_community, make_practice
from tests.factories import community, form_data, make_action, practice

TERMS = [practice, community]
MAKERS = {practice: make_practice, community: make_community}


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Practice, Community)]


def names(terms):
    return [term.name for term in terms]


# Loading ----------------------------------------------------------------------------------------------------------


def test_load_has_all_of_the_catalogue_in_its_order(db):
    shipped = [
        list(model.objects.filter(agency=None, is_retired=False).order_by("order").values_list("code", flat=True))
        for model in (Practice, Community)
    ]

    assert shipped == [
        [entry["code"] for entry in CATALOGUE["practices"]],
        [entry["code"] for entry in CATALOGUE["communities"]["items"]],
    ]


def test_load_again_changes_nothing(agency):
    make_practice(agency)
    make_community(agency)
    before = rows()

    assert catalogue.load() == (len(CATALOGUE["practices"]), len(CATALOGUE["communities"]["items"]))
    assert rows() == before


def test_load_brings_back_the_shipped_words(db):
    before = rows()
    Practice.objects.filter(code="info_up_front").update(label_en="Garbled", order=999, is_retired=True)

    call_command("load_catalogue", verbosity=0)

    assert rows() == before


def test_load_retires_what_left_the_catalogue(db):
    gone = Practice.objects.create(
        code="gone", label_en="Gone", kind="learning", levels=["individual"], principles=[], default_visibility="shared"
    )

    catalogue.load()

    assert Practice.objects.get(pk=gone.pk).is_retired is True


@pytest.mark.parametrize("term", TERMS)
def test_load_leaves_what_an_agency_changed(agency, term):
    edited = term()
    edit = edit_term(agency, edited, label_en="Our word", label_fr="Notre mot", is_hidden=True)
    own = MAKERS[term](agency)

    catalogue.load()

    edit.refresh_from_db()
    model = type(edited)
    assert (edit.label_en, edit.label_fr, edit.is_hidden) == ("Our word", "Notre mot", True)
    assert model.objects.named_for(agency).get(pk=edited.pk).name == "Our word"
    assert model.objects.get(pk=own.pk).is_retired is False


# An agency's own names and terms ----------------------------------------------------------------------------------


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize(("language", "expected"), [("en-ca", "Our word"), ("fr-ca", "Notre mot")])
def test_name_is_the_agency_s_own_in_the_reader_s_language(agency, term, language, expected):
    edited = term()
    edit_term(agency, edited, label_en="Our word", label_fr="Notre mot")

    with translation.override(language):
        assert type(edited).objects.named_for(agency).get(pk=edited.pk).name == expected


@pytest.mark.parametrize("term", TERMS)
def test_name_without_a_word_in_the_reader_s_language_is_the_shipped_one(agency, term):
    edited = term()
    edit_term(agency, edited, label_en="Our word")

    with translation.override("fr-ca"):
        assert type(edited).objects.named_for(agency).get(pk=edited.pk).name == edited.label_fr


@pytest.mark.parametrize("term", TERMS)
def test_change_of_another_agency_shows_nowhere(agency, other_team, term):
    edited = term()
    edit_term(other_team.agency, edited, label_en="Their word", is_hidden=True)
    theirs = MAKERS[term](other_team.agency)
    model = type(edited)

    offered = model.objects.offered_to(agency)

    assert model.objects.named_for(agency).get(pk=edited.pk).name == edited.label_en
    assert (edited in offered, theirs in offered) == (True, False)
    assert (
        edited in model.objects.offered_to(other_team.agency),
        theirs in model.objects.offered_to(other_team.agency),
    ) == (False, True)


@pytest.mark.parametrize("term", TERMS)
def test_hidden_term_is_offered_to_what_has_it_alone(agency, term):
    hidden = term()
    edit_term(agency, hidden, is_hidden=True)
    model = type(hidden)

    assert hidden in model.objects.named_for(agency)
    assert hidden not in model.objects.offered_to(agency)
    assert hidden in model.objects.offered_to(agency, keep=[hidden.pk])


@pytest.mark.parametrize("term", TERMS)
def test_retired_term_is_offered_to_what_has_it_alone(agency, term):
    retired = term()
    type(retired).objects.filter(pk=retired.pk).update(is_retired=True)
    model = type(retired)

    assert (
        retired in model.objects.offered_to(agency),
        retired in model.objects.offered_to(agency, keep=[retired.pk]),
    ) == (False, True)


@pytest.fixture
def edited(alice, bob, charlie):
    """What alice's agency changed; she and charlie, elsewhere, have an action of that practice and community."""
    edit_term(alice.agency, practice(), label_en="Tell it early")
    edit_term(alice.agency, community(), label_en="Our neighbours")
    make_practice(alice.agency, label_en="Sit at the kitchen table")
    make_community(alice.agency, label_en="Newcomers next door")
    return {worker: make_action(worker, practice=practice()) for worker in (alice, charlie)}


OURS = {"Tell it early", "Our neighbours", "Sit at the kitchen table", "Newcomers next door"}
PRACTICES = {"Tell it early", "Sit at the kitchen table"}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("actions:practices", PRACTICES),
        ("guide", PRACTICES),
        ("actions:log", OURS),
        ("actions:record", OURS),
        ("actions:feed", OURS),
        ("actions:detail", {"Tell it early", "Our neighbours"}),
        ("actions:edit", OURS),
    ],
)
def test_page_shows_the_agency_s_own_words_to_its_workers_alone(client, alice, charlie, edited, address, shown):
    told = []
    for worker in (alice, charlie):
        keys = {
            "actions:feed": [worker.memberships.get().team_id],
            "actions:detail": [edited[worker].pk],
            "actions:edit": [edited[worker].pk],
        }
        client.force_login(worker)
        page = client.get(reverse(address, args=keys.get(address, []))).text
        told.append({words for words in OURS if words in page})

    assert told == [shown, set()]


def test_hidden_term_is_shown_where_an_action_has_it(client, alice, team):
    action = make_action(alice)
    edit_term(alice.agency, practice(), is_hidden=True)
    edit_term(alice.agency, community(), is_hidden=True)
    client.force_login(alice)

    pages = {
        name: client.get(reverse(name if name == "guide" else f"actions:{name}", args=args)).text
        for name, args in {
            "practices": [],
            "log": [],
            "guide": [],
            "detail": [action.pk],
            "edit": [action.pk],
            "feed": [team.pk],
            "record": [],
        }.items()
    }

    assert {name for name, page in pages.items() if practice().label in page} == {
        "detail",
        "edit",
        "feed",
        "log",  # among those that a new one can follow from
        "record",
    }
    assert {
        name for name, page in pages.items() if f"community={community().pk}" in page or community().label in page
    } == {
        "detail",
        "edit",
        "feed",
        "record",
    }


def test_action_keeps_hidden_terms_when_it_is_edited(alice):
    action = make_action(alice)
    edit_term(alice.agency, practice(), is_hidden=True)
    edit_term(alice.agency, community(), is_hidden=True)

    form = ActionForm(form_data(note="More detail."), instance=action, worker=alice)

    assert form.errors == {}
    form.save()
    saved = Action.objects.get(pk=action.pk)
    assert (saved.practice, saved.communities, saved.note) == (practice(), [community().pk], "More detail.")


def test_hidden_terms_can_still_be_filtered_by(alice):
    action = make_action(alice)
    make_action(alice, practice=practice("read_study"), communities=[community("not_specific").pk])
    edit_term(alice.agency, practice(), is_hidden=True)
    edit_term(alice.agency, community(), is_hidden=True)

    for query in ({"practice": practice().pk}, {"community": community().pk}):
        assert list(ActionFilter(query, Action.objects.all(), reader=alice).qs) == [action]


# Search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "Share information up front",
        "up front SHARE",
        "hard parts",
        "short written summary",
        "informer des le depart",
        "Dès LE départ",
        "difficile a entendre",
        "resume ecrit",
        "j'ai explique",
        "j’ai expliqué",
        "share informer summary difficile",
    ],
)
def test_matching_finds_every_word_of_label_description_and_example(db, query):
    assert "info_up_front" in {found.code for found in catalogue.matching(Practice.objects.all(), query)}


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
def test_matching_finds_both_languages_whatever_is_read(db, language):
    with translation.override(language):
        found = [catalogue.matching(Practice.objects.all(), query) for query in ("hard parts", "dès le départ")]

    assert [[term.code for term in terms] for terms in found] == [["info_up_front"], ["info_up_front"]]


def test_matching_needs_every_word(db):
    assert catalogue.matching(Practice.objects.all(), "information zebra") == []


def test_matching_without_words_is_all(db):
    assert catalogue.matching(Practice.objects.all(), "  ") == list(Practice.objects.all())


def test_matching_finds_the_agency_s_own_name(agency, other_team):
    edit_term(agency, practice(), label_en="Kitchen table talk", label_fr="Autour de la table de cuisine")

    found = [
        catalogue.matching(Practice.objects.offered_to(reader), query)
        for reader in (agency, other_team.agency)
        for query in ("kitchen", "cuisine", "hard parts")
    ]

    assert found == [[practice()], [practice()], [practice()], [], [], [practice()]]


# The tiles --------------------------------------------------------------------------------------------------------


def test_frequent_are_her_own_most_logged_first(alice, bob):
    often, seldom, never = practice(), practice("read_study"), practice("repair_harm")
    for term, times in {seldom: 1, often: 2}.items():
        for _ in range(times):
            make_action(alice, practice=term)
    for _ in range(3):
        make_action(bob, practice=never)
    make_action(alice, practice=never, withdrawn_at=timezone.now())

    assert catalogue.frequent(list(Practice.objects.all()), alice) == [often, seldom]


def test_frequent_are_at_most_six_of_those_offered(alice):
    terms = list(Practice.objects.order_by("pk")[:8])
    for term in terms:
        make_action(alice, practice=term)

    assert catalogue.frequent(terms, alice) == terms[:6]
    assert catalogue.frequent(terms[7:], alice) == terms[7:]


def test_names_are_said_in_the_reader_s_language(db):
    with translation.override("fr-ca"):
        french = names([practice(), community()])

    assert [names([practice(), community()]), french] == [
        [practice().label_en, community().label_en],
        [practice().label_fr, community().label_fr],
    ]


# Lists of choices -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
def test_choices_are_what_is_offered(agency, other_team, language):
    for term in (practice, community):
        edit_term(agency, term(), label_en="Our word", label_fr="Notre mot")
    edit_term(agency, practice("read_study"), is_hidden=True)
    edit_term(agency, community("indigenous"), is_hidden=True)
    for owner in (agency, other_team.agency):
        make_practice(owner, code="own", label_en="Own practice", label_fr="")
        make_community(owner, code="own", label_en="Own community", label_fr="")

    with translation.override(language):
        for found, model, more in [
            (catalogue.practice_choices(agency), Practice, "kind"),
            (catalogue.community_choices(agency), Community, "is_exclusive"),
        ]:
            assert found == [(term.pk, term.name, getattr(term, more)) for term in model.objects.offered_to(agency)]


def test_choices_keep_what_an_entry_has(agency):
    hidden = practice("read_study")
    edit_term(agency, hidden, is_hidden=True)

    assert [
        hidden.pk in [pk for pk, *_ in found]
        for found in (
            catalogue.practice_choices(agency),
            catalogue.practice_choices(agency, keep=[hidden.pk]),
            catalogue.practice_choices(agency, keep=catalogue.EVERY),
        )
    ] == [False, True, True]


def test_choices_without_an_agency_are_the_shipped_terms(agency):
    make_practice(agency, code="own")

    assert [pk for pk, *_ in catalogue.practice_choices(None)] == [
        term.pk for term in Practice.objects.offered_to(None)
    ]
