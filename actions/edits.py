"""The history of an action: what an edit changed, and how that reads to its author."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Field
from django.utils import formats
from django.utils.text import capfirst

from actions.models import Action, ActionEdit, Community, Practice
from teams.models import Agency, Team

TEXTS = {"note", "partners"}
WORDLESS = TEXTS | {"initiative_id"}  # an initiative has a title that somebody else may have changed since
FIELDS = [
    "practice_id",
    "level",
    "direction",
    "communities",
    "done_on",
    "team_id",
    "visibility",
    "heard_back",
    "hours",
    "dollars",
    "system",
    "took_part",
    "relation",
    "related_id",
    "initiative_id",
    "note",
    "partners",
]


def between(before: Action, after: Action) -> dict[str, list[Any] | None]:
    """The fields that differ, each with its value before and after; of a text only that it differs."""
    values = [(name, _value(before, name), _value(after, name)) for name in FIELDS]
    return {name: None if name in WORDLESS else [old, new] for name, old, new in values if old != new}


def _value(action: Action, name: str) -> Any:
    value = getattr(action, name)
    return sorted(value) if name == "communities" else value


@dataclass(frozen=True)
class Change:
    """One field in words; `before` and `after` are None for a text, of which nothing old is kept."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Edited:
    at: datetime
    changes: list[Change]


def described(edits: Iterable[ActionEdit], agency: Agency | None) -> list[Edited]:
    """In the active language, under the agency's own names; at most four statements however many edits there are."""
    edits = list(edits)
    names = _names(edits, agency)
    return [Edited(edit.edited_at, list(_changes(edit, names))) for edit in edits]


def _changes(edit: ActionEdit, names: dict[str, dict[Any, str]]) -> Iterator[Change]:
    for name in FIELDS:
        if name not in edit.changes:
            continue
        change = edit.changes[name]
        label = capfirst(str(_field(name).verbose_name))
        before, after = [_shown(name, value, names) for value in change] if change else (None, None)
        yield Change(label, before, after)


def _shown(name: str, value: Any, names: dict[str, dict[Any, str]]) -> str:
    if value in (None, "", []):
        return "-"
    if name == "communities":
        return "; ".join(names[name].get(pk, "?") for pk in value)
    if name in names:
        return names[name].get(value, "?")
    if name == "done_on":
        return formats.date_format(date.fromisoformat(value))
    if name == "hours":
        return formats.localize(Decimal(value).normalize())
    return str(dict(_field(name).flatchoices).get(value, value))


def _field(name: str) -> Field:
    field = Action._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _names(edits: list[ActionEdit], agency: Agency | None) -> dict[str, dict[Any, str]]:
    """Of the rows that the changes point to; each table is asked only where something points to it."""
    keys: dict[str, set[Any]] = {"practice_id": set(), "communities": set(), "team_id": set(), "related_id": set()}
    for edit in edits:
        for name in keys.keys() & edit.changes.keys():
            for value in edit.changes[name]:
                keys[name] |= set(value) if isinstance(value, list) else {value} - {None}
    practices = Practice.objects.named_for(agency).filter(pk__in=keys["practice_id"])
    communities = Community.objects.named_for(agency).filter(pk__in=keys["communities"])
    teams = Team.objects.filter(agency=agency, pk__in=keys["team_id"])
    related = Action.objects.filter(agency=agency, pk__in=map(UUID, keys["related_id"])).for_list(agency)
    return {
        "practice_id": {term.pk: term.name for term in practices},
        "communities": {term.pk: term.name for term in communities},
        "team_id": {str(team.pk): team.name for team in teams},
        "related_id": {
            str(one.pk): f"{one.practice.name} ({formats.date_format(one.done_on)})" for one in related.standing()
        },
    }
