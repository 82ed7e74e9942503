"""My promises, and what becomes of each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.commitments import keep as keep_commitment
from actions.commitments import reopen as reopen_commitment
from actions.forms import DropForm, RenegotiateForm
from actions.models import Commitment
from teams.requests import SignedIn, bind, for_workers, local_address


@require_safe
@for_workers
def mine(request: SignedIn) -> HttpResponse:
    promises = Commitment.objects.by(request.user).with_practice(request.user.agency)
    return render(
        request,
        "actions/commitment_list.html",
        {
            "live": promises.live(),
            "closed": promises.closed().reverse()[:50],
            "today": timezone.localdate(),
        },
    )


@require_POST
def keep(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user).live(), pk=pk)
    keep_commitment(commitment, on=timezone.localdate())
    messages.success(request, _("Kept. Thank you."), extra_tags=reverse("actions:reopen", args=[commitment.pk]))
    return redirect(local_address(request, request.POST.get("next", "")))


@require_POST
def reopen(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user).closed(), pk=pk)
    reopen_commitment(commitment)
    messages.success(request, _("The commitment is open again."))
    return redirect("actions:commitments")


@require_http_methods(["GET", "POST"])
def renegotiate(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user).live(), pk=pk)
    form = bind(RenegotiateForm, request, instance=commitment)
    return _save(request, form, _("Agree on a new date"), _("New date saved."))


@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user).live(), pk=pk)
    form = bind(DropForm, request, instance=commitment)
    return _save(request, form, _("Drop a commitment"), _("Dropped. You can open it again."))


def _save(request: SignedIn, form: RenegotiateForm | DropForm, title: str, said: str) -> HttpResponse:
    promised_for = form.instance.promised_for
    if form.is_valid():
        form.save()
        messages.success(request, said)
        return redirect("actions:commitments")
    context = {"form": form, "title": title, "promised_for": promised_for}
    return render(request, "actions/commitment_form.html", context, status=422 if form.is_bound else 200)
