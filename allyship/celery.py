"""The Celery application: three short periodic tasks and what they set off (settings, reports/tasks.py)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")

app = Celery("allyship")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
