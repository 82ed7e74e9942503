import socket

import pytest


@pytest.fixture
def silent_port():
    """Nobody listens there, nor can anybody else take it meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
