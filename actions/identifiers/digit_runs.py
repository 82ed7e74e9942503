"""The long numbers that no rule has explained, however they are broken up, and numbers told in words."""

import re
from collections.abc import Iterator

from actions.identifiers import word_lists
from actions.identifiers.findings import Hit, Level, Taken
from actions.identifiers.normalising import Text
from actions.identifiers.rules import counts_something

_DIGIT_RUN = re.compile(r"(?<![\w$])\(?\d(?:[ .\-/()_]{0,3}\d){6,}(?!\w)")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d")
_NORTH_AMERICA = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")


def find(read: Text, taken: Taken) -> Iterator[Hit]:
    """Grades the runs that nothing in `taken` has explained, and the numbers in words."""
    yield from _told_in_words(read)
    for run in _DIGIT_RUN.finditer(read.digits):
        if not taken.overlaps(run.span()) and not counts_something(read, run.end()):
            groups = re.findall(r"\d+", run[0])
            graded = _grade("".join(groups), [len(group) for group in groups])
            if graded is not None:
                yield Hit(*graded, run.span())


def _grade(number: str, groups: list[int]) -> tuple[str, Level] | None:
    """By the length of the number, its grouping, and the checksum of the cards that have one."""
    size, single, checked = len(number), set(groups) == {1}, _luhn(number)
    if groups[1:] and set(groups[1:]) == {3} and number.endswith("00" if size != 9 else "000"):
        return None  # 250 000 000
    if groups == [3, 3, 3]:
        return "sin", Level.BLOCK if checked else Level.WARN
    if groups == [4, 3, 3]:
        return "health_card", Level.BLOCK if checked else Level.WARN
    if groups in ([2] * 5, [4] * 4):
        return ("phone", "payment_card")[len(groups) == 4], Level.BLOCK
    if _NORTH_AMERICA.fullmatch(number) and (single or len(groups) <= 5):
        return "phone", Level.BLOCK
    if size in (9, 10) and checked and (single or len(groups) <= 4):
        return ("sin", "health_card")[size - 9], Level.WARN if groups == [9] else Level.BLOCK
    if 13 <= size <= 19 and checked:
        return "payment_card", Level.BLOCK
    if size == 7 and single:
        return "phone", Level.BLOCK
    if (
        size < 7
        or (size == 7 and len(groups) > 1)
        or number.endswith("000")
        or (groups == [8] and _DAY.fullmatch(number))
    ):
        return None
    return ("long_number", Level.WARN) if single or len(groups) <= 3 else None


def _luhn(number: str) -> bool:
    """The checksum of SIN, health card and bank card."""
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(number)))
    return sum(d - 9 * (d > 9) for d in doubled) % 10 == 0


_SPOKEN = word_lists.topics("numbers.txt")["spoken digits"]
_TOKEN = re.compile(r"\w+")


def _told_in_words(read: Text) -> Iterator[Hit]:
    """Seven or more digits of which at least three are spelled: "four one six, then 9 2 2"."""
    spelled, figures, first, last = 0, 0, 0, 0
    for token in (*_TOKEN.finditer(read.digits), None):
        word = token[0] if token else ""
        if token and (word in _SPOKEN or word.isdigit()) and (not figures or token.start() - last <= 8):
            if not figures:
                first = token.start()
            spelled += word in _SPOKEN
            figures += 1 if word in _SPOKEN else len(word)
            last = token.end()
        elif token and figures and word in ("then", "and", "et", "puis"):
            continue
        else:
            if spelled >= 3 and figures >= 7:
                yield Hit("phone", Level.BLOCK, (first, last))
            spelled, figures = 0, 0
