"""Fields that several forms share."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions import initiatives
from actions.models import Initiative, Practice
from actions.vocabulary import Kind, Vocabulary
from teams.drawing import DescribedRadios
from teams.models import Worker


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


class InitiativeField(forms.ModelChoiceField):
    """One of the initiatives that a worker may read and log for; without one to choose from, it need not be drawn."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Initiative.objects.none(),
            label=_("For which initiative? (optional)"),
            help_text=_(
                "If it is shared, it adds one to the counts on the initiative’s page, which partner agencies and those "
                "whom it concerns may see too: what was done, never your name, team or words."
            ),
            required=False,
            **kwargs,
        )

    def offer(self, worker: Worker, *, keep: UUID | None) -> None:
        """What an entry has, it keeps, also where its author may read the initiative no more."""
        readable = Initiative.objects.visible_to(worker)
        self.queryset = Initiative.objects.filter(Q(pk__in=readable.live().values("pk")) | Q(pk=keep))
        self.choices = cache(lambda: self._rows(worker, keep))

    def _rows(self, worker: Worker, keep: UUID | None) -> list[tuple[object, object]]:
        rows: list[tuple[object, object]] = [*initiatives.choices(worker, keep=keep)]
        if keep and keep not in {pk for pk, _title in rows}:
            rows.append((keep, _("One that you can no longer read")))
        return [("", _("None")), *rows]

    @property
    def is_needed(self) -> bool:
        choices: Any = self.choices
        return len(list(choices)) > 1


class NoteField(forms.CharField):
    """A text that the guard reads. Browsers count a line break as one character and post it as two."""

    is_guarded = True  # templates/bootstrap5/field.html makes room for what it finds

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


def described(choices: type[Vocabulary]) -> DescribedRadios:
    return DescribedRadios(helps={choice.value: choice.description for choice in choices})
