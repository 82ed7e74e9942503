"""How form fields are drawn: classes for the style sheet, and lists of choices in one go.

One template render for each option of a long list costs more than the rest of the page (script/bench measures it).
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

type Drawn = dict[str, Any]  # what a widget's get_context gives its template under "widget"


class StyledField(forms.BoundField):
    """A form's field with the class that the style sheet knows its widget by; templates/bootstrap5/field.html places it."""

    reading: Any = None  # what the identifier guard says of its text, where it was asked

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if not widget.is_hidden and not widget.use_fieldset:
            names = [_style(widget), *(["is-invalid"] if self.errors else [])]
            built["class"] = " ".join([*widget.attrs.get("class", "").split(), *names])
        return built


def _style(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class Described(forms.widgets.ChoiceWidget):
    """Mix-in of choice widgets: `helps` maps a value to the sentence under its label; `hidden` values are not shown."""

    template_name = "described choices"

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


def draw_choices(widget: Drawn) -> SafeString:
    """Radio buttons or check boxes, each with its label and the sentence that describes it."""
    attrs = widget["attrs"]
    options = (option for _name, group, _index in widget["optgroups"] for option in group)
    choices = "\n".join(_choice(option, attrs) for option in options)
    place = f' id="{_escaped(attrs["id"])}"' if "id" in attrs else ""
    return mark_safe(f'<div class="choices"{place}>\n{choices}\n</div>')  # noqa: S308, every part is escaped


def _choice(option: Drawn, attrs: Mapping[str, Any]) -> str:
    place, kind = _escaped(option["attrs"]["id"]), option["type"]
    states = [
        " checked" if option["selected"] else "",
        " required" if kind == "radio" and attrs.get("required") else "",
        f' aria-describedby="{place}_help"' if option["help"] else "",
        ' aria-invalid="true"' if attrs.get("aria-invalid") else "",
    ]
    helped = f'<p class="choice-help" id="{place}_help">{_escaped(option["help"])}</p>' if option["help"] else ""
    return (
        f'<div class="choice"{" hidden" if option["hidden"] else ""}>'
        f'<input class="form-check-input" type="{kind}" name="{_escaped(option["name"])}"'
        f' value="{_escaped(option["value"])}" id="{place}"{"".join(states)}>'
        f'<label for="{place}">{_escaped(option["label"])}</label>{helped}</div>'
    )


def draw_select(widget: Drawn) -> SafeString:
    """A drop-down list, its options in groups where they have names."""
    groups = ((name, "\n".join(map(_option, options))) for name, options, _index in widget["optgroups"])
    inside = "\n".join(
        f'<optgroup label="{_escaped(name)}">{some}</optgroup>' if name else some for name, some in groups
    )
    head = f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>'
    return mark_safe(f"{head}\n{inside}\n</select>")  # noqa: S308, every part is escaped


def _option(option: Drawn) -> str:
    selected = " selected" if option["selected"] else ""
    return f'<option value="{_escaped(option["value"])}"{selected}>{_escaped(option["label"])}</option>'


def draw_input(widget: Drawn) -> SafeString:
    """A field of one line, a check box or a hidden value."""
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    head = f'<input type="{_escaped(widget["type"])}" name="{_escaped(widget["name"])}"{value}'
    return mark_safe(f"{head}{_attributes(widget['attrs'])}>")  # noqa: S308, every part is escaped


def _attributes(attrs: Mapping[str, Any]) -> str:
    """Each with a space before it; True stands alone, False and None are left out."""
    given = ((name, value) for name, value in attrs.items() if value is not None and value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_escaped(value)}"' for name, value in given)


def _escaped(text: object) -> str:
    """Django's own escape costs three times as much, mostly to find out whether the text is lazy."""
    return escape(str(text))


DRAWN: dict[str, Callable[[Drawn], SafeString]] = {
    Described.template_name: draw_choices,
    forms.Select.template_name: draw_select,
    forms.CheckboxInput.template_name: draw_input,
    forms.DateInput.template_name: draw_input,
    forms.HiddenInput.template_name: draw_input,
    forms.NumberInput.template_name: draw_input,
    forms.TextInput.template_name: draw_input,
}


class Renderer(TemplatesSetting):
    """Django's widget templates, but for those that our own forms draw most."""

    bound_field_class = StyledField

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
