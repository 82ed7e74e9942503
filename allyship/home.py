"""The data directory of an installation and the secrets it keeps there."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)


def directory() -> Path:
    """The data directory: $ALLYSHIP_HOME, by default var/ beside manage.py."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("ALLYSHIP_HOME") or default).expanduser().resolve()


def is_secret(text: str) -> bool:
    """Whether a text can have been drawn at random: what Django's own check asks of a key."""
    drawn = len(text) >= SECRET_KEY_MIN_LENGTH and len(set(text)) >= SECRET_KEY_MIN_UNIQUE_CHARACTERS
    return drawn and not text.startswith(SECRET_KEY_INSECURE_PREFIX)


def secret(where: Path, name: str, *, random_bytes: int = 48) -> str:
    """A random secret of this installation, made on first use and kept in a file only its owner reads."""
    path = where / name
    if not path.exists():
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=where, prefix=f".{name}.") as file:  # readable by its owner alone
            file.write(secrets.token_urlsafe(random_bytes))
            file.flush()
            with suppress(FileExistsError):  # another process was faster, and its secret stands
                os.link(file.name, path)
    return path.read_text()
