"""Fields that several forms share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.models import Practice
from actions.vocabulary import Kind, Vocabulary
from teams.drawing import DescribedRadios


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class PracticeField(forms.ChoiceField):
    """One of the practices that the agency offers, grouped by kind in one list; its value is the practice."""

    def offer(self, rows: Iterable[tuple[int, str, str]]) -> None:
        groups: dict[str, list[tuple[int, str]]] = {}
        for pk, name, kind in rows:
            groups.setdefault(kind, []).append((pk, name))
        self.choices = [
            ("", _("Choose a practice")),
            *((Kind(kind).label, choices) for kind, choices in groups.items()),
        ]

    def clean(self, value: Any) -> Practice | None:
        chosen = super().clean(value)
        return Practice.objects.get(pk=chosen) if chosen else None


class NoteField(forms.CharField):
    """A text that the guard reads. Browsers count a line break as one character and post it as two."""

    is_guarded = True  # templates/bootstrap5/field.html makes room for what it finds

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


def described(choices: type[Vocabulary]) -> DescribedRadios:
    return DescribedRadios(helps={choice.value: choice.description for choice in choices})
