"""The identifier guard at a form: what it finds in a text, marked where it stands, and what the writer can do."""

import hashlib
import logging
from dataclasses import dataclass, replace
from typing import NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from actions import identifiers
from actions.identifiers import Finding, Level
from actions.models import AllowedText
from teams.models import Agency

security = logging.getLogger("allyship.security")

CONFIRM = "points_to_no_person"
LONGEST = 10_000  # characters that are looked at while somebody types


class Piece(NamedTuple):
    """A stretch of the text, with the finding that it is."""

    text: str
    finding: Finding | None


class Advice(NamedTuple):
    """Why a text was found, and what to write instead."""

    level: Level
    reason: Promise
    suggestion: Promise


@dataclass(frozen=True)
class Reading:
    """A text as the guard read it."""

    text: str
    findings: tuple[Finding, ...]
    is_confirmed: bool = False

    @property
    def level(self) -> Level:
        return identifiers.level(self.findings)

    @property
    def seal(self) -> str:
        """Stands for exactly this text: who confirms it confirms no other."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def advice(self) -> list[Advice]:
        """Each once, the gravest first."""
        told = dict.fromkeys(Advice(found.level, found.reason, found.suggestion) for found in self.findings)
        return sorted(told, key=lambda advice: advice.level, reverse=True)

    @property
    def pieces(self) -> list[Piece]:
        """The whole text in order, cut at the findings."""
        pieces, end = [], 0
        for found in self.findings:
            if found.start >= end:
                pieces += [Piece(self.text[end : found.start], None), Piece(self.text[found.start : found.end], found)]
                end = found.end
        return [piece for piece in [*pieces, Piece(self.text[end:], None)] if piece.text]


def read(text: str, *, agency: Agency | None) -> Reading:
    """The text through the guard, with what the agency allows."""
    findings = identifiers.check(text)
    if findings and agency:  # the list is asked for only where it can make a difference
        allowed = AllowedText.objects.filter(agency=agency).values_list("text", flat=True)
        findings = identifiers.check(text, allow=list(allowed))
    return Reading(text, tuple(findings))


def inspect(form: forms.BaseForm, name: str, *, agency: Agency | None) -> None:
    """Refuse a field's text that must be reworded, or that its writer has neither confirmed nor left as it was."""
    text = form.cleaned_data.get(name) or ""
    reading = read(text, agency=agency)
    confirmed = form.data.getlist(CONFIRM) if hasattr(form.data, "getlist") else [form.data.get(CONFIRM)]
    reading = replace(reading, is_confirmed=reading.seal in confirmed or text == form.initial.get(name))
    if reading.level is Level.WARN and reading.seal in confirmed:
        security.info("a warning of the identifier guard was overruled")
    form[name].reading = reading  # type: ignore[attr-defined]  # drawn under the field
    if reading.level is Level.BLOCK or (reading.level is Level.WARN and not reading.is_confirmed):
        form.add_error(name, [_told(advice) for advice in reading.advice if advice.level is reading.level])


def hints(form: forms.BaseForm, name: str) -> list[str]:
    """What the guard only tells, after `inspect`."""
    reading: Reading = form[name].reading  # type: ignore[attr-defined]
    return [_told(advice) for advice in reading.advice if advice.level is Level.HINT]


def _told(advice: Advice) -> str:
    return _("%(reason)s Better: %(suggestion)s.") % {"reason": advice.reason, "suggestion": advice.suggestion}
