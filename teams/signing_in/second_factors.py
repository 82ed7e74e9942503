"""The second factor: who needs one, which codes are accepted, and how the secrets behind them are kept."""

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from teams import sealing
from teams.models import Membership, UsedTimeStep, Worker
from teams.requests import SignedIn
from teams.signing_in import providers, sessions

ENROLLED: Final = "second_factor_of"  # in a session: whose second factor was set up in it
AGENCY_ACCOUNT: Final = "agency account"  # the method of a sign-in by it, among the records of the session
PURPOSE = "second factors"
DIGITS, STEP_SECONDS = 6, 30
MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What is open to those who still need one: setting it up, signing out, and what everybody may read.
OPEN = {
    "account_logout",
    "account_reauthenticate",
    "account_reauthenticate_by_mail",
    "guide",
    "guide_page",
    "healthz",
    "manifest",
    "metrics",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "offline",
    "readyz",
    "service_worker",
    "teams:language",
}

# Open as well to those who have none of their own: their agency's account may ask for it, or have to be linked.
LINKING = {"teams:agency_account_back", "teams:agency_account_link"}


# Who needs one ------------------------------------------------------------------------------------------------------


def marked(workers: QuerySet[Worker]) -> QuerySet[Worker]:
    """With what decides about the second factor, in the statement that reads them."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return workers
    today, day = timezone.localdate(), timedelta(days=1)  # a day more at either end: her agency's zone is not known yet
    supervising = Membership.objects.supervising().during(today - day, today + day).filter(worker=OuterRef("pk"))
    enrolled = Authenticator.objects.filter(user=OuterRef("pk"), type__in=MAIN)
    return workers.annotate(supervises=Exists(supervising), has_second_factor=Exists(enrolled))


def is_missing(request: HttpRequest) -> bool:
    """Whether the reader has to have a second factor and has not shown it in this session."""
    worker: Any = request.user
    if not (settings.SECOND_FACTOR_REQUIRED and worker.is_authenticated):
        return False
    if not (worker.is_admin or worker.is_equity_lead or worker.is_analyst or worker.supervises):
        return False
    return not (_is_shown(request, worker) if worker.has_second_factor else _is_shown_there(request, worker))


def _is_shown_there(request: HttpRequest, worker: Worker) -> bool:
    """Whether she came by her agency's account, and that has asked her for one; good for who has none of her own."""
    records = get_authentication_records(request, worker)
    return any(record["method"] == AGENCY_ACCOUNT and record.get("second_factor") for record in records)


def _is_shown(request: HttpRequest, worker: Worker) -> bool:
    used = any(record["method"] == "mfa" for record in get_authentication_records(request, worker))
    return used or request.session.get(ENROLLED) == str(worker.pk)


def note_enrolled(request: SignedIn) -> None:
    """She has just shown it by setting it up. Where it is her first, no other session of hers has shown any: they end."""
    request.session[ENROLLED] = str(request.user.pk)
    if Authenticator.objects.filter(user=request.user, type__in=MAIN).count() == 1:
        sessions.end_others(request, request.user)


class SecondFactorFirst:
    """Who needs a second factor and has shown none sets one up, or shows it, before anything else.

    So does who has to link her agency's account and has not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        first = _comes_first(request)
        if first and "text/html" not in request.headers.get("Accept", "text/html"):
            return HttpResponse(status=401)
        return redirect(first) if first else None


def _comes_first(request: HttpRequest) -> str | None:
    """The page that stands before the one that is asked for."""
    worker: Any = request.user
    page = request.resolver_match.view_name if request.resolver_match else ""
    if page in OPEN or not worker.is_authenticated:
        return None
    if is_missing(request):
        if worker.has_second_factor:
            return "mfa_reauthenticate"
        return None if page in LINKING else "mfa_index"
    return "mfa_index" if providers.has_to_link(worker) and page not in LINKING else None


# Which codes are accepted -------------------------------------------------------------------------------------------


def accepted(worker: Worker, code: str) -> Authenticator | None:
    """What the code comes from: her app, or the list of codes for the worst case. It is used up by this."""
    code = "".join(code.split())
    for authenticator in Authenticator.objects.filter(user=worker).exclude(type=Authenticator.Type.WEBAUTHN):
        if authenticator.type == Authenticator.Type.TOTP:
            right = is_right(worker, Adapter().decrypt(authenticator.data["secret"]), code)
        else:
            right = authenticator.wrap().validate_code(code)  # it locks the row
        if right:
            authenticator.user = worker
            return authenticator
    return None


def is_right(worker: Worker, secret: str, code: str) -> bool:
    """Whether the app with this secret shows the code now, for the first time; one step of 30 s early or late will do."""
    app = HOTP(base64.b32decode(secret), DIGITS, SHA1())  # noqa: S303 - what all apps do (RFC 6238)
    now = int(time.time()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        if constant_time_compare(app.generate(step), code):
            return _use(worker, step)
    return False


def _use(worker: Worker, step: int) -> bool:
    """One statement decides, on whichever web process it runs: nobody passes between reading and writing."""
    UsedTimeStep.objects.bulk_create([UsedTimeStep(worker=worker)], ignore_conflicts=True)
    return UsedTimeStep.objects.filter(worker=worker, step__lt=step).update(step=step) == 1


# How their secrets are kept -----------------------------------------------------------------------------------------


class Adapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealing.seal(text, key=ring().current, bound=PURPOSE.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(base64.b64decode(encrypted_text), ring=ring(), bound=PURPOSE.encode())

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What her device calls the account; it needs no address of hers for that."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.name}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        return _("My passkey")


def ring() -> sealing.Ring:
    """Keys of the secret key, and of those before it, for as long as SECRET_KEY_FALLBACKS has them."""
    return sealing.ring_of_settings(PURPOSE)
