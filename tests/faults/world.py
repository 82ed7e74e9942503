"""The agencies of a run, each with something about its zone, its grace or its cadence; and those that are poisoned."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import Client

from actions.models import Action, Commitment
from actions.vocabulary import CommitmentStatus, Direction
from teams import agencies
from teams.models import Agency, Membership, Role, Team, Worker
from teams.visibility import Visibility
from tests.factories import community, make_agency, make_membership, make_team, make_worker, practice
from tests.faults.calendar import MONTHLY, QUARTERLY, due_periods, next_quarter

START = datetime(2028, 1, 10, 15, tzinfo=UTC)
FIRST_DAY = date(2028, 1, 1)
TEAMS = 3
ACTIONS, PROMISES = 5, 2  # in each week of the backlog, for each team

# Moments that the clock is set to, in this order, a second before something happens there; then any others.
MOMENTS = {
    "leap day, and a period that is due on it at -03:30": datetime(2028, 2, 29, 3, 29, 59, tzinfo=UTC),
    "hour left out in spring, and a period due that night": datetime(2028, 3, 12, 6, 59, 59, tzinfo=UTC),
    "midnight at +05:45": datetime(2028, 5, 4, 18, 14, 59, tzinfo=UTC),
    "hour that comes twice in autumn, and a period due that night": datetime(2028, 11, 5, 5, 59, 59, tzinfo=UTC),
}


@dataclass
class Tracked:
    """An agency, and what it was told, from which its periods follow."""

    agency: Agency
    zones: list[str]
    cadences: dict[date, str]
    is_poisoned: bool = False
    writers: list[Worker] = field(default_factory=list)

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zones[-1])).date()

    def due(self, now: datetime) -> set[tuple[date, date]]:
        return due_periods(FIRST_DAY, self.cadences, self.agency.grace_days, self.today(now))

    def quarters_due(self, now: datetime) -> set[date]:
        """The first days of the quarters that are over, with their days of grace."""
        over = due_periods(FIRST_DAY, {FIRST_DAY: QUARTERLY}, self.agency.grace_days, self.today(now))
        return {first for first, _last in over}


def build(
    name: str, *, zone="America/Toronto", cadence=MONTHLY, grace=7, start=FIRST_DAY, teams=TEAMS, **changes
) -> Tracked:
    agency = make_agency(
        name=name,
        slug=name.lower().replace(" ", "-"),
        time_zone=zone,
        cadence=cadence,
        grace_days=grace,
        reports_from=start,
        **changes,
    )
    tracked = Tracked(agency, [zone], {start: cadence})
    for number in range(teams):
        team = make_team(agency, f"Team {number}")
        since = {"starts_on": date(2027, 1, 1)}
        tracked.writers.append(make_worker(agency))
        make_membership(tracked.writers[-1], team, **since)
        make_membership(make_worker(agency), team, Role.SUPERVISOR, **since)
    return tracked


def build_all() -> dict[str, Tracked]:
    made = [
        build("Spring night", grace=11),
        build("Leap day", zone="America/St_Johns", grace=28),
        build("Quarter to six", zone="Asia/Kathmandu", grace=4),
        build("Autumn night", grace=4),
        build("To months", zone="America/Halifax", cadence=QUARTERLY),
        build("To quarters", zone="America/Vancouver", grace=0),
        build("Moves", grace=3),
        build("Poisoned period", grace=5),
        build("Poisoned zone", grace=6),
        build("Poisoned address", grace=7),
    ]
    return {tracked.agency.name: tracked for tracked in made}


def change_cadence(tracked: Tracked, cadence: str, now: datetime) -> None:
    today = tracked.today(now)
    agencies.change_cadence(tracked.agency, cadence, today=today)
    tracked.cadences[next_quarter(today)] = cadence


def move(tracked: Tracked, zone: str) -> None:
    Agency.objects.filter(pk=tracked.agency.pk).update(time_zone=zone)
    tracked.zones.append(zone)


def poison_zone(tracked: Tracked) -> None:
    """A name that no list of zones has any more; the installation's own takes its place."""
    Agency.objects.filter(pk=tracked.agency.pk).update(time_zone="Nowhere/Gone")


def poison_address(tracked: Tracked) -> Worker:
    """A supervisor to whom no message can be written; the others of the agency get theirs."""
    worker = Worker.objects.filter(agency=tracked.agency, memberships__role=Role.SUPERVISOR).order_by("pk")[0]
    Worker.objects.filter(pk=worker.pk).update(email=f"two\nlines.{worker.pk}@example.org")
    return worker


def signed_in(worker: Worker) -> dict[str, str]:
    """The cookies of a session that outlasts the run's years."""
    client = Client()
    client.force_login(worker)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def backlog(number_of_teams: int, weeks: int, start: date) -> list[Tracked]:
    """Without the reminders of promises, which go out on one day of the week: the time is that of summaries."""
    each = {"start": start, "teams": number_of_teams // 4, "grace": 0, "sends_reminders": False}
    made = [build(f"Backlog {n}", **each) for n in range(4)]
    members = Membership.objects.filter(agency__in=[each.agency for each in made], role=Role.MEMBER)
    log(list(members), weeks, start)
    return made


def log(members: list[Membership], weeks: int, start: date) -> None:
    """So many shared actions for each team and week, on other days; the first of them promise something for next week."""
    places = [(member, week, n) for member in members for week in range(weeks) for n in range(ACTIONS)]
    shared = {"practice": practice(), "level": "individual", "communities": [community().pk]}
    days = [start + timedelta(weeks=week, days=n) for _member, week, n in places]
    actions = Action.objects.bulk_create(
        Action(
            **shared,
            agency_id=member.agency_id,
            author_id=member.worker_id,
            team_id=member.team_id,
            direction=Direction.values[n % len(Direction.values)],
            visibility=Visibility.SHARED,
            done_on=day,
            logged_on=day,
        )
        for (member, _week, n), day in zip(places, days, strict=True)
    )
    Commitment.objects.bulk_create(
        Commitment(
            agency_id=action.agency_id,
            author_id=action.author_id,
            action=action,
            made_on=action.done_on,
            due_on=action.done_on + timedelta(weeks=1),
            status=CommitmentStatus.OPEN if n else CommitmentStatus.KEPT,
        )
        for action, (_member, _week, n) in zip(actions, places, strict=True)
        if n < PROMISES
    )


def number_of_teams() -> int:
    return Team.objects.count()
