import re
from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form
from django.utils import timezone, translation

from actions import guard
from actions.forms import ActionForm, DropForm, RenegotiateForm
from actions.models import Action, AllowedText, Community, Practice
from teams.models import Membership
from tests.actions.factories import edit_term, make_community, make_practice
from tests.factories import (
    community,
    form_data,
    make_action,
    make_agency,
    make_commitment,
    make_membership,
    make_team,
    make_worker,
    practice,
)

PHONE, NAME = "Called 416-555-0199", "Met with Kowalski today"


def seal(text):
    return guard.read(text, agency=None).seal


def unbound(worker, **initial):
    return ActionForm(worker=worker, initial=initial)


def bound(worker, *, instance=None, **changes):
    return ActionForm(form_data(**changes), worker=worker, instance=instance)


def complaints(form):
    return {name: list(errors) for name, errors in form.errors.items()}


def chosen_of(form, field):
    """The values that a field of choices offers."""
    return {value for value, _ in form.fields[field].choices if value}


# A complete action ------------------------------------------------------------------------------------------------


def test_complete_form_logs_all_of_it(alice, team):
    form = bound(
        alice,
        practice=practice("read_study").pk,
        direction="community_led",
        communities=[community("indigenous").pk, community("racialized").pk],
        heard_back="waiting",
        visibility="counted",
        hours="1.5",
        note="Read the report.",
        commitment_due=timezone.localdate().isoformat(),
    )
    assert complaints(form) == {}
    form.save()

    saved = Action.objects.get()
    assert (saved.author, saved.team, saved.practice.code, saved.level, saved.direction) == (
        alice,
        team,
        "read_study",
        "individual",
        "community_led",
    )
    assert (saved.communities, saved.heard_back, saved.visibility, str(saved.hours), saved.note) == (
        [community("indigenous").pk, community("racialized").pk],
        "waiting",
        "counted",
        "1.50",
        "Read the report.",
    )
    assert saved.commitments.get().due_on == timezone.localdate()


def test_empty_form_asks_for_what_is_required(alice):
    form = ActionForm({}, worker=alice)

    assert set(complaints(form)) == {
        "practice",
        "level",
        "direction",
        "communities",
        "done_on",
        "heard_back",
        "visibility",
    }


def test_hours_are_read_as_the_language_writes_them(alice):
    with translation.override("fr-ca"):
        form = bound(alice, hours="1,5")
        assert complaints(form) == {}
        assert str(form.cleaned_data["hours"]) == "1.5"


@pytest.mark.parametrize("hours", ["-1", "999.5", "1.234", "many", "NaN"])
def test_hours_out_of_range_are_refused(alice, hours):
    assert set(complaints(bound(alice, hours=hours))) == {"hours"}


# Level and practice -----------------------------------------------------------------------------------------------


def test_level_that_the_practice_lacks_is_refused(alice):
    assert complaints(bound(alice, level="sector")) == {"level": ["This practice fits: Individual worker."]}


def test_level_that_the_practice_has_is_taken(alice):
    assert complaints(bound(alice, practice=practice("sector_working_group").pk, level="sector")) == {}


def test_levels_that_the_practice_lacks_are_not_shown(alice):
    form = unbound(alice, practice=practice("sector_working_group").pk)
    render_crispy_form(form)

    assert form.fields["level"].widget.hidden == {"individual", "agency", "multi_agency"}
    assert form["level"].value() == "sector"


@pytest.mark.parametrize("value", ["31000", "99999999999999999999", "abc", "²", ""])
def test_practice_that_is_not_there_is_refused(alice, value):
    assert set(complaints(bound(alice, practice=value))) == {"practice"}
    assert unbound(alice, practice=value).chosen is None


# The preset of visibility -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "code", "preset"),
    [
        ("shared", "info_up_front", "shared"),
        ("shared", "crisis_support", "counted"),
        ("shared", "everyday_conversation", "private"),
        ("counted", "info_up_front", "counted"),
        ("counted", "crisis_support", "counted"),
        ("counted", "everyday_conversation", "private"),
        ("private", "info_up_front", "private"),
        ("private", "crisis_support", "private"),
    ],
)
def test_practice_may_only_tighten_the_preset(agency, own, code, preset):
    worker = make_worker(agency, default_visibility=own)

    assert unbound(worker, practice=practice(code).pk)["visibility"].value() == preset


def test_author_may_choose_wider_than_the_preset(alice):
    form = bound(alice, practice=practice("everyday_conversation").pk, visibility="shared")

    assert complaints(form) == {}
    assert form.save().visibility == "shared"


def test_edit_keeps_the_visibility_that_was_chosen(alice):
    action = make_action(alice, practice=practice("everyday_conversation"), visibility="shared")

    assert ActionForm(instance=action, worker=alice)["visibility"].value() == "shared"


# Communities ------------------------------------------------------------------------------------------------------


def test_not_specific_with_another_is_refused(alice):
    form = bound(alice, communities=[community("not_specific").pk, community().pk])

    assert complaints(form) == {"communities": ["“Not specific” stands alone: choose it, or the communities."]}


def test_not_specific_alone_is_taken(alice):
    assert complaints(bound(alice, communities=[community("not_specific").pk])) == {}


def test_community_posted_twice_is_taken_once(alice):
    form = bound(alice, communities=[community().pk, community().pk])

    assert complaints(form) == {}
    assert form.save().communities == [community().pk]


def test_no_community_is_refused(alice):
    assert set(complaints(bound(alice, communities=[]))) == {"communities"}


def test_hidden_community_is_offered_to_the_action_that_has_it_alone(alice):
    edit_term(alice.agency, community(), is_hidden=True)
    action = make_action(alice)

    assert community().pk not in chosen_of(bound(alice), "communities")
    assert set(complaints(bound(alice))) == {"communities"}
    assert complaints(bound(alice, instance=action)) == {}


# Days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "zone", "today", "tomorrow"),
    [
        ("2026-05-10 10:30Z", "Pacific/Kiritimati", "2026-05-11", "2026-05-12"),
        ("2026-05-10 09:30Z", "Pacific/Kiritimati", "2026-05-10", "2026-05-11"),
        ("2026-05-11 02:15Z", "America/St_Johns", "2026-05-10", "2026-05-11"),
        ("2026-05-11 02:45Z", "America/St_Johns", "2026-05-11", "2026-05-12"),
    ],
)
def test_day_to_come_on_the_agency_s_calendar_is_refused(db, time_machine, now, zone, today, tomorrow):
    time_machine.move_to(now)
    worker = make_worker(make_agency(time_zone=zone))

    assert complaints(bound(worker, done_on=today)) == {}
    assert complaints(bound(worker, done_on=tomorrow)) == {"done_on": ["This day is still to come."]}
    assert complaints(bound(worker, done_on=today, commitment_due=today)) == {}


def test_promise_for_a_past_day_is_refused(alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z")

    assert complaints(bound(alice, commitment_due="2026-05-09")) == {
        "commitment_due": ["A promise is for today or later."]
    }


def test_day_more_than_24_months_ago_is_refused(alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z")

    assert complaints(bound(alice, done_on="2024-05-10")) == {}
    assert complaints(bound(alice, done_on="2024-05-09")) == {
        "done_on": ["More than 24 months ago: ask your admin to import it instead."]
    }


def test_older_action_that_was_imported_can_be_edited(alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z")
    action = make_action(alice, done_on=date(2020, 3, 1))

    assert set(complaints(bound(alice, instance=action, done_on="2020-03-02"))) == {"done_on"}
    action.refresh_from_db()
    form = bound(alice, instance=action, done_on="2020-03-01", note="More detail.")
    assert complaints(form) == {}
    assert form.save().note == "More detail."


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "0000-01-01"])
def test_day_that_is_none_is_refused(alice, day):
    assert set(complaints(bound(alice, done_on=day))) == {"done_on"}


# The note ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("char", ["a", "é", "🌻", "\n"])
def test_note_of_400_characters_is_taken_and_401_refused(alice, char):
    note = "a" + char * 398 + "a"

    form = bound(alice, note=note)
    assert complaints(form) == {}
    assert form.save().note == note
    assert set(complaints(bound(alice, note=f"a{note}"))) == {"note"}


def test_line_breaks_of_a_browser_count_once(alice):
    form = bound(alice, note="a\r\n" * 199 + "ab")

    assert complaints(form) == {}
    assert form.save().note == "a\n" * 199 + "ab"


def test_phone_number_blocks(alice):
    told = {"note": ["This looks like someone's phone number. Better: “by phone”."]}

    assert complaints(bound(alice, note=PHONE)) == told
    assert complaints(bound(alice, note=PHONE, points_to_no_person=seal(PHONE))) == told


def test_probable_name_warns_and_passes_when_that_text_is_confirmed(alice):
    told = {"note": ["This looks like a person's name. Better: a parent, a youth, a family."]}

    assert complaints(bound(alice, note=NAME)) == told
    assert complaints(bound(alice, note=NAME, points_to_no_person="on")) == told
    assert complaints(bound(alice, note=NAME, points_to_no_person=seal("Met with Mrs. Smith"))) == told
    assert complaints(bound(alice, note=NAME, points_to_no_person=seal(NAME))) == {}


def test_confirmation_outlasts_another_mistake(alice):
    form = bound(alice, note=NAME, points_to_no_person=seal(NAME), level="sector")

    assert f'type="hidden" name="points_to_no_person" value="{seal(NAME)}"' in render_crispy_form(form)


def test_confirmed_note_is_not_asked_about_again(alice):
    action = make_action(alice, note=NAME)

    assert complaints(bound(alice, instance=action, note=NAME)) == {}
    assert set(complaints(bound(alice, instance=action, note=f"{NAME} again"))) == {"note"}


@pytest.mark.parametrize(
    ("note", "marked", "button"),
    [
        ("Explained the options.", [], False),
        (PHONE, ["416-555-0199"], False),
        (NAME, ["Kowalski"], True),
        ("A <b>4-year-old came along", ["4-year-old"], False),
    ],
)
def test_found_words_are_marked_and_one_click_goes_on_where_it_may(alice, note, marked, button):
    form = bound(alice, note=note, level="sector")
    html = render_crispy_form(form)

    assert re.findall("<mark>(.*?)</mark>", html) == marked
    assert ('<button class="btn btn-outline-primary" name="points_to_no_person"' in html) is button
    assert "<b>" not in html


def test_what_the_agency_publishes_passes(alice, charlie):
    AllowedText.objects.create(agency=alice.agency, text="416-555-0199")

    assert complaints(bound(alice, note=PHONE)) == {}
    assert set(complaints(bound(charlie, note=PHONE))) == {"note"}


def test_each_complaint_is_told_once(alice):
    assert complaints(bound(alice, note=f"{PHONE}, then called 647-555-0123")) == {
        "note": ["This looks like someone's phone number. Better: “by phone”."]
    }


# The team of the day ----------------------------------------------------------------------------------------------


@pytest.fixture
def second(alice):
    second = make_team(alice.agency, "Kinship")
    make_membership(alice, second)
    return second


def test_team_of_one_is_taken_without_asking(alice, team):
    form = bound(alice)

    assert complaints(form) == {}
    assert form.save().team == team


def test_several_teams_on_the_day_ask_for_one(alice, team, second):
    assert complaints(bound(alice)) == {
        "team": ["On that day you were in several teams: choose one of Intake, Kinship."]
    }
    form = bound(alice, team=second.pk)
    assert complaints(form) == {}
    assert form.save().team == second


def test_team_that_she_had_left_on_the_day_is_refused(alice, team, second):
    left = make_team(alice.agency, "Left long ago")
    make_membership(alice, left, starts_on=date(2024, 1, 1), ends_on=date(2024, 2, 1))

    assert complaints(bound(alice, team=left.pk)) == {
        "team": ["On that day you were in several teams: choose one of Intake, Kinship."]
    }


def test_no_team_on_the_day_is_none(agency):
    worker = make_worker(agency)
    form = bound(worker)

    assert complaints(form) == {}
    assert form.save().team is None


def test_team_is_that_of_the_day_and_not_of_today(alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z")
    worker, before, now = make_worker(alice.agency), make_team(alice.agency), make_team(alice.agency)
    make_membership(worker, before, starts_on=date(2025, 1, 1), ends_on=date(2026, 4, 30))
    make_membership(worker, now, starts_on=date(2026, 5, 1))

    saved = [bound(worker, done_on=day).save().team for day in ("2024-12-31", "2026-04-30", "2026-05-01")]

    assert saved == [None, before, now]


def test_team_follows_the_day_when_it_is_edited(alice, team, time_machine):
    time_machine.move_to("2026-05-10 16:00Z")
    action = make_action(alice)
    Membership.objects.filter(worker=alice).update(starts_on=date(2026, 5, 5))

    form = bound(alice, instance=action, done_on="2026-05-01")
    assert complaints(form) == {}
    assert (form.save().team, Action.objects.get().team) == (None, None)


@pytest.mark.parametrize("several", [False, True])
def test_team_of_others_is_refused(alice, other_team, several):
    if several:
        make_membership(alice, make_team(alice.agency))
    elsewhere = make_team(alice.agency, "Not hers")

    for team in (other_team, elsewhere):
        assert set(complaints(bound(alice, team=team.pk))) == {"team"}


# Only what is visible is offered ----------------------------------------------------------------------------------


def test_choices_are_her_agency_s_and_her_teams(alice, charlie, team, other_team):
    ours = (make_practice(alice.agency), make_community(alice.agency))
    theirs = (make_practice(charlie.agency), make_community(charlie.agency))
    form = bound(alice)
    practices = [pk for group, choices in form.fields["practice"].choices if group for pk, _ in choices]

    for offered, own, foreign in (
        (set(Practice.objects.filter(pk__in=practices)), ours[0], theirs[0]),
        (set(Community.objects.filter(pk__in=chosen_of(form, "communities"))), ours[1], theirs[1]),
        (set(form.fields["team"].queryset), team, other_team),
    ):
        assert (own in offered, foreign in offered) == (True, False)


def test_practice_and_community_of_another_agency_are_refused(alice, charlie):
    form = bound(alice, practice=make_practice(charlie.agency).pk, communities=[make_community(charlie.agency).pk])

    assert set(complaints(form)) == {"practice", "communities"}


def test_practice_that_the_agency_hides_is_refused(alice):
    edit_term(alice.agency, practice(), is_hidden=True)

    assert set(complaints(bound(alice))) == {"practice"}


def test_author_and_agency_are_never_taken_from_the_form(alice, bob, charlie):
    form = bound(alice, author=bob.pk, agency=charlie.agency.pk, reference="X", logged_on="2020-01-01")
    assert complaints(form) == {}
    form.save()

    saved = Action.objects.get()
    assert (saved.author, saved.agency, saved.reference, saved.logged_on) == (
        alice,
        alice.agency,
        "",
        timezone.localdate(),
    )


# What becomes of a promise ----------------------------------------------------------------------------------------


def test_renegotiate_needs_a_new_date_and_a_role(alice):
    promise = make_commitment(make_action(alice))

    assert set(complaints(RenegotiateForm({}, instance=promise, worker=alice))) == {"renegotiated_to", "agreed_with"}
    assert set(
        complaints(
            RenegotiateForm(
                {"renegotiated_to": timezone.localdate(), "agreed_with": "Jane"}, instance=promise, worker=alice
            )
        )
    ) == {"agreed_with"}


def test_renegotiate_to_a_past_day_is_refused(alice, time_machine):
    time_machine.move_to("2026-05-10 16:00Z")
    form = RenegotiateForm(
        {"renegotiated_to": "2026-05-09", "agreed_with": "youth"},
        instance=make_commitment(make_action(alice)),
        worker=alice,
    )

    assert complaints(form) == {"renegotiated_to": ["A promise is for today or later."]}


def test_drop_needs_a_reason(alice):
    promise = make_commitment(make_action(alice))

    assert set(complaints(DropForm({}, instance=promise, worker=alice))) == {"dropped_because"}
    assert set(complaints(DropForm({"dropped_because": "bored"}, instance=promise, worker=alice))) == {
        "dropped_because"
    }
