"""Events in plain words: names for keys, labels for codes, what was before and what is now."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from actions.models import Community, Initiative, InitiativePartner, Practice
from reports.audit import places
from reports.audit.events import Found
from reports.audit.kinds import Kind
from reports.models import TeamSummary
from reports.pages.labels import number, period_label
from teams.audit.recording import BY, COMMAND, PAGE, TASK
from teams.models import Agency, Invitation, Team, Worker

DONE: Mapping[str, str | Promise] = {
    "insert": pgettext_lazy("audit", "added"),
    "update": pgettext_lazy("audit", "changed"),
    "delete": pgettext_lazy("audit", "removed"),
}
SECOND_FACTORS: Mapping[str, str | Promise] = {
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery codes"),
}
NOTHING = "—"


@dataclass(frozen=True)
class Detail:
    """One field; `old` is None where there is nothing to compare it with."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True)
class Change:
    pk: UUID
    at: datetime
    who: str
    where: str
    kind: str
    about: str
    url: str
    """Of the person or the team that it is about; empty where there is none."""
    done: str
    details: list[Detail]


def told(found: list[Found], reader: Worker) -> list[Change]:
    """Names are read at once for all of them: a statement for each kind of thing that has one."""
    assert reader.agency is not None
    names = Names(found, reader.agency)
    return [_change(one, names) for one in found]


def _change(found: Found, names: "Names") -> Change:
    kind = found.kind
    named = (names.value(kind, name, found.new[name]) for name in kind.about)
    return Change(
        pk=found.pk,
        at=found.at,
        who=names.who(found.context),
        where=places.told(found.context),
        kind=str(kind.name),
        about=", ".join(name for name in named if name != NOTHING) or NOTHING,
        url=_url(found),
        done=str(DONE[found.label]),
        details=list(_details(found, names)),
    )


def _details(found: Found, names: "Names") -> Iterator[Detail]:
    kind, new, old = found.kind, found.new, found.old
    for name, label in kind.labels.items():
        value = names.value(kind, name, new[name])
        if found.label == "update" and old is not None:
            if old[name] != new[name]:
                yield Detail(str(label), names.value(kind, name, old[name]), value)
        elif name not in kind.about and new[name] not in (None, "", False, [], {}):
            yield Detail(str(label), None, value)


def _url(found: Found) -> str:
    """The agency's own people and teams: no other stands in its events."""
    for columns, page in ((found.kind.people, "teams:person"), (found.kind.teams, "reports:team")):
        for column in columns:
            key = found.new.get("pk" if column == "pgh_obj" else column)
            if key and column in {"pgh_obj", *found.kind.about}:
                return reverse(page, args=[key])
    return ""


class Names:
    """What the keys in some events are called, and who made the changes."""

    def __init__(self, found: Iterable[Found], agency: Agency) -> None:
        self.agency = agency
        keys: dict[type[models.Model], set[Any]] = {model: {nothing} for model, (nothing, _read) in _READ.items()}
        for one in found:
            if BY in one.context:
                keys[Worker].add(one.context[BY])
            for row in filter(None, (one.new, one.old)):
                for name, value in row.items():
                    if name != "pk":
                        _collect(keys, _field(one.kind, name), value)
        self._names = {model: read(keys[model], agency) for model, (_nothing, read) in _READ.items()}

    def who(self, context: Mapping[str, Any]) -> str:
        if by := context.get(BY):
            return self._names[Worker].get(by, _("Unknown"))
        if context.get(TASK):
            return _("The app itself")
        if context.get(PAGE) and not context.get(COMMAND):
            return _("Somebody who was not signed in")
        return _("The operator")

    def value(self, kind: Kind, name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return NOTHING
        field = _field(kind, name)
        if isinstance(field, models.ForeignKey):
            return self._names[_related(field)].get(str(value), NOTHING)
        if isinstance(field, ArrayField):
            return ", ".join(self._names[Community].get(str(key), NOTHING) for key in value)
        return _plain(kind, field, value)


def _plain(kind: Kind, field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return _("%(new)s new, %(changed)s changed, %(same)s same") % {
            key: number(value.get(key, 0)) for key in ("new", "changed", "same")
        }
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(value))
    if field.name == "type":
        return str(SECOND_FACTORS.get(value, value))
    choices = dict(kind.model._meta.get_field(field.name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, number(value) if isinstance(value, int) else value))


def _field(kind: Kind, name: str) -> Any:
    return kind.event._meta.get_field(name)


def _collect(keys: dict[type[models.Model], set[Any]], field: Any, value: Any) -> None:
    if isinstance(field, models.ForeignKey) and value is not None:
        keys[_related(field)].add(value)
    elif isinstance(field, ArrayField):
        keys[Community] |= set(value or ())


def _related(field: Any) -> type[models.Model]:
    related: type[models.Model] = field.related_model
    return related


def _people(keys: set[Any], agency: Agency) -> dict[str, str]:
    """Of another agency, whose people are none of the reader's business, its name alone."""
    rows = Worker.objects.filter(pk__in=keys).values_list("pk", "name", "agency", "agency__name")
    return {str(pk): _said(name, home, home_name, agency) for pk, name, home, home_name in rows}


def _said(name: str, home: UUID | None, home_name: str, agency: Agency) -> str:
    if home is None:
        return _("The operator")
    return name if home == agency.pk else _("Somebody at %(agency)s") % {"agency": home_name}


def _by(model: type[models.Model], column: str) -> Callable[[set[Any], Agency], dict[str, str]]:
    def read(keys: set[Any], agency: Agency) -> dict[str, str]:
        rows = model._default_manager.filter(pk__in=keys).values_list("pk", column)
        return {str(pk): name for pk, name in rows}

    return read


def _initiatives(keys: set[Any], agency: Agency) -> dict[str, str]:
    """Of those that it shares today: who has left one reads no more of it."""
    shared = InitiativePartner.objects.current().filter(agency=agency, initiative__in=keys)
    return {str(pk): title for pk, title in shared.values_list("initiative", "initiative__title")}


def _terms(model: type[Practice] | type[Community]) -> Callable[[set[Any], Agency], dict[str, str]]:
    def read(keys: set[Any], agency: Agency) -> dict[str, str]:
        rows: Any = model._default_manager
        return {str(term.pk): term.name for term in rows.named_for(agency).filter(pk__in=keys)}

    return read


def _summaries(keys: set[Any], agency: Agency) -> dict[str, str]:
    rows = TeamSummary.objects.filter(pk__in=keys).select_related("team")
    return {str(row.pk): f"{row.team.name}, {period_label(row.period)}" for row in rows}


_NOBODY, _NONE = UUID(int=0), 0
# By what is asked for where there is nothing to ask for, so that a page takes as many statements whatever it shows.
_READ: Mapping[type[models.Model], tuple[Any, Callable[[set[Any], Agency], dict[str, str]]]] = {
    Agency: (_NOBODY, _by(Agency, "name")),
    Community: (_NONE, _terms(Community)),
    Initiative: (_NOBODY, _initiatives),
    Invitation: (_NOBODY, _by(Invitation, "email")),
    Practice: (_NONE, _terms(Practice)),
    Team: (_NOBODY, _by(Team, "name")),
    TeamSummary: (_NOBODY, _summaries),
    Worker: (_NOBODY, _people),
}
