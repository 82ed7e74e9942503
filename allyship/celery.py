"""The Celery application: three short periodic tasks and what they set off (settings, reports/tasks.py)."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from actions.sealing import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")

app = Celery("allyship")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# No job has business with what a person wrote for herself, however the process was started.
worker_init.connect(keys.withhold)
beat_init.connect(keys.withhold)
