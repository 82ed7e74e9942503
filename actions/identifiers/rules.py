"""What a rule is: a pattern over one view of the text, and what its matches ask for."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from actions.identifiers.findings import Level, Span
from actions.identifiers.normalising import Text

# Grades a match; None says that it is no match after all.
type Grader = Callable[[re.Match[str], Text], Level | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over one view of the text; a group "found" narrows what it takes."""

    kind: str
    level: Level
    view: str  # plain, fold or digits: see normalising.Text
    pattern: re.Pattern[str]
    accept: Grader | None

    def span(self, match: re.Match[str]) -> Span:
        return match.span("found" if "found" in self.pattern.groupindex else 0)


def block(kind: str, view: str, pattern: str, accept: Grader | None = None) -> Rule:
    return Rule(kind, Level.BLOCK, view, re.compile(pattern), accept)


def warn(kind: str, view: str, pattern: str, accept: Grader | None = None) -> Rule:
    return Rule(kind, Level.WARN, view, re.compile(pattern), accept)


def hint(kind: str, view: str, pattern: str, accept: Grader | None = None) -> Rule:
    return Rule(kind, Level.HINT, view, re.compile(pattern), accept)


def harmless(view: str, pattern: str) -> Rule:
    """What it matches is explained: no later rule reads it."""
    return Rule("", Level.PASS, view, re.compile(pattern), None)


# Pieces that several rules share

YEAR = r"(?:19|20)\d\d"

_COUNTED = re.compile(
    r" ?(?:%|\$|°)| (?:percent|pour ?cent|dollars?|pages?|people|persons?|famil\w+|youths?|jeunes|kids|child\w*|enfants|"
    r"workers?|staff|hours?|heures?|minutes?|min|days?|jours?|weeks?|semaines?|months?|mois|years?|ans|annees?|times|fois|"
    r"visits?|visites?|words|mots|letters?|lettres?|files?|dossiers|cases?|cas|actions?|km|sessions?|guests?|copies)\b"
)


def counts_something(read: Text, end: int) -> bool:
    """Whether the number that ends here counts something: 250 people, 4 %."""
    return bool(_COUNTED.match(read.digits, end))
