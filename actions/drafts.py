"""Forms that are not finished: kept sealed while somebody types, opened for her alone, forgotten after 30 days."""

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions import sealing
from actions.models import Draft
from actions.models.draft import ADDRESS_LENGTH
from actions.sealing import keys
from teams.models import Agency, Worker

KEPT = timedelta(days=30)
LONGEST = 20_000  # characters of a whole form, as an address would have it
FORMS: dict[str, Promise | str] = {
    "actions:log": _("An action"),
    "actions:edit": _("Changes to an action"),
    "actions:ask_new": _("An ask"),
    "actions:reflection_new": _("A reflection"),
    "actions:reflection_on": _("A reflection"),
    "actions:reflection_edit": _("Changes to a reflection"),
}


def form_at(address: str) -> str | None:
    """The name of the form at the address, where it is one that is kept."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return None
    return name if name in FORMS and len(address) <= ADDRESS_LENGTH else None


def is_of_reflection(draft: Draft) -> bool:
    return (form_at(draft.address) or "").startswith("actions:reflection")


@transaction.atomic
def keep(said: str, *, key: UUID, address: str, by: Worker, now: datetime) -> Draft:
    """Keep what a form says, over what it said before; ValueError where it is no form that is kept."""
    if by.agency is None or form_at(address) is None or len(said) > LONGEST:
        raise ValueError("This form is not kept.")
    Worker.objects.select_for_update(no_key=True).get(pk=by.pk)  # hers come one after the other, the first one too
    earlier = Draft.objects.visible_to(by).select_for_update().filter(key=key).first()
    draft = earlier or Draft(id=uuid.uuid4(), key=key, author=by, agency=by.agency)
    draft.address, draft.saved_at = address, now
    draft.ciphertext = sealing.seal(said, key=keys.ring().current, row=draft.pk, author=by.pk)
    draft.save()
    return draft


def opened(draft: Draft) -> str:
    """What the form said; CannotOpen where the key for it is not here."""
    return sealing.unseal(bytes(draft.ciphertext), ring=keys.ring(), row=draft.pk, author=draft.author_id)


def drop(key: UUID, *, by: Worker) -> None:
    """It was sent, or is not wanted any more."""
    Draft.objects.visible_to(by).filter(key=key).delete()


def forget_untouched(*, now: datetime) -> int:
    """Returns how many were not touched for 30 days, and are gone; none of an agency that holds its records."""
    holding = Agency.objects.filter(held_on__isnull=False)
    return Draft.objects.filter(saved_at__lt=now - KEPT).exclude(agency__in=holding).delete()[0]
