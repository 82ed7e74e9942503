"""Looks in a short note for what could identify a client: numbers, addresses, dates of birth, names.

Pure rules: text in, findings out; nothing is stored, logged or sent. A finding says where and of what kind, never what
it read. Three passes over one normalised text: keyword and shape rules for structured identifiers, a reading of every
digit run that is left, and a reading of the words for names. docs/decisions/0004-identifier-guard.md has the figures.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# ---------------------------------------------------------------------------------------------------------------------
# What a caller sees


class Level(StrEnum):
    """What a finding asks for, in rising order: nothing, a word of advice, a confirmation, another wording."""

    PASS = "pass"  # noqa: S105, no password
    HINT = "hint"
    WARN = "warn"
    BLOCK = "block"

    # A StrEnum compares as text ("block" < "hint"); these compare by severity instead.
    def __lt__(self, other: str) -> bool:
        return _SEVERITY[self] < _SEVERITY[Level(other)]

    def __le__(self, other: str) -> bool:
        return _SEVERITY[self] <= _SEVERITY[Level(other)]

    def __gt__(self, other: str) -> bool:
        return _SEVERITY[self] > _SEVERITY[Level(other)]

    def __ge__(self, other: str) -> bool:
        return _SEVERITY[self] >= _SEVERITY[Level(other)]


_SEVERITY = {member: rank for rank, member in enumerate(Level)}

_A_PERSON = _("a parent, a youth, a family")
_NOTHING = _("leave it out")

# kind: (why it was found, what to write instead)
_EXPLAINED: dict[str, tuple[Promise, Promise]] = {
    "sin": (_("This looks like a social insurance number."), _NOTHING),
    "health_card": (_("This looks like a health card number."), _NOTHING),
    "payment_card": (_("This looks like the number of a bank or credit card."), _NOTHING),
    "id_number": (_("This looks like the number of a licence, a status card or another document."), _NOTHING),
    "case_number": (_("This looks like a case, file or court number."), _("“a file”, without its number")),
    "long_number": (_("This long number could belong to one person."), _NOTHING),
    "phone": (_("This looks like someone's phone number."), _("“by phone”")),
    "email": (_("This looks like someone's e-mail address."), _("“by e-mail”")),
    "handle": (_("This looks like someone's account on a social network."), _("“by message”")),
    "postal_code": (_("This looks like a postal code."), _("“in our area”")),
    "address": (_("This looks like an address."), _("“at home”, “at a shelter”")),
    "birth_date": (_("This looks like a date of birth."), _("“a young child”, “a teenager”")),
    "name": (_("This looks like a person's name."), _A_PERSON),
    "initials": (_("These look like a person's initials."), _A_PERSON),
    "age": (_("An age, together with a place or a community, can point to one child."), _("“a young child”")),
    "url": (_("A link can lead to a person; check where it goes."), _NOTHING),
    "area": (_("The start of a rural postal code can point to a small place."), _("“in a rural area”")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the text, as offsets into the text as it was given. It never carries the words it was found in."""

    kind: str
    level: Level
    start: int
    end: int

    @property
    def reason(self) -> Promise:
        return _EXPLAINED[self.kind][0]

    @property
    def suggestion(self) -> Promise:
        return _EXPLAINED[self.kind][1]


def check(text: str, *, allow: Collection[str] = ()) -> list[Finding]:
    """Findings in the order of the text. `allow`: what the agency publishes itself: phones, e-mails, "@domain", terms."""
    read = _normalise(text)
    found = _resolve(_inspect(read))
    spaced = _close_up(read)
    if spaced is not None:
        found = _resolve([*found, *(hit for hit in _inspect(spaced) if _touches(hit, spaced.closed))])
    allowed = _Allowed(allow, read)
    return [hit for hit in found if not allowed.covers(hit)]


def level(findings: Iterable[Finding]) -> Level:
    """The most severe level among the findings, PASS where there is none."""
    return max((finding.level for finding in findings), default=Level.PASS)


def normalise(text: str) -> str:
    """The text as the rules read it; doing it twice changes nothing more."""
    return _normalise(text).plain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ---------------------------------------------------------------------------------------------------------------------
# Normalisation: one spelling for the many ways to write the same thing, with the way back to the original


class _Text(NamedTuple):
    """Three views of equal length, so that an offset in one is an offset in all, and in `starts` and `ends`."""

    plain: str  # case and accents kept
    fold: str  # lower case, no accents, all on one line
    digits: str  # as fold, with letters that stand for digits replaced
    starts: Sequence[int]  # where each character begins in the original
    ends: Sequence[int]
    closed: list[tuple[int, int]]  # stretches of the original that _close_up joined


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


def _normalise(text: str) -> _Text:
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


def _views(plain: str, starts: Sequence[int], ends: Sequence[int], closed: list[tuple[int, int]]) -> _Text:
    fold = "".join(map(_fold_char, plain)) if _BEYOND_LATIN.search(plain) else plain.translate(_FOLD).lower()
    fold = fold.replace("\n", " ")
    return _Text(plain, fold, _DIGITLIKE.sub(_digits_for_letters, fold), starts, ends, closed)


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
def _fold_char(char: str) -> str:
    lower = unicodedata.normalize("NFD", char)[0].lower()
    return lower if len(lower) == 1 else char


def _latin_letters(word: re.Match[str]) -> str:
    return word[0].translate(_LOOKALIKES) if _LATIN.search(word[0]) else word[0]


# To the letter without its accent, for the letters of English and French; the others are looked up one by one.
_FOLD = {code: _fold_char(chr(code)) for code in range(0xC0, 0x100)}
_BEYOND_LATIN = re.compile(r"[^\x00-\xffŒœ]")


# "O4l6": a token of digits and of the letters that look like them.
_DIGITLIKE = re.compile(r"(?<![^\W_])(?=[oils|]*\d)[0-9oils|]{2,}(?![^\W_])|(?<=[\d][ .-])[oil|]{1,2}(?=[ .-]\d)")
_DIGIT_FOR = str.maketrans("oil|s", "01115")


def _digits_for_letters(token: re.Match[str]) -> str:
    body = token[0]
    return body[:-1].translate(_DIGIT_FOR) + (body[-1] if body[-1] == "s" else body[-1].translate(_DIGIT_FOR))


_SPACED = re.compile(r"(?<![\w'])[^\W\d_](?:(?:[ *_]|[.\-] ?)[^\W\d_]){2,}(?![\w'])")


def _close_up(read: _Text) -> _Text | None:
    """The text with s p a c e d   o u t words closed up, or None where there are none."""
    drop: set[int] = set()
    closed: list[tuple[int, int]] = []
    for run in _SPACED.finditer(read.plain):
        drop.update(i for i in range(*run.span()) if not read.plain[i].isalpha())
        closed.append((read.starts[run.start()], read.ends[run.end() - 1]))
    if not drop:
        return None
    keep = [i for i in range(len(read.plain)) if i not in drop]
    plain = "".join(read.plain[i] for i in keep)
    return _views(plain, [read.starts[i] for i in keep], [read.ends[i] for i in keep], closed)


def _touches(hit: Finding, spans: Iterable[tuple[int, int]]) -> bool:
    return any(hit.start < end and start < hit.end for start, end in spans)


# ---------------------------------------------------------------------------------------------------------------------
# Putting findings together

_Span = tuple[int, int]


class _Hit(NamedTuple):
    kind: str
    level: Level
    span: _Span  # in the normalised text


class _Taken:
    """Which stretches of a text are spoken for."""

    def __init__(self, size: int) -> None:
        self.marks = bytearray(size)

    def add(self, span: _Span) -> None:
        self.marks[span[0] : span[1]] = b"\x01" * (span[1] - span[0])

    def overlaps(self, span: _Span) -> bool:
        return 1 in self.marks[span[0] : span[1]]


def _inspect(read: _Text) -> list[Finding]:
    hits: list[_Hit] = []
    taken = _Taken(len(read.plain))  # what a rule has explained, harmless or not: later rules do not read it again
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
                hits.append(_Hit(rule.kind, graded, span))
    hits += _spelled_out(read)
    hits += _digit_runs(read, taken)
    hits += _names(read, [span for kind, _level, span in hits if kind in ("email", "url", "handle", "address")])
    return [_original(hit, read) for hit in hits]


def _original(hit: _Hit, read: _Text) -> Finding:
    start, end = hit.span
    return Finding(hit.kind, hit.level, read.starts[start], read.ends[end - 1])


def _resolve(found: list[Finding]) -> list[Finding]:
    """Of findings that overlap, the most severe and then the longest stays."""
    kept: list[Finding] = []
    taken = _Taken(max((hit.end for hit in found), default=0))
    for hit in sorted(found, key=lambda f: (-_SEVERITY[f.level], f.start - f.end, f.start)):
        if not taken.overlaps((hit.start, hit.end)):
            taken.add((hit.start, hit.end))
            kept.append(hit)
    return sorted(kept, key=lambda f: f.start)


class _Allowed:
    """What the agency itself publishes: such a phone, e-mail address or term is no finding."""

    def __init__(self, allow: Collection[str], read: _Text) -> None:
        self.read = read
        self.phones: set[str] = set()
        self.mails: list[str] = []
        self.spans: list[_Span] = []
        for entry in allow:
            fold = _normalise(entry.strip()).fold
            number = re.sub(r"\D", "", fold)
            if not fold:
                continue
            if "@" in fold:
                self.mails.append(fold)
            elif len(number) >= 3 and not re.search(r"[a-z]", fold):
                self.phones.add(number.removeprefix("1"))
            else:
                word = re.compile(rf"(?<!\w){re.escape(fold)}(?!\w)")
                self.spans += [
                    (read.starts[m.start()], read.ends[m.end() - 1]) for m in word.finditer(read.fold) if m.group()
                ]

    def covers(self, hit: Finding) -> bool:
        if any(start <= hit.start and hit.end <= end for start, end in self.spans):
            return True
        if not (self.phones or self.mails):
            return False
        piece = "".join(
            c
            for c, start, end in zip(self.read.digits, self.read.starts, self.read.ends, strict=True)
            if hit.start <= start and end <= hit.end
        )
        if hit.kind == "email":
            return any(piece == mail or (mail.startswith("@") and piece.endswith(mail)) for mail in self.mails)
        return re.sub(r"\D", "", piece).removeprefix("1") in self.phones


# ---------------------------------------------------------------------------------------------------------------------
# Structured identifiers: shapes and keywords


def _luhn(number: str) -> bool:
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(number)))
    return sum(d - 9 * (d > 9) for d in doubled) % 10 == 0


_MONTH = (
    r"(?:jan(?:uary|vier|v)?|feb(?:ruary)?|fev(?:rier|r)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?|may|mai|june?|juin"
    r"|jul(?:y)?|juil(?:let)?|aug(?:ust)?|aout|sept?(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?"
    r"|dec(?:ember|embre)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?!\d)(?: ?(?:st|nd|rd|th|er|e)\b)?"
_DATE = (
    r"(?:(?:19|20)\d\d ?[-/. ] ?\d{1,2} ?[-/. ] ?\d{1,2}\b"
    r"|\d{1,2} ?[-/. ] ?\d{1,2} ?[-/. ] ?(?:19|20)?\d\d\b"
    r"|\d{8}\b"
    rf"|\b{_MONTH}\b\.?,? ?(?:the )?{_DAY}(?:[,/ ']{{1,3}}(?:19|20)?\d\d\b)?"
    rf"|{_DAY}[ -]?(?:of |de )?{_MONTH}\b\.?(?:[, '-]{{1,3}}(?:19|20)?\d\d\b)?"
    rf"|\b{_MONTH}\b\.?,? ?(?:of |de )?(?:19|20)\d\d\b"
    rf"|(?:19|20)\d\d,? {_MONTH}\b\.? \d{{1,2}}\b"
    r"|\d{1,2} ?/ ?\d{1,2}\b)"
)

# What may stand between "file" and its number, at most six of them.
_FILLER = (
    r"(?:[ .:,;=#(°º'-]{1,3}|(?:nos?|nbr|num|numero|number|id|identification|is|was|are|est|sous|le|la|card|carte|court"
    r"|cour|tribunal|statut|status|indien|indian|de|du|des|client|eleve|file|dossier|scolaire|reference|ref)\b)"
)
_COUNTED = (
    r"(?: ?(?:%|\$|°)| (?:percent|pour|dollars?|pages?|people|persons?|famil\w+|youths?|jeunes|kids|child\w*|enfants|"
    r"workers?|staff|hours?|heures?|minutes?|min|days?|jours?|weeks?|semaines?|months?|mois|years?|ans|annees?|times|fois|"
    r"visits?|visites?|words|mots|letters?|lettres?|files?|dossiers|cases?|cas|actions?|km|sessions?|guests?|copies)\b)"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?: ?[-/a&] ?(?:(?:19|20)\d\d|\d\d))?$")


def _year_or_date(token: str) -> bool:
    """A year, a span of years or a full date, as they follow "report" or "file" without numbering one."""
    return bool(_YEARS.match(token) or re.fullmatch(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}", token))


def _case_number(match: re.Match[str], read: _Text) -> Level | None:
    token, marked = match["token"], bool(re.search(r"[#°º]|\b(?:nos?|num|numero|number|id)\b", match["fill"]))
    figures = sum(c.isdigit() for c in token)
    after = read.digits[match.end() : match.end() + 14]
    if _year_or_date(token) or re.match(_COUNTED, after) or re.match(r" ?[:h]\d", after):
        return None
    if match.groupdict().get("weak") and not (marked or figures >= 5):
        return None
    if figures >= 4 or (figures == 3 and (marked or len(token) > 3)):
        return Level.BLOCK
    return Level.WARN if figures == 3 or (marked and figures == 2) else None


def _sin_shape(match: re.Match[str], read: _Text) -> Level | None:
    number = re.sub(r"\D", "", match[0])
    if number.endswith("000") or re.match(_COUNTED, read.digits[match.end() : match.end() + 14]):
        return None
    return Level.BLOCK if _luhn(number) else Level.WARN


def _health_shape(match: re.Match[str], read: _Text) -> Level | None:
    return Level.BLOCK if _luhn(re.sub(r"\D", "", match["found"])) else Level.WARN


def _local_phone(match: re.Match[str], read: _Text) -> Level | None:
    last = match[0][-4:]
    called = _PHONE_CUE.search(read.fold[max(0, match.start() - 30) : match.start()])
    if not called and (last.startswith(("19", "20")) or match[0][3] == " "):  # "page 212-2024", "200 2500"
        return None
    return Level.PASS if match[0].startswith("310") else Level.BLOCK  # 310 is a toll-free exchange


_PHONE_CUE = re.compile(
    r"#|"
    r"\b(?:tel|telephone|phone|cell\w*|mobile|call(?:ed)?|text(?:ed|o)?|numero|number|at|au|joindre)\b"
)


def _postal_code(match: re.Match[str], read: _Text) -> Level | None:
    return Level.BLOCK if sum(c.isdigit() for c in match[0]) >= 2 else None


_NOT_A_STREET = _words("""
    minute minutes min hour hours hr day days week weeks month months year years km more other new old long short
    people person persons family families worker workers staff youth kids children child different of the a an in on
    at to for and or small large big full first second third last next per each way talking sharing healing advisory
    elder elders women men peer court provincial superior federal federations legal grade letters pages times step
    steps outreach
""")
_LIVES = re.compile(
    r"\b(?:liv(?:es?|ed|ing)|stay(?:s|ed|ing)?|resid\w+|mov(?:ed|ing|es?)|address|adresse|home|house|habit\w+|demeur\w+"
    r"|log(?:e|ent|ee?s?)|demenag\w+|pick(?:ed)? ?up|drop\w*|drove|ramass\w+|visite|livr\w+|deliver\w+|at|@|au)\b"
)
_CLEAR_STREET = _words("""
    street st avenue ave av road rd drive dr boulevard blvd crescent cres lane ln parkway
""")


def _street(match: re.Match[str], read: _Text) -> Level | None:
    """Number, name, type: "12 Elm Grove" by its capital, "45 main st" by a clear type or by what stands before."""
    name = match["name"].split()
    if any(word.strip(".'") in _NOT_A_STREET for word in name) or re.match(
        r"[a-z]", read.fold[match.end() :][:1] or " "
    ):
        return None
    start, end = match.span("name")
    capital = any(word[:1].isupper() or word[:1].isdigit() for word in read.plain[start:end].split())
    cued = bool(_LIVES.search(read.fold[max(0, match.start() - 25) : match.start()]))
    clear = match["type"] in _CLEAR_STREET
    if capital and (clear or read.plain[match.start("type")].isupper() or cued):
        return Level.BLOCK
    return Level.BLOCK if clear and (cued or match.start() == 0 or _ends_clause(read.fold, match.end())) else None


def _ends_clause(fold: str, end: int) -> bool:
    return bool(re.match(r"\.?(?: ?[,;)\n]| ?(?:apt|unit|app|suite|#)\b| ?$)", fold[end : end + 8]))


def _french_street(match: re.Match[str], read: _Text) -> Level | None:
    if match["type"] in ("rue", "avenue", "boulevard", "boul", "chemin", "ruelle", "impasse", "croissant"):
        return Level.BLOCK
    capital = read.plain[match.start("name")].isupper()
    cued = _LIVES.search(read.fold[max(0, match.start() - 25) : match.start()])
    return Level.BLOCK if capital or cued else None


_BORN_IDEAS = re.compile(
    r"\b(?:program\w*|projec?t\w*|idea|group\w*|circle|committee|policy|initiative|cercle|comite|idee|politique)\b.{0,12}$"
)


def _birth(match: re.Match[str], read: _Text) -> Level | None:
    """Born + date; "né" needs its accent or the date right after, for "ne" is also the French "not"."""
    cue = match["cue"]
    if _BORN_IDEAS.search(read.fold[max(0, match.start() - 40) : match.start()]):
        return None
    if cue.startswith("birthday") and re.search(r"part(?:y|ies)|cake|card|gift|celebrat", match["between"]):
        return None
    return Level.WARN if re.fullmatch(r"\d{4}", match["date"]) else Level.BLOCK


def _international(match: re.Match[str], read: _Text) -> Level | None:
    try:
        number = phonenumbers.parse(match[0], "CA")
    except phonenumbers.NumberParseException:
        return None
    return Level.BLOCK if phonenumbers.is_possible_number(number) else None


def _link(match: re.Match[str], read: _Text) -> Level | None:
    social = re.search(r"(?:facebook|instagram|tiktok|snapchat|linkedin|fb|x|twitter)\.com/[\w@.]", match[0])
    return Level.WARN if social else Level.HINT


def _age(match: re.Match[str], read: _Text) -> Level | None:
    """ "4 ans" is an age, "depuis 4 ans" is not."""
    lasting = re.search(
        r"\b(?:depuis|il y a|pendant|dans|en|apres|for|over|environ|plus de)$",
        read.fold[: match.start()][-12:].rstrip(),
    )
    return None if lasting else Level.HINT


def _document(match: re.Match[str], read: _Text) -> Level | None:
    figures = sum(c.isdigit() for c in match["token"])
    if figures >= 4 and not _year_or_date(match["token"]):
        return Level.BLOCK
    return Level.WARN if figures == 3 and match["fill"].strip() else None


def _not_years(match: re.Match[str], read: _Text) -> Level | None:
    return None if _YEARS.search(match[0][-9:]) else Level.BLOCK


_FORM_BEFORE = re.compile(
    r"\b(?:forms?|formulaire|policy|politique|version|reglement|bylaw|standard|directive)\b.{0,8}$"
)


def _not_a_form(match: re.Match[str], read: _Text) -> Level | None:
    return None if _FORM_BEFORE.search(read.fold[max(0, match.start() - 20) : match.start()]) else Level.WARN


_Grader = Callable[[re.Match[str], _Text], Level | None]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern over one view of the text. `accept` grades a match, None for no match; a group "found" narrows it."""

    kind: str
    level: Level
    view: str
    pattern: re.Pattern[str]
    accept: _Grader | None

    def span(self, match: re.Match[str]) -> _Span:
        return match.span("found" if "found" in self.pattern.groupindex else 0)


def _block(kind: str, view: str, pattern: str, accept: _Grader | None = None) -> _Rule:
    return _Rule(kind, Level.BLOCK, view, re.compile(pattern), accept)


def _warn(kind: str, view: str, pattern: str, accept: _Grader | None = None) -> _Rule:
    return _Rule(kind, Level.WARN, view, re.compile(pattern), accept)


def _hint(kind: str, view: str, pattern: str, accept: _Grader | None = None) -> _Rule:
    return _Rule(kind, Level.HINT, view, re.compile(pattern), accept)


def _pass(view: str, pattern: str) -> _Rule:
    return _Rule("", Level.PASS, view, re.compile(pattern), None)


_AT = r"(?: ?@ ?| ?[(\[{<] ?(?:at|a|arobase?) ?[)\]}>] ?| arobas[ea]? )"
_DOT = r"(?: ?[.,] ?| ?[(\[{<] ?(?:dot|point) ?[)\]}>] ?| (?:dot|point) )"
_TLD = r"(?:com|ca|org|net|info|edu|gov|fr|qc|on|io|co|uk|me|biz|us|example|test)\b"
_MAIL_HOUSE = (
    r"(?:(?:gmail|hotmail|yahoo|icloud|msn|aol|proton(?:mail)?|videotron|sympatico|cogeco)\b"
    r"|(?:outlook|live|rogers|bell|shaw|telus)(?= ?\.))"
)
_MAILBOX = r"(?<![\w.+-])[\w.+%'-]{1,64}"
_NETWORK = r"insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|facebook|fb|discord|telegram"

_NINE_DIGITS = r"\d(?:[ .\-/]{0,3}\d){8}(?![ .-]?\d)"
_SIN_CUE = r"\b(?:s\.?i\.?n\b|n\.?a\.?s\b|soc(?:ial)? ins\w*|assurance[- ]sociale)"
_HEALTH_CUE = (
    r"\b(?:ohip|health (?:card|no|number|insurance)|hcn?\b|carte (?:d'assurance[- ])?(?:sante|maladie)|carte soleil|ramq"
    r"|assurance[- ]maladie|medicare)"
)
_BIRTH_CUE = (
    r"\b(?P<cue>d\.?[ -]?[o0]\.?[ -]?b\b|b\.(?= ?\d{1,2} ?[a-z-]+ ?\d{4})|date of birth|birth ?date|b-?day|birthday|bdate|born"
    r"|date (?:de )?naiss\w*|naissance|d\.?d\.?n\b|anniv(?:ersaire)?\b)"
)
_TURNS = (
    r"\b(?:turn(?:s|ed|ing)?|will be|is going to be|aura|auront|a eu|fete\w*|celebr\w*|(?=(?:ses|his|her|their) \w+))"
)
_HOW_OLD = (
    r"(?:\d{1,2}|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b|\w{3,5}teen\b)(?:th|st|nd|rd)?"
    r"(?: ?(?:ans|years?(?: old)?|yrs?|birthday))?"
)
_FILE_CUE = r"case ?file|case|cs|file|fichier|dossier|cpin|intake|docket|court file|occurrence|crown file|cfsa|chart"
_WEAK_FILE_CUE = (
    r"referral|reference|ref|report|rapport|warrant|incident|ticket|matricule|cas|claim|client|cliente|member|patient|person"
    r"|resident|student|account|acct|compte|band|bande|order|permit|permis|invoice|police|badge|re"
)
_DOCUMENT_CUE = (
    r"driver'?s? ?'?licen[cs]e|licen[cs]e plate|licen[cs]e|permis de conduire|passport|passeport|status card|indian status"
    r"|carte de statut|certificat de statut(?: d'indien)?|treaty|oen|o\.e\.n\.?|niso|student id|numero d'eleve|uci|iuc"
    r"|u\.c\.i\.?|ifhp?|pfsi|band number|immigration|plate|plaque"
)
_FILE_ID = (
    r"(?P<token>[a-z]{0,5}[-/.]?\d[a-z0-9]*(?:[-/._][a-z0-9]+){0,4}"
    r"|[a-z]{1,3}\d?[-/][a-z]?\d[a-z0-9]*(?:-[a-z0-9]+){0,3}|[a-z]{3,12}-\d{4}\b)"
)
_SPACED_ID = r"(?P<token>\d(?: ?[-/ ] ?\d){3,}(?!\d)|\d{2,4}(?:[ -]\d{2,4}){2,})"

_FRENCH_STREET = (
    r"rue|avenue|av|ave|boulevard|boul|bd|chemin|ch|route|rang|place|allee|impasse|cote|montee|croissant|promenade|ruelle"
    r"|terrasse|carre|concession"
)
_STREET = (
    r"street|st|avenue|ave|av|road|rd|drive|dr|boulevard|blvd|crescent|cres|lane|ln|parkway|pkwy|terrace|terr|side ?road"
    r"|concession|court|ct|place|pl|way|circle|grove|gardens?|gate|hill|heights|square|sq|row|mews|path|close|walk|trail"
    r"|line|crossing|landing|ridge|park|point|view|loop|run|mission|bay|highway|hwy|commons?|green|island|meadows?|woods?"
    r"|estates?|chase|bend|hollow|quay|townline"
)
_PLAIN_STREET = r"(?:street|st|avenue|ave|road|rd|drive|crescent|cres|lane|court|boulevard|blvd|trail|concession)\b"
_OF = r"(?:de la |de l'|des |du |de |d'|la |le |les |l')?"

# In this order: a stretch that one rule has explained, be it as harmless, is not read by the later ones.
_RULES: tuple[_Rule, ...] = (
    # Ways to reach a person
    _block("email", "fold", rf"{_MAILBOX}@[\w-]{{1,63}}(?:\.[\w-]{{2,24}}){{0,3}}"),
    _block("email", "fold", rf"{_MAILBOX}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,24}}){{0,2}}{_DOT}{_TLD}"),
    # "fatou at gmail", "sunny at mail dot com": a bare "at" counts where a mail house or a spoken dot follows
    _block("email", "fold", rf"{_MAILBOX}(?:{_AT}| at ){_MAIL_HOUSE}(?:{_DOT}{_TLD})?"),
    _block("email", "fold", rf"{_MAILBOX} (?:at|a) (?:{_MAIL_HOUSE}|[\w-]{{1,40}}) (?:dot|point) {_TLD}"),
    _hint("url", "fold", r"\b(?:https?://|www\.)[^\s\"')>]{2,}", _link),
    _hint(
        "url", "fold", rf"(?<![\w@.])[a-z0-9-]{{2,40}}(?:\.[a-z0-9-]{{2,40}}){{0,3}}\.{_TLD}(?:/[^\s\"')>]*)?", _link
    ),
    _warn("handle", "fold", r"(?<![\w@.])@[a-z_][\w.-]{2,}"),
    # "insta: aiyana.blooms": a network, then something that is no plain word
    _warn(
        "handle",
        "fold",
        rf"\b(?:{_NETWORK})\b(?: (?:is|est|handle|name|user(?:name)?|nom|account|compte))? ?[:=]? ?"
        r"(?P<found>[a-z]\w*[._\d][\w.]*\w)",
    ),
    # Numbers by keyword
    _block("sin", "digits", rf"{_SIN_CUE}[^\d\n]{{0,40}}?(?P<found>{_NINE_DIGITS})"),
    _block(
        "health_card",
        "digits",
        rf"{_HEALTH_CUE}[^\d\n]{{0,30}}?(?P<found>(?:[a-z]{{4}} ?)?\d(?:[ .\-/]{{0,3}}[\doli]){{6,12}}(?: ?[a-z]{{1,2}}\b)?)",
    ),
    # Québec: ABCD 1234 5678
    _block("health_card", "plain", r"\b(?!CASE|FILE|CPIN)[A-Z]{4}[ -]?\d{4}[ -]?\d{4}\b(?![ -]?\d)|\b[a-z]{4}\d{8}\b"),
    _block("birth_date", "digits", rf"{_BIRTH_CUE}(?P<between>[^\d\n;]{{0,25}}?)(?P<date>{_DATE}|\d{{6}}\b)", _birth),
    _block(
        "birth_date",
        "digits",
        rf"\b(?P<cue>ne(?:e|\(e\))?s?) ?(?P<between>[:,(]?(?: ?(?:le|en|au|vers|a [\w-]+,? (?:le|en)))?) ?(?P<date>{_DATE})",
        _birth,
    ),
    _block(
        "birth_date",
        "digits",
        r"\b(?P<cue>born|ne(?:e|\(e\))?s?|birth year|year of birth|annee de naissance) ?"
        r"(?P<between>:?(?: (?:in|en|is|est))?) ?(?P<date>(?:19|20)\d\d)\b",
        _birth,
    ),
    # "turned 6 on May 3", "fête ses 16 ans le 21 octobre"
    _block(
        "birth_date",
        "digits",
        rf"{_TURNS}(?: ?(?:ses|his|her|their|your))? ?{_HOW_OLD},? ?"
        rf"(?:(?:on|this|next|month|week|the|le|ce|en|in|is),? ){{0,3}}{_DATE}",
    ),
    _block(
        "birth_date",
        "digits",
        rf"(?<!\w)(?=[\djfmasond]){_DATE} ?[(,-]? ?(?:d\.?o\.?b\b|date of birth|d\.?d\.?n\b|date de naissance)",
    ),
    _block("id_number", "digits", rf"\b(?:{_DOCUMENT_CUE})\b(?P<fill>{_FILLER}{{0,6}}){_SPACED_ID}", _document),
    _block("id_number", "digits", rf"\b(?:{_DOCUMENT_CUE})\b(?P<fill>{_FILLER}{{0,6}}){_FILE_ID}", _document),
    _block(
        "id_number",
        "plain",
        r"\b(?i:plates?|plaque)(?: (?i:is|no|number|est))?[ .:#]{1,3}[A-Z]{3,4}[ -]?\d{3}\b"
        r"|\b(?i:passport|passeport)(?: (?i:is|no|number|est|numéro))?[ .:#]{1,3}[A-Z]{2} ?\d{6}\b",
    ),
    _block(
        "case_number",
        "digits",
        rf"\b(?:(?:{_FILE_CUE})|(?P<weak>{_WEAK_FILE_CUE}))\b(?P<fill>{_FILLER}{{0,6}}){_SPACED_ID}",
        _case_number,
    ),
    _block(
        "case_number",
        "digits",
        rf"\b(?:(?:{_FILE_CUE})s?|(?P<weak>{_WEAK_FILE_CUE}))\b(?P<fill>{_FILLER}{{0,6}}){_FILE_ID}",
        _case_number,
    ),
    # Harmless numbers: public lines, money, dates, spans of years, times
    _pass("digits", r"(?<!\d)(?:\+?1[ .-]?)?\(?8(?:00|33|44|55|66|77|88|22)\)?[ .-]{0,2}\d{3}[ .-]?\d{4}(?!\d)"),
    _pass("digits", r"[$€£] ?\d[\d ,.]{0,20}"),
    _pass("digits", r"(?<![\d-])\d{1,3}(?:[ ,.]\d{3}){0,4}(?:[.,]\d{1,2})? ?(?:\$|€|dollars?\b|cad\b)"),
    _pass("digits", rf"(?<![\d-]){_YEAR} ?[-/.] ?(?:0?[1-9]|1[0-2]) ?[-/.] ?(?:0?[1-9]|[12]\d|3[01])(?![\d-])"),
    _pass("digits", rf"(?<![\d-])(?:0?[1-9]|[12]\d|3[01]) ?[-/.] ?(?:0?[1-9]|[12]\d|3[01]) ?[-/.] ?{_YEAR}(?![\d-])"),
    _pass("digits", rf"(?<![\d-]){_YEAR} ?[-/] ?(?:{_YEAR}|\d\d)(?![\d-])"),
    _pass("digits", r"(?<!\d)\d{1,2} ?[:h] ?\d{2}(?!\d)"),
    # Numbers by shape
    _block("phone", "digits", r"(?:\+|\b011[ .-]?)[1-9](?:[ .\-/()]{0,3}\d){7,14}(?!\d)", _international),
    _block(
        "phone",
        "digits",
        r"(?<![\d-])(?:\+?1[ .\-/]{0,2})?\(?[2-9]\d{2}\)?[ .\-/*,_]{0,3}[2-9]\d{2}[ .\-/*,_]{0,3}\d{4}(?![\d-])",
    ),
    _block("phone", "digits", r"(?<![\d.-])[2-9]\d{2}[ .-]\d{4}(?![\d-]|[ .]\d)", _local_phone),
    _block("phone", "digits", r"(?<!\d)0[1-9](?:[ .]\d\d){4}(?!\d)"),  # France: 06 12 34 56 78
    _block("sin", "digits", r"(?<![\d-])\d{3}[ .\-/]{1,3}\d{3}[ .\-/]{1,3}\d{3}(?![ .-]?\d)", _sin_shape),
    _block(
        "health_card",
        "digits",
        r"(?<![\d-])(?P<found>\d{4}[ .-]{1,3}\d{3}[ .-]{1,3}\d{3})(?: ?-? ?[a-z]{2}\b)?(?!\d)",
        _health_shape,
    ),
    # Driver's licences of Ontario and Québec
    _block("id_number", "fold", r"\b[a-z]\d{4}[ -]?\d{5}[ -]?\d{5}\b|\b[a-z]\d{4}[ -]\d{6}[ -]\d{2}\b"),
    _warn("id_number", "digits", r"(?<![\d-])\d{2}-\d{4}-\d{4}(?![\d-])"),  # immigration: UCI
    _warn("id_number", "plain", r"\b[A-Z]{2}\d{6}\b"),  # passport
    _block("payment_card", "digits", r"(?<!\d)\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?!\d)"),
    _block("case_number", "plain", r"\b[A-Z]{1,4}[- ]?\d{2,4}-\d{4,8}\b", _not_years),
    _block("case_number", "digits", r"(?<![\d-])\d{3}-\d{2}-\d{6}-\d{2,3}(?![\d-])"),  # Québec courts
    _warn("case_number", "plain", r"\b[A-Z]{2,5}-(?!(?:19|20)\d\d\b)\d{4,}\b", _not_a_form),
    _warn("case_number", "digits", rf"(?<![\d-]){_YEAR}-\d{{3,6}}(?![\d-])"),
    _warn("case_number", "digits", r"# ?\d{4,}\b"),
    # Where people live
    _block(
        "postal_code",
        "fold",
        r"\b[abceghj-nprstvxy][\dol][abceghj-nprstv-z][ .,\-]{0,3}[\dol][abceghj-nprstv-z][\dol]\b",
        _postal_code,
    ),
    _block(
        "postal_code",
        "fold",
        r"\b[abceghj-nprstvxy][ .-][\dol][ .-][abceghj-nprstv-z][ .-]{1,3}[\dol][ .-][abceghj-nprstv-z][ .-][\dol]\b",
        _postal_code,
    ),
    _hint("area", "plain", r"\b[ABCEGHJ-NPRSTVXY]0[ABCEGHJ-NPRSTV-Z]\b"),
    _block(
        "address",
        "fold",
        rf"(?<![\w$.,])#?\d{{1,5}}(?:-\d{{1,5}})?[a-d]?,? (?P<name>(?:[\w.'-]{{1,30}} ){{1,3}}?)(?P<type>{_STREET})\b"
        rf"(?! {_PLAIN_STREET})",  # Victoria Park Ave is no park
        _street,
    ),
    _block(
        "address",
        "fold",
        r"(?<![\w$.,])\d{1,5},? ?(?:concession|highway|hwy|county|side ?road|rang|route|line)"
        r"(?: (?:road|rd|line))? #?\d{1,3}\b",
    ),
    _block(
        "address",
        "fold",
        rf"(?<![\w$.,])\d{{1,5}}(?: ?(?:[a-d]|bis|ter))?,? ?(?:de la |du )?(?P<type>{_FRENCH_STREET})\b\.? {_OF}"
        r"(?P<name>[\w'-]+)",
        _french_street,
    ),
    _block(
        "address",
        "plain",
        r"(?:#|\b(?i:unit|apt|suite)\.? #?)\d{1,4} ?[-,] ?\d{1,5} [A-Z][a-z]"
        r"|\b(?i:house|home|place|apartment|maison|logement|appartement) (?:(?:is|est) )?(?:at|au) \d{1,5},? [A-Z][a-z]"
        r"|\b\d{1,5} [A-Z][a-z]{2,} [EWNS]\b",
    ),
    _warn(
        "address",
        "plain",
        r"\b(?i:box|house|maison|lot|cp) (?:no\.? |#)?\d{2,4},? (?:on the reserve|[A-Z][a-z]{3,})"
        r"|\b(?i:fire|911|civic) (?i:number|no\.?|#) ?\d{2,6}\b",
    ),
    _block("address", "fold", r"\b(?:p\.? ?o\.? box|post office box|case postale|c\.p\.) ?#?\d+"),
    _warn(
        "address",
        "fold",
        r"\br\.?r\.? ?#? ?\d{1,2}\b|\b(?:apt|apartment|appartement|app)(?:\. ?| ?#| )\d{1,4}[a-d]?\b(?!\.\d)",
    ),
    _block(
        "address",
        "fold",
        r"\b(?:lives?|living|lived|stays?|staying|residing|resides|habite\w*|demeure\w*)\b[^.\n\d]{0,12}"
        r"\b(?:at|au|no|number|numero)\.? ?#?\d{1,5}\b(?= ?[,.;)\n]| ?$| [a-z])(?!(?: ?%| \w+s\b))",
    ),
    _warn(
        "address",
        "fold",
        r"\b(?:lives?|living|lived|stays?|staying|resides|residing)\b[^.\n\d]{0,12}"
        rf"\b(?:on|at|off|near) (?:\w{{1,30}} ){{1,2}}{_PLAIN_STREET}",
    ),
    _warn(
        "address",
        "fold",
        rf"\b(?:habite\w*|demeure\w*|loge\w*|reste|vit|vivent) (?:au |sur |dans )?(?:la |le |l')?"
        rf"(?:rue|avenue|boulevard|chemin|rang) {_OF}\w+",
    ),
    _block("address", "fold", r"-?\b\d{1,2}\.\d{4,}\b ?[,;] ?-?\d{1,3}\.\d{4,}\b"),  # coordinates
    # Ages
    _hint(
        "age",
        "fold",
        r"\b\d{1,2}(?:[ -]?(?:years?|yrs?|months?|weeks?|mos?)[ -]olds?\b| ?y/?\.?o\b| ans\b)"
        r"|\b(?:aged?|agee?s?(?: de)?) \d{1,2}\b",
        _age,
    ),
)


_DIGIT = re.compile(r"\d")
_WITHOUT_DIGITS = tuple(rule for rule in _RULES if rule.kind in ("email", "url", "handle", "address", "postal_code"))
_LONG_NUMBERS = ("phone", "sin", "health_card", "payment_card", "")
_WITH_FEW_DIGITS = tuple(rule for rule in _RULES if rule.kind not in _LONG_NUMBERS)


def _rules_for(read: _Text) -> tuple[_Rule, ...]:
    """Most notes have no long number: what cannot match is not tried."""
    figures = len(_DIGIT.findall(read.digits))
    return _RULES if figures >= 7 else _WITH_FEW_DIGITS if figures else _WITHOUT_DIGITS


_SPOKEN = _words("""
    zero oh one two three four five six seven eight nine un deux trois quatre cinq sept huit neuf dix vingt trente
    quarante cinquante soixante cent
""")
_SPOKEN_RUN = re.compile(r"\w+")


def _spelled_out(read: _Text) -> Iterator[_Hit]:
    """Seven or more digits of which at least three are spelled: "four one six, then 9 2 2"."""
    spelled, figures, first, last = 0, 0, 0, 0
    for token in (*_SPOKEN_RUN.finditer(read.digits), None):
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
                yield _Hit("phone", Level.BLOCK, (first, last))
            spelled, figures = 0, 0


_DIGIT_RUN = re.compile(r"(?<![\w$])\(?\d(?:[ .\-/()_]{0,3}\d){6,}(?!\w)")


def _digit_runs(read: _Text, taken: _Taken) -> Iterator[_Hit]:
    """Grades the long runs of digits that no rule has explained, however they are broken up."""
    for run in _DIGIT_RUN.finditer(read.digits):
        if taken.overlaps(run.span()):
            continue
        graded = _grade_run(run[0], read.digits[run.end() : run.end() + 14])
        if graded is not None:
            yield _Hit(*graded, run.span())


def _grade_run(run: str, after: str) -> tuple[str, Level] | None:
    groups = re.findall(r"\d+", run)
    number = "".join(groups)
    size, single = len(number), all(len(group) == 1 for group in groups)
    tidy = len(groups) == 1 or single
    if re.match(_COUNTED, after) or (re.search(r"\d{1,3}(?: \d{3})+$", run) and number.endswith("00")):
        return None
    if re.fullmatch(r"1?[2-9]\d{2}[2-9]\d{6}", number) and (tidy or len(groups) <= 5):
        return "phone", Level.BLOCK
    if size in (9, 10) and _luhn(number) and (tidy or len(groups) <= 4):
        return ("sin", "health_card")[size - 9], Level.WARN if len(groups) == 1 and size == 9 else Level.BLOCK
    if 13 <= size <= 19 and _luhn(number):
        return "payment_card", Level.BLOCK
    if size == 8 and len(groups) == 1 and re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d", number):
        return None
    if size == 7 and single:
        return "phone", Level.BLOCK
    return ("long_number", Level.WARN) if size >= 8 and (tidy or len(groups) <= 3) else None


# ---------------------------------------------------------------------------------------------------------------------
# Names: the words, their context, and lists that only ever warn

_HERE = Path(__file__).parent


def _lines(name: str) -> Iterator[str]:
    return (line for line in (_HERE / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


_FIRST_NAMES = {name: mark for name, _sep, mark in (line.partition(" ") for line in _lines("first_names.txt"))}
_COMMON_WORDS = frozenset(_lines("common_words.txt"))

# Proper nouns of this work that are no person: peoples, languages, faiths, places, organisations, products.
_FIRST_PEOPLES = _words("""
    abenaki algonquin anicinabe anihshininiw anishinaabe anishinaabeg anishinaabek anishinabe anishinabeg anishinabek
    anishinaabemowin anishnaabe anishnawbe anishnabe anishinabes anichinabe anichinabes anishnabek atikamekw attikamek
    assiniboine attawandaron blackfoot cayuga chipewyan chippewa chippewas cri crie cris cries cree crees dakota
    delaware dene dogrib eeyou gitxsan gwich'in haida haudenosaunee heiltsuk huron hurons hurone inninew ininiw innu
    innus innue inuit inuits inuite inuites inuk inuktitut inuktut inuvialuit iroquois kanien'keha kanienkeha
    kanyen'keha kwakwaka'wakw lakota lenape lnu maliseet metis metisse metisses mi'kmaq mi'kmaw mikmaq mikmaw michif
    mohawk mohawks moose mushkego mushkegowuk muskegowuk naskapi nisga'a nishnaabe nishnaabemwin nuu-chah-nulth odawa
    ojibway ojibwa ojibwe ojibwes ojibwemowin ojicree oji-cree omushkego onondaga oneida ottawa passamaquoddy
    potawatomi salish saulteaux secwepemc seneca sioux stoney tlicho tlingit tsimshian tuscarora wabanaki wendat
    wet'suwet'en wolastoqiyik wolastoqey turtle miigwech meegwetch chi-miigwech nia:wen marsi qujannamiik wachiya
    boozhoo aaniin kwe tansi kwey
""")
_PEOPLES = _words("""
    afghan african africans afrikaans afro afro-canadian afro-caribbean akan albanian algerian american americans
    amharic angolan anglophone arab arabic arabs armenian ashanti asian asians assyrian azerbaijani bangla bangladeshi
    bengali berber black blacks bosnian brazilian british bulgarian burmese burundian cambodian cameroonian canadian
    canadians canadien canadienne cantonese caribbean catalan chaldean chilean chinese colombian congolese croatian
    cuban czech danish dari dutch egyptian english eritrean estonian ethiopian european europeans ewe farsi filipino
    filipina filipinos finnish francophone francophones francophonie french georgian german ghanaian greek gujarati
    guyanese haitian haitienne haitien hakka hausa hebrew hindi hindu hispanic hmong hungarian igbo indian indians
    indigenous indonesian iranian iraqi irish israeli italian jamaican japanese jewish jew jews kenyan khmer
    kinyarwanda kirundi korean kosovar krio kurdish kurmanji lao latin latina latinas latino latinos latinx latvian
    lebanese lingala lithuanian luganda macedonian malay malayalam malian maltese mandarin mandinka marathi mexican
    moldovan mongolian moroccan muslim muslims nepali nigerian nordic norwegian oromo ottoman pakistani palestinian
    pashto persian peruvian pidgin polish portuguese punjabi quebecois quechua rohingya roma romani romanian russian
    rwandan salvadoran saudi scottish senegalese serbian sikh sikhs sinhala sinhalese slovak slovenian somali somalis
    somalian spanish sudanese swahili swedish swiss syrian syrians tagalog taiwanese tamil tamils telugu thai tibetan
    tigrigna tigrinya tunisian turkish twi ugandan ukrainian ukrainians urdu uyghur uzbek venezuelan vietnamese welsh
    wolof xhosa yemeni yiddish yoruba zulu patois creole latine queer lgbtq lgbtq2s lgbtqia 2slgbtq 2slgbtqia 2slgbtqi
    two-spirit bipoc
""")
_FAITHS = _words("""
    baha'i bahai baptist buddhist buddhism catholic catholics catholique christians christianity hindous hinduism
    islam islamic judaism lutheran mennonite mennonites amish anglican orthodox orthodoxe pentecostal presbyterian
    protestant quaker rastafari rastafarian sikhism sunni shia allah bible coran quran koran torah vedas christ buddha
    creator createur manitou gitchi
""")
_FEASTS = _words("""
    christmas noel easter paques hanukkah hanoukka chanukah kwanzaa diwali divali eid aid ramadan passover pessah
    purim vaisakhi holi nowruz norouz norooz navratri lent careme halloween thanksgiving pride fierte juneteenth
    carnival caribana tet songkran vesak epiphany epiphanie advent avent lunar shabbat sabbat mardi powwow pow-wow
    potlatch pentecote rosh hashanah yom kippur sukkot hajj mawlid ashura chuseok losar saint-jean-baptiste saint-jean
""")
_PLACES = _words("""
    ontario quebec manitoba saskatchewan alberta british-columbia colombie nunavut nunavik nunatsiavut yukon labrador
    canada newfoundland toronto montreal gatineau winnipeg vancouver calgary edmonton saskatoon halifax kitchener
    waterloo guelph brampton mississauga scarborough etobicoke markham vaughan oshawa whitby pickering oakville
    burlington peel durham halton york simcoe barrie orillia muskoka parry huntsville sudbury timmins kapuskasing
    hearst cochrane kirkland moosonee moosomin attawapiskat kashechewan peawanuck kenora dryden rainy lookout thunder
    nipigon marathon wawa sault manitoulin wikwemikong wiikwemkoong espanola nipissing kingston belleville brockville
    cornwall akwesasne tyendinaga peterborough kawartha cobourg trenton napanee renfrew pembroke petawawa hawkesbury
    casselman rockland orleans vanier nepean kanata london sarnia chatham chatham-kent walpole brantford brant
    ohsweken niagara welland thorold fenelon stratford woodstock collingwood midland penetanguishene penetang
    orangeville dufferin caledon haliburton bancroft algoma chapleau hornepayne temiskaming timiskaming haileybury
    lanark lennox addington frontenac prescott-russell stormont glengarry parkdale rexdale regent flemingdon
    thorncliffe malvern jane-finch leslieville danforth laval longueuil sherbrooke trois-rivieres saguenay rimouski
    rouyn-noranda iqaluit yellowknife whitehorse chisasibi whapmagoostui kuujjuaq kuujjuarapik inukjuak salluit
    puvirnituq waskaganish mistissini waswanipi nemaska obedjiwan manawan wemotaci kitcisakik pessamit uashat
    mashteuiatsh kahnawake kanesatake rama scugog fredericton moncton charlottetown sandy-lake pikangikum
""")
_COUNTRIES = _words("""
    europe asia africa afrique america amerique americas haiti jamaica jamaique somalia somalie ethiopia ethiopie
    eritrea erythree nigeria ghana congo kenya rwanda burundi sudan soudan senegal mali cameroun cameroon guinee
    guinea cote syria syrie iraq irak iran afghanistan pakistan india inde bangladesh nepal china chine korea coree
    japan japon vietnam philippines ukraine poland pologne russia russie romania roumanie mexico mexique colombia
    venezuela honduras guatemala france england angleterre ireland irlande scotland ecosse germany allemagne italy
    italie portugal spain espagne greece grece turkey turquie lebanon liban palestine israel egypt egypte morocco
    maroc algeria algerie tunisia tunisie tobago barbados guyana texas florida alabama tennessee memphis melbourne
    washington missouri louisiana ceylon burma armenia atlanta valencia rome lima bali doha quito dubai geneva geneve
    paris bruxelles
""")
_PRODUCTS = _words("""
    zoom teams google microsoft excel word outlook sharepoint onedrive whatsapp facebook instagram tiktok youtube
    netflix spotify canva slack kahoot padlet signal powerpoint doodle survey surveymonkey moodle brightspace webex
    skype uber lyft presto metrolinx greyhound tim hortons mcdonald's walmart costco dollarama ikea winners lego
    chatgpt copilot deepl wi-fi wifi ipad iphone android chromebook kindle wikipedia braille auslan bliss asl lsq fsl
""")
_AGENCIES = _words("""
    woodgreen youthdale youthlink egale wabano kinark lumenus tikinagan payukotayno kunuwanimano dilico nogdawindamin
    dnaagdawenmag binnoojiiyag weechi-it-te-win anishinaabe-abinoojii abinoojii kina gbezhgomi ogwadeni:deo ogwadeni
    deo mnaasged bkejwanong samaqan nishnawbe aski nan grand council treaty tungasuvvingat miziwe biik biidaaban oacas
    anco cfsa cyfsa lsejf odsp osap ohip ocap cpin fnigc chrc ohrc ipc ocasp cwlc unicef unesco undrip drip cbc tvo
    tfo trillium metropass elmo covid covid-19 trans afro-canadienne afro-canadiennes afro-canadiens afrodescendants
    santa covenant viamonde monavenir myblueprint kumon scouts guides raptors leafs blue jays senators canadiens
    olympics
""")
_CALENDAR = _words("""
    monday tuesday wednesday thursday friday saturday sunday january february september october november december
    lundi mercredi jeudi vendredi samedi dimanche janvier fevrier juin juillet aout septembre octobre novembre
    decembre
""")
_KIN_NAMES = _words("""
    mom mum mommy mama mamma mami maman mamie dad daddy papa papi nana nanny nonna nonno oma opa baba abba amma abuela
    abuelo kokum kookum kohkum kokom mishomis mooshum moshum nokum grandma grandpa gran granny auntie aunty tata kin
    bio
""")
_NOT_A_PERSON = frozenset().union(
    _FIRST_PEOPLES, _PEOPLES, _FAITHS, _FEASTS, _PLACES, _COUNTRIES, _PRODUCTS, _AGENCIES, _CALENDAR, _KIN_NAMES
)
# Also cities or countries: a person, unless a place word stands before.
_ALSO_PLACES = _words("""
    madison jackson austin sydney chelsea charlotte victoria georgia virginia savannah brooklyn erin bruce russell
    arthur nelson florence carolina dallas houston denver preston sheldon elora alma berlin jordan chad aurora ajax
    kent elgin lincoln orlando milan verona alexandria richmond raleigh kingsley dayton cleveland lawrence lourdes
    carleton clinton dalton acton hudson salvador trinidad lindsay regina hamilton windsor cambridge salem bethlehem
    troy milton cuba malaya
""")
_PLACE_BEFORE = _words(
    "in at from near to of into around through via outside a au en dans vers depuis jusqu sur of downtown"
)

# Named principles, laws, days, teachings and people of public record, in lower case and without accents.
_ALLOWED_PHRASES = re.compile(
    r"\b(?:"
    r"(?:principe|loi|regle|initiative) de (?:jordan|joyce|katelynn)|jordan's principle|joyce's principle|katelynn's principle"
    r"|(?:orange|pink|red) (?:shirt|dress) day|chandails? oranges?|robes? rouges?"
    r"|bill [cs]?-?\d+|projet de loi [cs]?-?\d+|loi [cs]?-?\d+|every child matters|chaque enfant compte"
    r"|national (?:day|week|month) (?:for|of) [\w ]{3,30}|truth and reconciliation|calls? to action"
    r"|grandfather teachings?|medicine wheel|signs of safety|one vision one voice|une vision une voix"
    r"|standing in the light|seven fallen feathers|spirit bear|shannen's dream|touchstones of hope|reve de shannen"
    r"|cindy blackstock|murray sinclair|phyllis webstad|chanie wenjack|gord downie|joyce echaquan|jordan river anderson"
    r"|katelynn sampson|jeffrey baldwin|viola desmond|rosa parks|martin luther king(?: jr)?|nelson mandela|malcolm x"
    r"|harriet tubman|louis riel|terry fox|kimberle crenshaw|bell hooks|paulo freire|maya angelou|desmond tutu"
    r"|robin wall kimmerer|tanya talaga|thomas king|richard wagamese|alicia elliott|desmond cole|robyn maynard"
    r"|phoenix sinclair|tina fontaine|colten boushie|brian sinclair|devon freeman|doug ford|justin trudeau|mark carney"
    r"|(?:prime )?minister [a-z]+|premier [a-z]+|ernestine's|nellie's|eva's|jane[- ]finch|mmiwg|emancipation day"
    r"|wenjack|nia:?wen|ibram (?:x\.? )?kendi|layla saad|brene brown|lincoln alexander|mary ann shadd|peter bryce"
    r"|queen's park|st\.? patrick|st\.? jean|john howard|elizabeth fry|ronald mcdonald|tim hortons?|george hull|jane and finch"
    r"|king and queen|victoria day|canada day|valentine's day|boxing day|ash wednesday|good friday|mothers?'?s? day"
    r"|kids help phone|jeunesse,? j'ecoute|hope for wellness|covenant house|talk suicide|assaulted women's|sacred heart"
    r"|black lives matter|george floyd|idle no more|rosh hashanah|yom kippur|big brothers|big sisters|boys and girls club"
    r"|children first|future generations|generations futures|joy of|grace period|will (?:kits?|clinics?)"
    r"|pierre (?:angulaire|de touche)|aide juridique|legal aid|chosen family|sixties scoop|rafle des annees|millennium scoop|two spirit|deux esprits"
    r"|ms\.? (?:teams|word|excel|office)|march break|semaine de relache|may long weekend|black history month"
    r")\b"
)

# A capitalised phrase that ends in one of these names a thing: the words before it are no person.
_ORG_END = _words("""
    act acts agency agreement aid alliance arena association authority award awareness band bank bill board book branch
    bridge bursary cafe camp campaign canada care ceremony church circle clinic club coalition code college commission
    committee community conference congress conservatory corporation council county course court creek cup day days
    declaration department district division drive event fair falls federation festival file first force forum foundation
    framework friendship fund gallery game gathering group guide gurdwara hall health healing help helpline high home
    hospital hotel hotline house housing inc inquiry initiative inn institute island journal justice kitchen lake law laws
    leadership league lecture legacy library line lodge mall market march matters memorial method ministry mission model
    month mosque movement museum nation nations network office ombudsman ontario organization park parade parliament
    partnership pharmacy place plan plaza policy pool press principle principles program programme project protocol publishing
    radio rally region reserve report residence residential resource resources river road room roundtable run scale scholarship
    school schools sector series service services session shelter society square standard standards station store strategy
    street studio summit support survey synagogue table talks task tavern teachings team temple territory test theatre
    toolkit township training heights valley hills beach inquest transit treaty tribe tribunal trust tv union unit university vigil village walk week wellness
    workshop works ymca ywca youth avenue ave boulevard crescent bay
""")
# "X's Principle": a possessive before these still names a thing.
_ORG_OWNED = _words(
    "principle principles law act day legacy foundation fund dream lodge house centre center place society aid"
)
_ORG_END |= _words("centre center")
# A French phrase opens with one of these: the capitals after it are no person.
_ORG_OPEN = _words("""
    centre ecole hopital fondation loi programme eglise college universite institut parc salle clinique rue avenue boulevard
    chemin principe journee lac riviere prix bourse conseil comite association commission bibliotheque societe
    services reseau carrefour groupe ministere mosquee temple cegep rapport camp mont pont place gare traite nation rang
    garderie theatre quartier ville municipalite canton comte projet organisme plan semaine mois modele
    lake mount fort port camp saint sainte st ste notre-dame notre hotel bay cape university ecole-secondaire grade team
    operation project campus treaty highway bill
""")
_ORG_OPEN_IN_CAPITALS = _words("plan team grade saint st")
_ORG_JOIN = _words("de du des d la of the for and et")

_TITLES = _words(
    "mr mrs ms miss mx mme mmes mlle madame mademoiselle monsieur messieurs mister missus sr sra senor senora"
)
_SOFT_TITLES = _words("""
    dr dre doctor docteur docteure prof professor judge justice juge rev reverend pastor imam rabbi father sister brother
    aunt auntie aunty uncle tante oncle m me elder aine ainee chief constable cst const officer detective sgt coach nurse
    maitre mtre grandma grandpa kokum kookum mooshum nana nanny granny lawyer teacher principal
""")
_KIN_SINGULAR = _words("""
    mother mom mum mommy mummy mama ma father dad daddy papa parent stepmom stepmother stepdad stepfather son daughter stepson
    stepdaughter child kid baby infant toddler newborn boy girl teen teenager youth youngster adolescent sister brother
    sibling twin aunt auntie uncle grandma grandmother grandpa grandfather granny gran nan nana kokum kookum mooshum mishomis
    cousin niece nephew client caregiver guardian wife husband spouse partner boyfriend girlfriend bf gf ex friend neighbour
    neighbor resident patient student colleague coworker co-worker worker teammate supervisor mentee godmother
    godson grandson granddaughter grandchild fiance fiancee lady woman man guy bio foster adoptive birth little young
    mere maman pere papa fils fille enfant bebe garcon ado adolescent adolescente jeune soeur frere jumeau jumelle tante
    oncle grand-mere grand-pere grand-maman grand-papa kokom cousin cousine niece neveu client cliente usager usagere eleve
    patient patiente resident residente mari femme conjoint conjointe copain copine ami amie voisin voisine collegue
    petit petite p'tit p'tite tuteur tutrice marraine parrain demi-frere demi-soeur beau-pere belle-mere monsieur dame
    travailleuse travailleur intervenante intervenant educatrice
""")
_KIN_PLURAL = _words("""
    parents kids children boys girls twins siblings brothers sisters sons daughters youths clients cousins family families
    enfants parents jumeaux jumelles freres soeurs filles fils garcons jeunes famille familles clientes fratrie grandparents
    household relatives couple
""")
_KIN = _KIN_SINGULAR | _KIN_PLURAL
_HOLDINGS = (
    _words("""
    file case worker teacher school home house room placement birthday lawyer plan court hearing chart dossier doctor
    therapist pronouns bed caregiver caregivers apprehension adoption visits visit bracelet intake backpack phone cell number
    address hair regalia homework feelings request wishes story voice meds medication interpreter landlord grades
""")
    | _KIN
)
_NAMING = _words(
    "named nicknamed nomme nommee nommes prenomme prenommee surnomme surnommee surnommee appelle appellent alias aka dubbed"
)
_NAMING_PHRASE = re.compile(
    r"\b(?:names? (?:is|are|was)|names? ?:|goes by(?: the name)?|prenom(?: est)? ?:?|noms? (?:est|de famille)? ?:"
    r"|(?:boy|girl|child|kid|son|daughter|youth|teen|baby|mom|mum|mother|dad|father|client|brother|sister|man|woman|friend"
    r"|aunt|uncle) (?:is |was |we )?called|known as|connue? sous le nom(?: de)?|s'appelle|appelee?|son nom est|signed"
    r"|initials)\b:?"
)
_GREETING = _words("dear hi hello hey bonjour salut bonsoir merci thanks cher chere congrats attn re cc sincerely")
_PERSON_VERBS = _words("""
    told asked helped supported thanked reminded encouraged accompanied hugged believed backed texted phoned drove walked met
    saw comforted taught mentored coached assured escorted fed interviewed apologised apologized heard listened reassured
    warned informed assisted respected trusted picked dropped consoled interrupted misgendered cheered defended
    rencontre rencontrer aide aider accompagne accompagner soutenu soutenir ecoute ecouter appele appeler rappele vu revu
    remercie rassure conduit amene ramene encourage defendu appuye raccompagne croise console informe felicite averti
    laisse invite interroge fete feter
    placed placing place believe promised promise assigned matched paired enrolled registered transported signed held carried
    follow followed love loved know knew missed
    ask asking tell telling help helping support supporting drive driving meet meeting thank thanking remind see seeing
    visiting visite
""")
_LOOSE_VERBS = _words("""
    called brought gave showed took offered let visited messaged emailed e-mailed got bought introduced welcomed included
    calling bring bringing give giving take taking call let letting made make making moved paid kept keep read sent
    contacted joined invited found
""")
# Of these the object is as often a place or a service: a name from the list is needed, an unknown word is not enough.
_OPEN_VERBS = _words(
    "visited visiting visite contacted joined invited found sent read got moved paid made make making kept bought invite"
)
_WITH = _words("with avec chez w alongside aupres envers")
_FOR = _words("for pour")
_TO = _words("to a")
_APPLY = _words("""
    apply applied applying application register registered enrol enrolled sign signed waitlist eligible form forms demande
    inscrit inscription search searched looking budget plan planned ready lobbied asked pushed calls call funds funding
    raised fundraised vote voted grant
""")
_TALK = _words("""
    bring bought buy buying found apporte apporter achete acheter trouve
    spoke speak speaking talked talk talking listened listen listening explained explain gave give given read said apologised
    apologized apology wrote write showed offered handed lent promised introduced spoken sang brought sent up
    parle parler explique expliquer dit demande ecrit offert donne remis lu promis raconte montre presente rendu telephone
    excuses annonce rappele traduit
""")
_SAID = _words("""
    said says told tells asked asks cried cries texted wants wanted feels felt thanked disclosed disagreed laughed smiled
    whispered yelled replied answered refused prefers preferred declined thinks thought trusts hates loves likes misses
    veut voulait dit disait demande demandait souhaite souhaitait prefere preferait refuse pleure pense aime aimerait
    raconte hesite craint croit adore deteste
""")
_DID = _SAID | _words("""
    came called lives lived moved chose phoned left returned agreed went gets got wrote brought needs needed turned sleeps
    eats plays goes ran has had misses trusted laughs smiles sees meets knows deserves attends visits keeps hears spends spoke tried gave
    struggles
    habite vit arrive vient doit peut joue dort mange va choisit avait aura rit
""")
_STATES = _words("""
    scared sad happy upset pregnant sick moving afraid worried doing living going back home safe angry tired crying staying
    suspended expelled removed apprehended bullied arrested hospitalized excluded moved sent taken refused denied asked told
    missing anxious proud lonely placed adopted autistic trans nonverbal deaf here there leaving
    triste content contente inquiet inquiete fache fachee enceinte malade fier fiere seul seule place placee adopte adoptee
""")
_HAS_FR = _words("""
    dit demande refuse choisi pleure raconte appele ecrit voulu prefere parle peur besoin hate accepte souhaite explique
    perdu ri fugue fui crie envie quitte recu
""")
_POSSESSIVES = ("her", "his", "their", "sa", "son", "ses")
_MATTERS = _words("case file matter hearing placement apprehension")  # the Nguyen case
_SUBORDINATE = _words("that when because if while whether until since que quand lorsque si puisque parce car where how")
_WHOSE_FR = _words("""
    spelling wishes rights opinion permission consent words culture language support behalf help
    demande audience aide voix avis histoire chambre anniversaire lettre travailleuse travailleur famille avocat avocate ecole
    placement souhait souhaits besoins droits langue culture foyer retour visite visites parole sejour suivi interet mots
    question questions confiance accord rendez-vous rdv
""")
_WHOSE = _KIN_SINGULAR | _HOLDINGS | _WHOSE_FR | {"parents"}
_MANY_FR = _words(
    "ont sont veulent avaient etaient demandent habitent vivent souhaitent preferent refusent auront iront"
)
_AUXILIARIES = _words("""
    is was has had will would can could does did doesn't didn't won't isn't wasn't and et or needs a est etait avait aura
    ne n veut peut soit puisse sera could should spoke couldn't qui who also just still now again then
""")
# After an unknown capital these make it a thing: Presto cards, Ujima staff.
_THINGS = _words("""
    program programme programs programmes staff team teams leads agency agencies cards app apps form forms course training
    office website language speakers speaker interpreter interpreters community members member translation version
    platform software model tool toolkit method framework funding grant grants event conference festival campaign poster
    posters font fundraiser signage resources services service system elders dialect radio mall station bus buses line train
""")
_PARTICLES = _words("the our with for der den de du la von van da dos el al bin ibn abu visited chez")
_GROUPS = _words("family kids household twins siblings boys girls brothers sisters children house residence home clan")
_COMMUNITIES = _words("""
    black indigenous white kin foster first two chosen military catholic muslim single low racialized rural northern whole
    urban francophone refugee newcomer queer adoptive birth extended royal native young holy blended kinship host other
""")
_MEDIA = _words("""
    book books article articles paper podcast webinar film films documentary report reports keynote talk talks lecture novel
    memoir essay video speech poem song study research workshop training presentation reading read watched written author
    livre livres balado webinaire documentaire rapport conference roman essai texte poeme chanson etude recherche atelier
    formation presentation ecrit lu auteur autrice lettre-ouverte allocution discours painting mural art
""")
_MEDIA_ON_CLIENTS = _words("rapport report reports texte art")  # a report of Fatou's is not hers
_MONTH_NAMES = _words("may april june august avril mai juin august autumn summer spring")
# Endings and beginnings that mark a name in one language or another, for words that no list knows.
_NAMELIKE = re.compile(
    r"^(?:ade|olu|oluwa|ayo|chukwu|nwa|nna|abd(?:ul|el|al|ou)|mac?(?=c)|mc|o'|n'|d'a|kwa|tekah|kawen|kanie)[a-z]{3,}$"
    r"|[a-z](?:preet|p?inder|winder|jeet|jit|deep|jot|sla[vw]a?|enko|chuk|wicz|owski|owska|ewski|ewska|ovi[ct]h?|evi[ct]h?|escu"
    r"|poulos|dottir|kumar|ullah|uddin|eddine|allah|moorthy|lingam|guez|ndez)$"
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


class _Sort(Enum):
    """What a word is by itself, before its context is read."""

    NAME = "a first name and no other word"
    RARE_WORD = "a first name, and a rarer word"
    EVERYDAY = "a first name, and an everyday word"
    COMMON = "a word"
    PROPER = "a people, a place, an organisation, a product"
    UNKNOWN = "in no list"


_BY_MARK = {"": _Sort.NAME, "^": _Sort.RARE_WORD, "~": _Sort.EVERYDAY}


@lru_cache(maxsize=8192)
def _sort(key: str) -> _Sort:
    if key in _NOT_A_PERSON:
        return _Sort.PROPER
    if key in _FIRST_NAMES:
        return _BY_MARK[_FIRST_NAMES[key]]
    if _is_common(key):
        return _Sort.COMMON
    if _NAMELIKE.search(key) or (
        len(key) > 5 and key[-1] == "s" and _FIRST_NAMES.get(key[:-1]) == ""
    ):  # "fatous worker"
        return _Sort.NAME
    if "-" in key:
        return _sort_of_parts([_sort(part) for part in key.split("-") if part])
    return _Sort.UNKNOWN


def _sort_of_parts(parts: list[_Sort]) -> _Sort:
    """ "Marie-Soleil" is a name, "Oji-Cree" and "co-op" are none."""
    names = {_Sort.NAME, _Sort.RARE_WORD, _Sort.EVERYDAY}
    if _Sort.PROPER in parts:
        return _Sort.PROPER
    if all(part in names for part in parts) or parts[0] is _Sort.NAME:
        return _Sort.RARE_WORD if parts[0] is _Sort.EVERYDAY else _Sort.NAME
    return _Sort.UNKNOWN if _Sort.UNKNOWN in parts else _Sort.COMMON


def _is_common(key: str) -> bool:
    if key in _COMMON_WORDS or _NOUN_ENDING.search(key):
        return True
    return any(
        key.endswith(ending) and len(key) - len(ending) >= 3 and key[: -len(ending)] + instead in _COMMON_WORDS
        for ending, instead in _ENDINGS
    )


@dataclass(slots=True)
class _Word:
    start: int
    end: int
    key: str  # lower case, no accents, without elision ("d'") and possessive
    sort: _Sort
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
_KIN_GAP = re.compile(r"[ ,:(/_-]{1,3}")
_OPENS = re.compile(r"[.!?:;\n•*\"…]|(?:^|\s)[-–>]\s")
_TITLE_GAP = re.compile(r"\.? ?")


def _read_words(read: _Text) -> list[_Word]:
    words: list[_Word] = []
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
        sort = _Sort.PROPER if _is_brand(text, key) else _sort(key)
        upper = len(text) > 1 and text.isupper()
        cap = not upper and (text[0].isupper() or bool(_CAP_INSIDE.search(text)))
        words.append(
            _Word(start, end, key, sort, cap, upper, gap != " " and bool(_OPENS.search(gap)), owner, elided, gap)
        )
    return words


def _spell_out(fold: str) -> str:
    return fold if fold.isascii() else fold.translate(_LIGATURES)


def _is_brand(text: str, key: str) -> bool:
    """SickKids, CASs; not LaToya, which a list knows."""
    if text.islower() or text.istitle():
        return False
    return bool(_ACRONYMS.fullmatch(text) or (_CAMEL.search(text) and _sort(key) is _Sort.UNKNOWN))


def _keeps_elision(read: _Text, start: int, rest: int, end: int) -> bool:
    """D'Angelo and N'Golo are names; d'Amina and L'enfant are a small word and another."""
    whole = read.fold[start:end].removesuffix("'s")
    return read.plain[start].isupper() and read.plain[rest].isupper() and _FIRST_NAMES.get(whole) == ""


def _names(read: _Text, elsewhere: list[_Span]) -> Iterator[_Hit]:
    words = _read_words(read)
    if words:
        yield from _Reader(read, words, elsewhere).names()
        yield from _initials(read)
        yield from _digits_in_names(read)


_LONGEST = 10  # words in the name of a person or a thing: no walk goes further
_SURE_CUES = ("naming", "soft title", "greeting", "of kin", "listed")
_CLOSE_CUES = ("kin", "verb", "loose", "with", "for", "to")


class _Reader:
    """Grades each word by what it is, by what stands before it (a cue) and by what follows."""

    def __init__(self, read: _Text, words: list[_Word], elsewhere: list[_Span]) -> None:
        self.read, self.words = read, words
        letters = [char for char in read.plain if char.isalpha()]
        self.shouted = len(letters) >= 8 and sum(char.isupper() for char in letters) > 0.8 * len(letters)
        self.headline = len(words) >= 5 and sum(word.cap for word in words) >= 0.75 * len(words)
        self.named_at = {match.end() for match in _NAMING_PHRASE.finditer(read.fold)}
        self.things = self._named_things(elsewhere)

    def names(self) -> Iterator[_Hit]:
        sure = -2  # the last word that was found to be a name: what is joined to it is its second part
        for i, word in enumerate(self.words):
            ordinary = not word.cap and word.sort in (_Sort.COMMON, _Sort.PROPER)
            if ordinary or i in self.things or len(word.key) < 2:
                continue
            graded = self._grade(i, word, joined=sure == i - 1 and word.gap in (" ", "-", ", "))
            if graded is not None and self._is_published(i):
                graded = Level.HINT
            if graded is Level.WARN:
                sure = i
            if graded is not None:
                yield _Hit("name", graded, (word.start, word.end))

    # Things that carry names

    def _named_things(self, elsewhere: list[_Span]) -> set[int]:
        taken = _Taken(len(self.read.plain))
        for span in elsewhere:
            taken.add(span)
        for match in _ALLOWED_PHRASES.finditer(self.read.fold):
            taken.add(match.span())
        things = {i for i, word in enumerate(self.words) if taken.overlaps((word.start, word.end))}
        if self.shouted:
            return things
        for i, word in enumerate(self.words):
            if word.cap and word.key in _ORG_END:
                things.update(self._before_ending(i))
            if word.key in _ORG_OPEN and (word.cap or word.key not in _ORG_OPEN_IN_CAPITALS):
                things.update(self._after_opening(i))
        return things

    def _before_ending(self, i: int) -> Iterator[int]:
        """The capitals that lead up to "Centre": Toronto Council Fire Native Cultural Centre."""
        for j in range(i - 1, max(-1, i - _LONGEST), -1):
            word = self.words[j]
            if not (word.cap or word.upper) or self.words[j + 1].gap not in (" ", "'s ", "' ", " & "):
                return
            if word.owner and not (j == i - 1 and self.words[i].key in _ORG_OWNED):
                return
            yield j

    def _after_opening(self, i: int) -> Iterator[int]:
        """The capitals after "École" or "Loi": École Sainte-Marie. After "de", a first name is taken for a person's."""
        for j in range(i + 1, min(len(self.words), i + _LONGEST)):
            word = self.words[j]
            if word.gap not in (" ", "-", ' "', "'", ". ") or not (word.cap or word.key in _ORG_JOIN):
                return
            of = bool(word.elided) or self.words[j - 1].key in ("de", "du", "des", "d")
            if of and word.sort in (_Sort.NAME, _Sort.RARE_WORD):
                return
            if not self.words[i].cap and word.sort is _Sort.NAME and not self._next_is_cap(j):
                return
            if word.cap:
                yield j

    # The grade of one word

    def _grade(self, i: int, word: _Word, *, joined: bool) -> Level | None:
        cue = self._cue(i)
        if cue == "title":
            return Level.WARN if word.cap or word.sort not in (_Sort.COMMON, _Sort.PROPER) else None
        if word.key in _KIN and word.sort is not _Sort.NAME:
            return None
        match word.sort:
            case _Sort.NAME:
                named = not self._is_place(i, cue) and (
                    word.cap or len(word.key) >= 4 or cue in ("naming", "kin", "verb")
                )
            case _Sort.RARE_WORD:
                named = self._is_rare_name(i, word, cue)
            case _Sort.EVERYDAY:
                named = self._is_everyday_name(i, word, cue)
            case _Sort.COMMON:
                called = cue == "naming" or self._is_family(i)
                named = word.cap and not word.opens and called and word.key not in _COMMUNITIES
            case _Sort.UNKNOWN:
                return self._grade_unknown(i, word, cue, joined=joined)
            case _:
                named = False
        return Level.WARN if named else None

    def _is_rare_name(self, i: int, word: _Word, cue: str | None) -> bool:
        """Jasmine, Chelsea: wherever capitalised, unless it opens a sentence that reads on as about a thing."""
        if self._is_place(i, cue):
            return False
        if not word.cap:
            close = cue in ("kin", "verb", *_SURE_CUES) or self._owns_kin(i)
            return close or (cue == "with" and not _is_common(word.key))
        if word.opens and (word.key in _ALSO_PLACES or _is_common(word.key)):
            return bool(cue) or self._owns_kin(i) or self._reads_on_as_person(i)
        return True

    def _is_everyday_name(self, i: int, word: _Word, cue: str | None) -> bool:
        """Grace, Will, April: only where the sentence treats the word as a person."""
        if cue == "naming" or not word.cap or self.headline:
            return cue == "naming"
        if word.opens:
            return self._owns_kin(i) or self._says(i)
        next_sort = self.words[i + 1].sort if self._next_is_cap(i) else None
        if self._is_place(i, cue) or next_sort in (_Sort.COMMON, _Sort.PROPER):
            return False
        if cue in ("soft title", "verb", "greeting", "of kin") or (cue == "kin" and word.gap in (" ", " (")):
            return True
        if cue in ("loose", "with", "for", "to"):
            return word.key not in _MONTH_NAMES | _ALSO_PLACES
        return self._owns_kin(i) or self._says(i) or self._is_family(i)

    def _grade_unknown(self, i: int, word: _Word, cue: str | None, *, joined: bool) -> Level | None:
        """A word of no list: a name where its context says so. Two such capitals with no context are a hint."""
        shout = word.upper and not self.shouted and len(word.key) > 5
        if not (word.cap or shout or word.key[0] > "\u036f"):  # beyond Latin script there are no capitals
            return Level.WARN if cue == "naming" and len(word.key) > 2 and not self.headline else None
        if joined:
            return Level.WARN
        if self._next_is_cap(i) and self.words[i + 1].sort is _Sort.COMMON and cue not in ("naming", "soft title"):
            return Level.HINT
        if cue in _SURE_CUES:
            return Level.WARN
        if self._is_thing(i):
            return Level.HINT
        before = cue == "kin" or (cue in _CLOSE_CUES and not word.opens and not self.headline)
        after = self._owns_kin(i) or self._is_family(i) or (not self.headline and self._acts(i))
        if before or after or (word.cap and self._key_after(i) in _MATTERS):
            return Level.WARN
        return Level.HINT if self._next_is_cap(i) and not word.opens and not self.headline else None

    # What stands before

    def _cue(self, i: int) -> str | None:
        word = self.words[i]
        before = self.words[i - 1] if i else None
        if word.start in self.named_at or word.start - 1 in self.named_at:
            return "naming"
        if before is None:
            return None
        if before.key in _NAMING and word.gap in (" ", ": ", ' "', " ("):
            return "naming"
        if (title := self._title(before, word)) is not None:
            return title
        if word.elided in ("d", "qu"):
            return self._of_kin(i - 1) if word.elided == "d" else None
        if before.key in _KIN and not before.owner and _KIN_GAP.fullmatch(word.gap):
            thing = before.cap and not before.opens and word.sort in (_Sort.COMMON, _Sort.EVERYDAY)  # Youth Council
            return None if thing or before.sort is _Sort.NAME else "kin"
        return self._small_word_cue(i, before) if word.gap in (" ", "/ ", " (", ' "') else None

    def _title(self, before: _Word, word: _Word) -> str | None:
        if not _TITLE_GAP.fullmatch(word.gap):
            return None
        if before.key in _TITLES or (before.key == "m" and (word.gap == ". " or self.read.plain[before.start] == "M")):
            return "title"
        if before.key in ("dr", "dre"):
            return "title" if word.cap else "soft title"
        return "soft title" if before.key in _SOFT_TITLES else None

    def _small_word_cue(self, i: int, before: _Word) -> str | None:
        if before.key in ("of", "de"):
            return self._of_kin(i - 2)
        if before.key in ("and", "et", "or", "ou"):
            return self._listed(i - 2)
        if before.key in _SUBORDINATE and self._key_after(i) in _DID | _AUXILIARIES:
            return "verb"
        if before.key in _GREETING and (before.opens or before.key not in ("re", "cc")):
            return "greeting"
        return self._verb_cue(i, before) or self._to_cue(i, before)

    def _of_kin(self, j: int) -> str | None:
        """Where word j and "of" stand before: "la mère de", "file of"."""
        return "of kin" if j >= 0 and self.words[j].key in _WHOSE else None

    def _listed(self, j: int) -> str | None:
        """Where word j and "and" stand before, and word j is a sure name."""
        if j < 0 or j in self.things:
            return None
        return "listed" if self.words[j].cap and self.words[j].sort is _Sort.NAME else None

    def _verb_cue(self, i: int, before: _Word) -> str | None:
        earlier = self.words[i - 2].key if i >= 2 else ""
        unknown = self.words[i].sort is _Sort.UNKNOWN
        if before.key in _PERSON_VERBS or before.key in ("beside", "behind"):
            return "verb"
        if before.key == "on" and earlier in ("in", "up"):  # checked in on
            return "verb"
        if before.key in ("up", "off", "out", "over", "down") and earlier in _PERSON_VERBS | _LOOSE_VERBS - _OPEN_VERBS:
            return "verb"
        passive = earlier in ("is", "was", "are", "were", "be")  # the room is called Nibi
        if before.key in _LOOSE_VERBS and not passive and not (unknown and before.key in _OPEN_VERBS):
            return "loose"
        return None

    def _to_cue(self, i: int, before: _Word) -> str | None:
        earlier = self.words[i - 2].key if i >= 2 else ""
        if before.key in _WITH and not (self.words[i].sort is _Sort.UNKNOWN and self._next_is_cap(i)):
            return "with"
        if before.key in _FOR and earlier not in _APPLY:
            return "for"
        if before.key in ("to", "a") and self.read.plain[before.start] != "a":  # "à", not the article
            return "to" if any(word.key in _TALK for word in self.words[max(0, i - 5) : i - 1]) else None
        return None

    def _is_place(self, i: int, cue: str | None) -> bool:
        if i == 0 or self.words[i].key not in _ALSO_PLACES:
            return False
        before = self.words[i - 1].key
        return before in ("the", "near") or (before in _PLACE_BEFORE and cue not in ("to", "of kin", "naming"))

    # What follows

    def _next_is_cap(self, i: int) -> bool:
        return i + 1 < len(self.words) and self.words[i + 1].cap and self.words[i + 1].gap in (" ", "-")

    def _following(self, i: int) -> list[_Word]:
        """Three words from the first after the whole name that word i belongs to; none across a full stop."""
        end = min(len(self.words), i + _LONGEST)
        j = i + 1
        while j < end and self._next_is_cap(j - 1) and self.words[j].sort is not _Sort.COMMON:
            j += 1
        return self.words[j : j + 3] if j < len(self.words) and self.words[j].gap in (" ", ", ") else []

    def _key_after(self, i: int) -> str:
        following = self._following(i)
        return following[0].key if following else ""

    def _owns_kin(self, i: int) -> bool:
        """ "Migizi's foster mom", "Xiomara's worker"."""
        following = [word.key for word in self.words[i + 1 : i + 4]] if self.words[i].owner else []
        return following[:1] != [] and (following[0] in _HOLDINGS or not _KIN_SINGULAR.isdisjoint(following))

    def _says(self, i: int) -> bool:
        keys = [word.key for word in self._following(i)[:2]]
        return bool(keys) and (keys[0] in _SAID or (keys[0] == "a" and keys[-1] in _HAS_FR))

    def _acts(self, i: int) -> bool:
        """What only a person does: says, wants, is scared, comes with her mother, is six."""
        following = self._following(i)
        first, second, third = [*(word.key for word in following), "", "", ""][:3]
        return (
            first in _DID
            or (first in ("is", "was", "est", "etait") and second in _STATES)
            or (first in ("a", "ne", "n") and (following[0].elided in ("m", "t") or second in _HAS_FR))
            or (first in ("nous", "lui", "leur", "me", "se") and second in _DID | _HAS_FR | {"a"})
            or (first in ("and", "et", "with", "avec") and second in _POSSESSIVES and third in _KIN)
            or (first in ("and", "et") and second in ("i", "me", "moi"))
            or bool(_AGED.match(self.read.fold, self.words[i].end))
        )

    def _reads_on_as_person(self, i: int) -> bool:
        """A verb, "and" or a comma after the first word of a sentence: Chelsea was, not Chelsea boots."""
        return (
            self._acts(i) or self._key_after(i) in _AUXILIARIES or not self.read.fold.startswith(" ", self.words[i].end)
        )

    def _is_thing(self, i: int) -> bool:
        """ "Presto cards", "Ujima and Akoma staff"."""
        first, _second, third = [*(word.key for word in self._following(i)), "", "", ""][:3]
        return first in _THINGS or (first in ("and", "et") and third in _THINGS)

    def _is_family(self, i: int) -> bool:
        """ "the Haddad family", "famille Roy", "les Bouchard ont", "the Garcias"."""
        word = self.words[i]
        before = self.words[i - 1].key if i else ""
        after = self.words[i + 1] if i + 1 < len(self.words) and self.words[i + 1].gap == " " else None
        common = word.sort is _Sort.COMMON
        if after and not after.cap and after.key in _GROUPS:
            named = not common and (before in _PARTICLES or after.key == "family")
            return named or (before in ("the", "der", "von", "van") and word.key not in _COMMUNITIES)
        if before == "famille" and word.gap == " ":
            return True
        if before == "les" and not common and not (word.key[-1] in "sx" and word.sort is _Sort.UNKNOWN):
            return (i > 1 and self.words[i - 2].key == "chez") or (after is not None and after.key in _MANY_FR)
        return before == "the" and word.key[-1] == "s" and _sort(word.key[:-1]) is _Sort.NAME

    def _is_published(self, i: int) -> bool:
        """A talk, book or film by its author: telling is enough, for the name is most likely a public one."""
        first = last = i
        while first > max(0, i - _LONGEST) and self._next_is_cap(first - 1) and self.words[first - 1].cap:
            first -= 1
        while last < i + _LONGEST and self._next_is_cap(last):
            last += 1
        before = [word.key for word in self.words[max(0, first - 8) : first]]
        if before[-1:] in (["by"], ["par"], ["author"], ["auteur"], ["autrice"]):
            return not _MEDIA.isdisjoint(before)
        if before[-1:] in (["de"], ["of"]) and before[-2:-1] != [] and before[-2] in _MEDIA - _MEDIA_ON_CLIENTS:
            return True
        owns = self.words[last].owner and last + 1 < len(self.words)
        return owns and self.words[last + 1].key in _MEDIA - _MEDIA_ON_CLIENTS


_AGED = re.compile(
    r",? (?:is|turned|turns|was|a|aura|est) \d{1,2}(?=[ .,;)]|$)(?! ?%)|, \d{1,2}$|(?: ?\(| ?, ?| )(?:(?:age|aged|agee? de) )?\d{1,2}(?: ?(?:ans|yo|y/o|years?|yrs?)\b| ?\)|,)| ?\((?:she|he|they|elle|il|iel)\b[/,) ]"
)

_INITIAL_SURNAME = re.compile(r"(?<![\w.'])(?P<initial>[A-Z])\. (?P<surname>[A-Z][a-z]{2,})\b")
_INITIALS = re.compile(r"(?<![\w.])[A-Z]\.(?:[ -]?[A-Z]\.)+(?!\w)|(?<![\w.])[A-Z]\.[A-Z](?![\w.])")
_TITLE_INITIAL = re.compile(
    r"(?<!\w)(?:(?i:mrs?|ms|mme|mlle|miss|mx|famille|family)\b\.?|M\.|(?i:initials?|initiales)\b:?) (?P<mark>[A-Z]\.?(?:-?[A-Z]\b\.?)?)"
    r"(?![\w'&-])|(?<![\w.])(?P<whose>[A-Z]\.) (?:family|kids|siblings|twins)\b"
)
_KIN_INITIALS = re.compile(
    r"(?<!\w)(?P<kin>[^\W\d_]{2,14})(?: ?[(:,] ?| )(?P<mark>[A-Z](?:\.?-?[A-Z])?)(?![\w'&/-])\.?"
)
_OWNER_INITIAL = re.compile(r"(?<![\w.'&])(?P<mark>[A-Z]{1,2})(?=\.?'s (?:foster |birth |bio )?(?P<kin>\w+))")
_ABBREVIATIONS = _words("""
    us uk un bc pei nwt dc ps am pm qa nb ns ei id ok hr rr dob sin tv cv po phd md ba ma bsw msw rsw rn cas sae cp nl pe sk mb
    ab on qc yt nt nu eg ie rsvp ta pa vp it st dr mr ms gp er ot pt sw ca fr en ed pr ot usa acs cs ai pd av pj ddn nas ny la
""")

_DOTTED = _words(
    "us uk un bc pei nwt dc ps am pm qa nb ns ei id phd md ba ma bsw msw rsw rn cas sae usa eg ie po rr dob sin tv st cp nas ddn jc ca"
)


def _initials(read: _Text) -> Iterator[_Hit]:
    """ "A.B.'s father", "the youth (J.M.)", "client KW", "mother J."; not U.S., not "I" nor "A"."""
    for match in _INITIALS.finditer(read.plain):
        if re.sub(r"\W", "", match[0]).lower() not in _DOTTED:
            yield _Hit("initials", Level.WARN, match.span())
    for match in _TITLE_INITIAL.finditer(read.plain):
        yield _Hit("initials", Level.WARN, match.span("mark" if match["mark"] else "whose"))
    for match in _KIN_INITIALS.finditer(read.plain):
        mark = re.sub(r"\W", "", match["mark"])
        article = mark in ("I", "A", "Y", "O") and re.match(r" [a-z]", read.plain[match.end("mark") :][:2] or " ")
        if (
            _fold_key(match["kin"]) in _KIN_SINGULAR
            and mark.lower() not in _ABBREVIATIONS
            and mark != "I"
            and not article
        ):
            yield _Hit("initials", Level.WARN, match.span("mark"))
    for match in _INITIAL_SURNAME.finditer(read.plain):  # J. Smith; not "option B. Then", nor the list item "A. Youth"
        sort = _sort(_fold_key(match["surname"]))
        plain_word = sort in (_Sort.COMMON, _Sort.PROPER)
        if not plain_word or (match.start() == 0 and match["initial"] not in "ABCDEI"):
            yield _Hit("initials", Level.WARN, match.span())
    for match in _OWNER_INITIAL.finditer(read.plain):
        if _fold_key(match["kin"]) in _KIN and match["mark"].lower() not in _ABBREVIATIONS:
            yield _Hit("initials", Level.WARN, match.span())


def _fold_key(word: str) -> str:
    return "".join(map(_fold_char, word))


_MIXED = re.compile(r"(?<![\w@.-])[a-z]{1,12}[0134][a-z0134]{0,12}[a-z](?![\w@.-])")


def _digits_in_names(read: _Text) -> Iterator[_Hit]:
    """ "f4tou": a first name with digits for some of its letters."""
    for match in _MIXED.finditer(read.fold):
        for spelling in ("oiea", "olea"):
            if _FIRST_NAMES.get(match[0].translate(str.maketrans("0134", spelling))) == "":
                yield _Hit("name", Level.WARN, match.span())
                break
