"""Texts that a row and its author own: sealed by teams.sealing, and opened with the same row and author alone."""

from uuid import UUID

from teams import sealing
from teams.sealing import (
    FORMAT,
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    BadKeys,
    Broken,
    CannotOpen,
    Key,
    Ring,
    UnknownKey,
    read_ring,
    sealed_with,
)

__all__ = [
    "FORMAT",
    "KEY_BYTES",
    "NONCE_BYTES",
    "TAG_BYTES",
    "BadKeys",
    "Broken",
    "CannotOpen",
    "Key",
    "Ring",
    "UnknownKey",
    "read_ring",
    "seal",
    "sealed_with",
    "unseal",
]


def seal(text: str, *, key: Key, row: UUID, author: UUID) -> bytes:
    return sealing.seal(text, key=key, bound=row.bytes + author.bytes)


def unseal(sealed: bytes, *, ring: Ring, row: UUID, author: UUID) -> str:
    """The text; UnknownKey or Broken where it cannot be had."""
    return sealing.unseal(sealed, ring=ring, bound=row.bytes + author.bytes)
