from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from teams import agencies
from teams.agencies import AddressTakenError
from teams.models import Agency, CadenceChange, Worker
from tests.factories import make_agency, make_worker


@pytest.mark.parametrize(
    ("now", "time_zone", "cadence", "expected"),
    [
        ("2026-11-15T12:00Z", "America/Toronto", "quarterly", date(2026, 10, 1)),
        ("2026-11-15T12:00Z", "America/Toronto", "monthly", date(2026, 11, 1)),
        ("2026-01-01T03:00Z", "America/Toronto", "quarterly", date(2025, 10, 1)),
        ("2026-01-01T03:00Z", "America/St_Johns", "monthly", date(2025, 12, 1)),
        ("2026-12-31T20:00Z", "Pacific/Auckland", "monthly", date(2027, 1, 1)),
    ],
)
def test_create_reports_from_the_current_period_of_its_zone(db, now, time_zone, cadence, expected):
    with time_machine.travel(now):
        agency = agencies.create(name="Harbour", time_zone=time_zone, cadence=cadence)

    assert Agency.objects.get() == agency
    assert agency.reports_from == expected


@pytest.mark.parametrize(
    ("today", "starts_on"),
    [
        (date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 6, 30), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_new_cadence_begins_with_the_next_quarter(agency, today, starts_on):
    assert agencies.change_cadence(agency, "monthly", today=today) == starts_on

    assert list(CadenceChange.objects.values_list("agency", "starts_on", "cadence")) == [
        (agency.pk, starts_on, "monthly")
    ]
    agency.refresh_from_db()
    assert agency.cadence == "quarterly"


def test_second_choice_of_a_cadence_takes_the_place_of_the_first(agency):
    for cadence in ("monthly", "quarterly"):
        agencies.change_cadence(agency, cadence, today=date(2026, 5, 4))

    assert list(CadenceChange.objects.values_list("cadence", flat=True)) == ["quarterly"]


def test_cadence_never_changes_within_a_quarter(agency):
    with pytest.raises(IntegrityError, match="cadence_changes_with_a_quarter"), transaction.atomic():
        CadenceChange.objects.create(agency=agency, cadence="monthly", starts_on=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Société d’aide à l’enfance", "societe-daide-a-lenfance"),
        ("ᓄᓇᕗᑦ", "agency"),
        ("A" * 120, "a" * 60),
    ],
)
def test_create_takes_a_short_name_from_the_name(db, name, slug):
    assert agencies.create(name=name).slug == slug


def test_create_numbers_short_names_that_are_taken(db):
    names = ["Harbour", "Harbour!", "Harbour?"]
    assert [agencies.create(name=name).slug for name in names] == ["harbour", "harbour-2", "harbour-3"]
    assert [agencies.create(name="B" * n).slug for n in (70, 71)] == ["b" * 60, "b" * 56 + "-2"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "H" * 121}, "name"),
        ({"time_zone": "Atlantis/Deep"}, "time_zone"),
        ({"cadence": "weekly"}, "cadence"),
        ({"language": "de"}, "language"),
        ({"slug": "not a slug"}, "slug"),
        ({"slug": "taken"}, "slug"),
    ],
)
def test_create_with_a_wrong_value(db, changes, field):
    make_agency(slug="taken")

    with pytest.raises(ValidationError) as error:
        agencies.create(**({"name": "Harbour"} | changes))

    assert set(error.value.message_dict) & {field, "__all__"}
    assert Agency.objects.count() == 1


def test_named_compares_folded(db):
    agency = make_agency(name="Children’s Services")

    assert agencies.named("CHILDREN'S  services") == agency
    assert agencies.named("Child Services") is None


def test_appoint_admin_opens_an_account_without_a_password(db):
    agency = make_agency(language="fr")

    worker, is_new = agencies.appoint_admin(agency, email=" Nadia@Harbour.example", name="Nadia Osei ")

    assert is_new
    assert Worker.objects.get() == worker
    assert (worker.email, worker.name, worker.agency, worker.language) == (
        "nadia@harbour.example",
        "Nadia Osei",
        agency,
        "fr",
    )
    assert worker.is_admin
    assert not worker.has_usable_password()


def test_appoint_admin_again(db):
    agency = make_agency()
    worker = make_worker(agency, is_active=False)

    for _ in range(2):
        assert agencies.appoint_admin(agency, email=worker.email.upper(), name="Another Name") == (worker, False)

    worker.refresh_from_db()
    assert (worker.is_admin, worker.is_active, worker.name) == (True, True, worker.name)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_appoint_admin_refuses_somebody_outside_the_agency(db, elsewhere):
    worker = make_worker(make_agency()) if elsewhere else make_worker(None, is_analyst=True)

    with pytest.raises(AddressTakenError):
        agencies.appoint_admin(make_agency(), email=worker.email, name="Nadia")

    worker.refresh_from_db()
    assert not worker.is_admin
