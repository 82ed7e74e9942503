"""Teams with a quarter of shared actions behind them."""

from datetime import UTC, date, datetime

from reports.periods import Period
from tests.factories import make_action, make_commitment

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
CLOSING = datetime(2026, 7, 8, 16, 0, tzinfo=UTC)  # noon in Toronto, on the first day after the grace days


def make_quarter(author, n=3, **changes):
    """n shared actions in April, May and June in turn."""
    days = [date(2026, 4 + i % 3, 1 + i % 28) for i in range(n)]
    return [make_action(author, done_on=day, logged_on=day, **changes) for day in days]


def make_promise(author, due_on, **changes):
    action = make_action(author, done_on=date(2026, 4, 2), logged_on=date(2026, 4, 2))
    return make_commitment(action, due_on=due_on, **changes)
