"""Inviting people by e-mail: one link for one address, for three days, of which the database knows only a hash.

The link is made from the row and the secret of the installation, so a copy of the database opens nothing, and the
process that sends the mail can make it (docs/decisions/0016-invitations.md).
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from teams.models import Agency, Invitation, InvitedTo, Membership, Role, Team, Worker

LASTS = timedelta(hours=72)
AT_ONCE = 200  # addresses
A_DAY = 1000  # of one agency
AGAIN_AFTER = timedelta(hours=1)  # by whoever has an old link; an admin may at any time
ADDRESS_LENGTH = 254
_PIECES = re.compile(r'(?:"[^"\n]*"|<[^<>\n]*>|[^,;\n])+')  # "Okoro, Ines" <ines@agency.example> is one


class Told(StrEnum):
    """What became of an address; one that somebody of another agency has is told as any other."""

    INVITED = "invited"
    RESENT = "resent"
    MEMBER = "member"
    CLOSED = "closed"
    INVALID = "invalid"


@dataclass(frozen=True)
class Outcome:
    typed: str
    told: Told


@dataclass(frozen=True)
class Offer:
    """As what, where and in which language somebody is invited."""

    language: str
    teams: Sequence[Team] = ()
    role: str = Role.MEMBER
    is_admin: bool = False
    is_equity_lead: bool = False


class TooMany(Exception):
    """The agency invited as many today as it may."""


class NotOpen(Exception):
    """The link was used, taken back, is too old, or its address has an account by now."""


def addresses(text: str) -> list[str]:
    """What stands between line breaks, commas and semicolons, each once: an address, or what is none."""
    pieces = (piece.strip() for piece in _PIECES.findall(text))
    return list({_bare(piece).lower(): _bare(piece) for piece in pieces if piece}.values())


def _bare(piece: str) -> str:
    """The address of “Name <a@b.example>”, or the piece itself."""
    inside = re.search(r"<([^<>]*)>\s*$", piece)
    return (inside[1] if inside else piece).strip()


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= ADDRESS_LENGTH and text.isascii()  # letters that only look like others are of another address


@transaction.atomic
def invite(agency: Agency, typed: Iterable[str], *, offer: Offer, now: datetime, by: Worker) -> list[Outcome]:
    """Invite each address, and tell what became of it; TooMany where that is more than an agency may in a day."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    typed = list(typed)
    today = Invitation.objects.filter(agency=agency, invited_at__gt=now - timedelta(days=1)).count()
    if today + len(typed) > A_DAY:
        raise TooMany
    emails = [text.lower() for text in typed]
    members = dict(Worker.objects.filter(agency=agency, email__in=emails).values_list("email", "is_active"))
    standing = {row.email: row for row in Invitation.objects.standing().filter(agency=agency, email__in=emails)}
    outcomes = []
    for text in typed:
        email = text.lower()
        if not _is_address(email):
            told = Told.INVALID
        elif email in members:
            told = Told.MEMBER if members[email] else Told.CLOSED
        else:
            told = Told.RESENT if email in standing else Told.INVITED
            _make(agency, email, offer, now=now, by=by, instead_of=standing.get(email))
        outcomes.append(Outcome(text, told))
    return outcomes


def _make(
    agency: Agency, email: str, offer: Offer, *, now: datetime, by: Worker | None, instead_of: Invitation | None
) -> Invitation:
    if instead_of:
        revoke(instead_of, now=now, by=by)
    invitation = Invitation(
        agency=agency,
        email=email,
        is_admin=offer.is_admin,
        is_equity_lead=offer.is_equity_lead,
        role=offer.role,
        language=offer.language,
        invited_by=by,
        invited_at=now,
        expires_at=now + LASTS,
    )
    invitation.token_hash = _hash(token(invitation))
    invitation.save(force_insert=True)
    InvitedTo.objects.bulk_create(
        InvitedTo(agency=agency, invitation=invitation, team=team) for team in dict.fromkeys(offer.teams)
    )
    return invitation


def token(invitation: Invitation) -> str:
    """What stands in the link: bound to the address and to the row's random number by the installation's secret."""
    said = f"{invitation.nonce.hex}:{invitation.email}"
    return salted_hmac("teams.invitations", said, algorithm="sha256").hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("teams:join", args=[token(invitation)])


def of(token: str) -> Invitation:
    """Whose link it is, whether it still works or not; Invitation.DoesNotExist where it never was one."""
    return Invitation.objects.select_related("agency").get(token_hash=_hash(token))


def is_open(invitation: Invitation, *, now: datetime) -> bool:
    return (
        Invitation.objects.open_at(now).filter(pk=invitation.pk).exists()
        and not Worker.objects.filter(email=invitation.email).exists()
    )


@transaction.atomic
def accept(invitation: Invitation, *, name: str, password: str | None, language: str, now: datetime) -> Worker:
    """Make the account and its spells, from today on; NotOpen for all but the first of any number who try.

    Without a password its owner comes by her agency's account.
    """
    rows = Invitation.objects.open_at(now).select_for_update(of=("self",)).select_related("agency")
    saved = rows.filter(pk=invitation.pk).first()
    if saved is None or Worker.objects.filter(email=saved.email).exists():
        raise NotOpen
    worker = _account(saved, name=name, password=password, language=language)
    today = saved.agency.today()
    teams = saved.teams.select_for_update(of=("self",), no_key=True).filter(closed_on=None).order_by("pk")
    Membership.objects.bulk_create(
        Membership(agency=saved.agency, worker=worker, team=team, role=saved.role, starts_on=today) for team in teams
    )
    saved.accepted_at, saved.worker = now, worker
    saved.save(update_fields=["accepted_at", "worker"])
    return worker


def _account(invitation: Invitation, *, name: str, password: str | None, language: str) -> Worker:
    try:
        with transaction.atomic():
            return Worker.objects.create_worker(
                email=invitation.email,
                name=name,
                agency=invitation.agency,
                password=password,
                language=language,
                is_admin=invitation.is_admin,
                is_equity_lead=invitation.is_equity_lead,
            )
    except (IntegrityError, ValidationError) as error:  # another agency's invitation was quicker
        raise NotOpen from error


@transaction.atomic
def revoke(invitation: Invitation, *, now: datetime, by: Worker | None) -> bool:
    """The link stops working; says whether it stood until now."""
    return bool(Invitation.objects.standing().filter(pk=invitation.pk).update(revoked_at=now))


@transaction.atomic
def renew(invitation: Invitation, *, now: datetime, by: Worker | None) -> Invitation | None:
    """A new link for the same address and the same offer, three days from now; the old one stops working.

    None where the invitation stands no longer.
    """
    rows = Invitation.objects.standing().select_for_update(of=("self",)).select_related("agency")
    saved = rows.filter(pk=invitation.pk).first()
    if saved is None:
        return None
    offer = Offer(
        language=saved.language,
        teams=list(saved.teams.all()),
        role=saved.role,
        is_admin=saved.is_admin,
        is_equity_lead=saved.is_equity_lead,
    )
    return _make(saved.agency, saved.email, offer, now=now, by=by or saved.invited_by, instead_of=saved)


@transaction.atomic
def ask_again(invitation: Invitation, *, now: datetime) -> bool:
    """Who has an old link asks for a new one: mailed to the address itself, where its invitation stands, once an hour."""
    latest = Invitation.objects.standing().filter(agency=invitation.agency_id, email=invitation.email).first()
    if latest is None or latest.invited_at > now - AGAIN_AFTER:
        return False
    return renew(latest, now=now, by=None) is not None


def note_sent(invitation: Invitation, *, now: datetime) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)


def sentence(told: Told) -> str:
    """What a page says of it."""
    return {
        Told.INVITED: _("Invited"),
        Told.RESENT: _("Was invited before: a new link goes out, and the old one stops working"),
        Told.MEMBER: _("Is already a member of your agency"),
        Told.CLOSED: _("Has a closed account at your agency: reactivate it on the person’s page"),
        Told.INVALID: _("Is not an e-mail address"),
    }[told]
