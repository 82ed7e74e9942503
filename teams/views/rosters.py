"""A reader's teams, and who is in a team."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from teams.models import Membership, Team
from teams.requests import SignedIn


@require_safe
def team_list(request: SignedIn) -> HttpResponse:
    teams = list(Team.objects.visible_to(request.user))
    if len(teams) == 1:
        return redirect("actions:feed", teams[0].pk)
    return render(request, "teams/team_list.html", {"teams": teams})


@require_safe
def members(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.roster_visible_to(request.user), pk=pk)
    spells = Membership.objects.current().filter(team=team).select_related("worker")
    return render(
        request,
        "teams/team_members.html",
        {
            "team": team,
            "is_mine": Team.objects.visible_to(request.user).filter(pk=pk).exists(),
            "supervisors": spells.supervising().order_by("worker__name"),
            "members": spells.exclude(pk__in=spells.supervising()).order_by("worker__name"),
        },
    )
