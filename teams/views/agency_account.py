"""Signing in by the agency's own account, linking it, and joining by it: one way there, and one way back.

What was asked is kept in the sealed session, for ten minutes and one answer. Other servers are asked on the way, so these
run outside a transaction.
"""

import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import invitations
from teams.forms.providers import AgencyForm, JoinByAccountForm
from teams.models import Invitation, Provider
from teams.requests import SignedIn, bind, for_workers, local_address
from teams.signing_in import guesses, oidc, providers
from teams.signing_in.fetching import NotFetched
from teams.signing_in.second_factors import AGENCY_ACCOUNT
from teams.signing_in.typed import TYPED, carried, carry_on

logger = logging.getLogger(__name__)
ATTEMPT: Final = "agency_account"  # in a session: what was asked, of whom and what for
LASTS = 10 * 60  # seconds
SIGN_IN, LINK, JOIN = "sign in", "link", "join"


# The way there ------------------------------------------------------------------------------------------------------


@transaction.non_atomic_requests
@login_not_required
@never_cache
@sensitive_post_parameters(TYPED)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """It may be reached from the sign-in page, with what was typed before, which goes along."""
    if request.user.is_authenticated:
        return redirect(local_address(request, request.GET.get("next", "")))
    is_answered = request.method == "POST" and "agency" in request.POST
    initial = {"agency": request.GET.get("agency", "")}
    form = bind(AgencyForm, request, initial=initial) if is_answered else AgencyForm(initial=initial)
    following = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        typed = request.POST.get(TYPED, "")
        return _set_out(request, form.provider, SIGN_IN, next=following, typed=typed)
    context = {"form": form, "next": following, **carried(request)}
    return render(request, "account/agency_account.html", context, status=422 if form.is_bound else 200)


@transaction.non_atomic_requests
@require_POST
@for_workers
@reauthentication_required
def link(request: SignedIn) -> HttpResponse:
    provider = Provider.objects.select_related("agency").filter(agency=request.user.agency).first()
    if provider is None:
        raise Http404
    return _set_out(request, provider, LINK, worker=str(request.user.pk))


@require_POST
@for_workers
@reauthentication_required
def unlink(request: SignedIn) -> HttpResponse:
    if providers.signs_in_there_only(request.user):
        messages.error(request, _("Your agency wants everybody to sign in with its own account, so it stays linked."))
    elif providers.unlink(request.user, by=request.user):
        get_adapter().send_notification_mail("account/email/agency_account_unlinked", request.user)
        messages.success(request, _("Your agency’s account no longer opens this one."))
    return redirect("mfa_index")


@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation = invitations.of(token)
    except Invitation.DoesNotExist as error:
        raise Http404 from error
    provider = Provider.objects.select_related("agency").filter(agency=invitation.agency_id).first()
    if provider is None or not invitations.is_open(invitation, now=timezone.now()):
        return redirect("teams:join", token)
    form = bind(JoinByAccountForm, request, initial={"language": invitation.language})
    if form.is_valid():
        return _set_out(request, provider, JOIN, token=token, **form.cleaned_data)
    context = {"form": form, "invitation": invitation, "token": token, "provider": provider}
    return render(request, "teams/join_by_account.html", context, status=422 if form.is_bound else 200)


def _set_out(request: HttpRequest, provider: Provider, purpose: str, **about: str) -> HttpResponse:
    """A page that leads there, and goes on by itself: forms of ours are sent to nobody else (CSP form-action)."""
    if not guesses.is_allowed(request, guesses.AGENCY_SIGN_INS):
        return _failed(request, _("Too many people tried this from your network. Wait five minutes."), status=429)
    client, attempt = providers.client(provider), oidc.Attempt.new()
    try:
        endpoints = oidc.Endpoints.of(client.issuer)
    except (NotFetched, oidc.Refused) as error:
        logger.warning("The sign-in of %s cannot be used: %s", provider.agency.slug, error.why)
        return _failed(request, _("Your agency’s sign-in does not answer just now. Try again later."), status=503)
    back = providers.back_address(provider.agency)
    address = oidc.address_to_ask(client, endpoints, attempt, back=back, acr=provider.acr)
    request.session[ATTEMPT] = {
        "purpose": purpose,
        "provider": str(provider.pk),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "at": timezone.now().timestamp(),
        **about,
    }
    context = {"address": address, "host": urlsplit(address).hostname, "agency": provider.agency}
    response = render(request, "account/agency_account_go.html", context)
    response["Refresh"] = f"0;url={address}"
    return response


# The way back -------------------------------------------------------------------------------------------------------


@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_safe
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """Whatever is wrong with the answer, its attempt is over: nothing comes back twice."""
    asked = request.session.pop(ATTEMPT, None)
    provider = _asked_of(asked, slug)
    if provider is None:
        return _failed(request, _not_finished(), status=403)
    attempt = oidc.Attempt(state=asked["state"], nonce=asked["nonce"], verifier=asked["verifier"])
    came = {name: request.GET[name] for name in ("state", "code", "iss", "error") if name in request.GET}
    back_to = providers.back_address(provider.agency)
    try:
        claims = oidc.claims_of(providers.client(provider), attempt, came, back=back_to)
    except (NotFetched, oidc.Refused) as error:
        logger.warning("A sign-in at %s was not believed: %s", provider.agency.slug, error.why)
        return _failed(request, _not_finished(), status=403)
    return ENDS[asked["purpose"]](request, provider, claims, asked)


def _asked_of(asked: dict[str, Any] | None, slug: str) -> Provider | None:
    """Who was asked, where that was lately, and the answer came to its own address."""
    if asked is None or timezone.now().timestamp() - asked["at"] > LASTS:
        return None
    found = Provider.objects.select_related("agency").filter(pk=asked["provider"], agency__slug=slug)
    return found.first()


def _not_finished() -> str:
    return _("Signing in there was not finished, or took too long. Nothing was changed. Try again.")


def _signed_in(request: HttpRequest, provider: Provider, claims: dict[str, Any], asked: dict[str, Any]) -> HttpResponse:
    address = local_address(request, asked["next"])
    if request.user.is_authenticated:
        return redirect(address)
    try:
        worker = providers.worker_of(provider, claims["sub"])
    except providers.NoAccount:
        text = _(
            "No account here belongs to the one that you signed in with. If you have a password here, sign in with it "
            "and link the two under “Sign-in and security”. If not, ask your admin for an invitation."
        )
        return _failed(request, text, status=403)
    shown = providers.second_factor_is_shown(provider, claims)
    record_authentication(request, worker, AGENCY_ACCOUNT, second_factor=shown)
    return carry_on(request, perform_login(request, Login(user=worker, redirect_url=address)), asked["typed"])


def _linked(request: Any, provider: Provider, claims: dict[str, Any], asked: dict[str, Any]) -> HttpResponse:
    if not request.user.is_authenticated or str(request.user.pk) != asked["worker"]:
        return _failed(request, _not_finished(), status=403)
    try:
        providers.link(request.user, provider, claims["sub"], now=timezone.now())
    except providers.Taken:
        text = _("That account is linked already: to somebody else here, or another one is linked to yours.")
        return _failed(request, text, status=409)
    shown = providers.second_factor_is_shown(provider, claims)
    record_authentication(request, request.user, AGENCY_ACCOUNT, second_factor=shown)
    get_adapter().send_notification_mail("account/email/agency_account_linked", request.user)
    messages.success(request, _("Linked. From now on you can sign in with your agency’s account."))
    return redirect("mfa_index")


def _joined(request: HttpRequest, provider: Provider, claims: dict[str, Any], asked: dict[str, Any]) -> HttpResponse:
    invitation = invitations.of(asked["token"])
    said = {"name": asked["name"], "language": asked["language"]}
    try:
        providers.join(invitation, provider, claims["sub"], **said, now=timezone.now())
    except invitations.NotOpen:
        return redirect("teams:join", asked["token"])
    except providers.Taken:
        return _failed(request, _("That account is linked to somebody else here already."), status=409)
    return _signed_in(request, provider, claims, {"next": "", "typed": ""})


ENDS: dict[str, Callable[[HttpRequest, Provider, dict[str, Any], dict[str, Any]], HttpResponse]] = {
    SIGN_IN: _signed_in,
    LINK: _linked,
    JOIN: _joined,
}


def _failed(request: HttpRequest, text: str, *, status: int) -> HttpResponse:
    return render(request, "account/agency_account_failed.html", {"text": text}, status=status)
