"""The type of a request whose reader is signed in, what it posted, and pages for those who have a record of their own."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from teams.models import Worker


class SignedIn(HttpRequest):
    """LoginRequiredMiddleware sees to it that there is a worker."""

    user: Worker


def posted(request: HttpRequest) -> QueryDict | None:
    """The answers to a form, and None where it is only asked for; a post without any answer is still a post."""
    return request.POST if request.method == "POST" else None


type View[**P] = Callable[Concatenate[SignedIn, P], HttpResponse]


def for_workers[**P](view: View[P]) -> View[P]:
    """Not found for analysts and operators: they belong to no agency and log nothing."""

    @wraps(view)
    def wrapped(request: SignedIn, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.agency_id is None:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def local_address(request: HttpRequest, address: str) -> str:
    """The address where it is one of ours, else the home page."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if ours and address.startswith("/") else reverse("actions:home")
