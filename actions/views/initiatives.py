"""Initiatives: the list and the page of one for those who work in its agencies, and its form for the equity lead."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions import guard, once, voices
from actions import initiatives as rules
from actions.forms import InitiativeForm
from actions.forms.initiatives import GUARDED
from actions.models import Initiative
from teams.models import Agency
from teams.requests import SignedIn, bind


@require_safe
def initiatives(request: SignedIn) -> HttpResponse:
    if not (request.user.is_at_work or request.user.is_analyst):
        raise Http404
    readable = Initiative.objects.visible_to(request.user).select_related("agency")
    return render(
        request,
        "actions/initiative_list.html",
        {
            "live": readable.live(),
            "over": readable.exclude(pk__in=readable.live().values("pk")),
            "is_lead": request.user.is_equity_lead,
        },
    )


@require_safe
def detail(request: SignedIn, pk: UUID) -> HttpResponse:
    readable = Initiative.objects.visible_to(request.user).select_related("agency")
    initiative = get_object_or_404(readable, pk=pk)
    agency = request.user.agency
    if request.user.is_analyst:  # what it is, not what was done: live counts are for those who work there
        return render(request, "actions/initiative_abroad.html", {"initiative": initiative, **_facts(initiative, None)})
    return render(
        request,
        "actions/initiative_detail.html",
        {
            "initiative": initiative,
            **_facts(initiative, agency),
            "figures": rules.figures(initiative, agency),
            "heard": voices.heard(initiative),
            "actions": rules.readable_actions(initiative, request.user),
            "is_editable": request.user.is_equity_lead and initiative.agency_id == request.user.agency_id,
        },
    )


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if request.user.agency_id is None or not request.user.is_equity_lead:
        raise Http404
    form = bind(InitiativeForm, request, worker=request.user)
    if form.is_valid():
        try:
            return _saved(request, form)
        except once.KeyTaken as taken:
            raise Http404 from taken
    return render(request, "actions/initiative_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: UUID) -> HttpResponse:
    initiative = get_object_or_404(Initiative.objects.editable_by(request.user), pk=pk)
    saved = Initiative.objects.get(pk=pk)  # as it stands: the form writes into the other
    form = bind(InitiativeForm, request, instance=initiative, worker=request.user)
    if form.is_valid():
        try:
            return _saved(request, form)
        except rules.StaleVersion:
            return _stale(request, form, pk)
    context = {"form": form, "initiative": saved}
    return render(request, "actions/initiative_form.html", context, status=422 if form.is_bound else 200)


def _saved(request: SignedIn, form: InitiativeForm) -> HttpResponse:
    initiative = form.save()
    messages.success(request, _("Initiative saved."))
    for name in GUARDED:
        for hint in guard.hints(form, name):
            messages.info(request, hint)
    return redirect("actions:initiative", initiative.pk)


def _stale(request: SignedIn, form: InitiativeForm, pk: UUID) -> HttpResponse:
    """Somebody else was faster: nothing is overwritten unseen, and nothing typed is lost."""
    saved = Initiative.objects.get(pk=pk)
    data = request.POST.copy()
    data["version"] = str(saved.version)
    form.data = data
    context = {"form": form, "initiative": saved, "is_stale": True, **_facts(saved, request.user.agency)}
    return render(request, "actions/initiative_form.html", context, status=409)


def _facts(initiative: Initiative, agency: Agency | None) -> dict[str, object]:
    return {
        "partners": rules.partner_agencies(initiative),
        "communities": rules.communities(initiative, agency),
    }
