"""What an import does not change any more: periods and quarters that are closed."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from reports.models import AgencyPeriod, ProtectedQuarter


def closed(days: Mapping[UUID, set[date]]) -> Iterator[str]:
    """The summaries and quarters that these days of agencies would have changed, were they not frozen."""
    periods = AgencyPeriod.objects.filter(closed_at__isnull=False, agency__in=days).select_related("agency")
    for period in periods.order_by("agency__name", "first_day"):
        if any(period.first_day <= day <= period.last_day for day in days[period.agency_id]):
            yield _("The summaries of %(agency)s for %(first)s to %(last)s are closed and will not change.") % {
                "agency": period.agency,
                "first": period.first_day.isoformat(),
                "last": period.last_day.isoformat(),
            }
    quarters = ProtectedQuarter.objects.filter(closed_at__isnull=False, agency__in=days).select_related("agency")
    for quarter in quarters.order_by("agency__name", "first_day"):
        assert quarter.agency is not None
        if any(quarter.period.first <= day <= quarter.period.last for day in days[quarter.agency.pk]):
            yield _("The figures of %(agency)s for %(first)s to %(last)s are closed and will not change.") % {
                "agency": quarter.agency,
                "first": quarter.period.first.isoformat(),
                "last": quarter.period.last.isoformat(),
            }
