"""Reminders by e-mail: on or off, signed in or by the link in each of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from actions import reminders
from teams.models import Worker
from teams.requests import SignedIn, for_workers


@require_POST
@for_workers
def switch(request: SignedIn) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    reminders.switch(request.user, on=on)
    messages.success(request, _("Reminders by e-mail are on.") if on else _("Reminders by e-mail are off."))
    return redirect("actions:commitments")


@login_not_required
@csrf_exempt  # posted by mail programs as RFC 8058 has it, which know no page of ours; the token is the proof
@never_cache
@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Asked for, it changes nothing: programs that look at links in mail would switch it off."""
    try:
        worker = reminders.owner(token)
    except Worker.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        reminders.switch(worker, on=False)
    return render(request, "actions/reminders_off.html", {"is_off": not worker.gets_reminders})
