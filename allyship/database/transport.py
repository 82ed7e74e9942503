"""Whether what goes to the database and back can be read on its way."""

from collections.abc import Mapping
from typing import Any

THIS_MACHINE = {"", "localhost", "127.0.0.1", "::1"}
FROM_ENVIRONMENT = ("host", "hostaddr", "service", "sslmode")


def is_safe(parameters: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Whether libpq's parameters keep to this machine, or ask who the other one is and encrypt.

    `require` is not enough: it encrypts for whoever answers in the database's place. What the parameters leave open,
    libpq takes from a service file, of which nothing is known here, and then from the environment.
    """
    if parameters.get("sslmode") == "verify-full":
        return True
    left = {name: environment.get(f"PG{name.upper()}", "") for name in FROM_ENVIRONMENT}
    said: dict[str, Any] = {**left, **parameters}
    if said["service"]:
        return False
    hosts = str(said["hostaddr"] or said["host"]).split(",")
    return said["sslmode"] == "verify-full" or all(_is_here(host) for host in hosts)


def _is_here(host: str) -> bool:
    """A name of this machine, or the folder of a socket."""
    return host in THIS_MACHINE or host.startswith(("/", "@"))
