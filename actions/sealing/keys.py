"""The keys of reflections: the web process's, and those of commands that run beside it; never the worker's or beat's."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from actions import sealing


class NoKeys(ImproperlyConfigured):
    """This process cannot open or seal a reflection."""


def ring() -> sealing.Ring:
    """The keys of this process, read from the settings each time; NoKeys says what is in the way."""
    keys = str(settings.REFLECTION_KEYS)
    if not keys:
        raise NoKeys(
            "There are no keys for reflections here: web needs REFLECTION_KEYS where SITE_URL is public "
            "(docs/reflections.md); the Celery worker and beat have none."
        )
    try:
        return sealing.read_ring(keys)
    except sealing.BadKeys as error:
        raise NoKeys(f"REFLECTION_KEYS: {error}.") from None


def withhold(**_: Any) -> None:
    """From here on this process has no keys, whatever its environment says."""
    settings.REFLECTION_KEYS = ""
