"""What workers choose about themselves."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
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
