"""The team's dashboard and the protected pages, on years of generated actions, in two databases of unlike size."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from bench import naive
from bench.cells import Cell, Gate, exact, measured, medians
from bench.databases import Database
from bench.forms import SMALLEST
from bench.generator import Generator, reader_of, team_key
from reports import protected
from reports.figures import team_figures
from reports.models import ProtectedQuarter
from reports.periods import Period
from teams.models import Agency, Team, Worker

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
YEAR = Period(date(2025, 10, 1), date(2026, 9, 30))
CLOSING = datetime(2026, 10, 8, 16, 0, tzinfo=UTC)
TEAMS = 20  # of each database, taken evenly
QUARTERS = 8  # frozen ones

OUTSIDE_LIMIT, PAGE_LIMIT = 3.0, 4.5  # times the CPU of the smallest page
QUERIES = 8
GROWTH_LIMIT = 1.2
PROTECTED_LIMIT = 1.3  # times the team's page


@dataclass(frozen=True)
class Visit:
    """One signed-in reader's way to one page."""

    client: Client
    path: str

    def __call__(self) -> bytes:
        response = self.client.get(self.path)
        assert response.status_code == 200, (self.path, response.status_code)
        return response.content

    def statements(self) -> list[str]:
        self()
        with CaptureQueriesContext(connection) as queries:
            self()
        return [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]


class Site:
    """A database with its generator, and what is asked of it."""

    def __init__(self, database: Database, generator: Generator) -> None:
        self.database, self.generator = database, generator
        plan = generator.plan
        self.teams = [1 + n * (plan.teams - 1) // TEAMS for n in range(min(TEAMS, plan.teams - 1))]
        self._clients: dict[int, Client] = {}

    def visit(self, name: str, *args: Any, of: int = 1, query: str = "") -> Visit:
        if of not in self._clients:
            self._clients[of] = Client(headers={"host": "localhost"})
            self._clients[of].force_login(Worker.objects.get(email=reader_of(of)))
        return Visit(self._clients[of], reverse(name, args=args) + query)

    def dashboard(self, team: int, period: Period = QUARTER) -> Visit:
        query = f"?first={period.first}&last={period.last}"
        return self.visit("reports:dashboard", team_key(team), of=team, query=query)

    def freeze(self) -> None:
        """The quarters of the first agency and of the sector, by the app itself."""
        quarters = [QUARTER]
        while len(quarters) < QUARTERS:
            quarters.append(quarters[-1].previous())
        with self.database.in_use():
            for agency in [*Agency.objects.exclude(in_sector_from=None).order_by("pk"), None]:
                for period in reversed(quarters):
                    row = ProtectedQuarter.objects.create(agency=agency, first_day=period.first)
                    assert protected.close(row, now=CLOSING)


def exact_gates(site: Site) -> list[Gate]:
    """Counts, plans and sums, never times."""
    with site.database.in_use(), site.database.psycopg() as raw:
        plan = site.generator.plan
        team = site.dashboard(site.teams[0])
        statements = team.statements()
        scans = [scan for sql in _of_the_log(statements) for scan in _scans(raw, sql)]
        alone = all(kind == "Index Only Scan" and not fetches for kind, fetches in scans)
        pages = {name: site.visit(f"reports:{name}_figures").statements() for name in ("agency", "sector")}
        stored = Action.objects.count()
        same = all(_same_sums(site, number, period) for number in [0, *site.teams[:5]] for period in (QUARTER, YEAR))
    return [
        Gate("team dashboard", len(statements), QUERIES, "queries"),
        exact(f"team dashboard reads {len(scans)} scans from indexes alone", holds=bool(scans) and alone),
        *(Gate(f"{name} figures", len(found), QUERIES, "queries") for name, found in pages.items()),
        exact("protected pages read no action", holds=not any(map(_of_the_log, pages.values()))),
        exact(f"{stored} actions are all that the plan has", holds=stored == plan.actions),
        exact("sums are those of the generator and of a count in Python", holds=same),
    ]


def _same_sums(site: Site, number: int, period: Period) -> bool:
    team = Team.objects.get(pk=team_key(number))
    ours = naive.of_figures(team_figures.of_team(team, period, today=CLOSING.date()))
    return ours == naive.as_generated(site.generator, number, period) == naive.of_team(team, period)


def _of_the_log(statements: Sequence[str]) -> list[str]:
    return [sql for sql in statements if "actions_action" in sql or "actions_commitment" in sql]


def _scans(raw: psycopg.Connection, sql: str) -> list[tuple[str, int]]:
    """(kind of scan, rows fetched from the table) of each scan of actions and commitments."""
    row = raw.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").fetchone()
    assert row is not None
    found: list[tuple[str, int]] = []

    def walk(node: dict[str, Any]) -> None:
        if node.get("Relation Name") in ("actions_action", "actions_commitment"):
            found.append((node["Node Type"], node.get("Heap Fetches", 0)))
        for child in node.get("Plans", []):
            walk(child)

    walk(row[0][0]["Plan"])
    return found


def timed_gates(small: Site, large: Site, *, rounds: int) -> tuple[list[str], list[Gate]]:
    """Lines of a table, and gates."""
    with small.database.in_use():
        cells = {f"team dashboard, 100k, team {n}": _page(small, small.dashboard(n)) for n in small.teams}
    with large.database.in_use(), large.database.psycopg() as raw:
        middle = large.teams[len(large.teams) // 2]
        dashboard = large.dashboard(middle)
        statements = [_statements(dashboard)]
        cells |= {f"team dashboard, team {n}": _page(large, large.dashboard(n)) for n in large.teams}
        cells |= {
            "smallest page": _outside(large, large.visit(SMALLEST), times=10),
            "team dashboard, outside SQL": _outside(large, dashboard, times=10),
            "team dashboard, whole": _page(large, dashboard, times=10),
            "team dashboard, own SQL": Cell(lambda: _run(raw, statements[0] * 10), raw.info.backend_pid, 10),
            "team dashboard, 12 months": _page(large, large.dashboard(middle, YEAR), times=3),
            "team dashboard, largest team": _page(large, large.dashboard(0), times=3),
            "team dashboard, largest team, 12 months": _page(large, large.dashboard(0, YEAR), times=3),
            "agency figures, whole": _page(large, large.visit("reports:agency_figures"), times=10),
            "sector figures, whole": _page(large, large.visit("reports:sector_figures"), times=10),
        }
        cells |= _figures(large, raw, middle, QUARTER) | _figures(large, raw, 0, YEAR)
        found = measured(cells, rounds=rounds)
    middles = medians(found)
    small_p95 = _p95(found, [name for name in cells if name.startswith("team dashboard, 100k")])
    large_p95 = _p95(found, [name for name in cells if name.startswith("team dashboard, team")])
    f, page = middles["smallest page"], middles["team dashboard, whole"]
    own = middles["team dashboard, own SQL"]
    lines = [
        f"{name:<58} {value * 1000:>9.2f} ms  {value / f:>7.2f} F"
        for name, value in middles.items()
        if ", team " not in name
    ]
    lines += [f"{name:<58} {value * 1000:>9.2f} ms  {value / f:>7.2f} F" for name, value in (
        ("team dashboard, p95 of 20 teams, 100k", small_p95), ("team dashboard, p95 of 20 teams", large_p95)
    )]  # fmt: skip
    gates = [
        Gate("team dashboard, over its own SQL", (page - own) / f, OUTSIDE_LIMIT, "F"),
        Gate("team dashboard, in all", page / f, PAGE_LIMIT, "F"),
        Gate("team dashboard, p95 against 100k", large_p95 / small_p95, GROWTH_LIMIT, "x"),
        *(
            Gate(f"{whose} page against the team's", middles[f"{whose} figures, whole"] / page, PROTECTED_LIMIT, "x")
            for whose in ("agency", "sector")
        ),
    ]
    return lines, gates


def _figures(site: Site, raw: psycopg.Connection, number: int, period: Period) -> dict[str, Cell]:
    """The figures of one team and nothing else."""
    team = Team.objects.select_related("agency").get(pk=team_key(number))
    sorts = team_figures.all_sorts()

    def ours() -> None:
        team_figures.with_before(team, period, today=CLOSING.date(), sorts=sorts)

    def in_python() -> None:
        naive.of_team(team, period)
        naive.of_team(team, period.previous())

    with CaptureQueriesContext(connection) as queries:
        ours()
    statements = [query["sql"] for query in queries]
    name = "a quarter of a team" if number else "12 months of the largest team"
    times = 10 if number else 2
    backend = _backend()
    return {
        f"{name}, limit (the SQL by psycopg alone)": Cell(
            lambda: _run(raw, statements * times), raw.info.backend_pid, times
        ),
        f"{name}, ours": Cell(_inside(site, ours, times), backend, times),
        f"{name}, naive (rows counted in Python)": Cell(_inside(site, in_python, times), backend, times),
    }


def _page(site: Site, visit: Visit, *, times: int = 1) -> Cell:
    """With what the database does for it."""
    visit()
    return Cell(_inside(site, visit, times), _backend(), times)


def _outside(site: Site, visit: Visit, *, times: int) -> Cell:
    """What the web process does alone."""
    return Cell(_inside(site, visit, times), 0, times)


def _inside(site: Site, call: Callable[[], object], times: int) -> Callable[[], object]:
    def run() -> None:
        with site.database.in_use():
            for _time in range(times):
                call()

    return run


def _backend() -> int:
    connection.ensure_connection()
    return connection.connection.info.backend_pid


def _statements(visit: Visit) -> list[str]:
    return [sql for sql in visit.statements() if sql.startswith(("SELECT", "\n"))]


def _run(raw: psycopg.Connection, statements: Sequence[str]) -> None:
    for sql in statements:
        raw.execute(sql).fetchall()


def _p95(found: dict[str, list[float]], names: Sequence[str]) -> float:
    """Over the teams, of the median of each."""
    return statistics.quantiles([statistics.median(found[name]) for name in names], n=20)[-1]
