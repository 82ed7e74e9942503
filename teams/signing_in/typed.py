"""What was typed survives signing in again: the browser carries it from page to page, and nothing is stored."""

from typing import Any, ClassVar

from allauth.account.views import LoginView
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, HttpResponseServerError, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure
from django.views.decorators.debug import sensitive_post_parameters
from django.views.defaults import server_error as plain_server_error

from teams.requests import AGAIN, LANGUAGE, local_address

TYPED = "_typed"  # a whole form in one hidden field, as an address would have it
WRITER = "_writer"  # whose page it was typed on: templates/_language.html puts it into every form
CSRF = "csrfmiddlewaretoken"
OURS = {"actions", "teams", "reports"}  # other pages' forms have passwords in them


def typed(request: HttpRequest) -> str:
    """What a page's form brought, or an earlier page carried; empty where there was nothing to type."""
    if TYPED in request.POST:
        return request.POST[TYPED]
    return _fields(request) if _leads_to_ours(request) else ""


def _fields(request: HttpRequest) -> str:
    """What was posted, without the marks that pages add to a form."""
    said = request.POST.copy()
    for name in (CSRF, LANGUAGE, AGAIN, "next"):
        said.pop(name, None)
    return said.urlencode()


class SignInFirst(LoginRequiredMiddleware):
    """Who is signed out signs in first: a posted form comes along, and a script is told by 401."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if "text/html" not in request.headers.get("Accept", "text/html"):
            return HttpResponse(status=401)
        if request.method == "POST":
            carries = bool(typed(request))
            back = request.get_full_path() if carries else local_address(request, _page_before(request))
            sign_in = f"{reverse('account_login')}?{urlencode({'next': back})}"
            return HttpResponseRedirect(sign_in, preserve_request=carries)
        answer: HttpResponse = super().handle_no_permission(request, view_func)
        return answer


def _page_before(request: HttpRequest) -> str:
    return request.headers.get("Referer", "").removeprefix(f"{request.scheme}://{request.get_host()}")


class Carrying:
    """A page on the way through sign-in. It may be reached with nothing but what was typed before, which goes along.

    `answers`: fields of its own, by which it knows that its form was sent.
    """

    answers: ClassVar[frozenset[str]]
    request: HttpRequest

    @property
    def is_answered(self) -> bool:
        return not self.answers.isdisjoint(self.request.POST)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = (super().post if self.is_answered else super().get)(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return options if self.is_answered else options | {"data": None, "files": None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | carried(self.request)

    def form_valid(self, form: Any) -> HttpResponse:
        return carry_on(self.request, super().form_valid(form))  # type: ignore[misc]


def carried(request: HttpRequest) -> dict[str, str]:
    """What a page needs to carry it on, in a hidden field."""
    return {"typed_name": TYPED, "typed": request.POST.get(TYPED, "")}


def carry_on(request: HttpRequest, answer: HttpResponse, kept: str = "") -> HttpResponse:
    """What was typed comes along: back into its form once she is signed in, else to the next page on the way.

    `kept` is what was typed, where another site came in between, and so the session had it.
    """
    said = kept or request.POST.get(TYPED)
    if not said or "Location" not in answer:
        return answer
    if not request.user.is_authenticated:
        context = {"address": answer["Location"], "fields": [(TYPED, said)], "again": AGAIN, "at_once": True}
        return render(request, "account/go_on.html", context | {"lede": _("One more step, and it comes back.")})
    if not _is_hers(request, said):
        return answer
    lede = _("You are signed in again. Nothing was sent in between.")
    return go_on(request, answer["Location"], said, lede=lede)


class FirstOfAll(Carrying):
    """The first page on the way, to which a form may come as it was posted."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.is_answered or TYPED in self.request.POST:
            return context
        return context | {"typed": _fields(self.request)}


@method_decorator(sensitive_post_parameters(TYPED), name="dispatch")
class SignIn(FirstOfAll, LoginView):
    """allauth's page, to which SignInFirst sends a form that was posted after the session had ended."""

    answers = frozenset({"login"})


def _is_hers(request: HttpRequest, said: str) -> bool:
    """On a shared computer somebody else may be the next to sign in, and must not read what was typed; nor may she be
    made to press a button that somebody left for her, which has no mark of hers.
    """
    return QueryDict(said).get(WRITER) == str(request.user.pk)


def go_on(
    request: HttpRequest, address: str, said: str, *, lede: str = "", at_once: bool = True, status: int = 200
) -> HttpResponse:
    """The page that brings what was typed back into its form, unsent; `at_once` where a script may press its button."""
    fields = _pairs(QueryDict(said))
    context = {"address": local_address(request, address), "fields": fields, "again": AGAIN, "at_once": at_once}
    return render(request, "account/go_on.html", context | {"lede": lede}, status=status)


def _pairs(said: QueryDict) -> list[tuple[str, str]]:
    """Name and value of each field, a name as often as it has values."""
    return [(name, str(value)) for name, values in said.lists() for value in values]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is older than the last sign-in is shown again, where it comes from a page of ours."""
    ours = _comes_from_here(request, default=False)
    if ours and request.user.is_authenticated and (said := typed(request)) and _is_hers(request, said):
        back = request.POST.get("next", "") if TYPED in request.POST else request.get_full_path()
        lede = _("The page was opened before you last signed in, so it was not sent. Nothing of it is lost.")
        return go_on(request, back, said, lede=lede, at_once=False, status=403)
    return plain_csrf_failure(request, reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """A form that could not be taken is on the answer, to be sent once more; the database may be gone, so none is asked."""
    if request.method != "POST" or not _comes_from_here(request, default=True) or not _leads_to_ours(request):
        return plain_server_error(request)
    fields = [(name, value) for name, value in _pairs(request.POST) if name != CSRF]
    context = {"address": request.get_full_path(), "fields": fields, "csrf_token": get_token(request)}
    answer = HttpResponseServerError(render_to_string("not_taken.html", context))
    add_never_cache_headers(answer)
    return answer


def _comes_from_here(request: HttpRequest, *, default: bool) -> bool:
    """Whether a page of ours posted it; another's form must not get a token of ours."""
    if "Origin" not in request.headers:
        return default
    return request.headers["Origin"] == f"{request.scheme}://{request.get_host()}"


def _leads_to_ours(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).namespace in OURS
    except Resolver404:
        return False
