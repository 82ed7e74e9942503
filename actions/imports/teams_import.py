"""Teams from a spreadsheet: their names, whom they serve, and who supervises them; planned whole, written all or none.

A team is known by its name. The communities of a row take the place of those that the team has, unless the column is
missing or the cell empty. Supervisors are added, from today on; nobody is removed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from actions.imports.actions_import import community_words
from actions.models import Community
from teams.models import Agency, Membership, Role, Team, Worker
from teams.spreadsheets.sheets import Cells, Outcome, Progress, Row, Sheet, Words, folded

REQUIRED = ("agency", "team")
OPTIONAL = ("communities", "supervisors")
LABELS: dict[str, Promise] = {
    "agency": pgettext_lazy("column", "Agency"),
    "team": pgettext_lazy("column", "Team"),
    "communities": pgettext_lazy("column", "Communities"),
    "supervisors": pgettext_lazy("column", "Supervisors"),
}
NAME_LENGTH = 120


@dataclass
class Plan(Outcome):
    """What a file of teams would do, with the rows to write; a plan with errors is not written."""

    new_teams: list[Team] = field(default_factory=list)
    changed_teams: list[Team] = field(default_factory=list)
    new_spells: list[Membership] = field(default_factory=list)


@transaction.atomic
def plan(sheet: Sheet, *, agency: Agency, progress: Progress = lambda done, total: None) -> Plan:
    """What the sheet would create and change in this agency, of which all rows are.

    What it compares with stays locked until the transaction ends, so `write` belongs into the same one.
    """
    made = Plan(errors=list(sheet.problems), unread=sheet.unread)
    reader = _Reader(agency, made, sheet)
    for count, row in enumerate(sheet.rows, start=1):
        reader.take(row)
        progress(count, len(sheet.rows))
    return made


@transaction.atomic
def write(made: Plan) -> None:
    """Write all of a plan; ValueError where it has errors."""
    if made.errors:
        raise ValueError("A plan with errors is not written.")
    Team.objects.bulk_create(made.new_teams)
    Team.objects.bulk_update(made.changed_teams, ["communities"])
    for spell in made.new_spells:
        spell.team = spell.team  # takes over the key that the database gave
    Membership.objects.bulk_create(made.new_spells)


class _Reader:
    """Takes row after row into the plan, adding what is wrong with them."""

    def __init__(self, agency: Agency, made: Plan, sheet: Sheet) -> None:
        self.agency, self.made = agency, made
        self.today = agency.today()
        # Accounts before teams before spells, each by key: as everybody else locks them.
        named = {email for row in sheet.rows for email in _emails(row.cells.get("supervisors", ""))}
        workers = Worker.objects.select_for_update(no_key=True).filter(agency=agency, email__in=named)
        self.workers = {worker.email: worker for worker in workers.order_by("pk")}
        teams = Team.objects.select_for_update(no_key=True).filter(agency=agency)
        self.teams = {folded(team.name): team for team in teams.order_by("pk")}
        self.communities: Words[Community] = community_words(agency)
        self.spells: dict[tuple[object, object], list[Membership]] = defaultdict(list)
        for spell in Membership.objects.select_for_update().filter(agency=agency).order_by("pk"):
            self.spells[spell.team_id, spell.worker_id].append(spell)
        self.rows: dict[str, int] = {}

    def take(self, row: Row) -> None:
        cells = Cells(row, self.made.errors)
        name = cells.text("team", most=NAME_LENGTH, required=True)
        first = self.rows.setdefault(folded(name), row.number)
        if name and first != row.number:
            cells.wrong("team", _("stands in row %(row)d already") % {"row": first})
        communities = self._communities(cells)
        team = self.teams.get(folded(name))
        supervisors = [worker for worker in self._supervisors(cells) if self._is_free(cells, team, worker)]
        if supervisors and team and team.closed_on:
            reason = _("names somebody for a team whose last day is %(day)s; leave the cell empty")
            cells.wrong("supervisors", reason % {"day": team.closed_on.isoformat()})
        if not cells.fine:
            return
        if team is None:
            self._add(row, name, communities, supervisors)
        else:
            self._compare(row, team, communities, supervisors)

    def _add(self, row: Row, name: str, communities: list[int], supervisors: list[Worker]) -> None:
        team = Team(agency=self.agency, name=name, communities=communities)
        self.made.new_teams.append(team)
        self.made.origins[id(team)] = row.number
        self.made.new.append(row.number)
        self._appoint(row, team, supervisors)

    def _compare(self, row: Row, team: Team, communities: list[int], supervisors: list[Worker]) -> None:
        is_served_anew = bool(communities) and sorted(team.communities) != communities
        if is_served_anew:
            team.communities = communities
            self.made.changed_teams.append(team)
            self.made.origins[id(team)] = row.number
        self._appoint(row, team, supervisors)
        (self.made.changed if is_served_anew or supervisors else self.made.same).append(row.number)

    def _appoint(self, row: Row, team: Team, supervisors: list[Worker]) -> None:
        for worker in supervisors:
            spell = Membership(agency=self.agency, team=team, worker=worker, role=Role.SUPERVISOR, starts_on=self.today)
            self.made.new_spells.append(spell)
            self.made.origins[id(spell)] = row.number

    def _communities(self, cells: Cells) -> list[int]:
        texts = list(_parts(cells.text("communities")))
        found = {community for text in texts if (community := self.communities.find(text))}
        if any(self.communities.find(text) is None for text in texts):
            cells.wrong("communities", _("names one that is not in the catalogue; several are separated by “;”"))
        elif any(term.is_exclusive for term in found):
            cells.wrong("communities", _("names one that is no community; leave the cell empty"))
        return sorted(community.pk for community in found)

    def _supervisors(self, cells: Cells) -> Iterator[Worker]:
        emails = _emails(cells.text("supervisors"))
        if any(email not in self.workers for email in emails):
            cells.wrong(
                "supervisors", _("has an e-mail address of nobody in this agency; several are separated by “;”")
            )
        found = [self.workers[email] for email in emails if email in self.workers]
        if any(not worker.is_active for worker in found):
            cells.wrong("supervisors", _("names somebody whose account is closed; reactivate it first"))
        yield from found

    def _is_free(self, cells: Cells, team: Team | None, worker: Worker) -> bool:
        """Whether a spell as supervisor can begin today; one that is so already needs none."""
        for spell in self.spells[team.pk, worker.pk] if team else []:
            if spell.ends_on is None or spell.ends_on >= self.today:
                if spell.role != Role.SUPERVISOR or spell.starts_on > self.today or spell.ends_on is not None:
                    cells.wrong("supervisors", _("names somebody who is in the team already; change it among people"))
                return False
        return True


def _emails(text: str) -> list[str]:
    return list(dict.fromkeys(part.lower() for part in _parts(text)))


def _parts(text: str) -> Iterator[str]:
    return (part for piece in text.split(";") if (part := piece.strip()))
