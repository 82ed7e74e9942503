"""A database constraint that Django lacks: a foreign key of two columns, so that no row can refer across agencies."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class SameAgency(models.BaseConstraint):
    """`agency_id` and the key in `field` must stand together in one row of the table that `field` refers to.

    The referred table needs a unique constraint on (agency, id). Checked at commit, and not where the field is null.
    """

    def __init__(self, *, field: str, name: str, violation_error_message: str | None = None) -> None:
        self.field = field
        super().__init__(name=name, violation_error_message=violation_error_message)

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        target = field.related_model
        assert isinstance(target, type)
        assert field.concrete
        return Statement(  # type: ignore[return-value]
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (agency_id, %(column)s) "
            "REFERENCES %(target)s (agency_id, id) DEFERRABLE INITIALLY DEFERRED",
            table=quote(model._meta.db_table),
            name=quote(self.name),
            column=quote(str(field.column)),
            target=quote(target._meta.db_table),
        )

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        # Inside CREATE TABLE the referred table's unique constraint may not be there yet.
        assert schema_editor is not None
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        return Statement(  # type: ignore[return-value]
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
        )

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = "default",
    ) -> None:
        """Forms offer only rows of the reader's agency, and the database refuses the rest: nothing to ask here."""

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameAgency) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.field))
