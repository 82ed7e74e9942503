"""A number, address or name that the agency itself publishes, for the identifier guard to let pass."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions import identifiers
from actions.models import AllowedText
from teams.models import Agency

PUBLIC = {"phone", "email", "handle", "postal_code", "address", "name", "initials", "url", "area"}


class AllowForm(forms.ModelForm):
    class Meta:
        model = AllowedText
        fields = ["text"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"instance": AllowedText(agency=agency)})
        self.fields["text"].label = _("What does your agency publish itself?")
        self.fields["text"].help_text = _(
            "A phone number, an e-mail address, all addresses of a domain (@agency.example), or the name of a service, "
            "a programme or a law. At most 80 characters, and never what belongs to a person you serve."
        )

    def clean_text(self) -> str:
        """No number that only a client has: allowing it would open the guard to exactly that."""
        text: str = self.cleaned_data["text"]
        if any(finding.kind not in PUBLIC for finding in identifiers.check(text)):
            raise ValidationError(
                _("This looks like a number or date of a person. Only what is public can be allowed.")
            )
        return text

    def validate_constraints(self) -> None:
        """The agency is no field of the form; with it, the same text twice is told."""
        if AllowedText.objects.filter(agency=self.instance.agency, text=self.cleaned_data.get("text")).exists():
            self.add_error("text", _("The agency already allows this."))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("text", Submit("", _("Allow it")))
        return helper
