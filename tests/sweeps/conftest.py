import pytest

from tests.sweeps import world as worlds


@pytest.fixture
def world(db, time_machine):
    time_machine.move_to(worlds.NOW)
    return worlds.build()
