"""Erasing texts by their age: in small transactions, again and again harmless, recorded without what they said.

While an agency holds its records, nothing of it goes by age.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from actions import asks, commitments, entries, retention
from actions.models import Erased, Purge, Reflection
from reports import summary_notes
from reports.models import Delivery
from teams.models import Agency, Worker

BATCH = 500
AT_MOST = 40  # batches of one kind in one run; the next hour's run takes the rest
ABSENT_AT_ONCE = 500


class OldTexts(Protocol):
    """A module that knows its own texts."""

    @property
    def older_than(self) -> Callable[[Agency, date], QuerySet]: ...

    @property
    def erase_old(self) -> Callable[..., int]: ...


TEXTS: dict[Erased, OldTexts] = {
    Erased.ACTIONS: entries,
    Erased.PROMISES: commitments,
    Erased.ASKS: asks,
    Erased.SUMMARY_NOTES: summary_notes,
}


def due(agency: Agency, *, now: datetime, months: int | None = None) -> int:
    """How many texts the next run would erase, at the agency's months or at other ones."""
    day = retention.oldest_kept(agency, now=now, months=months)
    return sum(texts.older_than(agency, day).count() for texts in TEXTS.values())


def erase_old(*, now: datetime) -> int:
    """Of all agencies; returns how many texts went. What fails stops no other, and is told at the end."""
    keys = Agency.objects.filter(held_on=None).order_by("pk").values_list("pk", flat=True)
    parts = [partial(_erase, key, what, now=now) for key in keys for what in TEXTS]
    parts += [partial(_erase_of, worker.pk, now=now) for worker in _long_absent(now=now)]
    total, failures = 0, []
    for part in parts:
        try:
            total += part()
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some texts were not erased", failures)
    return total


def _erase(key: UUID, what: Erased, *, now: datetime) -> int:
    total = 0
    for _batch in range(AT_MOST):
        erased = _erase_batch(key, what, now=now)
        total += erased
        if erased < BATCH:
            break
    return total


@transaction.atomic
def _erase_batch(key: UUID, what: Erased, *, now: datetime) -> int:
    """Under a lock on the agency's settings: a hold that was saved before it stops it."""
    agency = _locked(key)
    if agency.held_on:
        return 0
    day = retention.oldest_kept(agency, now=now)
    erased = TEXTS[what].erase_old(agency, day, at_most=BATCH)
    _record(agency, what, day, erased, now=now)
    return erased


def _locked(key: UUID) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(pk=key)


def _record(agency: Agency, what: Erased, before: date, n: int, *, now: datetime) -> None:
    if not n:
        return
    values = {"count": F("count") + n, "erased_at": now}
    Purge.objects.update_or_create(
        agency=agency, what=what, before=before, defaults=values, create_defaults={"count": n, "erased_at": now}
    )


# Reflections ---------------------------------------------------------------------------------------------------------


def _absent(since: datetime) -> QuerySet[Worker]:
    """Authors of reflections who last signed in before then; who left has a departure that sees to hers."""
    written = Reflection.objects.filter(author=OuterRef("pk"))
    away = Worker.objects.active().filter(Exists(written), last_login__lt=since, agency__held_on=None)
    return away.select_related("agency").order_by("last_login", "pk")


def warn_absent(*, now: datetime) -> int:
    """A mail to each whose reflections go in a month, once for each absence; after an outage she has her month all the
    same. Returns how many.
    """
    away = _absent(now - relativedelta(months=retention.REFLECTION_MONTHS) + retention.WARNED_BEFORE)
    rows = [_warning(worker, now=now) for worker in away[:ABSENT_AT_ONCE] if not _warned_for(worker)]
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True))


def _warned_for(worker: Worker) -> date | None:
    """The day that she was told, in this absence of hers."""
    told = Delivery.objects.filter(
        recipient=worker, kind=Delivery.Kind.REFLECTIONS_GO, week__gte=retention.reflections_end(worker)
    )
    return told.values_list("week", flat=True).first()


def _warning(worker: Worker, *, now: datetime) -> Delivery:
    end = retention.reflections_end(worker)
    assert end is not None and worker.agency is not None  # of `_absent`
    in_a_month = now.astimezone(worker.agency.zone).date() + retention.WARNED_BEFORE
    return Delivery(
        agency=worker.agency,
        kind=Delivery.Kind.REFLECTIONS_GO,
        week=max(end, in_a_month),
        recipient=worker,
        due_at=now,
    )


def _long_absent(*, now: datetime) -> QuerySet[Worker]:
    return _absent(now - relativedelta(months=retention.REFLECTION_MONTHS) + timedelta(days=1))[:ABSENT_AT_ONCE]


@transaction.atomic
def _erase_of(key: UUID, *, now: datetime) -> int:
    """Under a lock on her account: if she signs in meanwhile they stay, or she comes too late. Not before she was told."""
    worker = _absent(now).select_for_update(of=("self",), no_key=True).filter(pk=key).first()
    if worker is None or worker.agency is None or _locked(worker.agency.pk).held_on:
        return 0
    end, told, today = retention.reflections_end(worker), _warned_for(worker), now.astimezone(worker.agency.zone).date()
    if end is None or told is None or today < max(end, told):
        return 0
    erased, _by_model = Reflection.objects.filter(author=worker).delete()
    day = today - relativedelta(months=retention.REFLECTION_MONTHS)
    _record(worker.agency, Erased.REFLECTIONS, day, erased, now=now)
    return erased
