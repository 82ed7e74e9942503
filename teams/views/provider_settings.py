"""The part of the settings that sets up the agency's own sign-in: by admins alone, and its secret is shown to nobody."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from teams import agencies
from teams.forms.providers import ProviderForm
from teams.models import Agency, Provider
from teams.requests import SignedIn, agency_of, bind, for_admins, over_saved
from teams.signing_in import guesses, providers


@transaction.non_atomic_requests
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@for_admins
def provider(request: SignedIn) -> HttpResponse:
    """The other server is asked before anything is saved."""
    agency = agency_of(request)
    if request.POST.get("issuer") and not guesses.is_allowed(request, guesses.AGENCY_SIGN_INS):
        messages.error(request, _("Too many people tried this from your network. Wait five minutes."))
        return redirect("reports:settings")
    form = bind(ProviderForm, request, agency=agency, provider=Provider.objects.visible_to(request.user).first())
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            form.save(by=request.user)
        except agencies.StaleSettings:
            status = 409
            over_saved(form, seen=Agency.objects.get(pk=agency.pk).version)
        else:
            messages.success(request, _("Saved. The sign-in answers. Try it yourself before you tell others."))
            return redirect("reports:settings")
    context = {
        "form": form,
        "back_address": providers.back_address(agency),
        "is_stale": status == 409,
    }
    return render(request, "teams/provider_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_admins
def remove(request: SignedIn) -> HttpResponse:
    found = get_object_or_404(Provider.objects.visible_to(request.user))
    if request.method == "POST":
        try:
            providers.remove(agency_of(request), seen=_number(request.POST.get("seen", "")), by=request.user)
        except agencies.StaleSettings:
            messages.error(request, _("Somebody else changed the settings meanwhile. Read them again first."))
        else:
            messages.success(request, _("Removed. Everybody signs in with a password, a passkey or a code again."))
        return redirect("reports:settings")
    return render(request, "teams/provider_remove.html", {"provider": found, "seen": agency_of(request).version})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
