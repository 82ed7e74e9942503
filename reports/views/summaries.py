"""A team's summaries: as pages, as files, by e-mail, and what its supervisors write on them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import guard
from reports import summary_notes
from reports.forms.summaries import SummaryNoteForm
from reports.mails import summary_mails
from reports.models import SummaryNote, TeamSummary
from reports.pages import documents, files
from reports.pages.files import Ending
from reports.pages.labels import period_label
from teams.models import Team
from teams.requests import SignedIn, bind


@require_safe
def summaries(request: SignedIn, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    shown = [
        (summary, period_label(summary.period), summary.team_figures.total)
        for summary in TeamSummary.objects.filter(team=team)
    ]
    return render(request, "reports/summary_list.html", {"team": team, "summaries": shown})


@require_safe
def summary(request: SignedIn, pk: UUID) -> HttpResponse:
    document = documents.of(_readable(request, pk))
    found = document.summary
    notes = list(SummaryNote.objects.filter(summary=found).select_related("author"))
    return render(
        request,
        "reports/summary.html",
        {
            "team": found.team,
            "document": document,
            "tables": document.tables.all(),
            "chart": document.tables.months() if document.figures.total else None,
            "later": TeamSummary.objects.filter(team=found.team_id, period_start__gt=found.period_start).last(),
            "note": notes[0] if notes else None,
            "earlier_notes": notes[1:],
            "said": summary_notes.said_before(found),
            "writes": TeamSummary.objects.notable_by(request.user).filter(pk=pk).exists(),
        },
    )


@require_safe
def summary_file(request: SignedIn, pk: UUID, ending: Ending) -> HttpResponse:
    """One table of the summary, or all of them; nothing that somebody wrote."""
    document = documents.of(_readable(request, pk))
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


@require_POST
def send(request: SignedIn, pk: UUID) -> HttpResponse:
    """To whoever reads it and asks, by e-mail."""
    if summary_mails.ask_for(_readable(request, pk), by=request.user, now=timezone.now()):
        messages.success(request, _("The summary is on its way to your mailbox."))
    else:
        messages.info(
            request, _("You asked for it a moment ago. Look in your mailbox; in ten minutes you can ask again.")
        )
    return redirect("reports:summary", pk)


@require_http_methods(["GET", "POST"])
def note(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(TeamSummary.objects.notable_by(request.user).select_related("team"), pk=pk)
    form = bind(SummaryNoteForm, request, summary=found, worker=request.user)
    if form.is_valid():
        try:
            return _saved(request, form)
        except summary_notes.StaleVersion as stale:
            return _stale(request, form, stale.saved)
    return _form(request, form, status=422 if form.is_bound else 200)


def _readable(request: SignedIn, pk: UUID) -> TeamSummary:
    return get_object_or_404(TeamSummary.objects.visible_to(request.user).select_related("team", "agency"), pk=pk)


def _saved(request: SignedIn, form: SummaryNoteForm) -> HttpResponse:
    form.save()
    messages.success(request, _("Saved. The team reads it on the summary."))
    for name in form.texts:
        for hint in guard.hints(form, name):
            messages.info(request, hint)
    return redirect("reports:summary", form.summary.pk)


def _stale(request: SignedIn, form: SummaryNoteForm, saved: SummaryNote) -> HttpResponse:
    """Somebody else was faster: nothing is overwritten unseen, and nothing typed is lost."""
    data = request.POST.copy()
    data["version"] = str(saved.version)
    form.data = data
    return _form(request, form, stale=saved, status=409)


def _form(request: SignedIn, form: SummaryNoteForm, *, stale: SummaryNote | None = None, status: int) -> HttpResponse:
    context = {"form": form, "summary": form.summary, "label": period_label(form.summary.period), "stale": stale}
    return render(request, "reports/summary_note.html", context, status=status)
