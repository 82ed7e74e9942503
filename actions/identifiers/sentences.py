"""What stands before and after each word of a text, which tells whether it is a name."""

import re
from enum import Enum

from actions.identifiers import word_lists
from actions.identifiers.normalising import Text
from actions.identifiers.words import ALSO_PLACES, Sort, Word, read_words, sort_of

_CUES = word_lists.topics("cues.txt")
_THINGS = word_lists.topics("things.txt")
KIN_ONE = _CUES["kin"]
KIN = KIN_ONE | _CUES["kin, many"]
HOLDINGS = KIN | _CUES["holdings"]
_WHOSE = HOLDINGS - _CUES["kin, many"] | {"parents"}
_VERBS, _LOOSE_VERBS, _OPEN_VERBS = (_CUES[topic] for topic in ("verbs with a person", "loose verbs", "open verbs"))
_ONLY_PERSONS = _CUES["only persons"]
_DID = _ONLY_PERSONS | _CUES["doing"]
_WORKS = _THINGS["works"]
_NAMING_PHRASE = re.compile(
    r"\b(?:names? (?:is|are|was)|names? ?:|goes by(?: the name)?|prenom(?: est)? ?:?|noms? (?:est|de famille)? ?:"
    r"|(?:boy|girl|child|kid|son|daughter|youth|teen|baby|mom|mum|mother|dad|father|client|brother|sister|man|woman|friend"
    r"|aunt|uncle) (?:is |was |we )?called|known as|connue? sous le nom(?: de)?|s'appelle|appelee?|son nom est|signed"
    r"|initials)\b:?"
)
_AGED = re.compile(
    r",? (?:is|turned|turns|was|a|aura|est) \d{1,2}(?=[ .,;)]|$)(?! ?%)"  # Xiomara is 6
    r"|, \d{1,2}$|(?: ?\(| ?, ?| )(?:(?:age|aged|agee? de) )?(?:\d|1\d|2[0-4])(?: ?(?:ans|yo|y/o|years?|yrs?)\b| ?\)|,)"  # (6)
    r"| ?\((?:she|he|they|elle|il|iel)\b[/,) ]"  # Xiomara (she/her)
)
_KIN_GAP = re.compile(r"[ ,:(/_-]{1,3}")
_TITLE_GAP = re.compile(r"\.? ?")
_STATES = _CUES["states"] | _CUES["states, loose"]
_PLURAL = ("ont", "sont", "etaient", "avaient", "veulent", "vont", "disent", "auront", "seront", "n'ont", "ne")
_IS = ("is", "was", "est", "etait")
_ARTICLES = ("a", "an", "some", "her", "his", "their", "un", "une", "des")
_POSSESSIVES = ("her", "his", "their", "sa", "son", "ses")
LONGEST = 10  # words in the name of a person or a thing: no walk goes further


class Cue(Enum):
    """What stands before a word and may make it a name."""

    TITLE = "Mme"
    SOFT_TITLE = "Elder"
    NAMING = "a boy named"
    GREETING = "Dear"
    OF_KIN = "la mère de"
    LISTED = "Fatou and"
    KIN = "ma cliente"
    VERB = "met, checked in on, that"
    LOOSE = "brought"
    WITH = "with, chez"
    FOR = "for"
    TO = "spoke to"


class Sentences:
    """The words of one text, and questions about the word at index i."""

    def __init__(self, read: Text) -> None:
        self.read = read
        self.words = words = read_words(read)
        letters = [char for char in read.plain if char.isalpha()]
        self.shouted = len(letters) >= 8 and sum(char.isupper() for char in letters) > 0.8 * len(letters)
        self.headline = len(words) >= 5 and sum(word.cap for word in words) >= 0.75 * len(words)
        self._named_at = {match.end() for match in _NAMING_PHRASE.finditer(read.fold)}

    # What stands before

    def cue(self, i: int) -> Cue | None:
        word = self.words[i]
        if word.start in self._named_at or word.start - 1 in self._named_at:
            return Cue.NAMING
        if i == 0:
            return None
        before = self.words[i - 1]
        if before.key in _CUES["naming"] and word.gap in (" ", ": ", ' "', " ("):
            return Cue.NAMING
        if (title := self._title(before, word)) is not None:
            return title
        if word.elided in ("d", "qu"):
            return self._of_kin(i - 1) if word.elided == "d" else None
        if before.key in KIN and not before.owner and _KIN_GAP.fullmatch(word.gap):
            thing = before.cap and not before.opens and word.sort in (Sort.COMMON, Sort.EVERYDAY)  # Youth Council
            return None if thing or before.sort is Sort.NAME else Cue.KIN
        return self._small_word(i, before) if word.gap in (" ", "/ ", " (", ' "') else None

    def _title(self, before: Word, word: Word) -> Cue | None:
        if not _TITLE_GAP.fullmatch(word.gap):
            return None
        mister = before.key == "m" and (word.gap == ". " or self.read.plain[before.start] == "M")
        if before.key in _CUES["titles"] or mister or (before.key in ("dr", "dre") and word.cap):
            return Cue.TITLE
        return Cue.SOFT_TITLE if before.key in _CUES["soft titles"] else None

    def _small_word(self, i: int, before: Word) -> Cue | None:
        if before.key in ("of", "de"):
            return self._of_kin(i - 2)
        if before.key in ("and", "et", "or", "ou"):
            return Cue.LISTED if i >= 2 and self.words[i - 2].cap and self.words[i - 2].sort is Sort.NAME else None
        if before.key in _CUES["that"] and self.key_after(i) in _DID | _CUES["auxiliaries"]:
            return Cue.VERB
        if before.key in _CUES["greetings"] and (before.opens or before.key not in ("re", "cc")):
            return Cue.GREETING
        return self._verb(i, before) or self._preposition(i, before)

    def _of_kin(self, j: int) -> Cue | None:
        return Cue.OF_KIN if j >= 0 and self.words[j].key in _WHOSE else None

    def _verb(self, i: int, before: Word) -> Cue | None:
        earlier = self.words[i - 2].key if i >= 2 else ""
        unknown = self.words[i].sort is Sort.UNKNOWN
        if before.key in _VERBS or before.key in ("beside", "behind"):
            return Cue.VERB
        if before.key == "on" and earlier in ("in", "up"):  # checked in on
            return Cue.VERB
        if before.key in ("up", "off", "out", "over", "down") and earlier in _VERBS | _LOOSE_VERBS - _OPEN_VERBS:
            return Cue.VERB
        if before.key in ("got", "gave", "sent", "bought", "found", "made") and self.key_after(i) in _ARTICLES:
            return Cue.LOOSE if self.words[i].cap else None  # got Thériault a motel
        passive = earlier in ("is", "was", "are", "were", "be")  # the room is called Nibi
        if before.key in _LOOSE_VERBS and not passive and not (unknown and before.key in _OPEN_VERBS):
            return Cue.LOOSE
        return None

    def _preposition(self, i: int, before: Word) -> Cue | None:
        earlier = self.words[i - 2].key if i >= 2 else ""
        if before.key in _CUES["with"] and not (self.words[i].sort is Sort.UNKNOWN and self.next_is_cap(i)):
            return Cue.WITH
        if (
            before.key in _CUES["with"]
            and earlier in ("met", "meeting", "sat", "spoke", "talked")
            and self.is_full_name(i)
        ):
            return Cue.WITH
        if before.key in _CUES["for"] and earlier not in _CUES["applying"]:
            return Cue.FOR
        if before.key in ("to", "a") and self.read.plain[before.start] != "a":  # "à", not the article
            return Cue.TO if any(word.key in _CUES["telling"] for word in self.words[max(0, i - 5) : i - 1]) else None
        return None

    def is_place(self, i: int, cue: Cue | None) -> bool:
        """A name that is also a place, where a place word stands before: in Victoria."""
        if i == 0 or self.words[i].key not in ALSO_PLACES:
            return False
        before = self.words[i - 1]
        if before.cap and not before.opens and before.sort is Sort.COMMON and self.words[i].gap == " ":  # Delta Chelsea
            return cue is None
        near = self.after_place_word(i) and cue not in (Cue.TO, Cue.OF_KIN, Cue.NAMING)
        return near or self.words[i - 1].key in ("the", "near")

    def after_place_word(self, i: int) -> bool:
        """In, at, from, through."""
        return i > 0 and self.words[i - 1].key in _CUES["before a place"]

    def is_full_name(self, i: int) -> bool:
        """A capital, then one capital of no list, and no word for a thing after them: Hope Marchbank."""
        if not self.next_is_cap(i) or self.words[i].owner or self.headline or self.words[i + 1].gap != " ":
            return False
        return self.words[i + 1].sort is Sort.UNKNOWN and not self.next_is_cap(i + 1) and not self.is_thing(i)

    def month_of_day(self, i: int) -> bool:
        """Jan 7, 7 avril: a first name that is a month here."""
        word = self.words[i]
        return word.key in MONTHS | {"jan"} and bool(
            re.match(r"\.? \d{1,2}\b", self.read.fold[word.end : word.end + 5])
        )

    def after_article(self, i: int) -> bool:
        return self.words[i].elided == "l" or (
            i > 0 and self.words[i].gap == " " and self.words[i - 1].key in ("the", "a", "an", "our", "la", "le", "les")
        )

    # What follows

    def next_is_cap(self, i: int) -> bool:
        return i + 1 < len(self.words) and self.words[i + 1].cap and self.words[i + 1].gap in (" ", "-")

    def following(self, i: int) -> list[Word]:
        """Three words from the first after the whole name that word i belongs to; none across a full stop."""
        end = min(len(self.words), i + LONGEST)
        j = i + 1
        while j < end and self.next_is_cap(j - 1) and self.words[j].sort is not Sort.COMMON:
            j += 1
        return self.words[j : j + 3] if j < len(self.words) and self.words[j].gap in (" ", ", ", " & ") else []

    def key_after(self, i: int) -> str:
        following = self.following(i)
        return following[0].key if following else ""

    def owns_kin(self, i: int) -> bool:
        """ "Migizi's foster mom", "Xiomara's worker"."""
        following = [word.key for word in self.words[i + 1 : i + 4]] if self.words[i].owner else []
        return following[:1] != [] and (following[0] in HOLDINGS or not KIN_ONE.isdisjoint(following))

    def says(self, i: int) -> bool:
        """What persons do and things never: said, bit, is pregnant, a dit."""
        first, second = [*(word.key for word in self.following(i)), "", ""][:2]
        return (
            first in _ONLY_PERSONS
            or (first in _IS and second in _CUES["states"])
            or (first == "a" and second in _CUES["French participles"])
        )

    def acts(self, i: int) -> bool:
        """What only a person does: says, wants, is scared, comes with her mother, is six."""
        following = self.following(i)
        first, second, third = [*(word.key for word in following), "", "", ""][:3]
        if first in ("a", "ne") and second in _CUES["not, French"]:
            second = third
        return (
            first in _DID
            or (first in _IS and second in _STATES)
            or (first == "a" and (following[0].elided in ("m", "t") or self._is_done_by_person(following)))
            or (first in ("a", "ne") and second in _CUES["French participles"])
            or (first in ("nous", "lui", "leur", "me", "se") and second in _DID | _CUES["French participles"] | {"a"})
            or (first in ("and", "et", "with", "avec") and second in _POSSESSIVES and third in KIN)
            or (bool(following) and following[0].gap == " & " and first in KIN_ONE)
            or (first in ("and", "et") and (second in KIN_ONE or second in ("i", "me", "moi")))
            or bool(_AGED.match(self.read.fold, self.words[i].end))
        )

    def _is_done_by_person(self, following: list[Word]) -> bool:
        """A French participle in "é" that is no organisation's: a brisé, n'a pas mangé; not a lancé."""
        done = [word for word in following[1:] if word.key not in _CUES["not, French"]][:1]
        return any(
            self.read.plain.startswith("é", word.end - 1) and word.key not in _CUES["of organisations, French"]
            for word in done
        )

    def reads_on_as_person(self, i: int) -> bool:
        """A verb, "and" or a comma after the first word of a sentence: Chelsea was, not Chelsea boots."""
        alone = not self.read.fold.startswith(" ", self.words[i].end)
        return alone or self.acts(i) or self.key_after(i) in _CUES["auxiliaries"]

    def is_thing(self, i: int) -> bool:
        """ "Presto cards", "Ujima and Akoma staff"."""
        first, _second, third = [*(word.key for word in self.following(i)), "", "", ""][:3]
        things = _THINGS["thing follows"]
        return first in things or (first in ("and", "et") and third in things)

    def is_matter(self, i: int) -> bool:
        """The Nguyen case."""
        return self.key_after(i) in _CUES["matters"]

    def is_family(self, i: int) -> bool:
        """ "the Haddad family", "famille Roy", "les Bouchard ont", "the Garcias"."""
        word = self.words[i]
        before = self.words[i - 1].key if i else ""
        after = self.words[i + 1] if i + 1 < len(self.words) and self.words[i + 1].gap == " " else None
        common = word.sort is Sort.COMMON
        if after and not after.cap and after.key in _CUES["groups"]:
            named = not common and (before in _CUES["before a family"] or after.key == "family")
            return named or (before in ("the", "der", "von", "van") and word.key not in KINDS_OF_FAMILY)
        if before == "famille" and word.gap == " ":
            return True
        if before == "les" and word.sort is Sort.UNKNOWN and word.cap and after and after.key in _PLURAL:
            return word.key[-1] not in "sx"  # les Gagnon sont venus
        if before == "les" and not common and not (word.key[-1] in "sx" and word.sort is Sort.UNKNOWN):
            return i > 1 and self.words[i - 2].key == "chez"
        plural = word.cap and word.key[-1] == "s" and sort_of(word.key[:-1]) is Sort.NAME
        return plural and before == "the"

    def is_published(self, i: int) -> bool:
        """A talk, book or film by its author: telling is enough, for the name is most likely a public one."""
        first = last = i
        while first > max(0, i - LONGEST) and self.next_is_cap(first - 1) and self.words[first - 1].cap:
            first -= 1
        while last < i + LONGEST and self.next_is_cap(last):
            last += 1
        before = [word.key for word in self.words[max(0, first - 8) : first]]
        if before[-1:] in (["by"], ["par"], ["author"], ["auteur"], ["autrice"]):
            return not _WORKS.isdisjoint(before)
        if before[-1:] in (["de"], ["of"]) and before[-2:-1] != [] and before[-2] in _WORKS:
            return True
        full = first < last
        if full and not self.words[last].owner and before[-1:] != [] and before[-1] in _THINGS["reading"]:
            return True
        work = last + 1 < len(self.words) and self.words[last + 1].key in _WORKS
        return work and (full or self.words[last].owner)


KINDS_OF_FAMILY = _CUES["kinds of family"]
MONTHS = _CUES["months"]
