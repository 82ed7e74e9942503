"""Changing the e-mail address of an account: whoever has the new one proves it while signed in to the account.

Nobody else can: not an admin who types an address of her own, nor who owns the address but not the account.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from teams.models import AddressChange, Worker

LASTS = timedelta(hours=24)


class NotOpen(Exception):
    """The link is too old, was used or replaced, is somebody else's, or the address has an account by now."""


@transaction.atomic
def propose(worker: Worker, email: str, *, now: datetime, by: Worker) -> str:
    """What stands in the link that goes to the new address; an earlier link works no longer."""
    token = secrets.token_urlsafe(32)
    values = {"email": email.lower(), "token_hash": _hash(token), "expires_at": now + LASTS}
    AddressChange.objects.update_or_create(worker=worker, defaults=values)
    return token


def is_taken(email: str) -> bool:
    return Worker.objects.filter(email=email.lower()).exists()


def of(token: str, worker: Worker, *, now: datetime) -> AddressChange:
    """NotOpen where it leads to nothing for her."""
    found = AddressChange.objects.filter(worker=worker, token_hash=_hash(token), expires_at__gt=now).first()
    if found is None or is_taken(found.email):
        raise NotOpen
    return found


@transaction.atomic
def confirm(token: str, worker: Worker, *, now: datetime) -> str:
    """The account has the new address; returns the one that it had. NotOpen where it cannot be."""
    saved = Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    change, before = of(token, saved, now=now), saved.email
    saved.email = change.email
    try:
        with transaction.atomic():
            saved.save(update_fields=["email"])
    except IntegrityError as error:  # somebody else was quicker
        raise NotOpen from error
    change.delete()
    EmailAddress.objects.filter(user=saved).delete()  # what allauth may remember of the old one opens nothing
    return before


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
