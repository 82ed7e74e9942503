"""What changed in an agency, by whom and where: for its admins, and to read for its equity leads."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.audit import events, wording
from reports.audit.events import MOST_IN_FILE, Asked
from reports.audit.filters import AuditFilter, ChangeFilter
from reports.pages import files
from reports.pages.files import Ending
from teams.models import Team, Worker
from teams.requests import SignedIn, for_agency_readers

PER_PAGE = 50


@require_safe
@for_agency_readers
def audit(request: SignedIn) -> HttpResponse:
    filters = AuditFilter(request.GET, reader=request.user)
    return _page(request, filters, filters.everything, {"downloads": _downloads(request)})


@require_safe
@for_agency_readers
def of_person(request: SignedIn, pk: UUID) -> HttpResponse:
    person = get_object_or_404(Worker.objects.visible_to(request.user), pk=pk)
    filters = ChangeFilter(request.GET, reader=request.user)
    return _page(request, filters, filters.asked(people=frozenset([pk])), {"person": person})


@require_safe
@for_agency_readers
def of_team(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.roster_visible_to(request.user), pk=pk)
    filters = ChangeFilter(request.GET, reader=request.user)
    return _page(request, filters, filters.asked(teams=frozenset([pk])), {"team": team})


def _downloads(request: SignedIn) -> SafeString:
    query = request.GET.copy()
    query.pop("before", None)
    addresses = [(str(one.label), reverse("reports:audit_file", args=[one])) for one in Ending]
    return files.links([(label, f"{address}?{query.urlencode()}") for label, address in addresses], _("Audit"))


def _page(request: SignedIn, filters: ChangeFilter, asked: Asked, about: dict[str, Any]) -> HttpResponse:
    found = []
    if not filters.form.errors:
        before = _key(request.GET.get("before", ""))
        found = events.newest(request.user, filters.wanted, asked, at_most=PER_PAGE + 1, before=before)
    context = about | {
        "filters": filters,
        "chips": filters.chips(request),
        "changes": wording.told(found[:PER_PAGE], request.user),
        "next": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "most": MOST_IN_FILE,
    }
    return render(request, "reports/audit.html", context, status=422 if filters.form.errors else 200)


@require_safe
@for_agency_readers
def audit_file(request: SignedIn, ending: Ending) -> HttpResponse:
    """The same rows as the page with the same filters; a line for each field that changed."""
    filters = AuditFilter(request.GET, reader=request.user)
    if filters.form.errors:
        return _page(request, filters, Asked(), {})
    found = events.newest(request.user, filters.wanted, filters.everything, at_most=MOST_IN_FILE)
    header = [_("When"), _("Who"), _("Where"), _("What"), _("About"), _("Done"), _("Field"), _("Before"), _("Now")]
    rows = [row for change in wording.told(found, request.user) for row in _rows(change)]
    return files.response("audit", ending, header, rows, title=_("Audit"))


def _rows(change: wording.Change) -> list[list[str]]:
    at = timezone.localtime(change.at).isoformat(sep=" ", timespec="seconds")
    told = [at, change.who, change.where, change.kind, change.about, change.done]
    details = [[detail.label, detail.old or "", detail.new] for detail in change.details]
    return [[*told, *detail] for detail in details or [["", "", ""]]]


def _key(text: str) -> UUID | None:
    """Where to go on; anything else is the first page."""
    try:
        return UUID(text)
    except ValueError:
        return None
