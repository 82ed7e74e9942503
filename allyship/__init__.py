"""The project: settings, URLs, Celery, WSGI, the embedded servers and the demo; wiring only."""

import warnings

from allyship.celery import app as celery_app

# The embedded servers' wheel looks for a runtime folder as soon as it is imported, and remarks where there is none.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")

__all__ = ["celery_app"]
