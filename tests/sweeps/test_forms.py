"""Every form: what it offers alice, what it refuses from her, and that no client's number gets past its text fields.

A form that FORMS does not know is a failure. To add one: a line in FORMS; where it has fields with a new kind of row to
choose from, rows of that kind in `foreign` of tests/sweeps/world.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django import forms
from django.db import models
from django_filters.filterset import BaseFilterSet

from actions.filters import ListFilter
from actions.models import Ask, Community, Practice
from actions.views.drafts import Texts
from allyship.offline import OfflineForm
from allyship.styleguide import SampleForm
from tests.factories import ask_data, form_data, initiative_data
from tests.sweeps.modules import modules, subclasses
from tests.sweeps.pages import Page
from tests.sweeps.table import GET, Row, readers, rows
from tests.sweeps.walk import Walker
from tests.sweeps.world import RECENT, World

OF_CLIENTS = ["Called back, 416 555 0134", "For 046 454 286"]
KEY = re.compile(r"\d+|[0-9a-f-]{36}")


def a_whole_action(world: World):
    earlier = {"relation": "follows_from", "related": world.objects["private"]}
    earlier["initiative"] = world.objects["initiative"]
    return form_data(team=world.objects["team"], done_on=RECENT.isoformat(), **earlier)


@dataclass(frozen=True)
class Form:
    """`at`: rows of the table that serve it, or `made` where no page shows it. `answers` are such as it takes.

    `keys`: fields without a queryset whose values are keys of rows nevertheless. `guarded`: text fields that the
    identifier guard reads; `unguarded`: those that it does not, each with the reason. `or_as`: the form that takes over
    where an answer does not fit this one. `numbers`: fields whose choices are numbers, and keys of nothing. `reader`:
    whom it is served to, where alice is not. `told`: the status that good answers get.
    """

    at: tuple[str, ...] = ()
    reader: str = "alice"
    told: str = "302"
    made: Callable[[], forms.BaseForm] | None = None
    answers: Callable[[World], dict] = lambda world: {}
    keys: dict[str, type[models.Model]] = field(default_factory=dict)
    guarded: tuple[str, ...] = ()
    unguarded: dict[str, str] = field(default_factory=dict)
    or_as: str = ""
    numbers: tuple[str, ...] = ()


TERMS = {"practice": Practice, "community": Community}
FORMS = {
    "actions.filters.AskFilter": Form(at=("actions:team_asks team",)),
    "actions.forms.asks.AnswerForm": Form(
        at=("actions:ask_answer ask",),
        reader="sana",
        answers=lambda world: {"outcome": "answered", "answer": "From Monday on."},
        guarded=("answer",),
    ),
    "actions.forms.asks.AskForm": Form(
        at=("actions:ask_new",),
        answers=lambda world: ask_data(f"supervisor:{world.objects['team']}", action=world.objects["private"]),
        guarded=("in_the_way", "need"),
    ),
    "actions.filters.ListFilter": Form(made=lambda: ListFilter(queryset=Ask.objects.none()).form),
    "actions.filters.ActionFilter": Form(at=("actions:feed team",), keys=TERMS),
    "actions.filters.RecordFilter": Form(at=("actions:record",), keys=TERMS),
    "actions.filters.YearFilter": Form(at=("actions:year",), numbers=("year",)),
    "actions.forms.initiatives.InitiativeForm": Form(
        at=("actions:initiative_new", "actions:initiative_edit initiative"),
        reader="lead",
        answers=lambda world: initiative_data(review_on="2026-10-01"),
        keys={"communities": Community},
        guarded=("title", "aim", "outside", "resources"),
        unguarded={"partners": "names of agencies here; only those that are found are kept, as keys"},
    ),
    "actions.forms.initiatives.LinkForm": Form(
        at=("actions:voice_links initiative",), reader="lead", answers=lambda world: {"lasts": "month"}, told="200"
    ),
    "actions.forms.initiatives.VoiceForm": Form(
        at=("actions:voice voice_link",), reader="anonymous", answers=lambda world: {"answer": "partly"}
    ),
    "actions.forms.logging.ActionForm": Form(
        at=("actions:log", "actions:edit shared"),
        answers=a_whole_action,
        keys={"practice": Practice, "communities": Community},
        guarded=("note", "partners"),
    ),
    "actions.forms.logging.QuickForm": Form(
        at=("actions:quick_log ?practice={practice}",),
        answers=a_whole_action,
        keys={"practice": Practice, "communities": Community},
        or_as="actions.forms.logging.ActionForm",
        guarded=("note",),
    ),
    "actions.forms.promises.DropForm": Form(
        at=("actions:drop promise",), answers=lambda world: {"dropped_because": "no_means"}
    ),
    "actions.forms.promises.PromiseForm": Form(
        at=("actions:new_commitment",),
        answers=lambda world: {
            "text": "Bring the draft",
            "due_on": "2026-08-03",
            "visibility": "private",
            "initiative": world.objects["joint"],
        },
        guarded=("text",),
    ),
    "actions.forms.promises.RenegotiateForm": Form(
        at=("actions:renegotiate promise",),
        answers=lambda world: {"renegotiated_to": "2026-08-03", "agreed_with": "youth"},
    ),
    "actions.views.drafts.Texts": Form(
        made=lambda: Texts(agency=None), guarded=("note", "partners", "in_the_way", "need", "text")
    ),
    "allyship.offline.OfflineForm": Form(made=OfflineForm),
    "actions.forms.reflections.ReflectionForm": Form(
        at=("actions:reflection_new", "actions:reflection_on shared", "actions:reflection_edit reflection"),
        answers=lambda world: {"text": "Next time I ask first.", "prompt": "rp_credit", "version": 1},
        guarded=("text",),
    ),
    "allyship.styleguide.SampleForm": Form(
        made=SampleForm,
        unguarded=dict.fromkeys(["title", "note"], "shows the look, where DEBUG is on; keeps nothing"),
    ),
    "reports.dashboards.DashboardFilter": Form(at=("reports:dashboard team",), keys=TERMS),
    "reports.dashboards.PeriodFilter": Form(at=("reports:commitments team",)),
    "reports.forms.SummaryNoteForm": Form(
        at=("reports:summary_note summary",),
        reader="sana",
        answers=lambda world: {"version": 2, "note": "Two of us were on leave.", "will_try": "One more meeting."},
        guarded=("came_of_it", "note", "will_try"),
    ),
    "reports.protected_pages.SpanFilter": Form(at=("reports:agency_figures",)),
    "teams.forms.EmailsForm": Form(at=("teams:emails",), answers=lambda world: {"gets_summaries": "on"}),
    "teams.forms.VisibilityForm": Form(
        at=("teams:visibility",), answers=lambda world: {"default_visibility": "private"}
    ),
}


def called(form):
    return f"{type(form).__module__}.{type(form).__qualname__}"


def shown(response, *names):
    """The form of such a name in what the page was made of; of a filter, its form."""
    values = [value for context in response.context for value in context.flatten().values()]
    values += [each for value in values for each in getattr(value, "__dict__", {}).values()]
    found = next(value for value in values if called(value) in names)
    return getattr(found, "form", found)


@dataclass
class Served:
    """A form on one page, as alice is shown it, or who is its reader."""

    name: str
    walker: Walker
    row: Row

    @property
    def form(self):
        return shown(self.walker.visit(FORMS[self.name].reader, self.row).response, self.name)

    def answered(self, **changes):
        """What she gets for her answers: a filter is asked in the address, any other form is posted."""
        method = "get" if self.name.endswith("Filter") else "post"
        answers = FORMS[self.name].answers(self.walker.world) | changes
        return self.walker.visit(FORMS[self.name].reader, self.row, method=method, **answers)

    def refused(self, field_name, value):
        """Answered by 422 on account of this field alone, with nothing written."""
        visit = self.answered(**{field_name: value})
        if visit.told != "422" or visit.written:
            return False
        return set(shown(visit.response, self.name, FORMS[self.name].or_as).errors) == {field_name}

    def __str__(self):
        return f"{self.name} at {self.row}"


@pytest.fixture
def served(world):
    """Every form on every page that FORMS says serves it."""
    walker = Walker(world, "en-ca")
    by_name = {str(row): row for row in rows(GET)}
    return [Served(name, walker, by_name[at]) for name, form in FORMS.items() for at in form.at]


def keyed(name, form):
    """Its fields that choose rows, each with the model."""
    found = {key: each.queryset.model for key, each in form.fields.items() if isinstance(each, forms.ModelChoiceField)}
    return found | FORMS[name].keys


def choices(each):
    """Value and label of every choice of the field, out of their groups."""
    for value, label in getattr(each, "choices", []):
        if isinstance(label, list | tuple):
            yield from ((str(value), str(label)) for value, label in label)
        else:
            yield str(value), str(label)


def text_fields(form):
    texts = {key for key, each in form.fields.items() if isinstance(each, forms.CharField)}
    return texts - {key for key, each in form.fields.items() if isinstance(each, forms.UUIDField)}


# Is every form known? ----------------------------------------------------------------------------------------------


def test_every_form_is_known():
    list(modules())
    found = {*subclasses(forms.BaseForm), *subclasses(BaseFilterSet)}

    assert {f"{form.__module__}.{form.__qualname__}" for form in found} == set(FORMS)


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if not form.at])
def test_form_that_no_page_shows_chooses_no_rows(db, name):
    assert keyed(name, FORMS[name].made()) == {}


# What a form offers, and what it takes -----------------------------------------------------------------------------


def test_forms_take_what_they_should(served):
    assert {str(form): form.answered().told for form in served} == {
        str(form): "200" if form.name.endswith("Filter") else FORMS[form.name].told for form in served
    }


def test_forms_offer_alice_only_what_she_may_choose(served, world):
    hidden = [text for what, (_, roles) in readers().items() if "alice" not in roles for text in world.canaries[what]]
    wrong = []
    for each in served:
        form = each.form
        for key, model in keyed(each.name, form).items():
            foreign = {str(row.pk) for row in world.foreign[model]}
            wrong += [(str(each), key, label) for value, label in choices(form.fields[key]) if value in foreign]
        for key in form.fields:
            labels = [label for _, label in choices(form.fields[key])]
            wrong += [(str(each), key, label) for label in labels if any(text in label for text in hidden)]

    assert wrong == []


def test_fields_whose_values_are_keys_are_known(served):
    unknown = [
        (str(each), key)
        for each in served
        for form in [each.form]
        for key in form.fields.keys() - keyed(each.name, form).keys() - {*FORMS[each.name].numbers}
        if any(KEY.fullmatch(value) for value, _ in choices(form.fields[key]))
    ]

    assert unknown == []


def test_forms_refuse_rows_that_are_not_alices(served, world):
    taken = [
        (str(each), key, row)
        for each in served
        for key, model in keyed(each.name, each.form).items()
        for row in world.foreign[model] or ["no such row to try with"]
        if not each.refused(key, getattr(row, "pk", ""))
    ]

    assert taken == []


# What is typed -----------------------------------------------------------------------------------------------------


def test_text_fields_are_guarded_or_have_a_reason(served):
    made = [(name, form.made()) for name, form in FORMS.items() if form.made]
    found = {name: text_fields(form) for name, form in [*made, *((each.name, each.form) for each in served)]}

    assert found == {name: {*form.guarded, *form.unguarded} for name, form in FORMS.items()}


def test_guarded_fields_refuse_what_identifies_a_client_and_keep_it(served):
    wrong, tried = [], set()
    for each in served:
        for key in FORMS[each.name].guarded:
            for text in OF_CLIENTS:
                tried.add(text)
                page = each.answered(**{key: text}).text
                if not each.refused(key, text) or Page(page).control(key) != text:
                    wrong.append((str(each), key, text))

    assert wrong == []
    assert tried == set(OF_CLIENTS)
