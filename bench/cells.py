"""Measures things side by side: interleaved rounds, so that a busy moment of the machine hits all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


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
        return f"{self.name:<58} {self.figure:>7.2f} {self.unit:<9} limit {self.limit:>5.2f}  {verdict}"


def exact(name: str, *, holds: bool) -> Gate:
    """A gate on something that is right or wrong."""
    return Gate(name, 0 if holds else 1, 0, "wrong")


@dataclass(frozen=True)
class Cell:
    """Something to measure: `backend` is the process id of the database's side of it, 0 to leave that out.

    A call of a cell may do its work `times` times over, for as many teams.
    """

    call: Callable[[], object]
    backend: int = 0
    times: int = 1


def measured(cells: Mapping[str, Cell], *, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of one time of each cell in each round, after one to warm up; the cells take turns in every round."""
    for cell in cells.values():
        cell.call()
    found: dict[str, list[float]] = {name: [] for name in cells}
    for _round in range(rounds):
        for name, cell in cells.items():
            start = time.process_time() + _used_by(cell.backend)
            cell.call()
            found[name].append((time.process_time() + _used_by(cell.backend) - start) / cell.times)
    return found


def medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in found.items()}


def cpu(calls: Mapping[str, Callable[[], object]], *, rounds: int, times: int) -> dict[str, float]:
    """The CPU seconds of one call of each, in this process: the median over the rounds of `times` calls each."""

    def repeated(call: Callable[[], object]) -> Callable[[], object]:
        return lambda: [call() for _ in range(times)]

    cells = {name: Cell(repeated(call), times=times) for name, call in calls.items()}
    return medians(measured(cells, rounds=rounds))


def _used_by(process: int) -> float:
    """CPU seconds of it so far: to the nanosecond where the system tells, else to its ticks."""
    if not process:
        return 0
    precise = Path(f"/proc/{process}/schedstat")
    if precise.exists():
        return int(precise.read_text().split()[0]) / 1e9
    used = psutil.Process(process).cpu_times()
    return used.user + used.system
