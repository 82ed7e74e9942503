"""The list of an agency's teams, and closing one or merging it into another, in two steps with an Undo."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import closing
from teams.forms.closing import CloseTeamForm
from teams.models import Membership, Role, Team, TeamClosing
from teams.models.team import TeamQuerySet
from teams.requests import SignedIn, for_admins, for_agency_readers


@require_safe
@for_agency_readers
def teams(request: SignedIn) -> HttpResponse:
    today = timezone.localdate()
    found = counted(Team.objects.roster_visible_to(request.user), today)
    context = {
        "open": found.open(today).order_by("name"),
        "closed": found.exclude(pk__in=Team.objects.open(today)).order_by("name"),
        "today": today,
    }
    return render(request, "teams/agency_teams.html", context)


def counted(teams: TeamQuerySet, today: date) -> TeamQuerySet:
    """With how many members and supervisors each has on the day."""
    now = Membership.objects.current(today).values("pk")
    here = Q(memberships__in=now)
    return teams.annotate(
        members=Count("memberships", here & Q(memberships__role=Role.MEMBER)),
        supervisors=Count("memberships", here & Q(memberships__role=Role.SUPERVISOR)),
    )


@require_http_methods(["GET", "POST"])
@for_admins
def close(request: SignedIn, pk: UUID) -> HttpResponse:
    """Asked without an answer it is the first step, with one the second, which tells the counts; posted it is done."""
    team = get_object_or_404(Team.objects.editable_by(request.user).filter(closed_on=None), pk=pk)
    said = request.POST if request.method == "POST" else request.GET
    form = CloseTeamForm(said if "how" in said or request.method == "POST" else None, team=team, admin=request.user)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "teams/team_close.html", {"form": form, "team": team}, status=status)
    into, last_day = form.cleaned_data["into"], form.cleaned_data["on"]
    status = 200
    if request.method == "POST":
        try:
            done = closing.close(
                team,
                into=into,
                last_day=last_day,
                told=request.POST.get("told", ""),
                now=timezone.now(),
                by=request.user,
            )
        except (closing.OtherCounts, closing.CannotClose):
            status = 409
        else:
            words = {"team": team.name, "into": into and into.name}
            told = _("%(team)s is merged into %(into)s.") if into else _("%(team)s is closed.")
            messages.success(request, told % words, extra_tags=reverse("teams:team_undo", args=[done.pk]))
            return redirect("teams:agency_teams")
    context = {
        "team": team,
        "plan": closing.plan(team, into=into, last_day=last_day),
        "form": form,
        "is_stale": status == 409,
    }
    return render(request, "teams/team_close_confirm.html", context, status=status)


@require_POST
@for_admins
def undo(request: SignedIn, pk: UUID) -> HttpResponse:
    done = get_object_or_404(TeamClosing.objects.undoable_by(request.user, timezone.now()), pk=pk)
    try:
        closing.undo(done, now=timezone.now(), by=request.user)
    except closing.ChangedSince:
        told = _(
            "It cannot be taken back: somebody changed the team or one of its spells since. Nothing was changed now."
        )
        messages.error(request, told)
    else:
        messages.success(request, _("Taken back: the team and its spells are as they were."))
    return redirect("reports:team", done.team_id)
