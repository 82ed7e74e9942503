"""The forms of the log, by what they are for; `fields` holds what several share."""

from actions.forms.allowed import AllowForm
from actions.forms.asks import AnswerForm, AskForm
from actions.forms.initiatives import InitiativeForm, LinkForm, VoiceForm
from actions.forms.logging import ActionForm, QuickForm
from actions.forms.promises import DropForm, PromiseForm, RenegotiateForm
from actions.forms.reflections import ReflectionForm
from actions.forms.terms import NewTermForm, RenameForm

__all__ = [
    "ActionForm",
    "AllowForm",
    "AnswerForm",
    "AskForm",
    "DropForm",
    "InitiativeForm",
    "LinkForm",
    "NewTermForm",
    "PromiseForm",
    "QuickForm",
    "ReflectionForm",
    "RenameForm",
    "RenegotiateForm",
    "VoiceForm",
]
