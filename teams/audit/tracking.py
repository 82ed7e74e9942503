"""What is recorded of changes, by triggers in the database: an event table beside each model that `tracked` marks.

docs/decisions/0020-audit.md says what is recorded and what never is; who changed something and where is told to the
database by teams/audit/recording.py.
"""

from collections.abc import Callable

import pghistory
import pgtrigger
import pgtrigger.migrations
from django.db import models
from django.db.migrations.state import ProjectState
from django.db.models.functions import UUID7
from pghistory.models import Event


class AuditEvent(Event):
    """One row as a change left it, or as it was when it was deleted. In the order of the keys, over all event tables."""

    pgh_id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)  # type: ignore[assignment]
    # The role that the process signed in with: a context can be made up, this cannot.
    pgh_role = models.CharField(
        max_length=63,
        editable=False,
        db_default=models.Func(
            function="SESSION_USER", template="(%(function)s)::text", output_field=models.CharField()
        ),
    )

    class Meta:
        abstract = True


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """As the library's, but without making all models anew for each of a hundred triggers."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


def tracked[M: type[models.Model]](
    *fields: str,
    find_agency: str = "",
    insert: pgtrigger.Condition | bool = True,
    update: pgtrigger.Condition | bool = True,
    about: tuple[str, ...] = (),
) -> Callable[[M], M]:
    """Record every insert, update and delete of these fields and of no other: a change of others leaves no event.

    `find_agency`: SQL for the agency of an event, where the model names none. `insert`, `update`: not at all, or only
    where the condition holds. `about`: fields by which a page asks for events.
    """
    asked = ("pgh_obj", *about)
    indexes = [
        models.Index(fields=["agency", "-pgh_id"], name="%(class)s_newest"),
        *(models.Index(fields=[name, "-pgh_id"], name=f"%(class)s_{name[:7]}") for name in asked),
    ]
    trackers: list[pghistory.Tracker] = [pghistory.DeleteEvent()]
    for wanted, event in ((insert, pghistory.InsertEvent), (update, pghistory.UpdateEvent)):
        if wanted is not False:
            trackers.append(event() if wanted is True else event(condition=wanted))

    def track(model: M) -> M:
        pghistory.track(
            *trackers,
            fields=list(fields),
            model_name=f"{model.__name__}Event",
            base_model=AuditEvent,
            obj_field=pghistory.ObjForeignKey(related_name="+", db_index=False),
            context_field=pghistory.ContextJSONField(),
            context_id_field=None,  # type: ignore[arg-type]
            attrs={"agency": models.UUIDField(null=True, db_column="agency_id")} if find_agency else {},
            meta={
                "indexes": indexes,
                "triggers": [_fill_agency(find_agency)] if find_agency else [],
                "default_permissions": (),
            },
        )(model)
        return model

    return track


def _fill_agency(sql: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="agency",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"NEW.agency_id = ({sql}); RETURN NEW;",
    )
