"""Who holds the keys of reflections: web and the commands beside it; never the Celery worker or beat."""

import os
import stat
import subprocess
import sys

import pytest
from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from actions import reflections
from actions.sealing import keys
from allyship import embedded, server
from allyship.database import roles
from teams import withheld
from tests import processes
from tests.actions.factories import make_reflection, ring_of

PUBLIC = {
    "SITE_URL": "https://allyship.example",
    "SECRET_KEY": "".join(map(chr, range(40, 100))),
    "ALLYSHIP_HOME": "/nowhere",
    "TRUSTED_PROXY_COUNT": "1",
}
TEXT = "I spoke for her instead of asking."


def python(code, **changes):
    environment = {key: value for key, value in os.environ.items() if key != "REFLECTION_KEYS"} | changes
    environment["DATABASE_URL"] = embedded.signed_in_as(roles.WEB, environment["DATABASE_URL"])
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=processes.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


# In settings ------------------------------------------------------------------------------------------------------


def test_ring_is_what_the_settings_say(settings):
    settings.REFLECTION_KEYS = ring_of("new", "old")

    assert [key.id for key in keys.ring().keys] == ["new", "old"]


def test_ring_without_keys_says_what_is_missing(settings):
    settings.REFLECTION_KEYS = ""

    with pytest.raises(ImproperlyConfigured, match="web needs REFLECTION_KEYS"):
        keys.ring()


def test_ring_of_wrong_keys_does_not_tell_them(settings):
    settings.REFLECTION_KEYS = "one:tooshortforakey"

    with pytest.raises(ImproperlyConfigured) as caught:
        keys.ring()

    assert str(caught.value) == "REFLECTION_KEYS: the key of entry 1 (“one”) is not 32 bytes in base64."


def test_this_machine_makes_a_key_of_its_own_that_only_its_owner_reads(settings):
    first, second = keys.ring(), keys.ring()

    file = settings.HOME / "reflection_key"
    assert first == second
    assert (first.current.id, stat.S_IMODE(file.stat().st_mode)) == ("home", 0o600)


# Web --------------------------------------------------------------------------------------------------------------


def test_public_web_without_keys_does_not_start():
    done = python("import allyship.wsgi", **PUBLIC)

    assert done.returncode == 1
    assert "There are no keys for reflections here: web needs REFLECTION_KEYS" in done.stderr.splitlines()[-1]


def test_public_web_with_a_wrong_key_does_not_start_and_does_not_tell_it():
    done = python("import allyship.wsgi", **PUBLIC, REFLECTION_KEYS="one:tooshortforakey")

    assert done.returncode == 1
    assert "is not 32 bytes in base64" in done.stderr.splitlines()[-1]
    assert "tooshort" not in done.stderr


def test_public_web_with_keys_starts():
    done = python("import allyship.wsgi", **PUBLIC, REFLECTION_KEYS=ring_of("one"))

    assert (done.returncode, done.stderr) == (0, "")


def test_public_commands_need_no_keys():
    done = python("import django; django.setup(); from django.conf import settings; settings.DATABASES", **PUBLIC)

    assert (done.returncode, done.stderr) == (0, "")


# Worker and beat --------------------------------------------------------------------------------------------------


def test_server_gives_the_keys_to_web_alone(monkeypatch):
    given = {}
    monkeypatch.setattr(server, "_start", lambda command, environment: given.update({command[2]: environment}))
    monkeypatch.setattr(server, "_commands", lambda: {name: ["python", "-m", name] for name in server_commands})
    server_commands = ["web", "worker", "beat"]
    monkeypatch.setattr(server, "_wait_until_ready", lambda processes: None)
    monkeypatch.setattr(server, "_wait_for_end", lambda processes, valkey: None)
    monkeypatch.setattr(server, "_end", lambda processes: None)

    urls = {roles.WEB: "as web", roles.WORKER: "as worker"}
    server._serve({"PORT": "8000", "REFLECTION_KEYS": ring_of("one")}, urls, None, empty=True)

    assert given == {
        "web": {"PORT": "8000", "REFLECTION_KEYS": ring_of("one"), "DATABASE_URL": "as web"},
        "worker": {"PORT": "8000", "LOG_LEVEL": "WARNING", "DATABASE_URL": "as worker"},
        "beat": {"PORT": "8000", "LOG_LEVEL": "WARNING", "DATABASE_URL": "as worker"},
    }


@pytest.fixture
def process_reads_on():
    """The signal of a worker's start also takes columns of other tables away, for as long as the process lives."""
    yield
    withheld.hand_back()


@pytest.mark.usefixtures("process_reads_on")
@pytest.mark.parametrize("signal", [worker_init, beat_init])
def test_signal_of_worker_and_beat_takes_the_keys_away(settings, alice, signal):
    settings.REFLECTION_KEYS = ring_of("one")
    reflection = make_reflection(alice, TEXT)

    signal.send(sender=None)

    with pytest.raises(keys.NoKeys):
        reflections.opened(reflection)
    with pytest.raises(keys.NoKeys):
        make_reflection(alice, TEXT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("given", [{}, {"REFLECTION_KEYS": ring_of("one")}], ids=["as served", "given by mistake"])
def test_a_real_worker_cannot_open_a_reflection(given, alice, settings, tmp_path):
    """Even where the key lies in a file that it could read, or is in its environment, and the database lets it read."""
    given = given | {"DATABASE_URL": processes.environment()["DATABASE_URL"]}
    settings.REFLECTION_KEYS = given.get("REFLECTION_KEYS", settings.REFLECTION_KEYS)
    reflection = make_reflection(alice, TEXT)
    said = tmp_path / "said"
    environment = processes.environment(**given)
    broker = Celery(broker=environment["VALKEY_URL"], set_as_current=False)
    options = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
    with processes.celery("worker", *options, "--include", "tests.actions.opening", **given):
        broker.send_task("tests.actions.opening.open_reflection", [str(reflection.pk), str(said)])
        processes.wait_for(lambda: said.exists() and said.read_text().endswith("\n"))

    assert reflections.opened(reflection).text == TEXT
    assert said.read_text().startswith("NoKeys: There are no keys for reflections here")
