import io

import pytest
import time_machine
from django.core.management import CommandError, call_command

from teams.models import Agency, Worker
from tests.factories import make_agency, make_worker

NEXT = "Next: choose “Forgot your password?” on the sign-in page to set a first password."


def run(*args):
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue().splitlines()


def refusal(*args):
    with pytest.raises(CommandError) as error:
        run(*args)
    return str(error.value)


@time_machine.travel("2026-11-15")
def test_create_agency_with_its_first_admin(db):
    printed = run(
        "create_agency", "Rives", "--admin-email=A@rives.example", "--admin-name=Ana Roy", "--language=fr",
        "--cadence=monthly", "--time-zone=America/Moncton",
    )  # fmt: skip

    agency = Agency.objects.get(name="Rives")
    admin = Worker.objects.get()
    assert (agency.slug, agency.language, agency.cadence, agency.time_zone) == (
        "rives",
        "fr",
        "monthly",
        "America/Moncton",
    )
    assert (admin.agency, admin.email, admin.is_admin, admin.language) == (agency, "a@rives.example", True, "fr")
    assert not admin.has_usable_password()
    assert printed == [
        "Created Rives, with monthly summaries from 2026-11-01 on.",
        "Ana Roy <a@rives.example> is an admin of it.",
        NEXT,
    ]


def test_create_agency_again_changes_nothing(db):
    run("create_agency", "Harbour", "--admin-email=a@harbour.example", "--admin-name=Ana Roy")
    before = (list(Agency.objects.values()), list(Worker.objects.values()))

    printed = run("create_agency", "HARBOUR", "--admin-email=a@harbour.example", "--admin-name=Ana", "--language=fr")

    assert (list(Agency.objects.values()), list(Worker.objects.values())) == before
    assert printed == [
        "Harbour was here already and stays as it is.",
        "Ana Roy <a@harbour.example> is an admin of it.",
        NEXT,
    ]


@time_machine.travel("2026-11-15")
def test_create_agency_without_an_admin(db):
    assert run("create_agency", "Harbour") == [
        "Created Harbour, with quarterly summaries from 2026-10-01 on.",
        "Next: run this again with --admin-email and --admin-name, or import people.",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["Harbour", "--admin-email=a@b.example"], "An admin needs both --admin-email and --admin-name."),
        (["Harbour", "--admin-name=Ana"], "An admin needs both --admin-email and --admin-name."),
        (["H" * 121], "name: Ensure this value has at most 120 characters (it has 121)."),
        ([""], "name: This field cannot be blank."),
        (["Harbour", "--time-zone=Moon"], "time_zone: “Moon” is not a time zone, such as America/Toronto."),
        (["Harbour", "--admin-email=nobody", "--admin-name=Ana"], "email: Enter a valid email address."),
        (["Harbour", "--admin-email=a@b.example", "--admin-name= "], "name: This field cannot be blank."),
        (
            ["Harbour", "--admin-email=bea@elsewhere.example", "--admin-name=Bea"],
            "bea@elsewhere.example belongs to somebody who is not in this agency; nothing was changed.",
        ),
    ],
)
def test_create_agency_with_a_wrong_value_leaves_nothing(db, options, expected):
    make_worker(make_agency(name="Elsewhere"), email="bea@elsewhere.example")

    assert refusal("create_agency", *options) == expected
    assert (Agency.objects.count(), Worker.objects.count()) == (1, 1)


def test_grant_analyst(db):
    printed = run("grant_analyst", "Noor@sector.example", "--name=Noor Haddad", "--language=fr")

    analyst = Worker.objects.get()
    assert (analyst.email, analyst.name, analyst.language) == ("noor@sector.example", "Noor Haddad", "fr")
    assert (analyst.agency, analyst.is_analyst, analyst.is_admin, analyst.is_equity_lead) == (None, True, False, False)
    assert not analyst.has_usable_password()
    assert printed == ["Noor Haddad <noor@sector.example> is a sector analyst.", NEXT]


def test_grant_analyst_again_keeps_password_and_language(db):
    analyst = make_worker(None, "Noor", is_analyst=True, language="fr", password="long-enough-secret", is_active=False)

    printed = run("grant_analyst", analyst.email, "--name=Noor Haddad")

    renewed = Worker.objects.get()
    assert (renewed.name, renewed.language, renewed.password, renewed.is_active) == (
        "Noor Haddad",
        "fr",
        analyst.password,
        True,
    )
    assert printed == [f"Noor Haddad <{analyst.email}> is a sector analyst."]


def test_grant_analyst_refuses_a_worker_of_an_agency(db):
    worker = make_worker(make_agency(name="Harbour"))

    assert refusal("grant_analyst", worker.email, "--name=Noor") == (
        f"{worker.email} belongs to somebody of Harbour; an analyst has an account of her own. Nothing was changed."
    )
    worker.refresh_from_db()
    assert not worker.is_analyst


def test_grant_analyst_refuses_an_operator(db):
    worker = make_worker(None, is_operator=True)

    assert refusal("grant_analyst", worker.email, "--name=Noor") == (
        f"{worker.email} belongs to an operator of this installation; an analyst has an account of her own. "
        "Nothing was changed."
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["nobody", "--name=Noor"], "email: Enter a valid email address."),
        (["noor@sector.example", "--name="], "name: This field cannot be blank."),
    ],
)
def test_grant_analyst_with_a_wrong_value(db, options, expected):
    assert refusal("grant_analyst", *options) == expected
    assert Worker.objects.count() == 0
