"""The way back: a folder for PostgreSQL to start on, brought to a moment; or a dump, opened."""

import gzip
import re
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from allyship.backups import sealing
from allyship.backups.making import NAMES, PARTIAL

WAL = "restored_wal"
SEGMENT = re.compile(r"[0-9A-F]{24}")


class NothingToRestore(Exception):
    """There is no base backup from before the moment, or the folder is in use."""


def into(data: Path, *, folder: Path, key: Path, until: datetime | None = None, owner: str | None = None) -> Path:
    """Make the data folder of a server that comes up as of `until`, or of the last thing that was sealed.

    Returns the base backup that it took. `owner` is the user whom the server runs as, where that is another one.
    """
    if data.exists() and any(data.iterdir()):
        raise NothingToRestore(f"{data} is not empty: move it away first.")
    bases = sorted((folder / "base").glob(f"*{sealing.ENDING}"))
    if until:
        bases = [path for path in bases if path.name < until.astimezone(UTC).strftime(NAMES)]
    if not bases:
        raise NothingToRestore(f"There is no base backup in {folder} from before that moment.")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    data.chmod(0o700)
    _unpack(bases[-1], data, key)
    _open_wal(folder / "wal", data / WAL, key)
    _tell(data, until)
    if owner:
        for path in (data, *data.rglob("*")):
            shutil.chown(path, owner, owner)
    return bases[-1]


def _unpack(base: Path, data: Path, key: Path) -> None:
    archive = data / "base.tar.gz"
    sealing.unseal(base, archive, key)
    with tarfile.open(archive) as files:
        files.extractall(data, filter="data")
    archive.unlink()


def _open_wal(sealed: Path, opened: Path, key: Path) -> None:
    """A part of a segment may be left of a sealing that was killed; where the segment is there whole, that counts."""
    opened.mkdir(mode=0o700)
    names = {path.name.removesuffix(f".gz{sealing.ENDING}"): path for path in sealed.glob(f"*.gz{sealing.ENDING}")}
    for name, path in names.items():
        if name.removesuffix(PARTIAL) in names.keys() - {name}:
            continue
        packed = opened / f"{name}.gz"
        sealing.unseal(path, packed, key)
        (opened / name.removesuffix(PARTIAL)).write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()


def _tell(data: Path, until: datetime | None) -> None:
    """To where it is to recover, and that it may be written to then."""
    lines = [f'restore_command = \'cp "{data / WAL}/%f" "%p"\'', "recovery_target_action = 'promote'"]
    if until:
        lines.append(f"recovery_target_time = '{until.isoformat()}'")
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write("\n".join([*lines, ""]))
    (data / "recovery.signal").touch()
