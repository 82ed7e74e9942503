"""What each process of web counts of its requests; allyship/metrics.py adds up and tells."""

from typing import Final

from django.db import connection
from prometheus_client import Counter, Gauge, Histogram

SECONDS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

requests = Counter("allyship_requests", "Requests answered.", ["view", "status"])
latency = Histogram("allyship_request_seconds", "How long requests took.", ["view"], buckets=SECONDS)
pool = Gauge(
    "allyship_pool_connections",
    "Connections of web to its database, as of each process's last request.",
    ["state"],
    multiprocess_mode="livesum",
)


def count_request(view: str, status: int, seconds: float) -> None:
    requests.labels(view, status).inc()
    latency.labels(view).observe(seconds)
    found = connection.pool.get_stats() if connection.pool else {}  # type: ignore[attr-defined]
    for state, name in (("open", "pool_size"), ("idle", "pool_available"), ("awaited", "requests_waiting")):
        pool.labels(state).set(found.get(name, 0))
