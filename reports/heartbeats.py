"""When each periodic job last succeeded, and what is stuck."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from reports.mails import deliveries
from reports.models import AgencyPeriod, Delivery, Heartbeat, ProtectedQuarter
from teams import account_mails
from teams.models import AccountMail

LATE_AFTER = {
    "tick": timedelta(minutes=5),
    "deliver": timedelta(minutes=5),
    "housekeeping": timedelta(hours=2, minutes=10),
    "retention": timedelta(hours=2, minutes=10),
}
STUCK_AFTER = timedelta(minutes=30)
PREPARED = "prepared"  # not a job: when this version was set up, from when on a first run is awaited


def beat(job: str, *, now: datetime) -> None:
    Heartbeat.objects.update_or_create(job=job, defaults={"last_success": now})


@dataclass(frozen=True)
class Report:
    """Last success of each job (None: never), those that are late, and rows that need a person."""

    last_success: dict[str, datetime | None]
    late: list[str]
    stuck_periods: int
    stuck_deliveries: int
    stuck_account_mails: int

    @property
    def is_well(self) -> bool:
        return not (self.late or self.stuck_periods or self.stuck_deliveries or self.stuck_account_mails)

    def as_json(self) -> dict[str, object]:
        return {
            "status": "ok" if self.is_well else "attention",
            "last_success": {job: at and at.isoformat(timespec="seconds") for job, at in self.last_success.items()},
            "late": self.late,
            "stuck_periods": self.stuck_periods,
            "stuck_deliveries": self.stuck_deliveries,
            "stuck_account_mails": self.stuck_account_mails,
        }


def report(*, now: datetime) -> Report:
    """A success that is still to come tells of a clock that was wrong, and of no job that runs."""
    last = dict(Heartbeat.objects.values_list("job", "last_success"))
    awaited_from = last.get(PREPARED, datetime.min.replace(tzinfo=UTC))
    return Report(
        last_success={job: last.get(job) for job in LATE_AFTER},
        late=[job for job, limit in LATE_AFTER.items() if abs(now - last.get(job, awaited_from)) > limit],
        stuck_periods=sum(
            closing.objects.filter(closed_at=None, noticed_at__lt=now - STUCK_AFTER).count()
            for closing in (AgencyPeriod, ProtectedQuarter)
        ),
        stuck_deliveries=_stuck_deliveries(now).count(),
        stuck_account_mails=AccountMail.objects.filter(
            Q(attempts__gte=account_mails.STUCK_FROM) | Q(due_at__lt=now - STUCK_AFTER)
        ).count(),
    )


def _stuck_deliveries(now: datetime) -> QuerySet[Delivery]:
    """Given up, tried for half an hour, or not even tried for as long."""
    waiting = Q(status=Delivery.Status.PENDING) | Q(status=Delivery.Status.SENDING)
    too_long = Q(attempts__gte=deliveries.STUCK_FROM) | Q(due_at__lt=now - STUCK_AFTER)
    given_up = Q(status=Delivery.Status.FAILED) & ~Q(last_error=deliveries.NO_LONGER_ENTITLED)
    return Delivery.objects.filter(given_up | waiting & too_long)
