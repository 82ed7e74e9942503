"""When an agency's next team summaries are made and sent, on its own clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Max

from reports import summaries
from reports.periods import DAY, Period
from teams.models import Agency


@dataclass(frozen=True)
class Next:
    """The first period that is not over yet, and the moment after its grace days, from when on it is closed."""

    period: Period
    closes_at: datetime


def next_summary(agency: Agency) -> Next:
    rhythm = summaries.rhythm_of(agency)
    through = agency.periods.aggregate(through=Max("last_day"))["through"]
    period = rhythm.starting(through + DAY if through else agency.reports_from)
    first_day_after = period.last + timedelta(days=agency.grace_days) + DAY
    return Next(period, datetime.combine(first_day_after, time.min, tzinfo=agency.zone))
