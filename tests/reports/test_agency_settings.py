from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from actions.models import AllowedText, Purge
from reports.pages import settings_pages
from reports.pages.settings_pages import PARTS
from teams import agencies
from teams.models import Agency, CadenceChange
from tests.factories import make_action, make_agency, make_worker

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
PAGE = reverse("reports:settings")
ALLOWED = reverse("actions:allowed")


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def admin(agency, client):
    agency.reports_from = date(2026, 10, 1)
    agency.save()
    worker = make_worker(agency, "Theo Admin", is_admin=True)
    client.force_login(worker)
    return worker


def at(code):
    return reverse("reports:settings_change", args=[code])


def data_of(client, code, **changes):
    """What the form of the part posts as it is opened, with these changes."""
    form = client.get(at(code)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in (values | changes).items() if value is not False}


def ask(client, code, **changes):
    return client.post(at(code), data_of(client, code, **changes))


def confirm(client, asked):
    fields = dict(asked.context["fields"])
    return client.post(asked.request["PATH_INFO"], fields | {"confirmed": asked.context["seal"]})


def saved():
    return Agency.objects.get()


def test_change_that_others_feel_is_told_first_and_saved_when_confirmed(client, admin, alice):
    asked = ask(client, "time", cadence="monthly", grace_days=10)

    assert asked.context["told"] == [
        "Team summaries become monthly from 1 Jan 2027 on. Until then all stays as it is.",
        "It concerns 1 team. Its first summary of the new kind, for January 2027, is made on 11 Feb 2027.",
        "Late entries count for 10 days instead of 7. The summaries of October to December 2026 are made on 11 Jan 2027.",
    ]
    assert (saved().grace_days, CadenceChange.objects.count()) == (7, 0)

    assert confirm(client, asked).status_code == 302

    assert (saved().grace_days, saved().version) == (10, 2)
    assert list(CadenceChange.objects.values_list("starts_on", "cadence")) == [(date(2027, 1, 1), "monthly")]
    assert "quarterly; monthly from 1 Jan 2027 on" in client.get(PAGE).text


def test_cadence_that_was_to_come_can_be_taken_back(client, admin):
    agencies.change_cadence(admin.agency, "monthly", today=admin.today())

    asked = ask(client, "time", cadence="quarterly")
    assert asked.context["told"] == ["Summaries stay as often as they are: the change of 1 Jan 2027 does not come."]
    confirm(client, asked)

    assert list(CadenceChange.objects.values_list("cadence", flat=True)) == ["quarterly"]


def test_change_that_nobody_feels_is_saved_at_once(client, admin):
    answer = ask(client, "sharing", suggested_visibility="counted")

    assert (answer.status_code, saved().suggested_visibility) == (302, "counted")


def test_sentences_that_changed_meanwhile_are_read_again(client, admin, alice):
    asked = ask(client, "keeping", text_months=6)
    for _ in range(7):
        make_action(alice, note="words", done_on=date(2026, 5, 1), logged_on=date(2026, 5, 1))

    again = confirm(client, asked)

    assert (again.status_code, saved().text_months) == (200, 24)
    assert again.context["told"] == [
        "Texts are kept for 6 months instead of 24 months.",
        "Within the hour, older texts are erased for good: about 5. What was done stays, and is counted.",
    ]
    assert (confirm(client, again).status_code, saved().text_months) == (302, 6)


def test_few_texts_are_not_told_apart(client, admin, alice):
    make_action(alice, note="words", done_on=date(2026, 5, 1), logged_on=date(2026, 5, 1))

    assert "for good: fewer than 5." in ask(client, "keeping", text_months=6).context["told"][1]


def test_how_many_texts_there_are_is_not_counted_out_month_by_month(client, admin, alice):
    for _ in range(10):
        make_action(alice, note="words", done_on=date(2026, 1, 1), logged_on=date(2026, 1, 1))
    make_action(alice, note="words", visibility="private", done_on=date(2026, 4, 5), logged_on=date(2026, 4, 5))

    told = {ask(client, "keeping", text_months=months).context["told"][1] for months in (6, 7, 8)}

    assert len(told) == 1


@pytest.mark.parametrize("months", [5, 85, ""])
def test_months_are_between_6_and_84(client, admin, months):
    assert (ask(client, "keeping", text_months=months).status_code, saved().text_months) == (422, 24)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"least_actions": 7}, "It is 8 now and can only go up: who shared under that promise keeps it."),
        ({"least_authors": 3}, "It is 4 now and can only go up: who shared under that promise keeps it."),
        ({"most_percent": 61}, "It is 60 now and can only go down: who shared under that promise keeps it."),
    ],
)
def test_thresholds_never_go_back(client, admin, changes, error):
    Agency.objects.update(least_actions=8, least_authors=4, most_percent=60)

    answer = ask(client, "figures", **changes)

    assert (answer.status_code, answer.context["form"].errors) == (422, {next(iter(changes)): [error]})


def test_thresholds_go_up_and_say_that_this_is_for_good(client, admin):
    asked = ask(client, "figures", least_actions=8)
    assert "This cannot be taken back: these numbers protect people, and go one way only." in asked.context["told"]

    confirm(client, asked)

    assert (saved().least_actions, saved().least_authors, saved().most_percent) == (8, 3, 70)


@pytest.mark.parametrize(("choice", "day"), [("now", date(2026, 10, 1)), ("next", date(2027, 1, 1))])
def test_agency_joins_the_sector_and_leaves_it(client, admin, choice, day):
    confirm(client, ask(client, "figures", sector=choice))
    assert saved().in_sector_from == day

    ask(client, "figures", least_actions=5)  # nothing changes
    assert saved().in_sector_from == day

    confirm(client, ask(client, "figures", sector="no"))
    assert saved().in_sector_from is None


def test_hold_needs_a_reason_that_points_to_nobody(client, admin):
    refused = [
        ask(client, "hold", is_held="on").context["form"].errors,
        ask(client, "hold", is_held="on", hold_reason="Call 416 555 0134").context["form"].errors,
    ]
    assert [list(errors) for errors in refused] == [["hold_reason"], ["hold_reason"]]

    confirm(client, ask(client, "hold", is_held="on", hold_reason="Asked for by an inquiry"))
    assert (saved().held_on, saved().hold_reason) == (date(2026, 11, 22), "Asked for by an inquiry")
    assert "Asked for by an inquiry" in client.get(PAGE).text
    assert "Your agency has put a hold on erasing" in client.get(reverse("reports:jobs")).text

    confirm(client, ask(client, "hold", is_held=""))
    assert (saved().held_on, saved().hold_reason) == (None, "")


def test_second_admin_is_told_what_the_first_saved(client, admin):
    data = data_of(client, "sharing", suggested_visibility="private")
    agencies.change(admin.agency, suggested_visibility="counted")

    answer = client.post(at("sharing"), data)

    assert (answer.status_code, saved().suggested_visibility) == (409, "counted")
    assert "Count it, do not show it" in str(answer.context["saved"])
    again = client.post(at("sharing"), data | {"seen": answer.context["form"].data["seen"]})
    assert (again.status_code, saved().suggested_visibility) == (302, "private")


def test_lead_reads_without_a_form(client, lead):
    client.force_login(lead)

    assert "/agency/settings/time/" not in client.get(PAGE).text
    assert 'name="text"' not in client.get(ALLOWED).text
    assert [client.get(at(code)).status_code for code in PARTS] == [404] * len(PARTS)
    assert client.post(ALLOWED, {"text": "The Fjord line"}).status_code == 404


def test_page_lists_what_was_erased_but_not_how_many_reflections(client, admin):
    for what in ("actions", "reflections"):
        Purge.objects.create(agency=admin.agency, what=what, before=date(2024, 11, 22), count=4711, erased_at=NOW)

    assert [(row.what, row.n) for row in settings_pages.erasures(admin.agency)] == [
        ("Reflections", ""),
        ("Notes and partners of actions", "4\u00a0711"),
    ]
    assert client.get(PAGE).text.count("4\u00a0711") == 1


@pytest.mark.parametrize("n", [1, 3])
def test_settings_run_nine_queries(client, admin, n, django_assert_num_queries):
    for number in range(n):
        Purge.objects.create(
            agency=admin.agency, what="actions", before=date(2024, 11, 1 + number), count=9, erased_at=NOW
        )
        AllowedText.objects.create(agency=admin.agency, text=f"Line {number}")

    with django_assert_num_queries(9):
        page = client.get(PAGE)

    assert len(page.context["erasures"]) == n


@pytest.mark.parametrize("text", ["416 555 0134", "@harbour.example", "Orange Shirt Day", "Dr. Whitewolf Centre"])
def test_what_is_public_can_be_allowed_and_removed(client, admin, text):
    assert client.post(ALLOWED, {"text": text}).status_code == 302
    assert client.post(ALLOWED, {"text": text}).status_code == 422
    assert list(AllowedText.objects.values_list("agency", "text")) == [(admin.agency_id, text)]

    client.post(reverse("actions:allowed_remove", args=[AllowedText.objects.get().pk]))
    assert AllowedText.objects.count() == 0


@pytest.mark.parametrize("text", ["046 454 286", "born 2014-03-02", "CPIN 12345678"])
def test_what_only_a_client_has_cannot_be_allowed(client, admin, text):
    assert (client.post(ALLOWED, {"text": text}).status_code, AllowedText.objects.count()) == (422, 0)


def test_another_agencys_text_cannot_be_removed(client, admin):
    theirs = AllowedText.objects.create(agency=make_agency(), text="The Fjord line")

    assert client.post(reverse("actions:allowed_remove", args=[theirs.pk])).status_code == 404
    assert AllowedText.objects.count() == 1
