"""What got in the way and what is needed: asking, reading, answering."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import asks, drafts, guard
from actions.filters import AskFilter
from actions.forms import AnswerForm, AskForm
from actions.models import Action, Addressee, Ask
from actions.once import KeyTaken
from teams.models import Membership, Team
from teams.requests import SignedIn, bind, for_workers

PER_PAGE = 25
EXAMPLES = [
    gettext_lazy("an hour a week to prepare meetings together with families"),
    gettext_lazy("a decision on intake forms that assume two parents"),
    gettext_lazy("a room where youth can talk without being overheard"),
]


@require_safe
@for_workers
def mine(request: SignedIn) -> HttpResponse:
    hers = Ask.objects.by(request.user).for_list(request.user)
    context = {
        "open": hers.open().longest_waiting_first(),
        "page": Paginator(hers.settled().latest_first(), PER_PAGE).get_page(request.GET.get("page")),
        "examples": EXAMPLES,
    }
    return render(request, "actions/ask_list.html", context)


@require_http_methods(["GET", "POST"])
@for_workers
def new(request: SignedIn) -> HttpResponse:
    form = bind(AskForm, request, worker=request.user, initial={"action": request.GET.get("action")})
    if form.is_valid():
        try:
            return sent(request, form, form.save())
        except KeyTaken:
            form.ask_anew()
    return render(request, "actions/ask_form.html", {"form": form}, status=422 if form.is_bound else 200)


def sent(request: SignedIn, form: AskForm, ask: Ask) -> HttpResponse:
    drafts.drop(ask.pk, by=request.user)
    messages.success(
        request,
        _("Sent. You will read here when it is answered."),
        extra_tags=reverse("actions:ask_withdraw", args=[ask.pk]),
    )
    tell_hints(request, form)
    return redirect("actions:asks")


def tell_hints(request: SignedIn, form: AskForm | AnswerForm) -> None:
    """What the identifier guard has to say of texts that it lets pass."""
    for name in form.GUARDED:
        for hint in guard.hints(form, name):
            messages.info(request, hint)


@require_safe
def detail(request: SignedIn, pk: UUID) -> HttpResponse:
    visible = Ask.objects.visible_to(request.user).with_answerer().for_list(request.user)
    ask = get_object_or_404(visible, pk=pk)
    return render(request, "actions/ask_detail.html", {"ask": ask, "action": action_of(ask, request)})


def action_of(ask: Ask, request: SignedIn) -> Action | None:
    """The action that it came from, for readers who may read it and who know anyway who asked: it names its author."""
    if ask.action_id is None or not (ask.is_mine or ask.asker_name):
        return None
    return Action.objects.visible_to(request.user).for_list(request.user.agency).filter(pk=ask.action_id).first()


@require_http_methods(["GET", "POST"])
def answer(request: SignedIn, pk: UUID) -> HttpResponse:
    ask = get_object_or_404(Ask.objects.put_to(request.user).for_list(request.user), pk=pk)
    form = bind(AnswerForm, request, ask=ask, worker=request.user)
    if form.is_valid():
        try:
            form.save()
        except asks.NoLongerOpen as settled:
            return too_late(request, settled.saved, form)
        except Ask.DoesNotExist as gone:  # her role ended meanwhile
            raise Http404 from gone
        messages.success(request, _("Sent. The one who asked will be told."))
        tell_hints(request, form)
        return redirect("actions:ask", pk)
    if not ask.is_open:
        return too_late(request, ask, form) if form.is_bound else redirect("actions:ask", pk)
    context = {"form": form, "ask": ask, "action": action_of(ask, request)}
    return render(request, "actions/ask_answer.html", context, status=422 if form.is_bound else 200)


def too_late(request: SignedIn, saved: Ask, form: AnswerForm) -> HttpResponse:
    """What was answered, or that it was taken back, and beside it what she wrote: nothing typed is lost."""
    shown = Ask.objects.standing().put_to(request.user).for_list(request.user).filter(pk=saved.pk).first()
    return render(request, "actions/ask_conflict.html", {"ask": shown, "typed": form["answer"].value()}, status=409)


@require_POST
def withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    ask = get_object_or_404(Ask.objects.filter(asker=request.user), pk=pk)
    try:
        asks.withdraw(ask, by=request.user, now=timezone.now())
    except asks.NoLongerOpen:
        messages.info(request, _("It has been answered already."))
        return redirect("actions:ask", pk)
    messages.success(
        request,
        _("Taken back. After ten minutes its text is erased."),
        extra_tags=reverse("actions:ask_restore", args=[pk]),
    )
    return redirect("actions:asks")


@require_POST
def restore(request: SignedIn, pk: UUID) -> HttpResponse:
    now = timezone.now()
    open_again = Ask.objects.restorable_by(request.user, now) | Ask.objects.editable_by(request.user)
    ask = get_object_or_404(open_again, pk=pk)
    asks.restore(ask, by=request.user, now=now)
    messages.success(request, _("Your ask is open again."))
    return redirect("actions:ask", pk)


@require_safe
def of_team(request: SignedIn, pk: UUID) -> HttpResponse:
    """Answered ones for all of the team; for its supervisors also those that wait for them."""
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    filters = AskFilter(request.GET, Ask.objects.for_list(request.user))
    put_to_supervisors = filters.qs.open().put_to(request.user).filter(team=team, addressed_to=Addressee.SUPERVISOR)
    told = filters.qs.told_to(team, reader=request.user).latest_first()
    return render(
        request,
        "actions/ask_team.html",
        {
            "team": team,
            "supervises": Membership.objects.current().supervising().filter(worker=request.user, team=team).exists(),
            "open": list(put_to_supervisors.longest_waiting_first()),  # none for members; asked for as for supervisors
            "page": Paginator(told, PER_PAGE).get_page(request.GET.get("page")),
            "examples": EXAMPLES,
            "filters": filters,
            "chips": filters.chips(request),
        },
        status=200 if filters.form.is_valid() else 422,
    )


@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    """What the equity leads of the agency are asked: open ones by age, then those answered. Of what supervisors are
    asked, how long it waits, counted over the agency, and nothing else.
    """
    if not request.user.is_equity_lead:
        raise Http404
    to_leads = Ask.objects.put_to(request.user).filter(addressed_to=Addressee.EQUITY_LEAD)
    to_supervisors = Ask.objects.filter(addressed_to=Addressee.SUPERVISOR, agency=request.user.agency)
    filters = AskFilter(request.GET, to_leads.for_list(request.user))
    today = timezone.localdate()
    return render(
        request,
        "actions/ask_inbox.html",
        {
            "ages": asks.ages(to_leads, today=today),
            "supervisors": asks.ages(to_supervisors, today=today),
            "open": filters.qs.open().longest_waiting_first(),
            "page": Paginator(filters.qs.settled().latest_first(), PER_PAGE).get_page(request.GET.get("page")),
            "examples": EXAMPLES,
            "filters": filters,
            "chips": filters.chips(request),
        },
        status=200 if filters.form.is_valid() else 422,
    )
