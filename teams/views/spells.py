"""Spells of people in teams: begun, moved, given another role and ended by an admin."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from teams.forms.people import EndForm, MoveForm, RoleForm, SpellForm, VerbForm
from teams.models import Membership, Worker
from teams.requests import SignedIn, bind, for_admins


@require_http_methods(["GET", "POST"])
@for_admins
def new(request: SignedIn, pk: UUID) -> HttpResponse:
    person = get_object_or_404(Worker.objects.editable_by(request.user).active(), pk=pk)
    form = bind(SpellForm, request, person=person, admin=request.user)
    return _answer(request, form, person, title=_("Add to a team"))


@require_http_methods(["GET", "POST"])
@for_admins
def move(request: SignedIn, pk: UUID) -> HttpResponse:
    spell = _spell(request, pk)
    form = bind(MoveForm, request, spell=spell, admin=request.user)
    return _answer(request, form, spell.worker, title=_("Move to another team"), spell=spell)


@require_http_methods(["GET", "POST"])
@for_admins
def role(request: SignedIn, pk: UUID) -> HttpResponse:
    spell = _spell(request, pk)
    form = bind(RoleForm, request, spell=spell, admin=request.user)
    return _answer(request, form, spell.worker, title=_("Change the role in a team"), spell=spell)


@require_http_methods(["GET", "POST"])
@for_admins
def end(request: SignedIn, pk: UUID) -> HttpResponse:
    spell = _spell(request, pk)
    form = bind(EndForm, request, spell=spell, admin=request.user)
    return _answer(request, form, spell.worker, title=_("End a spell"), spell=spell)


def _spell(request: SignedIn, pk: UUID) -> Membership:
    return get_object_or_404(Membership.objects.editable_by(request.user).select_related("worker", "team"), pk=pk)


def _answer(
    request: SignedIn, form: VerbForm, person: Worker, *, title: str, spell: Membership | None = None
) -> HttpResponse:
    if form.is_valid() and form.carry_out():
        messages.success(request, _("Saved."))
        return redirect("teams:person", person.pk)
    context = {"form": form, "person": person, "title": title, "spell": spell}
    return render(request, "teams/spell_form.html", context, status=422 if form.is_bound else 200)
