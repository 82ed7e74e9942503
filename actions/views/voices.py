"""Community voice: the lead makes links, and whoever has one reads a page without names and answers one question."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import initiatives, voices
from actions.forms import LinkForm, VoiceForm
from actions.models import Initiative, VoiceLink
from teams.models import Language
from teams.requests import SignedIn, bind

# A whole meeting may answer from one network; nobody needs to open one link this often.
LIMITS = {"address": "200/10m/key", "token": "20/10m/key"}


@require_http_methods(["GET", "POST"])
def links(request: SignedIn, pk: UUID) -> HttpResponse:
    """A new link is on the answer to the post, and nowhere ever after."""
    initiative = get_object_or_404(Initiative.objects.editable_by(request.user).select_related("agency"), pk=pk)
    form, address, now = bind(LinkForm, request), "", timezone.now()
    if form.is_valid():
        token = voices.make_link(initiative, days=voices.DAYS[form.cleaned_data["lasts"]], now=now)
        address = settings.SITE_URL + reverse("actions:voice", args=[token])
    context = {
        "initiative": initiative,
        "form": form,
        "address": address,
        "links": initiative.links.revocable(now),
        "heard": voices.heard(initiative),
    }
    status = 422 if form.is_bound and not address else 200
    return render(request, "actions/voice_links.html", context, status=status)


@require_POST
def revoke(request: SignedIn, pk: UUID) -> HttpResponse:
    editable = Initiative.objects.editable_by(request.user)
    link = get_object_or_404(VoiceLink.objects.filter(initiative__in=editable), pk=pk)
    voices.revoke(link, now=timezone.now())
    messages.success(request, _("The link is taken back: it no longer works."))
    return redirect("actions:voice_links", link.initiative_id)


type Public[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def public[**P](view: Public[P]) -> Public[P]:
    """In the language that the address asks for; stored nowhere, indexed nowhere, and the address told to nobody."""

    @wraps(view)
    @login_not_required
    @never_cache
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        chosen = request.GET.get("hl")
        if chosen in Language.values:
            translation.activate(f"{chosen}-ca")
            request.LANGUAGE_CODE = translation.get_language()
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped  # type: ignore[return-value]


@csrf_exempt  # a page without referrer posts without origin; the token in the address is the proof, and no account acts
@require_http_methods(["GET", "POST"])
@public
def voice(request: HttpRequest, token: str) -> HttpResponse:
    """Opened, it changes nothing: programs that look at links in messages would use it up.

    Staff, who are signed in, see the page and cannot answer it.
    """
    if not _may_ask(request, token):
        return render(request, "actions/voice_busy.html", status=429)
    form = VoiceForm(request.POST if request.method == "POST" else None)
    try:
        link = voices.find(token, now=timezone.now())
        if form.is_valid() and not request.user.is_authenticated:
            voices.answer(token, form.cleaned_data["answer"], now=timezone.now())
            hl = request.GET.get("hl")
            return redirect(reverse("actions:voice_thanks") + (f"?hl={hl}" if hl in Language.values else ""))
    except VoiceLink.DoesNotExist:  # not raised as 404: the counts of the limits would be rolled back
        return render(request, "actions/voice_closed.html", status=404)
    figures = initiatives.figures(link.initiative, None)
    context = {"initiative": link.initiative, "closes": link.expires_at, "figures": figures, "form": form}
    refused = 403 if request.user.is_authenticated else 422
    return render(request, "actions/voice.html", context, status=refused if form.is_bound else 200)


@require_safe
@public
def thanks(request: HttpRequest) -> HttpResponse:
    """At an address of its own, so that the token leaves the browser's."""
    return render(request, "actions/voice_thanks.html")


def _may_ask(request: HttpRequest, token: str) -> bool:
    """Below the limits by network address and by token; the cache in PostgreSQL counts both under hashes."""
    address = ratelimit.get_ip(request)  # of IPv6 the network: one sender has as many addresses as she likes
    hidden = salted_hmac("actions.voices", address, algorithm="sha256").hexdigest()
    keys = {"address": hidden, "token": token}
    return all(
        ratelimit.consume(request, app="actions", action=action, config=LIMITS, key=key, limit_get=True)
        for action, key in keys.items()
    )
