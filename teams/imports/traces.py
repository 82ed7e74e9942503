"""What an import left in the database, kept so that it can be taken back: exactly that, and only while it is untouched.

A trace is JSON. `made`: keys of new rows, each with its row of the file and a digest of all its fields; `changed`: the
same, with what the changed fields said before; `dropped`: rows that are gone, with all that they said.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import SET_NULL
from django.db.models.expressions import DatabaseDefault

from teams.spreadsheets.sheets import Outcome

type Values = dict[str, Any]
type Trace = dict[str, dict[str, list[list[Any]]]]

# What somebody does to her own account is no change of what an import said of it.
OF_THEIR_OWN = {
    "teams.Worker": {
        *("password", "last_login", "default_visibility", "gets_summaries", "gets_reminders", "calendar_key"),
    }
}


@dataclass(frozen=True)
class Touched:
    """The rows that a plan writes, in the order in which they refer to each other."""

    made: Sequence[models.Model] = ()
    changed: Sequence[models.Model] = ()
    dropped: Sequence[models.Model] = ()


class InTheWay(Exception):
    """Rows of the file whose effects were changed, or are used, since."""

    def __init__(self, rows: list[int]) -> None:
        super().__init__("in the way")
        self.rows = rows


@dataclass(frozen=True)
class Before:
    """What the rows that a plan changes or drops say until it is written."""

    changed: dict[str, dict[Any, Values]]
    dropped: dict[str, dict[Any, Values]]


def digest(touched: Touched, plan: Outcome) -> str:
    """Stands for all that a plan would write, row by row of the file.

    Of new rows the days are left out: they are in the file, or are today's, whenever that is; and keys, which come later.
    """
    made = [_digest(row._meta.label, _fixed(row)) for row in touched.made]
    changed = [_digest(row._meta.label, _here(row), whole=False) for row in touched.changed]
    dropped = [str(row.pk) for row in touched.dropped]
    rows = [plan.origins[id(row)] for some in (touched.made, touched.changed, touched.dropped) for row in some]
    outcome = [plan.new, plan.changed, plan.same, plan.left]
    return hashlib.sha256(json.dumps([made, changed, dropped, rows, outcome]).encode()).hexdigest()


def before(touched: Touched) -> Before:
    """Read before the plan is written, in the same transaction."""
    return Before(changed=_saved(touched.changed), dropped=_saved(touched.dropped))


def after(touched: Touched, earlier: Before, origins: Mapping[int, int]) -> Trace:
    """The trace of a plan that was written; `origins` has the row of the file for the `id()` of each object."""
    made, changed = _saved(touched.made), _saved(touched.changed)
    row_of = {
        (row._meta.label, row.pk): origins[id(row)]
        for rows in (touched.made, touched.changed, touched.dropped)
        for row in rows
    }
    return {
        "made": {
            label: [[key, row_of[label, key], _digest(label, values)] for key, values in rows.items()]
            for label, rows in made.items()
        },
        "changed": {
            label: [
                [
                    key,
                    row_of[label, key],
                    _digest(label, values, whole=False),
                    _differing(earlier.changed[label][key], values),
                ]
                for key, values in rows.items()
            ]
            for label, rows in changed.items()
        },
        "dropped": {
            label: [[key, row_of[label, key], values] for key, values in rows.items()]
            for label, rows in earlier.dropped.items()
        },
    }


@transaction.atomic
def take_back(trace: Trace) -> None:
    """Remove what was made, bring back what was changed or dropped; InTheWay where any of it is no longer as it was."""
    blocked = set(_blocked(trace))
    if blocked:
        raise InTheWay(sorted(blocked))
    for label, rows in reversed(trace["made"].items()):
        _remove(apps.get_model(label), [key for key, *_ in rows])
    for label, rows in trace["changed"].items():
        for key, _row, _digest_then, values in rows:
            model = apps.get_model(label)
            model._base_manager.filter(pk=key).update(**_read(model, values) | _moved_on(model))
    for label, rows in trace["dropped"].items():
        model = apps.get_model(label)
        model._base_manager.bulk_create(model(**_read(model, values)) for _key, _row, values in rows)


def _remove(model: type[models.Model], keys: list[Any]) -> None:
    """Nothing needs them, as `_used` found: what merely refers to them loses the link, and no other table is touched."""
    for relation in _relations(model):
        if relation.on_delete is SET_NULL:
            name = relation.field.name
            relation.related_model._base_manager.filter(**{f"{name}__in": keys}).update(**{name: None})
    model._base_manager.filter(pk__in=keys)._raw_delete(DEFAULT_DB_ALIAS)


def _relations(model: type[models.Model]) -> Iterator[models.ManyToOneRel]:
    """How rows of other tables, or of this one, refer to its rows."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or isinstance(relation.related_model, str):
            continue
        other = relation.related_model._meta
        if getattr(relation.field, "db_constraint", False) and other.managed and not other.proxy:
            yield relation


def _moved_on(model: type[models.Model]) -> Values:
    """A form that is open elsewhere must not bring the import back unseen."""
    has_version = any(each.name == "version" for each in model._meta.concrete_fields)
    return {"version": models.F("version") + 1} if has_version else {}


def _blocked(trace: Trace) -> Iterator[int]:
    made = {label: {str(key) for key, *_ in rows} for label, rows in trace["made"].items()}
    for state, whole in (("made", True), ("changed", False)):
        for label, rows in trace[state].items():
            model = apps.get_model(label)
            now = _values(model, [key for key, *_ in rows], lock=True)
            for key, row, digest, *_ in rows:
                values = now.get(_key(model, key))
                if values is None or _digest(label, values, whole=whole) != digest:
                    yield row
    for label, rows in trace["made"].items():
        row_of = {str(key): row for key, row, _ in rows}
        yield from (row_of[key] for key in _used(apps.get_model(label), list(row_of), made))


def _used(model: type[models.Model], keys: list[str], made: Mapping[str, set[str]]) -> Iterator[str]:
    """Keys of rows that others refer to which came from elsewhere; those that would merely lose the link do not count."""
    for relation in _relations(model):
        if relation.on_delete is SET_NULL:
            continue
        foreign, other = relation.field, relation.related_model
        found = other._base_manager.order_by().filter(**{f"{foreign.name}__in": keys})
        if own := made.get(other._meta.label):
            found = found.exclude(pk__in=own)
        yield from (str(key) for key in found.values_list(foreign.attname, flat=True))


def _here(row: models.Model) -> Values:
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def _fixed(row: models.Model) -> Values:
    """What is known of a new row before it is written, on whatever day that is."""
    own = OF_THEIR_OWN.get(row._meta.label, set())
    return {
        name: value
        for name, value in _here(row).items()
        if name not in own and not isinstance(value, date | DatabaseDefault)
    }


def _saved(rows: Iterable[models.Model]) -> dict[str, dict[Any, Values]]:
    """What the database has of them, by model and key, the models in their order."""
    keys: dict[type[models.Model], list[Any]] = defaultdict(list)
    for row in rows:
        keys[type(row)].append(row.pk)
    return {model._meta.label: _values(model, pks) for model, pks in keys.items()}


def _values(model: type[models.Model], keys: list[Any], *, lock: bool = False) -> dict[Any, Values]:
    rows = model._base_manager.filter(pk__in=keys).order_by()
    if lock:
        rows = rows.select_for_update()
    return {values[model._meta.pk.attname]: values for values in rows.values()}


def _digest(label: str, values: Values, *, whole: bool = True) -> str:
    kept = {name: value for name, value in values.items() if whole or name not in OF_THEIR_OWN.get(label, set())}
    return hashlib.sha256(json.dumps(kept, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()[:20]


def _differing(then: Values, now: Values) -> Values:
    return {name: value for name, value in then.items() if value != now[name] and name != "version"}


def _key(model: type[models.Model], key: Any) -> Any:
    assert model._meta.pk is not None
    return model._meta.pk.to_python(key)


def _read(model: type[models.Model], values: Values) -> Values:
    """From JSON what the columns hold."""
    columns = {each.attname: each for each in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in values.items()}
