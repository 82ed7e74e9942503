"""Initials: "A.B.'s father", "the youth (J.M.)", "client KW", "mother J."; not U.S., not "I" nor "A"."""

import re
from collections.abc import Iterator

from actions.identifiers import word_lists
from actions.identifiers.findings import Hit, Level
from actions.identifiers.normalising import Text, fold_word
from actions.identifiers.rules import warn
from actions.identifiers.sentences import HOLDINGS, KIN_ONE
from actions.identifiers.words import Sort, sort_of

_CUES = word_lists.topics("cues.txt")
_NONE_DOTTED = _CUES["no initials, even dotted"]
_NONE = _CUES["no initials"] | _NONE_DOTTED
NONE_BY_CONTEXT = _NONE | _CUES["offices"]

_PLACES = frozenset(("bc", "nb", "ns", "nwt", "pei", "uk", "un", "us", "usa"))  # governments speak as persons do
_BEFORE = re.compile(r"(?P<word>[a-z-]+)(?: de| of)?(?: | ?[(:,] ?)$")
_AFTER = re.compile(r"'s (?P<held>[a-z]+)| (?P<did>[a-z]+)")


def _dotted(match: re.Match[str], read: Text) -> Level | None:
    """Short forms (U.S., N.-B.) and acronyms of three or more letters (A.C.E.) only where a person is spoken of."""
    letters = re.sub(r"[\W_]", "", match[0]).lower()
    if (len(letters) < 3 and letters not in _NONE_DOTTED) or (len(letters) == 3 and "-" in match[0]):
        return Level.WARN
    if len(letters) > 3 or "-" in match[0]:
        return None
    before = _BEFORE.search(read.fold[max(0, match.start() - 30) : match.start()])
    after = _AFTER.match(read.fold, match.end())
    person = (before and before["word"] in HOLDINGS | _CUES["with"] | _CUES["verbs with a person"]) or (
        after
        and (
            after["held"] in HOLDINGS
            or (after["did"] in _CUES["only persons"] | _CUES["doing"] and letters not in _PLACES)
        )
    )
    return Level.WARN if person else None


def _listed(match: re.Match[str], read: Text) -> Level | None:
    """R. and S.; not Q. et R."""
    return None if (match[0][0] + match[0][-2]).lower() in _NONE_DOTTED else Level.WARN


def _about(match: re.Match[str], read: Text) -> Level | None:
    return None if match["found"].lower() in NONE_BY_CONTEXT else Level.WARN


def _after_kin(match: re.Match[str], read: Text) -> Level | None:
    """Not "mother I", "the youth A new", "parent QC"."""
    mark = re.sub(r"\W", "", match["found"])
    article = mark in ("A", "Y", "O") and re.match(r" [a-z]", read.plain[match.end("found") :][:2])
    word = mark == "I" or article or mark.lower() in _NONE
    return Level.WARN if fold_word(match["kin"]) in KIN_ONE and not word else None


def _with_surname(match: re.Match[str], read: Text) -> Level | None:
    """Not "option B. Then", nor the list item "A. Youth"."""
    plain_word = sort_of(fold_word(match["surname"])) in (Sort.COMMON, Sort.PROPER)
    return None if plain_word and (match.start() or match["initial"] in "ABCDEI") else Level.WARN


def _owner(match: re.Match[str], read: Text) -> Level | None:
    held = fold_word(match["held"]) in HOLDINGS and match["found"].lower() not in _NONE
    return Level.WARN if held else None


_RULES = (
    # A.B., A. B., A.-B., A_B_, q . z .
    warn(
        "initials",
        "plain",
        r"(?<![\w.])[A-Z] ?[._](?: ?-?[A-Z] ?[._])+(?!\w)|(?<![\w.])[A-Z]\.[A-Z](?![\w.])"
        r"|(?<![\w.'-])(?<!\d )[a-z] ?[._] ?[a-z] ?[._](?! ?[a-z] ?[._])(?!\w)",
        _dotted,
    ),
    # Mme T., initials KW; the T. family; R. and S.
    warn(
        "initials",
        "plain",
        r"(?<!\w)(?:(?i:mrs?|ms|mme|mlle|miss|mx|famille|family)\b\.?|M\.|(?i:initials?|initiales)\b:?)"
        r" (?P<found>[A-Z]\.?(?:-?[A-Z]\b\.?)?)(?![\w'&-])",
    ),
    warn("initials", "plain", r"(?<![\w.])(?P<found>[A-Z]\.) (?:family|kids|siblings|twins)\b"),
    warn("initials", "plain", r"(?<![\w.-])[A-Z]\. (?:and|et|&) [A-Z]\.", _listed),
    # about someone: re DH
    warn("initials", "plain", r"\b[Rr]e:? (?P<found>[A-Z]{2})\b(?![\w'&-])", _about),
    # mother J., the youth (JM)
    warn(
        "initials",
        "plain",
        r"(?<!\w)(?P<kin>[^\W\d_]{2,14})(?: ?[(:,] ?| )(?P<found>[A-Z](?:\.?-?[A-Z])?)(?![\w'&/-])\.?",
        _after_kin,
    ),
    # J. Smith
    warn("initials", "plain", r"(?<![\w.'])(?P<initial>[A-Z])\. (?P<surname>[A-Z][a-z]{2,})\b", _with_surname),
    # KW's foster mom
    warn(
        "initials",
        "plain",
        r"(?<![\w.'&])(?P<found>[A-Z]{1,2})(?=\.?'s (?:foster |birth |bio )?(?P<held>\w+))",
        _owner,
    ),
)


def find(read: Text) -> Iterator[Hit]:
    """Each as a warning."""
    for rule in _RULES:
        for match in rule.pattern.finditer(read.plain):
            if rule.accept is None or rule.accept(match, read):
                yield Hit("initials", Level.WARN, rule.span(match))
