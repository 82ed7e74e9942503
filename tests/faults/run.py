"""One run: its servers and people, the faults one step after the other, and the waiting for what has to follow."""

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connections

from tests.faults import counts, mail, naive, points, world
from tests.faults.outages import POSTGRES, VALKEY, Outages
from tests.faults.points import CHILD, WAIT, WORKER
from tests.faults.servers import seconds_until
from tests.faults.writers import Writer

QUIET = 8  # seconds without a fault, in which the control has to come through
AT_MOST = 5  # seconds in which a fault that was ordered has to be met; else it is ordered again later
EACH_STEP = {"child": 2, "worker": 2, "mail server or database": 1, "Valkey": 1, "other": 2}
KILLS = [
    (point, what)
    for what in (CHILD, WORKER)
    for point in (
        points.CLAIMED,
        points.SENT,
        points.CLOSE_BEFORE,
        points.CLOSE_AFTER,
        points.MARK_BEFORE,
        points.MARK_AFTER,
    )
]
WAITING = """
SELECT due_at FROM reports_delivery WHERE status IN ('pending', 'sending') UNION ALL SELECT due_at FROM teams_accountmail
"""

NO_BEAT = "no beat for eight weeks"
SERVERS, KILLED = "mail server or database", {"child", "worker"}


def family(name: str) -> str:
    """Of a fault, by the first word of its name."""
    first = name.split()[0]
    if first in {"SMTP", "PostgreSQL"}:
        return SERVERS
    return first if first in EACH_STEP else "other"


class Run:
    def __init__(self, *, home, clock, postgres, valkey, processes, server, seed):
        self.home, self.clock, self.postgres, self.valkey = home, clock, postgres, valkey
        self.processes, self.server = processes, server
        self.random = random.Random(seed)  # noqa: S311
        self.faults, self.outages = Counter(), Outages()
        self.tracked, self.writers = {}, []
        self.moments = list(world.MOMENTS.items())
        self._connection = None
        self.ordered, self.step_ends = {}, 0.0

    # The world -----------------------------------------------------------------------------------------------------

    def prepare(self):
        points.FOLDER.mkdir(exist_ok=True)
        self.clock.set(world.START)
        self.tracked = world.build_all()
        self.sql_script(counts.NOTES + naive.TABLE)
        self.processes.start_all()
        people = [each for each in self.tracked.values() if not each.agency.name.startswith("Poisoned")]
        for _ in range(2):
            self.writers.append(Writer(self.processes.port, people, self.clock, self.outages, self.random.random()))
            self.writers[-1].start()

    def sql(self, statement, values=None):
        """Through a connection beside all others, made anew where the server went away."""
        for again in (True, False):
            try:
                if self._connection is None:
                    self._connection = self.postgres.connect()
                return self._connection.execute(statement, values).fetchall()
            except psycopg.OperationalError:
                self._connection = None
                if not again:
                    raise
        raise AssertionError

    def sql_script(self, script):
        with self.postgres.connect() as connection:
            connection.execute(script)

    # Time ----------------------------------------------------------------------------------------------------------

    def go_on_to(self, moment: datetime):
        """Time passes: nobody is in the middle of a write or of a mail, which would otherwise have taken weeks."""
        for writer in self.writers:
            writer.gate.acquire()
        try:
            seconds_until(lambda: time.monotonic() - self.server.last_busy > 0.3, at_most=5)
            self.clock.set(moment)
        finally:
            for writer in self.writers:
                writer.gate.release()

    def some_weeks(self):
        """To a day on which something is due, but not past a moment that is to be seen."""
        moment = self.clock.now() + timedelta(days=self.random.randint(28, 33), hours=self.random.randint(0, 23))
        if self.moments and self.moments[0][1] <= moment:
            name, moment = self.moments.pop(0)
            self.faults[name] += 1
        self.go_on_to(moment)

    def work_is_done(self):
        """All that is due by the clock is closed, and no mail is due."""
        self.processes.restart_dead()
        now = self.clock.now()
        for each in self.tracked.values():
            rows = self.sql(
                "SELECT first_day, last_day FROM reports_agencyperiod WHERE agency_id = %s AND closed_at IS NOT NULL",
                [each.agency.pk],
            )
            if not each.is_poisoned and each.due(now) - set(rows):
                return False
            closed = "SELECT first_day FROM reports_protectedquarter WHERE agency_id = %s AND closed_at IS NOT NULL"
            if each.quarters_due(now) - {first for (first,) in self.sql(closed, [each.agency.pk])}:
                return False
        return self.sql(f"SELECT FROM ({WAITING}) waiting WHERE due_at <= %s LIMIT 1", [now]) == []

    def wait_for_work(self, at_most):
        return seconds_until(self.work_is_done, at_most=at_most)

    # Faults --------------------------------------------------------------------------------------------------------

    def kinds(self):
        """Every fault by its name."""
        kills = {f"{what} killed: {point}": lambda p=point, w=what: self.kill_at(p, w) for point, what in KILLS}
        mails = {f"SMTP {mode}": lambda m=mode: self.mail_fails(m) for mode in mail.MODES}
        return {
            **kills,
            **mails,
            "Valkey killed": self.valkey_killed,
            "Valkey flushed": self.valkey_flushed,
            "Valkey paused": self.valkey_paused,
            "PostgreSQL stopped in the middle of closing": lambda: self.postgres_stopped(points.CLOSE_BEFORE),
            "PostgreSQL stopped between sending and marking": lambda: self.postgres_stopped(points.SENT),
            NO_BEAT: self.no_beat,
            "a beat killed": self.beat_killed,
            "clock an hour ahead": lambda: self.clock_steps(timedelta(hours=1)),
            "clock an hour back": lambda: self.clock_steps(timedelta(hours=-1)),
            "cadence changed": self.cadence_changed,
            "zone changed": self.zone_changed,
        }

    def kill_at(self, point, what):
        """Ordered; it waits, over steps where it must, for the first who gets there."""
        path = points.order(point, what)

        def is_met():
            return not path.exists()

        return is_met

    def mail_fails(self, mode):
        before = self.server.met[mode]
        self.server.fail(mode)

        def is_met():
            if mode == mail.REFUSES:
                time.sleep(1)
            else:
                seconds_until(lambda: self.server.met[mode] > before, at_most=self.left())
            self.server.recover()
            return mode == mail.REFUSES or self.server.met[mode] > before

        return is_met

    def valkey_killed(self):
        with self.outages.of(VALKEY):
            self.valkey.kill()
            time.sleep(self.random.uniform(1, 2))
            self.valkey.start()

    def valkey_flushed(self):
        self.valkey.flush()

    def valkey_paused(self):
        with self.outages.of(VALKEY):
            self.valkey.pause()
            time.sleep(self.random.choice([1, 2, 7]))
            self.valkey.go_on()

    def postgres_stopped(self, point):
        """When a worker stands there; its own connection is lost with all others, and so is what they had to mark."""
        order = points.order(point, WAIT)

        def is_met():
            taken = points.FOLDER / f"taken.{point}.{WAIT}"
            met = seconds_until(taken.exists, at_most=self.left()) is not None
            order.unlink(missing_ok=True)
            if not met:
                return False
            with self.outages.of(POSTGRES):
                self.postgres.stop_immediately()
                taken.unlink(missing_ok=True)
                time.sleep(self.random.uniform(0.2, 1))
                self.postgres.start()
                connections["default"].close()
                connections["default"].close_pool()
                seconds_until(self.processes.web_answers, at_most=10)
            return True

        return is_met

    def no_beat(self):
        self.processes.rest("beat-1", "beat-2")
        for _ in range(8):
            self.go_on_to(self.clock.now() + timedelta(weeks=1))
        self.processes.wake("beat-1", "beat-2")

    def beat_killed(self):
        self.processes.kill(self.random.choice(["beat-1", "beat-2"]))

    def clock_steps(self, by):
        """In the middle of anything: a claim may run out in a moment, and its mail come again."""
        time.sleep(self.random.uniform(0, 0.5))
        self.clock.step(by)

    def cadence_changed(self):
        now = self.clock.now()
        for name, cadence in [("To months", world.MONTHLY), ("To quarters", world.QUARTERLY)]:
            world.change_cadence(self.tracked[name], cadence, now)

    def zone_changed(self):
        zones = ["Pacific/Auckland", "Asia/Kathmandu", "America/St_Johns", "America/Toronto"]
        world.move(
            self.tracked["Moves"], self.random.choice([z for z in zones if z != self.tracked["Moves"].zones[-1]])
        )

    def poison(self):
        """One agency whose periods cannot be closed any more, one whose zone nobody knows, one address that is none."""
        world.poison_zone(self.tracked["Poisoned zone"])
        world.poison_address(self.tracked["Poisoned address"])
        poisoned = self.tracked["Poisoned period"]
        with self.postgres.connect() as connection:
            connection.execute(
                "UPDATE reports_teamsummary SET figures = '{}' WHERE agency_id = %s", [poisoned.agency.pk]
            )
        poisoned.is_poisoned = True
        self.faults["poison: a period, an address, a zone"] += 1

    # The run -------------------------------------------------------------------------------------------------------

    def left(self):
        """Seconds of this step."""
        return max(0.1, self.step_ends - time.monotonic())

    def step(self, names):
        """Weeks pass, so that there is work, and these faults hit it; returns those that met nobody."""
        kinds = self.kinds()
        self.step_ends = time.monotonic() + AT_MOST
        watched = {name: kinds[name]() for name in names if family(name) == SERVERS}
        self.ordered |= {name: kinds[name]() for name in names if family(name) in KILLED}
        self.some_weeks()
        for name in names:
            if name not in watched and name not in self.ordered:
                time.sleep(self.random.uniform(0, 0.6))
                kinds[name]()
                self.faults[name] += 1
        self.processes.restart_dead()
        missed = [name for name, is_met in watched.items() if not is_met()]
        self.faults.update(set(watched) - set(missed))
        seconds_until(lambda: self.all_met() and self.work_is_done(), at_most=self.left())
        return missed

    def all_met(self):
        """Whether nobody is to be killed any more; counts those who were."""
        self.processes.restart_dead()
        for name in [name for name, is_met in self.ordered.items() if is_met()]:
            del self.ordered[name]
            self.faults[name] += 1
        return not self.ordered

    def quiet(self):
        """Time passes and there is work, but nothing breaks; returns what the control made of it."""
        seconds_until(lambda: any(each.key.startswith(naive.HEAD) for each in self.server.taken), at_most=30)
        since = datetime.now(UTC)
        self.go_on_to(datetime(2028, 2, 10, 12, tzinfo=UTC))
        self.wait_for_work(at_most=15)
        time.sleep(max(0, QUIET - (datetime.now(UTC) - since).total_seconds()))
        self.control_since = datetime.now(UTC)

        def lines():
            return counts.control(self.sql, self.server, since, self.control_since, "before the faults")

        seconds_until(lambda: all(line.holds for line in lines()), at_most=5)
        return lines()

    def chaos(self, until):
        """Each kind at least once, in an order of the seed; then any, up to the end."""
        self.poison()
        names = self.random.sample(list(self.kinds()), len(self.kinds()))
        while names or self.moments or self.ordered or time.monotonic() < until:
            begun = time.monotonic()
            is_over = time.monotonic() >= until
            hit = self.compatible(names or ([] if is_over else self.random.sample(list(self.kinds()), 5)))
            missed = self.step(hit)
            names = [name for name in names if name not in hit] + [name for name in missed if not self.faults[name]]
            if os.environ.get("FAULTS_TRACE"):
                told = ", ".join(f"({name})" if name in missed or name in self.ordered else name for name in hit)
                print(f"{time.monotonic() - begun:5.1f} s  {self.clock.now():%Y-%m-%d}  {told}", flush=True)

    def compatible(self, names):
        """The next ones, so many of each family that each meets work which another has not stopped."""
        room, taken = Counter(EACH_STEP), []
        room.subtract(family(name) for name in self.ordered)
        weeks_are_free = not self.moments or self.moments[0][1] > self.clock.now() + timedelta(weeks=14)
        for name in names:
            if name not in self.ordered and (name != NO_BEAT or weeks_are_free) and room[family(name)] > 0:
                room[family(name)] -= 1
                taken.append(name)
        return taken

    def settle(self):
        """No more faults, and soon nobody who writes; hours pass until mail that was put back is out or given up."""
        self.wait_for_work(at_most=20)
        for writer in self.writers:
            writer.stopped.set()
        for writer in self.writers:
            writer.join(20)
        self.control_until = datetime.now(UTC)
        for _ in range(12):
            if self.wait_for_work(at_most=20) is not None and self.sql(WAITING) == []:
                return True
            self.go_on_to(self.clock.now() + timedelta(hours=5))
        return False
