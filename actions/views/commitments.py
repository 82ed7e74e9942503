"""My promises: making one of its own, and what becomes of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import commitments, guard, once
from actions.forms import DropForm, PromiseForm, RenegotiateForm
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


@require_http_methods(["GET", "POST"])
@for_workers
def new(request: SignedIn) -> HttpResponse:
    """A promise that stands alone; the same form sent twice is one."""
    form = bind(PromiseForm, request, worker=request.user)
    if form.is_valid():
        try:
            made = form.save()
        except once.KeyTaken as taken:
            raise Http404 from taken
        undo = reverse("actions:withdraw_commitment", args=[made.pk])
        messages.success(request, _("Commitment saved."), extra_tags=undo)
        for hint in guard.hints(form, "text"):
            messages.info(request, hint)
        return redirect("actions:commitments")
    return render(request, "actions/commitment_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def keep(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user), pk=pk)
    with _told(request, commitment, _("Kept. Thank you.")):
        commitments.keep(commitment, by=request.user, on=timezone.localdate())
    return redirect(local_address(request, request.POST.get("next", "")))


@require_POST
def reopen(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user), pk=pk)
    with _told(request, commitment, _("The commitment is open again.")):
        commitments.reopen(commitment, by=request.user)
    return redirect("actions:commitments")


@require_http_methods(["GET", "POST"])
def renegotiate(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user), pk=pk)
    form = bind(RenegotiateForm, request, instance=commitment, worker=request.user)
    return _save(request, form, _("Agree on a new date"), _("New date saved."))


@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user), pk=pk)
    form = bind(DropForm, request, instance=commitment, worker=request.user)
    return _save(request, form, _("Drop a commitment"), _("Dropped. You can open it again."))


def _save(request: SignedIn, form: RenegotiateForm | DropForm, title: str, said: str) -> HttpResponse:
    promised_for, is_live = form.instance.promised_for, form.instance.is_live
    if form.is_valid():
        with _told(request, form.instance, said):
            form.save()
        return redirect("actions:commitments")
    if not (is_live or form.is_bound):
        _tell_settled(request, form.instance)
        return redirect("actions:commitments")
    context = {"form": form, "title": title, "promised_for": promised_for}
    return render(request, "actions/commitment_form.html", context, status=422 if form.is_bound else 200)


@contextmanager
def _told(request: SignedIn, commitment: Commitment, said: str) -> Iterator[None]:
    """Say that it is done, with Undo; or how it stands, where it was kept or dropped since the page was opened."""
    try:
        yield
    except commitments.Settled as settled:
        _tell_settled(request, settled.saved)
    except Commitment.DoesNotExist as gone:  # withdrawn meanwhile, on another device
        raise Http404 from gone
    else:
        messages.success(request, said, extra_tags=reverse("actions:undo_commitment", args=[commitment.pk]))


def _tell_settled(request: SignedIn, saved: Commitment) -> None:
    told = _("Nothing changed: it is marked “%(status)s”. Open it again to say something else.")
    messages.info(request, told % {"status": saved.get_status_display()})


@require_POST
def undo(request: SignedIn, pk: UUID) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.editable_by(request.user), pk=pk)
    commitments.undo(commitment, by=request.user)
    messages.success(request, _("Taken back: it stands as it did before."))
    return redirect("actions:commitments")


@require_POST
def withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    now = timezone.now()
    commitment = get_object_or_404(Commitment.objects.withdrawable_by(request.user, now), pk=pk)
    commitments.withdraw(commitment, by=request.user, now=now)
    messages.success(
        request,
        _("Commitment withdrawn. After ten minutes its text is erased."),
        extra_tags=reverse("actions:restore_commitment", args=[commitment.pk]),
    )
    return redirect("actions:commitments")


@require_POST
def restore(request: SignedIn, pk: UUID) -> HttpResponse:
    now = timezone.now()
    commitment = get_object_or_404(Commitment.objects.withdrawable_by(request.user, now), pk=pk)
    commitments.restore(commitment, by=request.user, now=now)
    messages.success(request, _("Commitment restored."))
    return redirect("actions:commitments")
