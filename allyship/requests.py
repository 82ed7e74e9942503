"""A line in the log and a figure for each request, and a line for whoever watches over accounts."""

import logging
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse

from allyship import counters
from allyship.logs import during, reader, security

logger = logging.getLogger(__name__)

# Of these the log names who it was; all else that was done stands in the database, for those who may read it there.
EXPORTS: Final = {
    "actions:departure_file",
    "actions:export_file",
    "reports:agency_file",
    "reports:dashboard_file",
    "reports:import_errors",
    "reports:sector_file",
    "reports:summary_file",
}
ACCOUNTS: Final = {
    "teams:people_add",
    "teams:people_close",
    "teams:person_close",
    "teams:person_edit",
    "teams:person_link",
    "teams:person_open",
    "teams:spell_end",
    "teams:spell_move",
    "teams:spell_new",
    "teams:spell_role",
}


def told(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware. The id is ours, never the browser's, and stands in the answer for who asks for help."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id, begun = uuid4().hex, time.monotonic()
        with during(request_id, request):
            response = get_response(request)
            _tell(request, response, seconds=time.monotonic() - begun)
        response["X-Request-ID"] = request_id
        return response

    return middleware


def _tell(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    view, worker = _view(request), reader(request)
    counters.count_request(view, response.status_code, seconds)
    about = {
        "method": request.method,
        "view": view,
        "status": response.status_code,
        "duration_ms": round(1000 * seconds),
        "agency": worker and worker.agency_id,
    }
    logger.log(logging.DEBUG if view == "static" else logging.INFO, "request", extra=about)
    if worker and (what := _to_watch(view, request.method, response.status_code)):
        security.info(what, extra={"view": view, "status": response.status_code, "agency": worker.agency_id})


def _view(request: HttpRequest) -> str:
    """Its name, which has no value of the address in it."""
    match = request.resolver_match
    if match:
        return match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _to_watch(view: str, method: str | None, status: int) -> str:
    if status in {403, 404} and view != "none":
        return "refused"
    if view in EXPORTS and status == 200:
        return "export"
    return "account changed" if view in ACCOUNTS and method == "POST" and status == 302 else ""


def watch_sign_in() -> None:
    """However somebody signs in; an address that was tried is nobody's to read, whether we know it or not."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_not_signed_in)


def _signed_in(user: Any, **_about: Any) -> None:
    security.info("signed in", extra={"actor": user.pk, "agency": user.agency_id})


def _signed_out(user: Any, **_about: Any) -> None:
    if user:
        security.info("signed out", extra={"actor": user.pk, "agency": user.agency_id})


def _not_signed_in(**_about: Any) -> None:
    security.warning("sign-in refused")
