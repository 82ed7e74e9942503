"""What a team is called, and the communities that it says it serves."""

import hashlib
import json
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from teams.models import Team, Worker


class StaleTeam(Exception):
    """Somebody else changed the team since it was read."""

    def __init__(self, saved: Team) -> None:
        super().__init__("stale team")
        self.saved = saved


class NameTaken(Exception):
    """The agency has a team of this name."""


def seen(team: Team) -> str:
    """Stands for what an admin was shown of the team."""
    shown = json.dumps([team.name, sorted(team.communities)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@transaction.atomic
def save(team: Team, *, name: str, communities: Sequence[int], over: str, by: Worker) -> Team:
    """Save a new team, or one that is still as `over` says, by `seen`; StaleTeam where it is not, NameTaken."""
    if not team._state.adding:
        team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        if seen(team) != over:
            raise StaleTeam(team)
    team.name, team.communities = name, list(communities)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise NameTaken from error
    return team
