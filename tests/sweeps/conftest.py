import pytest

from allyship import offline
from tests.sweeps import world as worlds


@pytest.fixture
def world(db, time_machine):
    time_machine.move_to(worlds.NOW)
    offline._script()  # made once for each process, whoever asks first
    return worlds.build()
