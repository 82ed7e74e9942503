"""A team's dashboard, its commitments in counts, and its summaries, as pages and as files."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import dashboards, documents, files, tables, team_figures
from reports.files import Ending
from reports.labels import period_label
from reports.models import TeamSummary
from teams.models import Team
from teams.requests import SignedIn

LISTED = 20


@require_safe
def dashboard(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    board = dashboards.build(team, request.user, request)
    listed = board.filters.qs.done(board.period.first, board.period.last).for_list(request.user.agency)
    return render(
        request,
        "reports/dashboard.html",
        {
            "team": team,
            "board": board,
            "tables": [board.tables.direction()] if board.is_small else board.tables.all(),
            "chart": None if board.is_small else board.tables.months(),
            "listed": listed[:LISTED] if board.is_small else [],
        },
        status=200 if board.filters.form.is_valid() else 422,
    )


@require_safe
def dashboard_file(request: SignedIn, pk: UUID, ending: Ending) -> HttpResponse:
    """One table of the dashboard, or all of them; no author, no note, and no day."""
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    board = dashboards.build(team, request.user, request)
    if not board.filters.form.is_valid():
        return HttpResponse(board.filters.form.errors.as_text(), content_type="text/plain; charset=utf-8", status=422)
    rows = board.tables.file_rows()
    asked = request.GET.get("table", "")
    if asked not in {"", *(row[0] for row in rows)}:
        raise Http404
    filters = "; ".join(chip.label for chip in board.chips)
    return files.response(
        f"{slugify(team.name)}-{asked or 'figures'}-{board.period.first}-{board.period.last}",
        ending,
        [_("team"), _("first day"), _("last day"), _("filters"), _("table"), _("code"), _("label"), _("actions")],
        [(team.name, board.period.first, board.period.last, filters, *row) for row in rows if asked in ("", row[0])],
    )


@require_safe
def commitments(request: SignedIn, pk: UUID) -> HttpResponse:
    """How the commitments shared with the team stand, in counts: the same for its members and supervisors."""
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    today, form = timezone.localdate(), dashboards.PeriodFilter(request.GET)
    period = dashboards.period_of(form, today)
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


@require_safe
def summary_list(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    summaries = TeamSummary.objects.filter(team=team)
    shown = [(summary, period_label(summary.period), summary.team_figures.total) for summary in summaries]
    return render(request, "reports/summary_list.html", {"team": team, "summaries": shown})


@require_safe
def summary(request: SignedIn, pk: UUID) -> HttpResponse:
    found = TeamSummary.objects.visible_to(request.user).select_related("team", "agency")
    document = documents.of(get_object_or_404(found, pk=pk))
    around = TeamSummary.objects.filter(team=document.summary.team_id)
    return render(
        request,
        "reports/summary.html",
        {
            "team": document.summary.team,
            "document": document,
            "tables": document.tables.all(),
            "chart": document.tables.months() if document.figures.total else None,
            "earlier": around.filter(period_start__lt=document.summary.period_start).first(),
            "later": around.filter(period_start__gt=document.summary.period_start).last(),
        },
    )


@require_safe
def summary_file(request: SignedIn, pk: UUID, ending: Ending) -> HttpResponse:
    """One table of the summary, or all of them."""
    found = TeamSummary.objects.visible_to(request.user).select_related("team", "agency")
    document = documents.of(get_object_or_404(found, pk=pk))
    of = document.summary
    rows = document.tables.file_rows()
    asked = request.GET.get("table", "")
    if asked not in {"", *(row[0] for row in rows)}:
        raise Http404
    return files.response(
        f"{slugify(of.team.name)}-{asked or 'figures'}-{of.period_start}-{of.period_end}",
        ending,
        [_("team"), _("first day"), _("last day"), _("table"), _("code"), _("label"), _("actions")],
        [(of.team.name, of.period_start, of.period_end, *row) for row in rows if asked in ("", row[0])],
    )
