"""Every form, filled in by Hypothesis: no error of ours, and nothing half-written.

Each example takes good answers and spoils some: long texts, NUL, lone surrogates, letters from right to left, dates
and numbers out of reach, lists for texts, fields that are missing. Whatever comes: the answer is no error, and where it
is refused no table says anything else than before. ATTACK_EXAMPLES raises the number for each form: by hand, 1000.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks.attacker import every_form
from tests.sweeps.test_forms import FORMS

EXAMPLES = int(os.environ.get("ATTACK_EXAMPLES", "4"))
FEWER = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
LETTERS = st.characters(exclude_categories=[])  # lone surrogates and NUL among them
TEXTS = st.one_of(
    st.text(LETTERS, max_size=60),
    st.sampled_from(
        ["\x00", "a\x00b", "\ud800", "\u202etxet", "\ufeff", "a" * 5000, "\U0001f600" * 401, "\r\n\r\n", " "]
    ),
    st.sampled_from(["<script>alert(1)</script>", "{{ 7*7 }}", "%(name)s", "' OR 1=1 --", "../../etc/passwd", "{0}"]),
)
NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["9" * 400, "1e400", "-0", "1,5", "1.234,5", "\u0663", "\u00b2", "0x10", "1_000", "NaN", "\u221e"]),
)
DATES = st.one_of(
    st.dates().map(str),
    st.sampled_from(["0001-01-01", "9999-12-31", "2026-02-30", "0000-00-00", "31.12.2026", "2026-1-1", "10000-01-01"]),
)
WRONG: dict[type[forms.Field], st.SearchStrategy] = {
    forms.DateField: DATES,
    forms.IntegerField: NUMBERS,
    forms.DecimalField: NUMBERS,
}
FILES = st.builds(
    SimpleUploadedFile,
    st.sampled_from(["a.csv", "a.xlsx", "a.XLSM", "\u202evsc.exe", "a" * 300 + ".csv", "..csv"]),
    st.one_of(
        st.binary(max_size=200), st.text(LETTERS, max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
    ),
)


def wrong(field: forms.Field) -> st.SearchStrategy:
    """What somebody may send for the field instead of what it asks for."""
    if isinstance(field, forms.FileField):
        return FILES
    own = next((strategy for kind, strategy in WRONG.items() if isinstance(field, kind)), TEXTS)
    choices = [str(value) for value, label in getattr(field, "choices", []) if not isinstance(label, list | tuple)]
    chosen = st.sampled_from(choices) if choices else own
    return st.one_of(own, chosen, TEXTS, st.lists(st.one_of(own, chosen), max_size=3))


def sendable(value: Any) -> Any:
    """As a request carries it: a lone surrogate as the bytes that stand for it."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return [sendable(each) for each in value] if isinstance(value, list) else value


def spoiled(form: forms.BaseForm, answers: dict[str, Any]) -> st.SearchStrategy:
    """Good answers of which some are wrong and some are missing; at times nearly all."""
    fields = dict(form.fields) | {name: forms.CharField() for name in answers if name not in form.fields}
    changes = st.fixed_dictionaries({}, optional={name: wrong(field) for name, field in fields.items()})
    return st.tuples(changes, st.sets(st.sampled_from(sorted(fields)), max_size=2)) if fields else st.just(({}, set()))


def each_of(examples: st.SearchStrategy, send: Callable[[Any], None]) -> None:
    """Send all that is drawn."""

    @FEWER
    @given(examples)
    def run(drawn):
        send(drawn)

    run()


@pytest.mark.timeout(3600)
def test_no_answer_to_any_form_breaks_it_or_is_written_by_halves(attacker):
    found = {}
    for served in every_form(attacker.walker):
        known = FORMS[served.name]

        def send(drawn, known=known, served=served):
            changes, missing = drawn
            said = known.answers(attacker.world) | changes
            said = {name: sendable(value) for name, value in said.items() if name not in missing}
            strike = attacker.strike(known.reader, "post", served.row, said)
            if strike.fault:
                found.setdefault(str(served), (strike.fault, repr(drawn)[:300]))

        each_of(spoiled(served.form, known.answers(attacker.world)), send)

    assert found == {}


@pytest.mark.timeout(3600)
def test_no_question_to_any_filter_breaks_it(attacker):
    found = {}
    for name, known in FORMS.items():
        if not (name.endswith("Filter") and known.at):
            continue
        address = attacker.address(attacker.row(known.at[0])).split("?")[0]

        def ask(drawn, known=known, name=name, address=address):
            asked = {key: sendable(value) for key, value in drawn[0].items()}
            strike = attacker.strike(known.reader, "get", address, asked | {"all": "1"})
            if strike.fault or strike.changed:
                found.setdefault(name, (strike.fault, repr(drawn)[:300]))

        each_of(spoiled(attacker.form_of(name), {"page": "1", "sort": "name"}), ask)

    assert found == {}
