"""Imports of an agency: its admins bring spreadsheets, its equity leads read which there were."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports.imports import files as import_files
from reports.imports import tables, uploads
from reports.imports.forms import UploadForm
from reports.imports.kinds import KINDS
from reports.pages import files
from reports.pages.files import Ending
from reports.tasks import ring_for_import
from teams.models import Import, ImportKind
from teams.requests import AGAIN, LANGUAGE, SignedIn, bind, for_admins, for_agency_readers

LISTED = 50


@require_safe
@for_agency_readers
def import_list(request: SignedIn) -> HttpResponse:
    imports = Import.objects.visible_to(request.user).select_related("uploaded_by")[:LISTED]
    kinds = [(kind, KINDS[kind].what) for kind in ImportKind]
    return render(request, "reports/import_list.html", {"imports": imports, "kinds": kinds})


@csrf_exempt  # what is too large is refused before it is read, and so before the token in it; `_new` checks the rest
@require_http_methods(["GET", "POST"])
def new(request: SignedIn, kind: str) -> HttpResponse:
    is_too_large = int(request.META.get("CONTENT_LENGTH") or 0) > import_files.REQUEST_SIZE
    return _too_large(request) if is_too_large else _new(request, kind)


@for_admins
def _too_large(request: SignedIn) -> HttpResponse:
    return render(request, "reports/import_too_large.html", {"limit": import_files.LIMITS.size // 2**20}, status=413)


@csrf_protect
@for_admins
def _new(request: SignedIn, kind: str) -> HttpResponse:
    is_sent = request.method == "POST" and not {LANGUAGE, AGAIN} & request.POST.keys()
    form = bind(UploadForm, request, kind=kind, worker=request.user, **({"files": request.FILES} if is_sent else {}))
    if form.is_valid():
        upload = form.save()
        transaction.on_commit(lambda: ring_for_import(upload.pk))
        return redirect("reports:import", upload.pk)
    of = KINDS[kind]
    columns = [(of.labels[name], name in of.required, of.helps[name]) for name in of.columns]
    context = {"form": form, "kind": ImportKind(kind), "what": of.what, "columns": columns, "endings": list(Ending)}
    return render(request, "reports/import_new.html", context, status=422 if form.is_bound else 200)


@require_safe
@for_admins
def template(request: SignedIn, kind: str, ending: Ending) -> HttpResponse:
    assert request.user.agency is not None
    headings, example = import_files.template(kind, request.user.agency)
    return files.response(f"allyship-{kind}", ending, headings, [example], title=str(ImportKind(kind).label))


@require_safe
def page(request: SignedIn, pk: UUID) -> HttpResponse:
    upload = _managed(request, pk)
    context = {"upload": upload, "report": tables.report(upload, reader=request.user, now=timezone.now())}
    return render(request, "reports/import_detail.html", context)


@require_safe
def progress(request: SignedIn, pk: UUID) -> HttpResponse:
    """For the script of the page: how far it is, and whether the page says something else by now."""
    upload = get_object_or_404(Import.objects.managed_by(request.user).defer("content", "undo", "findings"), pk=pk)
    return JsonResponse({"status": upload.status, "percent": upload.percent, "text": tables.progress_text(upload)})


@require_safe
@for_admins
def errors(request: SignedIn, pk: UUID) -> HttpResponse:
    """Her own rows, for whoever brought them: nobody else reads what stood in the file."""
    upload = get_object_or_404(Import.objects.uploaded_by(request.user), pk=pk)
    if not upload.findings.get("errors"):
        raise Http404
    headings, *rows = import_files.error_rows(upload)
    return files.response(f"allyship-{upload.kind}-errors", Ending.CSV, [str(text) for text in headings], rows)


@require_POST
def confirm(request: SignedIn, pk: UUID) -> HttpResponse:
    upload = _managed(request, pk)
    if uploads.confirm(upload, shown=request.POST.get("plan", ""), by=request.user):
        transaction.on_commit(lambda: ring_for_import(upload.pk))
    else:
        messages.info(request, _("Nothing to do: look at how it stands."))
    return redirect("reports:import", pk)


@require_POST
def take_warnings(request: SignedIn, pk: UUID) -> HttpResponse:
    upload = _managed(request, pk)
    if uploads.take_warnings(upload, by=request.user):
        transaction.on_commit(lambda: ring_for_import(upload.pk))
    return redirect("reports:import", pk)


@require_POST
def cancel(request: SignedIn, pk: UUID) -> HttpResponse:
    if uploads.cancel(_managed(request, pk), now=timezone.now()):
        messages.success(request, _("Cancelled. Nothing is written."))
    else:
        messages.info(request, _("It had come to its end before: look at how it stands."))
    return redirect("reports:import", pk)


@require_POST
def undo(request: SignedIn, pk: UUID) -> HttpResponse:
    upload = _managed(request, pk)
    if uploads.undo(upload, now=timezone.now(), by=request.user):
        transaction.on_commit(lambda: ring_for_import(upload.pk))
    else:
        messages.info(request, _("Nothing to do: an import can be undone once, within 24 hours."))
    return redirect("reports:import", pk)


def _managed(request: SignedIn, pk: UUID) -> Import:
    return get_object_or_404(Import.objects.managed_by(request.user).select_related("uploaded_by"), pk=pk)
