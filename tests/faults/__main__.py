"""Breaks everything that summaries and mail depend on, and counts what came of it; exit 0 only where all of it holds.

The control, the usual design on the same servers, must come through before the faults and break under them: where it
does not, the run has proved nothing.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command

from allyship import embedded

BACKLOG = 15  # of the seconds asked for, those that are left for the backlog
TEAMS, WEEKS, WITHIN = 200, 8, 60


def main() -> int:
    arguments = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    arguments.add_argument("--seconds", type=int, default=60, help="how long to break things (default 60)")
    arguments.add_argument(
        "--seed", type=int, default=int(time.time()), help="of the faults; printed, to run them again"
    )
    arguments.add_argument("--log", type=Path, default=Path(os.devnull), help="where the processes write")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="allyship-faults-", ignore_cleanup_errors=True) as folder:
        return under_faults(Path(folder), options)


def under_faults(home: Path, options) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    home.chmod(0o755)  # PostgreSQL runs as a user of its own where we run as root
    for name in ("SITE_URL", "PORT", "DEBUG", "REFLECTION_KEYS"):
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    from tests.faults.mail import MailServer
    from tests.faults.servers import Postgres, Processes, Valkey

    server, valkey = MailServer(), Valkey(home)
    os.environ |= {
        "ALLYSHIP_HOME": str(home),
        "DATABASE_URL": embedded.start_postgres(home),
        "VALKEY_URL": valkey.url,
        "MAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "TICK_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
    }
    django.setup()
    from tests.faults.clock import Clock

    clock = Clock(home / "clock")
    clock.rule()
    for command in ("migrate", "createcachetable", "grant_roles", "load_catalogue"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # pages that tell of an error need them
    from tests.faults.run import Run  # models can be imported only now

    with options.log.open("ab") as log:
        processes = Processes(home, log)
        run = Run(
            home=home,
            clock=clock,
            postgres=Postgres(home),
            valkey=valkey,
            processes=processes,
            server=server,
            seed=options.seed,
        )
        try:
            return told(run, options)
        finally:
            for writer in run.writers:
                writer.stopped.set()
            processes.kill_all()
            server.stop()
            valkey.kill()


def told(run, options) -> int:
    from tests.faults import counts

    print(f"script/faults --seconds {options.seconds} --seed {options.seed}", flush=True)
    run.prepare()
    quiet = run.quiet()
    begun = time.monotonic()
    run.chaos(begun + options.seconds - BACKLOG)
    settled = run.settle()
    lasted = time.monotonic() - begun
    tracked = list(run.tracked.values())
    refused = sum((writer.refused for writer in run.writers), Counter())
    asked = sum(len(writer.acknowledged) + len(writer.promised) for writer in run.writers)
    lines = [
        *counts.writes(run.sql, run.writers),
        counts.Line("requests refused that were right", asked, 0, refused.total()),
        *counts.web(run.writers),
        *counts.periods(run.sql, tracked, run.clock.now()),
        *counts.quarters(run.sql, tracked, run.clock.now()),
        *counts.mails(run.sql, tracked, run),
        counts.Line("work left over after the faults", 1, 0, int(not settled)),
    ]
    control = counts.control(run.sql, run.server, run.control_since, run.control_until, "under the faults")
    took, of_backlog = backlog(run, counts)
    lines += [*of_backlog, *quiet]
    report(run, lines, control, lasted, took)
    for said, times in refused.items():
        print(f"refused, {times} times: {said}")
    return 0 if all(line.holds for line in lines) and not all(line.holds for line in control) else 1


def backlog(run, counts):
    """Nothing runs for eight weeks; then all starts, and the last mail of 200 teams has to be out within a minute."""
    from tests.faults import world
    from tests.faults.calendar import next_quarter

    run.processes.kill_all()
    start = next_quarter(run.clock.now().date())
    run.clock.set(run.clock.now().replace(year=start.year, month=start.month, day=start.day))
    behind = world.backlog(TEAMS, WEEKS, start)
    run.clock.step(timedelta(weeks=WEEKS, days=7))
    run.tracked = {each.agency.name: each for each in behind}
    begun = time.monotonic()
    run.processes.resting = {"web", "beat-2"}
    for name in ("worker-1", "worker-2", "beat-1"):
        run.processes.start(name)
    ids = [each.agency.pk for each in behind]
    mailed = (
        "SELECT count(*) FROM reports_delivery WHERE kind = 'team_summary' AND status = 'sent' AND agency_id = ANY(%s)"
    )
    while time.monotonic() - begun < WITHIN and run.sql(mailed, [ids]) != [(TEAMS,)]:
        time.sleep(0.2)
    took = time.monotonic() - begun
    (made,) = run.sql("SELECT count(*) FROM reports_teamsummary WHERE agency_id = ANY(%s)", [ids])[0]
    (sent,) = run.sql(mailed, [ids])[0]
    missing = 2 * TEAMS - made + TEAMS - sent
    (wrong,) = run.sql(counts.WRONG, {"agencies": ids})[0]
    name = f"backlog of {WEEKS} weeks, {TEAMS} teams: "
    return took, [
        counts.Line(f"{name}not done in {WITHIN} s", 3 * TEAMS, 0, missing),
        counts.Line(f"{name}other figures", made, 0, wrong),
    ]


def report(run, lines, control, lasted, took) -> None:
    from tests.faults import counts, naive, world
    from tests.faults.outages import NOTHING, POSTGRES

    print(
        f"\n{sum(run.faults.values())} faults of {len(run.faults)} kinds in {lasted:.0f} s; each kind, and how often:\n"
    )
    print("| fault | times |\n|---|---|")
    for name, times in sorted(run.faults.items()):
        print(f"| {name} | {times} |")
    summaries, deliveries = (
        run.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ("reports_teamsummary", "reports_delivery")
    )
    requests, errors = (sum((getattr(each, of) for each in run.writers), Counter()) for of in ("requests", "errors"))
    down, up = (errors[False, what] + errors[True, what] for what in (POSTGRES, NOTHING))
    print(
        f"\n{requests.total()} requests ({down} failed while PostgreSQL was down, {up} while nothing was), "
        f"{summaries} summaries, {deliveries} rows of mail."
    )
    why = ", ".join(f"{name} {times}" for name, times in sorted(counts.repeats(run).items()))
    print(f"Mails cut short between the mail server and their mark: {why or 'none'}.")
    print(
        f"The backlog, each week of each team with {world.ACTIONS} actions and {world.PROMISES} promises "
        f"({TEAMS * WEEKS * world.ACTIONS} and {TEAMS * WEEKS * world.PROMISES}), was done in {took:.1f} s. "
        f"The control's period is {naive.EVERY:.0f} s.\n"
    )
    print("| invariant | cases | allowed | found | |\n|---|---|---|---|---|")
    for line in [*lines, *control]:
        print(line)
    broke = not all(line.holds for line in control)
    print(f"\n{'The control breaks, as it must.' if broke else 'THE CONTROL HOLDS: this run has proved nothing.'}")


if __name__ == "__main__":
    sys.exit(main())
