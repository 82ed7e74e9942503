"""My record: all that I logged, whoever else can see it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions import years
from actions.filters import RecordFilter
from actions.models import Action
from teams.requests import SignedIn, for_workers

PER_PAGE = 25


@require_safe
@for_workers
def record(request: SignedIn) -> HttpResponse:
    mine = Action.objects.by(request.user).for_list(request.user.agency)
    filters = RecordFilter(request.GET, mine, reader=request.user)
    page = Paginator(filters.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "actions/record.html",
        {
            "filters": filters,
            "chips": filters.chips(request),
            "page": page,
            "year": years.by_kind(request.user, timezone.localdate().year),
        },
        status=200 if filters.form.is_valid() else 422,
    )
