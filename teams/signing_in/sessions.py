"""Sessions in the database, sealed: half an hour without a request ends one, and so do twelve hours in all.

A cookie that can be none of ours is no session, and never reaches a query.
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import OperationalError
from django.http import HttpRequest
from django.utils import timezone

from teams import sealing
from teams.models import Session, Worker

STARTED: Final = "_started"
SEEN: Final = "_seen"
BROWSER: Final = "_browser"
NOTED_EVERY = 60  # seconds: a request within them writes nothing
PURPOSE = "sessions"
# Each says that it is those before it as well, so the first that is found counts.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        return super()._validate_session_key(key) and str(key).isalnum()  # type: ignore[misc]

    def save(self, must_create: bool = False) -> None:
        """A database that is away is not taken for a session that was ended, which would refuse what was sent."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now().timestamp()
        started, seen = data.setdefault(STARTED, now), data.setdefault(SEEN, now)
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=min(self.get_expiry_date(), _ends_at(started, seen)),
            worker_id=data.get(SESSION_KEY),
            started_at=_moment(started),
            last_seen_at=_moment(seen),
            browser=data.get(BROWSER, ""),
        )

    def encode(self, session_dict: dict[str, Any]) -> str:
        text = self.serializer().dumps(session_dict).decode("latin-1")
        sealed = sealing.seal(text, key=sealing.ring_of_settings(PURPOSE).current, bound=PURPOSE.encode())
        return base64.b64encode(sealed).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Nothing where it was sealed by another installation or changed: a session that nobody is signed in to."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
            text = sealing.unseal(sealed, ring=sealing.ring_of_settings(PURPOSE), bound=PURPOSE.encode())
        except (sealing.CannotOpen, binascii.Error):
            return {}
        found: dict[str, Any] = self.serializer().loads(text.encode("latin-1"))
        return found


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _ends_at(started: float, seen: float) -> datetime:
    idle = _moment(seen) + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return min(idle, _moment(started) + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def begin(request: HttpRequest) -> None:
    """Somebody has just signed in: her hours count from now, and she will know the browser again by its name."""
    request.session[STARTED] = request.session[SEEN] = timezone.now().timestamp()
    request.session[BROWSER] = browser_in(request.headers.get("User-Agent", ""))


def note_seen(session: SessionBase, *, at_once: bool = False) -> None:
    now = timezone.now().timestamp()
    if at_once or now - session.get(SEEN, 0) >= NOTED_EVERY:
        session[SEEN] = now


def ends(request: HttpRequest) -> dict[str, Any]:
    """For the pages of who is signed in: seconds until it ends if nothing happens, and until it ends in any case."""
    if not (hasattr(request, "user") and request.user.is_authenticated):
        return {}
    now = timezone.now().timestamp()
    whole = request.session.get(STARTED, now) + settings.SESSION_COOKIE_AGE - now
    ends = {
        "idle": settings.SESSION_IDLE_SECONDS - NOTED_EVERY,
        "whole": int(whole),
        "warning": settings.SESSION_WARNING_SECONDS,
    }
    return {"session_ends": ends}


def browser_in(user_agent: str) -> str:
    """The family alone, such as Firefox; empty for one that is not known."""
    return next((name for mark, name in BROWSERS.items() if mark in user_agent), "")


def end_others(request: HttpRequest, worker: Worker) -> int:
    """Sign the worker out of every browser but this; says out of how many."""
    ended, _rows = Session.objects.of(worker).exclude(session_key=request.session.session_key).delete()
    return ended
