"""Numbers on a card or a file: SIN, health card, licences, status cards, cases, courts."""

import re

from actions.identifiers.findings import Level
from actions.identifiers.normalising import Text
from actions.identifiers.rules import YEAR, block, counts_something, warn

_NINE_DIGITS = r"\d(?:[ .\-/]{0,3}\d){8}(?![ .-]?\d)"
_SIN_CUE = r"\b(?:s\.?i\.?n\b|n\.?a\.?s\b|soc(?:ial)? ins\w*|assurance[- ]sociale)"
_HEALTH_CUE = (
    r"\b(?:ohip|health (?:card|no|number|insurance)|hcn?\b|carte (?:d'assurance[- ])?(?:sante|maladie)|carte soleil|ramq"
    r"|assurance[- ]maladie|medicare)"
)
_DOCUMENT_CUE = (
    r"driver'?s? ?'?licen[cs]e|licen[cs]e plate|licen[cs]e|permis de conduire|passport|passeport|status card|indian status"
    r"|carte de statut|certificat de statut(?: d'indien)?|treaty|oen|o\.e\.n\.?|niso|student id|numero d'eleve|uci|iuc"
    r"|u\.c\.i\.?|ifhp?|pfsi|band number|immigration|plate|plaque"
)
_FILE_CUE = (
    r"case ?file|case|cs|file|fichier|dossier|doss|cpin|intake|docket|court file|occurrence|crown file|cfsa|chart|badge"
    r"|matricule"
)
# Words that a number follows as often as not: five figures, or a "no." between.
_WEAK_FILE_CUE = (
    r"referral|reference|ref|report|rapport|warrant|incident|ticket|cas|claim|client|cliente|member|patient|person"
    r"|resident|student|account|acct|compte|band|bande|order|permit|permis|invoice|police|re"
)
# What may stand between "file" and its number, at most six of them.
_FILLER = (
    r"(?:[ .:,;=#(°º'-]{1,3}|(?:nos?|n o|nbr|num|numero|number|id|identification|is|was|are|est|sous|le|la|card|carte|court"
    r"|cour|tribunal|statut|status|indien|indian|de|du|des|client|eleve|file|dossier|scolaire|reference|ref|dpj|sae|cas|fro)\b)"
)
_NUMBERED = re.compile(r"[#°º]|\b(?:nos?|n o|num|numero|number|id)\b")
_ID = (
    r"(?P<token>\d(?: ?[-/ ] ?\d){3,}(?!\d)|\d{2,4}(?:[ -]\d{2,4}){2,}"  # 2 3 - 1 1 4 5
    r"|[a-z]{0,5}[-/.]?\d[a-z0-9]*(?:[-/._][a-z0-9]+){0,4}"  # 2023-4471, KA-20-1144
    r"|[a-z]{1,3}\d?[-/][a-z]?\d[a-z0-9]*(?:-[a-z0-9]+){0,3}|[a-z]{3,12}-\d{4}\b)"
)
_YEARS = re.compile(rf"{YEAR}(?: ?[-/a&] ?(?:{YEAR}|\d\d))?$")


def _year_or_date(token: str) -> bool:
    """A year, a span of years or a full date, as they follow "report" or "file" without numbering one."""
    return bool(_YEARS.match(token) or re.fullmatch(rf"{YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}", token))


def _case_number(match: re.Match[str], read: Text) -> Level | None:
    """By how many figures it has and how plainly it is called a number; "12 files", "case 3:15" are none."""
    token, numbered = match["token"], bool(_NUMBERED.search(match["fill"]))
    figures = sum(c.isdigit() for c in token)
    if _year_or_date(token) or counts_something(read, match.end()) or re.match(r" ?[:h]\d", read.digits[match.end() :]):
        return None
    if match["weak"] and not (numbered or figures >= 5):
        return None
    if figures >= 4 or (figures == 3 and (numbered or len(token) > 3)):
        return Level.BLOCK
    return Level.WARN if figures == 3 or (numbered and figures == 2) else None


def _document(match: re.Match[str], read: Text) -> Level | None:
    figures = sum(c.isdigit() for c in match["token"])
    if figures >= 4 and not _year_or_date(match["token"]):
        return Level.BLOCK
    return Level.WARN if figures == 3 and match["fill"].strip() else None


BY_KEYWORD = (
    block("sin", "digits", rf"{_SIN_CUE}[^\d\n]{{0,40}}?(?P<found>{_NINE_DIGITS})"),
    block(
        "health_card",
        "digits",
        rf"{_HEALTH_CUE}[^\d\n]{{0,30}}?(?P<found>(?:[a-z]{{4}} ?)?\d(?:[ .\-/]{{0,3}}[\doli]){{6,12}}(?: ?[a-z]{{1,2}}\b)?)",
    ),
    # Québec's health card says what it is: ABCD 1234 5678
    block("health_card", "plain", r"\b(?!CASE|FILE|CPIN)[A-Z]{4}[ -]?\d{4}[ -]?\d{4}\b(?![ -]?\d)|\b[a-z]{4}\d{8}\b"),
    block("id_number", "digits", rf"\b(?:{_DOCUMENT_CUE})\b(?P<fill>{_FILLER}{{0,6}}){_ID}", _document),
    # plate CABC 123, passport no AB 123456
    block(
        "id_number",
        "plain",
        r"\b(?i:plates?|plaque)(?: (?i:is|no|number|est))?[ .:#]{1,3}[A-Z]{3,4}[ -]?\d{3}\b"
        r"|\b(?i:passport|passeport)(?: (?i:is|no|number|est|numéro))?[ .:#]{1,3}[A-Z]{2} ?\d{6}\b",
    ),
    block(
        "case_number",
        "digits",
        rf"\b(?:(?:{_FILE_CUE})s?|(?P<weak>{_WEAK_FILE_CUE}))\b(?P<fill>{_FILLER}{{0,6}}){_ID}",
        _case_number,
    ),
)


def _no_years(match: re.Match[str], read: Text) -> Level | None:
    return None if _YEARS.search(match[0][-9:]) else Level.BLOCK


_FORM = re.compile(r"\b(?:forms?|formulaire|policy|politique|version|reglement|bylaw|standard|directive)\b.{0,8}$")


def _no_form(match: re.Match[str], read: Text) -> Level | None:
    return None if _FORM.search(read.fold[max(0, match.start() - 20) : match.start()]) else Level.WARN


BY_SHAPE = (
    # driver's licences of Ontario and Québec
    block("id_number", "fold", r"\b[a-z]\d{4}[ -]?\d{5}[ -]?\d{5}\b|\b[a-z]\d{4}[ -]\d{6}[ -]\d{2}\b"),
    warn("id_number", "plain", r"\b[A-Z]{2}\d{6}\b"),  # passport
    block("case_number", "plain", r"\b[A-Z]{1,4}[- ]?\d{2,4}-\d{4,8}\b", _no_years),  # FC-20-1144
    block("case_number", "digits", r"(?<![\d-])\d{3}-\d{2}-\d{6}-\d{2,3}(?![\d-])"),  # Québec's courts
    warn("case_number", "plain", rf"\b[A-Z]{{2,5}}-(?!{YEAR}\b)\d{{4,}}\b", _no_form),
    warn("case_number", "digits", rf"(?<![\d-]){YEAR}-\d{{3,6}}(?![\d-])|# ?\d{{4,}}\b"),
)
