"""The tables of the log."""

from actions.models.action import Action, Relation
from actions.models.allowed import AllowedText
from actions.models.ask import Addressee, Ask, Barrier
from actions.models.catalogue import Community, CommunityEdit, Practice, PracticeEdit
from actions.models.commitment import AgreedWith, Commitment, DroppedBecause
from actions.models.departure import Departure
from actions.models.draft import Draft
from actions.models.edit import ActionEdit
from actions.models.initiative import (
    Answer,
    Initiative,
    InitiativeLevel,
    InitiativePartner,
    InitiativeStatus,
    InitiativeStep,
    VoiceCount,
    VoiceLink,
)
from actions.models.purge import Erased, Purge
from actions.models.reflection import Reflection

__all__ = [
    "Action",
    "ActionEdit",
    "Addressee",
    "AgreedWith",
    "AllowedText",
    "Answer",
    "Ask",
    "Barrier",
    "Commitment",
    "Community",
    "CommunityEdit",
    "Departure",
    "Draft",
    "DroppedBecause",
    "Erased",
    "Initiative",
    "InitiativeLevel",
    "InitiativePartner",
    "InitiativeStatus",
    "InitiativeStep",
    "Practice",
    "PracticeEdit",
    "Purge",
    "Reflection",
    "Relation",
    "VoiceCount",
    "VoiceLink",
]
