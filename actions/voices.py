"""The voice of those whom an initiative concerns: links for one answer each, and what the answers add up to.

A link answers once. What was said is a count alone: no row leads from an answer to its link, its time or its sender.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum

from actions.initiatives import Counted
from actions.models import Answer, Initiative, VoiceCount, VoiceLink

DAYS = {"weeks": 14, "month": 30, "season": 90}  # how long a link may work
STEP = 5  # answers: below it no count is shown, and above it counts move on by as many at once


def make_link(initiative: Initiative, *, days: int, now: datetime) -> str:
    """The token of a new link. It is told this once: the database has its hash alone."""
    token = secrets.token_urlsafe(24)
    VoiceLink.objects.create(
        initiative=initiative,
        token_hash=_hashed(token),
        made_on=initiative.agency.today(),
        expires_at=now + timedelta(days=days),
    )
    return token


def revoke(link: VoiceLink, *, now: datetime) -> None:
    VoiceLink.objects.revocable(now).filter(pk=link.pk).update(revoked_at=now)


def find(token: str, *, now: datetime) -> VoiceLink:
    """VoiceLink.DoesNotExist where there is none such, or no longer; which of these, nobody is told."""
    return VoiceLink.objects.open(now).select_related("initiative__agency").get(token_hash=_hashed(token))


@transaction.atomic
def answer(token: str, said: str, *, now: datetime) -> None:
    """Add one to the count and close the link; VoiceLink.DoesNotExist where it is closed already."""
    link = VoiceLink.objects.open(now).select_for_update(of=("self",)).get(token_hash=_hashed(token))
    Initiative.objects.select_for_update(of=("self",), no_key=True).get(pk=link.initiative_id)  # one at a time
    VoiceLink.objects.filter(pk=link.pk).update(is_answered=True)
    counts = VoiceCount.objects.filter(initiative=link.initiative_id)
    VoiceCount.objects.get_or_create(initiative_id=link.initiative_id, answer=said)
    counts.filter(answer=said).update(n=F("n") + 1)
    if counts.aggregate(total=Sum("n"))["total"] % STEP == 0:
        counts.update(shown=F("n"))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Heard:
    """What may be shown of the answers: a full step of them, or only that there are some."""

    is_any: bool
    total: int
    answers: list[Counted]
    links: int  # that were made, answered or not


def heard(initiative: Initiative) -> Heard:
    rows = {row.answer: row.shown for row in VoiceCount.objects.filter(initiative=initiative)}
    total = sum(rows.values())
    answers = [Counted(each.label, rows.get(each.value, 0)) for each in Answer] if total else []
    return Heard(is_any=bool(rows), total=total, answers=answers, links=initiative.links.count())
