"""Figures for whoever runs the installation, in the text format of Prometheus: /metrics, behind a token.

Requests are counted by each process of web and added up by the one that answers; everything else is read from the
database, which is the only record. No figure is about a person, a team or an agency.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from reports import heartbeats
from reports.models import AgencyPeriod, Delivery, ProtectedQuarter
from teams.models import Import


@login_not_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """404 without the right token, as for an address that there is not."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not (settings.METRICS_TOKEN and constant_time_compare(request.headers.get("Authorization", ""), wanted)):
        raise Http404
    text = counted() + generate_latest(_registry(FromDatabase()))
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def counted() -> bytes:
    """By all processes of this web together; by this one alone where it was not started by gunicorn."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _registry(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry


# From the database --------------------------------------------------------------------------------------------------


class FromDatabase(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield from _jobs(now)
        yield from _waiting(now)
        yield from _queue()
        yield from _connections()


def _family(name: str, text: str, label: str = "") -> GaugeMetricFamily:
    return GaugeMetricFamily(f"allyship_{name}", text, labels=[label] if label else [])


def _jobs(now: datetime) -> Iterator[GaugeMetricFamily]:
    report = heartbeats.report(now=now)
    age = _family("job_age_seconds", "Since a periodic job last succeeded; none where it never did.", "job")
    late = _family("job_late", "1 where a periodic job is late, as /readyz has it.", "job")
    for job, at in report.last_success.items():
        if at:
            age.add_metric([job], (now - at).total_seconds())
        late.add_metric([job], job in report.late)
    stuck = _family("stuck", "Rows that need a person, as /readyz counts them.", "what")
    stuck.add_metric(["periods"], report.stuck_periods)
    stuck.add_metric(["deliveries"], report.stuck_deliveries)
    stuck.add_metric(["account_mails"], report.stuck_account_mails)
    yield from (age, late, stuck)


def _waiting(now: datetime) -> Iterator[GaugeMetricFamily]:
    states = dict(Delivery.objects.values_list("status").annotate(Count("pk")))
    deliveries = _family("deliveries", "Mails by what has become of them.", "status")
    for status in Delivery.Status.values:
        deliveries.add_metric([status], states.get(status, 0))
    due = _family("delivery_wait_seconds", "How long the mail that is overdue longest has waited.")
    oldest = Delivery.objects.filter(status=Delivery.Status.PENDING).aggregate(at=Min("due_at"))["at"]
    due.add_metric([], _seconds_since(oldest, now))
    yield from (deliveries, due)
    count = _family("periods_open", "Periods that are over and not closed yet.", "kind")
    wait = _family("period_wait_seconds", "Since the first of them was noticed.", "kind")
    for kind, rows in (("team", AgencyPeriod.objects.all()), ("protected", ProtectedQuarter.objects.all())):
        found: dict[str, Any] = rows.filter(closed_at=None).aggregate(n=Count("pk"), at=Min("noticed_at"))
        count.add_metric([kind], found["n"])
        wait.add_metric([kind], _seconds_since(found["at"], now))
    imports = _family("imports_unfinished", "Imports that are being checked or written.")
    imports.add_metric([], Import.objects.unfinished().count())
    yield from (count, wait, imports)


def _seconds_since(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - (at or now).astimezone(UTC)).total_seconds())


def _queue() -> Iterator[GaugeMetricFamily]:
    """Tasks that wait in Valkey; where that is away there is no number, and nothing else depends on it."""
    reached = _family("broker_up", "1 where web reaches Valkey.")
    try:
        with current_app.connection_for_write(transport_options={"socket_timeout": 1, "max_retries": 0}) as broker:
            name = current_app.conf.task_default_queue
            tasks = _family("queue_tasks", "Tasks that wait for a worker.")
            tasks.add_metric([], broker.default_channel.client.llen(name))
            yield tasks
            reached.add_metric([], 1)
    except (OSError, OperationalError, RedisError):
        reached.add_metric([], 0)
    yield reached


def _connections() -> Iterator[GaugeMetricFamily]:
    family = _family("database_connections", "Connections to the database, whoever has them.", "state")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
        )
        for state, count in cursor.fetchall():
            family.add_metric([state], count)
        cursor.execute("SELECT current_setting('max_connections')::int")
        limit = _family("database_connections_limit", "How many connections PostgreSQL accepts.")
        limit.add_metric([], cursor.fetchone()[0])
    yield from (family, limit)
