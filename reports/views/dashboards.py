"""A team's dashboard, as page and as files, and its commitments in counts."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actions.vocabulary import Level
from reports.figures import team_figures
from reports.pages import dashboards, files, remembered, tables
from reports.pages.files import Ending
from reports.pages.labels import period_label
from teams.models import Team
from teams.requests import SignedIn

EXAMPLES = list(Level)[:3]


@require_safe
def dashboard(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    if not request.GET and (asked := remembered.query(request.session, team)):
        return redirect(f"{request.path}?{asked}")
    board = dashboards.build(team, request.user, request)
    is_valid = board.filters.form.is_valid()
    if is_valid:
        remembered.keep(request.session, team, board.filters.in_force)
    context = {"team": team, "board": board, "examples": [level.example for level in EXAMPLES]}
    return render(request, "reports/dashboard.html", context, status=200 if is_valid else 422)


@require_safe
def dashboard_file(request: SignedIn, pk: UUID, ending: Ending) -> HttpResponse:
    """One table of the dashboard, or all of them; no author, no note, and no day."""
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    board = dashboards.build(team, request.user, request)
    if not board.filters.form.is_valid():
        return HttpResponse(board.filters.form.errors.as_text(), content_type="text/plain; charset=utf-8", status=422)
    rows = board.file_rows
    asked = request.GET.get("table", "")
    if asked not in {"", *(row[0] for row in rows)}:
        raise Http404
    filters = "; ".join(chip.label for chip in board.chips)
    days = {"promises": board.period.in_whole_months()}
    spans = [(days.get(str(row[0]), board.period), row) for row in rows if asked in ("", row[0])]
    return files.response(
        f"{slugify(team.name)}-{asked or 'figures'}-{board.period.first}-{board.period.last}",
        ending,
        [_("team"), _("first day"), _("last day"), _("filters"), _("table"), _("code"), _("label"), _("number")],
        [(team.name, span.first, span.last, filters, *row) for span, row in spans],
    )


@require_safe
def commitments(request: SignedIn, pk: UUID) -> HttpResponse:
    """How the commitments shared with the team stand, in counts: the same for its members and supervisors."""
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    today, form = timezone.localdate(), dashboards.PeriodFilter(request.GET)
    period = dashboards.period_of(form, today).in_whole_months()  # a day would tell whose date it is
    promises = team_figures.promises_of(team, period, today=today)
    return render(
        request,
        "reports/commitments.html",
        {
            "team": team,
            "form": form,
            "presets": dashboards.presets_of(request, period, today),
            "label": period_label(period),
            "promises": promises,
            "table": tables.promises_table(promises),
            "as_of": timezone.now(),
        },
        status=200 if form.is_valid() else 422,
    )
