import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from actions import catalogue, terms
from actions.models import Community, CommunityEdit, Practice
from reports import protected
from reports.pages.protected_pages import _communities
from tests.actions.factories import edit_term, make_community
from tests.factories import community, make_action, make_agency, make_worker, practice


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Theo Admin", is_admin=True)


def at(name, *args):
    return reverse(f"actions:{name}", args=args)


def offered(agency):
    return [name for _pk, name, _alone in catalogue.community_choices(agency)]


def rename(client, term, which="communities", **data):
    seen = json.dumps(["", ""])
    return client.post(at("term_rename", term.pk, which), {"seen": seen, "label_en": "", "label_fr": ""} | data)


def test_renaming_changes_the_agencys_words_and_nobody_elses(client, admin, alice):
    other = make_agency()
    shared = community("racialized").label_en
    client.force_login(admin)

    answer = rename(client, community("racialized"), label_en="Racialized families", label_fr="Familles racisées")

    assert answer.status_code == 302
    assert ("Racialized families" in offered(alice.agency), shared in offered(alice.agency)) == (True, False)
    assert ("Racialized families" in offered(other), shared in offered(other)) == (False, True)
    assert community("racialized").label_en == shared
    with translation.override("fr-ca"):
        assert "Familles racisées" in offered(alice.agency)


def test_own_words_stand_in_the_form_the_filter_the_record_and_agency_figures_but_not_in_the_sectors(client, alice):
    make_action(alice)
    term = community("racialized")
    edit_term(alice.agency, term, label_en="Racialized families")
    client.force_login(alice)

    pages = [
        at("quick_log") + f"?practice={practice().pk}",
        at("log"),
        reverse("actions:feed", args=[alice.memberships.get().team_id]),
        at("export_file", "csv"),
    ]
    assert all(b"Racialized families" in whole(client.get(page)) for page in pages)
    code = str(term.pk)
    assert _communities([code], alice.agency)[code].label == "Racialized families"
    assert _communities([code], None)[code].label == term.label_en


def whole(answer):
    content = answer.content
    if content.startswith(b"PK"):
        import io
        import zipfile

        archive = zipfile.ZipFile(io.BytesIO(content))
        return b"".join(archive.read(name) for name in archive.namelist())
    return content


def test_hidden_term_is_offered_no_more_and_stays_where_it_was_used(client, admin, alice):
    used = make_action(alice, communities=[community("racialized").pk])
    client.force_login(admin)

    client.post(at("term_offer", community("racialized").pk, "communities", "hide"))

    assert community("racialized").label_en not in offered(alice.agency)
    client.force_login(alice)
    assert community("racialized").label_en in client.get(at("detail", used.pk)).text
    assert community("racialized").label_en in client.get(at("edit", used.pk)).text
    client.force_login(admin)
    client.post(at("term_offer", community("racialized").pk, "communities", "show"))
    assert community("racialized").label_en in offered(alice.agency)


def test_the_one_that_says_nobody_in_particular_cannot_be_hidden(client, admin):
    client.force_login(admin)

    answer = client.post(at("term_offer", community("not_specific").pk, "communities", "hide"))

    assert (answer.status_code, CommunityEdit.objects.count()) == (404, 0)


def test_moving_changes_the_agencys_order_alone_and_comes_back(client, admin):
    other, before = make_agency(), offered(admin.agency)
    second = Community.objects.offered_to(admin.agency)[1]
    client.force_login(admin)

    client.post(at("term_move", second.pk, "communities", "up"))
    assert offered(admin.agency) == [before[1], before[0], *before[2:]]
    assert offered(other) == before

    client.post(at("term_move", second.pk, "communities", "down"))
    assert offered(admin.agency) == before


def test_moving_passes_over_hidden_terms_and_stops_at_the_end(agency):
    first, second, third = Community.objects.offered_to(agency)[:3]
    terms.offer(second, agency, offered=False)
    terms.move(third, agency, up=True)
    terms.move(third, agency, up=True)

    assert [term.pk for term in Community.objects.offered_to(agency)[:2]] == [third.pk, first.pk]


def test_practice_moves_within_its_kind(agency):
    rows = list(Practice.objects.offered_to(agency))
    last = [row for row in rows if row.kind == rows[0].kind][-1]

    terms.move(last, agency, up=False)

    assert [row.pk for row in Practice.objects.offered_to(agency)] == [row.pk for row in rows]


def test_new_community_counts_under_a_shared_one_in_the_sector(client, admin, alice):
    client.force_login(admin)
    data = {"label_en": "Somali families", "label_fr": "Familles somaliennes", "rolls_up_to": community().pk}

    answer = client.post(at("term_new", "communities"), data)

    own = Community.objects.get(agency=admin.agency)
    assert (answer.status_code, own.code, own.rolls_up_to, own.label_fr) == (
        302,
        "own_somali-families",
        community(),
        "Familles somaliennes",
    )
    assert offered(admin.agency)[-1] == "Somali families"
    assert client.post(at("term_new", "communities"), data).status_code == 422
    told_as = {term.pk: term.rolls_up_to_id or term.pk for term in Community.objects.all()}
    make_action(alice, communities=[own.pk])
    period = protected.Period.containing(alice.today(), "quarterly")
    assert [entry.community for entry in protected._entries([alice.agency], period, told_as=told_as)] == [
        str(community().pk)
    ]


def test_new_practice_takes_kind_levels_and_caution_from_the_shared_one(client, admin):
    shared = practice("challenge_comment") if Practice.objects.filter(code="challenge_comment") else practice()
    client.force_login(admin)

    client.post(
        at("term_new", "practices"),
        {"label_en": "Circle before court", "label_fr": "Cercle avant la cour", "rolls_up_to": shared.pk},
    )

    own = Practice.objects.get(agency=admin.agency)
    taken = ("kind", "levels", "principles", "stance", "default_visibility", "caution_en", "caution_fr")
    assert [getattr(own, name) for name in taken] == [getattr(shared, name) for name in taken]
    assert "Circle before court" in [name for _pk, name, _kind in catalogue.practice_choices(admin.agency)]


def test_second_admin_is_told_what_the_first_saved(client, admin):
    client.force_login(admin)
    rename(client, community(), label_en="Racialized families")

    answer = rename(client, community(), label_en="Racialized people")

    assert answer.status_code == 409
    assert "Racialized families" in answer.text
    assert CommunityEdit.objects.get().label_en == "Racialized families"
    again = rename(client, community(), label_en="Racialized people", seen=answer.context["form"].data["seen"])
    assert (again.status_code, CommunityEdit.objects.get().label_en) == (302, "Racialized people")


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
def test_name_with_markup_is_text_to_the_next_admin(client, admin, language):
    """No policy of ours stops a page that leads elsewhere by itself."""
    own = make_community(admin.agency, label_en='<meta http-equiv="refresh" content="0;url=//x.example">')
    client.force_login(admin)
    with translation.override(language):
        page = client.get(at("term_rename", own.pk, "communities"))

    assert "&lt;meta http-equiv=" in page.text
    assert '<meta http-equiv="refresh"' not in page.text


def test_another_agencys_term_is_not_found(client, admin):
    theirs = make_community(make_agency())
    client.force_login(admin)

    found = [
        client.get(at("term_rename", theirs.pk, "communities")).status_code,
        rename(client, theirs, label_en="Ours").status_code,
        client.post(at("term_offer", theirs.pk, "communities", "hide")).status_code,
        client.post(at("term_move", theirs.pk, "communities", "up")).status_code,
        client.get(at("terms", "nonsense")).status_code,
    ]

    assert (found, CommunityEdit.objects.count()) == ([404] * 5, 0)


@pytest.mark.parametrize("n", [1, 3])
def test_list_of_terms_runs_seven_queries(client, admin, n, django_assert_num_queries):
    for number in range(n):
        own = make_community(admin.agency, code=f"own_{number}")
        edit_term(admin.agency, own, label_en=f"Renamed {number}", position=5)
    client.force_login(admin)

    with django_assert_num_queries(7):
        page = client.get(at("terms", "communities"))

    assert page.text.count("Renamed") >= n


def test_own_order_costs_the_log_form_nothing(client, alice):
    client.force_login(alice)
    client.get(at("log"))
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(at("log"))
    terms.move(Community.objects.offered_to(alice.agency)[1], alice.agency, up=True)

    with CaptureQueriesContext(connection) as after:
        client.get(at("log"))

    assert len(after) == len(before)
