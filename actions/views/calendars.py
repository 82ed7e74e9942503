"""My calendar of promises: its secret link for me to copy, and the feed for whoever has the link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from actions import calendars
from teams.models import Worker
from teams.requests import SignedIn, for_workers
from teams.signing_in import own_means


@require_safe
@own_means.first  # the link goes on when the session is over
@for_workers
def calendar(request: SignedIn) -> HttpResponse:
    return render(request, "actions/calendar.html", {"address": calendars.address(request.user)})


@require_POST
@own_means.first
@for_workers
def switch_on(request: SignedIn) -> HttpResponse:
    calendars.switch_on(request.user)
    messages.success(request, _("Here is your new link. An earlier one no longer works."))
    return redirect("actions:calendar")


@require_POST
@for_workers
def switch_off(request: SignedIn) -> HttpResponse:
    calendars.switch_off(request.user)
    messages.success(request, _("The calendar is off: its link no longer works."))
    return redirect("actions:calendar")


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        worker = calendars.owner(token)
    except Worker.DoesNotExist as error:
        raise Http404 from error
    return HttpResponse(calendars.feed(worker, now=timezone.now()), content_type="text/calendar; charset=utf-8")
