"""How gunicorn serves the app, whatever started it: `gunicorn --config python:allyship.gunicorn allyship.wsgi`."""

import os
import shutil
import tempfile
from typing import Any

# Where the processes of this web add up what they counted; a new start counts from nothing. The library looks for it
# as soon as it is imported.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts = tempfile.mkdtemp(prefix="allyship-metrics-")

from prometheus_client import multiprocess

graceful_timeout = 30  # seconds that a request has to end in when web is stopped
control_socket_disable = True  # signals are enough
logger_class = "allyship.logs.Gunicorn"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
_master = os.getpid()


def child_exit(server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    if os.getpid() == _master:
        shutil.rmtree(_counts, ignore_errors=True)
