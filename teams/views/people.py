"""The people of an agency: looked after by its admins, read by its equity leads."""

from uuid import UUID

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import accounts, people_tables, roles
from teams.filters import PeopleFilter
from teams.forms.people import AddManyForm, CloseManyForm, PersonForm
from teams.models import Membership, Worker
from teams.requests import SignedIn, bind, for_admins, for_agency_readers, over_saved


@require_safe
@for_agency_readers
def people(request: SignedIn) -> HttpResponse:
    filters = PeopleFilter(request.GET, Worker.objects.visible_to(request.user), reader=request.user)
    found = filters.filter_queryset(Worker.objects.visible_to(request.user))
    table, page = people_tables.people(found, sort=request.GET.get("sort", ""), page=request.GET.get("page", ""))
    context = {"filters": filters, "table": table, "page": page, "chips": filters.chips(request)}
    return render(request, "teams/people_list.html", context, status=422 if filters.form.errors else 200)


@require_safe
@for_agency_readers
def person(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Worker.objects.visible_to(request.user), pk=pk)
    spells = Membership.objects.filter(worker=found).select_related("team").order_by("-starts_on", "team__name")
    today = timezone.localdate()
    context = {
        "person": found,
        "grants": [
            (roles.ADMIN, found.is_admin, _("Admin")),
            (roles.EQUITY_LEAD, found.is_equity_lead, _("Equity lead")),
        ],
        "current": [spell for spell in spells if not spell.ends_on or spell.ends_on >= today],
        "past": [spell for spell in spells if spell.ends_on and spell.ends_on < today],
        "today": today,
    }
    return render(request, "teams/person_detail.html", context)


@require_http_methods(["GET", "POST"])
@for_admins
def person_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Worker.objects.editable_by(request.user), pk=pk)
    form, status = bind(PersonForm, request, person=found, admin=request.user), 200
    try:
        if form.is_valid() and form.carry_out():
            messages.success(request, _("Saved."))
            return redirect("teams:person", pk)
        status = 422 if form.is_bound else 200
    except accounts.StaleAccount as stale:
        status = 409
        over_saved(form, over=accounts.seen(stale.saved))
    context = {"form": form, "person": found, "is_stale": status == 409}
    return render(request, "teams/person_edit.html", context, status=status)


@require_POST
@for_admins
def person_link(request: SignedIn, pk: UUID) -> HttpResponse:
    """As if she had asked for it on the sign-in page; mailed to her alone."""
    found = get_object_or_404(Worker.objects.editable_by(request.user).active(), pk=pk)
    form = ResetPasswordForm({"email": found.email})
    if form.is_valid():
        with translation.override(found.language_code):
            form.save(request)
        messages.success(request, _("A link to choose a password is on its way to %(email)s.") % {"email": found.email})
    return redirect("teams:person", pk)


@require_http_methods(["GET", "POST"])
@for_admins
def person_close(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Worker.objects.editable_by(request.user).active(), pk=pk)
    status, is_last = 200, False
    if request.method == "POST":
        try:
            accounts.deactivate(found, now=timezone.now(), by=request.user)
        except accounts.LastAdmin:
            status, is_last = 422, True
        else:
            words = {"name": found.name}
            messages.success(request, _("%(name)s’s account is closed, and every session of it has ended.") % words)
            return redirect("teams:person", pk)
    return render(request, "teams/person_close.html", {"person": found, "is_last": is_last}, status=status)


@require_POST
@for_admins
def person_open(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Worker.objects.editable_by(request.user), pk=pk)
    accounts.reactivate(found, by=request.user)
    words = {"name": found.name}
    messages.success(request, _("%(name)s can sign in again. Spells in teams begin anew: add them here.") % words)
    return redirect("teams:person", pk)


@require_http_methods(["GET", "POST"])
@for_admins
def people_add(request: SignedIn) -> HttpResponse:
    form = _of_many(AddManyForm, request)
    if form.is_valid() and form.carry_out():
        said = {"n": form.added, "team": form.cleaned_data["team"].name}
        told = (
            ngettext("%(n)s person was added to %(team)s.", "%(n)s people were added to %(team)s.", form.added) % said
        )
        if missed := len(form.cleaned_data["person"]) - form.added:
            there = ngettext("%(n)s was in it already.", "%(n)s were in it already.", missed) % {"n": missed}
            told = f"{told} {there}"
        messages.success(request, told)
        return redirect("teams:people")
    return _shown_many(request, form, "teams/people_add.html")


@require_http_methods(["GET", "POST"])
@for_admins
def people_close(request: SignedIn) -> HttpResponse:
    form = _of_many(CloseManyForm, request)
    if form.is_valid() and form.carry_out():
        told = ngettext("%(n)s account is closed.", "%(n)s accounts are closed.", form.closed)
        messages.success(request, told % {"n": form.closed})
        return redirect("teams:people")
    return _shown_many(request, form, "teams/people_close.html")


def _of_many[F: CloseManyForm](form: type[F], request: SignedIn) -> F:
    """Whom it is about comes from the list, in the address, or again from the form."""
    chosen = _chosen(request)
    return bind(form, request, admin=request.user, initial={"person": [worker.pk for worker in chosen]})


def _chosen(request: SignedIn) -> list[Worker]:
    asked = (request.POST if request.method == "POST" else request.GET).getlist("person")
    keys = [key for key in asked if _is_key(key)]
    return list(Worker.objects.editable_by(request.user).active().filter(pk__in=keys).order_by("name", "pk"))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _shown_many(request: SignedIn, form: CloseManyForm, template: str) -> HttpResponse:
    chosen = _chosen(request)
    if not chosen and not form.is_bound:
        messages.info(request, _("Choose people on the list first."))
        return redirect("teams:people")
    return render(request, template, {"form": form, "chosen": chosen}, status=422 if form.is_bound else 200)
