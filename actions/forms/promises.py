"""What became of a commitment."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import commitments
from actions.forms.fields import DateInput
from actions.models import AgreedWith, Commitment, DroppedBecause
from teams.drawing import DescribedRadios


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

    def clean_renegotiated_to(self) -> date:
        day: date = self.cleaned_data["renegotiated_to"]
        if day < timezone.localdate():
            raise ValidationError(_("A promise is for today or later."))
        return day

    def save(self, commit: bool = True) -> Commitment:
        data = self.cleaned_data
        return commitments.renegotiate(self.instance, to=data["renegotiated_to"], agreed_with=data["agreed_with"])

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

    def save(self, commit: bool = True) -> Commitment:
        return commitments.drop(self.instance, because=self.cleaned_data["dropped_because"])

    @property
    def helper(self) -> FormHelper:
        return commitment_helper("dropped_because")


def commitment_helper(*fields: str) -> FormHelper:
    helper = FormHelper()
    helper.form_id = "page-form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", _("Save")))
    return helper
