"""Entries that waited on a device until there was a connection."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions import edits, entries, once
from actions.forms import QuickForm
from actions.models import Action
from teams.requests import SignedIn, for_workers


@require_safe
@for_workers
def device(request: SignedIn) -> JsonResponse:
    """Who is signed in, as the device knows her, and the token without which it cannot send."""
    return JsonResponse({"account": request.user.device_name, "token": get_token(request)})


@require_http_methods(["PUT"])
@for_workers
def receive(request: SignedIn, key: UUID) -> HttpResponse:
    """One entry under the key that it got on the device: sent any number of times, it is one action.

    422 with what is wrong where it cannot be saved, or was changed after it had come; 404 where the key is somebody
    else's.
    """
    said = QueryDict(request.body, mutable=True)
    said["key"] = str(key)
    said.pop("note", None)  # a device keeps no text
    form = QuickForm(said, worker=request.user)
    if not form.is_valid():
        saved = Action.objects.filter(pk=key).first()  # it was put right in the long form
        return _at(saved, request) if saved else _refused(error for errors in form.errors.values() for error in errors)
    try:
        return _at(form.save(), request)
    except once.KeyTaken as taken:
        raise Http404 from taken
    except entries.SentBefore as earlier:
        if earlier.differing <= edits.TEXTS:  # of these a device says nothing
            return _at(earlier.saved, request)
        return _refused([_("It was sent before you changed it. You can change it in your record.")])


def _refused(wrong: Iterable[object]) -> HttpResponse:
    return JsonResponse({"wrong": [str(each) for each in wrong]}, status=422)


def _at(action: Action, request: SignedIn) -> HttpResponse:
    if action.author_id != request.user.pk:
        raise Http404
    return JsonResponse({"address": reverse("actions:detail", args=[action.pk])})
