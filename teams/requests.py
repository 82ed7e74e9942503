"""The type of a request whose reader is signed in, what it posted, and pages for those who have a record of their own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme

from teams.models import Agency, Worker


class SignedIn(HttpRequest):
    """LoginRequiredMiddleware sees to it that there is a worker."""

    user: Worker


LANGUAGE = "_language"  # the button that changes the language, with which a page's form comes along
MORE = "_more"  # the button that leads from a short form to a longer one
ADDRESS = "_address"  # of the page on which a form stands
AGAIN = "_again"  # the form comes back after a sign-in in between


def bind[F: forms.BaseForm](form: type[F], request: HttpRequest, **options: Any) -> F:
    """The form with what was posted; or, where that was not the button that saves, with it as typed and not sent."""
    if request.method != "POST":
        return form(**options)
    if not {LANGUAGE, MORE, AGAIN} & request.POST.keys():
        return form(request.POST, **options)
    fields: dict[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]
    values = ((name, _typed(field, name, request.POST)) for name, field in fields.items())
    typed = {name: value for name, value in values if value is not None}
    return form(**options | {"initial": options.get("initial", {}) | typed})


def _typed(field: forms.Field, name: str, data: QueryDict) -> Any:
    return field.widget.value_from_datadict(data, MultiValueDict(), name)


def over_saved(form: forms.BaseForm, **marks: object) -> None:
    """Somebody else saved meanwhile: the form stays as it was sent, but as seen with what is saved now."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    for name, mark in marks.items():
        form.data[name] = str(mark)  # type: ignore[index]


def agency_of(request: SignedIn) -> Agency:
    """On a page that the decorators below keep to those who belong to one."""
    assert request.user.agency is not None
    return request.user.agency


type View[**P] = Callable[Concatenate[SignedIn, P], HttpResponse]


def _only[**P](may: Callable[[Worker], bool], view: View[P]) -> View[P]:
    @wraps(view)
    def wrapped(request: SignedIn, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.agency_id is None or not may(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def for_workers[**P](view: View[P]) -> View[P]:
    """Not found for analysts and operators: they belong to no agency and log nothing."""

    return _only(lambda worker: True, view)


def for_agency_readers[**P](view: View[P]) -> View[P]:
    """Not found but for the admins of an agency, and its equity leads, who may read what admins manage."""
    return _only(lambda worker: worker.is_admin or worker.is_equity_lead, view)


def for_admins[**P](view: View[P]) -> View[P]:
    """Not found but for the admins of an agency."""
    return _only(lambda worker: worker.is_admin, view)


def local_address(request: HttpRequest, address: str) -> str:
    """The address where it is one of ours, else the home page."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if ours and address.startswith("/") else reverse("actions:home")
