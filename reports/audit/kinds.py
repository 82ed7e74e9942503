"""What is audited: for each model what a page calls its rows and their fields, and about whom a row is."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models import (
    AllowedText,
    Ask,
    Community,
    CommunityEdit,
    Initiative,
    InitiativePartner,
    Practice,
    PracticeEdit,
    Purge,
    VoiceLink,
)
from reports.models import SummaryNote
from teams.audit.tracking import AuditEvent
from teams.models import (
    Agency,
    CadenceChange,
    Import,
    Invitation,
    InvitedTo,
    LinkedAccount,
    Membership,
    Provider,
    SecondFactor,
    Team,
    TeamClosing,
    Worker,
)

type Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """`about`: the fields that name a row; `labels`: what else is told of it. `people`, `teams`: columns with their keys."""

    model: type[Model]
    name: Words
    about: tuple[str, ...]
    labels: dict[str, Words] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    is_of_initiatives: bool = False

    @property
    def code(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def event(self) -> type[AuditEvent]:
        return apps.get_model(self.model._meta.app_label, f"{self.model.__name__}Event")

    def visible_to(self, worker: Worker) -> Any:
        """The events of her agency, for its admins and leads; of initiatives not for an admin who works in no team."""
        ours: Any = Q(agency=worker.agency_id)
        if self.model is InitiativePartner:  # who joins or leaves an initiative of ours, too
            ours |= Q(initiative__in=Initiative.objects.filter(agency=worker.agency_id))
        if self.is_of_initiatives and not worker.is_equity_lead:
            ours &= Exists(Membership.objects.current().filter(worker=worker))
        return ours


_ROLES: dict[str, Words] = {"is_admin": _("Admin"), "is_equity_lead": _("Equity lead")}
_NAMES: dict[str, Words] = {"label_en": _("Name in English"), "label_fr": _("Name in French"), "is_hidden": _("Hidden")}
_OWN: dict[str, Words] = {"rolls_up_to": _("Counts under"), "is_retired": _("Retired")}

_KINDS = (
    Kind(
        Worker,
        _("Person"),
        ("name",),
        {
            "name": _("Name"),
            "email": _("E-mail address"),
            "is_active": _("Account open"),
            **_ROLES,
        },
        people=("pgh_obj",),
    ),
    Kind(
        Membership,
        _("Spell in a team"),
        ("worker", "team"),
        {"role": _("Role"), "starts_on": _("First day"), "ends_on": _("Last day")},
        people=("worker",),
        teams=("team",),
    ),
    Kind(
        Team,
        pgettext_lazy("audit", "Team"),
        ("name",),
        {"name": _("Name"), "communities": _("Communities that it says it serves"), "closed_on": _("Last day")},
        teams=("pgh_obj",),
    ),
    Kind(
        TeamClosing,
        _("Closing of a team"),
        ("team",),
        {"into": _("Merged into"), "last_day": _("Last day"), "undone_at": _("Undone")},
        teams=("team", "into"),
    ),
    Kind(
        Invitation,
        _("Invitation"),
        ("email",),
        {
            **_ROLES,
            "role": _("Role in the teams"),
            "language": _("Language"),
            "expires_at": _("Link works until"),
            "revoked_at": _("Taken back"),
            "accepted_at": _("Accepted"),
            "worker": _("Accepted by"),
        },
        people=("worker",),
    ),
    Kind(InvitedTo, _("Team of an invitation"), ("invitation", "team"), teams=("team",)),
    Kind(
        SecondFactor,
        _("Second factor"),
        ("user",),
        {"type": _("What it is")},
        people=("user",),
    ),
    Kind(
        Provider,
        _("Sign-in with the agency's account"),
        ("issuer",),
        {
            "issuer": _("Address of the sign-in (issuer)"),
            "client_id": _("Client ID"),
            "secret_set_at": _("Client secret set"),
            "is_required": _("Everybody who has linked an account signs in there"),
            "second_factor": _("Second factor"),
            "acr": _("What says that it was asked for"),
        },
    ),
    Kind(
        LinkedAccount,
        _("Account linked"),
        ("worker",),
        {"issuer": _("Address of the sign-in (issuer)")},
        people=("worker",),
    ),
    Kind(
        Import,
        _("Import"),
        ("kind",),
        {"status": _("State"), "counts": _("Rows"), "takes_warnings": _("Warnings of notes accepted")},
    ),
    Kind(
        Agency,
        _("Settings"),
        ("name",),
        {
            "name": _("Name"),
            "slug": _("Short name"),
            "language": _("Language of new accounts"),
            "time_zone": _("Time zone"),
            "cadence": _("Team summaries at first"),
            "grace_days": _("Days for late entries"),
            "reports_from": _("Summaries from"),
            "suggested_visibility": _("Suggested to new people"),
            "in_sector_from": _("Counts in the figures of the sector from"),
            "least_actions": _("Actions that a figure needs"),
            "least_authors": _("People whose actions it needs"),
            "most_percent": _("Most of it by one person, in percent"),
            "sends_reminders": _("Reminders on Mondays"),
            "text_months": _("Months for which texts are kept"),
            "held_on": _("Nothing is erased since"),
            "hold_reason": _("Reason of the hold"),
        },
    ),
    Kind(CadenceChange, _("How often summaries come"), ("cadence",), {"starts_on": _("First day")}),
    Kind(AllowedText, _("Text that the app lets pass"), ("text",)),
    Kind(Practice, _("Practice of your own"), ("label",), _OWN),
    Kind(PracticeEdit, _("Name of a practice"), ("term",), _NAMES),
    Kind(Community, _("Community of your own"), ("label",), _OWN),
    Kind(CommunityEdit, _("Name of a community"), ("term",), _NAMES),
    Kind(
        Ask,
        _("Ask"),
        ("addressed_to", "team"),
        {"state": _("State")},
        teams=("team",),
    ),
    Kind(SummaryNote, _("Note on a summary"), ("summary",), {"version": _("Version")}, teams=("summary__team",)),
    Kind(
        Initiative,
        _("Initiative"),
        ("title",),
        {
            "title": _("Title"),
            "status": _("Status"),
            "level": _("Level"),
            "direction": _("Direction"),
            "communities": _("Whom it is for"),
            "hours": _("Hours"),
            "dollars": _("Dollars"),
            "review_on": _("To be reviewed on"),
            "version": _("Version, its words included"),
        },
        is_of_initiatives=True,
    ),
    Kind(
        InitiativePartner,
        _("Agency in an initiative"),
        ("initiative", "agency"),
        {"ended_on": _("Left on")},
        is_of_initiatives=True,
    ),
    Kind(
        VoiceLink,
        _("Link for an answer"),
        ("initiative",),
        {"made_on": _("Made on"), "revoked_at": _("Taken back")},
        is_of_initiatives=True,
    ),
    Kind(Purge, _("Erasing by age"), ("what",), {"before": _("Older than")}),
)
KINDS = {kind.code: kind for kind in _KINDS}
