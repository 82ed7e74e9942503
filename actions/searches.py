"""A search over a worker's own words, by PostgreSQL's full text, in English and in French at once."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import F, FilteredRelation, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, Replace

from actions.models.action import ActionQuerySet
from actions.models.commitment import CommitmentQuerySet
from teams.models import Agency

LANGUAGES = ("english", "french")
LONGEST = 200
ACCENTS = "àâäáãåçéèêëíîïìñóôöòõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÙÛÜÝŸ’"
WITHOUT = "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy'"


def words(typed: str) -> str:
    """What was typed as it is looked for, shortened; NUL is no character of a text."""
    return typed.replace("\0", " ").strip()[:LONGEST]


def actions_matching(actions: ActionQuerySet, typed: str, *, agency: Agency | None) -> ActionQuerySet:
    """Those whose note, partners or practice, under any of its names, fit the words in either language.

    Quotes and a leading minus mean what they do in web searches. Nobody's rows are added: hand in the reader's own.
    """
    named = FilteredRelation("practice__edits", condition=models.Q(practice__edits__agency=agency))
    labels = [f"{where}__label_{code}" for where in ("practice", "own_name") for code in ("en", "fr")]
    return _matching(actions.alias(own_name=named), typed, "note", "partners", *labels).order_by("-done_on", "-id")


def commitments_matching(commitments: CommitmentQuerySet, typed: str) -> CommitmentQuerySet:
    """Those that stand alone and whose words fit; of the others the action is found."""
    return _matching(commitments.filter(action=None), typed, "text")


def _matching[Rows: models.QuerySet](rows: Rows, typed: str, *names: str) -> Rows:
    text = _folded(Concat(*_spaced(*names), output_field=TextField()))
    looked_for = _folded(Value(words(typed), output_field=TextField()))
    english, french = (SearchVector(text, config=language) for language in LANGUAGES)
    in_english, in_french = (
        SearchQuery(looked_for, config=language, search_type="websearch") for language in LANGUAGES
    )
    found = rows.alias(in_english=english, in_french=french)
    return found.filter(models.Q(in_english=in_english) | models.Q(in_french=in_french))


def _spaced(*names: str) -> list[Coalesce | Value]:
    spaced: list[Coalesce | Value] = []
    for name in names:
        spaced += [Coalesce(F(name), Value(""), output_field=TextField()), Value(" ")]
    return spaced


def _folded(text: Combinable) -> Combinable:
    """Without accents, as people type on a phone; full text itself looks past capitals."""
    plain: Combinable = Func(text, Value(ACCENTS), Value(WITHOUT), function="translate", output_field=TextField())
    for ligature, letters in {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}.items():
        plain = Replace(plain, Value(ligature), Value(letters), output_field=TextField())
    return plain
