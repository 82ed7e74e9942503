"""Percentages and changes that a reader may trust: below twenty actions a page describes, it does not compare."""

from dataclasses import dataclass
from typing import Literal

COMPARE_FROM = 20


@dataclass(frozen=True)
class Change:
    """How many more or fewer than in the period before."""

    difference: int
    direction: Literal["more", "fewer"]


def share(part: int, whole: int) -> int | None:
    """Whole percent, halves rounded up; None where the whole is too small for percentages."""
    if whole < COMPARE_FROM:
        return None
    return (200 * part + whole) // (2 * whole)


def comparable(total_now: int, total_before: int) -> bool:
    """Whether both pages have enough actions to be compared at all."""
    return min(total_now, total_before) >= COMPARE_FROM


def change(now: int, before: int) -> Change | None:
    """The change between two counts of `comparable` pages, None where chance alone may explain it.

    Counts that vary by chance alone have a spread of about their square root; a change exceeds twice that.
    """
    difference = abs(now - before)
    if difference**2 <= 4 * max(now, before):
        return None
    return Change(difference, "more" if now > before else "fewer")
