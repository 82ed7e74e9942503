import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import entries
from actions.models import Action
from tests.actions.factories import edit_term, make_practice
from tests.factories import (
    community,
    form_data,
    make_action,
    make_commitment,
    make_membership,
    make_team,
    make_worker,
    practice,
)

PICKER, LOG = reverse("actions:practices"), reverse("actions:log")
PHONE, NAME = "Called 416-555-0199", "Met with Kowalski today"
MARKED = "Kowalski"


def of(verb, action):
    return reverse(f"actions:{verb}", args=[action.pk])


def without_note(page):
    """The page but for the note's field and the text in which the guard marks what it found."""
    return re.sub(r"<textarea.*?</textarea>|<p class=\"reading-text\">.*?</p>", "", page, flags=re.DOTALL)


# Choosing a practice ----------------------------------------------------------------------------------------------


def test_picker_offers_all_by_kind_and_hers_first(client, alice, bob):
    make_action(alice, practice=practice("read_study"))
    make_action(bob, practice=practice("repair_harm"))
    client.force_login(alice)

    context = client.get(PICKER).context

    assert [term.code for term in context["frequent"]] == ["read_study"]
    assert [kind.value for kind, _ in context["groups"]] == [
        "direct_support",
        "speaking_up",
        "power_sharing",
        "advocacy",
        "resourcing",
        "relationship",
        "learning",
        "repair",
    ]


def test_picker_searches_in_both_languages(client, alice):
    make_action(alice)
    client.force_login(alice)

    for query in ("hard parts", "DES LE DEPART"):
        context = client.get(PICKER, {"q": query}).context
        assert ([term.code for term in context["found"]], context["frequent"]) == (["info_up_front"], [])


@pytest.mark.parametrize("n", [1, 3])
def test_picker_runs_six_queries(client, alice, n, django_assert_num_queries):
    for code in ["info_up_front", "read_study", "repair_harm"][:n]:
        make_action(alice, practice=practice(code))
    client.force_login(alice)

    with django_assert_num_queries(6):
        response = client.get(PICKER)

    assert len(response.context["frequent"]) == n


# Logging ----------------------------------------------------------------------------------------------------------


def test_default_visibility_is_asked_once_before_the_first_log(client, agency):
    worker = make_worker(agency, default_visibility="")
    wanted = f"{LOG}?practice={practice().pk}"
    client.force_login(worker)

    first = client.get(wanted)
    asked = client.get(first.url)
    answered = client.post(first.url, {"default_visibility": "counted"})
    second = client.get(answered.url)

    assert first.url == f"{reverse('teams:visibility')}?{urlencode({'next': wanted})}"
    assert asked.context["form"]["default_visibility"].value() == "shared"
    assert (answered.url, second.status_code) == (wanted, 200)
    assert second.context["form"]["visibility"].value() == "counted"
    worker.refresh_from_db()
    assert worker.default_visibility == "counted"


def test_log_before_the_default_is_chosen_stores_nothing(client, agency):
    client.force_login(make_worker(agency, default_visibility=""))

    assert client.post(LOG, form_data()).url.startswith(reverse("teams:visibility"))
    assert Action.objects.count() == 0


def test_log_begins_with_the_agency_s_day_and_the_practice(client, alice, time_machine):
    time_machine.move_to("2026-05-10 10:30Z")
    alice.agency.time_zone = "Pacific/Kiritimati"
    alice.agency.save()
    client.force_login(alice)

    form = client.get(LOG, {"practice": practice("crisis_support").pk}).context["form"]

    assert (form["done_on"].value(), form.chosen.code, form["visibility"].value()) == (
        date(2026, 5, 11),
        "crisis_support",
        "counted",
    )


def test_log_of_a_practice_of_another_agency_offers_it_not(client, alice, charlie):
    theirs = make_practice(charlie.agency, label_en="Theirs alone")
    client.force_login(alice)

    response = client.get(LOG, {"practice": theirs.pk})

    assert (response.context["form"].chosen, "Theirs alone" in response.text) == (None, False)


def test_log_saves_and_offers_to_take_it_back(client, alice):
    client.force_login(alice)

    response = client.post(LOG, form_data(note="Explained the options."), follow=True)

    action = Action.objects.get()
    assert response.redirect_chain == [(f"{of('detail', action)}?saved", 302)]
    assert (action.author, action.note) == (alice, "Explained the options.")
    assert f'<form method="post" action="{of("withdraw", action)}">' in response.text


def test_log_with_a_mistake_keeps_what_was_typed(client, alice):
    client.force_login(alice)

    response = client.post(LOG, form_data(level="sector", note="Explained the options."))

    assert (response.status_code, Action.objects.count()) == (422, 0)
    assert "Explained the options.</textarea>" in response.text
    assert "This practice fits: Individual worker." in response.text


@pytest.mark.parametrize(("note", "found"), [(PHONE, "416-555-0199"), (NAME, "Kowalski")])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_identifier_is_not_stored_and_stands_in_the_note_alone(client, alice, caplog, note, found, language):
    alice.language = language
    alice.save()
    client.force_login(alice)

    response = client.post(LOG, form_data(note=note))

    assert (response.status_code, Action.objects.count()) == (422, 0)
    elsewhere = re.sub('(?s)<p class="reading-text">.*?</p>', "", without_note(response.text))
    assert (found in response.text, found in elsewhere, found in caplog.text) == (True, False, False)


def test_probable_name_passes_with_one_click(client, alice):
    client.force_login(alice)

    page = client.post(LOG, form_data(note=NAME)).text
    confirm = re.search('<button [^>]*name="points_to_no_person" value="([^"]*)"', page)[1]
    response = client.post(LOG, form_data(note=NAME, points_to_no_person=confirm))

    assert (response.status_code, Action.objects.get().note) == (302, NAME)


def test_hint_is_told_after_saving(client, alice):
    client.force_login(alice)

    response = client.post(LOG, form_data(note="A 4-year-old chose the book."), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "Action saved.",
        "An age, together with a place or a community, can point to one child. Better: “a young child”.",
    ]


@pytest.mark.parametrize(
    ("text", "marked", "button"),
    [("Explained the options.", [], False), ("Called 416-555-0199", ["416-555-0199"], False), (NAME, [MARKED], True)],
)
def test_text_is_checked_while_it_is_typed(client, alice, caplog, text, marked, button):
    client.force_login(alice)

    response = client.post(reverse("actions:check_text"), {"text": text})

    assert (re.findall("<mark>(.*?)</mark>", response.text), "<button" in response.text) == (marked, button)
    assert text not in caplog.text


# A change of language keeps what is typed -------------------------------------------------------------------------


def test_language_changes_over_a_form_and_nothing_typed_is_lost(client, alice):
    client.force_login(alice)
    here = f"{LOG}?practice={practice().pk}"
    answers = form_data(
        note="Called 416-555-0199", communities=[community().pk, community("indigenous").pk], hours="x", _language="fr"
    )

    moved = client.post(f"{reverse('teams:language')}?next={quote(here, safe='')}", answers)
    page = client.post(moved.url, answers)

    assert (moved.status_code, moved.url, page.status_code, Action.objects.count()) == (307, here, 200, 0)
    form = page.context["form"]
    assert (page.context["LANGUAGE_CODE"], form.is_bound, form.errors) == ("fr-ca", False, {})
    assert {name: form[name].value() for name in answers if name in form.fields} == {
        name: [str(pk) for pk in value] if name == "communities" else str(value)
        for name, value in answers.items()
        if name in form.fields
    }


def test_form_s_page_sends_the_form_along_with_the_language(client, alice):
    client.force_login(alice)
    page = client.get(f"{LOG}?practice=1&from=home").text

    button = re.search('<button [^>]*name="_language"[^>]*>', page)[0]
    assert 'form="page-form"' in button
    assert f'formaction="{reverse("teams:language")}?next=%2Flog%2Fnew%2F%3Fpractice%3D1%26from%3Dhome"' in button
    assert 'id="page-form"' in page


def test_team_is_asked_for_where_there_are_several(client, alice, team):
    client.force_login(alice)
    before = client.get(LOG).text
    second = make_team(alice.agency, "Kinship")
    make_membership(alice, second)

    refused = client.post(LOG, form_data())
    taken = client.post(LOG, form_data(team=second.pk))

    assert ('name="team"' in before, 'name="team"' in refused.text) == (False, True)
    assert (refused.status_code, taken.status_code, Action.objects.get().team) == (422, 302, second)


def test_note_is_shown_as_text(client, alice):
    client.force_login(alice)

    page = client.post(LOG, form_data(note="<b>bold</b>"), follow=True).text

    assert ("<b>bold</b>" in page, "&lt;b&gt;bold&lt;/b&gt;" in page) == (False, True)


@pytest.mark.parametrize("n", [1, 3])
def test_log_form_runs_twelve_queries(client, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_action(alice)
        make_membership(alice, make_team(alice.agency))
    client.force_login(alice)

    with django_assert_num_queries(12):
        response = client.get(LOG)

    assert len(response.context["form"].fields["team"].choices) == n + 2


@pytest.mark.parametrize("n", [1, 3])
def test_log_runs_thirteen_queries(client, alice, team, n, django_assert_num_queries):
    codes = ["racialized", "indigenous", "francophone"][:n]
    for _ in range(n - 1):
        make_membership(alice, make_team(alice.agency))
    client.force_login(alice)

    answers = form_data(communities=[community(code).pk for code in codes], team=team.pk)

    with django_assert_num_queries(13):
        client.post(LOG, answers)

    assert len(Action.objects.get().communities) == n


# Reading ----------------------------------------------------------------------------------------------------------


def test_detail_names_the_author_to_her_team(client, alice, bob):
    action = make_action(alice, note="Explained the options.")
    client.force_login(bob)

    response = client.get(of("detail", action))

    assert (response.context["action"], response.context["is_mine"]) == (action, False)
    assert ("Alice Member" in response.text, of("edit", action) in response.text) == (True, False)


@pytest.mark.parametrize("changes", [{"visibility": "counted"}, {"visibility": "private"}, {"team": None}])
@pytest.mark.parametrize("reader", ["bob", "sana", "charlie"])
def test_detail_of_what_is_not_shared_is_not_found(client, request, alice, reader, changes):
    action = make_action(alice, note="Canary.", **changes)
    client.force_login(request.getfixturevalue(reader))

    response = client.get(of("detail", action))

    assert (response.status_code, "Canary." in response.text) == (404, False)


def test_order_of_promises_tells_team_mates_nothing_of_their_days(client, alice, bob):
    action = make_action(alice)
    make_commitment(action, due_on=date(2026, 9, 2), status="kept")
    make_commitment(action, due_on=date(2026, 9, 1))
    told = []
    for reader in (alice, bob):
        client.force_login(reader)
        told.append([each.status for each in client.get(of("detail", action)).context["commitments"]])

    assert told == [["open", "kept"], ["kept", "open"]]


def test_detail_shows_communities_in_the_catalogue_s_order(client, alice):
    chosen = [community("racialized"), community("indigenous")]
    action = make_action(alice, communities=[term.pk for term in chosen])
    client.force_login(alice)

    shown = list(client.get(of("detail", action)).context["communities"])
    assert shown == sorted(chosen, key=lambda term: term.order)


@pytest.mark.parametrize("n", [1, 3])
def test_detail_runs_nine_queries(client, alice, n, django_assert_num_queries):
    codes = ["racialized", "indigenous", "francophone"][:n]
    action = make_action(alice, communities=[community(code).pk for code in codes])
    for _ in range(n):
        make_commitment(action)
    client.force_login(alice)

    with django_assert_num_queries(9):
        response = client.get(of("detail", action))

    assert (len(response.context["communities"]), len(response.context["commitments"])) == (n, n)


# Editing ----------------------------------------------------------------------------------------------------------


def test_edit_shows_what_is_saved_and_saves_what_is_changed(client, alice):
    action = make_action(alice, note="First.", visibility="private", heard_back="waiting")
    client.force_login(alice)

    form = client.get(of("edit", action)).context["form"]
    response = client.post(of("edit", action), form_data(note="Second.", visibility="counted", version=1))

    assert [form[name].value() for name in ("note", "visibility", "heard_back", "version")] == [
        "First.",
        "private",
        "waiting",
        1,
    ]
    assert response.url == of("detail", action)
    saved = Action.objects.get()
    assert (saved.note, saved.visibility, saved.version, saved.edited_at is None) == ("Second.", "counted", 2, False)


@pytest.mark.parametrize("reader", ["bob", "sana", "charlie"])
@pytest.mark.parametrize("verb", ["edit", "withdraw", "restore"])
def test_action_of_somebody_else_cannot_be_changed(client, request, alice, reader, verb):
    action = make_action(alice, note="Hers.", withdrawn_at=timezone.now() if verb == "restore" else None)
    before = Action.objects.filter(pk=action.pk).values().get()
    client.force_login(request.getfixturevalue(reader))

    assert client.post(of(verb, action), form_data(note="Not hers.")).status_code == 404
    assert Action.objects.filter(pk=action.pk).values().get() == before


def test_edit_guards_the_note_as_log_does(client, alice):
    action = make_action(alice, note="First.")
    client.force_login(alice)

    response = client.post(of("edit", action), form_data(note=PHONE))

    assert (response.status_code, Action.objects.get().note) == (422, "First.")
    assert "416-555-0199" not in without_note(response.text)


def test_edit_over_a_newer_version_shows_both_and_can_then_be_saved(client, alice):
    action = make_action(alice, note="As it was.")
    client.force_login(alice)
    here, there = (client.get(of("edit", action)).context["form"]["version"].value() for _ in range(2))
    client.post(of("edit", action), form_data(note="Typed over there.", version=there))

    conflict = client.post(of("edit", action), form_data(note="Typed here.", hours="2", version=here))
    meanwhile = Action.objects.get().note
    again = client.post(
        of("edit", action),
        form_data(note="Typed here.", hours="2", version=conflict.context["form"]["version"].value()),
    )

    assert (conflict.status_code, conflict.context["saved"].note) == (409, "Typed over there.")
    assert ("<dd>Typed over there.</dd>" in conflict.text, "Typed here.</textarea>" in conflict.text) == (True, True)
    assert re.findall(r'name="version" value="(\d+)"', conflict.text) == ["2"]
    assert meanwhile == "Typed over there."
    assert again.url == of("detail", action)
    saved = Action.objects.get()
    assert (saved.note, saved.hours, saved.version) == ("Typed here.", 2, 3)


@pytest.mark.parametrize("version", ["", "0", "-1", "99999999999999999999"])
def test_edit_without_the_version_that_was_read_is_a_conflict(client, alice, version):
    action = make_action(alice, note="As it was.")
    client.force_login(alice)

    response = client.post(of("edit", action), form_data(note="Typed here.", version=version))

    assert (response.status_code, Action.objects.get().note) == (409, "As it was.")


def test_conflict_names_the_practice_as_the_agency_does(client, alice):
    edit_term(alice.agency, practice(), label_en="Tell it early")
    action = make_action(alice)
    client.force_login(alice)

    page = client.post(of("edit", action), form_data(version=0)).text

    assert "<dd>Tell it early</dd>" in page


def test_edit_adds_a_promise(client, alice):
    action = make_action(alice)
    client.force_login(alice)

    client.post(of("edit", action), form_data(commitment_due=timezone.localdate().isoformat()))

    assert action.commitments.get().due_on == timezone.localdate()


@pytest.mark.parametrize("n", [1, 3])
def test_edit_form_runs_thirteen_queries(client, alice, n, django_assert_num_queries):
    action = make_action(alice)
    for _ in range(n):
        make_membership(alice, make_team(alice.agency))
        make_commitment(action)
    client.force_login(alice)

    with django_assert_num_queries(13):
        response = client.get(of("edit", action))

    assert len(response.context["form"].fields["team"].choices) == n + 2


# Withdrawing ------------------------------------------------------------------------------------------------------


def test_withdrawn_action_is_gone_and_can_be_taken_back(client, alice, bob, team):
    action = make_action(alice, note="Explained the options.")
    client.force_login(alice)

    page = client.post(of("withdraw", action), follow=True)

    assert page.redirect_chain == [(reverse("actions:record"), 302)]
    assert f'<form method="post" action="{of("restore", action)}">' in page.text
    assert list(page.context["page"]) == []
    client.force_login(bob)
    assert list(client.get(reverse("actions:feed", args=[team.pk])).context["page"]) == []
    assert client.get(of("detail", action)).status_code == 404


def test_withdraw_twice_is_harmless(client, alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z", tick=False)
    action = make_action(alice)
    client.force_login(alice)
    client.post(of("withdraw", action))
    once = Action.objects.values().get()
    time_machine.shift(timedelta(minutes=5))

    assert client.post(of("withdraw", action)).status_code == 404
    assert Action.objects.values().get() == once


@pytest.mark.parametrize(("seconds", "status", "standing"), [(599, 302, 1), (601, 404, 0)])
def test_restore_for_ten_minutes(client, alice, time_machine, seconds, status, standing):
    time_machine.move_to("2026-05-10 16:00Z", tick=False)
    action = make_action(alice, note="Explained the options.")
    client.force_login(alice)
    client.post(of("withdraw", action))
    time_machine.shift(timedelta(seconds=seconds))

    assert client.post(of("restore", action)).status_code == status
    assert Action.objects.standing().count() == standing


def test_restore_twice_is_harmless(client, alice):
    action = make_action(alice, withdrawn_at=timezone.now())
    client.force_login(alice)

    answers = [client.post(of("restore", action)).status_code for _ in range(2)]

    assert (answers, Action.objects.get().version) == ([302, 404], 2)


def test_restore_of_what_was_never_withdrawn_is_not_found(client, alice):
    client.force_login(alice)

    assert client.post(of("restore", make_action(alice))).status_code == 404


def test_edit_after_a_withdrawal_is_a_conflict_with_nothing(client, alice):
    action = make_action(alice, note="As it was.")
    client.force_login(alice)
    client.post(of("withdraw", action))

    assert client.post(of("edit", action), form_data(note="Typed here.")).status_code == 404
    assert Action.objects.get().note == "As it was."


def test_withdrawn_promises_come_back_with_the_action(client, alice):
    promise = make_commitment(make_action(alice))
    client.force_login(alice)
    client.post(of("withdraw", promise.action))
    without = list(client.get(reverse("actions:commitments")).context["live"])
    client.post(of("restore", promise.action))

    assert (without, list(client.get(reverse("actions:commitments")).context["live"])) == ([], [promise])


def test_text_is_erased_after_the_time_to_restore(client, alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z", tick=False)
    action = make_action(alice, note="Explained the options.")
    client.force_login(alice)
    client.post(of("withdraw", action))
    time_machine.shift(timedelta(minutes=10))

    assert entries.erase_withdrawn(now=timezone.now()) == 1
    saved = Action.objects.get()
    assert (saved.pk, saved.note, saved.practice) == (action.pk, "", practice())


def test_conflict_page_shows_every_saved_value_that_saving_again_would_replace(client, alice, team):
    action = make_action(alice, hours="7.25", heard_back="heard", communities=[community("francophone").pk], version=2)
    client.force_login(alice)

    page = client.post(reverse("actions:edit", args=[action.pk]), form_data(version="1"))
    saved = page.text.split('id="saved"')[1].split("</section>")[0]

    assert page.status_code == 409
    assert [value for value in ("7.25", "Heard back", "Francophone communities", team.name) if value not in saved] == []


@pytest.mark.parametrize(("language", "drawn", "typed"), [("en", "1.50", "2.25"), ("fr", "1,50", "2,25")])
def test_hours_are_drawn_and_read_with_the_reader_s_decimal_mark(client, alice, language, drawn, typed):
    alice.language = language
    alice.save()
    action = make_action(alice, hours="1.5")
    client.force_login(alice)

    page = client.get(of("edit", action))
    client.post(of("edit", action), form_data(hours=typed, version=action.version))
    action.refresh_from_db()

    assert re.search(r'<input type="text" name="hours" value="([^"]*)"', page.text)[1] == drawn
    assert action.hours == Decimal("2.25")
