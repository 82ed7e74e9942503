import re

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import initiatives, voices
from actions.models import Initiative
from tests.factories import (
    form_data,
    initiative_data,
    make_action,
    make_commitment,
    make_initiative,
    make_own_commitment,
    make_worker,
)

LIST, NEW = reverse("actions:initiatives"), reverse("actions:initiative_new")


def page(initiative):
    return reverse("actions:initiative", args=[initiative.pk])


def statuses(client, url, *workers):
    told = []
    for worker in workers:
        client.force_login(worker)
        told.append(client.get(url).status_code)
    return told


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Admin", is_admin=True)


@pytest.fixture
def analyst(db):
    return make_worker(None, "Ana Analyst", is_analyst=True)


def test_pages_open_to_those_whom_they_are_for(client, lead, alice, sana, charlie, admin, analyst):
    initiative = make_initiative(lead)
    everybody = (lead, alice, sana, charlie, admin, analyst)

    assert statuses(client, LIST, *everybody) == [200, 200, 200, 200, 404, 200]
    assert statuses(client, page(initiative), *everybody) == [200, 200, 200, 404, 404, 404]
    for name in ("initiative_edit", "voice_links"):
        url = reverse(f"actions:{name}", args=[initiative.pk])
        assert statuses(client, url, *everybody) == [200, 404, 404, 404, 404, 404]
    assert statuses(client, NEW, *everybody) == [200, 404, 404, 404, 404, 404]


@pytest.mark.parametrize("n", [1, 3])
def test_list_runs_six_queries(client, lead, alice, n, django_assert_num_queries):
    made = [make_initiative(lead, title=f"Aim {number}") for number in range(n)]
    client.force_login(alice)

    with django_assert_num_queries(6):
        response = client.get(LIST)

    assert list(response.context["live"]) == made


def test_list_tells_what_goes_on_from_what_is_over(client, lead, alice):
    rows = {status: make_initiative(lead, title=status, status=status) for status in ("planned", "paused", "ended")}
    client.force_login(alice)

    response = client.get(LIST)

    assert set(response.context["live"]) == {rows["planned"], rows["paused"]}
    assert list(response.context["over"]) == [rows["ended"]]


def test_partner_reads_counts_and_nothing_that_names_anybody(client, lead, alice, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    action = make_action(alice, initiative=joint, note="Canary note", partners="Canary partner")
    make_commitment(action)
    make_own_commitment(alice, initiative=joint, text="Canary promise", visibility="shared")
    client.force_login(charlie)

    response = client.get(page(joint))

    assert (response.context["figures"].total, list(response.context["actions"])) == (1, [])
    shown = [alice.name, alice.memberships.get().team.name, "Canary", str(action.pk)]
    assert [text for text in shown if text in response.text] == []
    assert lead.agency.name in response.text


def test_member_gets_links_to_what_her_team_shares(client, lead, alice, bob):
    initiative = make_initiative(lead)
    action = make_action(alice, initiative=initiative)
    client.force_login(bob)

    assert f'href="{reverse("actions:detail", args=[action.pk])}"' in client.get(page(initiative)).text


def test_heard_back_shows_answers_beside_the_report_of_staff(client, lead, alice):
    initiative = make_initiative(lead)
    make_action(alice, initiative=initiative, heard_back="heard")
    for said in ("yes", "yes", "yes", "no", "partly"):
        voices.answer(voices.make_link(initiative, days=30, now=timezone.now()), said, now=timezone.now())
    client.force_login(alice)

    text = re.sub(r"<[^>]+>|\s+", " ", client.get(page(initiative)).text.partition('id="heard"')[2])

    assert "What 5 people said by a link" in text
    assert re.findall(r"(Yes|Partly|No)\s+(\d+)", text) == [("Yes", "3"), ("Partly", "1"), ("No", "1")]
    assert "What staff say they heard" in text


# Making and changing one -------------------------------------------------------------------------------------------


def test_lead_starts_an_initiative_with_a_partner(client, lead, charlie):
    client.force_login(lead)
    name = charlie.agency.name.upper()

    response = client.post(NEW, initiative_data(partners=f"{name}\n\n", hours="40", outside="Harbour House"))

    made = Initiative.objects.get()
    assert response.url == page(made)
    assert (made.agency, made.hours, made.outside) == (lead.agency, 40, "Harbour House")
    assert list(initiatives.partner_agencies(made)) == [charlie.agency]


def test_unknown_partner_is_refused_without_a_list_of_agencies(client, lead, charlie):
    client.force_login(lead)

    response = client.post(NEW, initiative_data(partners="Nowhere"))

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "partners": ["No agency here has this name: Nowhere. Others go under “Other partners”."]
    }
    assert charlie.agency.name not in response.text


def test_form_sent_twice_is_one_initiative(client, lead):
    client.force_login(lead)
    data = initiative_data(key=str(client.get(NEW).context["form"].initial["key"]))

    answers = [client.post(NEW, data).url for _ in range(2)]

    assert Initiative.objects.count() == 1
    assert len(set(answers)) == 1


@pytest.mark.parametrize("field", ["title", "aim", "outside", "resources"])
def test_texts_pass_the_guard(client, lead, field):
    client.force_login(lead)

    response = client.post(NEW, initiative_data(**{field: "Called back, 416 555 0134"}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(("length", "status"), [(80, 302), (81, 422)])
def test_title_has_eighty_characters_at_most(client, lead, length, status):
    client.force_login(lead)

    assert client.post(NEW, initiative_data(title="é" * length)).status_code == status


def test_edit_shows_the_partners_by_name_and_takes_them_out(client, lead, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    url = reverse("actions:initiative_edit", args=[joint.pk])
    client.force_login(lead)

    shown = client.get(url).context["form"].initial["partners"]
    client.post(url, initiative_data())

    assert shown == charlie.agency.name
    assert list(initiatives.partner_agencies(joint)) == []


def test_edit_of_an_older_version_keeps_what_was_typed_and_saves_at_the_second_try(client, lead):
    initiative = make_initiative(lead)
    url = reverse("actions:initiative_edit", args=[initiative.pk])
    client.force_login(lead)
    client.post(url, initiative_data(title="First"))

    late = client.post(url, initiative_data(title="Second"))
    version = late.context["form"]["version"].value()
    saved = Initiative.objects.get().title

    assert (late.status_code, saved, version) == (409, "First", "2")
    assert 'value="Second"' in late.text
    assert client.post(url, initiative_data(title="Second", version=version)).status_code == 302
    assert Initiative.objects.get().title == "Second"


def test_edit_of_an_older_version_shows_that_a_partner_was_taken_out(client, lead, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    url = reverse("actions:initiative_edit", args=[joint.pk])
    client.force_login(lead)
    client.post(url, initiative_data(outside="The school board"))

    late = client.post(url, initiative_data(partners=charlie.agency.name))
    summary = late.text.split('class="error-summary"')[1].split("</dl>")[0]

    assert late.status_code == 409
    assert ("The school board" in summary, charlie.agency.name in summary) == (True, False)


def test_lead_of_a_partner_cannot_edit(client, lead, charlie):
    joint = make_initiative(lead, partners=[charlie.agency])
    client.force_login(make_worker(charlie.agency, is_equity_lead=True))
    url = reverse("actions:initiative_edit", args=[joint.pk])

    assert (client.get(url).status_code, client.post(url, initiative_data()).status_code) == (404, 404)


# Logging for one ---------------------------------------------------------------------------------------------------


def test_log_form_takes_an_initiative_from_the_address_and_keeps_it(client, lead, alice):
    initiative = make_initiative(lead)
    client.force_login(alice)

    form = client.get(f"{reverse('actions:log')}?initiative={initiative.pk}").context["form"]
    client.post(reverse("actions:log"), form_data(initiative=initiative.pk))

    assert form["initiative"].value() == str(initiative.pk)
    assert alice.actions.get().initiative == initiative


def test_initiative_of_others_is_refused_on_the_log_form(client, lead, charlie):
    client.force_login(charlie)

    response = client.post(reverse("actions:log"), form_data(initiative=make_initiative(lead).pk))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["initiative"])


def test_page_of_an_action_names_its_initiative(client, lead, alice, bob):
    initiative = make_initiative(lead)
    action = make_action(alice, initiative=initiative)
    client.force_login(bob)

    response = client.get(reverse("actions:detail", args=[action.pk]))

    assert f'href="{page(initiative)}">{initiative.title}</a>' in response.text


def test_home_leads_to_initiatives_where_there_are_any_to_read(client, lead, alice, admin, analyst):
    told = []
    for worker in (lead, alice, admin, analyst):
        client.force_login(worker)
        told.append(f'href="{LIST}"' in client.get(reverse("actions:home")).text)

    assert told == [True, True, False, True]
