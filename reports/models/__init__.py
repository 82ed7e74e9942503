"""What is to be added up, what it added up to, and to whom that was sent: the only record of all of it."""

from reports.models.closing import AgencyPeriod, ProtectedQuarter
from reports.models.delivery import Delivery
from reports.models.heartbeat import Heartbeat
from reports.models.summary import NOTE_LENGTH, TEXTS, SummaryNote, SummaryNoteQuerySet, TeamSummary

__all__ = [
    "NOTE_LENGTH",
    "TEXTS",
    "AgencyPeriod",
    "Delivery",
    "Heartbeat",
    "ProtectedQuarter",
    "SummaryNote",
    "SummaryNoteQuerySet",
    "TeamSummary",
]
