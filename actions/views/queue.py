"""Entries that waited on a device until there was a connection."""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions import once
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

    422 with what is wrong where it cannot be saved, 404 where the key is somebody else's.
    """
    saved = Action.objects.filter(pk=key).first()
    if saved is not None:  # it came before, or was put right in the long form
        return _at(saved, request)
    said = QueryDict(request.body, mutable=True)
    said["key"] = str(key)
    said.pop("note", None)  # a device keeps no text
    form = QuickForm(said, worker=request.user)
    if not form.is_valid():
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"wrong": wrong}, status=422)
    try:
        action = form.save()
    except once.KeyTaken as taken:
        raise Http404 from taken
    return _at(action, request)


def _at(action: Action, request: SignedIn) -> HttpResponse:
    if action.author_id != request.user.pk:
        raise Http404
    return JsonResponse({"address": reverse("actions:detail", args=[action.pk])})
