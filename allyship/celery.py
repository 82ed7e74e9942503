"""The Celery application: three short periodic tasks and what they set off (settings, reports/tasks.py)."""

import logging
import os
import time
from contextlib import AbstractContextManager
from typing import Any

from celery import Celery, Task
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    task_failure,
    task_postrun,
    task_prerun,
    worker_init,
)
from django.core.exceptions import ImproperlyConfigured

from actions.sealing import keys
from allyship.database import roles, signing_in
from allyship.logs import REQUEST_ID, during
from teams import withheld
from teams.audit import recording

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")


class RecordedTask(Task):
    """What a task changes is recorded with its name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with recording.context(**{recording.TASK: self.name}):
            return super().__call__(*args, **kwargs)


app = Celery("allyship", task_cls=RecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# No job has business with what a person wrote for herself, however the process was started.
worker_init.connect(keys.withhold)
beat_init.connect(keys.withhold)
worker_init.connect(withheld.withhold)


@worker_init.connect
def sign_in_as_worker(**_: Any) -> None:
    try:
        signing_in.require(roles.WORKER)
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error  # anything else a signal of Celery's would log and forget


# What the log says of tasks -----------------------------------------------------------------------------------------

logger = logging.getLogger("allyship.tasks")
running: dict[str, tuple[float, AbstractContextManager[None]]] = {}


@setup_logging.connect
def as_in_settings(**_about: Any) -> None:
    """Celery would set up its own lines, which print what a task was called with and what an error says."""


@before_task_publish.connect
def name_request(headers: dict[str, Any], **_about: Any) -> None:
    headers["request_id"] = REQUEST_ID.get()


@task_prerun.connect
def begin(task_id: str, task: Task, **_about: Any) -> None:
    context = during(getattr(task.request, "request_id", None) or "")
    context.__enter__()
    running[task_id] = time.monotonic(), context


@task_failure.connect
def tell_failure(task_id: str, sender: Task, exception: BaseException, **_about: Any) -> None:
    logger.error("task failed", extra={"task": sender.name, "task_id": task_id}, exc_info=exception)


@task_postrun.connect
def end(task_id: str, task: Task, state: str | None = None, **_about: Any) -> None:
    begun, context = running.pop(task_id)
    about = {"task": task.name, "task_id": task_id, "duration_ms": round(1000 * (time.monotonic() - begun))}
    logger.info("task", extra=about | {"status": state or "unknown"})
    context.__exit__(None, None, None)
