"""Looks in a short note for what could identify a client: numbers, addresses, dates of birth, names.

Pure rules: text in, findings out; nothing is stored, logged or sent. A finding says where and of what kind, never what
it read. docs/decisions/0004-identifier-guard.md has the reasons and the figures. Where things are:

    findings        what a finding is, its words for the reader, which of two that overlap stays
    normalising     one spelling for the many ways to write the same thing
    structured      the order in which the rules for numbers and addresses are tried. The rules by subject:
      contact       e-mail, links, accounts, phones
      documents     SIN, health card, licences, files, courts
      births        dates of birth, ages
      addresses     postal codes, streets
      harmless      public lines, money, dates
      digit_runs    the long numbers that no rule has explained
    names           which words are a name, from:
      words         the words of the text, and what each is by itself
      sentences     what stands before and after each word
      things        centres, schools, laws: capitals that are no person
      initials      A.B., client KW
    allow           what the agency publishes itself
    lists/          the words that all this goes by, one topic a file; word_lists reads them
"""

from collections.abc import Collection

from actions.identifiers import digit_runs, names, normalising, structured
from actions.identifiers.allow import Allowed
from actions.identifiers.findings import Finding, Hit, Level, Taken, level, settle
from actions.identifiers.normalising import Text

__all__ = ["Finding", "Level", "check", "level", "normalise"]


def check(text: str, *, allow: Collection[str] = ()) -> list[Finding]:
    """Findings in the order of the text. `allow`: what the agency publishes itself: phones, e-mails, "@domain", terms."""
    read = normalising.read(text)
    found = settle(_inspect(read))
    spaced = normalising.close_up(read)
    if spaced is not None:
        found = settle([*found, *(hit for hit in _inspect(spaced) if _within(hit, spaced))])
    regrouped = normalising.regroup(read)
    if regrouped is not None:
        found = settle([*found, *(hit for hit in _numbers(regrouped) if _within(hit, regrouped))])
    allowed = Allowed(allow, read)
    return [hit for hit in found if not allowed.covers(hit)]


def normalise(text: str) -> str:
    """The text as the rules read it; doing it twice changes nothing more."""
    return normalising.read(text).plain


def _inspect(read: Text) -> list[Finding]:
    hits = _structured(read)
    hits += names.find(read, [hit.span for hit in hits if hit.kind in names.HELD_ELSEWHERE])
    return [_in_the_original(hit, read) for hit in hits]


def _numbers(read: Text) -> list[Finding]:
    return [_in_the_original(hit, read) for hit in _structured(read)]


def _structured(read: Text) -> list[Hit]:
    taken = Taken(len(read.plain))  # what a rule has explained, harmless or not: later rules do not read it again
    return [*structured.find(read, taken), *digit_runs.find(read, taken)]


def _in_the_original(hit: Hit, read: Text) -> Finding:
    start, end = hit.span
    return Finding(hit.kind, hit.level, read.starts[start], read.ends[end - 1])


def _within(hit: Finding, spaced: Text) -> bool:
    return any(hit.start < end and start < hit.end for start, end in spaced.closed)
