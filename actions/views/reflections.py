"""My reflections: what I write for myself, about my own practice."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions import drafts, guard, once, reflections
from actions.forms import ReflectionForm
from actions.models import Action, Reflection
from actions.vocabulary import Prompt
from teams.requests import SignedIn, bind, for_workers
from teams.signing_in import own_means

PER_PAGE = 25


@require_safe
@own_means.first
@for_workers
def mine(request: SignedIn) -> HttpResponse:
    own = Reflection.objects.visible_to(request.user).with_practice(request.user.agency)
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "actions/reflection_list.html",
        {"page": page, "entries": list(reflections.opened_each(page)), "question": Prompt.of(timezone.localdate())},
    )


@require_http_methods(["GET", "POST"])
@own_means.first
@for_workers
def new(request: SignedIn) -> HttpResponse:
    return _write(request, action=None)


@require_http_methods(["GET", "POST"])
@own_means.first
def on_action(request: SignedIn, pk: UUID) -> HttpResponse:
    own = Action.objects.editable_by(request.user).for_list(request.user.agency)
    return _write(request, action=get_object_or_404(own, pk=pk))


def _write(request: SignedIn, *, action: Action | None) -> HttpResponse:
    asked = {"prompt": request.GET.get("prompt")}
    form = bind(ReflectionForm, request, reflection=Reflection(action=action), worker=request.user, initial=asked)
    return _saved(request, form) if form.is_valid() else _shown(request, form, action=action)


@require_safe
@own_means.first
def detail(request: SignedIn, pk: UUID) -> HttpResponse:
    own = Reflection.objects.visible_to(request.user).with_practice(request.user.agency)
    entry = reflections.opened(get_object_or_404(own, pk=pk))
    return render(request, "actions/reflection_detail.html", {"entry": entry})


@require_http_methods(["GET", "POST"])
@own_means.first
def edit(request: SignedIn, pk: UUID) -> HttpResponse:
    own = Reflection.objects.editable_by(request.user).with_practice(request.user.agency)
    entry = reflections.opened(get_object_or_404(own, pk=pk))
    if entry.text is None:
        return _shut(request, entry)
    form = bind(ReflectionForm, request, reflection=entry.reflection, text=entry.text, worker=request.user)
    return _saved(request, form) if form.is_valid() else _shown(request, form, action=entry.reflection.standing_action)


def _shown(request: SignedIn, form: ReflectionForm, *, action: Action | None) -> HttpResponse:
    context = {"form": form, "action": action}
    return render(request, "actions/reflection_form.html", context, status=422 if form.is_bound else 200)


def _shut(request: SignedIn, entry: reflections.Opened) -> HttpResponse:
    """Nothing is written over what may be opened again later, and nothing typed is lost."""
    context = {"entry": entry, "typed": request.POST.get("text")}
    status = 409 if request.method == "POST" else 200
    return render(request, "actions/reflection_detail.html", context, status=status)


def _saved(request: SignedIn, form: ReflectionForm) -> HttpResponse:
    try:
        reflection = form.save()
    except reflections.StaleVersion as stale:
        return _conflict(request, form, stale.saved)
    except (Reflection.DoesNotExist, once.KeyTaken) as gone:  # deleted meanwhile; or never hers
        raise Http404 from gone
    drafts.drop(reflection.pk, by=request.user)
    messages.success(request, _("Reflection saved."))
    for hint in guard.hints(form, "text"):
        messages.info(request, hint)
    return redirect("actions:reflection", reflection.pk)


def _conflict(request: SignedIn, form: ReflectionForm, saved: Reflection) -> HttpResponse:
    """Both texts on one page: nothing is overwritten unseen, and nothing typed is lost."""
    data = request.POST.copy()
    data["version"] = str(saved.version)
    form.data, form.reflection = data, saved
    context = {"form": form, "saved": reflections.opened(saved)}
    return render(request, "actions/reflection_conflict.html", context, status=409)


@require_http_methods(["GET", "POST"])
@own_means.first
def delete(request: SignedIn, pk: UUID) -> HttpResponse:
    reflection = get_object_or_404(Reflection.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        reflection.delete()
        messages.success(request, _("Reflection deleted."))
        return redirect("actions:reflections")
    return render(request, "actions/reflection_delete.html", {"entry": reflections.opened(reflection)})
