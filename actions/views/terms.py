"""The terms of an agency's own catalogue: admins name, order, hide and add; equity leads read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import guard, terms
from actions.forms import NewTermForm, RenameForm
from actions.models import Community, Practice
from teams.requests import SignedIn, agency_of, bind, for_admins, for_agency_readers

MODELS: dict[str, type[terms.Term]] = {"communities": Community, "practices": Practice}
TITLES = {"communities": gettext_lazy("Communities"), "practices": gettext_lazy("Practices")}


@require_safe
@for_agency_readers
def page(request: SignedIn, which: str) -> HttpResponse:
    rows = terms.listed(_model(which), agency_of(request))
    offered = [row for row in rows if not row.is_hidden]
    groups = list(dict.fromkeys(row.group for row in offered))
    return render(
        request,
        "actions/term_list.html",
        {
            "which": which,
            "titles": TITLES.items(),
            "groups": [(group, [row for row in offered if row.group == group]) for group in groups],
            "hidden": [row for row in rows if row.is_hidden],
        },
    )


@require_http_methods(["GET", "POST"])
@for_admins
def new(request: SignedIn, which: str) -> HttpResponse:
    form = bind(NewTermForm, request, model=_model(which), agency=request.user.agency)
    if form.is_valid():
        try:
            form.save()
            return _saved(request, form, which)
        except terms.NameTaken:
            form.add_error("label_en", _("Your agency has one of this name."))
    context = {"form": form, "which": which}
    return render(request, "actions/term_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_admins
def rename(request: SignedIn, pk: int, which: str) -> HttpResponse:
    term = _term(request, which, pk)
    form = bind(RenameForm, request, term=term, agency=request.user.agency)
    context = {"form": form, "which": which, "term": term}
    if form.is_valid():
        try:
            form.save()
            return _saved(request, form, which)
        except terms.StaleTerm:
            return _stale(request, form, context)
    return render(request, "actions/term_form.html", context, status=422 if form.is_bound else 200)


def _saved(request: SignedIn, form: RenameForm | NewTermForm, which: str) -> HttpResponse:
    messages.success(request, _("Saved. Forms and lists say it from now on."))
    for name in form.fields.keys() & {*form.GUARDED}:
        for hint in guard.hints(form, name):
            messages.info(request, hint)
    return redirect("actions:terms", which)


def _stale(request: SignedIn, form: RenameForm, context: dict[str, Any]) -> HttpResponse:
    """Another admin was faster: what is saved is shown, and what was typed can be sent again over it."""
    fresh = RenameForm(term=form.term, agency=form.agency)
    data = request.POST.copy()
    data["seen"] = fresh.initial["seen"]
    form.data = data
    saved = terms.names(form.term, form.agency)
    return render(request, "actions/term_form.html", context | {"saved": saved, "is_stale": True}, status=409)


@require_POST
@for_admins
def offer(request: SignedIn, pk: int, which: str, how: str) -> HttpResponse:
    """Show it in forms, or hide it there."""
    if how not in {"show", "hide"}:
        raise Http404
    term = _term(request, which, pk)
    if how == "hide" and terms.is_needed(term):
        raise Http404
    terms.offer(term, agency_of(request), offered=how == "show")
    said = (
        _("“%(term)s” is offered again.") if how == "show" else _("“%(term)s” is hidden: it stays where it was used.")
    )
    undo = reverse("actions:term_offer", args=[pk, which, "hide" if how == "show" else "show"])
    messages.success(request, said % {"term": term.name}, extra_tags=undo)
    return redirect("actions:terms", which)


@require_POST
@for_admins
def move(request: SignedIn, pk: int, which: str, way: str) -> HttpResponse:
    if way not in {"up", "down"}:
        raise Http404
    term = _term(request, which, pk)
    terms.move(term, agency_of(request), up=way == "up")
    messages.success(request, _("“%(term)s” was moved.") % {"term": term.name})
    return redirect("actions:terms", which)


def _model(which: str) -> type[terms.Term]:
    if which not in MODELS:
        raise Http404
    return MODELS[which]


def _term(request: SignedIn, which: str, pk: int) -> Any:
    return get_object_or_404(terms.of(_model(which), agency_of(request)), pk=pk)
