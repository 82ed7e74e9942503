"""Protected figures of closed quarters: an agency's for all who work there, the sector's for leads and analysts."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import periods, protected
from reports.models import ProtectedQuarter
from reports.pages import files, protected_pages
from reports.pages.files import Ending
from reports.pages.labels import period_label
from reports.pages.protected_pages import NAMES, ProtectedPage
from teams.models import Agency
from teams.requests import SignedIn


@require_safe
def agency_figures(request: SignedIn) -> HttpResponse:
    if not request.user.is_at_work:
        raise Http404
    return _page(request, request.user.agency, _page_of_agency(request))


@require_safe
def agency_file(request: SignedIn, ending: Ending) -> HttpResponse:
    return _file(request, _page_of_agency(request), ending)


@require_safe
def sector_figures(request: SignedIn) -> HttpResponse:
    if not request.user.reads_sector:
        raise Http404
    return _page(request, None, _page_of_sector(request))


@require_safe
def sector_file(request: SignedIn, ending: Ending) -> HttpResponse:
    return _file(request, _page_of_sector(request), ending)


def _page_of_agency(request: SignedIn) -> ProtectedPage | None:
    """None where no quarter is closed that she may read."""
    quarters = list(ProtectedQuarter.objects.of_agency_of(request.user))
    return _built(request, request.user.agency, quarters, "reports:agency_file")


def _page_of_sector(request: SignedIn) -> ProtectedPage | None:
    return _built(request, None, list(ProtectedQuarter.objects.of_sector(request.user)), "reports:sector_file")


def _built(
    request: SignedIn, agency: Agency | None, quarters: list[ProtectedQuarter], file: str
) -> ProtectedPage | None:
    if not quarters:
        return None
    return protected_pages.build(agency, quarters, request.GET, address=lambda ending: reverse(file, args=[ending]))


def _page(request: SignedIn, agency: Agency | None, page: ProtectedPage | None) -> HttpResponse:
    context = {"agency": agency, "page": page, "reads_both": request.user.is_at_work and request.user.reads_sector}
    if page is None:
        return render(request, "reports/protected_none.html", context | {"first": _first_to_come(agency)})
    return render(request, "reports/protected.html", context, status=200 if page.form.is_valid() else 422)


def _first_to_come(agency: Agency | None) -> dict[str, object] | None:
    """The quarter that an agency closes next, and its last day of grace."""
    if agency is None:
        return None
    quarter = protected.first_quarter(agency)
    return {"quarter": period_label(quarter), "after": quarter.last + agency.grace_days * periods.DAY}


def _file(request: SignedIn, page: ProtectedPage | None, ending: Ending) -> HttpResponse:
    """One table, or all of them, of each quarter asked for and of all together; a workbook with its dictionary."""
    asked = request.GET.get("table", "")
    if page is None or asked not in {"", "total", *NAMES}:
        raise Http404
    if not page.form.is_valid():
        return HttpResponse(page.form.errors.as_text(), content_type="text/plain; charset=utf-8", status=422)
    whose = page.agency.name if page.agency else _("the sector")
    return files.response(
        f"{slugify(whose)}-{asked or 'figures'}-{page.whole.period.first}-{page.whole.period.last}",
        ending,
        [
            _("figures of"),
            _("first day"),
            _("last day"),
            _("table"),
            _("code"),
            _("label"),
            _("actions"),
            _("frozen at"),
            _("rounded to"),
        ],
        [(whose, *row, page.whole.rounded_to) for row in page.rows(asked)],
        more_sheets=[page.dictionary_sheet()],
    )
