"""Teams with a quarter of shared actions behind them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from actions.models import Action
from reports.figures.team_figures import NO_PROMISES
from reports.periods import Period
from tests.factories import make_action, make_commitment, make_worker
from tests.reports.tally import GroupedRow, tally

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
CLOSING = datetime(2026, 7, 8, 16, 0, tzinfo=UTC)  # noon in Toronto, on the first day after the grace days


def make_quarter(author, n=3, **changes):
    """n shared actions in April, May and June in turn."""
    days = [date(2026, 4 + i % 3, 1 + i % 28) for i in range(n)]
    return [make_action(author, done_on=day, logged_on=day, **changes) for day in days]


def make_figures(n, *, period=QUARTER, promises=NO_PROMISES, served=(), **parts):
    """Figures of n actions made of nothing; the values given for a part are gone through again and again."""
    alike = {
        "month": [f"{month.first:%Y-%m}" for month in period.months()],
        "practice": [1],
        "kind": ["advocacy"],
        "stance": ["proactive"],
        "level": ["individual"],
        "direction": ["co_designed", "consulted"],
        "heard_back": ["not_asked"],
        "communities": [()],
    }
    rows = [
        GroupedRow(n=1, hours=Decimal(0), **{part: values[i % len(values)] for part, values in (alike | parts).items()})
        for i in range(n)
    ]
    return tally(rows, period=period, promises=promises, served=served)


def make_promise(author, due_on, **changes):
    action = make_action(author, done_on=date(2026, 4, 2), logged_on=date(2026, 4, 2))
    return make_commitment(action, due_on=due_on, **changes)


def make_many(authors, n, **changes):
    """n counted actions of the quarter by the authors in turn, all at once; without a team unless one is given."""
    first = make_action(authors[0], **{"done_on": date(2026, 5, 4), "visibility": "counted", "team": None} | changes)
    values = {
        field.attname: getattr(first, field.attname)
        for field in Action._meta.concrete_fields
        if field.name not in {"id", "author", "created_at"}
    }
    others = [Action(**values, author=authors[i % len(authors)]) for i in range(1, n)]
    return [first, *Action.objects.bulk_create(others)]


def make_staff(agency, n=8):
    """So many workers of the agency, in no team."""
    return [make_worker(agency) for _ in range(n)]
