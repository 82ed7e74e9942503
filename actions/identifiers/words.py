"""The words of a text, and what each is by itself: a first name, a word, a place, unknown."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from actions.identifiers import word_lists
from actions.identifiers.normalising import Text

FIRST_NAMES = {name: mark for name, _sep, mark in (line.partition(" ") for line in word_lists.lines("first_names.txt"))}
_COMMON_WORDS = frozenset(word_lists.lines("common_words.txt"))
_PROPER = word_lists.topics("proper_nouns.txt")
ALSO_PLACES = _PROPER["also places"]
_NOT_A_PERSON = frozenset().union(*(words for topic, words in _PROPER.items() if topic != "also places"))

# Beginnings and endings that mark a name in one language or another, for words that no list knows.
_NAMELIKE = re.compile(
    # Yoruba, Igbo; Arabic; Scots and Irish; Kanien'kéha
    r"^(?:ade|olu|oluwa|ayo|chukwu|nwa|nna|abd(?:ul|el|al|ou)|mac?(?=c)|mc|o'|n'|d'a|kwa|tekah|kawen|kanie)[a-z]{3,}$"
    # Panjabi, Slavic, Romanian, Greek, Icelandic, Arabic, Tamil, Spanish
    r"|[a-z](?:preet|p?inder|winder|jeet|jit|deep|jot|veer|sla[vw]a?|enko|chuk|wicz|owski|owska|ewski|ewska|ovi[ct]h?|evi[ct]h?|escu"
    r"|poulos|dottir|kumar|ullah|uddin|eddine|allah|moorthy|lingam|guez|ndez)$"
    # Korean and Chinese, two syllables joined
    r"|^(?:ji|min|seo|su|soo|ha|hye|hyun|eun|jae|sung|joon|jun|mei|xiao|li|yu|wei|jia|kyung|mi|young|yong|tae|dong|sang"
    r"|chae|na|so|ye|da|xin|hui|ying|ling|yi|ming|wen|jing|lan|fang|hong|bo|hao|chen|zi|yan|yue)-[a-z]{2,6}$"
)
# What a common word may end in besides its listed form; (ending, what takes its place).
_ENDINGS = (
    ("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""), ("ers", ""),
    ("ers", "e"), ("er", "e"), ("ies", "y"), ("ied", "y"), ("ness", ""), ("e", ""), ("ee", "er"), ("ees", "er"),
)  # fmt: skip
_NOUN_ENDING = re.compile(
    r"(?:tions?|ments?|ismes?|istes?|ances?|ences?|ariats?|iques?|ships?|ness|ities|logy|logie|graphie)$"
)


LONGEST_WORD = 40  # letters; no list has a longer one, and patterns stay quick


class Sort(Enum):
    """What a word is by itself, before its context is read."""

    NAME = "a first name and no other word"
    RARE_WORD = "a first name, and a rarer word"
    EVERYDAY = "a first name, and an everyday word"
    COMMON = "a word"
    PROPER = "a people, a place, an organisation, a product"
    UNKNOWN = "in no list"


_BY_MARK = {"": Sort.NAME, "^": Sort.RARE_WORD, "~": Sort.EVERYDAY}


@lru_cache(maxsize=8192)
def sort_of(key: str) -> Sort:
    if len(key) > LONGEST_WORD:
        return Sort.UNKNOWN
    if key in _NOT_A_PERSON:
        return Sort.PROPER
    if key in FIRST_NAMES:
        return _BY_MARK[FIRST_NAMES[key]]
    if key.startswith(("st-", "ste-")):  # St-Amour
        return Sort.UNKNOWN
    if is_common(key):
        return Sort.COMMON
    if _NAMELIKE.search(key) or (
        len(key) > 5 and key[-1] == "s" and FIRST_NAMES.get(key[:-1]) == ""
    ):  # "fatous worker"
        return Sort.NAME
    if "-" in key:
        return _sort_of_parts([sort_of(part) for part in key.split("-") if part])
    return Sort.UNKNOWN


def _sort_of_parts(parts: list[Sort]) -> Sort:
    """ "Marie-Soleil" is a name, "Oji-Cree" and "co-op" are none."""
    names = {Sort.NAME, Sort.RARE_WORD, Sort.EVERYDAY}
    if Sort.PROPER in parts:
        return Sort.PROPER
    if all(part in names for part in parts) or parts[0] is Sort.NAME:
        return Sort.RARE_WORD if parts[0] is Sort.EVERYDAY else Sort.NAME
    return Sort.UNKNOWN if Sort.UNKNOWN in parts else Sort.COMMON


def is_common(key: str) -> bool:
    if key in _COMMON_WORDS or _NOUN_ENDING.search(key):
        return True
    return any(
        key.endswith(ending) and len(key) - len(ending) >= 3 and key[: -len(ending)] + instead in _COMMON_WORDS
        for ending, instead in _ENDINGS
    )


def is_two_words(key: str) -> bool:
    """ "caseload", "welldone"."""
    return any(is_common(key[:cut]) and is_common(key[cut:]) for cut in range(2, len(key) - 1))


@dataclass(slots=True)
class Word:
    start: int
    end: int
    key: str  # lower case, no accents, without elision ("d'") and possessive
    sort: Sort
    cap: bool  # written as a name is: Fatou, not fatou or FATOU
    upper: bool
    opens: bool  # first of its sentence, where any word has a capital
    owner: bool  # "Fatou's"
    elided: str  # the "d" of "d'Amina"
    gap: str  # what stands between it and the word before


_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ELISION = re.compile(r"(l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w{1,})")
_CAP_INSIDE = re.compile(r"-[A-Z]")  # al-Hassan
_CAMEL = re.compile(r"[a-z][A-Z]")
_ACRONYMS = re.compile(r"[A-Z]{2,}s")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ł": "l", "ø": "o", "đ": "d", "ß": "ss"})
_OPENS = re.compile(r"[.!?:;\n•*\"…]|(?:^|\s)[-–>]\s")


def read_words(read: Text) -> list[Word]:
    words: list[Word] = []
    last = 0
    for match in _WORD.finditer(read.plain):
        start, end = match.span()
        gap = read.plain[last:start] if words else "\n"
        last, owner, elided = end, False, ""
        if read.plain.find("'", start, end + 1) >= 0:
            elision = _ELISION.match(read.fold, start, end)
            if elision and not _keeps_elision(read, start, elision.end(), end):
                elided, start = elision[1], elision.end()
            if read.fold.endswith("'s", start, end) and end - start > 2:
                owner, end = True, end - 2
            elif read.fold.endswith("s", start, end):
                owner = read.fold.startswith("'", end)
        text, key = read.plain[start:end], _spell_out(read.fold[start:end])
        sort = Sort.PROPER if _is_brand(text, key) else sort_of(key)
        upper = len(text) > 1 and text.isupper()
        cap = not upper and (text[0].isupper() or bool(_CAP_INSIDE.search(text)))
        words.append(
            Word(start, end, key, sort, cap, upper, gap != " " and bool(_OPENS.search(gap)), owner, elided, gap)
        )
    return words


def _spell_out(fold: str) -> str:
    return fold if fold.isascii() else fold.translate(_LIGATURES)


def _is_brand(text: str, key: str) -> bool:
    """SickKids, CASs; not LaToya, which a list knows."""
    if text.islower() or text.istitle():
        return False
    return bool(_ACRONYMS.fullmatch(text) or (_CAMEL.search(text) and sort_of(key) is Sort.UNKNOWN))


def _keeps_elision(read: Text, start: int, rest: int, end: int) -> bool:
    """D'Angelo and N'Golo are names; d'Amina and L'enfant are a small word and another."""
    whole = read.fold[start:end].removesuffix("'s")
    return read.plain[start].isupper() and read.plain[rest].isupper() and FIRST_NAMES.get(whole) == ""
