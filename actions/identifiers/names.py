"""Which words of a text are a person's name: each by what it is, by what stands before it and by what follows."""

import re
from collections.abc import Iterator

from actions.identifiers import initials
from actions.identifiers.findings import Hit, Level, Span
from actions.identifiers.normalising import Text
from actions.identifiers.sentences import KIN, KINDS_OF_FAMILY, MONTHS, Cue, Sentences
from actions.identifiers.things import in_things
from actions.identifiers.words import ALSO_PLACES, FIRST_NAMES, LONGEST_WORD, Sort, Word, is_common, is_two_words

HELD_ELSEWHERE = ("email", "url", "handle", "address")  # kinds whose words are not read again as names

_SURE = (Cue.NAMING, Cue.SOFT_TITLE, Cue.GREETING, Cue.OF_KIN, Cue.LISTED)
_CLOSE = (Cue.VERB, Cue.LOOSE, Cue.WITH, Cue.FOR, Cue.TO)


def find(read: Text, elsewhere: list[Span]) -> Iterator[Hit]:
    """Names and initials; the words in `elsewhere` are spoken for."""
    sentences = Sentences(read)
    if sentences.words:
        yield from _Reader(sentences, in_things(sentences, elsewhere)).names()
        yield from initials.find(read)
        yield from _digits_in_names(read)


class _Reader:
    def __init__(self, sentences: Sentences, things: set[int]) -> None:
        self.sentences, self.words, self.things = sentences, sentences.words, things
        self.read = sentences.read

    def names(self) -> Iterator[Hit]:
        sure = -2  # the last word that was found to be a name: what is joined to it is its second part
        for i, word in enumerate(self.words):
            ordinary = not word.cap and word.sort in (Sort.COMMON, Sort.PROPER)
            if ordinary or i in self.things or len(word.key) < 2:
                continue
            graded = self._grade(i, word, joined=sure == i - 1 and word.gap in (" ", "-", ", "))
            if graded is not None and self.sentences.is_published(i):
                graded = Level.HINT
            if graded is Level.WARN:
                sure = i
            if graded is not None:
                kind = "initials" if len(word.key) == 2 and word.upper and word.sort is Sort.UNKNOWN else "name"
                yield Hit(kind, graded, (word.start, word.end))

    def _grade(self, i: int, word: Word, *, joined: bool) -> Level | None:
        cue = self.sentences.cue(i)
        if cue is Cue.LISTED and i - 2 in self.things:
            cue = None
        if cue is Cue.TITLE:
            return Level.WARN if word.cap or word.sort not in (Sort.COMMON, Sort.PROPER) else None
        if word.key in KIN and word.sort is not Sort.NAME:
            return None
        if self._spelled_out(word) or self._is_named(i, word, cue):
            return Level.WARN
        return self._grade_unknown(i, word, cue, joined=joined) if word.sort is Sort.UNKNOWN else None

    def _is_named(self, i: int, word: Word, cue: Cue | None) -> bool:
        """What each sort of known word needs to be a name."""
        match word.sort:
            case Sort.NAME:
                return self._is_name(i, word, cue)
            case Sort.RARE_WORD:
                return self._is_rare_name(i, word, cue)
            case Sort.EVERYDAY:
                return self._is_everyday_name(i, word, cue)
            case Sort.COMMON:
                called = cue is Cue.NAMING or self.sentences.is_family(i)
                return word.cap and not word.opens and called and word.key not in KINDS_OF_FAMILY
            case Sort.PROPER if word.cap and word.key in FIRST_NAMES:  # Dakota said
                return cue is Cue.NAMING or self.sentences.says(i)
            case _:
                return False

    def _spelled_out(self, word: Word) -> bool:
        """ "k e e s h i g": nobody spaces out a word but to hide it or to stress it, and stress goes on known words."""
        first, last = self.read.starts[word.start], self.read.starts[word.end - 1]
        if word.sort is Sort.COMMON or not any(start <= first and last < end for start, end in self.read.closed):
            return False
        if word.sort is Sort.UNKNOWN:
            pronounced = sum(char in "aeiouy" for char in word.key) >= 2
            return 5 <= len(word.key) <= LONGEST_WORD and pronounced and not is_two_words(word.key)
        return word.sort in (Sort.NAME, Sort.RARE_WORD) or (word.sort is Sort.EVERYDAY and not word.upper)

    def _is_name(self, i: int, word: Word, cue: Cue | None) -> bool:
        """A sure name counts however it is written; one of two or three letters in lower case needs a cue."""
        if self.sentences.is_place(i, cue) or (cue is None and self.sentences.month_of_day(i)):
            return False
        if word.upper and not self.sentences.shouted and len(word.key) <= 4 and self.sentences.after_article(i):
            return False  # the NISA meeting
        return word.cap or len(word.key) >= 4 or cue in (Cue.NAMING, Cue.KIN, Cue.VERB)

    def _is_rare_name(self, i: int, word: Word, cue: Cue | None) -> bool:
        """Jasmine, Chelsea: wherever capitalised, unless it opens a sentence that reads on as about a thing."""
        sentences = self.sentences
        if sentences.is_place(i, cue) or (cue is None and sentences.month_of_day(i)):
            return False
        if not word.cap:
            if sentences.shouted and word.upper and not is_common(word.key) and self._unknown_next(i):
                return True
            close = cue in (Cue.KIN, Cue.VERB, *_SURE) or sentences.owns_kin(i)
            return close or (cue is Cue.WITH and not is_common(word.key))
        if word.opens and (word.key in ALSO_PLACES or is_common(word.key)):
            return bool(cue) or sentences.is_full_name(i) or sentences.owns_kin(i) or sentences.reads_on_as_person(i)
        return True

    def _unknown_next(self, i: int) -> bool:
        return i + 1 < len(self.words) and self.words[i + 1].sort is Sort.UNKNOWN and self.words[i + 1].gap == " "

    def _common_next(self, i: int) -> bool:
        return self.sentences.next_is_cap(i) and self.words[i + 1].sort is Sort.COMMON

    def _is_everyday_name(self, i: int, word: Word, cue: Cue | None) -> bool:
        """Grace, Will, April: only where the sentence treats the word as a person."""
        sentences = self.sentences
        if cue is Cue.NAMING or not word.cap or sentences.headline:
            return cue is Cue.NAMING
        full = sentences.is_full_name(i)
        if word.opens:
            return sentences.owns_kin(i) or sentences.says(i) or (full and sentences.reads_on_as_person(i))
        if full and cue is None and not sentences.after_place_word(i) and not sentences.after_article(i):
            return word.key not in MONTHS | ALSO_PLACES
        next_sort = self.words[i + 1].sort if sentences.next_is_cap(i) else None
        if sentences.is_place(i, cue) or next_sort in (Sort.COMMON, Sort.PROPER):
            return False
        if cue in (Cue.SOFT_TITLE, Cue.VERB, Cue.GREETING, Cue.OF_KIN) or (cue is Cue.KIN and word.gap in (" ", " (")):
            return True
        if cue in (Cue.LOOSE, Cue.WITH, Cue.FOR, Cue.TO):
            return word.key not in MONTHS | ALSO_PLACES
        return sentences.owns_kin(i) or sentences.says(i) or sentences.is_family(i)

    def _grade_unknown(self, i: int, word: Word, cue: Cue | None, *, joined: bool) -> Level | None:
        """A word of no list: a name where its context says so. Two such capitals with no context are a hint."""
        sentences = self.sentences
        if len(word.key) == 2 and word.upper and not sentences.shouted:  # KW called; spoke to KW
            held = cue in (Cue.VERB, Cue.WITH, Cue.TO, *_SURE) or sentences.acts(i)
            return Level.WARN if held and word.key not in initials.NONE_BY_CONTEXT else None
        shout = word.upper and not sentences.shouted and len(word.key) > 5 and not sentences.after_article(i)
        if not (word.cap or shout or word.key[0] > "\u036f"):  # beyond Latin script there are no capitals
            return Level.WARN if cue is Cue.NAMING and len(word.key) > 2 and not sentences.headline else None
        if joined:
            return Level.WARN
        if self._common_next(i) and cue not in (Cue.NAMING, Cue.SOFT_TITLE):
            return Level.HINT
        if cue in _SURE:
            return Level.WARN
        if sentences.is_thing(i) or (cue is None and sentences.after_place_word(i)):
            return Level.HINT
        before = cue is Cue.KIN or (cue in _CLOSE and not word.opens and not sentences.headline)
        after = sentences.owns_kin(i) or sentences.is_family(i) or (not sentences.headline and sentences.acts(i))
        if before or after or (word.cap and sentences.is_matter(i)):
            return Level.WARN
        return Level.HINT if sentences.next_is_cap(i) and not word.opens and not sentences.headline else None


_MIXED = re.compile(r"(?<![\w@.$-])[a-z]{1,12}[01345@$][a-z01345@$]{0,12}[a-z](?![\w@-]|\.\w)")


def _digits_in_names(read: Text) -> Iterator[Hit]:
    """ "f4tou": a first name with digits for some of its letters; one that is also a word needs its capital: C0lin."""
    for match in _MIXED.finditer(read.fold):
        for spelling in ("oieasas", "oleasas"):
            mark = FIRST_NAMES.get(match[0].translate(str.maketrans("01345@$", spelling)))
            if mark == "" or (mark is not None and read.plain[match.start()].isupper()):
                yield Hit("name", Level.WARN, match.span())
                break
