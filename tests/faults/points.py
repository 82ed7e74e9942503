"""Where a process of the run ends, or waits, in the middle of its work, because the run has ordered it.

An order is a file named `<point>.<what>` in the folder of orders; the process that gets to the point first takes it by
renaming it. The code under test knows nothing of this: its functions are wrapped when a worker of the run starts.

A worker holds one mail at a time. Where it handed that to the mail server and could not go on to mark it, this is told
in a line of a file, with the reason: only such a mail may come again.
"""

import os
import signal
import time
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.db import Error, transaction
from django.utils import timezone

from reports import summaries
from reports.mails import deliveries
from teams import account_mails

CHILD, WORKER, WAIT = "child", "worker", "wait"
CLAIMED, SENT = "claimed", "sent"
CLOSE_BEFORE, CLOSE_AFTER = "close-before-commit", "close-after-commit"
MARK_BEFORE, MARK_AFTER = "mark-before-commit", "mark-after-commit"
FOLDER = Path(os.environ.get("ALLYSHIP_HOME", ".")) / "orders"
CUT_SHORT = FOLDER / "cut short"
WAITS_AT_MOST = 15  # seconds
KILLED, NOT_TOLD, NO_DATABASE, OVERDUE = "killed", "not told by the mail server", "no database", "lease run out"

_begun: float | None = None  # when this process took the mail that it holds; None while it holds none of the app's
_key = ""  # of that mail, from when it goes to the mail server on


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
        if what != WAIT and point in (SENT, MARK_BEFORE):
            cut_short(KILLED)
        _obey(what, taken)


def cut_short(why: str) -> None:
    """Say so, where there is a mail in hand; the line is written at once, and whole, before anything else happens."""
    if _key:
        with CUT_SHORT.open("a") as file:
            file.write(f"{_key}|{_begun}|{time.monotonic()}|{why}\n")


def holding(send):
    """Around the sending of one row, claimed until its `due_at`."""

    def sent(row):
        global _begun, _key
        _begun = time.monotonic()
        try:
            return send(row)
        except Error:
            cut_short(NO_DATABASE)
            raise
        finally:
            if row.due_at <= timezone.now():
                cut_short(OVERDUE)
            _begun, _key = None, ""

    return sent


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
        global _key
        if _begun is None:  # the control's
            return send(message, *arguments, **options)
        _key = message.extra_headers["Message-ID"].strip("<>").split("@")[0]
        try:
            done = send(message, *arguments, **options)
        except OSError:
            cut_short(NOT_TOLD)
            raise
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
    for module in (deliveries, account_mails):
        module._send = holding(module._send)
