"""Dates of birth, which block, and ages, which only tell."""

import re

from actions.identifiers.findings import Level
from actions.identifiers.normalising import Text
from actions.identifiers.rules import YEAR, block, hint

_MONTH = (
    r"(?:jan(?:uary|vier|v)?|feb(?:ruary)?|fev(?:rier|r)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?|may|mai|june?|juin"
    r"|jul(?:y)?|juil(?:let)?|aug(?:ust)?|aout|sept?(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?"
    r"|dec(?:ember|embre)?)"
)
_DAY = r"\d{1,2}(?!\d)(?: ?(?:st|nd|rd|th|er|e)\b)?"
_DAY_IN_WORDS = (
    r"(?:premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:[- ](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze"
    r"|seize|vingt(?:[- ](?:et[- ]un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|trente(?:[- ]et[- ]un)?"
    r"|first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|\w{3,5}teen|twentie|thirtie)th"
    r"|(?:twenty|thirty)[- ]\w{3,7})"
)
_YEAR_SAID = r"(?:(?:19|20)\d\d\b|two thousand|twenty|nineteen|deux mille|mille neuf|dix-neuf)"
_DATE = (
    rf"(?:{YEAR} ?[-/. ] ?\d{{1,2}} ?[-/. ] ?\d{{1,2}}\b"
    r"|\d{1,2} ?[-/. ] ?\d{1,2} ?[-/. ] ?(?:19|20)?\d\d\b"
    r"|\d{8}\b"
    rf"|\b{_MONTH}\b\.?,? ?(?:the )?{_DAY}(?:[,/ ']{{1,3}}(?:19|20)?\d\d\b)?"
    rf"|{_DAY}[ -]?(?:of |de )?{_MONTH}\b\.?(?:[, '-]{{1,3}}(?:19|20)?\d\d\b)?"
    rf"|\b{_DAY_IN_WORDS}(?: of)? {_MONTH}\b\.?(?:,? {YEAR}\b)?"
    # the twenty-third day of May; twenty-third of 06; vingt-trois du six, deux mille quinze
    rf"|\b{_DAY_IN_WORDS} (?:day |jour )?(?:of |du (?:mois de )?|de )(?:the )?(?:{_MONTH}\b|0[1-9]\b|1[0-2]\b(?=,? {_YEAR_SAID})"
    rf"|\w{{2,9}}(?=,? {_YEAR_SAID}))"
    rf"|\b{_MONTH}\b\.?,? ?(?:of |de )?{YEAR}\b"
    rf"|{YEAR},? {_MONTH}\b\.? \d{{1,2}}\b"
    rf"|\d{{1,2}}{_MONTH}(?:19|20)?\d\d\b"
    r"|\d{1,2} ?/ ?\d{1,2}\b)"
)

_CUE = (
    r"\b(?P<cue>d\.?[ -]?[o0]\.?[ -]?b\b|b\.(?= ?\d{1,2} ?[a-z-]+ ?\d{4})|date of birth|birth ?date|b-?day|birthday|bdate|born"
    r"|date (?:de )?naiss\w*|naissance|d\.?d\.?n\b|anniv(?:ersaire)?\b)"
)
_NE = r"ne(?:e|\(e\))?s?"  # né, née, né(e)
_TURNS = r"(?:(?<=\w)'ll be|\b(?:turn(?:s|ed|ing)?|will be|is going to be|aura|auront|a eu|fete\w*|celebr\w*|(?=(?:ses|his|her|their) \w+)))"
_HOW_OLD = (
    r"(?:\d{1,2}|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b|\w{3,5}teen\b)(?:th|st|nd|rd)?"
    r"(?: ?(?:ans|years?(?: old)?|yrs?|birthday))?"
)
_BORN_IDEAS = re.compile(
    r"\b(?:program\w*|projec?t\w*|idea|group\w*|circle|committee|policy|initiative|cercle|comite|idee|politique)\b.{0,12}$"
)


def _birth(match: re.Match[str], read: Text) -> Level | None:
    """Ideas and programmes are born too; a birthday party has a date of its own; a bare year may be any year."""
    if _BORN_IDEAS.search(read.fold[max(0, match.start() - 40) : match.start()]):
        return None
    if match["cue"].startswith("birthday") and re.search(r"part(?:y|ies)|cake|card|gift|celebrat", match["between"]):
        return None
    return Level.WARN if re.fullmatch(r"\d{4}", match["date"]) else Level.BLOCK


DATES = (
    # DOB 12 mars 2014
    block("birth_date", "digits", rf"{_CUE}(?P<between>[^\d\n;]{{0,25}}?)(?P<date>{_DATE}|\d{{6}}\b)", _birth),
    # né le 3 mai: the date right after, for "ne" is also the French "not"
    block(
        "birth_date",
        "digits",
        rf"\b(?P<cue>{_NE}) ?(?P<between>[:,(]?(?: ?(?:le|en|au|vers|a [\w-]+,? (?:le|en)))?) ?(?P<date>{_DATE})",
        _birth,
    ),
    # born in 2013
    block(
        "birth_date",
        "digits",
        rf"\b(?P<cue>born|{_NE}|birth year|year of birth|annee de naissance) ?"
        rf"(?P<between>:?(?: (?:in|en|is|est))?) ?(?P<date>{YEAR})\b",
        _birth,
    ),
    # "turned 6 on May 3", "fête ses 16 ans le 21 octobre"
    block(
        "birth_date",
        "digits",
        rf"{_TURNS}(?: ?(?:ses|his|her|their|your))? ?{_HOW_OLD},? ?"
        rf"(?:(?:on|this|next|month|week|the|le|ce|en|in|is),? ){{0,3}}{_DATE}",
    ),
    # 2014-03-12 DOB
    block(
        "birth_date",
        "digits",
        rf"(?<!\w)(?=[\djfmasond]){_DATE} ?[(,-]? ?(?:d\.?o\.?b\b|date of birth|d\.?d\.?n\b|date de naissance)",
    ),
)

_LASTING = re.compile(r"\b(?:depuis|il y a|pendant|dans|en|apres|for|over|environ|plus de)$")


def _age(match: re.Match[str], read: Text) -> Level | None:
    """ "4 ans" is an age, "depuis 4 ans" is not."""
    return None if _LASTING.search(read.fold[: match.start()][-12:].rstrip()) else Level.HINT


AGES = (
    hint(
        "age",
        "fold",
        r"\b\d{1,2}(?:[ -]?(?:years?|yrs?|months?|weeks?|mos?)[ -]olds?\b| ?y/?\.?o\b| ans\b)"
        r"|\b(?:aged?|agee?s?(?: de)?) \d{1,2}\b",
        _age,
    ),
)
