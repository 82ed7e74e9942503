"""Is it alive, and is it doing its work: for a load balancer and for the operator."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports import heartbeats


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers and reaches its database; nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The periodic jobs run on time and no row is stuck; 503 where one is late."""
    report = heartbeats.report(now=timezone.now())
    return JsonResponse(report.as_json(), status=200 if report.is_well else 503)
