import json
import subprocess

from allyship import embedded

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
