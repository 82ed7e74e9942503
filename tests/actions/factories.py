"""Terms of an agency's own catalogue, what it changed about a shipped one, and reflections with their keys."""

import base64
import hashlib
from itertools import count
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from actions import drafts, reflections, sealing
from actions.models import Community, CommunityEdit, Practice, PracticeEdit, Reflection
from tests.factories import community, practice


def make_practice(agency, **changes):
    """An agency's own practice, which counts under a shipped one."""
    shared = practice()
    values = {
        "agency": agency,
        "code": "own_practice",
        "label_en": "Our own practice",
        "kind": shared.kind,
        "levels": shared.levels,
        "principles": shared.principles,
        "stance": shared.stance,
        "default_visibility": "shared",
        "rolls_up_to": shared,
    }
    return Practice.objects.create(**values | changes)


def make_community(agency, **changes):
    """An agency's own community, which counts under a shipped one."""
    values = {
        "agency": agency,
        "code": "own_community",
        "label_en": "Our own community",
        "rolls_up_to": community(),
    }
    return Community.objects.create(**values | changes)


def edit_term(agency, term, **changes):
    """The agency's own name for the term, or that it is hidden there."""
    model = PracticeEdit if isinstance(term, Practice) else CommunityEdit
    return model.objects.create(agency=agency, term=term, **changes)


def make_reflection(author, text="What I saw in myself.", **changes):
    """With a key above those before it, so that rows in the order of keys are in the order of writing."""
    return reflections.write(Reflection(**changes), text, by=author, key=UUID(int=next(_keys)))


_keys = count(1)


def ring_of(*names):
    """REFLECTION_KEYS with a key for each name, always the same."""
    return ",".join(f"{name}:{base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()}" for name in names)


def sealed_with():
    """The ids of the keys of all reflections, oldest first."""
    sealed = Reflection.objects.order_by("pk").values_list("ciphertext", flat=True)
    return [sealing.sealed_with(bytes(text)) for text in sealed]


def make_draft(author, note="Not finished."):
    """An action that its author has begun to log."""
    said = urlencode({"practice": practice().pk, "note": note})
    return drafts.keep(said, key=uuid4(), address=reverse("actions:log"), by=author, now=timezone.now())
