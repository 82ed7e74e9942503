"""Accepting an invitation by its link, without a sign-in; and asking for a new one where the link is too old."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from teams import invitations
from teams.forms.invitations import JoinForm
from teams.models import Invitation, Provider
from teams.requests import bind


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _of(token)
    if not invitations.is_open(invitation, now=timezone.now()):
        return _closed(request, invitation, token)
    provider = Provider.objects.filter(agency=invitation.agency_id).first()
    if provider and provider.is_required and not invitation.is_admin:
        return redirect("teams:join_by_account", token)
    form = bind(JoinForm, request, invitation=invitation)
    if form.is_valid():
        try:
            form.accept()
        except invitations.NotOpen:
            return _closed(request, invitation, token)
        messages.success(
            request, _("Your account is ready. Sign in with your address and the password that you chose.")
        )
        return redirect("account_login")
    context = {"form": form, "invitation": invitation, "token": token, "provider": provider}
    return render(request, "teams/join.html", context, status=422 if form.is_bound else 200)


@login_not_required
@never_cache
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is always the same: it tells nobody whether the invitation stands, or who has an account."""
    invitation = _of(token)
    invitations.ask_again(invitation, now=timezone.now())
    return render(request, "teams/join_again.html", {"agency": invitation.agency})


def _closed(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    context = {"agency": invitation.agency, "token": token}
    return render(request, "teams/join_closed.html", context, status=410)


def _of(token: str) -> Invitation:
    try:
        return invitations.of(token)
    except Invitation.DoesNotExist as error:
        raise Http404 from error
