"""All that is a worker's own, as plain tables: one row is one action, with a codebook; files are made of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions import drafts, reflections, sealing
from actions.models import (
    Action,
    Addressee,
    AgreedWith,
    Ask,
    Barrier,
    Commitment,
    Community,
    Draft,
    DroppedBecause,
    Initiative,
    Practice,
    Reflection,
    Relation,
)
from actions.models.ask import State
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, Kind, Level, Prompt, System
from teams.models import Language, Worker
from teams.visibility import Visibility

type Said = str | Promise
TYPED = ["note", "partners", "in_the_way", "need", "text"]  # fields of forms that hold her words
type Names = dict[str, tuple[str, str]]  # code: in English, in French


@dataclass(frozen=True)
class Column:
    """One column; where its values are codes, `names` says what each means and a column with the words comes before."""

    key: str
    heading: Said
    meaning: Said = ""
    names: Names | None = None


@dataclass(frozen=True)
class Sheet:
    """Rows as {key of a column: value}: dates, numbers and texts as such, codes as codes, several of them as a list."""

    key: str
    title: Said
    columns: list[Column]
    rows: list[dict[str, Any]] = field(repr=False)


def of(worker: Worker) -> list[Sheet]:
    """Everything of hers in the active language, reflections opened; only for herself, in her own request."""
    sheets = [make(worker) for make in SHEETS]
    return [*sheets, _codebook(sheets)]


def words(column: Column, value: Any) -> str:
    """What a code, or a list of them, is called in the active language."""
    assert column.names is not None
    place = 1 if (translation.get_language() or "").startswith("fr") else 0
    codes = value if isinstance(value, list) else [value]
    return "; ".join(column.names[code][place] if code in column.names else code for code in codes if code)


def _actions(worker: Worker) -> Sheet:
    practices = _practices(worker)
    communities = {term.pk: term for term in Community.objects.named_for(worker.agency)}
    rows = Action.objects.by(worker).for_list(worker.agency)
    titles = dict(Initiative.objects.visible_to(worker).values_list("pk", "title"))
    columns = [
        Column("action_id", _("Action"), _("Stays the same in every export.")),
        Column("done_on", _("Date done")),
        Column("logged_on", _("Date logged"), _("The day on which it was entered.")),
        Column("practice", _("Practice"), names=practices),
        Column("kind", _("Kind"), names=_names(Kind)),
        Column("level", _("Level"), names=_names(Level)),
        Column("direction", _("Direction"), names=_names(Direction)),
        Column(
            "communities",
            _("Whom it supports"),
            _("Several are parted by a semicolon."),
            _terms(communities.values()),
        ),
        Column("team", _("Team"), _("Yours on the day when it was done.")),
        Column("visibility", _("Who can see it"), names=_names(Visibility)),
        Column("heard_back", _("Heard back"), names=_names(HeardBack)),
        Column("hours", _("Hours")),
        Column("dollars", _("Dollars moved")),
        Column("took_part", _("Took part"), _("How many people, without their names.")),
        Column("system", _("Service system"), names=_names(System)),
        Column("partners", _("Partner agencies and groups")),
        Column("relation", _("How it follows on"), names=_names(Relation)),
        Column("related_id", _("On what"), _("The action that it follows on.")),
        Column("initiative", _("Initiative"), _("Empty too where you may no longer read it.")),
        Column("note", _("Note")),
    ]
    return Sheet("actions", _("Actions"), columns, [_action(row, communities, titles) for row in rows])


def _action(row: Action, communities: dict[int, Community], titles: dict[UUID, str]) -> dict[str, Any]:
    same = ("done_on", "logged_on", "level", "direction", "visibility", "heard_back", "hours", "dollars")
    more = ("took_part", "system", "partners", "relation", "note")
    return {
        **{name: getattr(row, name) for name in (*same, *more)},
        "action_id": str(row.pk),
        "practice": row.practice.code,
        "kind": row.practice.kind,
        "communities": [communities[pk].code for pk in row.communities if pk in communities],
        "team": row.team.name if row.team else "",
        "related_id": str(row.related_id or ""),
        "initiative": titles.get(row.initiative_id, "") if row.initiative_id else "",
    }


def _commitments(worker: Worker) -> Sheet:
    columns = [
        Column("commitment_id", _("Commitment"), _("Stays the same in every export.")),
        Column("action_id", _("Action"), _("The action that it follows from; empty where it stands alone.")),
        Column("text", _("What I promised"), _("Your words, where it stands alone.")),
        Column("made_on", _("Promised on")),
        Column("due_on", _("Due")),
        Column("new_date", _("New date"), _("Where another date was agreed.")),
        Column("agreed_with", _("Agreed with"), names=_names(AgreedWith)),
        Column("status", _("Status"), names=_names(CommitmentStatus)),
        Column("kept_on", _("Kept on")),
        Column("dropped_because", _("Reason"), _("Why it was dropped."), _names(DroppedBecause)),
        Column("team", _("Team")),
        Column("visibility", _("Who can see it"), names=_names(Visibility)),
    ]
    rows = Commitment.objects.by(worker).select_related("team")
    return Sheet("commitments", _("Commitments"), columns, [_commitment(row) for row in rows])


def _commitment(row: Commitment) -> dict[str, Any]:
    same = ("text", "made_on", "due_on", "agreed_with", "status", "kept_on", "dropped_because", "visibility")
    return {
        **{name: getattr(row, name) for name in same},
        "commitment_id": str(row.pk),
        "action_id": str(row.action_id or ""),
        "new_date": row.renegotiated_to,
        "team": row.team.name if row.team else "",
    }


def _asks(worker: Worker) -> Sheet:
    """Those that she asked; what she answered is the agency's."""
    columns = [
        Column("ask_id", _("Ask"), _("Stays the same in every export.")),
        Column("asked_on", _("Asked on")),
        Column("addressed_to", _("To whom"), names=_names(Addressee)),
        Column("team", _("Team")),
        Column("action_id", _("Action"), _("The action that it hangs on.")),
        Column("barrier", _("What got in the way"), names=_names(Barrier)),
        Column("in_the_way", _("In your words")),
        Column("need", _("What I need")),
        Column("state", _("Status"), names=_names(State)),
        Column("answer", _("Answer"), _("Or the reason why it was declined.")),
        Column("answered_on", _("Answered on")),
    ]
    rows = Ask.objects.by(worker).select_related("team").order_by("created_at", "pk")
    return Sheet("asks", _("Asks"), columns, [_ask(row) for row in rows])


def _ask(row: Ask) -> dict[str, Any]:
    same = ("addressed_to", "barrier", "in_the_way", "need", "state", "answer")
    return {
        **{name: getattr(row, name) for name in same},
        "ask_id": str(row.pk),
        "asked_on": timezone.localdate(row.created_at),
        "team": row.team.name if row.team else "",
        "action_id": str(row.action_id or ""),
        "answered_on": timezone.localdate(row.answered_at) if row.answered_at else None,
    }


def _reflections(worker: Worker) -> Sheet:
    """Opened here: only a process that answers her has the keys."""
    columns = [
        Column("reflection_id", _("Reflection"), _("Stays the same in every export.")),
        Column("written_on", _("Written on")),
        Column("edited_on", _("Changed on")),
        Column("action_id", _("Action"), _("The action that it hangs on.")),
        Column("prompt", _("Question"), names=_names(Prompt)),
        Column("text", _("Your words"), _("Empty where it cannot be opened at the moment.")),
    ]
    rows = [_reflection(entry) for entry in reflections.opened_each(Reflection.objects.visible_to(worker))]
    return Sheet("reflections", _("Reflections"), columns, rows)


def _reflection(entry: reflections.Opened) -> dict[str, Any]:
    row = entry.reflection
    return {
        "reflection_id": str(row.pk),
        "written_on": timezone.localdate(row.created_at),
        "edited_on": timezone.localdate(row.edited_at) if row.edited_at else None,
        "action_id": str(row.action_id or ""),
        "prompt": row.prompt,
        "text": entry.text,
    }


def _drafts(worker: Worker) -> Sheet:
    """What stands in forms that were not sent: the words of it, since the choices are made anew when it is."""
    columns = [
        Column("draft_id", _("Draft"), _("Stays the same in every export.")),
        Column("form", _("Form")),
        Column("saved_on", _("Saved on")),
        Column("text", _("Your words"), _("Empty where it cannot be opened at the moment.")),
    ]
    return Sheet("drafts", _("Drafts"), columns, [_draft(row) for row in Draft.objects.visible_to(worker)])


def _draft(row: Draft) -> dict[str, Any]:
    try:
        said = QueryDict(drafts.opened(row))
        text = "\n\n".join(said[name] for name in TYPED if said.get(name))
    except sealing.CannotOpen:
        text = None
    name = drafts.form_at(row.address)
    return {
        "draft_id": str(row.pk),
        "form": str(drafts.FORMS[name]) if name else "",
        "saved_on": timezone.localdate(row.saved_at),
        "text": text,
    }


# To add what else is hers: a function here, and one in actions.departures.ERASED where it holds a text.
SHEETS: list[Callable[[Worker], Sheet]] = [_actions, _commitments, _asks, _reflections, _drafts]


def _codebook(sheets: Iterable[Sheet]) -> Sheet:
    """Every column of the other sheets, and below it the codes that stand in it, in both languages."""
    columns = [
        Column("sheet", _("Sheet")),
        Column("column", _("Column")),
        Column("heading", _("Heading")),
        Column("meaning", _("Meaning")),
        Column("code", _("Code")),
        Column("english", Language.ENGLISH.label),
        Column("french", Language.FRENCH.label),
    ]
    rows = []
    for sheet in sheets:
        for column in sheet.columns:
            said = {"sheet": sheet.key, "column": column.key, "heading": str(column.heading)}
            rows.append({**said, "meaning": str(column.meaning), "code": "", "english": "", "french": ""})
            for code, (english, french) in (column.names or {}).items():
                rows.append({**said, "meaning": "", "code": code, "english": english, "french": french})
    return Sheet("codebook", _("Codebook"), columns, rows)


def _names(choices: type[TextChoices]) -> Names:
    return {value: _both(choices(value).label) for value in choices.values}


def _both(label: Said) -> tuple[str, str]:
    said = []
    for code in ("en-ca", "fr-ca"):
        with translation.override(code):
            said.append(str(label))
    return said[0], said[1]


def _practices(worker: Worker) -> Names:
    return _terms(Practice.objects.named_for(worker.agency).in_order())


def _terms(terms: Iterable[Practice | Community]) -> Names:
    """Under the agency's own names. An agency's own term comes after a shipped one of the same code."""
    return {
        term.code: (
            getattr(term, "own_label_en", "") or getattr(term, "label_en", ""),
            getattr(term, "own_label_fr", "") or getattr(term, "label_fr", "") or getattr(term, "label_en", ""),
        )
        for term in terms
    }
