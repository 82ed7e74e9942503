"""Fields that stand in no form, posted with it: none of them is stored.

Every form is sent twice as it should be, then once more with every field of every model of ours besides. What differs
between the first two, such as a new row's key, says nothing; nothing else may differ in the third.
"""

from collections import Counter

import pytest
from django.apps import apps
from django.db import models

from tests.attacks.attacker import Attacker, every_form
from tests.sweeps.pages import Page
from tests.sweeps.test_forms import FORMS

PLANTED = "Planted by a field that no form has"
AT = {models.BooleanField: "on", models.DateField: "2001-02-03", models.DateTimeField: "2001-02-03T04:05:06Z"}


def planted(attacker: Attacker):
    """A value that would be taken for every field of every model of ours, by its name and its column."""
    theirs = attacker.world.theirs
    keys = {"Agency": attacker.world.people["charlie"].agency_id, "Worker": theirs["person"], "Team": theirs["team"]}
    values = {"is_staff": "on", "is_superuser": "on", "groups": "1", "user_permissions": "1", "id": theirs["shared"]}
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in {"teams", "actions", "reports"}:
            continue
        for field in model._meta.concrete_fields:
            value = next((value for kind, value in AT.items() if isinstance(field, kind)), None)
            if isinstance(field, models.ForeignKey):
                value = keys.get(field.related_model.__name__, theirs["shared"])
            elif isinstance(field, models.IntegerField):
                value = "77"
            elif isinstance(field, models.UUIDField):
                value = theirs["shared"]
            values[field.name] = values[field.attname] = value or PLANTED
    return {name: str(value) for name, value in values.items()}


def stored(strike):
    """Every value of every column of the tables that were written, with how often it stands there."""
    return Counter(
        (table, column, str(value))
        for table, rows in strike.became.items()
        for row in rows.values()
        for column, value in row.items()
    )


def taken(attacker: Attacker, *, only: str = ""):
    """Of each form, or of one, the columns into which something came that the form does not have."""
    wrong, extra = {}, planted(attacker)
    for served in every_form(attacker.walker):
        if only not in {"", served.name}:
            continue
        known, page = FORMS[served.name], served.walker.visit(FORMS[served.name].reader, served.row)
        own = {element["name"] for element in Page(page.text).all("input", "textarea", "select", "button")}
        own |= {*served.form.fields, "told", "confirmed"}
        besides = {name: value for name, value in extra.items() if name not in own}

        def send(answers, known=known, served=served):
            answers = known.answers(attacker.world) | answers
            return attacker.strike(known.reader, "post", served.row, answers, looks=True)

        first, second, third = send({}), send({}), send(besides)
        differs = (stored(first) - stored(second)) + (stored(second) - stored(first))
        loose = {(table, column) for table, column, _ in differs}
        added = {(table, column) for table, column, _ in stored(third) - stored(first)} - loose
        if added or third.told != first.told or third.changed != first.changed:
            wrong[str(served)] = (third.told, third.changed ^ first.changed, added)
    return wrong


@pytest.mark.timeout(300)
def test_field_that_no_form_has_is_stored_by_none(attacker):
    assert taken(attacker) == {}
