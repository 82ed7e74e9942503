"""Real Celery workers and beats on the test's database, and a real SMTP server, for tests that need them."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from email import message_from_bytes, policy
from functools import cache
from itertools import cycle
from pathlib import Path

import psycopg
import redis
from aiosmtpd.controller import Controller
from django.db import connection
from psycopg.conninfo import make_conninfo

from allyship import embedded
from allyship.database import roles
from tests import logs

ROOT = Path(__file__).resolve().parent.parent


class Inbox:
    """An SMTP server that keeps what it accepts; `pause` makes it accept the next message and never say so."""

    def __init__(self):
        self.messages = []
        self.accepted = threading.Event()
        self.paused = threading.Event()

    def pause(self):
        self.accepted.clear()
        self.paused.set()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.accepted.set()
        if self.paused.is_set():
            self.paused.clear()
            await asyncio.sleep(60)  # whoever waits for the answer is killed before
        return "250 OK"

    @property
    def ids(self):
        return [message["Message-ID"] for message in self.messages]


def number():
    """Of this test process among those of the run, from 1 on."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1


def free_port():
    """Another one each time, until all were given out, and none that another test process of the run is given.

    Nor one that the kernel gives to whoever connects: that would take the place of what is down for a moment.
    """
    return next(filter(is_free, ports()))


@cache
def ports():
    mine = range(20_000 + number(), 32_000, 100)
    return cycle(random.sample(mine, len(mine)))


def is_free(port):
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


@contextmanager
def smtp_server():
    inbox = Inbox()
    inbox.port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def environment(**changes):
    """What a process needs to work on this test's database and its own part of the broker."""
    values = connection.settings_dict
    where = {"dbname": values["NAME"], "user": values["USER"], "host": values["HOST"], "port": values["PORT"] or None}
    broker = os.environ["VALKEY_URL"].rsplit("/", 1)[0]
    return {
        **os.environ,
        "DATABASE_URL": make_conninfo(**{key: value for key, value in where.items() if value}),
        "VALKEY_URL": f"{broker}/{number()}",
        "TICK_SECONDS": "1",
        **{key: str(value) for key, value in changes.items()},
    }


@cache
def broker():
    """This test process's own part of the broker."""
    return redis.Redis.from_url(environment()["VALKEY_URL"])


def signed_in_as(role):
    """The address of this test's database for one of the roles."""
    return embedded.signed_in_as(role, environment()["DATABASE_URL"])


@contextmanager
def running(*module, **changes):
    """A Python module as a process of its own; yields it, and `kill` ends its group as a power cut would. All that it
    says are lines of the log, and none tells a text.
    """
    with started([sys.executable, "-W", "ignore", "-m", *module], environment(**changes)) as process:
        yield process


CELERY_SAYS = {"", "worker: Warm shutdown (MainProcess)"}  # to whoever stops it at a terminal


@contextmanager
def started(command, variables):
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, start_new_session=True, stdout=said, stderr=said)
        try:
            yield process
        finally:
            kill(process)
            said.seek(0)
            lines = [line for line in said.read().splitlines() if line not in CELERY_SAYS]
            print(*lines, sep="\n", file=sys.stderr)  # which pytest shows where a test fails
    wrong = logs.all_faults(lines)
    assert wrong == {}, wrong


PATIENT = {"PGOPTIONS": "-c lock_timeout=0 -c statement_timeout=0"}  # this machine may be slow while a lock is held


@contextmanager
def web(port=None, **changes):
    """The app as it is served, by gunicorn; yields its address."""
    port = port or free_port()
    with web_process(port, **changes):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def web_process(port, *, workers=1, **changes):
    size = ("--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4")
    config = ("--config", "python:allyship.gunicorn")
    changes = {"DATABASE_URL": signed_in_as(roles.WEB), "PORT": port} | changes
    with running("gunicorn", *config, "allyship.wsgi", *size, **changes) as process:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        yield process


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def celery(*arguments, **changes):
    changes = {"DATABASE_URL": signed_in_as(roles.WORKER)} | changes
    return running("celery", "--app", "allyship", "--quiet", *arguments, **changes)


def worker(**changes):
    return celery("worker", "--concurrency", "1", "--without-gossip", "--without-mingle", **changes)


def beat(tmp_path, name, **changes):
    return celery("beat", "--schedule", str(tmp_path / name), **changes)


THEIRS = "FROM pg_stat_activity WHERE datname = %s"
WAITING = f"{THEIRS} AND wait_event_type = 'Lock'"


class Database:
    """This test's database, seen from beside it: who waits in it, and a switch that takes it from all processes."""

    def __init__(self, beside):
        self.beside, self.name = beside, connection.settings_dict["NAME"]

    def has_a_waiting_process(self):
        return self.beside.execute(f"SELECT 1 {WAITING}", [self.name]).fetchone()

    def serves_somebody(self):
        """Whether a request of the served app is in the middle of its work."""
        return self.beside.execute(
            f"SELECT 1 {THEIRS} AND usename = %s AND state <> 'idle'", [self.name, roles.WEB]
        ).fetchone()

    def vanish(self):
        """For those who wait first, lest they get what they wait for from the others' end."""
        self._allow("false")
        for some in (WAITING, THEIRS):
            self.beside.execute(f"SELECT pg_terminate_backend(pid, 5000) {some}", [self.name])
        connection.close()

    def come_back(self):
        self._allow("true")

    def _allow(self, word):
        self.beside.execute(f'ALTER DATABASE "{self.name}" WITH ALLOW_CONNECTIONS {word}')


@contextmanager
def database():
    """Yields the Database; whatever a test did to it, it is there again afterwards."""
    with closing(psycopg.connect(environment()["DATABASE_URL"], dbname="postgres", autocommit=True)) as beside:
        found = Database(beside)
        try:
            yield found
        finally:
            found.come_back()


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition, *, seconds=45):
    """The first true value of the condition; AssertionError where there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(f"still false after {seconds} seconds: {condition}")
