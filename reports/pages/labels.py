"""How periods and numbers are written, in the reader's language."""

from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.periods import Period


def period_label(period: Period) -> str:
    """ "May 2026", "April to June 2026", "November 2025 to January 2026", or the two days."""
    if period.whole_months is None:
        days = {"first": date_format(period.first), "last": date_format(period.last)}
        return pgettext("days", "%(first)s to %(last)s") % days
    last = date_format(period.last, "F Y")
    if period.whole_months == 1:
        return last
    same_year = period.first.year == period.last.year
    first = date_format(period.first, "F" if same_year else "F Y")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def number(n: int | Decimal) -> str:
    """With the thousands set apart, which a number in a template is not unless asked (`intcomma`)."""
    return number_format(n, force_grouping=True)
