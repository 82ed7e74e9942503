"""Plain functions that make rows for tests; every argument has a fitting default."""

import base64
import time
from datetime import date, timedelta
from functools import cache
from itertools import count

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from actions import initiatives
from actions.models import Action, Addressee, Ask, Barrier, Commitment, Community, Initiative, Practice
from actions.vocabulary import Direction, HeardBack
from teams.models import Agency, Membership, Role, Session, Team, Worker
from teams.signing_in.sessions import SessionStore
from teams.visibility import Visibility

PASSWORD = "correct-horse-battery"
_number = count(10_001)  # all as long, and longer than any number that a test looks for on a page with names


def make_agency(**changes):
    n = next(_number)
    values = {"name": f"Agency {n}", "slug": f"agency-{n}", "reports_from": date(2026, 1, 1)}
    return Agency.objects.create(**values | changes)


@cache
def hashed(password):
    """Once for all tests: a good hash takes its time."""
    return make_password(password)


def make_worker(agency, name=None, *, teams=(), role=Role.MEMBER, password=None, **changes):
    name = name or f"Worker {next(_number)}"
    email = f"{name.lower().replace(' ', '.')}.{next(_number)}@example.org"
    values = {"email": email, "name": name, "agency": agency, "default_visibility": Visibility.SHARED}
    worker = Worker.objects.create_worker(**values | changes)
    if password:
        worker.password = hashed(password)
        worker.save(update_fields=["password"])
    for team in teams:
        make_membership(worker, team, role)
    return worker


def make_team(agency, name=None, **changes):
    return Team.objects.create(agency=agency, name=name or f"Team {next(_number)}", **changes)


def make_membership(worker, team, role=Role.MEMBER, starts_on=date(2024, 1, 1), ends_on=None):
    return Membership.objects.create(
        agency=team.agency, worker=worker, team=team, role=role, starts_on=starts_on, ends_on=ends_on
    )


def practice(code="info_up_front"):
    return Practice.objects.get(agency=None, code=code)


def community(code="racialized"):
    return Community.objects.get(agency=None, code=code)


def make_session(worker):
    """Of another browser than any that a test has."""
    store = SessionStore()
    store[SESSION_KEY] = str(worker.pk)
    store.create()
    return Session.objects.get(pk=store.session_key)


def code_of(secret, *, steps=0):
    """What the app shows now, or so many half minutes later."""
    return HOTP(base64.b32decode(secret), 6, SHA1()).generate(int(time.time()) // 30 + steps).decode()  # noqa: S303


def make_action(author, **changes):
    """Shared with the author's first current team, done today, unless the changes say otherwise."""
    spell = author.memberships.order_by("starts_on", "pk").first()
    values = {
        "agency": author.agency,
        "author": author,
        "team": spell and spell.team,
        "practice": changes.pop("practice", None) or practice(),
        "level": "individual",
        "direction": Direction.CO_DESIGNED,
        "communities": [community().pk],
        "done_on": timezone.localdate(),
        "logged_on": timezone.localdate(),
        "visibility": Visibility.SHARED,
        "heard_back": HeardBack.NOT_ASKED,
    }
    return Action.objects.create(**values | changes)


def make_commitment(action, **changes):
    values = {"agency": action.agency, "action": action, "due_on": timezone.localdate() + timedelta(days=7)}
    return Commitment.objects.create(**values | changes)


def make_ask(asker, *, answered_by=None, **changes):
    """Put to the supervisors of the asker's first team, today; answered where somebody answers."""
    spell = asker.memberships.order_by("starts_on", "pk").first()
    values = {
        "agency": asker.agency,
        "asker": asker,
        "team": spell and spell.team,
        "addressed_to": Addressee.SUPERVISOR,
        "barrier": Barrier.TIME,
        "need": "An hour to prepare.",
        "created_at": timezone.now(),
    }
    if answered_by:
        values |= {"state": "answered", "answer": "From Monday on.", "answered_by": answered_by}
        values["answered_at"] = timezone.now()
    return Ask.objects.create(**values | changes)


def ask_data(to, **changes):
    """What the form of a new ask posts."""
    return {"barrier": "time", "in_the_way": "", "need": "An hour to prepare.", "to": to, "action": ""} | changes


def make_own_commitment(author, **changes):
    """One that stands alone: private, promised today for in a week, unless the changes say otherwise."""
    today = timezone.localdate()
    values = {"agency": author.agency, "author": author, "text": "Bring the draft to the council", "made_on": today}
    return Commitment.objects.create(**values | {"due_on": today + timedelta(days=7)} | changes)


def make_initiative(lead, *, partners=(), **changes):
    """Under way at the lead's agency, to be looked at again in three months, unless the changes say otherwise."""
    values = {
        "title": "A waiting room that youth designed",
        "aim": "Young people decide what the waiting room looks like and what hangs on its walls.",
        "level": "agency",
        "direction": Direction.CO_DESIGNED,
        "communities": [community().pk],
        "review_on": timezone.localdate() + timedelta(days=90),
        "status": "under_way",
    }
    return initiatives.start(Initiative(**values | changes), by=lead, partners=partners)


def initiative_data(**changes):
    """What the form of an initiative posts for a complete one."""
    values = {
        "title": "An interpreter at every first visit",
        "aim": "Every family can speak its own language from the first visit on.",
        "level": "agency",
        "direction": Direction.REQUEST_FEEDBACK,
        "communities": [community().pk],
        "partners": "",
        "outside": "",
        "resources": "",
        "hours": "",
        "dollars": "",
        "review_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "status": "planned",
        "version": "1",
    }
    return values | changes


def form_data(**changes):
    """What the log form posts for a complete action."""
    values = {
        "practice": practice().pk,
        "level": "individual",
        "direction": Direction.CO_DESIGNED,
        "communities": [community().pk],
        "done_on": timezone.localdate().isoformat(),
        "heard_back": HeardBack.NOT_ASKED,
        "visibility": Visibility.SHARED,
        "hours": "",
        "note": "",
        "commitment_due": "",
        "version": "1",
    }
    return values | changes
