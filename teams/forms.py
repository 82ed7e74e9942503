"""What workers choose about themselves."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from teams.models import Language, Worker
from teams.visibility import Visibility
from teams.widgets import DescribedRadios


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=Language.choices)


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

    def __init__(self, data: QueryDict | None, *, worker: Worker) -> None:
        super().__init__(data, instance=worker)
        if not worker.default_visibility and worker.agency:
            self.initial["default_visibility"] = worker.agency.suggested_visibility

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            Field("default_visibility", template="forms/choices_field.html"), Submit("", _("Save my choice"))
        )
        return helper
