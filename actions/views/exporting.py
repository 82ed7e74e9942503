"""All that is mine as a file, built while I wait and kept nowhere; for a closed account by the link that was mailed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actions import departures, export_files, exports
from actions.export_files import Format
from actions.models import Departure
from teams.models import Worker
from teams.requests import SignedIn, for_workers
from teams.signing_in import own_means


@require_safe
@own_means.first
@for_workers
def mine(request: SignedIn) -> HttpResponse:
    return render(request, "actions/export.html")


@require_safe
@own_means.first
@for_workers
def download(request: SignedIn, kind: str) -> HttpResponse:
    return _file(request.user, kind)


@login_not_required
@never_cache
@require_safe
def departure(request: HttpRequest, token: str) -> HttpResponse:
    """What a worker who left finds behind her link."""
    left = _left(token)
    with timezone.override(left.agency.zone):
        return render(request, "actions/departure.html", {"departure": left, "token": token})


@login_not_required
@never_cache
@require_safe
def departure_download(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    left = _left(token)
    with timezone.override(left.agency.zone):
        return _file(left.worker, kind)


def _left(token: str) -> Departure:
    try:
        return departures.of(token, now=timezone.now())
    except Departure.DoesNotExist as error:
        raise Http404 from error


def _file(owner: Worker, kind: str) -> HttpResponse:
    if kind not in Format.values:
        raise Http404
    made_at = timezone.localtime()
    return export_files.response(exports.of(owner), Format(kind), today=made_at.date(), made_at=made_at)
