"""The Celery application and the web application of a run: those of the app, with its clock and its points."""

import os
from pathlib import Path

from celery.signals import worker_process_init
from django.core.wsgi import get_wsgi_application

from allyship.celery import app
from tests.faults import naive
from tests.faults.clock import Clock

Clock(Path(os.environ["ALLYSHIP_HOME"]) / "clock").rule()
naive.install(app)


@worker_process_init.connect
def install_points(**_):
    from tests.faults import points  # models can be imported only now

    points.install()


def web():
    return get_wsgi_application()
