"""Where a process of the run ends, or waits, in the middle of its work, because the run has ordered it.

An order is a file named `<point>.<what>` in the folder of orders; the process that gets to the point first takes it by
renaming it. The code under test knows nothing of this: its functions are wrapped when a worker of the run starts.
"""

import os
import signal
import time
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from reports import summaries
from reports.mails import deliveries

CHILD, WORKER, WAIT = "child", "worker", "wait"
CLAIMED, SENT = "claimed", "sent"
CLOSE_BEFORE, CLOSE_AFTER = "close-before-commit", "close-after-commit"
MARK_BEFORE, MARK_AFTER = "mark-before-commit", "mark-after-commit"
FOLDER = Path(os.environ.get("ALLYSHIP_HOME", ".")) / "orders"
WAITS_AT_MOST = 15  # seconds


def order(point: str, what: str) -> Path:
    """Order it; returns the file, which is gone once somebody has obeyed."""
    path = FOLDER / f"{point}.{what}"
    path.touch()
    return path


def reach(point: str) -> None:
    for what in (CHILD, WORKER, WAIT):
        path = FOLDER / f"{point}.{what}"
        taken = FOLDER / f"taken.{point}.{what}"
        try:
            path.rename(taken)
        except FileNotFoundError:
            continue
        _obey(what, taken)


def _obey(what: str, taken: Path) -> None:
    if what == CHILD:
        os.kill(os.getpid(), signal.SIGKILL)
    if what == WORKER:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    deadline = time.monotonic() + WAITS_AT_MOST
    while taken.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def install() -> None:
    """Wrap what a worker does with a period and with a mail."""
    claim, mark, close = deliveries.claim, deliveries._mark, summaries.close
    send = EmailMultiAlternatives.send

    def claim_and_tell(**arguments):
        delivery = claim(**arguments)
        if delivery is not None:
            reach(CLAIMED)
        return delivery

    def send_and_tell(message, *arguments, **options):
        done = send(message, *arguments, **options)
        reach(SENT)
        return done

    def around(change, before, after):
        def changed(*arguments, **options):
            with transaction.atomic():
                result = change(*arguments, **options)
                reach(before)
            reach(after)
            return result

        return changed

    deliveries.claim, deliveries._mark = claim_and_tell, around(mark, MARK_BEFORE, MARK_AFTER)
    summaries.close = around(close, CLOSE_BEFORE, CLOSE_AFTER)
    EmailMultiAlternatives.send = send_and_tell
