"""Files sealed for a public key in the age format: who makes backups cannot open them, and the program age can."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage

ENDING = ".age"


def new_key(path: Path) -> str:
    """Write a new private key to a file that only its owner reads, never over another; returns the public one."""
    identity = pyrage.x25519.Identity.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def seal(source: IO[bytes], target: Path, recipient: str) -> None:
    """Of any length, in pieces; the file has its name only once it is whole."""
    with _whole(target) as file:
        pyrage.encrypt_io(source, file, [pyrage.x25519.Recipient.from_str(recipient)])


def unseal(source: Path, target: Path, key: Path) -> None:
    """OSError or pyrage.DecryptError where the key is another one, or a byte of the file."""
    with source.open("rb") as sealed, _whole(target) as file:
        pyrage.decrypt_io(sealed, file, [_identity(key)])


def _identity(key: Path) -> pyrage.x25519.Identity:
    lines = [line for line in key.read_text().splitlines() if line and not line.startswith("#")]
    return pyrage.x25519.Identity.from_str(lines[0])


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
