"""When which server was away, by a clock that nobody sets: what fell in that time is judged by it."""

import time
from contextlib import contextmanager
from math import inf

POSTGRES, VALKEY, NOTHING = "PostgreSQL is down", "Valkey is down", "nothing is down"


class Outages:
    def __init__(self):
        self._all: list[tuple[str, float, float]] = []

    @contextmanager
    def of(self, what):
        begun = time.monotonic()
        self._all.append((what, begun, inf))
        yield
        self._all[self._all.index((what, begun, inf))] = (what, begun, time.monotonic())

    def during(self, begun, ended):
        """All that was away in some part of that time, and be it at its very beginning or end."""
        return {what for what, since, until in list(self._all) if since <= ended and begun <= until}

    def now(self):
        return self.during(time.monotonic(), inf)

    def to_blame(self, begun, ended):
        """PostgreSQL before Valkey: no page works without it, and all must work without the other."""
        away = self.during(begun, ended)
        return next((what for what in (POSTGRES, VALKEY) if what in away), NOTHING)
