"""People who log through the web while everything breaks; each entry is sent until it is acknowledged.

Where the clock goes back, or an agency moves west, its day may be tomorrow: that is refused rightly, and sent again as
of today. They also ask for links to a new password, a page that rings the broker: seldom, so that the faults meet
summaries and not these mails; but always while Valkey is down.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from urllib.parse import urlencode
from uuid import UUID

from tests.factories import community, practice
from tests.faults import world
from tests.faults.outages import VALKEY

LINK = "/accounts/password/reset/"
FORGETS = 0.02  # of the times that somebody writes


class Writer(threading.Thread):
    """`acknowledged` has the direction of each key that was answered with 200, and `promised` the addresses to which a
    link was promised, of all that were `typed`; `requests` and `errors` count by page and what was down in that time.

    `refused` counts what was right by the status and the words of the answer.
    """

    def __init__(self, port, people, clock, outages, seed):
        super().__init__(daemon=True)
        self.port, self.people, self.clock, self.outages = port, people, clock, outages
        self.random = random.Random(seed)  # noqa: S311
        self.acknowledged: dict[UUID, str] = {}
        self.typed: set[str] = set()
        self.promised: set[str] = set()
        self.requests, self.errors, self.refused = Counter(), Counter(), Counter()
        self.gate, self.stopped = threading.Lock(), threading.Event()
        self.cookies = {worker.pk: world.signed_in(worker) for tracked in people for worker in tracked.writers}
        self.tokens: dict[UUID, str] = {}
        self.practice, self.community = practice().pk, community().pk

    def run(self):
        while not self.stopped.is_set():
            with self.gate:
                tracked = self.random.choice(self.people)
                if VALKEY in self.outages.now() or self.random.random() < FORGETS:
                    self.ask_for_link(self.random.choice(tracked.writers))
                self.write(self.random.choice(tracked.writers), tracked)
            time.sleep(0.08)

    def write(self, worker, tracked):
        key = UUID(int=self.random.getrandbits(128), version=4)
        typed = {
            "practice": self.practice,
            "level": "individual",
            "direction": self.random.choice(["community_led", "co_designed", "consulted"]),
            "communities": self.community,
            "visibility": self.random.choice(["shared", "shared", "private"]),
        }
        while not self.stopped.is_set():
            day = tracked.today(self.clock.now())
            body = urlencode(typed | {"done_on": day.isoformat()})
            status, answer = self.ask("PUT", f"/log/waiting/{key}/", worker.pk, body)
            if status == 200:
                self.acknowledged[key] = typed["direction"]
                if self.random.random() < 0.1:  # the answer got lost on the way: once more
                    self.ask("PUT", f"/log/waiting/{key}/", worker.pk, body)
                return
            if status is not None and status < 500 and day <= tracked.today(self.clock.now()):
                self.refuse(worker, status, answer)
            time.sleep(0.1)

    def ask_for_link(self, worker):
        """Once, for an address of its own, by which its mail is known; any address gets one, so that none is told apart."""
        address = f"link.{self.random.getrandbits(64):x}@example.org"
        self.typed.add(address)
        status, answer = self.ask("POST", LINK, worker.pk, urlencode({"email": address}))
        if status == 302:
            self.promised.add(address)
        elif status is not None and status < 500:
            self.refuse(worker, status, answer)

    def refuse(self, worker, status, answer):
        self.refused[f"{status} {answer.decode(errors='replace')[:300]}"] += 1
        self.tokens.pop(worker.pk, None)

    def ask(self, method, path, pk, body=""):
        """The answer's status, None where there was none, and text; a fault of the web process is noted with the time."""
        begun = time.monotonic()
        status, answer = 200, b""
        try:
            if pk not in self.tokens:
                status, answer = self._send("GET", "/log/waiting/device.json", pk, "")
                if status == 200:
                    self.tokens[pk] = json.loads(answer)["token"]
            if status == 200:  # without a token, what is sent would be refused with good reason
                status, answer = self._send(method, path, pk, body)
        except (OSError, http.client.HTTPException):
            status = None
        case = path == LINK, self.outages.to_blame(begun, time.monotonic())
        self.requests[case] += 1
        if status is None or status >= 500:
            self.errors[case] += 1
        return status, answer

    def _send(self, method, path, pk, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            headers = {"X-CSRFToken": self.tokens.get(pk, ""), "Content-Type": "application/x-www-form-urlencoded"}
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies[pk].items())
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                    self.cookies[pk]["csrftoken"] = value.split(";")[0].split("=", 1)[1]
            return answer.status, answer.read()
        finally:
            connection.close()
