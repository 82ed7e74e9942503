"""What can be imported: for each kind its columns, an example, and the importer that the command runs too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.imports import actions_import, teams_import
from actions.models import Community, Practice
from actions.vocabulary import Direction, Level
from teams.imports import people_import
from teams.imports.traces import Touched
from teams.models import Agency, Import, ImportKind, Role
from teams.spreadsheets.sheets import Outcome, Progress, Sheet
from teams.visibility import Visibility


@dataclass(frozen=True)
class Kind:
    """`required` and `optional`: columns, by the names that the importer has for them, which `labels` may call else."""

    what: str | Promise
    required: tuple[str, ...]
    optional: tuple[str, ...]
    labels: Mapping[str, Promise]
    helps: Mapping[str, Promise]
    example: Callable[[Agency], dict[str, object]]
    plan: Callable[[Sheet, Import, Progress], Outcome]
    write: Callable[[Any], None]
    touched: Callable[[Any], Touched]

    @property
    def columns(self) -> list[str]:
        """Those of a template: the agency needs none, since it is the reader's."""
        return [column for column in (*self.required, *self.optional) if column != "agency"]


def _person(agency: Agency) -> dict[str, object]:
    return {
        "name": "Ada Roy",
        "email": "ada.roy@agency.example",
        "role": Role.MEMBER.label,
        "team": _("Intake"),
        "starts_on": agency.today().replace(month=1, day=1),
        "language": agency.language,
    }


def _plan_people(sheet: Sheet, upload: Import, progress: Progress) -> Outcome:
    return people_import.plan(sheet, agencies=Agency.objects.filter(pk=upload.agency_id), progress=progress)


def _team(agency: Agency) -> dict[str, object]:
    return {"team": _("Intake"), "communities": _communities(agency, 2), "supervisors": "sana.haddad@agency.example"}


def _plan_teams(sheet: Sheet, upload: Import, progress: Progress) -> Outcome:
    return teams_import.plan(sheet, agency=upload.agency, progress=progress)


def _action(agency: Agency) -> dict[str, object]:
    practice = Practice.objects.named_for(agency).filter(code="info_up_front").first()
    return {
        "done_on": agency.today() - timedelta(days=30),
        "worker": "ada.roy@agency.example",
        "team": _("Intake"),
        "level": Level.INDIVIDUAL.label,
        "practice": practice.name if practice else "info_up_front",
        "direction": Direction.CO_DESIGNED.label,
        "communities": _communities(agency, 1),
        "visibility": Visibility.COUNTED.label,
        "reference": "2025-001",
    }


def _communities(agency: Agency, number: int) -> str:
    terms = Community.objects.named_for(agency).filter(is_exclusive=False).order_by("pk")[:number]
    return "; ".join(term.name for term in terms)


def _plan_actions(sheet: Sheet, upload: Import, progress: Progress) -> Outcome:
    agencies = Agency.objects.filter(pk=upload.agency_id)
    return actions_import.plan(sheet, agencies=agencies, accept_warnings=upload.takes_warnings, progress=progress)


KINDS: Mapping[str, Kind] = {
    ImportKind.PEOPLE: Kind(
        what=gettext_lazy("Who works here, in which team, from when to when, and who is an admin or equity lead."),
        required=people_import.REQUIRED,
        optional=people_import.OPTIONAL,
        labels=people_import.LABELS,
        helps={
            "name": gettext_lazy("As colleagues call the person."),
            "email": gettext_lazy("What she signs in with. It tells people apart."),
            "role": gettext_lazy("Member, supervisor, equity lead or admin. A role is never taken away by an import."),
            "team": gettext_lazy("A new name makes a new team. Empty for an equity lead or admin."),
            "starts_on": gettext_lazy("First day in the team, like 2026-02-01. Empty for an equity lead or admin."),
            "ends_on": gettext_lazy("Last day in the team; empty while it goes on."),
            "language": gettext_lazy("en or fr; where it is empty, the agency’s."),
        },
        example=_person,
        plan=_plan_people,
        write=people_import.write,
        touched=lambda plan: Touched(
            made=[*plan.new_teams, *plan.new_workers, *plan.new_spells],
            changed=[*plan.changed_workers, *plan.changed_spells],
        ),
    ),
    ImportKind.TEAMS: Kind(
        what=gettext_lazy("Names of teams, the communities that each serves, and who supervises it from today on."),
        required=teams_import.REQUIRED,
        optional=teams_import.OPTIONAL,
        labels=teams_import.LABELS,
        helps={
            "team": gettext_lazy("Its name. It tells teams apart, so a corrected name makes a new team."),
            "communities": gettext_lazy(
                "Whom the team says it serves, several separated by “;”. Empty changes nothing."
            ),
            "supervisors": gettext_lazy("E-mail addresses, several separated by “;”. They supervise from today on."),
        },
        example=_team,
        plan=_plan_teams,
        write=teams_import.write,
        touched=lambda plan: Touched(made=[*plan.new_teams, *plan.new_spells], changed=plan.changed_teams),
    ),
    ImportKind.ACTIONS: Kind(
        what=gettext_lazy("What was done before Allyship, from the lists that you kept. Each action is its author’s."),
        required=actions_import.REQUIRED,
        optional=actions_import.OPTIONAL,
        labels=actions_import.LABELS,
        helps={
            "done_on": gettext_lazy("The day, like 2026-02-01; not in the future."),
            "worker": gettext_lazy("E-mail address of the author, who must be here already."),
            "team": gettext_lazy("One that the author was in on that day; where it is empty, the one she was in."),
            "level": gettext_lazy("One that the practice lists."),
            "practice": gettext_lazy("Its name in the catalogue, or its code."),
            "direction": gettext_lazy("Who set the course, as the form says it."),
            "communities": gettext_lazy("Whom it supports, several separated by “;”."),
            "visibility": gettext_lazy(
                "private, counted or shared. Ask your workers before you share what they wrote."
            ),
            "reference": gettext_lazy(
                "Anything that tells this row from all others, so that it can be corrected later."
            ),
            "logged_on": gettext_lazy("The day it was written down, not before it was done; today where it is empty."),
            "note": gettext_lazy("At most 400 characters: what was done, not who it was for."),
            "heard_back": gettext_lazy("Whether those concerned were heard back from."),
            "hours": gettext_lazy("0 to 999."),
            "commitment_due": gettext_lazy("Where a promise followed, its date."),
            "commitment_status": gettext_lazy("open where it is empty; or kept, kept_late, renegotiated, dropped."),
            "renegotiated_to": gettext_lazy("The new date, where one was agreed."),
        },
        example=_action,
        plan=_plan_actions,
        write=actions_import.write,
        touched=lambda plan: Touched(
            made=[*plan.new_actions, *plan.new_promises],
            changed=[*plan.changed_actions, *plan.changed_promises],
            dropped=plan.dropped_promises,
        ),
    ),
}


class KindConverter:
    """A kind in an address; any other is not found."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
