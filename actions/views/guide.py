"""The Guide: what counts, all practices with examples, and who sees what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions import catalogue
from actions.models import Practice
from actions.vocabulary import Direction, Kind, Level
from teams.requests import SignedIn
from teams.visibility import Visibility


@require_safe
def guide(request: SignedIn) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = catalogue.matching(Practice.objects.offered_to(request.user.agency), query)
    groups = [(kind, [practice for practice in found if practice.kind == kind]) for kind in Kind]
    return render(
        request,
        "actions/guide.html",
        {
            "query": query,
            "found": found,
            "groups": [group for group in groups if group[1]],
            "levels": list(Level),
            "directions": list(Direction),
            "visibilities": list(Visibility),
        },
    )
