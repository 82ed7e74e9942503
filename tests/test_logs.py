"""What the log says, and above all what it does not."""

import io
import json
import logging
import os
from uuid import UUID

import psycopg
import pytest
from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.urls import reverse

from actions.models import Action
from allyship import celery as tasks
from allyship import logs
from tests import processes
from tests.factories import PASSWORD, make_action, make_worker
from tests.logs import all_faults, faults

SERVER_LOGS = ["log_error_verbosity", "log_min_error_statement"]
TYPED = "what somebody typed"
ID = UUID("0a0b0c0d-0000-4000-8000-000000000001")


def line(message="done", *arguments, name="actions", exc_info=(), **extra):
    """What would be written of it, as JSON and for a terminal."""
    record = logging.getLogger(name).makeRecord(name, logging.INFO, "f", 1, message, arguments, exc_info, extra=extra)
    return json.loads(logs.Lines().format(record)), logs.Readable().format(record)


@pytest.fixture
def written():
    """The lines that are written meanwhile."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines())
    logging.getLogger().addHandler(handler)
    yield lambda logger: [
        found for found in map(json.loads, stream.getvalue().splitlines()) if found["logger"] == logger
    ]
    logging.getLogger().removeHandler(handler)


# A line -------------------------------------------------------------------------------------------------------------


def test_a_message_is_filled_with_numbers_days_and_ids_alone():
    message = "%s of %d for %s in %s: %s, %r"
    found, readable = line(message, TYPED, 3, ID, 0.5, ValueError(TYPED), [TYPED])

    assert found["event"] == f"… of 3 for {ID} in 0.5: ValueError, …"
    assert TYPED not in readable


def test_a_message_that_cannot_be_filled_stays_as_it_stands_in_the_code():
    assert line("at %d", TYPED)[0]["event"] == "at %d"


def test_what_is_added_stands_there_by_known_names_and_as_words():
    found, _ = line(view="actions:log", count=3, agency=ID, mail=TYPED, note=TYPED)
    assert {name: found[name] for name in found.keys() - {"time", "level", "logger", "event"}} == {
        "view": "actions:log",
        "count": 3,
        "agency": str(ID),
        "mail": "…",
    }


def test_an_error_is_told_by_its_kind_and_place(alice):
    with pytest.raises(IntegrityError) as caught:
        make_action(alice, note=TYPED, hours=-1)
    told = str(caught.value)

    found, readable = line("refused", exc_info=caught._excinfo)

    assert TYPED in told
    assert [error["type"] for error in found["errors"]] == [
        "django.db.utils.IntegrityError",
        "psycopg.errors.CheckViolation",
    ]
    assert (found["errors"][1]["sqlstate"], found["errors"][1]["constraint"]) == ("23514", "action_hours_range")
    assert any(place.startswith("tests/factories.py:") for place in found["errors"][0]["at"])
    assert (TYPED in json.dumps(found), TYPED in readable, "action_hours_range" in readable) == (False, False, True)


def test_of_a_group_each_error_is_told():
    error = ExceptionGroup(TYPED, [ValueError(TYPED), ImproperlyConfigured("SITE_URL must start with https://.")])
    found, _ = line(exc_info=(type(error), error, None))

    assert [error["type"].rpartition(".")[2] for error in found["errors"]] == [
        "ExceptionGroup",
        "ValueError",
        "ImproperlyConfigured",
    ]
    assert [error.get("says") for error in found["errors"]] == [None, None, "SITE_URL must start with https://."]


# Requests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/calendar/{}.ics", "/unsubscribe/{}/", "/voice/{}/", "/nowhere/{}/"])
def test_a_secret_link_is_logged_by_the_name_of_its_page(client, db, written, path):
    answer = client.get(path.format("0123456789abcdef.signature"))
    (found,) = written("allyship.requests")

    assert (found["request_id"], found["status"]) == (answer["X-Request-ID"], 404)
    assert "signature" not in json.dumps(found)


def test_a_request_is_one_line_with_the_agency_and_without_the_person(client, alice, written):
    client.force_login(alice)
    client.get(f"{reverse('actions:search')}?q={TYPED}")
    (found,) = written("allyship.requests")

    assert (found["view"], found["method"], found["status"]) == ("actions:search", "GET", 200)
    assert (found["agency"], str(alice.pk) in json.dumps(found), TYPED in json.dumps(found)) == (
        str(alice.agency_id),
        False,
        False,
    )


def test_an_error_in_a_page_carries_the_id_of_its_request(client, alice, written, monkeypatch):
    monkeypatch.setattr(Action.objects.all().__class__, "visible_to", lambda *_: 1 / 0)
    client.force_login(alice)
    client.raise_request_exception = False
    answer = client.get(reverse("actions:detail", args=[make_action(alice, note=TYPED).pk]))
    (found,) = written("django.request")

    assert (answer.status_code, found["request_id"]) == (500, answer["X-Request-ID"])
    assert [error["type"] for error in found["errors"]] == ["builtins.ZeroDivisionError"]


def test_who_signs_in_exports_or_is_refused_is_named_by_the_id_alone(client, agency, charlie, written):
    worker = make_worker(agency, password=PASSWORD)
    theirs = make_action(charlie)
    for password in ("wrong-horse-battery", PASSWORD):
        client.post(reverse("account_login"), {"login": worker.email, "password": password})
    client.get(reverse("actions:export_file", args=["csv"]))
    client.get(reverse("actions:detail", args=[theirs.pk]))

    assert [(found["event"], found.get("actor")) for found in written("allyship.security")] == [
        ("sign-in refused", None),
        ("signed in", str(worker.pk)),
        ("export", str(worker.pk)),
        ("refused", str(worker.pk)),
    ]


# Tasks --------------------------------------------------------------------------------------------------------------


def test_a_task_says_what_became_of_it_and_which_request_set_it_off(written, monkeypatch):
    headers = {}
    with logs.during("f" * 32):
        tasks.name_request(headers=headers)
    task = current_app.tasks["celery.backend_cleanup"]
    monkeypatch.setattr(task, "run", lambda *args, **kwargs: 1 / 0)
    task.apply(args=[TYPED], headers=headers, task_id=str(ID))

    failed, done = written("allyship.tasks")
    assert headers == {"request_id": "f" * 32}
    assert (failed["event"], failed["errors"][0]["type"]) == ("task failed", "builtins.ZeroDivisionError")
    assert (done["task"], done["task_id"], done["status"]) == ("celery.backend_cleanup", str(ID), "FAILURE")


# The check of the whole run ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"event": "saved for Canary 1001 end"}, ["a canary"]),
        ({"event": "saved for ada@agency.example"}, ["an e-mail address"]),
        ({"event": "opened /x/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA/"}, ["a token"]),
        ({"event": "asked for /my/record/?q=x"}, ["a query"]),
        ({"event": "saved", "note": "x"}, ["unknown name note"]),
        ({"event": "saved", "view": "a note"}, ["a text in view"]),
        ({"event": "saved", "request_id": "f" * 32, "task_id": str(ID)}, []),
    ],
)
def test_the_check_of_all_lines_finds(told, wrong):
    assert faults(json.dumps({"time": "2026-01-01T00:00:00+00:00", "level": "INFO", "logger": "x"} | told)) == wrong


def test_the_check_of_all_lines_reads_those_of_every_test(log_reader):
    logging.getLogger("actions").info("saved for Canary 1001 end")

    assert list(log_reader.take().values()) == [["a canary"]]


def test_the_check_of_all_lines_reads_those_of_real_processes(db):
    with pytest.raises(AssertionError, match="not JSON"), processes.running("platform") as process:
        process.wait(20)


def test_a_real_web_writes_nothing_but_harmless_lines(transactional_db, capfd):
    port = processes.free_port()
    with processes.web_process(port):
        processes.answers(f"http://127.0.0.1:{port}/voice/0123456789abcdef.signature/?q=ada@agency.example")
    lines = [said for said in capfd.readouterr().err.splitlines() if said.startswith("{")]

    assert all_faults(lines) == {}
    assert {json.loads(said)["logger"] for said in lines} == {"gunicorn.error", "allyship.requests"}
    assert [json.loads(said)["status"] for said in lines if '"/' not in said and '"view"' in said][-1] == 404


def test_the_embedded_postgresql_logs_neither_rows_nor_statements():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone()[0] for name in SERVER_LOGS]

    assert settings == ["terse", "panic"]
