"""Asking a server that an admin named for JSON, without opening this machine's own network to whoever names one.

Only https, only public addresses, and the address that was looked at is the one that is spoken to: a name that points
elsewhere a moment later leads nowhere. No redirect is followed. On the loopback, for trials and tests, http to this machine
will do as well.
"""

import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from http.client import HTTPException
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection

LONGEST = 256 * 1024  # bytes of an answer
SECONDS = 8.0  # for all of it
# Addresses that stand for others, or for many: is_global tells none of them.
TRANSLATED = [ipaddress.ip_network(text) for text in ("64:ff9b::/96", "fec0::/10", "192.88.99.0/24")]
type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotFetched(Exception):
    """There is no answer that could be used; `why` is one of the sentences' names below."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


ADDRESS, NAME, PRIVATE, SILENT, STATUS, CONTENT = "address", "name", "private", "silent", "status", "content"


def checked(address: str) -> SplitResult:
    """The parts of an address that may be asked, or that a browser may be sent to; NotFetched where it may not."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotFetched(ADDRESS) from None
    is_https = parts.scheme == "https" or (settings.ON_LOOPBACK and parts.scheme == "http")
    if not (is_https and parts.hostname and port != 0 and address.isascii() and address.isprintable()):
        raise NotFetched(ADDRESS)
    if parts.username is not None or parts.password is not None or parts.fragment or " " in address:
        raise NotFetched(ADDRESS)
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise NotFetched(ADDRESS)
    return parts


def get(address: str) -> dict[str, Any]:
    return _ask("GET", address)


def post(address: str, fields: Mapping[str, str], *, headers: Mapping[str, str]) -> dict[str, Any]:
    said = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return _ask("POST", address, body=urlencode(fields).encode(), headers=said)


def _ask(method: str, address: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
    parts = checked(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    said = {"Host": parts.netloc, "Accept": "application/json", "User-Agent": "Allyship", **(headers or {})}
    connection = _connection(parts)
    held: list[socket.socket] = []
    end = Timer(SECONDS, _cut, [connection, held])  # one that sends a byte now and then is over as well
    end.start()
    try:
        connection.request(method, path, body=body, headers=said, preload_content=False)
        held.append(connection.sock)  # an answer that ends with its connection takes it from there
        with closing(connection.getresponse()) as answer:
            status, content = answer.status, answer.read(LONGEST + 1, decode_content=False)
    except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
        raise NotFetched(SILENT) from error
    finally:
        end.cancel()
        connection.close()
    if status != 200:
        raise NotFetched(STATUS)
    return _object(content)


def _cut(connection: HTTPConnection, held: Sequence[socket.socket]) -> None:
    for each in (connection.sock, *held):
        with suppress(OSError):
            if each:
                each.shutdown(socket.SHUT_RDWR)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content) if len(content) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotFetched(CONTENT)
    return found


def _connection(parts: SplitResult) -> HTTPConnection:
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = str(_resolved(host, port))
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=SECONDS)
    context = ssl.create_default_context()
    return HTTPSConnection(
        address, port, timeout=SECONDS, ssl_context=context, server_hostname=host, assert_hostname=host
    )


def _resolved(host: str, port: int) -> Address:
    """The first address of the name; NotFetched where any of them is not open to all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched(NAME) from None
    addresses = [ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_rest, place in found]
    if not addresses or not all(may_be_asked(address) for address in addresses):
        raise NotFetched(PRIVATE)
    return addresses[0]


def may_be_asked(address: Address) -> bool:
    if settings.ON_LOOPBACK and address.is_loopback:
        return True
    real = getattr(address, "ipv4_mapped", None) or address
    if real.is_multicast or any(real in network for network in TRANSLATED if network.version == real.version):
        return False
    return real.is_global
