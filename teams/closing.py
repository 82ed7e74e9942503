"""Closing a team, or merging it into another: spells end or go on elsewhere; actions and summaries stay where they are."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from teams.models import Membership, Team, TeamClosing, Worker

DAY = timedelta(days=1)
FIELDS = ("worker_id", "team_id", "role", "starts_on", "ends_on")


class CannotClose(Exception):
    """The team, or the one it is to be merged into, is closed, or is closed before that day."""


class OtherCounts(Exception):
    """Other spells would be ended or moved than the reader was told."""


class ChangedSince(Exception):
    """A spell or the team is no longer as the closing left it, so it cannot be taken back."""


@dataclass(frozen=True)
class Plan:
    """What closing a team after a day would do to spells; one that goes on elsewhere is ended and begins there."""

    team: Team
    into: Team | None
    last_day: date
    ended: list[Membership] = field(default_factory=list)
    moved: list[Membership] = field(default_factory=list)
    dropped: list[Membership] = field(default_factory=list)
    """Those that would have begun later, of a team that is then no more."""

    @property
    def told(self) -> str:
        """Stands for the counts that a reader confirms."""
        return f"{len(self.ended)}-{len(self.moved)}-{len(self.dropped)}"


def plan(team: Team, *, into: Team | None, last_day: date) -> Plan:
    """What `close` would do now. Who has a spell in the other team already after that day keeps it, as it is."""
    made = Plan(team, into, last_day)
    later = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=last_day), team=team)
    there = set(_after(into, last_day).values_list("worker", flat=True)) if into else set()
    for spell in later.order_by("starts_on", "pk"):
        is_future = spell.starts_on > last_day
        if into and spell.worker_id not in there:
            made.moved.append(spell)
        elif is_future:
            made.dropped.append(spell)
        else:
            made.ended.append(spell)
    return made


def _after(team: Team, day: date) -> Any:
    return Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), team=team)


@transaction.atomic
def close(
    team: Team, *, into: Team | None, last_day: date, told: str | None = None, now: datetime, by: Worker
) -> TeamClosing:
    """Close the team after the day; OtherCounts where that does something else than `told`, of a plan, says."""
    rows = Team.objects.select_for_update(no_key=True).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=[team.pk, *([into.pk] if into else [])])}
    team, into = locked[team.pk], locked[into.pk] if into else None
    if team.closed_on or (into and into.closed_on) or team == into:
        raise CannotClose
    spells = Membership.objects.select_for_update().filter(team__in=locked).order_by("pk")
    list(spells.values_list("pk"))  # from here on nobody else changes one
    made = plan(team, into=into, last_day=last_day)
    if told is not None and made.told != told:
        raise OtherCounts
    changes = {
        "ended": [_cut(spell, last_day) for spell in made.ended],
        "moved": [_carried(spell, into, last_day) for spell in made.moved if into],
        "dropped": [_dropped(spell) for spell in made.dropped],
    }
    team.closed_on = last_day
    team.save(update_fields=["closed_on"])
    return TeamClosing.objects.create(
        agency_id=team.agency_id, team=team, into=into, last_day=last_day, changes=changes, done_by=by, done_at=now
    )


def _cut(spell: Membership, last_day: date) -> dict[str, Any]:
    was = _row(spell)
    spell.ends_on = last_day
    spell.save(update_fields=["ends_on"])
    return {"was": was, "is": _row(spell)}


def _carried(spell: Membership, into: Team, last_day: date) -> dict[str, Any]:
    """A spell that has begun ends and goes on there; one that has not begun is there from its own first day on."""
    was = _row(spell)
    if spell.starts_on > last_day:
        spell.team = into
        spell.save(update_fields=["team"])
        return {"was": was, "is": _row(spell)}
    new = Membership.objects.create(
        agency_id=into.agency_id,
        worker_id=spell.worker_id,
        team=into,
        role=spell.role,
        starts_on=last_day + DAY,
        ends_on=spell.ends_on,
    )
    return {**_cut(spell, last_day), "new": _row(new)}


def _dropped(spell: Membership) -> dict[str, Any]:
    was = _row(spell)
    spell.delete()
    return {"was": was}


def _row(spell: Membership) -> dict[str, Any]:
    values = {name: getattr(spell, name) for name in FIELDS}
    return {"pk": str(spell.pk)} | {name: None if value is None else str(value) for name, value in values.items()}


@transaction.atomic
def undo(closing: TeamClosing, *, now: datetime, by: Worker) -> None:
    """All spells as they were, and the team open; ChangedSince where somebody changed one of them meanwhile."""
    closing = TeamClosing.objects.select_for_update().get(pk=closing.pk)
    if closing.undone_at:
        return
    team = Team.objects.select_for_update(no_key=True).get(pk=closing.team_id)
    left = [change for kind in ("ended", "moved") for change in closing.changes[kind]]
    expected = [row for change in left for row in (change["is"], change.get("new")) if row]
    spells = Membership.objects.select_for_update().order_by("pk").filter(pk__in=[row["pk"] for row in expected])
    saved = {str(spell.pk): spell for spell in spells}
    found = {pk: _row(spell) for pk, spell in saved.items()}
    gone = Worker.objects.filter(pk__in={row["worker_id"] for row in expected}, is_active=False)
    if team.closed_on != closing.last_day or any(found.get(row["pk"]) != row for row in expected) or gone.exists():
        raise ChangedSince
    for change in left:
        if "new" in change:
            saved[change["new"]["pk"]].delete()
        _put_back(saved[change["was"]["pk"]], change["was"])
    for change in closing.changes["dropped"]:
        _put_back(Membership(pk=UUID(change["was"]["pk"]), agency_id=closing.agency_id), change["was"])
    team.closed_on = None
    team.save(update_fields=["closed_on"])
    closing.undone_at = now
    closing.save(update_fields=["undone_at"])


def _put_back(spell: Membership, was: dict[str, Any]) -> None:
    spell.worker_id, spell.team_id, spell.role = UUID(was["worker_id"]), UUID(was["team_id"]), was["role"]
    spell.starts_on = date.fromisoformat(was["starts_on"])
    spell.ends_on = date.fromisoformat(was["ends_on"]) if was["ends_on"] else None
    spell.save(force_insert=spell._state.adding)
