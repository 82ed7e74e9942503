"""A new e-mail address for an account: asked for by its owner or proposed by an admin, and proven by its owner alone."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from teams.forms.own import AddressForm
from teams.models import Worker
from teams.requests import SignedIn, bind, for_admins
from teams.signing_in import addresses, guesses, own_means, sessions


@require_http_methods(["GET", "POST"])
@own_means.first
@reauthentication_required
def own(request: SignedIn) -> HttpResponse:
    form = bind(AddressForm, request, worker=request.user)
    if form.is_valid() and _proposed(request, form, request.user):
        return redirect("teams:address")
    return render(request, "teams/address_edit.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_admins
def of_person(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Worker.objects.editable_by(request.user).active(), pk=pk)
    form = bind(AddressForm, request, worker=found)
    if form.is_valid() and _proposed(request, form, found):
        return redirect("teams:person", pk)
    context = {"form": form, "person": found}
    return render(request, "teams/person_address.html", context, status=422 if form.is_bound else 200)


def _proposed(request: SignedIn, form: AddressForm, worker: Worker) -> bool:
    """Whether an address has an account is told to its owner alone, by mail."""
    if not guesses.may_mail(request, guesses.ADDRESSES_MAILED, str(request.user.pk)):
        form.add_error("email", _("Too many messages were sent for this. Wait five minutes."))
        return False
    email = form.cleaned_data["email"]
    token = addresses.propose(worker, email, now=timezone.now(), by=request.user)
    url = settings.SITE_URL + reverse("teams:address_confirm", args=[token])
    name = "address_taken" if addresses.is_taken(email) else "address_confirm"
    with translation.override(worker.language_code):
        get_adapter().send_mail(f"account/email/{name}", email, {"url": url})
    messages.success(
        request, _("A link is on its way to %(email)s. Until it is opened, nothing changes.") % {"email": email}
    )
    return True


@never_cache
@require_http_methods(["GET", "POST"])
@own_means.first
def confirm(request: SignedIn, token: str) -> HttpResponse:
    """Asked for, it changes nothing: programs that look at links in mail would confirm it."""
    now = timezone.now()
    try:
        change = addresses.of(token, request.user, now=now)
        if request.method != "POST":
            return render(request, "teams/address_confirm.html", {"email": change.email})
        before = addresses.confirm(token, request.user, now=now)
    except addresses.NotOpen:
        return render(request, "teams/address_closed.html", status=410)
    sessions.end_others(request, request.user)
    get_adapter().send_notification_mail("account/email/address_changed", request.user, email=before)
    messages.success(request, _("From now on you sign in with %(email)s.") % {"email": change.email})
    return redirect("mfa_index")
