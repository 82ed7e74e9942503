"""Figures for whoever runs the installation: who gets them, what they are, and that they name nobody."""

import re
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.utils import timezone

from reports import heartbeats
from reports.models import Delivery
from tests import processes
from tests.sweeps.world import build

TOKEN = "a-token-of-32-letters-and-more-yet"
LABEL = re.compile(r'(\w+)="([^"]*)"')


@pytest.fixture
def ask(client, settings):
    settings.METRICS_TOKEN = TOKEN
    return lambda token=TOKEN: client.get("/metrics", headers={"authorization": f"Bearer {token}"})


def figures(text):
    """Each figure of ours by its name and labels."""
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("allyship_")]
    return {name: float(value) for name, value in lines}


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], f"{TOKEN}x"])
def test_without_the_right_token_there_is_no_such_address(db, ask, token):
    assert ask(token).status_code == 404


def test_without_a_token_in_the_settings_there_is_no_such_address(db, ask, settings):
    settings.METRICS_TOKEN = ""
    assert [ask("").status_code, ask().status_code] == [404, 404]


def test_figures_of_jobs_mail_and_periods_are_those_of_the_database(db, ask, agency, sana):
    now = timezone.now()
    for job in heartbeats.LATE_AFTER:
        heartbeats.beat(job, now=now)
    heartbeats.beat("tick", now=now - timedelta(hours=1))
    monday = now.date() - timedelta(days=now.weekday())
    Delivery.objects.create(
        agency=agency, recipient=sana, kind="reminder", week=monday, due_at=now - timedelta(minutes=10)
    )
    found = figures(ask().text)

    expected = {
        'allyship_job_late{job="tick"}': 1,
        'allyship_job_late{job="deliver"}': 0,
        'allyship_deliveries{status="pending"}': 1,
        'allyship_deliveries{status="failed"}': 0,
        'allyship_stuck{what="deliveries"}': 0,
        'allyship_stuck{what="account_mails"}': 0,
        'allyship_periods_open{kind="team"}': 0,
        "allyship_imports_unfinished": 0,
        "allyship_broker_up": 1,
    }
    assert {name: found[name] for name in expected} == expected
    ages = {
        'allyship_job_age_seconds{job="tick"}': 3600,
        "allyship_delivery_wait_seconds": 600,
    }
    assert {name: round(found[name], -2) for name in ages} == ages


def test_figures_come_without_the_broker(db, ask, settings, monkeypatch):
    monkeypatch.setattr("allyship.metrics.current_app.conf.broker_url", "redis://127.0.0.1:1/0")
    found = figures(ask().text)

    assert found["allyship_broker_up"] == 0
    assert "allyship_queue_tasks" not in found
    assert found['allyship_job_late{job="tick"}'] == 1


def test_no_figure_is_about_a_person_a_team_or_an_agency(db, ask, client):
    world = build()
    client.force_login(world.people["alice"])
    client.get(f"/teams/{world.objects['team']}/members/")
    text = ask().text

    labels = {name for line in text.splitlines() if line.startswith("allyship_") for name, _ in LABEL.findall(line)}
    assert labels <= {"job", "kind", "le", "state", "status", "view", "what"}
    assert 'allyship_requests_total{status="200",view="teams:members"} ' in text.replace(
        '{view="teams:members",status="200"}', '{status="200",view="teams:members"}'
    )
    assert re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}|Canary|@", text) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(180)
def test_the_processes_of_a_real_web_are_counted_together():
    """Whichever of them answers."""
    port = processes.free_port()
    with processes.web_process(port, workers=2, METRICS_TOKEN=TOKEN) as web:
        address = f"http://127.0.0.1:{port}"
        for _ in range(20):
            assert processes.answers(f"{address}/manifest.webmanifest")
        one, two = read(address), read(address)
        assert [one[COUNTED], two[COUNTED]] == [20, 20]
        assert two['allyship_pool_connections{state="open"}'] >= 1
        assert not processes.answers(f"{address}/metrics")
        web.terminate()
        assert web.wait(40) == 0


COUNTED = 'allyship_requests_total{status="200",view="manifest"}'


def read(address):
    request = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return figures(answer.read().decode())
