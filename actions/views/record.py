"""My record: all that I logged, whoever else can see it; my year, my own words, and what I changed."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from actions import edits, entries, searches, years
from actions.filters import RecordFilter, YearFilter
from actions.models import Action, ActionEdit, Commitment
from teams.requests import SignedIn, for_workers

PER_PAGE = 25
FOUND = 100  # whoever finds more adds a word


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
            "months": years.by_month(page),
            "year": years.by_kind(request.user, timezone.localdate().year),
        },
        status=200 if filters.form.is_valid() else 422,
    )


@require_safe
@for_workers
def year(request: SignedIn) -> HttpResponse:
    """One year as a document to print; without notes unless she asks for them."""
    this_year = timezone.localdate().year
    form = YearFilter(request.GET, years=sorted({this_year, *years.logged_in(request.user)}, reverse=True))
    asked = form.cleaned_data if form.is_valid() else {}
    chosen = asked.get("year") or this_year
    return render(
        request,
        "actions/year.html",
        {
            "form": form,
            "full": years.in_full(request.user, chosen),
            "chosen": str(chosen),
            "with_notes": asked.get("notes", False),
            "today": timezone.localdate(),
        },
        status=200 if form.is_valid() else 422,
    )


@require_http_methods(["GET", "POST"])
@for_workers
def search(request: SignedIn) -> HttpResponse:
    """Posted, since what she looks for may be what she wrote: no address, and so no log, has it."""
    query = searches.words(request.POST.get("q", ""))
    mine = Action.objects.by(request.user).for_list(request.user.agency)
    found = searches.actions_matching(mine, query, agency=request.user.agency)[: FOUND + 1] if query else mine.none()
    promises = searches.commitments_matching(Commitment.objects.by(request.user), query) if query else []
    context = {
        "query": query,
        "found": found[:FOUND],
        "promises": promises,
        "most": FOUND,
        "has_more": len(found) > FOUND,
        "today": timezone.localdate(),
    }
    return render(request, "actions/search.html", context)


@require_safe
def history(request: SignedIn, pk: UUID) -> HttpResponse:
    own = Action.objects.editable_by(request.user).for_list(request.user.agency)
    action = get_object_or_404(own, pk=pk)
    made = ActionEdit.objects.visible_to(request.user).filter(action=action)
    context = {"action": action, "edits": edits.described(made, request.user.agency)}
    return render(request, "actions/history.html", context)


@require_http_methods(["GET", "POST"])
@for_workers
def erase_texts(request: SignedIn) -> HttpResponse:
    if request.method == "POST":
        n = entries.erase_texts(request.user, now=timezone.now())
        told = ngettext("The text of %(n)s action is erased.", "The texts of %(n)s actions are erased.", n)
        messages.success(request, told % {"n": n})
        return redirect("actions:record")
    return render(request, "actions/texts_erase.html", {"n": entries.with_texts(request.user).count()})
