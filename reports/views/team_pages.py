"""A team as the agency's admins look after it: its details, who is and was in it, and when its next summary comes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions import catalogue
from reports import schedule
from reports.forms.summaries import TeamForm
from reports.pages.labels import period_label
from teams import team_details
from teams.models import Membership, Role, Team
from teams.requests import SignedIn, bind, for_admins, for_agency_readers, over_saved


@require_safe
@for_agency_readers
def team(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Team.objects.roster_visible_to(request.user).select_related("agency"), pk=pk)
    spells = Membership.objects.filter(team=found).select_related("worker").order_by("worker__name", "starts_on")
    today = timezone.localdate()
    standing = [spell for spell in spells if not spell.ends_on or spell.ends_on >= today]
    terms = {term.pk: term.name for term in catalogue.community_choices(found.agency, keep=found.communities)}
    context = {
        "team": found,
        "communities": [terms[pk] for pk in found.communities if pk in terms],
        "supervisors": [spell for spell in standing if spell.role == Role.SUPERVISOR],
        "members": [spell for spell in standing if spell.role == Role.MEMBER],
        "past": [spell for spell in reversed(spells) if spell.ends_on and spell.ends_on < today],
        "today": today,
        "next": _next(found),
    }
    return render(request, "reports/team_detail.html", context)


def _next(team: Team) -> dict[str, object] | None:
    """None of a team that was closed before the next period began: it gets no summary any more."""
    coming = schedule.next_summary(team.agency)
    if team.closed_on and team.closed_on < coming.period.first:
        return None
    return {"label": period_label(coming.period), "closes_at": coming.closes_at}


@require_http_methods(["GET", "POST"])
@for_admins
def new(request: SignedIn) -> HttpResponse:
    form = bind(TeamForm, request, team=Team(agency=request.user.agency), admin=request.user)
    if form.is_valid() and form.carry_out():
        messages.success(request, _("The team is there. Add people to it on their pages."))
        return redirect("reports:team", form.team.pk)
    return render(request, "reports/team_edit.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_admins
def edit(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Team.objects.editable_by(request.user), pk=pk)
    form, status = bind(TeamForm, request, team=found, admin=request.user), 200
    try:
        if form.is_valid() and form.carry_out():
            messages.success(request, _("Saved."))
            return redirect("reports:team", pk)
        status = 422 if form.is_bound else 200
    except team_details.StaleTeam as stale:
        status = 409
        over_saved(form, over=team_details.seen(stale.saved))
        found = stale.saved
    context = {"form": form, "team": found, "is_stale": status == 409}
    return render(request, "reports/team_edit.html", context, status=status)
