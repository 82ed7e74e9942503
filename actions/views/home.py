"""Today's place: log, my year, promises due, asks answered or waiting, and what the team shares."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions import drafts, years
from actions.models import Action, Ask, Commitment, Draft
from actions.vocabulary import Prompt
from teams.models import Team
from teams.requests import SignedIn

SHOWN = 5


@require_safe
def home(request: SignedIn) -> HttpResponse:
    worker = request.user
    teams = list(Team.objects.visible_to(worker))
    due = Commitment.objects.by(worker).live().with_practice(worker.agency)
    news = Action.objects.shared().filter(team__in=teams).exclude(author=worker).for_list(worker.agency)
    unfinished = Draft.objects.visible_to(worker).defer("ciphertext")[:SHOWN]
    to_answer = Ask.objects.open().put_to(worker).for_list(worker).longest_waiting_first()
    return render(
        request,
        "actions/home.html",
        {
            "year": years.by_kind(worker, timezone.localdate().year),
            "answers": Ask.objects.by(worker).news(timezone.now()).for_list(worker)[:SHOWN],
            "waiting": to_answer[:SHOWN],
            "drafts": [(drafts.FORMS.get(drafts.form_at(draft.address) or "", ""), draft) for draft in unfinished],
            "kept_days": drafts.KEPT.days,
            "commitments": due[:SHOWN],
            "news": news[:SHOWN],
            "teams": teams,
            "is_at_work": bool(teams) or worker.is_at_work,
            "today": timezone.localdate(),
            "question": Prompt.of(timezone.localdate()),
        },
    )
