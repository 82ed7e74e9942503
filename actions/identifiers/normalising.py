"""One spelling for the many ways to write the same thing, with the way back to the original offsets.

NFKC; invisible and striking marks, dashes, quotes, blanks and line breaks; other scripts' digits and letters that look
Latin; letters that stand for digits (O, l); s p a c e d words; brackets, bullets and slashes between the groups of a number.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple


class Text(NamedTuple):
    """Three views of equal length, so that an offset in one is an offset in all, and in `starts` and `ends`."""

    plain: str  # case and accents kept
    fold: str  # lower case, no accents, all on one line
    digits: str  # as fold, with letters that stand for digits replaced
    starts: Sequence[int]  # where each character begins in the original
    ends: Sequence[int]
    closed: list[tuple[int, int]]  # stretches of the original that close_up or regroup joined


_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
        **dict.fromkeys("‘’‚‛′´`ʼʹ＇", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        "\xa0": " ",
        "⁄": "/",
        "∕": "/",
        "․": ".",
        "。": ".",
        "·": ".",
    }
)
# Cyrillic and Greek letters that look Latin: replaced only inside a word that also has Latin letters.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕАВЕКМНОРСТУХІЈЅοαινρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsABEKMHOPCTYXIJSoaivpABEZHIKMNOPTYX"
)
_WORD_RUN = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
# Ordinary English and French, where each character stands for itself and no blank follows another.
_ONE_TO_ONE = re.compile(r"(?:[!-~À-ÖØ-öø-ÿŒœ«»‘’“”–—]|[ \n\xa0](?![ \n\xa0]))*+")
_INVISIBLE = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_HIDDEN_CATEGORIES = frozenset(("Cf", "Cc", "Cs", "Cn", "Co", "Me"))


def read(text: str) -> Text:
    """The text in one spelling. Ordinary English and French takes the short way."""
    if _ONE_TO_ONE.fullmatch(text):
        return _views(text.translate(_SAME), range(len(text)), range(1, len(text) + 1), [])
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster, start, end in _clusters(text):
        for char in cluster:
            blank = char.isspace()
            if blank and plain and plain[-1] in " \n":  # a run of blanks counts as one: every rule stays linear
                plain[-1] = "\n" if _breaks_line(char) else plain[-1]
                ends[-1] = end
                continue
            plain.append(("\n" if _breaks_line(char) else " ") if blank else char)
            starts.append(start)
            ends.append(end)
    return _views(_WORD_RUN.sub(_latin_letters, "".join(plain)), starts, ends, [])


def _breaks_line(char: str) -> bool:
    return char in "\n\x0b\x0c\x85\u2028\u2029"


def _views(plain: str, starts: Sequence[int], ends: Sequence[int], closed: list[tuple[int, int]]) -> Text:
    fold = "".join(map(fold_char, plain)) if _BEYOND_LATIN.search(plain) else plain.translate(_FOLD).lower()
    fold = fold.replace("\n", " ")
    return Text(plain, fold, _DIGITLIKE.sub(_digits_for_letters, fold), starts, ends, closed)


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character with the marks that combine with it, in its compatible form; invisible characters are skipped."""
    base, start, end = "", 0, 0
    for i, char in enumerate(text):
        kind = _character(char)
        if kind == "hidden":
            continue
        if base and kind == "mark":
            base, end = base + char, i + 1
            continue
        if base:
            yield _compatible(base), start, end
        base, start, end = char, i, i + 1
    if base:
        yield _compatible(base), start, end


@lru_cache(maxsize=4096)
def _character(char: str) -> str:
    if char in _INVISIBLE or (unicodedata.category(char) in _HIDDEN_CATEGORIES and not char.isspace()):
        return "hidden"
    return "mark" if unicodedata.combining(char) else "base"


@lru_cache(maxsize=4096)
def _compatible(cluster: str) -> str:
    spelled = unicodedata.normalize("NFKC", cluster).translate(_SAME)
    if spelled[:1].isdecimal():  # a digit loses the strokes and rings around it
        return "".join(str(unicodedata.decimal(char)) for char in spelled if char.isdecimal())
    return spelled


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    lower = unicodedata.normalize("NFD", char)[0].lower()
    return lower if len(lower) == 1 else char


def _latin_letters(word: re.Match[str]) -> str:
    return word[0].translate(_LOOKALIKES) if _LATIN.search(word[0]) else word[0]


# To the letter without its accent, for the letters of English and French; the others are looked up one by one.
_FOLD = {code: fold_char(chr(code)) for code in range(0xC0, 0x100)}
_BEYOND_LATIN = re.compile(r"[^\x00-\xffŒœ]")


# "O4l6": a token of digits and of the letters that look like them.
_DIGITLIKE = re.compile(r"(?<![^\W_])(?=[oils|]*\d)[0-9oils|]{2,}(?![^\W_])|(?<=[\d][ .-])[oil|]{1,2}(?=[ .-]\d)")
_DIGIT_FOR = str.maketrans("oil|s", "01115")


def _digits_for_letters(token: re.Match[str]) -> str:
    body = token[0]
    return body[:-1].translate(_DIGIT_FOR) + (body[-1] if body[-1] == "s" else body[-1].translate(_DIGIT_FOR))


_SPACED = re.compile(r"(?<![\w'])[^\W\d_](?:(?:[ *_]|[.\-] ?)[^\W\d_]){2,}(?![\w'])")

_SPACED_FIGURES = re.compile(r"(?<![\w'-])\d(?: \d){1,5}(?![\w'-])")
_BETWEEN_SPACED = re.compile(r" [/|•*-] ")


def close_up(given: Text) -> Text | None:
    """The text with s p a c e d   o u t words closed up, or None where there are none."""
    drop: set[int] = set()
    closed: list[tuple[int, int]] = []
    last = -1
    words = list(_SPACED.finditer(given.plain))
    if not words:
        return None
    for run in sorted([*words, *_SPACED_FIGURES.finditer(given.plain)], key=lambda found: found.start()):
        drop.update(i for i in range(*run.span()) if not given.plain[i].isalnum())
        closed.append((given.starts[run.start()], given.ends[run.end() - 1]))
        if last >= 0 and _BETWEEN_SPACED.fullmatch(given.plain, last, run.start()):  # 8 8 1 / O x f o r d
            drop.update(range(last + 1, run.start()))
        last = run.end()
    keep = [i for i in range(len(given.plain)) if i not in drop]
    plain = "".join(given.plain[i] for i in keep)
    return _views(plain, [given.starts[i] for i in keep], [given.ends[i] for i in keep], closed)


# Brackets, bullets, slashes, pipes and the dashes of a list, with the blanks around them.
_ODD_MARKS = r"\[\](){}<>|\\/*•‣▪◦●○■"
_ODD = re.compile(rf"[ \n.:-]{{0,3}}(?:[{_ODD_MARKS}]|\n-)[ \n.{_ODD_MARKS}-]{{0,4}}")
_SHORT_BEFORE = re.compile(r"(?<![^\W_])(?:[^\W_]{1,4}|\d{5,8})$")
_MONTH = r"(?:jan|f[eé]v|feb|mar|a[pv]r|ma[iy]|jui|jun|jul|ao[uû]|aug|sep|oct|nov|d[eé]c)[a-zé]{0,7}"
_GROUP = re.compile(rf"(?i:[^\W_]{{1,4}}|\d{{5,8}}|{_MONTH})(?![^\W_])")
_MONTH_BEFORE = re.compile(rf"(?<![^\W_])(?i:{_MONTH})$")
# "6 zéro 4", "P oh T"; "three-oh-6"
_ZERO = re.compile(
    r"(?<=\b\w[ /-])(?:zero|oh)(?=[ /-]{1,3}\w\b)"
    r"|(?<=\d[ /-])zero(?=[ /-]{1,3}\d)|(?<=\d [/-] )zero(?=[ /-]{1,3}\d)"
)
_SAID = {
    **dict(
        zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "0123456789", strict=True)
    ),
    **dict(zip(["oh", "un", "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf"], "012345789", strict=True)),
}
_CHAIN = re.compile(rf"\b(?:\d|{'|'.join(_SAID)})(?:-(?:\d|{'|'.join(_SAID)})){{2,5}}\b")


def regroup(given: Text) -> Text | None:
    """The text with one plain separator between short groups, "[5098][900]", and spelled digits as figures; or None."""
    changes: list[tuple[int, int, str]] = []
    for odd in _ODD.finditer(given.plain):
        start, end = odd.span()
        before = given.plain[max(0, start - 12) : start]
        group = _GROUP.match(given.plain, end)
        if group and (_SHORT_BEFORE.search(before) or _MONTH_BEFORE.search(before)):
            dash = "\n" not in odd[0] and any(mark in odd[0] for mark in "/\\|-")
            changes.append((start, end, "-" if dash else " "))
    changes += [(*said.span(), "0") for said in _ZERO.finditer(given.fold)]
    for chain in _CHAIN.finditer(given.fold):
        if not chain[0].replace("-", "").isdigit():
            changes.append((*chain.span(), "".join(_SAID.get(part, part) for part in chain[0].split("-"))))
    return _changed(given, sorted(changes)) if changes else None


def _changed(given: Text, changes: list[tuple[int, int, str]]) -> Text:
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    closed: list[tuple[int, int]] = []
    last = 0
    for start, end, instead in changes:
        if start < last:
            continue
        plain += [*given.plain[last:start], *instead]
        first, final = given.starts[start], given.ends[end - 1]
        starts += [*given.starts[last:start], *[first] * len(instead)]
        ends += [*given.ends[last:start], *[final] * len(instead)]
        closed.append((first, final))
        last = end
    plain += given.plain[last:]
    return _views("".join(plain), [*starts, *given.starts[last:]], [*ends, *given.ends[last:]], closed)


def fold_word(word: str) -> str:
    """Lower case, no accents."""
    return "".join(map(fold_char, word))
