"""Our own drawing of fields says what Django's templates say, and escapes as they do."""

from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.forms.renderers import TemplatesSetting

from teams.drawing import DescribedCheckboxes, DescribedRadios

NASTY = """<b title="x'y">&amp;</b>"""
CHOICES = [("a", "First"), ("Group & more", [("b", NASTY), (NASTY, "Third")])]


class Elements(HTMLParser):
    """Every start tag with its attributes, and every text, in order."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if data.strip():
            self.found.append(data.strip())


class Everything(forms.Form):
    text = forms.CharField(initial=NASTY, max_length=20)
    day = forms.DateField(initial="2026-02-28", widget=forms.DateInput)
    number = forms.IntegerField(initial=12345, min_value=0)
    secret = forms.CharField(widget=forms.HiddenInput, initial=NASTY)
    tick = forms.BooleanField(initial=True)
    unticked = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=CHOICES, initial="b")
    many = forms.MultipleChoiceField(choices=CHOICES, initial=["b", NASTY], widget=forms.SelectMultiple)


class Described(forms.Form):
    radio = forms.ChoiceField(
        choices=[("a", "First"), ("b", NASTY), ("c", "Third")],
        widget=DescribedRadios(helps={"b": NASTY}),
        help_text="A hint",
    )
    boxes = forms.MultipleChoiceField(choices=[(1, "One"), (2, "Two")], initial=[2], widget=DescribedCheckboxes)


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_field_is_drawn_as_django_draws_it(name):
    form = Everything()
    drawn = form[name].as_widget()
    form.renderer = TemplatesSetting()

    assert Elements(drawn).found == Elements(form[name].as_widget()).found


def test_wrong_field_carries_its_state_as_django_says_it():
    form = Everything({})
    drawn = form["one"].as_widget()
    form.renderer = TemplatesSetting()

    assert Elements(drawn).found == Elements(form["one"].as_widget()).found
    assert Elements(drawn).found[0] == (
        "select",
        {
            "name": "one",
            "class": "form-select is-invalid",
            "aria-invalid": "true",
            "aria-describedby": "id_one_error",
            "id": "id_one",
        },
    )


def test_described_choices_name_their_help_and_escape_it():
    form = Described(initial={"radio": "b"})

    assert Elements(form["radio"].as_widget()).found[5:9] == [
        ("div", {"class": "choice"}),
        (
            "input",
            {
                "class": "form-check-input",
                "type": "radio",
                "name": "radio",
                "value": "b",
                "id": "id_radio_1",
                "checked": None,
                "required": None,
                "aria-describedby": "id_radio_1_help",
            },
        ),
        ("label", {"for": "id_radio_1"}),
        NASTY,
    ]
    assert form["radio"].as_widget().count("&lt;b title=") == 2


def test_hidden_choice_is_there_but_not_shown():
    form = Described()
    form.fields["radio"].widget.hidden = {"c"}

    found = Elements(form["radio"].as_widget()).found
    places = [element[1] for element in found if element[0] == "div" and element[1]["class"] == "choice"]
    assert places == [{"class": "choice"}, {"class": "choice"}, {"class": "choice", "hidden": None}]


def test_wrong_choices_join_hint_and_error_to_their_group():
    html = render_crispy_form(Described({}))

    assert 'id="div_id_radio" class="mb-3" aria-describedby="id_radio_helptext id_radio_error"' in html
    assert [html.count(f'id="{place}"') for place in ("id_radio_helptext", "id_radio_error", "id_boxes_error")] == [
        1,
        1,
        1,
    ]
    assert html.count('aria-invalid="true"') == 5
