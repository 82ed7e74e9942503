"""The filters that a person used last on a team's dashboard: in her session, for herself, until she clears them."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase

from teams.models import Team

KEY: Final = "dashboard_filters"


def query(session: SessionBase, team: Team) -> str:
    """What the address of the team's dashboard then asks; empty where she used no filter."""
    found: dict[str, str] = session.get(KEY, {})
    return found.get(str(team.pk), "")


def keep(session: SessionBase, team: Team, filters: Mapping[str, Any]) -> None:
    """Remember those; none makes it forget. The session is saved only where that changes something."""
    asked = urlencode(filters)
    if asked != query(session, team):
        others = {pk: kept for pk, kept in session.get(KEY, {}).items() if pk != str(team.pk)}
        session[KEY] = others | ({str(team.pk): asked} if asked else {})
