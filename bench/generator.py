"""Agencies, teams and years of actions by COPY: the same bytes for the same plan, so that each row can be told again."""

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import psycopg

from actions.models import Community, Practice
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, System

ANSWERS = 10_007  # different ways to fill in an action; a prime, so that they follow no rhythm
AT_ONCE = 2_000  # rows of one write
PROMISED = 6  # one action in so many made a promise
MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Plan:
    """What to make. Every team logs `per_team` actions, evenly over the days, and the first `largest` times as many."""

    teams: int
    per_team: int
    first: date
    last: date
    teams_per_agency: int = 5
    workers_per_team: int = 10
    largest: int = 1
    seed: int = 1

    @property
    def agencies(self) -> int:
        return -(-self.teams // self.teams_per_agency)

    @property
    def actions(self) -> int:
        return self.per_team * (self.teams - 1 + self.largest)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def actions_of(self, team: int) -> int:
        return self.per_team * (1 if team else self.largest)


@dataclass(frozen=True)
class Answer:
    """One way to fill in an action."""

    practice: int
    kind: str
    stance: str
    level: str
    direction: str
    communities: tuple[int, ...]
    visibility: str
    heard_back: str
    hours: str
    dollars: str
    system: str
    partners: str
    is_withdrawn: bool

    @property
    def is_counted_for_team(self) -> bool:
        return self.visibility == "shared" and not self.is_withdrawn


@dataclass(frozen=True)
class Told:
    """One row of the log, as the generator knows it."""

    done_on: date
    answer: Answer


def agency_key(number: int) -> str:
    return f"00000000-0000-7000-a000-{number:012x}"


def team_key(number: int) -> str:
    return f"00000000-0000-7000-b000-{number:012x}"


def worker_key(team: int, number: int) -> str:
    """Number 0 is the team's supervisor, who logs nothing."""
    return f"00000000-0000-7000-{0xC000 + number:04x}-{team:012x}"


def reader_of(team: int) -> str:
    return f"{worker_key(team, 0)}@bench.example"


class Generator:
    """Makes a plan real, in a database with our schema and the shipped catalogue but no rows of its own."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.digest = hashlib.sha256()

    def fill(self, connection: psycopg.Connection) -> None:
        """Foreign keys and triggers rest: all rows agree with each other from the start."""
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            self._copy(connection, "teams_agency", AGENCY, self._agencies())
            self._copy(connection, "teams_worker", WORKER, self._workers())
            self._copy(connection, "teams_team", TEAM, self._teams())
            self._copy(connection, "teams_membership", MEMBERSHIP, self._memberships())
            for table, columns, lines in (
                ("actions_action", ACTION, self._actions()),
                ("actions_commitment", COMMITMENT, self._commitments()),
            ):
                with _indexes_later(connection, table):
                    self._copy(connection, table, columns, lines)
        connection.execute("VACUUM (ANALYZE)")

    def _copy(self, connection: psycopg.Connection, table: str, columns: str, lines: Iterable[str]) -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            block: list[str] = []
            for line in lines:
                block.append(line)
                if len(block) == AT_ONCE:
                    self._write(copy, block)
            self._write(copy, block)

    def _write(self, copy: psycopg.Copy, block: list[str]) -> None:
        written = "".join(block).encode()
        block.clear()
        self.digest.update(written)
        copy.write(written)

    def _agencies(self) -> Iterator[str]:
        for n in range(self.plan.agencies):
            joins = self.plan.first if n < OPTED_IN else "\\N"
            yield (
                f"{agency_key(n)}\tAgency {n}\tagency-{n}\ten\tAmerica/Toronto\tmonthly\t7\t{self.plan.first}"
                f"\tshared\t{joins}\t5\t3\t70\n"
            )

    def _workers(self) -> Iterator[str]:
        for team in range(self.plan.teams):
            agency = agency_key(team // self.plan.teams_per_agency)
            for n in range(self.plan.workers_per_team + 1):
                key = worker_key(team, n)
                is_lead = "f" if n else "t"
                yield f"{key}\t!\t{agency}\t{key}@bench.example\tPerson {n}\ten\tshared\tt\tt\tf\t{is_lead}\tf\tf\n"

    def _teams(self) -> Iterator[str]:
        for team in range(self.plan.teams):
            yield f"{team_key(team)}\t{agency_key(team // self.plan.teams_per_agency)}\tTeam {team}\t{{}}\n"

    def _memberships(self) -> Iterator[str]:
        for team in range(self.plan.teams):
            agency = agency_key(team // self.plan.teams_per_agency)
            for n in range(self.plan.workers_per_team + 1):
                role = "member" if n else "supervisor"
                yield f"{agency}\t{worker_key(team, n)}\t{team_key(team)}\t{role}\t{self.plan.first}\n"

    def _actions(self) -> Iterator[str]:
        """Day by day over all teams, as an office fills its log."""
        days = [f"{day}\t{day}\t{day} 12:00:00+00" for day in self._days]
        tails = [_tail(answer) for answer in self._answers]
        for place, team, mixed in self._places():
            agency, author = team // self.plan.teams_per_agency, 1 + (mixed >> 40) % self.plan.workers_per_team
            yield (
                f"{_action_key(place, team)}\t{agency_key(agency)}\t{worker_key(team, author)}\t{team_key(team)}"
                f"\t{days[self._day(place, team)]}\t{tails[mixed % ANSWERS]}"
            )

    def _commitments(self) -> Iterator[str]:
        due = [f"{day}\t{day + timedelta(days=14)}" for day in self._days]
        statuses = list(CommitmentStatus.values)
        for place, team, mixed in self._places():
            if (mixed >> 20) % PROMISED:
                continue
            answer = self._answers[mixed % ANSWERS]
            agency, author = team // self.plan.teams_per_agency, 1 + (mixed >> 40) % self.plan.workers_per_team
            withdrawn = f"{self._days[0]} 12:00:00+00" if answer.is_withdrawn else "\\N"
            yield (
                f"{agency_key(agency)}\t{worker_key(team, author)}\t{team_key(team)}\t{_action_key(place, team)}\t"
                f"\t{answer.visibility}\t{due[self._day(place, team)]}\t{statuses[(mixed >> 30) % len(statuses)]}"
                f"\t\t\t{withdrawn}\n"
            )

    def told(self, team: int) -> Iterator[Told]:
        """Every action of one team, without the database."""
        for place in range(self.plan.actions_of(team)):
            answer = self._answers[_mixed(self.plan.seed, team, place) % ANSWERS]
            yield Told(self._days[self._day(place, team)], answer)

    def _places(self) -> Iterator[tuple[int, int, int]]:
        """(place in its team's log, team, a number that only these decide), the oldest first."""
        seed, largest = self.plan.seed, self.plan.largest
        for turn in range(self.plan.per_team):
            for place in range(turn * largest, (turn + 1) * largest):
                yield place, 0, _mixed(seed, 0, place)
            for team in range(1, self.plan.teams):
                yield turn, team, _mixed(seed, team, turn)

    def _day(self, place: int, team: int) -> int:
        return place * self.plan.days // self.plan.actions_of(team)

    @cached_property
    def _days(self) -> list[date]:
        return [self.plan.first + timedelta(days=n) for n in range(self.plan.days)]

    @cached_property
    def _answers(self) -> list[Answer]:
        dice = random.Random(self.plan.seed)  # noqa: S311 - no secret, the same every time
        practices = list(Practice.objects.filter(agency=None).order_by("order", "pk"))
        communities = dict(
            Community.objects.filter(agency=None).order_by("order", "pk").values_list("pk", "is_exclusive")
        )
        return [_answer(dice, practices, communities) for _ in range(ANSWERS)]


OPTED_IN = 4  # agencies in the figures of the sector

AGENCY = """id, name, slug, language, time_zone, cadence, grace_days, reports_from, suggested_visibility,
    in_sector_from, least_actions, least_authors, most_percent"""
WORKER = """id, password, agency_id, email, name, language, default_visibility, gets_summaries, is_active, is_admin,
    is_equity_lead, is_analyst, is_operator"""
TEAM = "id, agency_id, name, communities"
MEMBERSHIP = "agency_id, worker_id, team_id, role, starts_on"
ACTION = """id, agency_id, author_id, team_id, done_on, logged_on, created_at, practice_id, level, direction,
    communities, visibility, heard_back, hours, dollars, system, partners, withdrawn_at, relation, note, reference,
    version"""
COMMITMENT = """agency_id, author_id, team_id, action_id, text, visibility, made_on, due_on, status, agreed_with,
    dropped_because, withdrawn_at"""


@contextmanager
def _indexes_later(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """All but those of constraints are made again when the rows are there: half the time."""
    found = connection.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = %s::regclass AND NOT indisunique""",
        [table],
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        connection.execute(definition)


def _mixed(seed: int, team: int, place: int) -> int:
    """64 bits that look like chance."""
    x = (seed * 0x9E3779B97F4A7C15 + team * 0xBF58476D1CE4E5B9 + place * 0x94D049BB133111EB) & MASK
    x = ((x ^ (x >> 31)) * 0xD6E8FEB86659FD93) & MASK
    return x ^ (x >> 32)


def _action_key(place: int, team: int) -> str:
    """Grows with time, like those that the database makes."""
    return f"{place:08x}-0000-7000-8000-{team:012x}"


def _answer(dice: random.Random, practices: list[Practice], communities: Mapping[int, bool]) -> Answer:
    """Some answers are likelier than others, as in real logs."""
    practice = practices[min(int(dice.expovariate(0.08)), len(practices) - 1)]
    alone = [pk for pk, is_exclusive in communities.items() if is_exclusive]
    named = [pk for pk, is_exclusive in communities.items() if not is_exclusive]
    chosen = alone[:1] if dice.random() < 0.25 else sorted(dice.sample(named, dice.choice([1, 1, 1, 2, 2, 3])))
    return Answer(
        practice=practice.pk,
        kind=practice.kind,
        stance=practice.stance,
        level=dice.choice(practice.levels) if dice.random() < 0.3 else practice.levels[0],
        direction=dice.choices(Direction.values, [10, 25, 20, 20, 25])[0],
        communities=tuple(chosen),
        visibility=dice.choices(["shared", "counted", "private"], [85, 10, 5])[0],
        heard_back=dice.choice(HeardBack.values),
        hours=dice.choice(["0.5", "1", "2.25"]) if dice.random() < 0.4 else "\\N",
        dollars=str(dice.randrange(50, 2000, 50)) if dice.random() < 0.05 else "\\N",
        system=dice.choice(System.values) if dice.random() < 0.3 else "",
        partners="Riverside Friendship Centre" if dice.random() < 0.1 else "",
        is_withdrawn=dice.random() < 0.01,
    )


def _tail(answer: Answer) -> str:
    communities = ",".join(map(str, answer.communities))
    withdrawn = "2026-10-01 12:00:00+00" if answer.is_withdrawn else "\\N"
    return (
        f"{answer.practice}\t{answer.level}\t{answer.direction}\t{{{communities}}}\t{answer.visibility}"
        f"\t{answer.heard_back}\t{answer.hours}\t{answer.dollars}\t{answer.system}\t{answer.partners}\t{withdrawn}"
        "\t\t\t\t1\n"
    )
