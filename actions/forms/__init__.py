"""The forms of the log, by what they are for; `fields` holds what several share."""

from actions.forms.asks import AnswerForm, AskForm
from actions.forms.initiatives import InitiativeForm, LinkForm, VoiceForm
from actions.forms.logging import ActionForm, QuickForm
from actions.forms.promises import DropForm, PromiseForm, RenegotiateForm
from actions.forms.reflections import ReflectionForm

__all__ = [
    "ActionForm",
    "AnswerForm",
    "AskForm",
    "DropForm",
    "InitiativeForm",
    "LinkForm",
    "PromiseForm",
    "QuickForm",
    "ReflectionForm",
    "RenegotiateForm",
    "VoiceForm",
]
