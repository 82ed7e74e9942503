"""The catalogue in use: loading the shipped one, and finding a practice in it."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from actions.models import Action, Community, Practice
from actions.vocabulary import CATALOGUE, Kind, reader_language
from teams.models import Agency, Worker

LANGUAGES = ("en", "fr")


@transaction.atomic
def load() -> tuple[int, int]:
    """Bring the shipped terms up to catalogue.json; returns how many practices and communities it has.

    Safe to repeat. A shipped term that left the catalogue is retired; agencies' own terms and edits stay.
    """
    practices = {
        entry["code"]: {
            "kind": entry["kind"],
            "levels": entry["levels"],
            "principles": entry["principles"],
            "stance": entry["stance"],
            "default_visibility": entry["default_visibility"],
            "suggests_follow_up": entry["suggests_follow_up"],
            **_in_both_languages(entry, "label", "description", "example", "caution"),
        }
        for entry in CATALOGUE["practices"]
    }
    communities = {
        entry["code"]: {
            "is_exclusive": entry.get("exclusive", False),
            **_in_both_languages(entry, "label", "description"),
        }
        for entry in CATALOGUE["communities"]["items"]
    }
    _load_terms(Practice, practices)
    _load_terms(Community, communities)
    return len(practices), len(communities)


def _in_both_languages(entry: dict[str, dict[str, str]], *fields: str) -> dict[str, str]:
    return {f"{field}_{code}": entry.get(field, {}).get(code, "") for field in fields for code in LANGUAGES}


def _load_terms[T: (Practice, Community)](model: type[T], terms: dict[str, dict[str, object]]) -> None:
    shipped = model.objects.filter(agency=None)
    keys = dict(shipped.values_list("code", "pk"))
    rows = [
        model(pk=keys.get(code), code=code, order=order * 10, is_retired=False, **values)
        for order, (code, values) in enumerate(terms.items(), start=1)
    ]
    fields: set[str] = {name for values in terms.values() for name in values}
    model.objects.bulk_update([row for row in rows if row.pk], ["order", "is_retired", *fields])
    model.objects.bulk_create([row for row in rows if not row.pk])
    shipped.exclude(code__in=terms).update(is_retired=True)


# What `offered_to` says, for lists of choices: the database answers in a twentieth of the time that Django takes to ask.
_CHOICES = """
    SELECT term.id, coalesce(nullif(edit.label_{code}, ''), nullif(term.label_{code}, ''), term.label_en), {columns}
    FROM {model} term LEFT JOIN {model}edit edit ON edit.term_id = term.id AND edit.agency_id = %(agency)s
    WHERE (term.agency_id IS NULL OR term.agency_id = %(agency)s)
      AND (NOT term.is_retired AND edit.is_hidden IS NOT TRUE OR term.id = ANY(%(keep)s) OR %(all)s)
    ORDER BY coalesce(edit.position, term.order), term.id
"""


EVERY = None  # keep every term, retired and hidden ones too: what an entry may have from before


class PracticeTerm(NamedTuple):
    pk: int
    name: str
    kind: str
    stance: str


class CommunityTerm(NamedTuple):
    pk: int
    name: str
    is_exclusive: bool


@dataclass(frozen=True)
class Terms:
    """Every practice and community by key, in the catalogue's order and as an agency calls them in one language."""

    practices: Mapping[int, PracticeTerm]
    communities: Mapping[int, CommunityTerm]

    def name(self, actions: Iterable[Action]) -> None:
        """Give each action its practice to print, without asking the database for it again."""
        for action in actions:
            term = self.practices[action.practice_id]
            action.practice = Practice(pk=term.pk, label=term.name, kind=term.kind)


def terms(agency: Agency | None) -> Terms:
    """Those of the agency and the shipped ones, retired and hidden ones too, in two statements."""
    practices = _choices("actions_practice", "kind, term.stance", agency, keep=EVERY)
    communities = community_choices(agency, keep=EVERY)
    return Terms({pk: PracticeTerm(pk, *more) for pk, *more in practices}, {term.pk: term for term in communities})


def practice_choices(agency: Agency | None, *, keep: Collection[int] | None = ()) -> list[tuple[int, str, str]]:
    """(pk, name, kind) of each practice that the agency offers, and of those to keep."""
    return _choices("actions_practice", "kind", agency, keep=keep)


def community_choices(agency: Agency | None, *, keep: Collection[int] | None = ()) -> list[CommunityTerm]:
    """(pk, name, whether it stands alone) of each community that the agency offers, and of those to keep."""
    return [CommunityTerm(*row) for row in _choices("actions_community", "is_exclusive", agency, keep=keep)]


def _choices(model: str, columns: str, agency: Agency | None, *, keep: Collection[int] | None) -> list[tuple[Any, ...]]:
    sql = _CHOICES.format(model=model, columns=f"term.{columns}", code=reader_language())
    values: dict[str, Any] = {"agency": agency and agency.pk, "keep": list(keep or ()), "all": keep is None}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def by_kind(practices: Iterable[Practice]) -> list[tuple[Kind, list[Practice]]]:
    """The practices under their kinds, in the catalogue's order; a kind without any is left out."""
    found = list(practices)
    groups = [(kind, [practice for practice in found if practice.kind == kind]) for kind in Kind]
    return [group for group in groups if group[1]]


def matching(practices: Iterable[Practice], query: str) -> list[Practice]:
    """Practices whose name, description or example, in either language, contains every word of the query."""
    words = folded(query).split()
    return [practice for practice in practices if all(word in searchable(practice) for word in words)]


def frequent(practices: Iterable[Practice], worker: Worker, *, limit: int = 6) -> list[Practice]:
    """Those of the practices that the worker herself logs most, for her tiles; nobody else sees this order."""
    counts = Action.objects.by(worker).order_by().values_list("practice").annotate(n=Count("pk"))
    rank = {pk: place for place, (pk, _) in enumerate(counts.order_by("-n", "practice"))}
    return sorted((p for p in practices if p.pk in rank), key=lambda p: rank[p.pk])[:limit]


def searchable(practice: Practice) -> str:
    """All that a search looks at, folded: both languages, and the agency's own name."""
    texts = [
        getattr(practice, f"{field}_{code}", "") or ""
        for field in ("own_label", "label", "description", "example")
        for code in LANGUAGES
    ]
    return folded(" ".join(texts))


def folded(text: str) -> str:
    """Without case, accents or the shape of apostrophes, as people type and compare."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))
