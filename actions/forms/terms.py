"""The terms of an agency's own catalogue: another name for one, and a new one."""

import json
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from actions import guard, terms
from actions.forms.fields import NoteField
from actions.models import Community, Practice
from teams.models import Agency

LABEL_LENGTH, DESCRIPTION_LENGTH = 60, 200


class RenameForm(forms.Form):
    """What the agency calls a term; an empty name is the shared one."""

    GUARDED = terms.LABELS

    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # the names when the form was opened
    label_en = NoteField(
        label=_("Name in English"),
        max_length=LABEL_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    label_fr = NoteField(
        label=_("Name in French"), max_length=LABEL_LENGTH, required=False, widget=forms.TextInput(attrs={"lang": "fr"})
    )

    def __init__(self, *args: Any, term: Any, agency: Agency, **kwargs: Any) -> None:
        self.term, self.agency = term, agency
        own = terms.names(term, agency)
        super().__init__(*args, **kwargs | {"initial": own | {"seen": _said(own)} | kwargs.get("initial", {})})
        for name in terms.LABELS:
            shipped = getattr(term, name) or term.label_en
            self.fields[name].help_text = _("Leave it empty to say “%(name)s”.") % {"name": shipped}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.GUARDED:
            guard.inspect(self, name, agency=self.agency)
        return data

    def save(self) -> None:
        """StaleTerm where somebody else renamed it meanwhile."""
        labels = {name: self.cleaned_data[name] for name in terms.LABELS}
        terms.rename(self.term, self.agency, seen=_read(self.cleaned_data["seen"]), **labels)

    @property
    def helper(self) -> FormHelper:
        return _helper("seen", *terms.LABELS)


def _said(names: dict[str, str]) -> str:
    return json.dumps([names[name] for name in terms.LABELS])


def _read(said: str) -> dict[str, str]:
    """What `_said` wrote; anything else stands for no names."""
    try:
        values = json.loads(said)
        return dict(zip(terms.LABELS, map(str, values), strict=True))
    except (ValueError, TypeError):
        return dict.fromkeys(terms.LABELS, "")


class NewTermForm(forms.Form):
    """A term of the agency's own; figures of the sector know it as the shared one that it names."""

    GUARDED = ("label_en", "label_fr", "description_en", "description_fr")

    label_en = NoteField(
        label=_("Name in English"), max_length=LABEL_LENGTH, widget=forms.TextInput(attrs={"lang": "en"})
    )
    label_fr = NoteField(
        label=_("Name in French"), max_length=LABEL_LENGTH, widget=forms.TextInput(attrs={"lang": "fr"})
    )
    description_en = NoteField(
        label=_("What it means, in English (optional)"),
        help_text=_("One plain sentence. No names of persons."),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    description_fr = NoteField(
        label=_("What it means, in French (optional)"),
        help_text=_("One plain sentence. No names of persons."),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"lang": "fr"}),
    )
    rolls_up_to: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=Community.objects.none(),
        label=_("Which shared one is it a part of?"),
        empty_label=_("Choose one"),
    )

    def __init__(self, *args: Any, model: type[terms.Term], agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model, self.agency = model, agency
        field: Any = self.fields["rolls_up_to"]
        shared: Any = model._default_manager
        field.queryset = shared.filter(agency=None, is_retired=False).order_by("order", "pk")
        field.help_text = _("Figures of the sector count it there, under the name that all agencies share.")
        if model is Community:
            field.queryset = field.queryset.filter(is_exclusive=False)
            del self.fields["description_en"], self.fields["description_fr"]
        if model is Practice:
            field.help_text = _(
                "Figures of the sector count it there. It has the kind, the levels, the caution and the preset of who "
                "can see it from that one."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.fields.keys() & {*self.GUARDED}:
            guard.inspect(self, name, agency=self.agency)
        return data

    def save(self) -> terms.Term:
        """NameTaken where the agency has a term of this name."""
        data = dict(self.cleaned_data)
        return terms.add(self.model, self.agency, under=data.pop("rolls_up_to"), **data)

    @property
    def helper(self) -> FormHelper:
        return _helper(*self.fields)


def _helper(*fields: str) -> FormHelper:
    helper = FormHelper()
    helper.form_id = "page-form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", _("Save")))
    return helper
