"""Spells in teams: begun, ended, moved and given another role, with what was before kept."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from teams.models import Membership, Team, Worker

DAY = timedelta(days=1)


@transaction.atomic
def add(
    worker: Worker, team: Team, *, role: str, starts_on: date, ends_on: date | None = None, by: Worker | None
) -> Membership:
    """Begin a spell; ValidationError where the account or the team is closed, or where it overlaps another one."""
    worker = Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker.pk)
    if not worker.is_active:
        raise ValidationError(_("%(name)s’s account is closed.") % {"name": worker.name})
    return _begin(worker, team, role=role, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def add_all(workers: Iterable[Worker], team: Team, *, role: str, starts_on: date, by: Worker | None) -> int:
    """Begin a spell for each who has none in the team from that day on; returns how many had none."""
    there = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), team=team).values("worker")
    new = Worker.objects.filter(pk__in=[worker.pk for worker in workers]).exclude(pk__in=there).order_by("pk")
    return len([add(worker, team, role=role, starts_on=starts_on, by=by) for worker in new])


@transaction.atomic
def move(spell: Membership, to: Team, *, on: date, role: str, by: Worker | None) -> Membership:
    """End the spell the day before, and begin one in the other team; ValidationError where that cannot be."""
    if to.pk == spell.team_id:
        raise ValidationError(_("This is the team that the spell is in already."))
    return _go_on(spell, to, on=on, role=role)


@transaction.atomic
def change_role(spell: Membership, *, role: str, on: date, by: Worker | None) -> Membership:
    """From the day on she is member or supervisor; the spell of before is kept, or changed where it begins that day."""
    if spell.role != role and spell.starts_on != on:
        return _go_on(spell, spell.team, on=on, role=role)
    saved = _locked(spell)
    _refuse_ended(saved, on)
    saved.role = role
    saved.save(update_fields=["role"])
    return saved


@transaction.atomic
def end(spell: Membership, *, on: date, by: Worker | None) -> None:
    """The day is the last one of the spell; ValidationError where it ended before, or begins later."""
    saved = _locked(spell)
    _refuse_ended(saved, on)
    if on < saved.starts_on:
        raise ValidationError(_("The spell begins on %(day)s: it cannot end before.") % {"day": _day(saved.starts_on)})
    saved.ends_on = on
    saved.save(update_fields=["ends_on"])


def _go_on(spell: Membership, team: Team, *, on: date, role: str) -> Membership:
    _lock(team)  # before its spells, as closing a team does
    saved = _locked(spell)
    _refuse_ended(saved, on)
    if on <= saved.starts_on:
        raise ValidationError(_("The spell begins on %(day)s: choose a later day.") % {"day": _day(saved.starts_on)})
    ends_on, saved.ends_on = saved.ends_on, on - DAY
    saved.save(update_fields=["ends_on"])
    return _begin(saved.worker, team, role=role, starts_on=on, ends_on=ends_on)


def _begin(worker: Worker, team: Team, *, role: str, starts_on: date, ends_on: date | None) -> Membership:
    team = _lock(team)
    if team.closed_on and (ends_on is None or ends_on > team.closed_on):
        words = {"team": team.name, "day": _day(team.closed_on)}
        raise ValidationError(_("The last day of %(team)s is %(day)s.") % words)
    spell = Membership(
        agency_id=team.agency_id, worker=worker, team=team, role=role, starts_on=starts_on, ends_on=ends_on
    )
    try:
        with transaction.atomic():
            spell.save(force_insert=True)
    except IntegrityError as error:
        words = {"name": worker.name, "team": team.name}
        raise ValidationError(_("%(name)s already has a spell in %(team)s in these days.") % words) from error
    return spell


def _lock(team: Team) -> Team:
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _locked(spell: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("worker", "team")
    saved = rows.filter(pk=spell.pk).first()
    if saved is None:
        raise ValidationError(_("Somebody took this spell back meanwhile."))
    return saved


def _refuse_ended(saved: Membership, on: date) -> None:
    """What somebody else ended meanwhile is not moved or ended again."""
    if saved.ends_on and saved.ends_on < on:
        raise ValidationError(_("The spell ended on %(day)s already.") % {"day": _day(saved.ends_on)})


def _day(day: date) -> str:
    return formats.date_format(day)
