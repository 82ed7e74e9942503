"""What an admin may have us ask: nothing of our own network, nothing endless, nothing by another way."""

import ipaddress
import socket
import ssl
import time
from contextlib import suppress

import pytest

from teams.signing_in import fetching
from teams.signing_in.fetching import NotFetched
from tests.provider import provider_server


def why(address):
    with pytest.raises(NotFetched) as error:
        fetching.get(address)
    return error.value.why


def in_public(settings):
    settings.ON_LOOPBACK = False


def names(monkeypatch, *addresses):
    """Every name leads to these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)


@pytest.mark.parametrize(
    "address",
    [
        "login.example",
        "ftp://login.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user@login.example/",
        "https://user:word@login.example/",
        "https://login.example/#part",
        "https://login.example:0/",
        "https://login.example:x/",
        "https://login.example:99999/",
        "https://login.example/\r\nHost: other.example",
        "https://login.example/a b",
        "https://[::1",
        "https://l\u043egin.example/",  # the o is Cyrillic
        "http://login.example/",
    ],
)
def test_address_that_is_none_of_https_is_not_asked(address):
    assert why(address) == fetching.ADDRESS


def test_this_machine_is_asked_on_the_loopback_alone(settings):
    with provider_server() as server:
        address = f"{server.issuer}/.well-known/openid-configuration"
        assert fetching.get(address)["issuer"] == server.issuer
        in_public(settings)
        assert why(address) == fetching.ADDRESS
    assert why("https://127.0.0.1/") == fetching.PRIVATE


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("224.0.0.1", "255.255.255.255", "192.88.99.1", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1"),
    ],
)
def test_address_that_is_not_open_to_all_is_not_asked(settings, address):
    in_public(settings)

    assert not fetching.may_be_asked(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_address_that_is_open_to_all_may_be_asked(settings, address):
    in_public(settings)

    assert fetching.may_be_asked(ipaddress.ip_address(address))


def test_name_with_one_private_address_is_not_asked(settings, monkeypatch):
    in_public(settings)
    names(monkeypatch, "8.8.8.8", "10.0.0.1")

    assert why("https://login.example/") == fetching.PRIVATE


def test_name_is_looked_up_once_and_that_address_is_spoken_to(settings, monkeypatch):
    """A name that leads elsewhere at the second look has nothing of it."""
    in_public(settings)
    names(monkeypatch, "93.184.215.14")

    connection = fetching._connection(fetching.checked("https://login.example/x"))

    assert (connection.host, connection.port) == ("93.184.215.14", 443)
    assert (connection.server_hostname, connection.assert_hostname) == ("login.example", "login.example")
    assert connection.ssl_context.verify_mode == ssl.CERT_REQUIRED


def test_name_that_nobody_knows_is_told(monkeypatch):
    def unknown(*_args, **_options):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert why("https://login.example/") == fetching.NAME


def test_server_that_is_away_is_told(silent_port):
    assert why(f"http://127.0.0.1:{silent_port}") == fetching.SILENT


def redirected(handler):
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/")
    handler.end_headers()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (redirected, fetching.STATUS),
        (lambda handler: handler.tell({}, status=404), fetching.STATUS),
        (lambda handler: handler.tell(["a", "list"]), fetching.CONTENT),
        (lambda handler: handler.tell({"x": "x" * fetching.LONGEST}), fetching.CONTENT),
    ],
)
def test_answer_that_cannot_be_used_is_told(answer, expected):
    with provider_server() as server:
        server.raw["/x"] = answer
        assert why(f"{server.issuer}/x") == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [(b"", fetching.SILENT), (b"HTTP/1.0 200 OK\r\nContent-Length: 9000\r\n\r\n", fetching.CONTENT)],
)
def test_answer_without_an_end_is_given_up(monkeypatch, before, expected):
    """A byte comes now and then, each in time: it is the whole that is measured."""
    monkeypatch.setattr(fetching, "SECONDS", 1)  # enough for a beginning, and not for a hundred bytes
    sent = []

    def dripping(handler):
        handler.wfile.write(before)
        with suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b"H")
                sent.append(b"H")
                time.sleep(0.05)

    with provider_server() as server:
        server.raw["/x"] = dripping
        assert why(f"{server.issuer}/x") == expected
        assert len(sent) < 100
