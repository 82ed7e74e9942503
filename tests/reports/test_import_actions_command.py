import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from actions.models import Action, Commitment
from reports.models import AgencyPeriod
from teams.models import Agency
from tests.data.workbooks import workbook

DATA = Path(__file__).parent.parent / "data"
pytestmark = pytest.mark.django_db


def run(command, *args):
    """What the command prints, and on the other stream."""
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *args, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def printed(*args):
    return run("import_actions", *args)[0]


def table(name, encoding="utf-8", delimiter=","):
    with (DATA / name).open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def saved():
    return [list(model.objects.order_by("pk").values()) for model in (Action, Commitment)]


@pytest.fixture
def people():
    run("import_people", DATA / "people.csv")


@pytest.fixture
def more_people():
    run("import_people", DATA / "people-more.csv")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-15T12:00Z"):
        yield


def test_sample_file(people):
    out, err = run("import_actions", DATA / "actions.csv")

    assert out == ["3493 new, 0 changed, 0 same, 0 left."]
    assert err == ["1000 of 3493 rows read", "2000 of 3493 rows read", "3000 of 3493 rows read"]
    assert Counter(Action.objects.order_by().values_list("visibility", flat=True)) == {
        "shared": 1798,
        "counted": 995,
        "private": 700,
    }
    assert Counter(Commitment.objects.values_list("status", flat=True)) == {
        "kept": 546,
        "open": 153,
        "kept_late": 145,
        "renegotiated": 98,
        "dropped": 55,
    }
    assert Action.objects.filter(team=None).count() == 0


def test_sample_file_again_and_its_french_part_change_nothing(people):
    run("import_actions", DATA / "actions.csv")
    before = saved()

    assert printed(DATA / "actions.csv") == ["0 new, 0 changed, 3493 same, 0 left."]
    assert printed(DATA / "actions-fr-cp1252.csv") == ["0 new, 0 changed, 943 same, 0 left."]
    assert saved() == before


def test_check_says_the_same_and_writes_nothing(people):
    assert printed(DATA / "actions-fr-cp1252.csv", "--check") == [
        "943 new, 0 changed, 0 same, 0 left.",
        "This was a check. Nothing was written.",
    ]
    assert saved() == [[], []]


def test_file_with_errors(people):
    out = io.StringIO()

    with pytest.raises(CommandError) as error:
        call_command("import_actions", DATA / "actions-with-errors.csv", stdout=out, stderr=io.StringIO())

    lines = out.getvalue().splitlines()
    assert str(error.value) == "The file has errors. Nothing was written."
    assert [line for line in lines if ", note: " not in line] == [
        "row 3, done_on: is not a date written as YYYY-MM-DD",
        "row 4, practice: is not in the catalogue",
        "row 5, worker: is not the e-mail address of anybody in this agency",
        "row 7, level: does not fit the practice, which lists: Individual worker",
        "row 8, done_on: lies in the future",
        "row 9, team: is not a team of this agency",
        "row 11, reference: stands in row 2 already",
        "row 12, communities: names one that is not in the catalogue; several are separated by “;”",
        "row 13, hours: is not between 0 and 999",
        "2 new, 0 changed, 0 same, 0 left, 10 rows with errors.",
    ]
    notes = {(line.split(",")[0], line.rpartition(" ")[2]) for line in lines if ", note: " in line}
    assert notes == {("row 6", "(block)"), ("row 10", "(hint)")}
    assert saved() == [[], []]


def test_file_with_people_who_move_have_two_teams_or_none(more_people):
    assert printed(DATA / "actions-more.csv") == ["11 new, 0 changed, 0 same, 0 left."]
    assert printed(DATA / "actions-more.csv") == ["0 new, 0 changed, 11 same, 0 left."]

    actions = Action.objects.exclude(reference="").order_by("reference")
    assert list(actions.values_list("reference", "author__name", "team__name")) == [
        ("C-00001", "Tomas Rell", "North"),
        ("C-00002", "Tomas Rell", "North"),
        ("C-00003", "Tomas Rell", "South"),
        ("C-00004", "Tomas Rell", "South"),
        ("C-00005", "Nadia Osei", "North"),
        ("C-00006", "Nadia Osei", "South"),
        ("C-00007", "Nadia Osei", "North"),
        ("C-00008", "Farid Lemay", None),
        ("C-00009", "Ines Kwan", None),
    ]
    assert list(Commitment.objects.order_by("due_on").values_list("due_on", "status", "renegotiated_to")) == [
        (date(2025, 6, 1), "kept", None),
        (date(2025, 8, 1), "open", None),
        (date(2026, 3, 1), "renegotiated", None),
    ]


def test_file_in_another_shape_changes_nothing(more_people, tmp_path):
    run("import_actions", DATA / "actions-more.csv")
    before = saved()
    rows = table("actions-more.csv")
    days = {rows[0].index(column) for column in ("done_on", "logged_on", "commitment_due")}
    cells = [rows[0]] + [
        [date.fromisoformat(text) if place in days and text else text for place, text in enumerate(row)]
        for row in rows[1:]
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    shapes = {
        "excel.xlsx": workbook(cells),
        "bom.csv": (DATA / "actions-more.csv").read_text(encoding="utf-8").encode("utf-8-sig"),
        "semicolons.csv": text.getvalue().encode("utf-8"),
        "windows.CSV": text.getvalue().encode("cp1252"),
    }

    for name, content in shapes.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert printed(path) == ["0 new, 0 changed, 11 same, 0 left."]
    assert saved() == before


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", "The file is empty, or its first row does not name the columns."),
        ("a.csv", b"PK\x03\x04\x00", "The file is not a CSV file although its name ends in .csv; save it as CSV (UTF-8)."),
        (
            "a.csv",
            b"Date;agency;done_on;worker;team;level;practice;direction;communities\n2026-01-01;x;;;;;;;\n",
            "The first row lacks these columns: visibility.",
        ),
        ("a.txt", b"x", "Only files whose name ends in .csv or .xlsx can be read."),
    ],
)  # fmt: skip
def test_unreadable_file(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CommandError) as error:
        printed(path)

    assert str(error.value) == expected


def test_header_only(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(table("actions-more.csv")[0]))

    with pytest.raises(CommandError) as error:
        printed(path)

    assert str(error.value) == "The file has no rows below the headings."


def test_warnings_are_errors_unless_accepted(more_people, tmp_path):
    rows = table("actions-more.csv")[:2]
    rows[1][rows[0].index("note")] = "Met Brandon Kowalchuk after school."
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)

    with pytest.raises(CommandError):
        printed(path)
    lines = printed(path, "--accept-warnings")

    assert lines[0].endswith(" (warn)")
    assert "Brandon" not in lines[0]
    assert lines[1:] == ["1 new, 0 changed, 0 same, 0 left."]


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_closed_summaries_that_will_not_change_are_told(more_people, options):
    agency = Agency.objects.get()
    quarters = [
        (date(2025, 4, 1), date(2025, 6, 30), timezone.now()),
        (date(2025, 7, 1), date(2025, 9, 30), None),
        (date(2025, 10, 1), date(2025, 12, 31), timezone.now()),
        (date(2026, 4, 1), date(2026, 6, 30), timezone.now()),
    ]
    for first, last, closed_at in quarters:
        AgencyPeriod.objects.create(agency=agency, first_day=first, last_day=last, closed_at=closed_at)
    run("import_people", DATA / "people.csv")
    other = Agency.objects.exclude(pk=agency.pk).first()
    AgencyPeriod.objects.create(
        agency=other, first_day=date(2025, 4, 1), last_day=date(2025, 6, 30), closed_at=timezone.now()
    )

    assert printed(DATA / "actions-more.csv", *options) == [
        "11 new, 0 changed, 0 same, 0 left.",
        "The summaries of Maple Crossing Family Services for 2025-04-01 to 2025-06-30 are closed and will not change.",
        "The summaries of Maple Crossing Family Services for 2025-10-01 to 2025-12-31 are closed and will not change.",
        *(["This was a check. Nothing was written."] if options else []),
    ]


def test_closed_summaries_are_not_told_where_nothing_changes(more_people):
    run("import_actions", DATA / "actions-more.csv")
    AgencyPeriod.objects.create(
        agency=Agency.objects.get(),
        first_day=date(2025, 4, 1),
        last_day=date(2025, 6, 30),
        closed_at=timezone.now(),
    )

    assert printed(DATA / "actions-more.csv") == ["0 new, 0 changed, 11 same, 0 left."]
