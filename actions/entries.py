"""Changing what was logged: saving over the version that was read, withdrawing, and taking that back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from actions import edits, once
from actions.models import Action, ActionEdit, Commitment, Draft
from actions.models.action import UNDO, ActionQuerySet
from teams.models import Agency, Membership, Team, Worker


class StaleVersion(Exception):
    """The action was saved by somebody else, or on another device, since it was read."""

    def __init__(self, saved: Action) -> None:
        super().__init__("stale version")
        self.saved = saved


class SentBefore(Exception):
    """The form was sent before, and said something else: `saved` is what it said then, `differing` names the fields."""

    def __init__(self, saved: Action, differing: set[str]) -> None:
        super().__init__("sent before")
        self.saved, self.differing = saved, differing


def teams_on(worker: Worker, day: date) -> list[Team]:
    """The teams that the worker belonged to on the day: one of them an action of that day belongs to."""
    spells = Membership.objects.current(day).filter(worker=worker)
    return list(Team.objects.filter(pk__in=spells.values("team")))


def log(action: Action, *, by: Worker, key: UUID | None = None, commitment_due: date | None = None) -> Action:
    """Save a new action. `key` is made where it was written, so that it can be sent any number of times: the first
    is saved, and every later one is answered with it, unchanged. SentBefore where a later one says something else and
    nobody edited or withdrew the first: its answer was lost. KeyTaken where the key is another worker's.
    """
    if by.agency is None:
        raise ValueError("Only a worker of an agency logs actions.")
    action.author, action.agency, action.logged_on = by, by.agency, by.today()
    saved = once.insert(action, key=key, also=lambda: _promise(action, commitment_due)) or action
    if saved.author_id != by.pk:
        raise once.KeyTaken
    if saved is not action and (differing := _differing(action, saved, commitment_due)):
        raise SentBefore(saved, differing)
    return saved


def _differing(action: Action, saved: Action, commitment_due: date | None) -> set[str]:
    if saved.version > 1:  # hers to change since, and she did
        return set()
    is_promised = commitment_due is None or Commitment.objects.filter(action=saved, due_on=commitment_due).exists()
    return {*edits.between(saved, action), *([] if is_promised else ["commitment_due"])}


@transaction.atomic
def save(action: Action, *, by: Worker, now: datetime, commitment_due: date | None = None) -> Action:
    """Save the changed action over the version it carries; StaleVersion where a newer one is there."""
    saved = Action.objects.editable_by(by).select_for_update(of=("self",)).get(pk=action.pk)
    if saved.version != action.version:
        raise StaleVersion(saved)
    action.version += 1
    action.edited_at = now
    changes = edits.between(saved, action)
    action.save()
    if changes:
        ActionEdit.objects.create(
            agency_id=action.agency_id, action=action, version=action.version, edited_at=now, changes=changes
        )
    _promise(action, commitment_due)
    return action


def _promise(action: Action, due_on: date | None) -> None:
    """The database gives it the action's author, team, visibility and day."""
    if due_on:
        Commitment.objects.create(agency_id=action.agency_id, action=action, due_on=due_on)


def withdraw(action: Action, *, now: datetime) -> None:
    """Take it out of every list and live figure; its author can restore it for ten minutes."""
    Action.objects.standing().filter(pk=action.pk).update(withdrawn_at=now, version=F("version") + 1)


def restore(action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(withdrawn_at=None, version=F("version") + 1)


def erase_withdrawn(*, now: datetime) -> int:
    """Erase the text of what was withdrawn more than ten minutes ago; the row stays as a marker. Returns how many."""
    long_gone = Action.objects.filter(withdrawn_at__lte=now - UNDO)
    return long_gone.exclude(note="", partners="").update(note="", partners="")


def with_texts(worker: Worker) -> ActionQuerySet:
    """All of hers that hold something she typed, those just withdrawn too."""
    return Action.objects.filter(author=worker).exclude(note="", partners="")


@transaction.atomic
def erase_texts(worker: Worker, *, now: datetime) -> int:
    """Erase every note and partner that she typed; the actions and all their figures stay. Returns how many had any.

    The version moves on: a form that is open elsewhere cannot bring a text back unseen.
    """
    rows = list(with_texts(worker).select_for_update(of=("self",)))
    ActionEdit.objects.bulk_create(
        ActionEdit(
            agency_id=row.agency_id,
            action=row,
            version=row.version + 1,
            edited_at=now,
            changes={name: None for name in edits.TEXTS if getattr(row, name)},
        )
        for row in rows
    )
    Draft.objects.filter(author=worker, key__in=[row.pk for row in rows]).delete()  # of changes that were not sent
    erased = Action.objects.filter(pk__in=[row.pk for row in rows])
    return erased.update(note="", partners="", version=F("version") + 1, edited_at=now)


def older_than(agency: Agency, day: date) -> ActionQuerySet:
    """Those with a text that were logged before the day: one brought in late from a spreadsheet counts from then on."""
    return Action.objects.filter(agency=agency, logged_on__lt=day).exclude(note="", partners="")


@transaction.atomic
def erase_old(agency: Agency, day: date, *, at_most: int) -> int:
    """Erase the texts of those, and what is drafted over them; all else about them stays. Returns of how many.

    Nobody edited anything, so no history tells of it; the version moves on, for forms that are open meanwhile.
    """
    keys = list(older_than(agency, day).select_for_update(of=("self",)).values_list("pk", flat=True)[:at_most])
    Draft.objects.filter(agency=agency, key__in=keys).delete()
    return Action.objects.filter(pk__in=keys).update(note="", partners="", version=F("version") + 1)
