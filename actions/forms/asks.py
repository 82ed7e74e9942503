"""The forms of asks: a new one, and its answer."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from actions import asks, guard
from actions.asks import Target
from actions.forms.fields import NoteField
from actions.models import Action, Addressee, Ask, Barrier
from actions.models.ask import ASK_LENGTH, State
from teams.drawing import DescribedRadios
from teams.models import Worker


class AskForm(forms.Form):
    """What got in the way, what is needed, and of whom it is asked; each choice of whom says who will read it."""

    GUARDED = ("in_the_way", "need")

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # two posts of one form are one ask
    barrier = forms.ChoiceField(label=_("What got in the way?"), choices=Barrier.choices, widget=DescribedRadios)
    in_the_way = NoteField(
        label=_("In your words (optional)"),
        help_text=_("The obstacle, not the family. At most 400 characters; no names, dates of birth or numbers."),
        required=False,
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    need = NoteField(
        label=_("What do you need?"),
        help_text=_("What would make it possible. At most 400 characters; no names."),
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to = forms.ChoiceField(
        label=_("Whom do you ask?"),
        widget=DescribedRadios,
        error_messages={"invalid_choice": _("You cannot ask there any more, or nobody is there: choose again.")},
    )
    action = forms.ModelChoiceField(
        queryset=Action.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("That action is not there any more. Send again to ask without it.")},
    )

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        self.targets = {target.code: target for target in asks.targets(worker)}
        fields: dict[str, Any] = self.fields
        fields["to"].choices = [(code, _named(target)) for code, target in self.targets.items()]
        fields["to"].widget.helps = {code: _told(target) for code, target in self.targets.items()}
        if not self.targets:
            del fields["to"]
        fields["action"].queryset = Action.objects.by(worker).for_list(worker.agency)
        self.initial.setdefault("key", uuid.uuid4())
        if len(self.targets) == 1:
            self.initial.setdefault("to", next(iter(self.targets)))

    @cached_property
    def about(self) -> Action | None:
        """The worker's own action that the ask comes from, as the form is drawn."""
        try:
            return self.fields["action"].clean(self["action"].value())
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.GUARDED:
            guard.inspect(self, name, agency=self.worker.agency)
        if "action" in self.errors:
            self._say("action", "")
        if not self.targets:
            self.add_error(None, _("There is nobody to ask any more. Copy what you wrote if you need it."))
        return data

    def _say(self, name: str, value: str) -> None:
        """Change what a hidden field says when the form is drawn again."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[name] = value
        self.data = data

    def ask_anew(self) -> None:
        """The form once more, its key being taken: what stands in it now can be sent as another ask."""
        self._say("key", str(uuid.uuid4()))
        self.add_error(None, _("This form was sent before. To send what it says now as another ask, send it again."))

    def save(self) -> Ask:
        """The ask; KeyTaken where this form was sent before and said something else."""
        data = self.cleaned_data
        target = self.targets[data["to"]]
        new = Ask(
            addressed_to=target.addressed_to,
            team=target.team,
            action=data["action"],
            barrier=data["barrier"],
            in_the_way=data["in_the_way"],
            need=data["need"],
        )
        return asks.ask(new, by=self.worker, now=timezone.now(), key=data["key"])

    @property
    def helper(self) -> FormHelper:
        about = HTML('{% include "actions/_ask_about.html" with action=form.about only %}')
        return _helper(
            "key",
            "action",
            about,
            "barrier",
            "in_the_way",
            "need",
            *(["to"] if self.targets else []),
            Submit("", _("Send")),
        )


def _named(target: Target) -> str | Promise:
    if target.team is None:
        return _("The equity lead, for myself")
    if target.addressed_to == Addressee.SUPERVISOR:
        return _("The supervisors of %(team)s") % {"team": target.team.name}
    return _("The equity lead, for %(team)s") % {"team": target.team.name}


def _told(target: Target) -> str | Promise:
    """Who will read it, said to who asks."""
    if target.team is None:
        return _("Equity leads of the agency can read it with your name. Nobody else can, now or later.")
    if target.addressed_to == Addressee.SUPERVISOR:
        return _(
            "They can read it with your name. "
            "Once it is answered, the team, now and later, can read it without your name."
        )
    return _(
        "Equity leads of the agency can read it with your name. "
        "Once it is answered, the team, now and later, can read it without your name."
    )


class AnswerForm(forms.Form):
    """The answer to an ask, or the reason why it is declined."""

    GUARDED = ("answer",)

    outcome = forms.ChoiceField(
        label=_("What do you answer?"),
        choices=[(State.ANSWERED, _("Answer it")), (State.DECLINED, _("Decline, with a reason"))],
        widget=DescribedRadios,
    )
    answer = NoteField(
        label=_("Your answer, or your reason"),
        help_text=_("What will happen, and by when; or why it cannot be. At most 400 characters; no names."),
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, ask: Ask, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask, self.worker = ask, worker
        outcome: Any = self.fields["outcome"]
        shared = _("The team can read question and answer, without the name of who asked.")
        alone = _("Only the one who asked and those who were asked can read it.")
        outcome.widget.helps = {State.ANSWERED: shared if ask.team_id else alone, State.DECLINED: alone}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.GUARDED:
            guard.inspect(self, name, agency=self.worker.agency)
        return data

    def save(self) -> Ask:
        """The ask with its answer; NoLongerOpen where somebody was faster."""
        text, now = self.cleaned_data["answer"], timezone.now()
        if self.cleaned_data["outcome"] == State.ANSWERED:
            return asks.answer(self.ask, text=text, by=self.worker, now=now)
        return asks.decline(self.ask, reason=text, by=self.worker, now=now)

    @property
    def helper(self) -> FormHelper:
        return _helper("outcome", "answer", Submit("", _("Send the answer")))


def _helper(*parts: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_id = "page-form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*parts)
    return helper
