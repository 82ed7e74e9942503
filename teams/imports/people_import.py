"""People from a spreadsheet: agencies, teams, accounts and spells, planned as a whole and written all or none."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from teams import agencies
from teams.models import Agency, Cadence, Language, Membership, Role, Team, Worker, validate_time_zone
from teams.spreadsheets.sheets import Cells, Outcome, Problem, Progress, Row, Sheet, Words, folded

REQUIRED = ("agency", "name", "email", "role", "team", "starts_on")
OPTIONAL = ("ends_on", "language")
LABELS: dict[str, Promise] = {
    "agency": pgettext_lazy("column", "Agency"),
    "name": pgettext_lazy("column", "Name"),
    "email": pgettext_lazy("column", "Email"),
    "role": pgettext_lazy("column", "Role"),
    "team": pgettext_lazy("column", "Team"),
    "starts_on": pgettext_lazy("column", "Starts on"),
    "ends_on": pgettext_lazy("column", "Ends on"),
    "language": pgettext_lazy("column", "Language"),
}
"""What a column may be called besides; in English, its name with blanks."""
NAME_LENGTH = 120

ADMIN, EQUITY_LEAD = "admin", "equity_lead"
ROLE_LABELS = {
    Role.MEMBER.value: ("Member", "Membre"),
    Role.SUPERVISOR.value: ("Supervisor", "Superviseur"),
    EQUITY_LEAD: ("Equity lead", "Responsable de l’équité"),
    ADMIN: ("Admin", "Administration"),
}
ROLES = Words(
    [(code, code) for code in ROLE_LABELS],
    [(label, code) for code, labels in ROLE_LABELS.items() for label in labels],
)
AGENCY_ROLES = {ADMIN: "is_admin", EQUITY_LEAD: "is_equity_lead"}


@dataclass(frozen=True)
class Person:
    """One row: somebody with one role, and for a role in a team the spell of it."""

    row: int
    agency: str
    name: str
    email: str
    role: str
    language: str
    team: str
    starts_on: date | None
    ends_on: date | None


@dataclass
class Plan(Outcome):
    """What a file of people would do, with the rows to write; a plan with errors is not written."""

    new_agencies: list[Agency] = field(default_factory=list)
    new_teams: list[Team] = field(default_factory=list)
    new_workers: list[Worker] = field(default_factory=list)
    new_spells: list[Membership] = field(default_factory=list)
    changed_workers: list[Worker] = field(default_factory=list)
    changed_spells: list[Membership] = field(default_factory=list)
    admins: set[str] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)
    """Addresses of those who become admins and equity leads."""


@transaction.atomic
def plan(
    sheet: Sheet,
    *,
    agencies: QuerySet[Agency] | None = None,
    time_zone: str = "America/Toronto",
    cadence: str = Cadence.QUARTERLY,
    progress: Progress = lambda done, total: None,
) -> Plan:
    """What the sheet would create and change; time zone and cadence are those of agencies not yet known.

    What it compares with stays locked until the transaction ends, so `write` belongs into the same one. A person is
    known by her e-mail address, a team by its name in its agency, a spell by its first day. An agency is looked up
    among `agencies`, or among all of them; one that is not there is new.
    """
    validate_time_zone(time_zone)
    made = Plan(errors=list(sheet.problems), unread=sheet.unread)
    people = [person for row in sheet.rows if (person := _read(row, made.errors))]
    known = Agency.objects.all() if agencies is None else agencies
    roll = _Roll(people, made, known, time_zone=time_zone, cadence=cadence)
    for count, person in enumerate(people, start=1):
        roll.take(person)
        progress(count, len(people))
    roll.refuse_overlaps()
    return made


@transaction.atomic
def write(made: Plan) -> None:
    """Write all of a plan; ValueError where it has errors."""
    if made.errors:
        raise ValueError("A plan with errors is not written.")
    for agency in made.new_agencies:
        agencies.add(agency)
    _refer_to_saved(made.new_teams, "agency")
    Team.objects.bulk_create(made.new_teams)
    _refer_to_saved(made.new_workers, "agency")
    Worker.objects.bulk_create(made.new_workers)
    Worker.objects.bulk_update(made.changed_workers, ["name", "is_admin", "is_equity_lead"])
    Membership.objects.bulk_update(made.changed_spells, ["role", "ends_on"])
    _refer_to_saved(made.new_spells, "agency", "team", "worker")
    Membership.objects.bulk_create(made.new_spells)


def _refer_to_saved(rows: list[Team] | list[Worker] | list[Membership], *fields: str) -> None:
    """Take over the keys that the database gave to the rows referred to."""
    for row in rows:
        for name in fields:
            setattr(row, name, getattr(row, name))


def _read(row: Row, errors: list[Problem]) -> Person | None:
    cells = Cells(row, errors)
    role = cells.found("role", ROLES, unknown=_("is none of: %(choices)s") % {"choices": ", ".join(ROLE_LABELS)})
    in_team = role is not None and role not in AGENCY_ROLES
    starts_on = cells.day("starts_on", required=True) if in_team else None
    ends_on = cells.day("ends_on") if in_team else None
    if starts_on and ends_on and ends_on < starts_on:
        cells.wrong("ends_on", _("comes before starts_on"))
    person = Person(
        row=row.number,
        agency=cells.text("agency", most=NAME_LENGTH, required=True),
        name=cells.text("name", most=NAME_LENGTH, required=True),
        email=_email(cells),
        role=role or "",
        language=cells.choice("language", Language, default=""),
        team=cells.text("team", most=NAME_LENGTH, required=True) if in_team else "",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return person if cells.fine else None


def _email(cells: Cells) -> str:
    email = cells.text("email", most=254, required=True).lower()
    try:
        validate_email(email or "nobody@agency.example")
        is_address = email.isascii()  # letters that only look like others are of another address
    except ValidationError:
        is_address = False
    if not is_address:
        cells.wrong("email", _("is not an e-mail address"))
    return email


class _Effect(IntEnum):
    """What a row does, or one part of it; the row as a whole does the greatest of them."""

    SAME = 0
    CHANGED = 1
    NEW = 2


@dataclass
class _Spell:
    """A spell as it will be, with the row that says so; one that the file does not name has none."""

    membership: Membership
    row: int | None = None

    @property
    def last_day(self) -> date:
        return self.membership.ends_on or date.max


class _Roll:
    """Who is where today, brought up to the rows of the file one after the other."""

    def __init__(
        self, people: list[Person], made: Plan, agencies: QuerySet[Agency], *, time_zone: str, cadence: str
    ) -> None:
        self.made = made
        self.time_zone, self.cadence = time_zone, cadence
        self.languages = _languages(people)
        self.first_rows: dict[str, Person] = {}
        self.said_languages: dict[str, Person] = {}
        known = {folded(agency.name): agency for agency in agencies.order_by("-pk")}
        self.agencies = {key: agency for key, agency in known.items() if key in self.languages}
        keys = {agency.pk: key for key, agency in self.agencies.items()}
        # Accounts before teams before spells, each by key: as everybody else locks them.
        workers = Worker.objects.select_for_update(no_key=True).filter(email__in={person.email for person in people})
        self.workers = {worker.email: worker for worker in workers.order_by("pk")}
        teams = list(Team.objects.select_for_update(no_key=True).filter(agency__in=keys).order_by("pk"))
        self.teams = {(keys[team.agency_id], folded(team.name)): team for team in reversed(teams)}
        self.todays = {key: agency.today() for key, agency in self.agencies.items()}
        self.known_emails = frozenset(self.workers)
        self.spells = self._known_spells()

    def _known_spells(self) -> dict[tuple[str, str], list[_Spell]]:
        emails = {worker.pk: email for email, worker in self.workers.items()}
        teams = {team.pk: name for (_agency, name), team in self.teams.items()}
        spells: dict[tuple[str, str], list[_Spell]] = defaultdict(list)
        saved = Membership.objects.select_for_update().filter(worker__in=emails, team__in=teams)
        for membership in saved.order_by("pk"):
            spells[emails[membership.worker_id], teams[membership.team_id]].append(_Spell(membership))
        return spells

    def take(self, person: Person) -> None:
        """Bring in one row; where it cannot be, add to the errors."""
        if contradictions := list(self._contradictions(person)):
            self.made.errors.extend(contradictions)
            return
        agency = self._agency(person)
        if self._stands_elsewhere(person, agency):
            self.made.errors.append(
                Problem(
                    person.row, "email", _("belongs to somebody who is not in this agency, and nobody can be moved")
                )
            )
            return
        worker, effect = self._worker(person, agency)
        if person.starts_on:
            effect = max(effect, self._spell(person, worker, person.starts_on))
        rows = {_Effect.NEW: self.made.new, _Effect.CHANGED: self.made.changed, _Effect.SAME: self.made.same}
        rows[effect].append(person.row)

    def _contradictions(self, person: Person) -> Iterator[Problem]:
        """What another row of the file says differently about the same person."""
        first = self.first_rows.setdefault(person.email, person)
        if folded(first.agency) != folded(person.agency):
            yield Problem(person.row, "email", _("stands in another agency in row %(row)d") % {"row": first.row})
        if first.name != person.name:
            yield Problem(person.row, "name", _("is another one in row %(row)d") % {"row": first.row})
        if person.language:
            said = self.said_languages.setdefault(person.email, person)
            if said.language != person.language:
                yield Problem(person.row, "language", _("is another one in row %(row)d") % {"row": said.row})

    def _agency(self, person: Person) -> Agency:
        key = folded(person.agency)
        if key not in self.agencies:
            agency = Agency(
                name=person.agency, time_zone=self.time_zone, cadence=self.cadence, language=self.languages[key]
            )
            self.made.new_agencies.append(agency)
            self.agencies[key] = agency
        return self.agencies[key]

    def _stands_elsewhere(self, person: Person, agency: Agency) -> bool:
        return person.email in self.known_emails and self.workers[person.email].agency_id != agency.pk

    def _worker(self, person: Person, agency: Agency) -> tuple[Worker, _Effect]:
        worker = self.workers.get(person.email)
        if worker is None:
            worker = Worker(agency=agency, email=person.email, language=agency.language)
            worker.set_unusable_password()
            self.workers[person.email] = worker
            self.made.new_workers.append(worker)
            self.made.origins[id(worker)] = person.row
            self._grant(worker, person)
            _update(worker, **_said(person, is_new=True))
            return worker, _Effect.NEW
        self._grant(worker, person)
        if not _update(worker, **_said(person, is_new=person.email not in self.known_emails)):
            return worker, _Effect.SAME
        if person.email not in self.known_emails:
            return worker, _Effect.NEW
        if id(worker) not in self.made.origins:
            self.made.changed_workers.append(worker)
            self.made.origins[id(worker)] = person.row
        return worker, _Effect.CHANGED

    def _grant(self, worker: Worker, person: Person) -> None:
        """Note what the row makes of somebody who was not that before."""
        granted = {ADMIN: self.made.admins, EQUITY_LEAD: self.made.leads}.get(person.role)
        if granted is not None and not getattr(worker, AGENCY_ROLES[person.role]):
            granted.add(person.email)

    def _spell(self, person: Person, worker: Worker, starts_on: date) -> _Effect:
        team = self._team(person)
        if team.closed_on and (person.ends_on is None or person.ends_on > team.closed_on):
            reason = _("is after %(day)s, the last day of this team") % {"day": team.closed_on.isoformat()}
            self.made.errors.append(Problem(person.row, "ends_on", reason))
        if not worker.is_active and (person.ends_on is None or person.ends_on > self.todays[folded(person.agency)]):
            reason = _("is of somebody whose account is closed: reactivate it first, or say when the spell ended")
            self.made.errors.append(Problem(person.row, "ends_on", reason))
        spells = self.spells[person.email, folded(person.team)]
        said = {"role": person.role, "ends_on": person.ends_on}
        for spell in spells:
            if spell.row is None and spell.membership.starts_on == starts_on:
                spell.row = person.row
                if not _update(spell.membership, **said):
                    return _Effect.SAME
                self.made.changed_spells.append(spell.membership)
                self.made.origins[id(spell.membership)] = person.row
                return _Effect.CHANGED
        membership = Membership(agency=team.agency, worker=worker, team=team, starts_on=starts_on, **said)
        spells.append(_Spell(membership, person.row))
        self.made.new_spells.append(membership)
        self.made.origins[id(membership)] = person.row
        return _Effect.NEW

    def _team(self, person: Person) -> Team:
        agency, name = folded(person.agency), folded(person.team)
        if (agency, name) not in self.teams:
            team = Team(agency=self.agencies[agency], name=person.team)
            self.made.new_teams.append(team)
            self.made.origins[id(team)] = person.row
            self.teams[agency, name] = team
        return self.teams[agency, name]

    def refuse_overlaps(self) -> None:
        """Add to the errors every spell that begins before an earlier one of the same person and team has ended."""
        for spells in self.spells.values():
            spells.sort(key=lambda spell: (spell.membership.starts_on, spell.row or 0))
            latest = spells[0]
            for spell in spells[1:]:
                if spell.membership.starts_on <= latest.last_day:
                    self.made.errors.append(_overlap(latest, spell))
                latest = max(latest, spell, key=lambda spell: spell.last_day)


def _languages(people: list[Person]) -> dict[str, str]:
    """The language that most rows of each agency name; English where none does."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        counts[folded(person.agency)].update([person.language] if person.language else [])
    return {agency: count.most_common(1)[0][0] if count else Language.ENGLISH.value for agency, count in counts.items()}


def _said(person: Person, *, is_new: bool) -> dict[str, str | bool]:
    """What the row says about the account: agency roles are given, never taken away; whoever has one chooses her
    language herself.
    """
    said: dict[str, str | bool] = {"name": person.name}
    if person.language and is_new:
        said["language"] = person.language
    if person.role in AGENCY_ROLES:
        said[AGENCY_ROLES[person.role]] = True
    return said


def _update(row: Worker | Membership, **values: object) -> bool:
    """Set the values and say whether one of them was another before."""
    changes = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changes.items():
        setattr(row, name, value)
    return bool(changes)


def _overlap(earlier: _Spell, later: _Spell) -> Problem:
    """Told where the file can be mended: at the later spell, unless only the earlier stands in the file."""
    if later.row is None and earlier.row is not None:
        reason = _("overlaps a later spell of the same person in this team, which the file does not name")
        return Problem(earlier.row, "ends_on", reason)
    if earlier.row is None:
        reason = _("overlaps an earlier spell of the same person in this team, which the file does not name")
    else:
        reason = _("overlaps the spell of the same person in this team in row %(row)d") % {"row": earlier.row}
    return Problem(later.row or 0, "starts_on", reason)
