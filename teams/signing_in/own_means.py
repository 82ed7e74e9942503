"""What an agency's account alone does not open: what somebody writes for herself, how she signs in, her secret link.

Whoever runs the agency's provider can come by it as anybody who linked an account (docs/decisions/0023-agency-accounts.md).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from teams.models import Session
from teams.signing_in.second_factors import AGENCY_ACCOUNT
from teams.signing_in.sessions import SessionStore
from teams.signing_in.typed import typed


def are_shown(request: HttpRequest) -> bool:
    """Whether this session knows more of her than her agency's account: a password, passkey, app or mailed code."""
    worker: Any = request.user
    return {record["method"] for record in get_authentication_records(request, worker)} != {AGENCY_ACCOUNT}


def began_without(session: Session) -> bool:
    """Whether the session began by her agency's account: she may know that it was not she."""
    records = SessionStore().decode(session.session_data).get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return bool(records) and records[0]["method"] == AGENCY_ACCOUNT


def first[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """The page opens once she has shown one; she comes back to it, with what she typed."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        return view(*args, **kwargs) if are_shown(request) else ask(request)

    return wrapped


def ask(request: HttpRequest) -> HttpResponse:
    """The way to the first of them that she has."""
    if "text/html" not in request.headers.get("Accept", "text/html"):
        return HttpResponse(status=401)
    way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    address = f"{way}?{urlencode({'next': request.get_full_path()})}"
    return HttpResponseRedirect(address, preserve_request=bool(request.method == "POST" and typed(request)))
