"""The forms of the log, by what they are for; `fields` holds what several share."""

from actions.forms.initiatives import InitiativeForm, LinkForm, VoiceForm
from actions.forms.logging import ActionForm, QuickForm
from actions.forms.promises import DropForm, PromiseForm, RenegotiateForm

__all__ = [
    "ActionForm",
    "DropForm",
    "InitiativeForm",
    "LinkForm",
    "PromiseForm",
    "QuickForm",
    "RenegotiateForm",
    "VoiceForm",
]
