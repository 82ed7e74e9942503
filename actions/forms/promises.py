"""A commitment of its own, and what became of any."""

import uuid
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import commitments, entries, guard
from actions.forms.fields import InitiativeField, NoteField
from actions.models import AgreedWith, Commitment, DroppedBecause
from actions.models.commitment import SEEN_BY, TEXT_LENGTH
from teams.drawing import DateInput, DescribedRadios
from teams.models import Team, Worker
from teams.visibility import Visibility


class PromiseForm(forms.ModelForm):
    """A commitment that stands alone: what, by when, and who may know."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # two posts of one form are one commitment
    text = NoteField(
        label=_("What did you promise?"),
        help_text=_("What you will do, not for whom. At most 120 characters; no names, dates of birth or numbers."),
        max_length=TEXT_LENGTH,
        widget=forms.TextInput,
    )
    due_on = forms.DateField(label=_("By when?"), widget=DateInput)
    visibility = forms.ChoiceField(
        label=_("Who can see it?"),
        choices=Visibility.choices,
        initial=Visibility.PRIVATE,
        widget=DescribedRadios(helps=SEEN_BY),
    )
    initiative = InitiativeField()

    class Meta:
        model = Commitment
        fields = ["text", "due_on", "visibility", "team", "initiative"]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        self.teams = entries.teams_on(worker, worker.today())
        fields: dict[str, Any] = self.fields
        fields["team"].queryset = Team.objects.filter(pk__in=[team.pk for team in self.teams])
        fields["team"].label = _("With which team?")
        fields["team"].help_text = _("For a shared one only.")
        fields["team"].empty_label = _("Choose a team")
        fields["initiative"].offer(worker, keep=None)
        self.initial.setdefault("key", uuid.uuid4())

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.worker.today():
            raise ValidationError(_("A promise is for today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if len(self.teams) == 1:
            data["team"] = self.teams[0]
        elif data.get("visibility") == Visibility.SHARED and not data.get("team"):
            self._ask_for_team()
        guard.inspect(self, "text", agency=self.worker.agency)
        return data

    def _ask_for_team(self) -> None:
        if not self.teams:
            self.add_error("visibility", _("You are in no team today that could count it."))
        elif "team" not in self.errors:
            self.add_error("team", _("You are in several teams: choose one of them."))

    def validate_constraints(self) -> None:
        """The form has asked all that the database will."""

    def save(self, commit: bool = True) -> Commitment:
        commitment: Commitment = super().save(commit=False)
        return commitments.make(commitment, by=self.worker, key=self.cleaned_data["key"])

    @property
    def helper(self) -> FormHelper:
        several = ["team"] if len(self.teams) > 1 else []
        initiative: Any = self.fields["initiative"]
        for_one = ["initiative"] if initiative.is_needed else []
        return commitment_helper("key", "text", "due_on", *for_one, "visibility", *several)


class RenegotiateForm(forms.ModelForm):
    renegotiated_to = forms.DateField(label=_("New date"), widget=DateInput)
    agreed_with = forms.ChoiceField(
        label=_("Agreed with whom?"),
        help_text=_("A role, not a name."),
        choices=AgreedWith.choices,
        widget=DescribedRadios,
    )

    class Meta:
        model = Commitment
        fields = ["renegotiated_to", "agreed_with"]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker

    def clean_renegotiated_to(self) -> date:
        day: date = self.cleaned_data["renegotiated_to"]
        if day < timezone.localdate():
            raise ValidationError(_("A promise is for today or later."))
        return day

    def save(self, commit: bool = True) -> Commitment:
        data = self.cleaned_data
        to, agreed_with = data["renegotiated_to"], data["agreed_with"]
        return commitments.renegotiate(self.instance, by=self.worker, to=to, agreed_with=agreed_with)

    @property
    def helper(self) -> FormHelper:
        return commitment_helper("renegotiated_to", "agreed_with")


class DropForm(forms.ModelForm):
    dropped_because = forms.ChoiceField(
        label=_("Why is it dropped?"), choices=DroppedBecause.choices, widget=DescribedRadios
    )

    class Meta:
        model = Commitment
        fields = ["dropped_because"]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker

    def save(self, commit: bool = True) -> Commitment:
        return commitments.drop(self.instance, by=self.worker, because=self.cleaned_data["dropped_because"])

    @property
    def helper(self) -> FormHelper:
        return commitment_helper("dropped_because")


def commitment_helper(*fields: str) -> FormHelper:
    helper = FormHelper()
    helper.form_id = "page-form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", _("Save")))
    return helper
