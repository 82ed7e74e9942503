"""An agency's own catalogue: what it calls a term, in which order, what it offers, and what it adds.

Shipped terms themselves never change: what one agency changes stands in rows of its own. A term that is hidden is
offered no more, and stays wherever it was used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.text import slugify

from actions.models import Community, CommunityEdit, Practice, PracticeEdit
from actions.vocabulary import Kind
from teams.models import Agency

type Term = Practice | Community
STEP = 10
CODE_LENGTH = 40
EDITS: dict[type[Term], type[PracticeEdit | CommunityEdit]] = {Practice: PracticeEdit, Community: CommunityEdit}
LABELS = ("label_en", "label_fr")
# What a new practice has from the shared one that it counts under, so that both fall into the same cells.
TAKEN_OVER = ("kind", "levels", "principles", "stance", "default_visibility", "suggests_follow_up")
TAKEN_OVER_TEXTS = ("caution_en", "caution_fr")


class StaleTerm(Exception):
    """Somebody else renamed it since it was read."""


class NameTaken(Exception):
    """The agency has a term of that name already."""


@dataclass(frozen=True)
class Shown:
    """A term as the page of terms lists it, in both languages."""

    pk: int
    name_en: str
    name_fr: str
    shared_en: str
    shared_fr: str
    """What others call it; empty where the agency says the same, or it is the agency's own."""
    counts_under: str
    """Of one of the agency's own: the shared term above it."""
    is_hidden: bool
    is_needed: bool
    """It stands for none in particular: without it a form could not be filled in truthfully."""
    group: str


def of(model: type[Term], agency: Agency) -> "QuerySet[Any]":
    """Those that the agency can manage: shipped and its own, hidden ones too, in its order. Retired ones are over."""
    everything: Any = model._default_manager
    rows: QuerySet[Any] = everything.named_for(agency).filter(is_retired=False).in_order()
    return rows


def listed(model: type[Term], agency: Agency) -> list[Shown]:
    edits = {edit.term_id: edit for edit in EDITS[model]._default_manager.filter(agency=agency)}
    above = {term.pk: term for term in model._default_manager.filter(agency=None)}
    return [_shown(term, edits.get(term.pk), above) for term in of(model, agency)]


def _shown(term: Any, edit: Any, above: dict[int, Any]) -> Shown:
    own = [edit.label_en, edit.label_fr] if edit else ["", ""]
    shared = [term.label_en, term.label_fr or term.label_en]
    is_own = term.agency_id is not None
    changed = not is_own and any(own)
    return Shown(
        pk=term.pk,
        name_en=own[0] or shared[0],
        name_fr=own[1] or shared[1],
        shared_en=shared[0] if changed else "",
        shared_fr=shared[1] if changed else "",
        counts_under=above[term.rolls_up_to_id].label if is_own else "",
        is_hidden=bool(edit and edit.is_hidden),
        is_needed=is_needed(term),
        group=str(Kind(term.kind).label) if isinstance(term, Practice) else "",
    )


def is_needed(term: Any) -> bool:
    return getattr(term, "is_exclusive", False)


def names(term: Any, agency: Agency) -> dict[str, str]:
    """The agency's own names for it; empty where it says what is shipped."""
    edit = EDITS[type(term)]._default_manager.filter(agency=agency, term=term).first()
    return {label: getattr(edit, label, "") for label in LABELS}


@transaction.atomic
def rename(term: Any, agency: Agency, *, seen: dict[str, str], **labels: str) -> None:
    """The agency's names for the term, empty for the shipped one; StaleTerm where they are not those seen any more."""
    _lock(agency)
    if names(term, agency) != seen and names(term, agency) != labels:
        raise StaleTerm
    _edit(term, agency, **labels)


@transaction.atomic
def offer(term: Any, agency: Agency, *, offered: bool) -> None:
    """Offer it in forms, or hide it there; what was logged with it stays."""
    _lock(agency)
    if offered or not EDITS[type(term)]._default_manager.filter(agency=agency, term=term, is_hidden=True).exists():
        _edit(term, agency, is_hidden=not offered, hidden_on=None if offered else agency.today())


def _edit(term: Any, agency: Agency, **changes: Any) -> None:
    EDITS[type(term)]._default_manager.update_or_create(agency=agency, term=term, defaults=changes)


@transaction.atomic
def move(term: Any, agency: Agency, *, up: bool) -> None:
    """Before or after its neighbour among those that are offered; a practice among those of its kind. At the end of
    the row it stays.
    """
    _lock(agency)
    model: type[Term] = type(term)
    rows = list(of(model, agency))
    hidden = set(EDITS[model]._default_manager.filter(agency=agency, is_hidden=True).values_list("term", flat=True))
    keys = [row.pk for row in rows if row.pk not in hidden and _stands_beside(row, term)]
    here = keys.index(term.pk) if term.pk in keys else -1
    there = here - 1 if up else here + 1
    if here < 0 or not 0 <= there < len(keys):
        return
    order = [row.pk for row in rows]
    first, second = order.index(keys[here]), order.index(keys[there])
    order[first], order[second] = order[second], order[first]
    _place(model, agency, order)


def _stands_beside(row: Any, term: Any) -> bool:
    return getattr(row, "kind", None) == getattr(term, "kind", None)


def _place(model: type[Term], agency: Agency, order: Iterable[int]) -> None:
    edits: Any = EDITS[model]
    edits.objects.bulk_create(
        [edits(agency=agency, term_id=pk, position=STEP * place) for place, pk in enumerate(order, start=1)],
        update_conflicts=True,
        unique_fields=["agency", "term"],
        update_fields=["position"],
    )


@transaction.atomic
def add(model: type[Term], agency: Agency, *, under: Any, **texts: str) -> Term:
    """A term of the agency's own, last in its list, that counts under a shared one; NameTaken where it has the name."""
    _lock(agency)
    code = f"own_{slugify(texts['label_en'])}"[:CODE_LENGTH].rstrip("-")
    everything: Any = model._default_manager
    if everything.filter(agency=agency, code=code).exists():
        raise NameTaken
    same = {name: getattr(under, name) for name in (*TAKEN_OVER, *TAKEN_OVER_TEXTS)} if model is Practice else {}
    last = everything.named_for(agency).aggregate(order=Max("order"), position=Max("edit__position"))
    order = max(last["order"] or 0, last["position"] or 0) + STEP
    term: Term = everything.create(agency=agency, code=code, rolls_up_to=under, order=order, **same, **texts)
    return term


def _lock(agency: Agency) -> None:
    """One at a time: two admins' moves do not cross. Who logs meanwhile waits for nobody."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
