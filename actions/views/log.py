"""Logging an action, and what its author can do with it afterwards."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import catalogue, drafts, entries, guard, initiatives, once
from actions.forms import ActionForm, QuickForm
from actions.models import Action, Community, Practice, Relation
from actions.vocabulary import HeardBack
from teams.models import Agency, Worker
from teams.requests import SignedIn, bind, for_workers

FOLLOWS_ON = {
    Relation.FOLLOWS_FROM: gettext_lazy("Follows from"),
    Relation.REPAIRS: gettext_lazy("Repairs"),
    Relation.REPORTS_BACK: gettext_lazy("Reports back on"),
}
FOLLOWED_BY = {
    Relation.FOLLOWS_FROM: gettext_lazy("Followed by"),
    Relation.REPAIRS: gettext_lazy("Repaired by"),
    Relation.REPORTS_BACK: gettext_lazy("Reported back on in"),
}


@require_safe
@for_workers
def practices(request: SignedIn) -> HttpResponse:
    """Choose what was done: the practices she logs most as tiles, and a search over all."""
    offered = list(Practice.objects.offered_to(request.user.agency))
    query = request.GET.get("q", "").strip()
    found = catalogue.matching(offered, query)
    frequent = [] if query else catalogue.frequent(offered, request.user)
    return render(
        request,
        "actions/practice_list.html",
        {"query": query, "found": found, "frequent": frequent, "groups": catalogue.by_kind(found)},
    )


@require_safe
@for_workers
def practice_helps(request: SignedIn) -> JsonResponse:
    """What a change of practice changes in the log form, for its script: help, levels, and who can see it."""
    return JsonResponse(
        {
            practice.pk: {
                "levels": practice.levels,
                "visibility": practice.default_visibility,
                "description": practice.description,
                "example": practice.example,
                "caution": practice.caution,
            }
            for practice in Practice.objects.offered_to(request.user.agency)
        }
    )


@require_http_methods(["GET", "POST"])
@for_workers
def quick_log(request: SignedIn) -> HttpResponse:
    """The quick form, for a practice that is chosen in the address; without one, the list to choose from."""
    if not request.user.default_visibility:
        return redirect(f"{reverse('teams:visibility')}?{urlencode({'next': request.get_full_path()})}")
    form = bind(QuickForm, request, worker=request.user, initial={"practice": request.GET.get("practice")})
    if form.is_valid():
        return _logged(request, form)
    if form.chosen is None:
        return redirect("actions:practices") if not form.is_bound else _with_another_practice(request)
    return render(request, "actions/quick_form.html", {"form": form}, status=422 if form.is_bound else 200)


def _with_another_practice(request: SignedIn) -> HttpResponse:
    """The practice was hidden while the form was open: the long form keeps the rest, and offers the others."""
    answers = request.POST.copy()
    answers.setdefault("heard_back", HeardBack.NOT_ASKED)
    form = ActionForm(answers, worker=request.user)
    return render(request, "actions/action_form.html", {"form": form}, status=422)


@require_http_methods(["GET", "POST"])
@for_workers
def log(request: SignedIn) -> HttpResponse:
    if not request.user.default_visibility:
        return redirect(f"{reverse('teams:visibility')}?{urlencode({'next': request.get_full_path()})}")
    initial = {name: request.GET.get(name) for name in ("practice", "initiative")}
    form = bind(ActionForm, request, worker=request.user, initial=initial)
    if form.is_valid():
        return _logged(request, form)
    return render(request, "actions/action_form.html", {"form": form}, status=422 if form.is_bound else 200)


def _logged(request: SignedIn, form: QuickForm) -> HttpResponse:
    """Saved; the same form sent twice arrives at the same action, and one that was changed in between at both."""
    try:
        action = form.save()
    except once.KeyTaken as taken:
        raise Http404 from taken
    except entries.SentBefore as earlier:
        return _sent_before(request, earlier.saved)
    drafts.drop(action.pk, by=request.user)
    messages.success(request, _("Action saved."), extra_tags=reverse("actions:withdraw", args=[action.pk]))
    tell(request, form, action)
    return redirect(f"{reverse('actions:detail', args=[action.pk])}?saved")


def _sent_before(request: SignedIn, saved: Action) -> HttpResponse:
    """The answer to the first post was lost, so she changed the form and sent it again."""
    answers = request.POST.copy()
    answers.setdefault("heard_back", saved.heard_back)
    form = ActionForm(answers, instance=Action.objects.get(pk=saved.pk), worker=request.user)
    return conflict(request, form, saved, was_sent_before=True)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: UUID) -> HttpResponse:
    action = get_object_or_404(Action.objects.editable_by(request.user), pk=pk)
    form = bind(ActionForm, request, instance=action, worker=request.user)
    if form.is_valid():
        try:
            form.save()
        except entries.StaleVersion as stale:
            return conflict(request, form, stale.saved)
        except Action.DoesNotExist as gone:  # withdrawn meanwhile, on another device
            raise Http404 from gone
        drafts.drop(action.pk, by=request.user)
        messages.success(request, _("Action saved."))
        tell(request, form, action)
        return redirect("actions:detail", action.pk)
    context = {"form": form, "action": action}
    return render(request, "actions/action_form.html", context, status=422 if form.is_bound else 200)


def tell(request: SignedIn, form: QuickForm, action: Action) -> None:
    """What is worth knowing of an action that was saved."""
    for hint in guard.hints(form, "note"):
        messages.info(request, hint)
    closed_through = action.agency.closed_through
    if closed_through and action.done_on <= closed_through:
        messages.info(request, _("The figures of that period are closed: they stay as they are."))


def conflict(request: SignedIn, form: ActionForm, saved: Action, *, was_sent_before: bool = False) -> HttpResponse:
    """Both versions on one page: nothing is overwritten unseen, and nothing typed is lost."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = str(saved.version)
    form.data = data
    context = {
        "form": form,
        "action": saved,
        "saved": saved,
        "practice": Practice.objects.named_for(request.user.agency).get(pk=saved.practice_id),
        "communities": named(saved, request.user.agency),
        "was_sent_before": was_sent_before,
    }
    return render(request, "actions/action_conflict.html", context, status=409)


@require_safe
def detail(request: SignedIn, pk: UUID) -> HttpResponse:
    action = get_object_or_404(Action.objects.visible_to(request.user).for_list(request.user.agency), pk=pk)
    is_mine = action.author_id == request.user.pk
    return render(
        request,
        "actions/action_detail.html",
        {
            "action": action,
            "communities": named(action, request.user.agency),
            "commitments": action.commitments.order_by("due_on" if is_mine else "pk"),  # the days are hers
            "is_mine": is_mine,
            "just_saved": "saved" in request.GET,
            "relations": relations(action, request.user),
            "initiative": initiatives.of(action, request.user),
        },
    )


def relations(action: Action, reader: Worker) -> list[tuple[str, Action | None]]:
    """What the action follows on and what follows on it, said in words; None where the reader may not read the other."""
    readable = Action.objects.visible_to(reader).for_list(reader.agency)
    earlier = readable.filter(pk=action.related_id).first() if action.related_id else None
    onward = [(str(FOLLOWS_ON[Relation(action.relation)]), earlier)] if action.relation else []
    back = [(str(FOLLOWED_BY[Relation(later.relation)]), later) for later in readable.filter(related=action)]
    return [*onward, *back]


def named(action: Action, agency: Agency | None) -> QuerySet[Community]:
    """The communities that an action is for, under the agency's own names and in its order."""
    return Community.objects.named_for(agency).filter(pk__in=action.communities).in_order()


@require_POST
def withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    action = get_object_or_404(Action.objects.editable_by(request.user), pk=pk)
    entries.withdraw(action, now=timezone.now())
    messages.success(
        request,
        _("Action withdrawn. After ten minutes its text is erased."),
        extra_tags=reverse("actions:restore", args=[action.pk]),
    )
    return redirect("actions:record")


@require_POST
def restore(request: SignedIn, pk: UUID) -> HttpResponse:
    action = get_object_or_404(Action.objects.restorable_by(request.user, timezone.now()), pk=pk)
    entries.restore(action)
    messages.success(request, _("Action restored."))
    return redirect("actions:detail", action.pk)
