"""What a reader chooses for herself: her language, her default visibility, her e-mails."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from teams import unsubscribing
from teams.forms.own import EmailsForm, VisibilityForm
from teams.models import Language, Worker
from teams.requests import LANGUAGE, SignedIn, bind, for_workers, local_address


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and come back to the same page and query, signed in or not.

    A page's form is posted here with all that is typed in it, and goes on to its page, which shows it again unsaved.
    """
    here = request.GET.get("next") or request.POST.get("next", "")
    response = HttpResponseRedirect(local_address(request, here), preserve_request="next" in request.GET)
    chosen = request.POST.get(LANGUAGE)
    if chosen in Language.values:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            f"{chosen}-ca",
            max_age=365 * 24 * 60 * 60,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response


@require_http_methods(["GET", "POST"])
@for_workers
def visibility(request: SignedIn) -> HttpResponse:
    form = bind(VisibilityForm, request, worker=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. You can choose differently for each action."))
        return redirect(local_address(request, request.GET.get("next", "")))
    return render(request, "teams/visibility_edit.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_workers
def emails(request: SignedIn) -> HttpResponse:
    form = bind(EmailsForm, request, worker=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("teams:emails")
    return render(request, "teams/emails_edit.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@csrf_exempt  # posted by mail programs as RFC 8058 has it, which know no page of ours; the token is the proof
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asked for, it changes nothing: programs that look at links in mail would stop it."""
    try:
        worker, series = unsubscribing.of(token)
    except Worker.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        unsubscribing.stop(worker, series)
    context = {"series": series.name, "is_on": unsubscribing.is_on(worker, series)}
    return render(request, "teams/unsubscribe.html", context)
