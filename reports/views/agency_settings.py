"""The settings of an agency: admins change a part at a time, and read first what that brings about; leads read."""

import hashlib
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions import guard
from reports.forms.settings import SettingsForm
from reports.pages import settings_pages
from reports.pages.settings_pages import PARTS, Part
from teams import agencies
from teams.models import Agency, Provider
from teams.requests import AGAIN, SignedIn, agency_of, bind, for_admins, for_agency_readers

CONFIRMED = "confirmed"  # a seal of the sentences that were read


@require_safe
@for_agency_readers
def page(request: SignedIn) -> HttpResponse:
    agency = agency_of(request)
    context = {
        "parts": [(part, part.facts(agency)) for part in PARTS.values()],
        "allowed": agency.allowed_texts.count(),
        "provider": Provider.objects.visible_to(request.user).first(),
        "erasures": settings_pages.erasures(agency),
    }
    return render(request, "reports/settings.html", context)


@require_http_methods(["GET", "POST"])
@for_admins
def change(request: SignedIn, code: str) -> HttpResponse:
    part = _part(code)
    form = bind(part.form, request, agency=agency_of(request))
    if not form.is_valid():
        return _form(request, part, form, status=422 if form.is_bound else 200)
    told = list(part.effects(form, timezone.now()))
    if told and request.POST.get(CONFIRMED) != _seal(told):
        return _ask(request, part, form, told)
    try:
        form.save()
    except agencies.StaleSettings:
        return _stale(request, part, form)
    return _saved(request, form)


def _ask(request: SignedIn, part: Part, form: SettingsForm, told: Sequence[str]) -> HttpResponse:
    """The sentences, and the form once more in hidden fields: nothing is saved before they were read."""
    ours = {"csrfmiddlewaretoken", CONFIRMED}
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in ours]
    context = {
        "part": part,
        "form": form,  # for the button that changes the language
        "told": told,
        "fields": fields,
        "confirmed": CONFIRMED,
        "seal": _seal(told),
        "again": AGAIN,
    }
    return render(request, "reports/settings_confirm.html", context)


def _seal(told: Sequence[str]) -> str:
    """Of exactly these sentences: where they come to say something else meanwhile, they are asked again."""
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _saved(request: SignedIn, form: SettingsForm) -> HttpResponse:
    messages.success(request, _("Saved."))
    for name in form.guarded:
        for hint in guard.hints(form, name):
            messages.info(request, hint)
    return redirect("reports:settings")


def _stale(request: SignedIn, part: Part, form: SettingsForm) -> HttpResponse:
    """Another admin was faster: what is saved now is shown, and nothing typed is lost."""
    agency = Agency.objects.get(pk=form.agency.pk)
    data = request.POST.copy()
    data["seen"] = str(agency.version)
    data.pop(CONFIRMED, None)
    form.data = data
    return _form(request, part, form, status=409, saved=part.facts(agency))


def _form(request: SignedIn, part: Part, form: SettingsForm, *, status: int, saved: object = None) -> HttpResponse:
    return render(request, "reports/settings_form.html", {"part": part, "form": form, "saved": saved}, status=status)


def _part(code: str) -> Part:
    if code not in PARTS:
        raise Http404
    return PARTS[code]
