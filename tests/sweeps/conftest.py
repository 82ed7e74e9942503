import pytest

from allyship import offline
from teams.signing_in import sessions
from tests.sweeps import world as worlds


@pytest.fixture
def world(db, time_machine, monkeypatch):
    time_machine.move_to(worlds.NOW)
    monkeypatch.setattr(sessions, "NOTED_EVERY", 600)  # a slow machine sends no statement more than a fast one
    offline._script()  # made once for each process, whoever asks first
    return worlds.build()
