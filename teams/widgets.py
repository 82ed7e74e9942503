"""Radio buttons and check boxes whose choices carry a sentence of help, drawn by one template each."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise


class Described(forms.widgets.ChoiceWidget):
    """Mix-in of choice widgets: `helps` maps a value to the sentence under its label; `hidden` values are not shown."""

    template_name = "forms/choices.html"

    def __init__(self, *, helps: Mapping[Any, str | Promise] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.helps = {str(value): text for value, text in (helps or {}).items()}
        self.hidden: set[str] = set()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        return {**option, "help": self.helps.get(str(value), ""), "hidden": str(value) in self.hidden}


class DescribedRadios(Described, forms.RadioSelect):
    pass


class DescribedCheckboxes(Described, forms.CheckboxSelectMultiple):
    pass
