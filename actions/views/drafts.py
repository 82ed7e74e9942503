"""Forms that save themselves while somebody types."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actions import drafts, guard, sealing
from actions.models import Draft
from teams.models import Agency
from teams.requests import ADDRESS, LANGUAGE, SignedIn, for_workers
from teams.signing_in import own_means
from teams.signing_in.typed import go_on

NOT_TYPED = ("csrfmiddlewaretoken", ADDRESS, LANGUAGE)


class Texts(forms.Form):
    """All that can be typed into a form that is kept, for the identifier guard."""

    note, partners, in_the_way, need, text = (forms.CharField(required=False, strip=False) for _text in range(5))

    def __init__(self, *args: Any, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            guard.inspect(self, name, agency=self.agency)
        return self.cleaned_data


@require_POST
@for_workers
def keep(request: SignedIn) -> HttpResponse:
    """Keep the form as it stands; 422 with the reason where it cannot be, as where the guard refuses a text."""
    texts = Texts(request.POST, agency=request.user.agency)
    if not texts.is_valid():
        wrong = [str(error) for errors in texts.errors.values() for error in errors]
        return JsonResponse({"wrong": wrong}, status=422)
    said = request.POST.copy()
    for name in NOT_TYPED:
        said.pop(name, None)
    try:
        key = UUID(request.POST.get("key", ""))
        address = request.POST.get(ADDRESS, "")
        draft = drafts.keep(said.urlencode(), key=key, address=address, by=request.user, now=timezone.now())
    except ValueError:
        return JsonResponse({"wrong": [_("This form cannot be kept.")]}, status=422)
    return JsonResponse({"saved": formats.time_format(timezone.localtime(draft.saved_at))})


@require_safe
@for_workers
def draft(request: SignedIn, key: UUID) -> HttpResponse:
    """Back into its form, with all that stood in it."""
    kept = get_object_or_404(Draft.objects.visible_to(request.user), key=key)
    if drafts.is_of_reflection(kept) and not own_means.are_shown(request):
        return own_means.ask(request)
    try:
        said = drafts.opened(kept)
    except sealing.CannotOpen as shut:
        raise Http404 from shut
    return go_on(request, kept.address, said, lede=_("It was kept while you typed, for you alone."))


@require_POST
@for_workers
def delete(request: SignedIn, key: UUID) -> HttpResponse:
    get_object_or_404(Draft.objects.visible_to(request.user).defer("ciphertext"), key=key)
    drafts.drop(key, by=request.user)
    messages.success(request, _("Draft deleted."))
    return redirect("actions:home")
