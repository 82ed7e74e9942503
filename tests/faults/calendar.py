"""What must be there, worked out beside the app: by counting months on fingers, and with SQL on raw rows."""

from calendar import monthrange
from datetime import date

MONTHLY, QUARTERLY = "monthly", "quarterly"


def due_periods(start: date, cadences: dict[date, str], grace: int, today: date) -> set[tuple[date, date]]:
    """First and last day of all that are over; `start` is a quarter's first day, and so are those of `cadences`."""
    found, year, month = set(), start.year, start.month
    while date(year, month, 1) <= today:
        cadence = cadences[max(day for day in cadences if day <= date(year, month, 1))]
        for months in [(0, 2)] if cadence == QUARTERLY else [(0, 0), (1, 1), (2, 2)]:
            first, last = date(year, month + months[0], 1), end_of(year, month + months[1])
            if (today - last).days > grace:
                found.add((first, last))
        year, month = (year, month + 3) if month < 10 else (year + 1, 1)
    return found


def end_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def next_quarter(day: date) -> date:
    month = day.month - (day.month - 1) % 3 + 3
    return date(day.year + month // 12, month % 12, 1) if month > 12 else date(day.year, month, 1)
