"""The project: settings, URLs, Celery, WSGI and the embedded servers; wiring only."""

from allyship.celery import app as celery_app

__all__ = ["celery_app"]
