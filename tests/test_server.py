"""`manage.py serve`, which script/server runs: real processes, a home of their own, and every way to end them."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import psutil
import psycopg
import pytest

from allyship import embedded
from tests.processes import PATIENT, free_port, wait_for

pytestmark = pytest.mark.timeout(240)
ROOT = Path(__file__).resolve().parent.parent
FROM_TEST_RUN = {"DATABASE_URL", "VALKEY_URL", "ALLYSHIP_TEST_HOME"}


@pytest.fixture
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("home")
    for folder in (path, *path.parents):
        if folder.stat().st_uid == os.getuid():
            folder.chmod(folder.stat().st_mode | 0o055)  # PostgreSQL runs as a user of its own where we are root
    return path


@contextmanager
def serving(home, *arguments, port=None):
    """A running server; yields it with its address and what it said when it was ready."""
    port = port or free_port()
    environment = {key: value for key, value in os.environ.items() if key not in FROM_TEST_RUN}
    log = home / "server.log"
    with log.open("ab") as output:
        start = output.tell()
        process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "serve", *arguments],
            env=environment | {"ALLYSHIP_HOME": str(home), "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: process.poll() is not None or b"Ctrl-C ends it." in log.read_bytes()[start:], seconds=100)
        yield process, f"http://127.0.0.1:{port}", log.read_bytes()[start:].decode()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(40)


def status(url, *, seconds=10):
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def belonging_to(home):
    """Processes whose command or environment names the home: children, PostgreSQL, Valkey."""
    found = []
    for process in psutil.process_iter():
        try:
            named = str(home) in " ".join(process.cmdline()) or process.environ().get("ALLYSHIP_HOME") == str(home)
            if named and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


SHOW = """
from reports.models import Heartbeat
from teams.models import Agency
print(list(Agency.objects.all()))
print(Heartbeat.objects.exclude(job="prepared").latest("last_success").last_success.isoformat())
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reports_heartbeat'::regclass"


@contextmanager
def heartbeats_locked(server):
    """Yields the time of the last heartbeat, and how many processes wait for the lock."""
    given = [child.environ() for child in psutil.Process(server.pid).children()]
    address = next(variables["DATABASE_URL"] for variables in given if "DATABASE_URL" in variables)
    address = embedded.signed_in_as("postgres", address)
    with psycopg.connect(address) as lock, psycopg.connect(address, autocommit=True) as beside:
        lock.execute("LOCK TABLE reports_heartbeat IN ACCESS EXCLUSIVE MODE")
        (last,) = lock.execute("SELECT max(last_success) FROM reports_heartbeat").fetchone()
        yield last, lambda: beside.execute(WAITING).fetchone()[0]


def manage(home, *arguments):
    environment = {key: value for key, value in os.environ.items() if key not in FROM_TEST_RUN}
    command = [sys.executable, ROOT / "manage.py", *arguments]
    done = subprocess.run(
        command, env=environment | {"ALLYSHIP_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_signals_end_every_child_and_both_servers_and_a_second_start_keeps_the_data(home, monkeypatch):
    """What is in the middle of its work when the signal comes is finished: a page, and a job that writes its heartbeat."""
    with monkeypatch.context() as hurry, ThreadPoolExecutor() as pool:
        hurry.setenv("TICK_SECONDS", "2")
        hurry.setenv("PGOPTIONS", PATIENT["PGOPTIONS"])
        with serving(home, "--empty") as (process, url, said):
            answers = [status(f"{url}/{page}") for page in ("healthz", "readyz", "accounts/login/")]
            manage(home, "create_agency", "Harbourside", "--admin-email", "a@example.org", "--admin-name", "Ada")
            running = len(belonging_to(home))
            with heartbeats_locked(process) as (last, waiting):
                page = pool.submit(status, f"{url}/readyz", seconds=100)
                wait_for(lambda: waiting() >= 2)
                process.send_signal(signal.SIGTERM)
                wait_for(lambda: status(f"{url}/healthz") is None)
            process.wait(60)
    assert f"Allyship is ready: {url}" in said
    assert "manage.py create_agency" in said
    assert answers == [200, 200, 200]
    assert running > 6
    assert page.result() in {200, 503}
    assert "did not end" not in (home / "server.log").read_text()
    assert (process.returncode, belonging_to(home)) == (0, [])

    with serving(home) as (process, _url, said):
        agencies, beaten = manage(home, "shell", "-v0", "-c", SHOW).splitlines()
        process.send_signal(signal.SIGINT)
        process.wait(40)
    assert agencies == "[<Agency: Harbourside>]"
    assert datetime.fromisoformat(beaten) > last
    assert "Demo sign-ins" not in said
    assert (process.returncode, belonging_to(home)) == (0, [])


def test_a_start_after_everything_was_killed_recovers_by_itself(home):
    with serving(home) as (_process, _url, first):
        for victim in belonging_to(home):
            with suppress(psutil.NoSuchProcess):  # what is left without its parent ends by itself
                victim.kill()
        wait_for(lambda: belonging_to(home) == [])
    with serving(home) as (_process, url, second):
        assert status(f"{url}/healthz") == 200

    roles = ["worker", "supervisor", "equity lead", "admin", "analyst", "en français"]
    for said in (first, second):
        assert re.findall(r"^  (.+?)\s{2,}\S+@\S+$", said, re.MULTILINE) == roles


def test_killing_only_the_parent_leaves_nothing_that_a_new_start_trips_over(home):
    port = free_port()
    with serving(home, "--empty", port=port) as (process, _url, _said):
        process.kill()
        process.wait()
    with serving(home, "--empty", port=port) as (process, url, _said):
        assert status(f"{url}/healthz") == 200

    wait_for(lambda: belonging_to(home) == [])


def test_valkey_is_started_again_at_its_address_when_it_was_killed(home):
    def valkey():
        pid_file = home / "valkey" / "valkey.pid"
        wait_for(pid_file.exists)
        return psutil.Process(int(pid_file.read_text()))

    with serving(home, "--empty") as (process, url, _said):
        killed = valkey()
        title = killed.cmdline()  # which names its address
        killed.kill()
        wait_for(lambda: "Valkey had ended" in (home / "server.log").read_text())
        again, same = valkey().pid != killed.pid, valkey().cmdline() == title
        still = process.poll(), status(f"{url}/healthz")

    assert (again, same, still) == (True, True, (None, 200))


def test_two_instances_run_side_by_side_and_what_is_taken_is_said_clearly(home, tmp_path_factory):
    port, other = free_port(), tmp_path_factory.mktemp("other")
    other.chmod(0o755)
    with serving(home, "--empty", port=port) as (_one, url, _):
        with serving(other, "--empty") as (_two, other_url, _):
            answers = status(f"{url}/healthz"), status(f"{other_url}/healthz")
        with serving(home, "--empty") as (same_home, _url, on_home):
            same_home.wait(40)
        with serving(other, "--empty", port=port) as (same_port, _url, on_port):
            same_port.wait(40)

    assert answers == (200, 200)
    assert (same_home.returncode, f"Allyship already runs on {home}" in on_home) == (1, True)
    assert (same_port.returncode, f"Port {port} is in use" in on_port) == (1, True)
