"""Spans of whole days that figures are made for: calendar months, quarters, and any first and last day."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

CADENCES = {"monthly": 1, "quarterly": 3}
YEARS = range(1900, 2201)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """Whole days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period cannot end on {self.last}, before it starts on {self.first}.")

    @classmethod
    def containing(cls, day: date, cadence: str) -> Self:
        """The calendar month ("monthly") or quarter ("quarterly") that the day lies in."""
        months = _months_of(cadence)
        return cls._starting(day.year, day.month - (day.month - 1) % months, months)

    @classmethod
    def parse(cls, first: str, last: str) -> Self:
        """From two days written YYYY-MM-DD; ValueError where one is no such day or the last comes first."""
        return cls(_day(first), _day(last))

    @classmethod
    def _starting(cls, year: int, month: int, months: int) -> Self:
        """So many whole months; `month` may lie outside 1 to 12 and then counts into other years."""
        start, end = year * 12 + month - 1, year * 12 + month - 2 + months
        return cls(
            date(start // 12, start % 12 + 1, 1),
            date(end // 12, end % 12 + 1, monthrange(end // 12, end % 12 + 1)[1]),
        )

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> int | None:
        """How many calendar months it covers, None where it starts or ends within one."""
        if self.first.day != 1 or (self.last + DAY).day != 1:
            return None
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def previous(self) -> Self:
        """The span of the same length just before: as many months where it is whole months, else as many days."""
        if months := self.whole_months:
            return self._starting(self.first.year, self.first.month - months, months)
        return type(self)(self.first - self.days * DAY, self.first - DAY)

    def next(self) -> Self:
        """The span of the same length just after, counted as in `previous`."""
        if months := self.whole_months:
            return self._starting(self.first.year, self.first.month + months, months)
        return type(self)(self.last + DAY, self.last + self.days * DAY)

    def in_whole_months(self) -> Self:
        """With all days of the calendar months that it touches."""
        months = list(self._calendar())
        return type(self)(months[0].first, months[-1].last)

    def months(self) -> list[Self]:
        """The calendar months that it touches, the first and the last clipped to it."""
        return [type(self)(max(self.first, month.first), min(self.last, month.last)) for month in self._calendar()]

    def _calendar(self) -> Iterator[Self]:
        month = self.containing(self.first, "monthly")
        while month.first <= self.last:
            yield month
            month = month.next()

    def is_closed(self, *, today: date, grace_days: int) -> bool:
        """Whether it has ended and its days of grace are over as well."""
        return (today - self.last).days > grace_days


@dataclass(frozen=True)
class Rhythm:
    """The cadence of an agency's periods, and the quarters from whose first day on it is another one."""

    cadence: str
    changes: Mapping[date, str] = field(default_factory=dict)

    def on(self, day: date) -> str:
        """The cadence of the period that the day lies in."""
        begun = [first for first in self.changes if first <= day]
        return self.changes[max(begun)] if begun else self.cadence

    def containing(self, day: date) -> Period:
        return Period.containing(day, self.on(day))

    def starting(self, day: date) -> Period:
        """The period that starts on the day: the cadence's where it starts one, else what is left of its month."""
        period = self.containing(day)
        if period.first == day:
            return period
        return Period(day, Period.containing(day, "monthly").last)


def due(
    *, reports_from: date, rhythm: Rhythm, today: date, grace_days: int, closed_through: date | None = None
) -> list[Period]:
    """Periods whose end and grace days are over, from the first not yet closed one on, without a gap or overlap.

    A quarter is due only from a quarter's first day on; up to there, where months were closed before, months are.
    """
    periods = []
    period = rhythm.starting(closed_through + DAY if closed_through else reports_from)
    while period.is_closed(today=today, grace_days=grace_days):
        periods.append(period)
        period = rhythm.starting(period.last + DAY)
    return periods


def between(*, first: date, last: date, rhythm: Rhythm) -> list[Period]:
    """The whole periods from the first day to the last; ValueError where these are not the ends of such periods."""
    if last < first:
        raise ValueError(f"The last day, {last}, comes before the first, {first}.")
    start, end = rhythm.containing(first), rhythm.containing(last)
    if first != start.first:
        raise ValueError(f"{first} is not the first day of a {rhythm.on(first)} period; that is {start.first}.")
    if last != end.last:
        raise ValueError(f"{last} is not the last day of a {rhythm.on(last)} period; that is {end.last}.")
    periods = [start]
    while periods[-1].last < last:
        periods.append(rhythm.containing(periods[-1].last + DAY))
    return periods


def presets(today: date) -> dict[str, Period]:
    """The spans offered on a dashboard, by the code that its address carries."""
    quarter, month = Period.containing(today, "quarterly"), Period.containing(today, "monthly")
    return {
        "this_quarter": quarter,
        "last_quarter": quarter.previous(),
        "this_month": month,
        "last_month": month.previous(),
        "last_12_months": Period(month.next().first.replace(year=month.next().first.year - 1), month.last),
    }


def _months_of(cadence: str) -> int:
    if cadence not in CADENCES:
        raise ValueError(f"The cadence must be one of {', '.join(CADENCES)}, not {cadence!r}.")
    return CADENCES[cadence]


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"{text!r} is not a day written as YYYY-MM-DD.")
    if day.year not in YEARS:
        raise ValueError(f"{text} lies outside the years {YEARS[0]} to {YEARS[-1]}.")
    return day
