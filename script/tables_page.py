"""Write into docs/several-machines.md where each table would live in a database of many machines (script/tables)."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGE = ROOT / "docs/several-machines.md"
BEGIN, END = "<!-- by script/tables -->\n", "<!-- until here -->\n"
SPREAD, EVERYWHERE, ONE = "spread", "everywhere", "coordinator"
# What agencies share: an initiative and those who take part in it.
BRIDGES = {"actions_initiative", "actions_initiativepartner"}


def place(model: type[models.Model]) -> str:
    """Spread over the machines by agency, a copy on each of them, or on the coordinator alone."""
    agency = next((field for field in model._meta.local_fields if field.column == "agency_id"), None)
    if agency is not None:
        shared = agency.null or model._meta.db_table in BRIDGES
        return EVERYWHERE if shared else SPREAD
    is_of_a_bridge = any(field.related_model._meta.db_table in BRIDGES for field in references(model))
    return EVERYWHERE if is_of_a_bridge or model._meta.db_table == "teams_agency" else ONE


def references(model: type[models.Model]) -> list[models.ForeignKey]:
    """Those that the database checks: an event only names what it is about."""
    fields: list[Any] = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    return [field for field in fields if field.db_constraint]


def keys_to_widen(model: type[models.Model]) -> Iterator[str]:
    """A machine can keep unique only what has the agency in it; the key `id` of every spread table aside."""
    yield from (str(field.column) for field in model._meta.local_fields if field.unique and not field.primary_key)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = set(constraint.fields) | set(columns_in(constraint.expressions))
        elif isinstance(constraint, ExclusionConstraint):
            names = set(columns_in([expression for expression, _ in constraint.expressions]))
        else:
            continue
        if "agency" not in names:
            yield constraint.name


def columns_in(expressions: Iterable[Any]) -> Iterator[str]:
    for each in expressions:
        if isinstance(each, str):
            yield each
        elif isinstance(each, models.F):
            yield str(each.deconstruct()[1][0])
        else:
            yield from columns_in(part for part in each.get_source_expressions() if part is not None)


def references_to_change(model: type[models.Model]) -> Iterator[str]:
    """Of a spread table: those to another one without the agency. Of any other: those to a spread one, which cannot be."""
    here = place(model)
    paired = {getattr(constraint, "field", "") for constraint in model._meta.constraints}
    for field in references(model):
        if place(field.related_model) == SPREAD and not (here == SPREAD and field.name in paired):
            yield str(field.column)


def _has_table(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def rows() -> Iterator[tuple[str, ...]]:
    models_with_tables = [each for each in apps.get_models(include_auto_created=True) if _has_table(each)]
    for model in sorted(models_with_tables, key=lambda model: model._meta.db_table):
        keys = keys_to_widen(model) if place(model) == SPREAD else ()
        cells = [", ".join(f"`{name}`" for name in names) or "-" for names in (keys, references_to_change(model))]
        yield f"`{model._meta.db_table}`", place(model), *cells


def text() -> str:
    lines = ["| table | where | unique keys to widen | references to change |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows())]) + "\n"


def page(old: str) -> str:
    before, rest = old.split(BEGIN)
    return f"{before}{BEGIN}{text()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")
    django.setup()
    PAGE.write_text(page(PAGE.read_text()))
