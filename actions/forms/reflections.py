"""A reflection, with its text in clear between the form and the sealing of it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import guard, reflections
from actions.forms.fields import NoteField
from actions.models import Reflection
from actions.models.reflection import TEXT_LENGTH
from actions.vocabulary import Prompt
from teams.drawing import DescribedRadios
from teams.models import Worker


class ReflectionForm(forms.Form):
    """Seals a new reflection once, or a changed one over the version that was read; else raises StaleVersion."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # two posts of one form are one reflection
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = NoteField(
        label=_("Your words"),
        help_text=_("At most 4,000 characters. About you and your practice: no names, dates of birth or numbers."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
    )
    prompt = forms.ChoiceField(
        label=_("Which question do you start from?"),
        choices=[("", _("None: in my own words")), *Prompt.choices],
        required=False,
        widget=DescribedRadios,
    )

    def __init__(self, *args: Any, reflection: Reflection, text: str = "", worker: Worker, **kwargs: Any) -> None:
        saved = {"text": text, "prompt": reflection.prompt, "version": reflection.version, "key": reflection.pk}
        super().__init__(*args, **kwargs | {"initial": saved | kwargs.get("initial", {})})
        self.reflection = reflection
        self.worker = worker

    @property
    def is_new(self) -> bool:
        return self.reflection._state.adding

    @property
    def question(self) -> Prompt | None:
        """The question in the form as it is drawn."""
        value = self["prompt"].value()
        return Prompt(value) if value in Prompt.values else None

    def clean(self) -> dict[str, Any]:
        guard.inspect(self, "text", agency=self.worker.agency)
        return self.cleaned_data

    def save(self) -> Reflection:
        data = self.cleaned_data
        self.reflection.prompt = data["prompt"]
        if self.is_new:
            return reflections.write(self.reflection, data["text"], by=self.worker, key=data["key"])
        self.reflection.version = data["version"] or 0
        return reflections.save(self.reflection, data["text"], by=self.worker, now=timezone.now())

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        if not self.is_new:
            helper.form_action = reverse("actions:reflection_edit", args=[self.reflection.pk])
        helper.layout = Layout(
            "key",
            "version",
            HTML('{% include "actions/_question.html" with question=form.question only %}'),
            "text",
            Div("prompt", template="actions/_prompts.html"),
            Submit("", _("Save")),
        )
        return helper
