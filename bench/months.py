"""A month's figures of many teams: the app's, agency by agency, against COPY of the same statements."""

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import naive
from bench.cells import Cell, Gate, exact, measured, medians
from bench.databases import Database
from bench.generator import Generator, Plan
from reports import summaries
from reports.figures import team_figures
from reports.models import TeamSummary
from reports.periods import Period
from teams.models import Agency, Team

MONTH = Period(date(2026, 9, 1), date(2026, 9, 30))
CLOSING = datetime(2026, 10, 8, 16, 0, tzinfo=UTC)
EACH_AGENCY = 2_000  # teams
NAIVE = 200  # teams that the obvious way is measured with
LIMIT = 1.3  # times COPY
SHORT = 5  # times as many rounds of what takes no more than a second or so
TEAMS_IN_A_SECOND = 10_000
MEMORY_LIMIT = 1.2  # times that of one agency


def plan(teams: int) -> Plan:
    """As many actions a month as the teams of the other databases have."""
    return Plan(
        teams=teams,
        per_team=83,
        first=MONTH.first,
        last=MONTH.last,
        teams_per_agency=EACH_AGENCY,
        workers_per_team=1,
    )


def exact_gates(database: Database, generator: Generator) -> list[Gate]:
    """Sums of every table that a month comes to: figures, summaries, and COPY of the same statement."""
    with database.in_use(), database.psycopg() as raw:
        agency, teams = next(_agencies())
        figures = team_figures.by_team(teams, MONTH, today=CLOSING.date())
        numbers = {team.pk: int(team.name.removeprefix("Team ")) for team in teams}
        told = all(
            naive.of_figures(figures[pk]) == naive.as_generated(generator, numbers[pk], MONTH)
            for pk in list(figures)[:: max(1, len(figures) // 100)]
        )
        total = sum(each.total for each in figures.values())
        copied = sum(
            int(line.split(b"\t")[1]) for sql in _statements(teams) if "hours" in sql for line in _copy(raw, sql)
        )
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            made = summaries.close(agency=agency, period=MONTH, now=CLOSING)
            kept = {row.team_id: row.team_figures for row in TeamSummary.objects.filter(agency=agency)}
            transaction.set_rollback(True)
        n = len(queries)
    return [
        exact("a month's figures are those of the generator", holds=told),
        exact(f"COPY adds up to the same {total} actions", holds=copied == total),
        exact(f"{len(made)} summaries carry the same numbers", holds=kept == figures and len(made) == len(teams)),
        Gate("closing a month of one agency", n, 25, "queries"),
    ]


def timed_gates(database: Database, *, rounds: int) -> tuple[list[str], list[Gate]]:
    teams = database_teams = 0
    with database.in_use(), database.psycopg() as raw:
        given = list(_agencies())  # beforehand: COPY does not ask for the teams either
        agencies = [agency for agency, _teams in given]
        database_teams = sum(len(found) for _agency, found in given)
        teams = min(EACH_AGENCY, database_teams)
        statements = [sql for _agency, found in given for sql in _statements(found)]
        backend = _backend()
        few = len(agencies) == 1
        names = [f"{database_teams:,} teams, {what}" for what in ("limit (COPY)", "ours", "closing, whole", "naive")]
        cells = {
            names[0]: Cell(lambda: [len(line) for sql in statements for line in _copy(raw, sql)], raw.info.backend_pid),
            names[1]: Cell(_inside(database, lambda: _counted(found for _agency, found in given)), backend),
        }
        beside = {
            names[2]: Cell(_inside(database, lambda: _close(agencies[0])), backend),
            names[3]: Cell(_inside(database, lambda: _naive(agencies[0])), backend),
        }
        middles = medians(measured(cells, rounds=rounds * SHORT if database_teams <= TEAMS_IN_A_SECOND else rounds))
        middles |= medians(measured(beside, rounds=rounds)) if few else {}
        peaks = (
            []
            if few
            else [_peak(lambda: _counted(map(_teams, agencies[:1]))), _peak(lambda: _counted(map(_teams, agencies)))]
        )
    if few:
        middles[names[3]] *= teams / min(NAIVE, teams)
    lines = [
        f"{name:<58} {value * 1000:>9.1f} ms  {value / middles[names[0]]:>7.2f} x COPY"
        for name, value in middles.items()
    ]
    gates = [
        Gate(f"a month of {database_teams:,} teams against COPY", middles[names[1]] / middles[names[0]], LIMIT, "x")
    ]
    if peaks:
        lines += [f"{'memory, one agency and all of them':<58} {peaks[0] / 1e6:>9.1f} MB  {peaks[1] / 1e6:>7.1f} MB"]
        gates += [Gate(f"memory of {database_teams:,} teams against {teams:,}", peaks[1] / peaks[0], MEMORY_LIMIT, "x")]
    return lines, gates


def _agencies() -> Iterator[tuple[Agency, list[Team]]]:
    """One at a time, as the tasks take them."""
    for agency in Agency.objects.order_by("pk"):
        yield agency, _teams(agency)


def _teams(agency: Agency) -> list[Team]:
    return list(Team.objects.filter(agency=agency).order_by("pk"))


def _counted(agencies: Iterable[list[Team]]) -> None:
    for teams in agencies:
        team_figures.by_team(teams, MONTH, today=CLOSING.date())


def _close(agency: Agency) -> None:
    """With questions, rows and mail; then undone."""
    with transaction.atomic():
        summaries.close(agency=agency, period=MONTH, now=CLOSING)
        transaction.set_rollback(True)


def _naive(agency: Agency) -> None:
    for team in Team.objects.filter(agency=agency)[:NAIVE]:
        naive.of_team(team, MONTH)


def _statements(teams: list[Team]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        team_figures.by_team(teams, MONTH, today=CLOSING.date())
    return [query["sql"] for query in queries]


def _copy(raw: psycopg.Connection, sql: str) -> Iterator[bytes]:
    with raw.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
        for line in copy:
            yield bytes(line)


def _inside(database: Database, call: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        with database.in_use():
            call()

    return run


def _backend() -> int:
    connection.ensure_connection()
    return connection.connection.info.backend_pid


def _peak(call: Callable[[], object]) -> int:
    """The most bytes that Python held at once, over what it held before."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - before
