"""What the identifier guard says of a text while it is typed; nothing of it is kept."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from actions import guard
from teams.requests import SignedIn, for_workers


@require_POST
@for_workers
def check_text(request: SignedIn) -> HttpResponse:
    reading = guard.read(request.POST.get("text", "")[: guard.LONGEST], agency=request.user.agency)
    return render(request, "_reading.html#found", {"reading": reading})
