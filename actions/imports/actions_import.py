"""Actions from an agency's own spreadsheet, planned as a whole and written all or none.

A row with a reference is known by it within its agency: the same row again changes nothing, a changed row updates the
action unless somebody edited or withdrew it in the app. A row without one is always new, except that each action that
an import brought with the same author, practice, day, level, direction, communities and note makes one such row "the
same", so that repeating a file is safe; but once such an action is edited, in the app or in the file, the row counts
as new. Rows that may change later therefore need a reference.

With what people log themselves nothing is compared: what becomes of a row would tell an admin who did what.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Self
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from actions import identifiers
from actions.catalogue import LANGUAGES
from actions.models import Action, AllowedText, Commitment, Community, CommunityEdit, Practice, PracticeEdit
from actions.models.action import NOTE_LENGTH
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, Level
from teams.models import Agency, Membership, Team, Worker
from teams.spreadsheets.sheets import Cells, Outcome, Problem, Progress, Row, Sheet, Words, folded
from teams.visibility import Visibility

REQUIRED = ("agency", "done_on", "worker", "team", "level", "practice", "direction", "communities", "visibility")
OPTIONAL = (
    "reference",
    "logged_on",
    "note",
    "heard_back",
    "hours",
    "commitment_due",
    "commitment_status",
    "renegotiated_to",
)
LABELS: dict[str, Promise] = {
    "agency": pgettext_lazy("column", "Agency"),
    "done_on": pgettext_lazy("column", "Done on"),
    "worker": pgettext_lazy("column", "Worker"),
    "team": pgettext_lazy("column", "Team"),
    "level": pgettext_lazy("column", "Level"),
    "practice": pgettext_lazy("column", "Practice"),
    "direction": pgettext_lazy("column", "Direction"),
    "communities": pgettext_lazy("column", "Communities"),
    "visibility": pgettext_lazy("column", "Visibility"),
    "reference": pgettext_lazy("column", "Reference"),
    "logged_on": pgettext_lazy("column", "Logged on"),
    "note": pgettext_lazy("column", "Note"),
    "heard_back": pgettext_lazy("column", "Heard back"),
    "hours": pgettext_lazy("column", "Hours"),
    "commitment_due": pgettext_lazy("column", "Commitment due"),
    "commitment_status": pgettext_lazy("column", "Commitment status"),
    "renegotiated_to": pgettext_lazy("column", "Renegotiated to"),
}
"""What a column may be called besides; in English, its name with blanks."""
REFERENCE_LENGTH = 60
BATCH = 2000

# A comma is a decimal mark only before one or two digits: 1,000 may have been meant as a thousand.
HOURS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]+|,[0-9]{1,2})?")
MOST_HOURS = 999
HUNDREDTH = Decimal("0.01")

# Fields of an existing action that a row always speaks about, and those it does where the file has their column.
ALWAYS_SAID = ("author_id", "team_id", "practice_id", "level", "direction", "communities", "done_on", "visibility")
SAID_BY_COLUMN = ("note", "heard_back", "hours")
PROMISE_COLUMNS = {"commitment_due": "due_on", "commitment_status": "status", "renegotiated_to": "renegotiated_to"}

type Likeness = tuple[UUID, int, date, str, str, tuple[int, ...]]


@dataclass(frozen=True)
class Entry:
    """One row as the action and the commitment that it describes, not yet saved."""

    row: int
    action: Action
    promise: Commitment | None
    said: frozenset[str]


@dataclass
class Plan(Outcome):
    """What a file of actions would do, with the rows to write; a plan with errors is not written."""

    new_actions: list[Action] = field(default_factory=list)
    changed_actions: list[Action] = field(default_factory=list)
    new_promises: list[Commitment] = field(default_factory=list)
    changed_promises: list[Commitment] = field(default_factory=list)
    dropped_promises: list[Commitment] = field(default_factory=list)
    warned: set[int] = field(default_factory=set)
    """Rows refused for a note that only may point to a person."""
    days: dict[UUID, set[date]] = field(default_factory=lambda: defaultdict(set))
    """By agency the days whose figures would change, of changed actions the old day as well."""


@transaction.atomic
def plan(
    sheet: Sheet,
    *,
    agencies: QuerySet[Agency],
    accept_warnings: bool = False,
    progress: Progress = lambda done, total: None,
) -> Plan:
    """What the sheet would create and change in these agencies.

    What it compares with stays locked until the transaction ends, so `write` belongs into the same one. With
    `accept_warnings` a note that only may point to a person passes, and is told.
    """
    made = Plan(errors=list(sheet.problems), unread=sheet.unread)
    reader = _Reader(_Known.of(sheet, agencies), made, sheet.columns, accept_warnings=accept_warnings)
    entries = []
    for count, row in enumerate(sheet.rows, start=1):
        if entry := reader.read(row):
            entries.append(entry)
        progress(count, len(sheet.rows))
    comparison = _Comparison(entries, made, sheet.columns)
    for entry in entries:
        comparison.take(entry)
    return made


@transaction.atomic
def write(made: Plan) -> None:
    """Write all of a plan; ValueError where it has errors."""
    if made.errors:
        raise ValueError("A plan with errors is not written.")
    Action.objects.bulk_create(made.new_actions, batch_size=BATCH)
    # An upsert that always meets its row: one statement for a batch, where bulk_update compares row by row.
    Action.objects.bulk_create(
        made.changed_actions,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*(name.removesuffix("_id") for name in ALWAYS_SAID), *SAID_BY_COLUMN, "logged_on", "version"],
    )
    for promise in made.new_promises:
        promise.action = promise.action  # takes over the key that the database gave
    Commitment.objects.bulk_create(made.new_promises, batch_size=BATCH)
    Commitment.objects.bulk_create(
        made.changed_promises,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(PROMISE_COLUMNS.values()),
    )
    if made.dropped_promises:
        Commitment.objects.filter(pk__in=[promise.pk for promise in made.dropped_promises]).delete()


@dataclass(frozen=True)
class _Known:
    """What the rows of a file can refer to, read in as many queries for many rows as for one."""

    agencies: Words[Agency]
    workers: dict[tuple[UUID, str], Worker]
    teams: dict[UUID, Words[Team]]
    spells: dict[UUID, list[Membership]]
    practices: dict[UUID, Words[Practice]]
    communities: dict[UUID, Words[Community]]
    allowed: dict[UUID, list[str]]

    @classmethod
    def of(cls, sheet: Sheet, agencies: QuerySet[Agency]) -> Self:
        names = {folded(row.cells["agency"]) for row in sheet.rows}
        emails = {row.cells["worker"].lower() for row in sheet.rows}
        found = [agency for agency in agencies if folded(agency.name) in names]
        workers = list(Worker.objects.filter(agency__in=found, email__in=emails))
        return cls(
            agencies=Words([(agency.name, agency) for agency in found]),
            workers={(worker.agency_id, worker.email): worker for worker in workers if worker.agency_id},
            teams=_team_words(found),
            spells=_spells(workers),
            practices=_term_words(found, Practice.objects.all(), PracticeEdit.objects.all()),
            communities=_term_words(found, Community.objects.all(), CommunityEdit.objects.all()),
            allowed=_allowed(found),
        )


def _allowed(agencies: list[Agency]) -> dict[UUID, list[str]]:
    allowed: dict[UUID, list[str]] = defaultdict(list)
    for agency, text in AllowedText.objects.filter(agency__in=agencies).values_list("agency", "text"):
        allowed[agency].append(text)
    return allowed


def _team_words(agencies: list[Agency]) -> dict[UUID, Words[Team]]:
    teams = list(Team.objects.filter(agency__in=agencies))
    return {
        agency.pk: Words([(team.name, team) for team in teams if team.agency_id == agency.pk]) for agency in agencies
    }


def _spells(workers: list[Worker]) -> dict[UUID, list[Membership]]:
    spells: dict[UUID, list[Membership]] = defaultdict(list)
    for spell in Membership.objects.filter(worker__in=workers).select_related("team"):
        spells[spell.worker_id].append(spell)
    return spells


def _term_words[T: (Practice, Community)](
    agencies: list[Agency],
    terms: QuerySet[T],
    edits: "QuerySet[PracticeEdit] | QuerySet[CommunityEdit]",
) -> dict[UUID, Words[T]]:
    """By agency its own names of terms before the codes, and these before the labels; hidden and retired ones too."""
    shared = list(terms.filter(Q(agency=None) | Q(agency__in=agencies)))
    by_key = {term.pk: term for term in shared}
    own_names: dict[UUID, list[tuple[str, T]]] = defaultdict(list)
    for edit in edits.filter(agency__in=agencies):
        own_names[edit.agency_id] += [
            (label, by_key[edit.term_id]) for label in (edit.label_en, edit.label_fr) if label
        ]
    words = {}
    for agency in agencies:
        offered = [term for term in shared if term.agency_id in {None, agency.pk}]
        words[agency.pk] = Words(
            own_names[agency.pk],
            [(code, term) for term in offered for code in (term.code, term.code.replace("_", " "))],
            [(getattr(term, f"label_{language}") or "", term) for term in offered for language in LANGUAGES],
        )
    return words


def community_words(agency: Agency) -> Words[Community]:
    """What a cell may call the communities of the agency's catalogue."""
    return _term_words([agency], Community.objects.all(), CommunityEdit.objects.all())[agency.pk]


class _Reader:
    """Reads row after row, adding to the plan what is wrong with them."""

    def __init__(self, known: _Known, made: Plan, columns: frozenset[str], *, accept_warnings: bool) -> None:
        self.known = known
        self.made = made
        self.refused = {identifiers.Level.BLOCK} | (set() if accept_warnings else {identifiers.Level.WARN})
        self.said = frozenset({*ALWAYS_SAID, *columns.intersection(SAID_BY_COLUMN)})
        self.references: dict[str, int] = {}
        self.todays: dict[UUID, date] = {}
        self.findings: dict[tuple[UUID | None, str], list[identifiers.Finding]] = {}

    def read(self, row: Row) -> Entry | None:
        """The row as an action, or None where something is wrong with it."""
        cells = Cells(row, self.made.errors)
        reference = self._reference(cells)
        agency = cells.found("agency", self.known.agencies, unknown=_("is not the name of an agency here"))
        level = cells.choice("level", Level)
        choices = {
            "direction": cells.choice("direction", Direction),
            "visibility": cells.choice("visibility", Visibility),
            "heard_back": cells.choice("heard_back", HeardBack, default=HeardBack.NOT_ASKED),
        }
        hours, note, promise = _hours(cells), self._note(cells, agency), _promise(cells)
        done_on, logged_on = cells.day("done_on", required=True), cells.day("logged_on")
        if agency is None:
            return None
        today = self._today(agency)
        if done_on and done_on > today:
            cells.wrong("done_on", _("lies in the future"))
            done_on = None
        if logged_on and logged_on > today:
            cells.wrong("logged_on", _("lies in the future"))
        elif logged_on and done_on and logged_on < done_on:
            cells.wrong("logged_on", _("comes before done_on"))
        worker = self._worker(cells, agency)
        team = self._team(cells, agency, worker, done_on)
        practice = self._practice(cells, agency, level)
        communities = self._communities(cells, agency)
        if not (cells.fine and worker and practice and done_on):
            return None
        action = Action(
            agency=agency,
            author=worker,
            team=team,
            practice=practice,
            level=level,
            communities=communities,
            done_on=done_on,
            logged_on=logged_on or today,
            hours=hours,
            note=note,
            reference=reference,
            is_imported=True,
            **choices,
        )
        return Entry(row.number, action, promise, self.said | ({"logged_on"} if logged_on else set()))

    def _today(self, agency: Agency) -> date:
        """Asked once, so that midnight does not fall between two rows."""
        return self.todays.setdefault(agency.pk, agency.today())

    def _reference(self, cells: Cells) -> str:
        reference = cells.text("reference", most=REFERENCE_LENGTH)
        first = self.references.setdefault(reference, cells.number) if reference else cells.number
        if first != cells.number:
            cells.wrong("reference", _("stands in row %(row)d already") % {"row": first})
        return reference

    def _worker(self, cells: Cells, agency: Agency) -> Worker | None:
        email = cells.text("worker", required=True).lower()
        worker = self.known.workers.get((agency.pk, email))
        if email and worker is None:
            cells.wrong("worker", _("is not the e-mail address of anybody in this agency"))
        return worker

    def _team(self, cells: Cells, agency: Agency, worker: Worker | None, day: date | None) -> Team | None:
        """The team of the row; where it names none, the one that the worker was in, if any."""
        team = None
        if cells.text("team"):
            team = cells.found("team", self.known.teams[agency.pk], unknown=_("is not a team of this agency"))
            if team is None:
                return None
        if worker is None or day is None:
            return team
        hers = [spell.team for spell in self.known.spells[worker.pk] if _includes(spell, day)]
        if team is None and len(hers) > 1:
            cells.wrong("team", _("is empty, and the worker was in several teams on that day"))
        elif team is not None and team not in hers:
            cells.wrong("team", _("is not one that the worker was in on that day"))
        return team or next(iter(hers), None)

    def _practice(self, cells: Cells, agency: Agency, level: str) -> Practice | None:
        practice = cells.found("practice", self.known.practices[agency.pk], unknown=_("is not in the catalogue"))
        if practice and level and level not in practice.levels:
            listed = ", ".join(str(Level(level).label) for level in practice.levels)
            cells.wrong("level", _("does not fit the practice, which lists: %(levels)s") % {"levels": listed})
        return practice

    def _communities(self, cells: Cells, agency: Agency) -> list[int]:
        texts = [text for part in cells.text("communities").split(";") if (text := part.strip())]
        words = self.known.communities[agency.pk]
        found = {community for text in texts if (community := words.find(text))}
        if not texts:
            cells.wrong("communities", _("is empty"))
        elif any(words.find(text) is None for text in texts):
            cells.wrong("communities", _("names one that is not in the catalogue; several are separated by “;”"))
        elif len(found) > 1 and (exclusive := next((term for term in found if term.is_exclusive), None)):
            cells.wrong("communities", _("“%(community)s” cannot stand with others") % {"community": exclusive.label})
        return sorted(community.pk for community in found)

    def _note(self, cells: Cells, agency: Agency | None) -> str:
        note = cells.text("note", most=NOTE_LENGTH)
        if len(note) > NOTE_LENGTH:
            return note
        key = (agency.pk if agency else None, note)
        if key not in self.findings:
            allowed = self.known.allowed[agency.pk] if agency else ()
            self.findings[key] = identifiers.check(note, allow=allowed)
        for reason, level in dict.fromkeys((str(hit.reason), hit.level) for hit in self.findings[key]):
            told = f"{reason.rstrip('.')} ({_level_words(level)})"
            if level in self.refused:
                cells.wrong("note", told)
                if level is identifiers.Level.WARN:
                    self.made.warned.add(cells.number)
            else:
                self.made.notices.append(Problem(cells.number, "note", told))
        return note


def _level_words(level: identifiers.Level) -> str:
    return {
        identifiers.Level.BLOCK: pgettext("identifier guard", "block"),
        identifiers.Level.WARN: pgettext("identifier guard", "warn"),
    }.get(level) or pgettext("identifier guard", "hint")


def _includes(spell: Membership, day: date) -> bool:
    return spell.starts_on <= day <= (spell.ends_on or date.max)


def _hours(cells: Cells) -> Decimal | None:
    text = cells.text("hours")
    if not text:
        return None
    if not HOURS.fullmatch(text):
        cells.wrong("hours", _("is not a number such as 1.5 or 1,5"))
        return None
    hours = Decimal(text.replace(",", "."))
    if not 0 <= hours <= MOST_HOURS:
        cells.wrong("hours", _("is not between 0 and %(most)d") % {"most": MOST_HOURS})
    return hours.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def _promise(cells: Cells) -> Commitment | None:
    due_on, renegotiated_to = cells.day("commitment_due"), cells.day("renegotiated_to")
    status = cells.choice("commitment_status", CommitmentStatus, default=CommitmentStatus.OPEN)
    if due_on:
        return Commitment(due_on=due_on, status=status, renegotiated_to=renegotiated_to)
    if not cells.text("commitment_due") and (cells.text("commitment_status") or renegotiated_to):
        cells.wrong("commitment_due", _("is empty although the row tells of a commitment"))
    return None


class _Comparison:
    """The actions and commitments of the database that the entries speak of; locked, so that nobody edits them now."""

    def __init__(self, entries: list[Entry], made: Plan, columns: frozenset[str]) -> None:
        self.made = made
        self.columns = columns
        self.known = _with_references(entries)
        self.alike = _like_those_without(entries)
        self.promises: dict[UUID | None, list[Commitment]] = defaultdict(list)
        for promise in Commitment.objects.select_for_update().filter(action__in=[a.pk for a in self.known.values()]):
            self.promises[promise.action_id].append(promise)

    def take(self, entry: Entry) -> None:
        action = entry.action
        if not action.reference:
            self._take_alike(entry)
        elif saved := self.known.get((action.agency_id, action.reference)):
            self._take_again(entry, saved)
        else:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        self.made.new.append(entry.row)
        self.made.new_actions.append(entry.action)
        self.made.origins[id(entry.action)] = entry.row
        self.made.days[entry.action.agency_id].add(entry.action.done_on)
        self._add_promise(entry, entry.action)

    def _add_promise(self, entry: Entry, action: Action) -> None:
        if entry.promise:
            entry.promise.agency_id, entry.promise.action = action.agency_id, action
            self.made.new_promises.append(entry.promise)
            self.made.origins[id(entry.promise)] = entry.row

    def _take_alike(self, entry: Entry) -> None:
        """Each like action of the database answers for one row; a withdrawn one, whose note is gone, for any note."""
        candidates = self.alike[_likeness(entry.action)]
        for saved in candidates:
            if saved.withdrawn_at or saved.note == entry.action.note:
                candidates.remove(saved)
                if saved.withdrawn_at:
                    self._leave(entry, _("was withdrawn in the app and stays so"))
                else:
                    self.made.same.append(entry.row)
                return
        self._add(entry)

    def _take_again(self, entry: Entry, saved: Action) -> None:
        changes = {name: value for name in entry.said if _value(saved, name) != (value := _value(entry.action, name))}
        promise_differs = self._promise_differs(entry, saved)
        if saved.withdrawn_at:
            self._leave(entry, _("was withdrawn in the app and stays so"))
        elif not (changes or promise_differs):
            self.made.same.append(entry.row)
        elif saved.edited_at or (promise_differs and self._promise_is_hers(saved)):
            self._leave(entry, _("was edited in the app and stays as it is there"))
        else:
            self._change(entry, saved, changes, promise_differs=promise_differs)

    def _change(self, entry: Entry, saved: Action, changes: dict[str, object], *, promise_differs: bool) -> None:
        self.made.changed.append(entry.row)
        self.made.changed_actions.append(saved)
        self.made.origins[id(saved)] = entry.row
        self.made.days[saved.agency_id] |= {saved.done_on, entry.action.done_on}
        for name, value in {**changes, "version": saved.version + 1}.items():
            setattr(saved, name, value)
        if promise_differs:
            self._change_promise(entry, saved)

    def _change_promise(self, entry: Entry, saved: Action) -> None:
        held = self.promises[saved.pk]
        if entry.promise is None:
            self.made.dropped_promises.extend(held)
            self.made.origins.update({id(promise): entry.row for promise in held})
        elif not held:
            self._add_promise(entry, saved)
        else:
            for name in self._promise_fields():
                setattr(held[0], name, getattr(entry.promise, name))
            self.made.changed_promises.append(held[0])
            self.made.origins[id(held[0])] = entry.row

    def _promise_differs(self, entry: Entry, saved: Action) -> bool:
        held = self.promises[saved.pk]
        if "commitment_due" not in self.columns:
            return False
        if entry.promise is None or len(held) != 1:
            return bool(held) or entry.promise is not None
        return any(getattr(held[0], name) != getattr(entry.promise, name) for name in self._promise_fields())

    def _promise_fields(self) -> list[str]:
        return [name for column, name in PROMISE_COLUMNS.items() if column in self.columns]

    def _promise_is_hers(self, saved: Action) -> bool:
        """Whether its author has said in the app what became of the commitment: an import never says these things."""
        held = self.promises[saved.pk]
        return len(held) > 1 or any(
            promise.spoken_at or promise.kept_on or promise.agreed_with or promise.dropped_because for promise in held
        )

    def _leave(self, entry: Entry, reason: str) -> None:
        self.made.left.append(entry.row)
        self.made.notices.append(Problem(entry.row, "reference" if entry.action.reference else "done_on", reason))


def _with_references(entries: list[Entry]) -> dict[tuple[UUID, str], Action]:
    wanted = {(entry.action.agency_id, entry.action.reference) for entry in entries if entry.action.reference}
    saved = Action.objects.select_for_update().order_by().exclude(reference="")
    saved = saved.filter(
        agency__in={agency for agency, _reference in wanted}, reference__in={reference for _agency, reference in wanted}
    )
    return {(action.agency_id, action.reference): action for action in saved}


def _like_those_without(entries: list[Entry]) -> dict[Likeness, list[Action]]:
    """Imported actions without a reference that may be those of entries without one; standing ones first."""
    alike: dict[Likeness, list[Action]] = defaultdict(list)
    without = [entry.action for entry in entries if not entry.action.reference]
    days = [action.done_on for action in without]
    if without:
        imported = Action.objects.select_for_update().filter(is_imported=True, reference="")
        saved = imported.filter(done_on__range=(min(days), max(days)))
        for action in saved.filter(author__in={action.author_id for action in without}).order_by():
            alike[_likeness(action)].append(action)
    for candidates in alike.values():
        candidates.sort(key=lambda action: action.withdrawn_at is not None)
    return alike


def _likeness(action: Action) -> Likeness:
    return (
        action.author_id,
        action.practice_id,
        action.done_on,
        action.level,
        action.direction,
        tuple(sorted(action.communities)),
    )


def _value(action: Action, name: str) -> object:
    value: object = getattr(action, name)
    return sorted(value) if isinstance(value, list) else value
