"""How long texts are kept: those of actions and the like for as many months as the agency says, reflections until their
author has been away for two years.
"""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from teams.models import Agency, Worker

REFLECTION_MONTHS = 24
WARNED_BEFORE = timedelta(days=30)


def oldest_kept(agency: Agency, *, now: datetime, months: int | None = None) -> date:
    """Texts from before this day go, by the agency's calendar and its months, or other ones that it thinks of."""
    return now.astimezone(agency.zone).date() - relativedelta(months=months or agency.text_months)


def reflections_end(worker: Worker) -> date | None:
    """The day on which hers are over, unless she signs in again; None where she never did."""
    if worker.last_login is None or worker.agency is None:
        return None
    return worker.last_login.astimezone(worker.agency.zone).date() + relativedelta(months=REFLECTION_MONTHS)
