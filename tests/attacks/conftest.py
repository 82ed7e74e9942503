"""The world of the sweeps, and somebody in it who means harm."""

import pytest

from tests.attacks.attacker import Attacker
from tests.sweeps.conftest import world  # noqa: F401


def pytest_terminal_summary(terminalreporter):
    """How large the suite is, where one process runs all of it."""
    if Attacker.sent:
        terminalreporter.write_line(f"attacks: {Attacker.sent} requests")


@pytest.fixture
def attacker(world):  # noqa: F811
    return Attacker(world)


@pytest.fixture
def attacker_with_token(world):  # noqa: F811
    """In a browser that is asked for the token of every form."""
    return Attacker(world, with_token=True)
