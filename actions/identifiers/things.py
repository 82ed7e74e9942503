"""Centres, schools, laws, programmes: capitals that name a thing, so that the words in them are no person."""

import re
from collections.abc import Iterator

from actions.identifiers import word_lists
from actions.identifiers.findings import Span, Taken
from actions.identifiers.sentences import LONGEST, Sentences
from actions.identifiers.words import Sort

_THINGS = word_lists.topics("things.txt")
# Named principles, laws, days and people of public record, each a pattern over the folded text.
_KNOWN = re.compile(rf"\b(?:{'|'.join(word_lists.lines('known_phrases.txt'))})\b")

_MANNERS = ("-era", "-style", "-type", "-esque", "-inspired", "-based")
_BETWEEN_LISTED = re.compile(r"(?:[ ,:;/&-]| \d{1,3}[,:;]?| [-(] ?)+")


def in_things(sentences: Sentences, elsewhere: list[Span]) -> set[int]:
    """The indexes of words that belong to a thing, or to what another rule has found (`elsewhere`)."""
    taken = Taken(len(sentences.read.plain))
    for span in elsewhere:
        taken.add(span)
    for match in _KNOWN.finditer(sentences.read.fold):
        taken.add(match.span())
    found = {i for i, word in enumerate(sentences.words) if taken.overlaps((word.start, word.end))}
    if not sentences.shouted:
        for i, word in enumerate(sentences.words):
            if word.cap and word.key in _THINGS["thing ends"]:
                found.update(_before_end(sentences, i))
            if word.owner and word.cap and _is_title(sentences, i):
                found.add(i)
            if word.key.endswith(_MANNERS):
                found.update(_in_manner(sentences, i))
            if word.key in _THINGS["kinds of lists"]:
                found.update(_listed(sentences, i))
            if word.key in _THINGS["thing opens"] and (word.cap or word.key not in _THINGS["thing opens in capitals"]):
                found.update(_after_opening(sentences, i))
    return found


def _before_end(sentences: Sentences, i: int) -> Iterator[int]:
    """The capitals that lead up to "Centre": Toronto Council Fire Native Cultural Centre."""
    words = sentences.words
    for j in range(i - 1, max(-1, i - LONGEST), -1):
        if not (words[j].cap or words[j].upper) or words[j + 1].gap not in (" ", "'s ", "' ", " & "):
            return
        if words[j].owner and not (j == i - 1 and words[i].key in _THINGS["thing owns"]):
            return
        yield j


def _in_manner(sentences: Sentences, i: int) -> Iterator[int]:
    """ "Jim Crow-era language"."""
    yield i
    for j in range(i - 1, max(-1, i - 4), -1):
        if not sentences.words[j].cap or sentences.words[j + 1].gap != " ":
            return
        yield j


def _listed(sentences: Sentences, i: int) -> Iterator[int]:
    """What a list of principles or treaties names: "Treaty 9, Robinson-Superior", "Gladue, Jordan: two principles"."""
    words = sentences.words
    if re.fullmatch(r" \d{1,3}[,:;]? ?.*", words[i + 1].gap if i + 1 < len(words) else "") or words[i].key[-1] == "s":
        for j in range(i + 1, min(len(words), i + LONGEST)):
            joins = words[j].key in ("and", "et", "de", "of")
            if not _BETWEEN_LISTED.fullmatch(words[j].gap) or not (words[j].cap or joins) or words[j].owner:
                break
            yield j
    first = i - 1
    while first >= max(0, i - 2) and not words[first].cap and words[first + 1].gap == " ":  # "four" principles
        first -= 1
    listed = []
    for j in range(first, max(-1, first - LONGEST), -1):
        joins = words[j].key in ("and", "et")
        if not (words[j].cap or joins) or not _BETWEEN_LISTED.fullmatch(words[j + 1].gap):
            break
        listed.append(j)
    if sum(words[j].cap for j in listed) >= 2 and words[i].key[-1] == "s":
        yield from listed


def _is_title(sentences: Sentences, i: int) -> bool:
    """Wendy's Wonderful Kids: two words in capitals after the possessive, as no one writes of what a person has."""
    after = sentences.words[i + 1 : i + 3]
    return len(after) == 2 and all(word.cap and word.sort is Sort.COMMON for word in after)


def _after_opening(sentences: Sentences, i: int) -> Iterator[int]:
    """The capitals after "École" or "Loi": École Sainte-Marie. After "de", a first name is taken for a person's."""
    words = sentences.words
    for j in range(i + 1, min(len(words), i + LONGEST)):
        word = words[j]
        if word.gap not in (" ", "-", ' "', "'", ". ") or not (word.cap or word.key in _THINGS["thing joins"]):
            return
        nation = words[i].key == "nation" and i and words[i - 1].key in ("premiere", "first")
        of = not nation and (bool(word.elided) or words[j - 1].key in ("de", "du", "des", "d"))
        if of and word.sort in (Sort.NAME, Sort.RARE_WORD):
            return
        if not words[i].cap and word.sort is Sort.NAME and not sentences.next_is_cap(j):
            return
        if word.cap:
            yield j
