"""The control: the usual design, in which beat fires the job, and the task does it and sends the mail, acknowledged early.

It runs in the same processes, on the same servers and under the same faults. Where it comes through, the run is no test;
nor where it does not come through while nothing is broken.
"""

import os
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import connection

from allyship.database import roles

EVERY, EXPIRES = 1.0, 30.0  # seconds; the first is what a month is to the app
TABLE = f"""
CREATE TABLE naive_period (id bigserial PRIMARY KEY, fired_at timestamptz);
GRANT SELECT, INSERT, UPDATE ON naive_period TO {roles.WORKER};
GRANT USAGE ON naive_period_id_seq TO {roles.WORKER};
"""
HEAD = "naive."


def install(app):
    """The task for each process, and its entry in the schedule for the one beat that such a design has."""

    @app.task(name="naive.close", acks_late=False, reject_on_worker_lost=False, bind=True)
    def close(task):
        fired_at = datetime.fromisoformat(task.request.expires) - timedelta(seconds=EXPIRES)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO naive_period (fired_at) VALUES (%s) RETURNING id", [fired_at])
            (pk,) = cursor.fetchone()
        headers = {"Message-ID": f"<{HEAD}{pk}@faults.example>"}
        EmailMultiAlternatives("Period", "It is closed.", to=["naive@faults.example"], headers=headers).send()

    if os.environ.get("FAULTS_CONTROL"):
        schedule = {"naive": {"task": "naive.close", "schedule": EVERY, "options": {"expires": EXPIRES}}}
        app.conf.beat_schedule = app.conf.beat_schedule | schedule
