"""Measures things side by side: interleaved rounds, so that a busy moment of the machine hits all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """A limit that a measured figure must keep to."""

    name: str
    figure: float
    limit: float
    unit: str

    @property
    def holds(self) -> bool:
        return self.figure <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "OVER"
        return f"{self.name:<44} {self.figure:>7.2f} {self.unit:<8} limit {self.limit:>5.2f}  {verdict}"


def cpu(calls: Mapping[str, Callable[[], object]], *, rounds: int, times: int) -> dict[str, float]:
    """The CPU seconds of one call of each, in this process: the median over the rounds of `times` calls each."""
    for call in calls.values():
        call()
    measured: dict[str, list[float]] = {name: [] for name in calls}
    for _round in range(rounds):
        for name, call in calls.items():
            start = time.process_time()
            for _time in range(times):
                call()
            measured[name].append((time.process_time() - start) / times)
    return {name: statistics.median(values) for name, values in measured.items()}
