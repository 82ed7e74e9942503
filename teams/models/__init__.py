"""Who belongs where: agencies, workers, teams and dated memberships."""

from teams.models.account_mail import AccountMail, AddressChange
from teams.models.agency import Agency, Cadence, CadenceChange, Language, validate_time_zone
from teams.models.closing import TeamClosing
from teams.models.invitation import Invitation, InvitedTo
from teams.models.provider import FactorSource, LinkedAccount, Provider
from teams.models.second_factor import SecondFactor
from teams.models.session import GuessCount, Session, UsedTimeStep
from teams.models.team import Membership, Role, Team
from teams.models.upload import Import, ImportKind, ImportStatus
from teams.models.worker import Worker

__all__ = [
    "AccountMail",
    "AddressChange",
    "Agency",
    "Cadence",
    "CadenceChange",
    "FactorSource",
    "GuessCount",
    "Import",
    "ImportKind",
    "ImportStatus",
    "Invitation",
    "InvitedTo",
    "Language",
    "LinkedAccount",
    "Membership",
    "Provider",
    "Role",
    "SecondFactor",
    "Session",
    "Team",
    "TeamClosing",
    "UsedTimeStep",
    "Worker",
    "validate_time_zone",
]
