"""A mail server that refuses, says nothing, says later, says no, or takes a message and hangs up."""

import asyncio
import threading
import time
from collections import Counter
from email import message_from_bytes, policy
from typing import NamedTuple

from aiosmtpd.controller import Controller

from tests.processes import free_port

WELL, REFUSES, SILENT, LATER, NO, HANGS_UP = "takes mail", "refuses", "times out", "4xx", "5xx", "drops after DATA"
MODES = [REFUSES, SILENT, LATER, NO, HANGS_UP]
LONGER_THAN_ANYBODY_WAITS = 6


class Taken(NamedTuple):
    """A message by the first part of its Message-ID, and when its sender, who had not sent it yet, said to whom."""

    key: str
    address: str
    at: float


class MailServer:
    """Keeps all that it took, in order; `met` counts how often a fault was met."""

    def __init__(self):
        self.taken: list[Taken] = []
        self.met: Counter[str] = Counter()
        self.mode = WELL
        self.last_busy = time.monotonic()
        self.port = free_port()
        self._lock = threading.Lock()
        self._start()

    def _start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self):
        self._controller.stop()

    def fail(self, mode):
        self.mode = mode
        if mode == REFUSES:
            self._controller.stop()

    def recover(self):
        if self.mode == REFUSES:
            self._start()
        self.mode = WELL

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 (aiosmtpd's name)
        self.last_busy = time.monotonic()
        if self.mode == SILENT:
            self.met[SILENT] += 1
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.mode in (LATER, NO):
            self.met[self.mode] += 1
            return "451 4.3.0 Later" if self.mode == LATER else "550 5.1.1 No such person"
        envelope.rcpt_tos.append(address)
        envelope.at = time.monotonic()
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        key = message_from_bytes(envelope.content, policy=policy.default)["Message-ID"].strip("<>").split("@")[0]
        with self._lock:
            self.taken.append(Taken(key, envelope.rcpt_tos[0], envelope.at))
        self.last_busy = time.monotonic()
        if self.mode == HANGS_UP:
            if not key.startswith("naive."):
                self.met[HANGS_UP] += 1
            server.transport.abort()
        return "250 OK"
