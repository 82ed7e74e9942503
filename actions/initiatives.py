"""Initiatives: starting and changing one, what was done for it in counts, and which of its actions a reader may open.

The counts are of shared actions and promises alone, each once, whoever of the partners did it; no names, teams or notes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.functional import Promise

from actions import once
from actions.models import Action, Commitment, Community, Initiative, InitiativePartner, InitiativeStep, Practice
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, Vocabulary
from teams.models import Agency, Worker

ENOUGH_ACTIONS, ENOUGH_AUTHORS = 5, 3
LISTED = 20  # actions that a reader may open, the latest first


class StaleVersion(Exception):
    """Somebody else saved the initiative since it was read."""


def start(initiative: Initiative, *, by: Worker, partners: Iterable[Agency], key: UUID | None = None) -> Initiative:
    """Save a new one. The key makes any number of posts one; KeyTaken where another agency has it."""
    if by.agency is None:
        raise ValueError("Only an agency has initiatives.")
    initiative.agency = by.agency
    saved = once.insert(initiative, key=key, also=lambda: _begin(initiative, partners, on=by.today())) or initiative
    if saved.agency_id != by.agency_id:
        raise once.KeyTaken
    return saved


def _begin(initiative: Initiative, partners: Iterable[Agency], *, on: date) -> None:
    _share(initiative, partners, on=on)
    InitiativeStep.objects.create(initiative=initiative, to_status=initiative.status, on=on)


@transaction.atomic
def save(initiative: Initiative, *, by: Worker, partners: Iterable[Agency]) -> Initiative:
    """Save over the version that it carries, with a line of history where the status is new; else StaleVersion."""
    saved = Initiative.objects.editable_by(by).select_for_update(of=("self",)).get(pk=initiative.pk)
    if saved.version != initiative.version:
        raise StaleVersion
    initiative.version += 1
    initiative.save()
    _share(initiative, partners, on=by.today())
    if saved.status != initiative.status:
        InitiativeStep.objects.create(
            initiative=initiative, from_status=saved.status, to_status=initiative.status, on=by.today()
        )
    return initiative


def _share(initiative: Initiative, partners: Iterable[Agency], *, on: date) -> None:
    """With these agencies from now on, besides its owner, and with no others."""
    keys = {agency.pk for agency in partners} | {initiative.agency_id}
    rows = [InitiativePartner(agency_id=key, initiative=initiative) for key in keys]
    InitiativePartner.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["agency", "initiative"], update_fields=["ended_on"]
    )
    InitiativePartner.objects.current().filter(initiative=initiative).exclude(agency__in=keys).update(ended_on=on)


def partner_agencies(initiative: Initiative) -> QuerySet[Agency]:
    """The agencies here that share it today, without its owner."""
    current = InitiativePartner.objects.current().filter(initiative=initiative).values("agency")
    return Agency.objects.filter(pk__in=current).exclude(pk=initiative.agency_id).order_by("name")


def communities(initiative: Initiative, agency: Agency | None) -> QuerySet[Community]:
    """Whom it is for, as the agency calls it; another agency's own term is told by the shared one above it."""
    chosen = Q(pk__in=initiative.communities)
    if agency is None or agency.pk != initiative.agency_id:
        chosen = Q(chosen, agency=None) | Q(pk__in=Community.objects.filter(chosen).values("rolls_up_to"))
    return Community.objects.named_for(agency).filter(chosen).in_order()


class Counted(NamedTuple):
    label: str | Promise | date
    n: int


@dataclass(frozen=True)
class Figures:
    """Shared actions of an initiative and the promises shared with them, in counts; only what there is has a line."""

    total: int
    is_enough: bool  # for what would tell of single actions: directions, hours, dollars and what was heard back
    hours: Any
    dollars: int | None
    practices: list[Counted]
    directions: list[Counted]
    months: list[Counted]
    heard_back: list[Counted]
    promises: list[Counted]


def figures(initiative: Initiative, agency: Agency | None) -> Figures:
    """As of now. Practices bear the agency's names, and one of any agency's own counts under the shared one above it."""
    done = Action.objects.shared().filter(initiative=initiative).order_by()
    promised = Commitment.objects.shared().filter(initiative=initiative).order_by()
    counts = dict(done.values_list(Coalesce("practice__rolls_up_to", "practice")).annotate(Count("pk")))
    practices = Practice.objects.named_for(agency).filter(pk__in=counts).in_order()
    months = done.annotate(month=TruncMonth("done_on")).values_list("month").annotate(Count("pk")).order_by("month")
    sums = done.aggregate(
        total=Count("pk"), authors=Count("author", distinct=True), hours=Sum("hours"), dollars=Sum("dollars")
    )
    directions, heard_back = _by(Direction, done, "direction"), _by(HeardBack, done, "heard_back")
    is_enough = sums["total"] >= ENOUGH_ACTIONS and sums["authors"] >= ENOUGH_AUTHORS
    return Figures(
        total=sums["total"],
        is_enough=is_enough,
        hours=sums["hours"] if is_enough else None,
        dollars=sums["dollars"] if is_enough else None,
        practices=[Counted(practice.name, counts[practice.pk]) for practice in practices],
        directions=directions if is_enough else [],
        months=[Counted(month, n) for month, n in months],
        heard_back=heard_back if is_enough else [],
        promises=_by(CommitmentStatus, promised, "status"),
    )


def _by(words: type[Vocabulary], rows: QuerySet[Any], field: str) -> list[Counted]:
    counts = dict(rows.values_list(field).annotate(Count("pk")))
    return [Counted(word.label, counts[word.value]) for word in words if word.value in counts]


def readable_actions(initiative: Initiative, reader: Worker) -> QuerySet[Action]:
    """Those of its actions that the reader may open anyway: her own, and what her teams share."""
    return Action.objects.visible_to(reader).filter(initiative=initiative).for_list(reader.agency)[:LISTED]


def of(action: Action, reader: Worker) -> Initiative | None:
    """The initiative that an action was done for, where the reader may open it."""
    if action.initiative_id is None:
        return None
    return Initiative.objects.visible_to(reader).filter(pk=action.initiative_id).first()


def choices(worker: Worker, *, keep: UUID | None = None) -> list[tuple[UUID, str]]:
    """Key and title of each that she can log for, and of the one that an entry has, where she may read it."""
    readable = Initiative.objects.visible_to(worker)
    offered = readable.live() | readable.filter(pk=keep) if keep else readable.live()
    return list(offered.values_list("pk", "title"))
