"""The log form against the smallest signed-in page: the CPU of the web process, without the database's own."""

import uuid
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Community, Practice
from actions.vocabulary import Direction, HeardBack
from allyship.demo import SIGN_INS
from bench.cells import Gate, cpu
from teams.models import Worker

SMALLEST = "account_logout"  # the frame of every page and one button; checked to be the smallest of NO_SMALLER
NO_SMALLER = ["actions:commitments", "actions:practices", "teams:visibility", "account_set_password"]
QUICK, FULL = "actions:quick_log", "actions:log"
LONG_LIMIT = 4.0  # twenty questions, for the few who have more to say
GET_LIMIT, POST_LIMIT = 2.5, 3.0  # times the CPU of the smallest page
POST_QUERIES = 12


def run(*, rounds: int) -> list[Gate]:
    worker = Worker.objects.get(email=SIGN_INS["worker"])
    client = Client(headers={"host": "localhost"})
    client.force_login(worker)
    answers = complete(worker)

    def page(name: str) -> bytes:
        response = client.get(reverse(name), {"practice": answers["practice"]}, follow=True)
        assert response.status_code == 200, (name, response.status_code)
        return response.content

    def post() -> None:
        response = client.post(reverse(QUICK), answers | {"key": uuid.uuid4()})
        assert response.status_code == 302, response.status_code

    pages = [SMALLEST, *NO_SMALLER, QUICK, FULL]
    before = Action.objects.count()
    calls = {name: (lambda name=name: page(name)) for name in pages} | {"post": post}
    seconds = cpu(calls, rounds=rounds, times=5)
    assert Action.objects.count() == before + 5 * (rounds + 1), "every post makes one action"
    with CaptureQueriesContext(connection) as queries:
        post()
    for name, value in seconds.items():
        print(f"{name:<44} {value * 1000:>7.2f} ms CPU  {value / seconds[SMALLEST]:>5.2f} x the smallest")
    smallest = min(seconds[name] for name in pages)
    return [
        Gate("quick log, GET", seconds[QUICK] / smallest, GET_LIMIT, "x"),
        Gate("long form, GET", seconds[FULL] / smallest, LONG_LIMIT, "x"),
        Gate("log, POST", seconds["post"] / smallest, POST_LIMIT, "x"),
        Gate("log, POST", len(queries), POST_QUERIES, "queries"),
    ]


def complete(worker: Worker) -> dict[str, Any]:
    """What the log form posts for a whole action, with a note that the guard reads."""
    practice = Practice.objects.offered_to(worker.agency)[0]
    return {
        "practice": practice.pk,
        "level": practice.levels[0],
        "direction": Direction.CO_DESIGNED,
        "communities": [Community.objects.offered_to(worker.agency)[0].pk],
        "done_on": timezone.localdate().isoformat(),
        "note": "Went through the plan of care together before anything was signed.",
        "heard_back": HeardBack.NOT_ASKED,
        "visibility": "shared",
    }
