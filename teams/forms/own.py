"""What workers choose about themselves."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teams.drawing import DescribedRadios
from teams.models import Worker
from teams.visibility import Visibility


class VisibilityForm(forms.ModelForm):
    """The worker's own default, asked once before her first log and hers to change."""

    default_visibility = forms.ChoiceField(
        label=_("Unless I say otherwise, who sees what I log?"),
        choices=Visibility.choices,
        widget=DescribedRadios(helps={choice.value: choice.sentence for choice in Visibility}),
    )

    class Meta:
        model = Worker
        fields = ["default_visibility"]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"instance": worker})
        if not self.initial.get("default_visibility") and worker.agency:
            self.initial["default_visibility"] = worker.agency.suggested_visibility

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("default_visibility", Submit("", _("Save my choice")))
        return helper


class EmailsForm(forms.ModelForm):
    """Which of the mails that come again and again she wants."""

    gets_summaries = forms.BooleanField(
        label=_("Summaries of the teams that I supervise"),
        help_text=_(
            "When a month or quarter is closed: questions for the next meeting, the team’s figures and a link. No notes, "
            "no names of members."
        ),
        required=False,
    )
    gets_reminders = forms.BooleanField(
        label=_("Reminders of my commitments"),
        help_text=_(
            "On Monday morning, only in a week in which something is due or open past its date: days and a link, never "
            "your words."
        ),
        required=False,
    )

    class Meta:
        model = Worker
        fields = ["gets_summaries", "gets_reminders"]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"instance": worker})
        if worker.agency and not worker.agency.sends_reminders:
            self.fields["gets_reminders"].help_text = _("At the moment your agency sends none.")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("gets_summaries", "gets_reminders", Submit("", _("Save")))
        return helper


class AddressForm(forms.Form):
    """A new e-mail address; whether somebody has it is not told here."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker

    def clean_email(self) -> str:
        """Letters that only look like others are of another address."""
        email: str = self.cleaned_data["email"].lower()
        if not email.isascii():
            raise ValidationError(_("Write the address with plain letters, without accents."))
        if email == self.worker.email:
            raise ValidationError(_("This is the address that the account has."))
        return email

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("email", Submit("", _("Send the link")))
        return helper
