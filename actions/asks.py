"""Asking a role for what is needed, its answer, and how long asks wait."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from actions import once
from actions.models import Addressee, Ask
from actions.models.action import UNDO
from actions.models.ask import AskQuerySet, State
from teams.models import Agency, Membership, Role, Team, Worker

ASKED = ["asker_id", "addressed_to", "team_id", "action_id", "barrier", "in_the_way", "need"]
TWO_WEEKS, FOUR_WEEKS = timedelta(days=14), timedelta(days=28)


class NoLongerOpen(Exception):
    """Somebody answered it first, or the asker took it back, since it was read."""

    def __init__(self, saved: Ask) -> None:
        super().__init__("no longer open")
        self.saved = saved


@dataclass(frozen=True)
class Target:
    """A role that a worker may ask today, and the team that reads the answer; None where she alone does."""

    addressed_to: Addressee
    team: Team | None

    @property
    def code(self) -> str:
        return f"{self.addressed_to}:{self.team.pk}" if self.team else str(self.addressed_to)


def targets(worker: Worker) -> list[Target]:
    """Whom she may ask: roles that somebody else holds today, so that there is somebody to answer.

    The supervisors of a team of which she is a member, then the equity lead, for herself or for one of her teams.
    """
    mine = Membership.objects.current().filter(worker=worker)
    others = Membership.objects.current().supervising().filter(worker__is_active=True).exclude(worker=worker)
    supervised = Team.objects.filter(pk__in=mine.filter(role=Role.MEMBER).values("team")).filter(
        pk__in=others.values("team")
    )
    found = [Target(Addressee.SUPERVISOR, team) for team in supervised]
    leads = Worker.objects.active().filter(agency=worker.agency_id, is_equity_lead=True).exclude(pk=worker.pk)
    if worker.agency_id and leads.exists():
        found.append(Target(Addressee.EQUITY_LEAD, None))
        found += [Target(Addressee.EQUITY_LEAD, team) for team in Team.objects.visible_to(worker)]
    return found


def ask(new: Ask, *, by: Worker, now: datetime, key: UUID | None = None) -> Ask:
    """Save a new ask; the mail to who is asked is made from its row (reports.mails.ask_mails).

    `key` is made where it was written: sent again, it is answered with what was saved first. KeyTaken where that says
    something else, or was taken back, or is not hers: nothing that she typed is passed over in silence.
    """
    if by.agency is None:
        raise ValueError("Only a worker of an agency asks.")
    new.asker, new.agency, new.created_at = by, by.agency, now
    saved = once.insert(new, key=key) or new
    if saved.state == State.WITHDRAWN or any(getattr(saved, name) != getattr(new, name) for name in ASKED):
        raise once.KeyTaken
    return saved


def answer(ask: Ask, *, text: str, by: Worker, now: datetime) -> Ask:
    """Answer it; the same answer a second time changes nothing. NoLongerOpen where it was settled otherwise or taken
    back, Ask.DoesNotExist where it is not hers to answer.
    """
    return _settle(ask, State.ANSWERED, text=text, by=by, now=now)


def decline(ask: Ask, *, reason: str, by: Worker, now: datetime) -> Ask:
    """Decline it with a reason; raises what `answer` does."""
    return _settle(ask, State.DECLINED, text=reason, by=by, now=now)


@transaction.atomic
def _settle(ask: Ask, state: State, *, text: str, by: Worker, now: datetime) -> Ask:
    """Under a lock: of two who answer at once the second finds it no longer open."""
    saved = Ask.objects.put_to(by).select_for_update(of=("self",)).get(pk=ask.pk)
    if (saved.state, saved.answer, saved.answered_by_id) == (state, text, by.pk):
        return saved
    if not saved.is_open:
        raise NoLongerOpen(saved)
    saved.state, saved.answer, saved.answered_by, saved.answered_at = state, text, by, now
    saved.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    return saved


@transaction.atomic
def withdraw(ask: Ask, *, by: Worker, now: datetime) -> None:
    """Take it back; for ten minutes its asker can undo that. NoLongerOpen where it was answered meanwhile."""
    saved = Ask.objects.filter(asker=by).select_for_update().get(pk=ask.pk)
    if saved.state == State.WITHDRAWN:
        return
    if not saved.is_open:
        raise NoLongerOpen(saved)
    saved.state, saved.withdrawn_at = State.WITHDRAWN, now
    saved.save(update_fields=["state", "withdrawn_at"])


def restore(ask: Ask, *, by: Worker, now: datetime) -> None:
    """Undo of `withdraw`."""
    Ask.objects.restorable_by(by, now).filter(pk=ask.pk).update(state=State.OPEN, withdrawn_at=None)


def erase_withdrawn(*, now: datetime) -> int:
    """Erase the texts of what was taken back more than ten minutes ago; the row stays. Returns how many."""
    gone = Ask.objects.filter(state=State.WITHDRAWN, withdrawn_at__lte=now - UNDO).exclude(need="")
    return gone.update(need="", in_the_way="")


def erase_texts(worker: Worker, *, now: datetime) -> None:
    """Erase what she asked, for good: her open asks are taken back, and of the others the answers stay."""
    own = Ask.objects.filter(asker=worker)
    own.open().update(state=State.WITHDRAWN, withdrawn_at=now, need="", in_the_way="")
    own.exclude(need="", in_the_way="").update(need="", in_the_way="")


def older_than(agency: Agency, day: date) -> AskQuerySet:
    """Those that were answered or declined before the day and still have words; an open ask waits for its answer."""
    midnight = datetime.combine(day, time.min, tzinfo=agency.zone)
    return Ask.objects.settled().filter(agency=agency, answered_at__lt=midnight, answer_erased=False)


def erase_old(agency: Agency, day: date, *, at_most: int) -> int:
    """Erase what was asked and answered; what got in the way, of whom it was asked and when it was settled stays."""
    keys = list(older_than(agency, day).values_list("pk", flat=True)[:at_most])
    return Ask.objects.filter(pk__in=keys).update(need="", in_the_way="", answer="", answer_erased=True)


@dataclass(frozen=True)
class Ages:
    """How many asks have waited for how long."""

    under_two_weeks: int
    two_to_four_weeks: int
    over_four_weeks: int

    @property
    def total(self) -> int:
        return self.under_two_weeks + self.two_to_four_weeks + self.over_four_weeks


def ages(asks: AskQuerySet, *, today: date) -> Ages:
    """Of the open ones, by whole days on the active time zone's calendar: 0 to 13, 14 to 28, and more."""
    young, old = Q(created_at__date__gt=today - TWO_WEEKS), Q(created_at__date__lt=today - FOUR_WEEKS)
    counts = (
        asks.open()
        .order_by()
        .aggregate(
            under_two_weeks=Count("pk", filter=young),
            two_to_four_weeks=Count("pk", filter=~young & ~old),
            over_four_weeks=Count("pk", filter=old),
        )
    )
    return Ages(**counts)
