"""Runs the benchmarks on servers and data of their own; exit 0 only where every gate holds.

Two databases stand side by side, of 100 thousand actions and of --size, with as many actions for each team, and one
team ten times as large. A third has a month of many teams: 2,000, with 1m 10,000 as well, with 10m 100,000. Times are
CPU of the process and of its database backend together, medians of interleaved rounds; F is the CPU of the smallest
signed-in page. 10m takes some 20 GB and half an hour. With --gates-only: counts, plans and sums, and never times.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from allyship import embedded

if TYPE_CHECKING:
    from bench.cells import Gate
    from bench.databases import Database
    from bench.generator import Generator, Plan

SIZES = {"100k": 20, "1m": 200, "10m": 2_000}  # teams
PER_TEAM = 5_000  # actions, in five years
LARGEST = 10  # times as many
MANY_TEAMS = {"100k": 0, "1m": 10_000, "10m": 100_000}
EMPTY = "bench_empty"


def main() -> int:
    arguments = argparse.ArgumentParser(
        prog="script/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument(
        "--size", choices=SIZES, default="100k", help="actions in the larger database (default 100k)"
    )
    arguments.add_argument("--rounds", type=int, default=7, help="rounds per measurement, at least 5 (default 7)")
    arguments.add_argument("--seed", type=int, default=1, help="of the generated rows (default 1)")
    arguments.add_argument(
        "--gates-only", action="store_true", help="gate query counts, plans and sums; measure no time"
    )
    options = arguments.parse_args()
    rounds = max(5, options.rounds)
    with tempfile.TemporaryDirectory(prefix="allyship-bench-", ignore_cleanup_errors=True) as folder:
        prepare(Path(folder), demo=not options.gates_only)
        gates = run(options.size, rounds=rounds, seed=options.seed, timed=not options.gates_only)
    print("", *gates, sep="\n")
    return 0 if all(gate.holds for gate in gates) else 1


def prepare(folder: Path, *, demo: bool) -> None:
    """An installation in `folder` with its own PostgreSQL, an empty database beside it, and the demo's data."""
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own where we run as root
    for name in ("VALKEY_URL", "MAIL_URL", "SITE_URL", "PORT"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "allyship.settings",
        "ALLYSHIP_HOME": str(folder),
        "DATABASE_URL": embedded.start_postgres(folder),
    }
    django.setup()
    call_command("prepare", verbosity=0)
    from bench import databases  # models can be imported only now, with a database to go with them

    databases.copy("allyship", EMPTY)
    if demo:
        call_command("prepare", demo=True, verbosity=0)


def run(size: str, *, rounds: int, seed: int, timed: bool) -> list["Gate"]:
    from bench import forms, months, pages
    from bench.generator import Plan

    def years(teams: int) -> Plan:
        return Plan(teams, PER_TEAM, date(2021, 10, 1), date(2026, 9, 30), largest=LARGEST, seed=seed)

    gates: list[Gate] = []
    with filled("bench_100k", years(SIZES["100k"])) as (database, generator):
        small = large = pages.Site(database, generator)
        small.freeze()
        gates += pages.exact_gates(small)
        if not timed:
            pass
        elif size == "100k":
            gates += shown(pages.timed_gates(small, small, rounds=rounds))
        else:
            with filled(f"bench_{size}", years(SIZES[size])) as (beside, beside_generator):
                large = pages.Site(beside, beside_generator)
                large.freeze()
                gates += pages.exact_gates(large)
                gates += shown(pages.timed_gates(small, large, rounds=rounds))
    for teams in filter(None, [months.EACH_AGENCY if timed else 200, MANY_TEAMS[size] if timed else 0]):
        with filled(f"bench_{teams}_teams", months.plan(teams)) as (database, generator):
            gates += months.exact_gates(database, generator)
            if timed:
                gates += shown(months.timed_gates(database, rounds=rounds))
    return gates + (forms.run(rounds=rounds) if timed else [])


@contextmanager
def filled(name: str, plan: "Plan") -> Iterator[tuple["Database", "Generator"]]:
    """A database made of the plan, for a while."""
    from bench import databases

    start = time.monotonic()
    database, generator = databases.make(name, plan, like=EMPTY)
    seconds = time.monotonic() - start
    print(
        f"{name}: {plan.teams:,} teams, {plan.actions:,} actions in {seconds:.0f} s, {generator.digest.hexdigest()[:16]}"
    )
    try:
        yield database, generator
    finally:
        databases.drop(database)


def shown(found: tuple[list[str], list["Gate"]]) -> list["Gate"]:
    lines, gates = found
    print(*lines, sep="\n", flush=True)
    return gates


if __name__ == "__main__":
    sys.exit(main())
