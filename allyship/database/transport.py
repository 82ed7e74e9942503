"""Whether what goes to the database and back can be read on its way."""

from collections.abc import Mapping
from typing import Any

THIS_MACHINE = {"", "localhost", "127.0.0.1", "::1"}


def is_safe(parameters: Mapping[str, Any]) -> bool:
    """Whether libpq's parameters keep to this machine, or ask who the other one is and encrypt.

    `require` is not enough: it encrypts for whoever answers in the database's place.
    """
    hosts = str(parameters.get("hostaddr") or parameters.get("host") or "").split(",")
    return parameters.get("sslmode") == "verify-full" or all(_is_here(host) for host in hosts)


def _is_here(host: str) -> bool:
    """A name of this machine, or the folder of a socket."""
    return host in THIS_MACHINE or host.startswith(("/", "@"))
