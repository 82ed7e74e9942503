"""All of the app on one machine: starts the servers and the three processes, and ends them together."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings

from allyship import demo, embedded
from allyship.database import roles

READY_WITHIN = 60  # seconds
STOP_WITHIN = 40  # seconds: a request has 30; a task that takes longer is done by the next start
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """Something that the person who starts the server can put right."""


def run(*, empty: bool) -> None:
    """Serve until a signal or until a process ends; CannotStart says what is in the way."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    if not settings.ON_LOOPBACK:
        raise CannotStart("This serves the machine it runs on alone. For a public SITE_URL see docs/operator.md.")
    with _only_one(settings.HOME):
        _require_free_port(settings.PORT)
        environment = os.environ | {"PORT": str(settings.PORT), "ALLYSHIP_HOME": str(settings.HOME)}
        urls = _databases()
        valkey = None
        if "VALKEY_URL" not in environment:
            valkey = embedded.Valkey(settings.HOME)
            environment["VALKEY_URL"] = valkey.url
        owners = environment | {"DATABASE_URL": urls[roles.OWNER]}
        _manage("prepare", *([] if empty else ["--demo"]), environment=owners)
        _serve(environment, urls, valkey, empty=empty)


def _databases() -> dict[str, str]:
    """The address of the database for each role; a server of somebody's own has the one that she gave."""
    if given := os.environ.get("DATABASE_URL"):
        return dict.fromkeys(roles.ALL, given)
    url = embedded.start_postgres(settings.HOME)
    return {role: embedded.signed_in_as(role, url) for role in roles.ALL}


def _serve(environment: dict[str, str], urls: dict[str, str], valkey: embedded.Valkey | None, *, empty: bool) -> None:
    processes: dict[str, subprocess.Popen[bytes]] = {}
    web = environment | {"DATABASE_URL": urls[roles.WEB]}
    jobs = behind(environment) | {"DATABASE_URL": urls[roles.WORKER]}
    try:
        for name, command in _commands().items():
            processes[name] = _start(command, web if name == "web" else jobs)
        _wait_until_ready(processes)
        print(_welcome(empty=empty), flush=True)
        _wait_for_end(processes, valkey)
    finally:
        _end(processes)


def _commands() -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    gunicorn = ["gunicorn", "--config", "python:allyship.gunicorn", "allyship.wsgi"]
    size = ["--bind", f"127.0.0.1:{settings.PORT}", "--workers", "2", "--threads", "4"]
    celery = ["celery", "--app", "allyship", "--quiet"]
    worker = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    return {
        "web": [*python, *gunicorn, *size],
        "worker": [*python, *celery, *worker],
        "beat": [*python, *celery, "beat"],
    }


def behind(environment: dict[str, str]) -> dict[str, str]:
    """What a process behind the scenes is given: no key of reflections, and little to say at somebody's terminal."""
    given = {name: value for name, value in environment.items() if name != "REFLECTION_KEYS"}
    return {"LOG_LEVEL": "WARNING"} | given


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches us alone; on Linux it ends when we are killed."""
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no threads here)
    )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _manage(*arguments: str, environment: dict[str, str]) -> None:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    if subprocess.run(manage, env=environment, check=False).returncode:
        raise CannotStart(f"manage.py {' '.join(arguments)} failed: see above.")


def _wait_until_ready(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        _require_running(processes)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CannotStart(f"The web process did not answer within {READY_WITHIN} seconds.")


def _wait_for_end(processes: dict[str, subprocess.Popen[bytes]], valkey: embedded.Valkey | None) -> None:
    while True:
        time.sleep(0.5)
        _require_running(processes)
        if valkey is not None and valkey.ensure_running():
            print("Valkey had ended and was started again.", file=sys.stderr, flush=True)


def _require_running(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise CannotStart(f"The {name} process ended with status {process.returncode}: see above.")


def _end(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    for name, process in processes.items():
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(
                f"The {name} process did not end in {STOP_WITHIN} seconds and was killed.", file=sys.stderr, flush=True
            )
            os.killpg(process.pid, signal.SIGKILL)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Allyship already runs on {home}: for a second one set ALLYSHIP_HOME and PORT."
            ) from None
        yield


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"Port {port} is in use: choose another one, as in PORT=8001 script/server.") from None


def _welcome(*, empty: bool) -> str:
    lines = [f"Allyship is ready: {settings.SITE_URL}"]
    if (settings.HOME / demo.PASSWORD_FILE).exists():
        password = (settings.HOME / demo.PASSWORD_FILE).read_text()
        lines += ["Demo sign-ins, all with the password " + password]
        lines += [f"  {role:<12} {email}" for role, email in demo.SIGN_INS.items()]
    elif empty:
        lines += [
            "There is no demo data. Create your agency and its first admin in another terminal:",
            '  .venv/bin/python manage.py create_agency "Our agency" --admin-email me@agency.example --admin-name "My name"',
            "then open the address above and choose “Forgot your password?”.",
        ]
    if not settings.MAIL_URL:
        lines.append(f"Mail is written to {settings.HOME / 'mail'}")
    return "\n".join([*lines, "Ctrl-C ends it."])
