import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from actions.vocabulary import CATALOGUE
from teams.imports import people_import
from teams.models import Agency, Membership, Team, Worker
from tests.factories import make_agency, make_membership, make_team, make_worker
from tests.sheets import read_sheet

DATA = Path(__file__).parents[2] / "data"
COLUMNS = ("agency", "name", "email", "role", "team", "starts_on", "ends_on", "language")
ANA = {
    "agency": "Harbour",
    "name": "Ana Roy",
    "email": "ana@harbour.example",
    "role": "member",
    "team": "Intake",
    "starts_on": "2026-01-01",
}


def bea(**changes):
    return ANA | {"name": "Bea Xu", "email": "bea@harbour.example"} | changes


def sheet_of(*people, columns=COLUMNS):
    return read_sheet(people, columns, to=people_import, name="people.csv")


def plan_of(*people, **options):
    return people_import.plan(sheet_of(*people), **options)


def bring(*people):
    """Plan and write; says how many rows were new, changed and the same."""
    plan = plan_of(*people)
    people_import.write(plan)
    return len(plan.new), len(plan.changed), len(plan.same)


def errors(*people):
    plan = plan_of(*people)
    with pytest.raises(ValueError, match="not written"):
        people_import.write(plan)
    return [str(problem) for problem in plan.errors]


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Agency, Team, Worker, Membership)]


def spells():
    return list(Membership.objects.order_by("starts_on").values_list("role", "starts_on", "ends_on"))


def run(*args):
    out = io.StringIO()
    call_command("import_people", *args, stdout=out)
    return out.getvalue().splitlines()


def test_role_labels_are_those_of_the_catalogue():
    labels = {role["code"]: (role["label"]["en"], role["label"]["fr"]) for role in CATALOGUE["roles"]}

    assert labels == people_import.ROLE_LABELS


@time_machine.travel("2026-11-15")
def test_sample_file(db):
    printed = run(DATA / "people.csv")

    assert printed == ["94 new, 0 changed, 0 same, 0 left."]
    assert list(Agency.objects.order_by("name").values_list("name", "slug", "language", "cadence", "reports_from")) == [
        (
            "Harbour Family and Children's Services",
            "harbour-family-and-childrens-services",
            "en",
            "quarterly",
            date(2026, 10, 1),
        ),
        (
            "Société d'aide à l'enfance des Rives",
            "societe-daide-a-lenfance-des-rives",
            "fr",
            "quarterly",
            date(2026, 10, 1),
        ),
    ]
    assert (Team.objects.count(), Worker.objects.count(), Membership.objects.count()) == (11, 90, 90)
    assert Counter(Membership.objects.values_list("role", flat=True)) == {"member": 75, "supervisor": 15}
    assert set(Worker.objects.filter(is_admin=True).values_list("name", flat=True)) == {
        "Wren Bouchard",
        "Chidi Adeyemi",
    }
    assert set(Worker.objects.filter(is_equity_lead=True).values_list("name", flat=True)) == {
        "Lior Pelletier",
        "Quinn Usman",
    }
    assert not any(worker.has_usable_password() for worker in Worker.objects.all())


def test_sample_file_again_changes_nothing(db):
    run(DATA / "people.csv")
    before = everything()

    assert run(DATA / "people.csv") == ["0 new, 0 changed, 94 same, 0 left."]
    assert everything() == before


def test_check_writes_nothing(db):
    assert run(DATA / "people-more.csv", "--check") == [
        "10 new, 0 changed, 0 same, 0 left.",
        "This was a check. Nothing was written.",
    ]
    assert everything() == [[], [], [], []]


def test_people_who_move_have_two_teams_or_none(db):
    run(DATA / "people-more.csv")

    def teams_of(name):
        spells = Membership.objects.filter(worker__name=name).order_by("starts_on", "team__name")
        return list(spells.values_list("team__name", "starts_on", "ends_on"))

    assert teams_of("Tomas Rell") == [
        ("North", date(2025, 4, 1), date(2025, 9, 30)),
        ("South", date(2025, 10, 1), None),
    ]
    assert teams_of("Nadia Osei") == [("North", date(2025, 4, 1), None), ("South", date(2025, 6, 1), None)]
    assert teams_of("Farid Lemay") == []
    assert Worker.objects.get(name="Farid Lemay").is_equity_lead


def test_new_agency_takes_zone_and_cadence_of_the_command(db):
    with time_machine.travel("2026-11-15"):
        run(DATA / "people-more.csv", "--time-zone=America/Halifax", "--cadence=monthly")

    agency = Agency.objects.get()
    assert (agency.time_zone, agency.cadence, agency.reports_from) == (
        "America/Halifax",
        "monthly",
        date(2026, 11, 1),
    )


def test_spell_after_the_last_day_of_a_team_is_refused(db):
    team = make_team(make_agency(name="Harbour"), "Intake", closed_on=date(2026, 3, 31))

    plan = plan_of(ANA, bea(ends_on="2026-03-31"))

    assert [(error.row, error.column) for error in plan.errors] == [(2, "ends_on")]
    assert Membership.objects.filter(team=team).count() == 0


def test_unknown_time_zone(db):
    with pytest.raises(CommandError) as error:
        run(DATA / "people.csv", "--time-zone=Moon")

    assert str(error.value) == "“Moon” is not a time zone, such as America/Toronto."


def test_unreadable_file(db, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"name;email\nx;y\n")

    with pytest.raises(CommandError) as error:
        run(path)

    assert str(error.value) == "The first row lacks these columns: agency, role, team, starts_on."


def test_known_agency_is_found_folded_and_stays_as_it_is(db):
    agency = make_agency(name="Children’s Aid", language="fr", cadence="monthly")
    team = make_team(agency, "L’Accueil")

    assert bring(ANA | {"agency": "CHILDREN'S AID", "team": "l'accueil"}) == (1, 0, 0)

    assert list(Agency.objects.values_list("pk", "language", "cadence")) == [(agency.pk, "fr", "monthly")]
    worker = Worker.objects.get()
    assert (worker.agency, worker.language, worker.memberships.get().team) == (agency, "fr", team)


def test_teams_of_one_name_in_two_agencies_are_two(db):
    bring(ANA, bea(agency="Elsewhere"))

    assert list(Team.objects.order_by("agency__name").values_list("agency__name", "name")) == [
        ("Elsewhere", "Intake"),
        ("Harbour", "Intake"),
    ]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [(["fr", "en", "fr", ""], "fr"), (["", "Français", "", ""], "fr"), (["", "", "", ""], "en")],
)
def test_language_of_a_new_agency_is_the_most_common_of_its_rows(db, languages, expected):
    bring(*(ANA | {"email": f"w{n}@harbour.example", "language": code} for n, code in enumerate(languages)))

    assert Agency.objects.get().language == expected
    assert list(Worker.objects.order_by("email").values_list("language", flat=True)) == [
        {"Français": "fr", "": expected}.get(code, code) for code in languages
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("admin", "is_admin"),
        ("Administration", "is_admin"),
        ("equity lead", "is_equity_lead"),
        ("equity_lead", "is_equity_lead"),
        ("Responsable de l'équité", "is_equity_lead"),
    ],
)
def test_agency_role_needs_no_team_and_no_dates(db, text, field):
    assert bring(ANA | {"role": text, "team": "", "starts_on": "whenever", "ends_on": "never"}) == (1, 0, 0)

    assert Worker.objects.filter(**{field: True}).count() == 1
    assert (Team.objects.count(), Membership.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("text", "role"), [("Membre", "member"), ("SUPERVISEUR", "supervisor"), ("supervisor", "supervisor")]
)
def test_team_role_in_either_language(db, text, role):
    bring(ANA | {"role": text})

    assert spells() == [(role, date(2026, 1, 1), None)]


def test_changed_row_updates_name_role_and_end_and_leaves_the_language_to_her(db):
    bring(ANA, bea())
    changed = ANA | {"name": "Ana Roy-Xu", "language": "fr", "role": "supervisor", "ends_on": "2026-06-30"}

    assert bring(changed, bea()) == (0, 1, 1)
    assert bring(changed, bea()) == (0, 0, 2)

    ana = Worker.objects.get(email=ANA["email"])
    assert (ana.name, ana.language) == ("Ana Roy-Xu", "en")
    assert list(ana.memberships.values_list("role", "ends_on")) == [("supervisor", date(2026, 6, 30))]


def test_row_without_a_language_leaves_that_of_the_worker(db):
    bring(ANA | {"language": "fr"})

    assert bring(ANA) == (0, 0, 1)
    assert Worker.objects.get().language == "fr"


def test_sheet_without_the_optional_columns(db):
    plan = people_import.plan(sheet_of(ANA, columns=people_import.REQUIRED))
    people_import.write(plan)

    assert spells() == [("member", date(2026, 1, 1), None)]


def test_roles_and_spells_that_the_file_does_not_name_stay(db):
    worker = make_worker(make_agency(name="Harbour"), "Ana Roy", email=ANA["email"], is_admin=True)
    make_membership(worker, make_team(worker.agency, "Rural"), starts_on=date(2020, 1, 1))

    assert bring(ANA) == (1, 0, 0)

    worker.refresh_from_db()
    assert worker.is_admin
    assert set(worker.memberships.values_list("team__name", flat=True)) == {"Rural", "Intake"}


def test_password_and_deactivation_stay(db):
    worker = make_worker(
        make_agency(name="Harbour"), email=ANA["email"], password="long-enough-secret", is_active=False
    )

    bring(ANA | {"ends_on": "2026-01-31"})

    kept = Worker.objects.get()
    assert (kept.name, kept.password, kept.is_active) == ("Ana Roy", worker.password, False)


def test_person_with_several_roles(db):
    admin = ANA | {"role": "admin", "team": "", "starts_on": ""}
    lead = ANA | {"role": "equity lead", "team": "", "starts_on": ""}

    assert bring(admin, ANA, lead) == (3, 0, 0)
    assert bring(admin, ANA, lead) == (0, 0, 3)

    worker = Worker.objects.get()
    assert (worker.is_admin, worker.is_equity_lead, worker.memberships.count()) == (True, True, 1)


def test_return_after_a_break_is_a_second_spell(db):
    bring(ANA)

    assert bring(ANA | {"ends_on": "2026-03-31"}, ANA | {"starts_on": "2026-04-01", "role": "supervisor"}) == (1, 1, 0)
    assert spells() == [
        ("member", date(2026, 1, 1), date(2026, 3, 31)),
        ("supervisor", date(2026, 4, 1), None),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"agency": ""}, "row 3, agency: is empty"),
        ({"agency": "H" * 121}, "row 3, agency: is longer than 120 characters"),
        ({"name": ""}, "row 3, name: is empty"),
        ({"name": "N" * 121}, "row 3, name: is longer than 120 characters"),
        ({"email": ""}, "row 3, email: is empty"),
        ({"email": "nobody"}, "row 3, email: is not an e-mail address"),
        ({"role": ""}, "row 3, role: is empty"),
        ({"role": "boss"}, "row 3, role: is none of: member, supervisor, equity_lead, admin"),
        ({"team": ""}, "row 3, team: is empty"),
        ({"team": "T" * 121}, "row 3, team: is longer than 120 characters"),
        ({"starts_on": ""}, "row 3, starts_on: is empty"),
        ({"starts_on": "01/02/2026"}, "row 3, starts_on: is not a date written as YYYY-MM-DD"),
        ({"ends_on": "2026-02-30"}, "row 3, ends_on: is not a date written as YYYY-MM-DD"),
        ({"ends_on": "2025-12-31"}, "row 3, ends_on: comes before starts_on"),
        ({"language": "de"}, "row 3, language: is none of: en (English), fr (French)"),
        ({"email": ANA["email"], "agency": "Elsewhere", "name": ANA["name"]}, "row 3, email: stands in another agency in row 2"),
        ({"email": ANA["email"].upper(), "team": "Rural"}, "row 3, name: is another one in row 2"),
        (
            {"email": ANA["email"], "name": ANA["name"], "team": "Rural", "language": "fr"},
            "row 3, language: is another one in row 2",
        ),
        (
            {"email": ANA["email"], "name": ANA["name"]},
            "row 3, starts_on: overlaps the spell of the same person in this team in row 2",
        ),
        (
            {"email": ANA["email"], "name": ANA["name"], "team": "INTAKE", "starts_on": "2026-07-01"},
            "row 3, starts_on: overlaps the spell of the same person in this team in row 2",
        ),
        (
            {"email": ANA["email"], "name": ANA["name"], "starts_on": "2025-07-01"},
            "row 2, starts_on: overlaps the spell of the same person in this team in row 3",
        ),
        (
            {"email": "taken@elsewhere.example"},
            "row 3, email: belongs to somebody who is not in this agency, and nobody can be moved",
        ),
        (
            {"email": "analyst@sector.example"},
            "row 3, email: belongs to somebody who is not in this agency, and nobody can be moved",
        ),
    ],
)  # fmt: skip
def test_row_with_an_error(db, changes, expected):
    make_worker(make_agency(name="Farther"), email="taken@elsewhere.example")
    make_worker(None, email="analyst@sector.example", is_analyst=True)
    before = everything()

    assert errors(ANA | {"language": "en"}, bea(**changes)) == [expected]
    assert everything() == before


def test_overlap_with_a_spell_that_the_file_does_not_name(db):
    bring(ANA, ANA | {"team": "Rural", "ends_on": "2026-03-31"})

    assert errors(
        ANA | {"starts_on": "2026-05-01"},
        ANA | {"team": "Rural", "starts_on": "2025-10-01"},
        ANA | {"team": "Rural", "starts_on": "2026-04-01"},
    ) == [
        "row 2, starts_on: overlaps an earlier spell of the same person in this team, which the file does not name",
        "row 3, ends_on: overlaps a later spell of the same person in this team, which the file does not name",
        "row 4, starts_on: overlaps the spell of the same person in this team in row 3",
    ]


def test_long_spell_overlaps_every_later_one(db):
    assert errors(
        ANA | {"ends_on": "2026-12-31"},
        ANA | {"starts_on": "2026-02-01", "ends_on": "2026-02-28"},
        ANA | {"starts_on": "2026-04-01", "ends_on": "2026-04-30"},
        ANA | {"starts_on": "2027-01-01"},
    ) == [
        "row 3, starts_on: overlaps the spell of the same person in this team in row 2",
        "row 4, starts_on: overlaps the spell of the same person in this team in row 2",
    ]


def test_command_tells_every_error_and_writes_nothing(db, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "agency,name,email,role,team,starts_on,Shoe size\n"
        "Harbour,Ana Roy,ana@harbour.example,member,Intake,2026-01-01,40\n"
        "Harbour,,nobody,boss,Intake,soon,41\n"
    )
    out = io.StringIO()

    with pytest.raises(CommandError) as error:
        call_command("import_people", path, stdout=out)

    assert str(error.value) == "The file has errors. Nothing was written."
    assert out.getvalue().splitlines() == [
        "Columns that are not read: Shoe size.",
        "row 3, role: is none of: member, supervisor, equity_lead, admin",
        "row 3, name: is empty",
        "row 3, email: is not an e-mail address",
        "1 new, 0 changed, 0 same, 0 left, 1 row with errors.",
    ]
    assert everything() == [[], [], [], []]


@pytest.mark.parametrize("time_zone", ["Moon", ""])
def test_plan_with_an_unknown_time_zone(db, time_zone):
    with pytest.raises(ValidationError):
        plan_of(ANA, time_zone=time_zone)


@pytest.mark.parametrize("n", [1, 3])
def test_import_runs_as_many_queries_for_many_rows(db, n, django_assert_num_queries):
    people = [ANA | {"email": f"w{i}@harbour.example", "team": f"Team {i}"} for i in range(n)]

    with django_assert_num_queries(26):
        bring(*people)
