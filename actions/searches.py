"""A search over a worker's own words, by PostgreSQL's full text, in English and in French at once."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, FilteredRelation, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, Replace

from actions.models import Action
from teams.models import Agency

LANGUAGES = ("english", "french")
LONGEST = 200
ACCENTS = "àâäáãåçéèêëíîïìñóôöòõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÙÛÜÝŸ’"
WITHOUT = "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy'"


def words(typed: str) -> str:
    """What was typed as it is looked for, shortened; NUL is no character of a text."""
    return typed.replace("\0", " ").strip()[:LONGEST]


def matching(actions: QuerySet[Action], typed: str, *, agency: Agency | None) -> QuerySet[Action]:
    """Those whose note, partners or practice, under any of its names, fit the words in either language.

    Quotes and a leading minus mean what they do in web searches. Nobody's rows are added: hand in the reader's own.
    """
    text = _folded(
        Concat(
            *_spaced(
                "note",
                "partners",
                "practice__label_en",
                "practice__label_fr",
                "own_name__label_en",
                "own_name__label_fr",
            ),
            output_field=TextField(),
        )
    )
    english, french = (SearchVector(text, config=language) for language in LANGUAGES)
    looked_for = _folded(Value(words(typed), output_field=TextField()))
    in_english, in_french = (
        SearchQuery(looked_for, config=language, search_type="websearch") for language in LANGUAGES
    )
    named = FilteredRelation("practice__edits", condition=Q(practice__edits__agency=agency))
    found = actions.alias(own_name=named).alias(in_english=english, in_french=french)
    return found.filter(Q(in_english=in_english) | Q(in_french=in_french)).order_by("-done_on", "-id")


def _spaced(*names: str) -> list[Coalesce | Value]:
    spaced: list[Coalesce | Value] = []
    for name in names:
        spaced += [Coalesce(F(name), Value("")), Value(" ")]
    return spaced


def _folded(text: Combinable) -> Func:
    """Without accents, as people type on a phone; full text itself looks past capitals."""
    plain = Func(text, Value(ACCENTS), Value(WITHOUT), function="translate", output_field=TextField())
    return Replace(Replace(plain, Value("œ"), Value("oe")), Value("æ"), Value("ae"))
