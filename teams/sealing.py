"""Sealing texts with AES-256-GCM, so that only who holds a key opens them, and only where they belong.

A sealed text is: format (1 byte), length of the key's id (1), the key's id, nonce (12), ciphertext with its tag (16). All
that stands before the nonce, and what the text is bound to, are authenticated along with it.
"""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class BadKeys(ValueError):
    """The list of keys cannot be used; says which entry and why, never what stands in it."""


class CannotOpen(Exception):
    """A sealed text stays shut; says why, in ids of keys alone."""


class UnknownKey(CannotOpen):
    """It was sealed with a key that is not among ours."""


class Broken(CannotOpen):
    """It was changed, or it belongs elsewhere."""


@dataclass(frozen=True)
class Key:
    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Ring:
    """The keys that open, the first of which seals."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        return self.keys[0]

    def only_current(self) -> "Ring":
        return Ring(self.keys[:1])

    def named(self, key_id: str) -> Key:
        found = next((key for key in self.keys if key.id == key_id), None)
        if found is None:
            raise UnknownKey(f"it needs the key “{key_id}”, which is not among the keys here")
        return found


def read_ring(text: str) -> Ring:
    """The keys of "id:key,id2:key2", each 32 bytes in base64; BadKeys says which entry is wrong."""
    keys = tuple(_read_key(number, entry.strip()) for number, entry in enumerate(text.split(","), start=1))
    if len({key.id for key in keys}) < len(keys):
        raise BadKeys("two keys have the same id")
    return Ring(keys)


def _read_key(number: int, entry: str) -> Key:
    key_id, colon, encoded = entry.partition(":")
    if not colon or not KEY_ID.fullmatch(key_id):
        raise BadKeys(f"entry {number} is not id:key; an id has at most 32 letters, digits and . _ -")
    bare = encoded.strip().rstrip("=").translate(str.maketrans("+/", "-_"))
    try:
        secret = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise BadKeys(f"the key of entry {number} (“{key_id}”) is not 32 bytes in base64")
    return Key(key_id, secret)


def derived_ring(secrets: Sequence[str], purpose: str) -> Ring:
    """Keys made from secrets by HKDF (RFC 5869), others for each purpose; the id of each tells its secret from the rest."""
    return Ring(tuple(_derived(secret, purpose) for secret in secrets))


def ring_of_settings(purpose: str) -> Ring:
    """Made from SECRET_KEY; what was sealed under one of its fallbacks opens still."""
    return derived_ring([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS], purpose)


@cache
def _derived(secret: str, purpose: str) -> Key:
    key = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(secret.encode())
    return Key(hashlib.sha256(key).hexdigest()[:8], key)


def seal(text: str, *, key: Key, bound: bytes) -> bytes:
    """`bound` says where the text belongs: it opens with the same alone."""
    head = bytes([FORMAT, len(key.id)]) + key.id.encode()
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + AESGCM(key.secret).encrypt(nonce, text.encode(), head + bound)


def unseal(sealed: bytes, *, ring: Ring, bound: bytes) -> str:
    """The text; UnknownKey or Broken where it cannot be had."""
    head, rest = _parted(sealed)
    key = ring.named(_key_id(head))
    nonce, ciphertext = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    try:
        return AESGCM(key.secret).decrypt(nonce, ciphertext, head + bound).decode()
    except InvalidTag:
        reason = f"it was changed, belongs elsewhere, or was sealed with another key of the id “{key.id}”"
        raise Broken(reason) from None


def sealed_with(sealed: bytes) -> str:
    """The id of the key that it says it was sealed with."""
    return _key_id(_parted(sealed)[0])


def _parted(sealed: bytes) -> tuple[bytes, bytes]:
    end = 2 + sealed[1] if len(sealed) > 1 else 0
    if not end or sealed[0] != FORMAT or len(sealed) < end + NONCE_BYTES + TAG_BYTES:
        raise Broken("it is no sealed text")
    return sealed[:end], sealed[end:]


def _key_id(head: bytes) -> str:
    key_id = head[2:].decode("ascii", "replace")
    if not KEY_ID.fullmatch(key_id):
        raise Broken("it is no sealed text")
    return key_id
