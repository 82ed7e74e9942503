import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action
from tests.actions.factories import edit_term
from tests.factories import community, form_data, make_action, make_membership, make_team, practice

QUICK, FULL = reverse("actions:quick_log"), reverse("actions:log")
NAME = "Met with Kowalski today"


def of(verb, action):
    return reverse(f"actions:{verb}", args=[action.pk])


def answers(**changes):
    """What the quick form posts: the four questions, and what it knows itself."""
    data = form_data(**{"key": uuid.uuid4()} | changes)
    return {name: value for name, value in data.items() if name != "heard_back"}


def visible_fields(response):
    return [field.name for field in response.context["form"] if f'id="div_id_{field.name}"' in response.text]


def test_quick_form_asks_four_questions_and_knows_the_rest(client, alice):
    client.force_login(alice)

    response = client.get(QUICK, {"practice": practice("info_up_front").pk})

    form = response.context["form"]
    asked = [name for name in visible_fields(response) if form.fields[name].required and not form[name].value()]
    assert asked == ["direction", "communities"]
    assert (form["level"].value(), form["visibility"].value()) == ("individual", "shared")
    assert "Share information up front</h1>" in response.text


def test_quick_form_asks_for_the_level_where_the_practice_fits_several(client, alice):
    client.force_login(alice)
    several = client.get(QUICK, {"practice": practice("read_study").pk})
    one = client.get(QUICK, {"practice": practice("info_up_front").pk})

    assert ["level" in visible_fields(response) for response in (several, one)] == [
        len(practice("read_study").levels) > 1,
        len(practice("info_up_front").levels) > 1,
    ]


@pytest.mark.parametrize("chosen", [None, "", "abc", "31000"])
def test_without_a_practice_the_list_is_shown(client, alice, chosen):
    client.force_login(alice)

    response = client.get(QUICK, {} if chosen is None else {"practice": chosen})

    assert (response.status_code, response.url) == (302, reverse("actions:practices"))


def test_saved_action_offers_what_comes_next(client, alice):
    client.force_login(alice)

    page = client.post(QUICK, answers(), follow=True)

    action = Action.objects.get()
    assert (action.author, action.heard_back) == (alice, "not_asked")
    for address in (of("edit", action), reverse("actions:practices"), of("withdraw", action)):
        assert f'="{address}"' in page.text


@pytest.mark.parametrize("address", [QUICK, FULL])
def test_same_form_sent_twice_makes_one_action(client, alice, address):
    client.force_login(alice)
    data = form_data(key=uuid.uuid4(), commitment_due=date.today().isoformat())

    first, second = client.post(address, data), client.post(address, data)

    action = Action.objects.get()
    assert (first.url, second.url) == (f"{of('detail', action)}?saved",) * 2
    assert action.commitments.count() == (address == FULL)


@pytest.mark.parametrize(
    ("address", "changes"),
    [
        (QUICK, {"note": "Only for me."}),
        (FULL, {"note": "Only for me."}),
        (FULL, {"commitment_due": date.today().isoformat()}),
    ],
)
def test_form_that_was_changed_and_sent_again_loses_nothing(client, alice, address, changes):
    """Its first answer never came, so she went back."""
    client.force_login(alice)
    data = form_data(key=uuid.uuid4(), visibility="shared")
    client.post(address, data)

    again = client.post(address, data | changes | {"visibility": "private"})
    action = Action.objects.get()
    shown, saved_by = again.context["form"], re.search(r'<form[^>]* action="([^"]+)"[^>]*id="page-form"', again.text)
    before = (again.status_code, action.visibility, again.context["saved"].visibility, shown["visibility"].value())
    client.post(of("edit", action), data | changes | {"visibility": "private", "version": shown["version"].value()})
    action.refresh_from_db()

    assert before == (409, "shared", "shared", "private")
    assert "<h1>Sent twice</h1>" in again.text
    assert saved_by[1] == of("edit", action)
    assert (action.visibility, action.note) == ("private", changes.get("note", ""))
    assert action.commitments.count() == ("commitment_due" in changes)


def test_key_of_somebody_else_is_not_found(client, alice, bob):
    theirs = make_action(bob, note="Theirs.")
    client.force_login(alice)

    response = client.post(QUICK, answers(key=theirs.pk, note="Mine."))

    assert (response.status_code, Action.objects.get().note) == (404, "Theirs.")


def test_key_that_is_none_is_refused(client, alice):
    client.force_login(alice)

    assert (client.post(QUICK, answers(key="x")).status_code, Action.objects.count()) == (422, 0)


def test_what_was_typed_goes_along_to_the_long_form(client, alice):
    client.force_login(alice)
    data = answers(note="Asked the council first.", communities=[community("indigenous").pk], _more="1")

    page = client.post(FULL, data)

    form = page.context["form"]
    assert (page.status_code, form.is_bound, Action.objects.count()) == (200, False, 0)
    assert (form["note"].value(), form["communities"].value(), form["key"].value(), form["heard_back"].value()) == (
        "Asked the council first.",
        [str(community("indigenous").pk)],
        str(data["key"]),
        "not_asked",
    )


def test_practice_hidden_while_the_form_was_open_keeps_the_rest(client, alice):
    client.force_login(alice)
    edit_term(alice.agency, practice(), is_hidden=True)

    page = client.post(QUICK, answers(note="Asked the council first."))

    assert (page.status_code, Action.objects.count()) == (422, 0)
    assert "Asked the council first.</textarea>" in page.text
    assert list(page.context["form"].errors) == ["practice"]


def test_membership_ended_while_the_form_was_open_saves_without_a_team(client, alice, team):
    client.force_login(alice)
    alice.memberships.update(ends_on=date(2025, 1, 1))

    assert client.post(QUICK, answers(team=team.pk)).status_code == 302
    assert Action.objects.get().team is None


def test_two_texts_are_confirmed_each_for_itself(client, alice):
    client.force_login(alice)
    data = form_data(note=NAME, partners="Mrs. Kowalski and friends")

    def confirmed(page):
        return re.findall('name="points_to_no_person" value="([^"]*)"', page.text)

    both = confirmed(client.post(FULL, data))
    assert len(both) == 2
    assert client.post(FULL, data | {"points_to_no_person": both[0]}).status_code == 422
    assert client.post(FULL, data | {"points_to_no_person": both}).status_code == 302


def test_quick_form_runs_ten_queries(client, alice, django_assert_num_queries):
    make_membership(alice, make_team(alice.agency))
    client.force_login(alice)
    chosen = {"practice": practice().pk}

    with django_assert_num_queries(10):
        client.get(QUICK, chosen)


# What came of it --------------------------------------------------------------------------------------------------


def test_long_form_saves_all_that_came_of_it(client, alice):
    earlier = make_action(alice)
    client.force_login(alice)
    data = form_data(
        relation="reports_back",
        related=earlier.pk,
        dollars="1500",
        system="housing",
        partners="Native Child, Legal Aid",
        took_part="7",
    )

    assert client.post(FULL, data).status_code == 302

    saved = Action.objects.exclude(pk=earlier.pk).get()
    assert (saved.relation, saved.related, saved.dollars, saved.system, saved.partners, saved.took_part) == (
        "reports_back",
        earlier,
        1500,
        "housing",
        "Native Child, Legal Aid",
        7,
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"relation": "repairs"}, {"related"}),
        ({"relation": "nonsense"}, {"relation"}),
        ({"dollars": "-1"}, {"dollars"}),
        ({"dollars": "10000001"}, {"dollars"}),
        ({"dollars": "12.50"}, {"dollars"}),
        ({"took_part": "0"}, {"took_part"}),
        ({"took_part": "1000"}, {"took_part"}),
        ({"system": "nonsense"}, {"system"}),
        ({"partners": "x" * 121}, {"partners"}),
        ({"partners": "call 416-555-0199"}, {"partners"}),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(client, alice, changes, wrong):
    client.force_login(alice)

    response = client.post(FULL, form_data(**changes))

    assert (response.status_code, set(response.context["form"].errors)) == (422, wrong)


def test_action_follows_on_her_own_alone(client, alice, bob):
    theirs = make_action(bob)
    client.force_login(alice)

    response = client.post(FULL, form_data(relation="repairs", related=theirs.pk))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"related"})


def relations_shown(client, reader, action):
    client.force_login(reader)
    return [(how, other) for how, other in client.get(of("detail", action)).context["relations"]]


def test_both_ends_name_each_other_to_who_may_read_them(client, alice, bob):
    harm = make_action(alice)
    repair = make_action(alice, relation="repairs", related=harm, visibility="private")
    report = make_action(alice, relation="reports_back", related=repair)

    assert relations_shown(client, alice, repair) == [("Repairs", harm), ("Reported back on in", report)]
    assert relations_shown(client, bob, harm) == []
    assert relations_shown(client, bob, report) == [("Reports back on", None)]


def test_relation_survives_the_end_that_is_gone(client, alice):
    harm = make_action(alice)
    repair = make_action(alice, relation="repairs", related=harm)
    harm.delete()

    assert relations_shown(client, alice, repair) == [("Repairs", None)]
    client.force_login(alice)
    assert client.post(of("edit", repair), form_data(relation="repairs", version=1, note="More.")).status_code == 302
    assert (Action.objects.get().relation, Action.objects.get().note) == ("repairs", "More.")


# Closed figures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "told"), [("2026-06-30", True), ("2026-07-01", False)])
def test_late_entry_is_told_that_figures_stay(client, alice, time_machine, day, told):
    time_machine.move_to("2026-07-20 15:00Z")
    alice.agency.closed_through = date(2026, 6, 30)
    alice.agency.save()
    client.force_login(alice)

    page = client.post(QUICK, answers(done_on=day), follow=True)

    assert ("The figures of that period are closed: they stay as they are." in page.text) is told


def test_the_team_of_her_latest_action_is_filled_in(client, alice, team):
    left, second = make_team(alice.agency, "Left"), make_team(alice.agency, "Second")
    make_membership(alice, second)
    make_membership(alice, left, ends_on=timezone.localdate() - timedelta(days=1))
    make_action(alice, team=second, done_on=timezone.localdate() - timedelta(days=3))
    make_action(alice, team=team, done_on=timezone.localdate() - timedelta(days=9))
    make_action(alice, team=left, done_on=timezone.localdate() - timedelta(days=2))
    client.force_login(alice)

    form = client.get(QUICK, {"practice": practice().pk}).context["form"]

    assert form["team"].value() == second.pk
