"""Ways to reach a person: e-mail addresses, links, accounts, phone numbers."""

import re

import phonenumbers

from actions.identifiers.findings import Level
from actions.identifiers.normalising import Text
from actions.identifiers.rules import block, hint, warn

_MAILBOX = r"(?<![\w.+-])[\w.+%'-]{1,64}"
_HOST = r"[\w-]{1,63}"
_AT = r"(?: ?@ ?| ?[(\[{<] ?(?:at|a|arobase?) ?[)\]}>] ?| arobas[ea]? )"
_DOT = r"(?: ?[.,] ?| ?[(\[{<] ?(?:dot|point) ?[)\]}>] ?| (?:dot|point) )"
_TLD = r"(?:com|ca|org|net|info|edu|gov|fr|qc|on|io|co|uk|me|biz|us|example|test)\b"
_MAIL_HOUSE = (
    r"(?:(?:gmail|hotmail|yahoo|icloud|msn|aol|proton(?:mail)?|videotron|sympatico|cogeco)\b"
    r"|(?:outlook|live|rogers|bell|shaw|telus)(?= ?\.))"
)
_NETWORK = r"insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|facebook|fb|discord|telegram"


def _link(match: re.Match[str], read: Text) -> Level | None:
    """A link only tells; a page on a social network is someone's account."""
    social = re.search(r"(?:facebook|instagram|tiktok|snapchat|linkedin|fb|x|twitter)\.com/[\w@.]", match[0])
    return Level.WARN if social else Level.HINT


WRITTEN = (
    # fatou@mail.example
    block("email", "fold", rf"{_MAILBOX}@{_HOST}(?:\.[\w-]{{2,24}}){{0,3}}"),
    # fatou (at) mail . com
    block("email", "fold", rf"{_MAILBOX}{_AT}(?:{_HOST}(?:{_DOT}[\w-]{{2,24}}){{0,2}}{_DOT}{_TLD}|{_MAIL_HOUSE})"),
    # "fatou at gmail", "sunny at mail dot com": a bare "at" counts where a mail house or a spoken dot follows
    block(
        "email", "fold", rf"{_MAILBOX} (?:at|a|chez) (?:{_MAIL_HOUSE}(?:{_DOT}{_TLD})?|{_HOST} (?:dot|point) {_TLD})"
    ),
    hint(
        "url",
        "fold",
        r"\b(?:https?://|www\.)[^\s\"')>]{2,}"
        rf"|(?<![\w@.])[a-z0-9-]{{2,40}}(?:\.[a-z0-9-]{{2,40}}){{0,3}}\.{_TLD}(?:/[^\s\"')>]*)?",
        _link,
    ),
    warn("handle", "fold", r"(?<![\w@.])@[a-z_][\w.-]{2,}"),
    # "insta: aiyana.blooms": a network, then something that is no plain word
    warn(
        "handle",
        "fold",
        rf"\b(?:{_NETWORK})\b(?: (?:is|est|handle|name|user(?:name)?|nom|account|compte))? ?[:=]? ?"
        r"(?P<found>[a-z]\w*[._\d][\w.]*\w)",
    ),
)


def _international(match: re.Match[str], read: Text) -> Level | None:
    """With a prefix, by the plan of the country that it names."""
    try:
        number = phonenumbers.parse(re.sub(r"^(?:00|011)", "+", match[0]), "CA")
    except phonenumbers.NumberParseException:
        return None
    return Level.BLOCK if phonenumbers.is_possible_number(number) else None


_CALLED = re.compile(
    r"#|\b(?:tel|telephone|phone|cell\w*|mobile|call(?:ed)?|text(?:ed|o)?|numero|number|at|au|joindre)\b"
)


def _local(match: re.Match[str], read: Text) -> Level | None:
    """Seven digits: a word of calling decides where they could be a page, a year or money."""
    last = match[0][-4:]
    called = _CALLED.search(read.fold[max(0, match.start() - 30) : match.start()])
    if not called and (last.startswith(("19", "20")) or match[0][3] == " "):  # "page 212-2024", "200 2500"
        return None
    return Level.PASS if match[0].startswith("310") else Level.BLOCK  # 310 is a toll-free exchange


PHONES = (
    block("phone", "digits", r"(?:\+|\b(?:011|00)[ .-]?)[1-9](?:[ .\-/()]{0,3}\d){7,14}(?!\d)", _international),
    # North America: 416 555 0199
    block(
        "phone",
        "digits",
        r"(?<![\d-])(?:\+?1[ .\-/]{0,2})?\(?[2-9]\d{2}\)?[ .\-/*,_]{0,3}[2-9]\d{2}[ .\-/*,_]{0,3}\d{4}(?![\d-])",
    ),
    # the same without its area: 555-0199
    block("phone", "digits", r"(?<![\d.-])[2-9]\d{2}[ .-]\d{4}(?![\d-]|[ .]\d)", _local),
)
