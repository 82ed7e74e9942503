"""A task that no worker should be able to do: loaded by a test into a real one."""

from pathlib import Path

from celery import shared_task

from actions import reflections
from actions.models import Reflection


@shared_task
def open_reflection(pk: str, path: str) -> None:
    try:
        said = f"opened: {reflections.opened(Reflection.objects.get(pk=pk)).text}"
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    Path(path).write_text(said + "\n")
