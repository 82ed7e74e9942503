"""The Guide: what counts, all practices with examples, and who sees what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions import catalogue
from actions.models import Practice
from actions.vocabulary import Direction, Level
from teams.requests import SignedIn
from teams.visibility import Visibility


@require_safe
def guide(request: SignedIn) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = catalogue.matching(Practice.objects.offered_to(request.user.agency), query)
    return render(
        request,
        "actions/guide.html",
        {
            "query": query,
            "found": found,
            "groups": catalogue.by_kind(found),
            "levels": list(Level),
            "directions": list(Direction),
            "visibilities": list(Visibility),
        },
    )
