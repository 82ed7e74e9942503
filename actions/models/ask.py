"""What got in a worker's way and what she needs, put to her supervisors or the equity lead, and the answer to it."""

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import UUID7, Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.models.action import UNDO, Action
from teams.audit.tracking import tracked
from teams.constraints import SameAgency
from teams.models import Agency, Membership, Team, Worker

ASK_LENGTH = 400
NEWS = timedelta(days=28)


class Addressee(models.TextChoices):
    """The role that owes the answer."""

    SUPERVISOR = "supervisor", _("Supervisors of the team")
    EQUITY_LEAD = "equity_lead", _("Equity lead")


class Barrier(models.TextChoices):
    TIME = "time", _("Too little time")
    MONEY = "money", _("Too little money")
    RULE = "rule", _("A rule or a policy")
    DECISION = "decision", _("A decision that is not mine to make")
    SKILL = "skill", _("Missing skills or knowledge")
    SPACE = "space", _("No access, or no suitable place")
    SAFETY = "safety", _("Not safe enough")
    OTHER = "other", _("Something else")


class State(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


SETTLED = [State.ANSWERED, State.DECLINED]

ALONE = "alone"  # put to the equity lead for herself, not for a team
READERS: dict[tuple[str, str], Promise] = {
    (State.OPEN, Addressee.SUPERVISOR): _(
        "The supervisors of %(team)s can read this, with the name of who asked. "
        "Once it is answered, the team can read it without the name."
    ),
    (State.OPEN, Addressee.EQUITY_LEAD): _(
        "The equity leads of the agency can read this, with the name of who asked. "
        "Once it is answered, %(team)s can read it without the name."
    ),
    (State.OPEN, ALONE): _(
        "The equity leads of the agency can read this, with the name of who asked. Nobody else can, now or later."
    ),
    (State.ANSWERED, Addressee.SUPERVISOR): _(
        "Members and supervisors of %(team)s can read this. Only who answered it also sees who asked."
    ),
    (State.ANSWERED, Addressee.EQUITY_LEAD): _(
        "The equity leads of the agency and %(team)s can read this. Only who answered it also sees who asked."
    ),
    (State.ANSWERED, ALONE): _("Only the one who asked and the equity leads of the agency can read this."),
    (State.DECLINED, Addressee.SUPERVISOR): _("Only the one who asked and the supervisors of %(team)s can read this."),
    (State.DECLINED, Addressee.EQUITY_LEAD): _(
        "Only the one who asked and the equity leads of the agency can read this."
    ),
    (State.DECLINED, ALONE): _("Only the one who asked and the equity leads of the agency can read this."),
}
ROLES: dict[tuple[str, str], Promise] = {
    (State.OPEN, Addressee.SUPERVISOR): _("To the supervisors of %(team)s"),
    (State.OPEN, Addressee.EQUITY_LEAD): _("To the equity lead, for %(team)s"),
    (State.OPEN, ALONE): _("To the equity lead"),
    (State.ANSWERED, Addressee.SUPERVISOR): _("Answered by a supervisor of %(team)s"),
    (State.ANSWERED, Addressee.EQUITY_LEAD): _("Answered by the equity lead, for %(team)s"),
    (State.ANSWERED, ALONE): _("Answered by the equity lead"),
    (State.DECLINED, Addressee.SUPERVISOR): _("Declined by a supervisor of %(team)s"),
    (State.DECLINED, Addressee.EQUITY_LEAD): _("Declined by the equity lead, for %(team)s"),
    (State.DECLINED, ALONE): _("Declined by the equity lead"),
}


def _put_to(worker: Worker) -> Q:
    """Addressed to a role that she holds today, and never her own: who asks does not answer."""
    supervised = Membership.objects.current().supervising().filter(worker=worker).values("team")
    hers = Q(addressed_to=Addressee.SUPERVISOR, team__in=supervised)
    if worker.is_equity_lead:
        hers |= Q(addressed_to=Addressee.EQUITY_LEAD, agency=worker.agency_id)
    return hers & ~Q(asker=worker)


def _has_answerer() -> Q:
    """Somebody active, and not the asker herself, holds the role today that was asked."""
    spells = Membership.objects.current().supervising().filter(team=OuterRef("team"), worker__is_active=True)
    leads = Worker.objects.active().filter(agency=OuterRef("agency"), is_equity_lead=True)
    return Q(Exists(spells.exclude(worker=OuterRef("asker"))), addressed_to=Addressee.SUPERVISOR) | Q(
        Exists(leads.exclude(pk=OuterRef("asker"))), addressed_to=Addressee.EQUITY_LEAD
    )


class AskQuerySet(models.QuerySet["Ask"]):
    def standing(self) -> Self:
        """Not taken back."""
        return self.exclude(state=State.WITHDRAWN)

    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def settled(self) -> Self:
        """Answered, or declined with a reason."""
        return self.filter(state__in=SETTLED)

    def answered(self) -> Self:
        return self.filter(state=State.ANSWERED)

    def news(self, now: datetime) -> Self:
        """Settled in the last four weeks, the latest first; whether the answer was opened is not recorded."""
        return self.settled().filter(answered_at__gt=now - NEWS).latest_first()

    def latest_first(self) -> Self:
        return self.order_by("-answered_at", "-id")

    def longest_waiting_first(self) -> Self:
        return self.order_by("created_at", "id")

    def by(self, worker: Worker) -> Self:
        """Her own, as she reads them herself."""
        return self.standing().filter(asker=worker)

    def put_to(self, worker: Worker) -> Self:
        """Addressed to her as a supervisor of the ask's team, or as equity lead of its agency, today; none of her own.

        Those taken back are among them: chain `standing()` to show any.
        """
        return self.filter(_put_to(worker))

    def visible_to(self, worker: Worker) -> Self:
        """Her own, those put to her, and what was answered to one of her teams."""
        told = Q(state=State.ANSWERED, team__in=Team.objects.visible_to(worker))
        return self.standing().filter(Q(asker=worker) | _put_to(worker) | told)

    def told_to(self, team: Team, *, reader: Worker) -> Self:
        """A team's settled asks: the answered ones, and for who was asked those declined too."""
        return self.settled().filter(Q(state=State.ANSWERED) | _put_to(reader), team=team)

    def editable_by(self, worker: Worker) -> Self:
        """Her own, to be taken back while they are open."""
        return self.by(worker).open()

    def restorable_by(self, worker: Worker, now: datetime) -> Self:
        """Taken back by her less than ten minutes ago."""
        return self.filter(asker=worker, state=State.WITHDRAWN, withdrawn_at__gt=now - UNDO)

    def for_list(self, reader: Worker) -> Self:
        """With the team, whether it is the reader's own, and `asker_name`: a name only where she may read it.

        Who is to answer sees who asks, and who answered still does; to everybody else the name is not even fetched.
        """
        named = _put_to(reader) & (Q(state=State.OPEN) | Q(answered_by=reader))
        return self.select_related("team").annotate(
            is_mine=Case(When(asker=reader, then=True), default=False),
            is_put_to_me=Case(When(_put_to(reader), then=True), default=False),
            asker_name=Case(When(named, then=F("asker__name")), default=Value("")),
        )

    def answerable(self) -> Self:
        """Those whose role somebody holds today."""
        return self.filter(_has_answerer())

    def with_answerer(self) -> Self:
        """Annotates `has_answerer`, as `answerable` would say."""
        return self.annotate(has_answerer=Case(When(_has_answerer(), then=True), default=False))


@tracked(
    *("agency", "addressed_to", "team", "state"),
    insert=False,
    update=pgtrigger.Q(old__state__df=pgtrigger.F("new__state"), new__state__in=[str(one) for one in SETTLED]),
)
class Ask(models.Model):
    """What got in the way and what is needed, asked of a role that owes an answer; the answer belongs to the team."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="asks")
    addressed_to = models.CharField(_("asked of"), max_length=11, choices=Addressee)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="asks")
    # An ask stands without the action that it came from.
    action = models.ForeignKey(Action, on_delete=models.SET_NULL, null=True, blank=True, related_name="asks")
    barrier = models.CharField(_("what got in the way"), max_length=8, choices=Barrier)
    in_the_way = models.CharField(_("what got in the way, in words"), max_length=ASK_LENGTH, blank=True)
    need = models.CharField(_("what I need"), max_length=ASK_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=ASK_LENGTH, blank=True)
    answered_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_erased = models.BooleanField(default=False, db_default=False)  # for its age

    # Only where the query set annotates them.
    is_mine: bool
    is_put_to_me: bool
    asker_name: str
    has_answerer: bool

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["asker", "-created_at"], name="ask_asker"),
            models.Index(fields=["team", "-created_at"], name="ask_team"),
            models.Index(
                fields=["agency", "created_at"], condition=Q(addressed_to=Addressee.EQUITY_LEAD), name="ask_lead"
            ),
            models.Index(fields=["created_at"], condition=Q(state=State.OPEN), name="ask_open"),
            models.Index(fields=["answered_at"], condition=Q(state__in=SETTLED), name="ask_settled"),
            models.Index(
                fields=["withdrawn_at"], condition=Q(state=State.WITHDRAWN) & ~Q(need=""), name="ask_to_erase"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="ask_agency_id"),
            SameAgency(field="asker", name="ask_asker_same_agency"),
            SameAgency(field="team", name="ask_team_same_agency"),
            SameAgency(field="action", name="ask_action_same_agency"),
            SameAgency(field="answered_by", name="ask_answered_by_same_agency"),
            models.CheckConstraint(
                condition=Q(addressed_to=Addressee.EQUITY_LEAD) | Q(team__isnull=False),
                name="ask_of_supervisors_has_team",
                violation_error_message=_("Supervisors are asked as those of a team."),
            ),
            models.CheckConstraint(
                condition=~Q(need="") | ~Q(state=State.OPEN),  # erased once it was taken back, or its asker left
                name="ask_need_not_empty",
                violation_error_message=_("Say what you need."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=SETTLED, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="", answer_erased=False)
                    | ~Q(state__in=SETTLED) & Q(answered_by=None, answered_at=None, answer="")
                ),
                name="ask_answered_has_answer",
                violation_error_message=_("An answer has its words, its time and who gave it."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asker")),
                name="ask_not_answered_by_asker",
                violation_error_message=_("Nobody answers her own ask."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(state=State.WITHDRAWN) & Q(withdrawn_at=None),
                name="ask_withdrawn_has_time",
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=f"ask_{field}_known")
                for field, choices in {"addressed_to": Addressee, "barrier": Barrier, "state": State}.items()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_barrier_display()} ({timezone.localdate(self.created_at)})"

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def days_waiting(self) -> int:
        """Whole days since it was asked, on the calendar of whoever looks."""
        return (timezone.localdate() - timezone.localdate(self.created_at)).days

    @property
    def readers(self) -> str:
        """One sentence: who reads this as it stands."""
        return self._told(READERS)

    @property
    def role(self) -> str:
        """Of which role it is asked, or which role answered."""
        return self._told(ROLES)

    def _told(self, sentences: dict[tuple[str, str], Promise]) -> str:
        audience = self.addressed_to if self.team else ALONE
        return sentences[self.state, audience] % {"team": self.team}
