"""Which operations of a migration may stop an installation that is in use, while old and new code run side by side.

An operation that is not known to be harmless is found. A migration that needs one says why it does no harm, in a class
attribute: `while_in_use = "..."`. docs/upgrading.md has the rules behind this.
"""

from django.contrib.postgres import operations as postgres
from django.db import migrations
from django.db.models.fields import NOT_PROVIDED

# Until somebody has installed it, tables may change as they like: raise these until then, and never afterwards.
BEFORE_THE_FIRST_INSTALLATION = {"teams": 2, "actions": 3, "reports": 2}

HARMLESS = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    postgres.AddConstraintNotValid,
    postgres.AddIndexConcurrently,
    postgres.RemoveIndexConcurrently,
    postgres.ValidateConstraint,
)
WHY = {
    migrations.AddField: "the old code does not fill it: give it db_default, or let it be null",
    migrations.AddIndex: "writes wait until it is built: AddIndexConcurrently, in a migration with atomic = False",
    migrations.RemoveIndex: "reads and writes wait for it: RemoveIndexConcurrently",
    migrations.AddConstraint: "all rows are read under a lock: AddConstraintNotValid, later ValidateConstraint",
    migrations.AlterField: "may write the table anew, or refuse what the old code writes",
    migrations.RemoveField: "the old code still asks for it: stop using it a version earlier",
    migrations.DeleteModel: "the old code still asks for it: stop using it a version earlier",
    migrations.RenameField: "the old code knows the old name: add, fill, use, remove",
    migrations.RenameModel: "the old code knows the old name: add, fill, use, remove",
    migrations.RunPython: "rows in one transaction stay locked until its end: fill them in batches, by a command or a job",
    migrations.RunSQL: "nothing here can read it",
}


def dangers(migration):
    """What each operation may do, by its own description; nothing where the migration says why it does no harm."""
    if getattr(migration, "while_in_use", ""):
        return {}
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, migrations.CreateModel)}
    found = {}
    for operation in migration.operations:
        if not is_harmless(operation, made):
            found[operation.describe()] = WHY.get(type(operation), "not known to be harmless")
    return found


def is_harmless(operation, made):
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return all(is_harmless(inner, made) for inner in operation.database_operations)
    if isinstance(operation, HARMLESS) or getattr(operation, "model_name_lower", None) in made:
        return True
    field = getattr(operation, "field", None)
    if type(operation) is migrations.AddField and field is not None:
        return (field.null or field.db_default is not NOT_PROVIDED or field.many_to_many) and not field.unique
    return False
