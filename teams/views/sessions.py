"""Where somebody is signed in: her own browsers, and no other person's."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from teams.models import Session
from teams.requests import SignedIn
from teams.signing_in import own_means, sessions


@require_safe
def session_list(request: SignedIn) -> HttpResponse:
    running = Session.objects.of(request.user).running().order_by("-last_seen_at", "session_key")
    shown = [(session, own_means.began_without(session)) for session in running]
    context = {"sessions": shown, "this": request.session.session_key}
    return render(request, "teams/session_list.html", context)


@require_POST
def end(request: SignedIn, name: str) -> HttpResponse:
    found = next((session for session in Session.objects.of(request.user) if session.name == name), None)
    if found is None:
        raise Http404
    found.delete()
    messages.success(request, _("You are signed out there."))
    return redirect("teams:sessions")


@require_POST
def end_others(request: SignedIn) -> HttpResponse:
    sessions.end_others(request, request.user)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("teams:sessions")


@require_POST
def stay(request: SignedIn) -> HttpResponse:
    """Somebody is still there, though she sent nothing for a while."""
    sessions.note_seen(request.session, at_once=True)
    return HttpResponse(status=204)
