"""Who is to hear of an ask by e-mail: rows first, from what the asks say; `deliver` sends them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from actions.models import Addressee, Ask
from actions.models.action import UNDO
from actions.models.ask import AskQuerySet
from reports.models import Delivery
from teams.models import Agency, Membership, Worker

AT_ONCE = 500  # the next minute's run takes the rest


@transaction.atomic
def queue_due(*, now: datetime) -> int:
    """A row for each mail that is due and has none yet; safe to run twice. Returns how many."""
    due = [*_answered(now=now), *_waiting(now=now)]
    Delivery.objects.bulk_create(due, ignore_conflicts=True)
    return len(due)


def _answered(*, now: datetime) -> list[Delivery]:
    """To each asker whose answer is there, as long as it is news."""
    kind = Delivery.Kind.ASK_ANSWERED
    news = _untold(Ask.objects.news(now).filter(asker__is_active=True), kind)
    return [
        Delivery(agency_id=ask.agency_id, kind=kind, ask=ask, recipient_id=ask.asker_id, due_at=now)
        for ask in news[:AT_ONCE]
    ]


def _waiting(*, now: datetime) -> list[Delivery]:
    """To those who can answer, once for each ask, after the ten minutes in which it can be taken back as if never sent.

    An ask that nobody can answer today waits for the day when somebody can.
    """
    kind = Delivery.Kind.ASK_WAITS
    stood = _untold(Ask.objects.open().filter(created_at__lte=now - UNDO), kind)
    found = stood.answerable().select_related("agency")
    due: list[Delivery] = []
    for agency, asks in groupby(found.order_by("agency", "created_at")[:AT_ONCE], key=lambda ask: ask.agency):
        due += _to_readers(agency, asks, now=now)
    return due


def _untold(asks: AskQuerySet, kind: Delivery.Kind) -> AskQuerySet:
    return asks.exclude(Exists(Delivery.objects.filter(ask=OuterRef("pk"), kind=kind)))


def _to_readers(agency: Agency, asks: Iterable[Ask], *, now: datetime) -> list[Delivery]:
    leads = list(Worker.objects.active().filter(agency=agency, is_equity_lead=True).values_list("pk", flat=True))
    spells = Membership.objects.current(now.astimezone(agency.zone).date()).supervising()
    supervisors: dict[UUID | None, list[UUID]] = {}
    for team, worker in spells.filter(agency=agency, worker__is_active=True).values_list("team", "worker"):
        supervisors.setdefault(team, []).append(worker)
    return [
        Delivery(agency=agency, kind=Delivery.Kind.ASK_WAITS, ask=ask, recipient_id=reader, due_at=now)
        for ask in asks
        for reader in (leads if ask.addressed_to == Addressee.EQUITY_LEAD else supervisors.get(ask.team_id, []))
        if reader != ask.asker_id
    ]
