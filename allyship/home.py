"""The data directory of an installation and the secrets it keeps there."""

import os
import secrets
from pathlib import Path


def directory() -> Path:
    """The data directory: $ALLYSHIP_HOME, by default var/ beside manage.py."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("ALLYSHIP_HOME") or default).expanduser().resolve()


def secret(where: Path, name: str, *, random_bytes: int = 48) -> str:
    """A random secret of this installation, made on first use and kept in a file only its owner reads."""
    path = where / name
    where.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(random_bytes))
    except FileExistsError:
        pass
    return path.read_text()
