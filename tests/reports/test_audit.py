"""The pages of the audit: who reads what of whose changes, in which words, and what goes by its age."""

import csv
import io
from datetime import UTC, date, datetime

import pghistory
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from actions.models import Initiative, InitiativePartner
from reports.audit import events, trimming, wording
from reports.audit.events import Asked
from reports.audit.kinds import KINDS
from teams.models import Agency, Membership, Role, Team, Worker
from tests.factories import make_agency, make_initiative, make_membership, make_team, make_worker

WHO = "The operator"


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Ada Admin", is_admin=True)


def changes(reader, asked=None, *, kinds=(), **options):
    chosen = [KINDS[code] for code in kinds] or KINDS.values()
    found = events.newest(reader, chosen, asked or Asked(), **{"at_most": 50} | options)
    return wording.told(found, reader)


def told(change):
    return [(detail.label, detail.old, detail.new) for detail in change.details]


def by(worker, **context):
    return pghistory.context(by=str(worker.pk), **context)


def test_change_is_told_as_what_it_was_and_what_it_is_with_who_and_where(agency, admin, alice):
    with by(admin, page="teams:person_edit"):
        Worker.objects.filter(pk=alice.pk).update(name="Alice Ames", is_equity_lead=True)

    [change] = changes(admin, kinds=["worker"])[:1]
    assert (change.kind, change.done, change.about) == ("Person", "changed", "Alice Ames")
    assert (change.who, change.where) == ("Ada Admin", "Person: name and roles")
    assert change.url == reverse("teams:person", args=[alice.pk])
    assert told(change) == [
        ("Name", "Alice Member", "Alice Ames"),
        ("Equity lead", "No", "Yes"),
    ]


def test_spell_is_told_by_names_and_days(admin, alice, team):
    spell = Membership.objects.get(worker=alice)
    Membership.objects.filter(pk=spell.pk).update(ends_on=date(2026, 7, 1), role=Role.SUPERVISOR)

    ended, begun = changes(admin, kinds=["membership"])
    assert ended.about == "Alice Member, Intake"
    assert told(ended) == [("Role", "Member", "Supervisor"), ("Last day", "—", "1 Jul 2026")]
    assert told(begun) == [("Role", None, "Member"), ("First day", None, "1 Jan 2024")]


def test_job_command_and_hand_in_the_database_are_told_apart(admin, team):
    for name, context in {
        "By a job": {"task": "reports.tasks.retention"},
        "By a command": {"command": "import_people"},
        "By nobody": {"page": "teams:join"},
    }.items():
        with pghistory.context(**context):
            Team.objects.filter(pk=team.pk).update(name=name)

    assert [(change.about, change.who, change.where) for change in changes(admin, kinds=["team"])] == [
        ("By nobody", "Somebody who was not signed in", "The link in an invitation"),
        ("By a command", WHO, "The command import_people"),
        ("By a job", "The app itself", "The job that erases old texts"),
        ("Intake", WHO, "Directly in the database"),
    ]


def test_nobody_reads_changes_of_another_agency(client, admin, alice, charlie, other_team):
    Team.objects.filter(pk=other_team.pk).update(name="Elsewhere alone")
    client.force_login(admin)

    assert {change.about for change in changes(admin, kinds=["team"])} == {"Intake"}
    for name, pk in (("reports:audit_of_person", charlie.pk), ("reports:audit_of_team", other_team.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    assert changes(admin, Asked(people=frozenset([charlie.pk]))) == []


def test_who_changed_something_from_another_agency_stays_a_stranger(admin, lead, charlie):
    with by(charlie, page="actions:initiative_new"):
        make_initiative(charlie, partners=[admin.agency])

    change = changes(lead, kinds=["initiativepartner"])[0]
    assert change.who == f"Somebody at {charlie.agency.name}"
    assert "Charlie" not in str(change)


def test_owner_of_an_initiative_reads_who_joined_it(lead, charlie):
    make_initiative(lead, title="Ours", partners=[charlie.agency])

    assert {change.about for change in changes(lead, kinds=["initiativepartner"])} == {
        f"Ours, {lead.agency.name}",
        f"Ours, {charlie.agency.name}",
    }


def test_agency_that_left_an_initiative_reads_no_later_title(lead, charlie):
    make_initiative(charlie, title="Before", partners=[lead.agency])
    InitiativePartner.objects.filter(agency=lead.agency).update(ended_on=lead.today())
    Initiative.objects.update(title="Later")

    assert {change.about for change in changes(lead, kinds=["initiativepartner"])} == {lead.agency.name}


def test_admin_in_no_team_reads_nothing_of_initiatives(admin, lead, team):
    make_initiative(lead)
    assert Initiative.objects.visible_to(admin).count() == len(changes(admin, kinds=["initiative"])) == 0

    make_membership(admin, team)
    assert Initiative.objects.visible_to(admin).count() == len(changes(admin, kinds=["initiative"])) == 1


def test_page_of_a_person_and_of_a_team_have_what_is_about_them(client, admin, alice, bob, team):
    other = make_team(team.agency, "Kinship")
    client.force_login(admin)

    of_alice = client.get(reverse("reports:audit_of_person", args=[alice.pk])).context["changes"]
    of_team = client.get(reverse("reports:audit_of_team", args=[other.pk])).context["changes"]

    assert {change.about for change in of_alice} == {"Alice Member", "Alice Member, Intake"}
    assert {change.about for change in of_team} == {"Kinship"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "ada"}, {"Renamed"}),
        ({"who": "nobody"}, set()),
        ({"kind": "team", "about": "inta"}, {"Intake"}),
        ({"kind": "worker", "about": "alice"}, {"Alice Member"}),
        ({"about": "nowhere"}, set()),
        ({"kind": "team", "first": "2030-01-01"}, set()),
        ({"kind": "team", "last": "2020-01-01"}, set()),
        ({"kind": "team", "first": "2020-01-01", "last": "2099-01-01"}, {"Intake", "Renamed", "Kinship"}),
    ],
)
def test_filters_narrow_the_page_and_the_files_alike(client, admin, alice, team, query, found):
    other = make_team(team.agency, "Kinship")
    with by(admin, page="reports:team_edit"):
        Team.objects.filter(pk=other.pk).update(name="Renamed")
    client.force_login(admin)

    page = client.get(reverse("reports:audit"), query)
    rows = list(
        csv.reader(io.StringIO(client.get(reverse("reports:audit_file", args=["csv"]), query).content.decode()))
    )

    assert {change.about for change in page.context["changes"]} == found
    assert {row[4] for row in rows[1:]} == found


def test_wrong_day_is_told_and_shows_nothing(client, admin, alice):
    client.force_login(admin)

    for address in (reverse("reports:audit"), reverse("reports:audit_file", args=["csv"])):
        response = client.get(address, {"first": "yesterday"})
        assert response.status_code == 422
        assert response.context["changes"] == []


@pytest.mark.parametrize("n", [1, 3])
def test_page_takes_as_many_statements_for_many_changes(client, admin, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_membership(alice, make_team(admin.agency))
    client.force_login(admin)
    client.get(reverse("reports:audit"))

    with django_assert_num_queries(13):
        client.get(reverse("reports:audit"))


def test_pages_go_on_where_the_one_before_ended(client, admin):
    for n in range(70):
        make_team(admin.agency, f"Team {n}")
    client.force_login(admin)

    first = client.get(reverse("reports:audit"), {"kind": "team"})
    second = client.get(reverse("reports:audit"), {"kind": "team", "before": first.context["next"]})

    shown = [change.about for page in (first, second) for change in page.context["changes"]]
    assert shown == [f"Team {n}" for n in reversed(range(70))]
    assert second.context["next"] is None


def test_cells_of_the_files_do_not_run(client, admin):
    make_team(admin.agency, "=1+1")
    client.force_login(admin)

    text = client.get(reverse("reports:audit_file", args=["csv"]), {"kind": "team"}).content.decode()
    workbook = client.get(reverse("reports:audit_file", args=["xlsx"]), {"kind": "team"})

    assert ",'=1+1," in text
    assert (workbook.status_code, b"<f>" in workbook.content) == (200, False)


def test_context_that_somebody_made_up_breaks_no_page(client, admin, team):
    for context in ('{"by": "nobody"}', '{"by": ["x"], "task": {"a": 1}}', "[]", "7", '{"page": "<script>"}'):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [context])
            cursor.execute("UPDATE teams_team SET name = %s WHERE id = %s", [f"As {context}", team.pk])
    client.force_login(admin)

    response = client.get(reverse("reports:audit"), {"kind": "team"})

    assert len(response.context["changes"]) == 6
    assert b"<script>" not in response.content.replace(b"As {", b"")


def test_every_event_table_has_its_words_and_every_word_its_column():
    tracked = {model.pgh_tracked_model for model in pghistory.core.event_models()}

    assert {kind.model for kind in KINDS.values()} == tracked
    for kind in KINDS.values():
        columns = {field.name for field in kind.event._meta.fields if not field.name.startswith("pgh_")}
        told = {*kind.about, *kind.labels}
        assert columns - told <= {"agency", "id", "is_analyst", "is_operator"}, kind.code


def test_what_is_older_than_seven_years_goes_but_for_a_hold(agency, team, other_team):
    Agency.objects.filter(pk=agency.pk).update(held_on=date(2026, 1, 1), hold_reason="A lawsuit")
    in_eight_years = datetime.now(UTC).replace(month=1, day=1)
    in_eight_years = in_eight_years.replace(year=in_eight_years.year + trimming.YEARS + 2)

    assert trimming.trim(now=datetime.now(UTC)) == 0
    assert trimming.trim(now=in_eight_years) > 0

    event = KINDS["team"].event._base_manager
    assert list(event.values_list("name", flat=True)) == ["Intake"]


def test_command_trims(capsys, db):
    make_agency()

    call_command("trim_audit")

    assert capsys.readouterr().out == "0 old events are gone.\n"
