"""What the agency itself publishes, and the identifier guard therefore lets pass: admins add and remove, leads read."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms import AllowForm
from actions.models import AllowedText
from teams.requests import SignedIn, bind, for_admins, for_agency_readers


@require_http_methods(["GET", "POST"])
@for_agency_readers
def page(request: SignedIn) -> HttpResponse:
    if request.method == "POST" and not request.user.is_admin:
        raise Http404
    agency = request.user.agency
    assert agency is not None  # for_agency_readers has asked
    form = bind(AllowForm, request, agency=agency)
    if form.is_valid():
        form.save()
        messages.success(request, _("Allowed from now on."))
        return redirect("actions:allowed")
    texts = AllowedText.objects.filter(agency=agency).order_by("text")
    status = 422 if form.is_bound else 200
    return render(request, "actions/allowed_list.html", {"form": form, "texts": texts}, status=status)


@require_POST
@for_admins
def remove(request: SignedIn, pk: int) -> HttpResponse:
    text = get_object_or_404(AllowedText.objects.filter(agency=request.user.agency), pk=pk)
    text.delete()
    messages.success(request, _("No longer allowed. What is saved already stays."))
    return redirect("actions:allowed")
