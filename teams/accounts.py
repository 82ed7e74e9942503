"""Accounts of an agency's people: who they are, what role they have, and whether they can sign in."""

import hashlib
import json
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from teams.models import Agency, Membership, Session, Worker

KEPT = ("name", "is_admin", "is_equity_lead")  # what an admin may change of an account


class LastAdmin(Exception):
    """Nobody else looks after the agency's people."""


class StaleAccount(Exception):
    """Somebody else changed the account since it was read."""

    def __init__(self, saved: Worker) -> None:
        super().__init__("stale account")
        self.saved = saved


def seen(worker: Worker) -> str:
    """Stands for what an admin was shown of the account: who saves over something else learns of it."""
    shown = json.dumps([str(getattr(worker, name)) for name in KEPT])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@transaction.atomic
def change(worker: Worker, *, name: str, is_admin: bool, is_equity_lead: bool, over: str, by: Worker | None) -> Worker:
    """Save what an admin changed, where the account is still as `over` says, by `seen`; StaleAccount where it is not.

    LastAdmin where nobody would be left to look after the agency's people.
    """
    lock_agency(worker.agency_id)
    saved = _locked(worker)
    if seen(saved) != over:
        raise StaleAccount(saved)
    was_admin = saved.is_admin and saved.is_active
    saved.name, saved.is_admin, saved.is_equity_lead = name, is_admin, is_equity_lead
    saved.save(update_fields=KEPT)
    if was_admin:
        refuse_without_admin(saved.agency_id)
    return saved


@transaction.atomic
def deactivate(*workers: Worker, now: datetime, by: Worker | None) -> int:
    """Close accounts of one agency today, with their sessions, calendar links and spells; returns how many were open.

    A second time changes nothing. LastAdmin, and none is closed, where nobody would be left to look after the people.
    """
    lock_agency(workers[0].agency_id)
    locked = [_locked(worker) for worker in sorted(workers, key=lambda worker: worker.pk)]
    opened = [worker for worker in locked if worker.is_active]
    if not opened:
        return 0
    agency = opened[0].agency
    assert agency is not None
    today = now.astimezone(agency.zone).date()
    spells = Membership.objects.filter(worker__in=opened, agency=agency)
    list(spells.select_for_update().order_by("pk").values_list("pk"))
    spells.filter(starts_on__gt=today).delete()
    spells.during(today + timedelta(days=1), today + timedelta(days=1)).update(ends_on=today)
    Worker.objects.filter(pk__in=[worker.pk for worker in opened]).update(is_active=False, calendar_key=None)
    end_sessions(*opened)
    if any(worker.is_admin for worker in opened):
        refuse_without_admin(agency.pk)
    return len(opened)


@transaction.atomic
def reactivate(worker: Worker, *, by: Worker | None) -> None:
    """She can sign in again; no session of before comes back, and spells in teams begin anew."""
    Worker.objects.filter(pk=_locked(worker).pk).update(is_active=True)


@transaction.atomic
def end_sessions(*workers: Worker) -> None:
    """Whoever is signed in as one of them, anywhere, is signed out, for good."""
    Worker.objects.filter(pk__in=[worker.pk for worker in workers]).update(
        session_generation=F("session_generation") + 1
    )
    Session.objects.of(*workers).delete()


def lock_agency(agency_id: UUID | None) -> None:
    """Of two who take away its last two admins at once, one comes second."""
    if agency_id is None:
        raise ValueError("Only accounts of an agency are looked after by its admins.")
    Agency.objects.select_for_update(no_key=True).get(pk=agency_id)


def refuse_without_admin(agency_id: UUID | None) -> None:
    """LastAdmin where nobody looks after the agency's people; asked by who has locked it, and taken an admin away."""
    if not Worker.objects.active().filter(agency=agency_id, is_admin=True).exists():
        raise LastAdmin


def _locked(worker: Worker) -> Worker:
    return Worker.objects.select_for_update(of=("self",), no_key=True).select_related("agency").get(pk=worker.pk)
