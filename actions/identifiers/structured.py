"""The rules for numbers and addresses, in the order in which they are tried.

A stretch that one rule has explained, be it as harmless, is not read by the later ones: keywords come before harmless
numbers, and these before bare shapes.
"""

import re
from collections.abc import Iterator

from actions.identifiers import addresses, births, contact, documents, harmless
from actions.identifiers.findings import Hit, Level, Taken
from actions.identifiers.normalising import Text
from actions.identifiers.rules import Rule

RULES: tuple[Rule, ...] = (
    *contact.WRITTEN,
    *births.DATES,
    *documents.BY_KEYWORD,
    *harmless.NUMBERS,
    *contact.PHONES,
    *documents.BY_SHAPE,
    *addresses.RULES,
    *births.AGES,
)

_DIGIT = re.compile(r"\d")
_WITHOUT_DIGITS = tuple(rule for rule in RULES if rule.kind in ("email", "url", "handle", "address", "postal_code"))
_LONG_NUMBERS = ("phone", "sin", "health_card", "payment_card", "")
_WITH_FEW_DIGITS = tuple(rule for rule in RULES if rule.kind not in _LONG_NUMBERS)


def find(read: Text, taken: Taken) -> Iterator[Hit]:
    """What the rules find; `taken` learns what they have explained."""
    views = {"plain": read.plain, "fold": read.fold, "digits": read.digits}
    for rule in _rules_for(read):
        for match in rule.pattern.finditer(views[rule.view]):
            span = rule.span(match)
            if taken.overlaps(span):
                continue
            graded = rule.accept(match, read) if rule.accept else rule.level
            if graded is None:
                continue
            taken.add(span)
            if graded is not Level.PASS:
                yield Hit(rule.kind, graded, span)


def _rules_for(read: Text) -> tuple[Rule, ...]:
    """Most notes have no long number: what cannot match is not tried."""
    figures = len(_DIGIT.findall(read.digits))
    return RULES if figures >= 7 else _WITH_FEW_DIGITS if figures else _WITHOUT_DIGITS
