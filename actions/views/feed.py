"""What a team shares, newest first; the list behind every figure of its dashboard."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actions.filters import ActionFilter
from actions.models import Action
from teams.models import Team
from teams.requests import SignedIn

PER_PAGE = 25


@require_safe
def feed(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    shared = Action.objects.shared().filter(team=team).for_list(request.user.agency)
    filters = ActionFilter(request.GET, shared, reader=request.user)
    page = Paginator(filters.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "actions/feed.html",
        {"team": team, "filters": filters, "chips": filters.chips(request), "page": page},
        status=200 if filters.form.is_valid() else 422,
    )
