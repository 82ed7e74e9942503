"""The admin's pages of people, teams and invitations: what they do, say and refuse."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from reports import tasks
from reports.models import Delivery
from teams import accounts, invitations, team_details
from teams.models import Invitation, Membership, Team, TeamClosing, Worker
from tests.factories import form_data, make_agency, make_membership, make_team, make_worker

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")

PASSWORD = "river-lantern-quilt"


@pytest.fixture
def admin(agency, client):
    worker = make_worker(agency, "Adi Admin", is_admin=True)
    client.force_login(worker)
    return worker


def get(client, name, /, *keys, **query):
    return client.get(reverse(name, args=keys), query)


def post(client, name, /, *keys, **data):
    return client.post(reverse(name, args=keys), data)


def listed(client, **query):
    response = get(client, "teams:people", **query)
    return [row.record.name for row in response.context["page"]]


def test_people_are_searched_filtered_and_sorted(client, admin, alice, sana, charlie):
    gone = make_worker(admin.agency, "Gone Before", is_active=False)
    team = alice.memberships.get().team

    assert listed(client) == ["Adi Admin", "Alice Member", "Gone Before", "Sana Supervisor"]
    assert listed(client, sort="-name")[0] == "Sana Supervisor"
    assert listed(client, q="MEMBER ali") == ["Alice Member"]
    assert listed(client, q=gone.email) == ["Gone Before"]
    assert listed(client, team=str(team.pk)) == ["Alice Member", "Sana Supervisor"]
    assert [listed(client, role=role) for role in ("supervisor", "admin", "no_team")] == [
        ["Sana Supervisor"],
        ["Adi Admin"],
        ["Adi Admin", "Gone Before"],
    ]
    assert listed(client, state="closed") == ["Gone Before"]
    assert listed(client, q="zzzz") == []
    assert get(client, "teams:people", team=str(make_team(charlie.agency).pk)).status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_people_take_as_many_statements_for_three_as_for_one(client, admin, team, n, django_assert_num_queries):
    for _ in range(n):
        make_worker(admin.agency, teams=[team, make_team(admin.agency)])

    with django_assert_num_queries(7):
        assert len(listed(client)) == n + 1


def test_equity_lead_reads_without_a_form_or_a_button(client, lead, alice, agency):
    admin = make_worker(agency, is_admin=True)
    offer = invitations.Offer(language="en")
    invitations.invite(agency, ["new@people.example"], offer=offer, now=timezone.now(), by=admin)
    client.force_login(lead)
    team = alice.memberships.get().team
    pages = [
        get(client, "teams:people"),
        get(client, "teams:person", alice.pk),
        get(client, "teams:agency_teams"),
        get(client, "reports:team", team.pk),
        get(client, "teams:invitations"),
    ]

    for page in pages:
        main = page.content.decode().split("<main", 1)[1].split("</main>")[0]
        assert (page.status_code, main.count('method="post"'), main.count("formaction"), main.count('name="person"')) == (
            200, 0, 0, 0
        )  # fmt: skip


def test_second_admin_gets_409_with_what_is_saved(client, admin, alice):
    over = accounts.seen(alice)
    Worker.objects.filter(pk=alice.pk).update(is_equity_lead=True)
    said = {"over": over, "name": "Alix"}

    page = post(client, "teams:person_edit", alice.pk, **said)
    assert (page.status_code, page.context["is_stale"]) == (409, True)
    assert Worker.objects.get(pk=alice.pk).name == "Alice Member"
    again = page.context["form"]["over"].value()

    assert post(client, "teams:person_edit", alice.pk, **said | {"over": again}).status_code == 302
    assert Worker.objects.filter(pk=alice.pk).values_list("name", "is_equity_lead").get() == ("Alix", False)


def test_second_admin_of_a_team_gets_409_with_what_is_saved(client, admin, team):
    over = team_details.seen(team)
    Team.objects.filter(pk=team.pk).update(name="Front door")

    page = post(client, "reports:team_edit", team.pk, over=over, name="Reception")

    assert (page.status_code, page.context["team"].name) == (409, "Front door")
    assert Team.objects.get(pk=team.pk).name == "Front door"


def test_last_admin_is_told_why_she_keeps_the_role(client, admin):
    said = {"over": accounts.seen(admin), "name": admin.name}

    page = post(client, "teams:person_edit", admin.pk, **said)

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "is_admin": ["Nobody else is admin here. Give somebody else this role first."]
    }
    assert post(client, "teams:person_close", admin.pk).status_code == 422
    assert post(client, "teams:people_close", person=[admin.pk]).status_code == 422
    assert Worker.objects.filter(pk=admin.pk, is_admin=True, is_active=True).exists()


def test_link_goes_to_the_person_in_her_language(client, admin, alice):
    Worker.objects.filter(pk=alice.pk).update(language="fr")

    post(client, "teams:person_link", alice.pk)

    assert [message.to for message in mail.outbox] == [[alice.email]]
    assert mail.outbox[0].body.startswith("Bonjour")


def test_many_are_added_after_a_page_that_names_the_count(client, admin, alice, bob, charlie):
    kinship = make_team(admin.agency, "Kinship")
    chosen = [str(worker.pk) for worker in (alice, bob, charlie)]
    page = get(client, "teams:people_add", person=chosen)
    assert "Add 2 people to a team" in page.content.decode()

    data = {"person": chosen[:2], "team": kinship.pk, "role": "member", "starts_on": "2026-01-05"}
    assert post(client, "teams:people_add", **data | {"person": chosen}).status_code == 422
    assert post(client, "teams:people_add", **data).status_code == 302

    assert sorted(Membership.objects.filter(team=kinship).values_list("worker__name", flat=True)) == [
        "Alice Member",
        "Bob Mate",
    ]


def test_many_are_deactivated_after_a_page_that_names_the_count(client, admin, alice, bob):
    chosen = [str(alice.pk), str(bob.pk)]
    assert "Deactivate 2 accounts?" in get(client, "teams:people_close", person=chosen).content.decode()

    assert post(client, "teams:people_close", person=chosen).status_code == 302

    assert list(Worker.objects.active().filter(agency=admin.agency)) == [admin]


def test_team_is_closed_in_two_steps_and_undone(client, admin, alice, bob, team):
    today = admin.today()
    step = get(client, "teams:team_close", team.pk, how="close", on=today.isoformat())
    assert "Close, and end 2 spells" in step.content.decode()
    assert post(client, "teams:team_close", team.pk, how="close", on=today.isoformat(), told="1-0-0").status_code == 409

    answer = post(client, "teams:team_close", team.pk, how="close", on=today.isoformat(), told="2-0-0")
    assert answer.status_code == 302
    done = TeamClosing.objects.get()
    assert Team.objects.get(pk=team.pk).closed_on == today
    post(client, "teams:team_undo", done.pk)

    assert Team.objects.get(pk=team.pk).closed_on is None
    assert Membership.objects.filter(team=team, ends_on=None).count() == 2


def test_undo_that_comes_too_late_is_not_found(client, admin, team, time_machine):
    today = admin.today()
    post(client, "teams:team_close", team.pk, how="close", on=today.isoformat(), told="0-0-0")
    time_machine.move_to(timezone.now() + timedelta(minutes=10))

    assert post(client, "teams:team_undo", TeamClosing.objects.get().pk).status_code == 404


def test_closed_team_is_offered_nowhere_and_still_read(client, admin, alice, team):
    closed = make_team(admin.agency, "Long gone", closed_on=admin.today() - timedelta(days=1))
    make_membership(alice, closed, ends_on=closed.closed_on)

    for name, field in (("teams:spell_new", "team"), ("teams:people_add", "team")):
        page = get(client, name, *([alice.pk] if name == "teams:spell_new" else []), person=[alice.pk])
        assert list(page.context["form"].fields[field].queryset) == [team]
    assert list(get(client, "teams:invitations").context["form"].fields["teams"].queryset) == [team]
    assert get(client, "reports:team", closed.pk).status_code == 200


def test_closed_team_is_offered_to_who_logs_where_an_earlier_day_needs_it(client, admin, alice, team):
    today = admin.today()
    closed = make_team(admin.agency, "Long gone", closed_on=today - timedelta(days=1))
    make_membership(alice, closed, ends_on=closed.closed_on)
    client.force_login(alice)

    fresh = get(client, "actions:log").context["form"]
    late = post(client, "actions:log", **form_data(done_on=closed.closed_on.isoformat())).context["form"]

    assert list(fresh.fields["team"].queryset) == [team]
    assert (set(late.errors), list(late.fields["team"].queryset)) == ({"team"}, [team, closed])


def test_team_page_names_the_next_summary_on_the_agencys_clock(db, client, time_machine):
    time_machine.move_to("2026-05-04T12:00Z")
    agency = make_agency(time_zone="America/Vancouver", reports_from="2026-04-01", grace_days=7)
    client.force_login(make_worker(agency, is_admin=True))

    following = get(client, "reports:team", make_team(agency).pk).context["next"]

    assert following["label"] == "April to June 2026"
    assert following["closes_at"].isoformat() == "2026-07-08T00:00:00-07:00"


def test_invited_address_gets_a_mail_and_joins(client, admin, team):
    said = {"addresses": "New <new@people.example>", "role": "supervisor", "teams": [team.pk], "language": "en"}
    page = post(client, "teams:invitations", **said)
    assert page.context["outcomes"] == [("new@people.example", "Invited")]
    for _ in range(2):
        tasks.tick()
        tasks.deliver()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["new@people.example"], "Your invitation to Harbourside")
    address = reverse("teams:join", args=[invitations.token(Invitation.objects.get())])
    assert address in message.body and address in message.alternatives[0].content
    assert Invitation.objects.get().sent_at is not None

    client.logout()
    weak = client.post(address, {"name": "Nour", "language": "fr", "password1": "password1234", "password2": "x"})
    assert (weak.status_code, set(weak.context["form"].errors)) == (422, {"password1", "password2"})
    data = {"name": "Nour", "language": "fr", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(address, data).url == reverse("account_login")
    assert client.post(address, data).status_code == 410

    worker = Worker.objects.get(email="new@people.example")
    assert list(worker.memberships.values_list("team", "role")) == [(team.pk, "supervisor")]
    assert client.login(email="new@people.example", password=PASSWORD)


def test_address_of_another_agency_is_told_as_a_new_one_and_its_mail_has_no_link_that_joins(client, admin, charlie):
    said = {"role": "member", "language": "en", "addresses": f"{charlie.email}, new@people.example"}
    page = post(client, "teams:invitations", **said)
    tasks.tick()
    tasks.deliver()

    assert {told for _, told in page.context["outcomes"]} == {"Invited"}
    assert [row.email for row, _ in page.context["standing"]] == [charlie.email, "new@people.example"]
    assert {row.sent_at is None for row in Invitation.objects.all()} == {False}
    (message,) = [message for message in mail.outbox if message.to == [charlie.email]]
    assert "/join/" not in message.body + message.alternatives[0].content


def test_invitation_that_is_taken_back_before_it_is_sent_is_not_sent(client, admin):
    post(client, "teams:invitations", role="member", language="en", addresses="new@people.example")
    tasks.tick()
    post(client, "teams:invitation_revoke", Invitation.objects.get().pk)
    tasks.deliver()

    assert (len(mail.outbox), Delivery.objects.get().last_error) == (0, "no longer entitled")


def test_more_than_200_addresses_are_refused_and_kept_in_the_form(client, admin):
    many = ", ".join(f"n{number}@people.example" for number in range(201))

    page = post(client, "teams:invitations", role="member", language="en", addresses=many)

    assert (page.status_code, Invitation.objects.count()) == (422, 0)
    assert page.context["form"]["addresses"].value() == many


def test_asking_again_is_answered_alike_whatever_stands(client, admin):
    post(client, "teams:invitations", role="member", language="en", addresses="a@people.example, b@people.example")
    one, other = Invitation.objects.order_by("email")
    Invitation.objects.update(
        invited_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=6)
    )
    post(client, "teams:invitation_revoke", other.pk)
    client.logout()

    answers = [post(client, "teams:join_again", invitations.token(row)).content for row in (one, other)]

    assert answers[0].split(b"<main")[1] == answers[1].split(b"<main")[1]
    assert list(Invitation.objects.standing().values_list("email", flat=True)) == ["a@people.example"]
    assert Invitation.objects.standing().get().pk != one.pk
