"""The page of jobs: for the admins of an agency, and to read for its equity leads."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.models import Delivery
from reports.pages import jobs
from teams.requests import SignedIn, for_agency_readers


@require_safe
@for_agency_readers
def page(request: SignedIn) -> HttpResponse:
    board = jobs.board(request.user, now=timezone.now())
    return render(request, "reports/jobs.html", {"board": board})


@require_POST
def try_again(request: SignedIn, pk: UUID) -> HttpResponse:
    mail = get_object_or_404(Delivery.objects.managed_by(request.user), pk=pk)
    if jobs.try_again(Delivery.objects.filter(pk=mail.pk), now=timezone.now()):
        messages.success(request, _("It will be tried again within a minute."))
    else:
        messages.info(request, _("Nothing to do: it was sent, or is on its way."))
    return redirect("reports:jobs")
