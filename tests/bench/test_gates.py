"""The benchmark's exact gates: counts of statements, plans and sums of generated rows, and never a time."""

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bench.cells import Gate, exact
from bench.generator import Generator, Plan

PLAN = Plan(teams=3, per_team=40, first=date(2026, 1, 1), last=date(2026, 3, 31), largest=2)


@pytest.mark.timeout(300)  # servers and a schema of its own
def test_every_gate_that_is_no_time_holds_at_100_thousand_actions():
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--size", "100k", "--gates-only"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert (run.stdout.count("  ok"), run.stdout.count("OVER")) == (11, 0)


@pytest.mark.django_db
def test_a_plan_makes_the_same_bytes_each_time_and_another_seed_makes_others():
    assert _digest(PLAN) == _digest(PLAN) != _digest(Plan(**{**vars(PLAN), "seed": 2}))


@pytest.mark.django_db
def test_what_the_generator_tells_of_a_team_is_what_it_writes():
    generator = Generator(PLAN)
    lines = [line.split("\t") for line in generator._actions()]

    assert len(lines) == PLAN.actions == 160
    for team in range(PLAN.teams):
        written = [(line[4], line[8], line[11]) for line in lines if line[3].endswith(f"{team:012x}")]
        told = [(str(told.done_on), told.answer.level, told.answer.visibility) for told in generator.told(team)]
        assert written == told


def test_a_gate_holds_up_to_its_limit():
    assert [Gate("x", figure, 1.5, "F").holds for figure in (1.4, 1.5, 1.6)] == [True, True, False]
    assert (exact("x", holds=True).holds, exact("x", holds=False).holds) == (True, False)


def _digest(plan):
    generator = Generator(plan)
    lines = [*generator._workers(), *generator._memberships(), *generator._actions(), *generator._commitments()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
