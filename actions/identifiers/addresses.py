"""Where people live: postal codes, streets, boxes, what follows "lives at"."""

import re

from actions.identifiers import word_lists
from actions.identifiers.findings import Level
from actions.identifiers.normalising import Text
from actions.identifiers.rules import block, hint, warn

_WORDS = word_lists.topics("numbers.txt")
_NOT_A_STREET, _CLEAR_STREETS = _WORDS["not a street"], _WORDS["clear streets"]

_FRENCH_STREET = (
    r"rue|avenue|av|ave|boulevard|boul|bd|chemin|ch|route|rang|place|allee|impasse|cote|montee|croissant|promenade|ruelle"
    r"|terrasse|carre|concession"
)
_STREET = (
    r"street|str|st|avenue|ave|av|road|rd|drive|dr|boulevard|blvd|crescent|cres|lane|ln|parkway|pkwy|terrace|terr|side ?road"
    r"|concession|court|ct|place|pl|way|circle|grove|gardens?|gate|hill|heights|square|sq|row|mews|path|close|walk|trail"
    r"|line|crossing|landing|ridge|park|point|view|loop|run|mission|bay|highway|hwy|commons?|green|island|meadows?|woods?"
    r"|estates?|chase|bend|hollow|quay|townline"
)
_PLAIN_STREET = r"(?:street|st|avenue|ave|road|rd|drive|crescent|cres|lane|court|boulevard|blvd|trail|concession)\b"
_OF = r"(?:de la |de l'|des |du |de |d'|la |le |les |l')?"

_MONTHS = r"jan|feb|fev|f.v|mar|apr|avr|may|mai|jui?n|jul|juil|aug|ao.t|sep|oct|nov|d.c"

_LIVES = re.compile(
    r"\b(?:liv(?:es?|ed|ing)|stay(?:s|ed|ing)?|resid\w+|mov(?:ed|ing|es?)|address|adresse|home|house|habit\w+|demeur\w+"
    r"|log(?:e|ent|ee?s?)|demenag\w+|pick(?:ed)? ?up|drop\w*|drove|ramass\w+|visite|livr\w+|deliver\w+|at|@|au)\b"
)
_CALLED_POSTAL = re.compile(r"\b(?:postal\w*|zip|cp|pc|code)\b")
_CLAUSE_ENDS = re.compile(r"\.?(?: ?[,;)\n]| ?(?:apt|unit|app|suite|#)\b| ?$)")


def _lives(match: re.Match[str], read: Text) -> bool:
    """Whether a word of living, moving or fetching stands shortly before."""
    return bool(_LIVES.search(read.fold[max(0, match.start() - 25) : match.start()]))


def _postal_code(match: re.Match[str], read: Text) -> Level | None:
    """O and l may stand for digits, but not for all of them; "B1, B2, C1" are levels of a language."""
    pieces = [len(piece) for piece in re.split(r"[ .,\-]+", match[0])]
    figures = sum(c.isdigit() for c in match[0])
    called = _CALLED_POSTAL.search(read.fold[max(0, match.start() - 20) : match.start()])
    return Level.BLOCK if pieces != [2, 2, 2] and figures >= (1 if called or pieces == [1] * 6 else 2) else None


def _street(match: re.Match[str], read: Text) -> Level | None:
    """Number, name, type: "12 Elm Grove" by its capital, "45 main st" by a clear type or by what stands before."""
    name = match["name"].split()
    following = read.digits[match.end() : match.end() + 1]
    if "a" <= following <= "z" or any(word.strip(".'") in _NOT_A_STREET for word in name):
        return None
    start, end = match.span("name")
    capital = any(word[:1].isupper() or word[:1].isdigit() for word in read.plain[start:end].split())
    clear, lives = match["type"] in _CLEAR_STREETS, _lives(match, read)
    if capital and (clear or lives or read.plain[match.start("type")].isupper()):
        return Level.BLOCK
    return (
        Level.BLOCK if clear and (lives or match.start() == 0 or _CLAUSE_ENDS.match(read.digits, match.end())) else None
    )


def _french_street(match: re.Match[str], read: Text) -> Level | None:
    """Number, type, name: "45, rue Principale"; a type that is also another word needs a capital or a cue."""
    clear = match["type"] in ("rue", "avenue", "boulevard", "boul", "chemin", "ruelle", "impasse", "croissant")
    return Level.BLOCK if clear or read.plain[match.start("name")].isupper() or _lives(match, read) else None


RULES = (
    block(
        "postal_code",
        "fold",
        # K1A 0B1, k1aob1, K 1 A - 0 B 1
        r"\b[abceghj-nprstvxy][ .,\-]{0,2}[\dol][ .,\-]{0,2}[abceghj-nprstv-z][ .,\-]{0,3}"
        r"[\dol][ .,\-]{0,2}[abceghj-nprstv-z][ .,\-]{0,2}[\dol]\b",
        _postal_code,
    ),
    hint("area", "plain", r"\b[ABCEGHJ-NPRSTVXY]0[ABCEGHJ-NPRSTV-Z]\b"),
    block(
        "address",
        "digits",
        rf"(?<![\w$.,])#?\d{{1,5}}(?:-\d{{1,5}})?[a-d]?,? (?P<name>(?:[\w.'-]{{1,30}} ){{1,3}}?)(?P<type>{_STREET})\b"
        rf"(?! {_PLAIN_STREET})",  # Victoria Park Ave is no park
        _street,
    ),
    # 1023 Route 138
    block(
        "address",
        "digits",
        r"(?<![\w$.,])\d{1,5},? ?(?:concession|highway|hwy|county|side ?road|rang|route|line)"
        r"(?: (?:road|rd|line))? #?\d{1,3}\b",
    ),
    block(
        "address",
        "digits",
        rf"(?<![\w$.,])\d{{1,5}}(?: ?(?:[a-d]|bis|ter))?,? ?(?:de la |du )?(?P<type>{_FRENCH_STREET})\b\.? {_OF}"
        r"(?P<name>[\w'-]+)",
        _french_street,
    ),
    # "#5-120 Lisgar", "house at 12 Elm", "77 Wellesley E", "moved to 55 St-Joseph", not "moved to 15 May"
    block(
        "address",
        "plain",
        r"(?:#|\b(?i:unit|apt|suite)\.? #?)\d{1,4} ?[-,] ?\d{1,5} [A-Z][a-z]"
        r"|\b(?i:house|home|place|apartment|maison|logement|appartement) (?:(?:is|est) )?(?:at|au) \d{1,5},? [A-Z][a-z]"
        r"|\b\d{1,5} [A-Z][a-z]{2,} [EWNS]\b"
        r"|\b(?i:lives?|living|habite\w*|demeure\w*|moved to|now at) (?:at |au )?\d{1,5},? "
        rf"(?!(?i:{_MONTHS}))[A-Z][\w'-]++(?! [a-z]+s\b)",
    ),
    # "box 45 Attawapiskat", "fire number 4471", "lot 12 conc 4": where houses have no street
    warn(
        "address",
        "plain",
        r"\b(?i:box|house|maison|lot|cp) (?:no\.? |#)?\d{2,4},? (?:on the reserve|[A-Z][a-z]{3,})"
        r"|\b(?i:fire|911|civic) (?i:number|no\.?|#) ?\d{2,6}\b"
        r"|\b(?i:lot \d+,? (?:conc?|concession)\.? ?\d+)\b",
    ),
    # "14 Elm, basement", "lives at the corner of Elm and Main", "Days Inn rm 214"
    warn(
        "address",
        "plain",
        r"\b\d{1,5} [A-Z][a-z]+,? (?i:basement|bsmt|upstairs|downstairs|buzzer|sous-sol|side door|back door)\b"
        r"|\b(?i:lives?|living|habite\w*|corner) (?i:near |at |on |at the corner of |corner of |of |au coin de )"
        r"[A-Z][a-z]+ (?i:and|&|et) [A-Z][a-z]+\b"
        r"|\b(?i:(?:inn|hotel|motel|hôtel|auberge|shelter|refuge)[ ,]{1,2}(?:rm|room|unit|chambre|ch)\.? ?#?\d+)\b",
    ),
    block("address", "digits", r"\b(?:p\.? ?o\.? box|post office box|case postale|c\.p\.) ?#?\d+"),
    # "RR 2", "apt 4b"
    warn(
        "address",
        "digits",
        r"\br\.?r\.? ?#? ?\d{1,2}\b|\b(?:apt|apartment|appartement|app)(?:\. ?| ?#| )\d{1,4}[a-d]?\b(?!\.\d)",
    ),
    # "lives at 44 Bay", "lives on Elm Street", "habite sur la rue Papineau"
    block(
        "address",
        "digits",
        r"\b(?:lives?|living|lived|stays?|staying|residing|resides|habite\w*|demeure\w*)\b[^.\n\d]{0,12}"
        r"\b(?:at|au|no|number|numero)\.? ?#?\d{1,5}\b(?= ?[,.;)\n]| ?$| [a-z])(?!(?: ?%| \w+s\b))",
    ),
    warn(
        "address",
        "digits",
        r"\b(?:lives?|living|lived|stays?|staying|resides|residing)\b[^.\n\d]{0,12}"
        rf"\b(?:on|at|off|near) (?:\w{{1,30}} ){{1,2}}{_PLAIN_STREET}"
        r"|\b(?:habite\w*|demeure\w*|loge\w*|reste|vit|vivent) (?:au |sur |dans )?(?:la |le |l')?"
        rf"(?:rue|avenue|boulevard|chemin|rang) {_OF}\w+",
    ),
    block("address", "digits", r"-?\b\d{1,2}\.\d{4,}\b ?[,;] ?-?\d{1,3}\.\d{4,}\b"),  # coordinates
)
