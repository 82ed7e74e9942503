"""docker-compose.yml, the operator's guide and the settings speak of the same things."""

import json
import re

import pytest

from allyship import server
from tests.compose import COMPOSE, SERVICES, WHERE_AND_HOW_LOUD, without_options
from tests.documents import ROOT, table, variables_read

APP = ["prepare", "web", "worker", "beat"]
# What an installation leaves alone: for development and tests, or decided by the image.
NOT_IN_COMPOSE = {"DEBUG", "STATIC_ROOT", "TICK_SECONDS"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def everywhere(value, name=""):
    """Each value with its key, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from everywhere(inner, key)
    else:
        yield name, str(value)


def test_compose_has_the_services_of_an_installation():
    assert list(SERVICES) == [*APP, "postgres", "valkey"]


def test_compose_runs_one_image_built_once():
    assert [SERVICES[name]["image"] for name in APP] == ["allyship"] * 4
    assert {name: service["build"] for name, service in SERVICES.items() if "build" in service} == {"prepare": "."}
    assert [SERVICES[name]["pull_policy"] for name in APP] == ["build", "never", "never", "never"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_compose_runs_what_the_server_runs(name):
    ours, theirs = server._commands()[name], SERVICES[name]["command"]
    assert theirs[0] == "python"
    assert without_options(theirs[1:], WHERE_AND_HOW_LOUD) == without_options(ours[1:], WHERE_AND_HOW_LOUD)


def test_image_runs_web_where_it_is_told_nothing():
    ours = json.loads(re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[1])
    assert ours == without_options(SERVICES["web"]["command"], {"--log-level"})


def test_compose_prepares_before_anything_serves():
    prepared, healthy = {"condition": "service_completed_successfully"}, {"condition": "service_healthy"}
    assert SERVICES["prepare"]["command"] == ["python", "manage.py", "prepare"]
    assert {name: SERVICES[name]["depends_on"] for name in APP} == {
        "prepare": {"postgres": healthy},
        "web": {"prepare": prepared, "postgres": healthy},
        "worker": {"prepare": prepared, "postgres": healthy, "valkey": healthy},
        "beat": {"prepare": prepared, "postgres": healthy, "valkey": healthy},
    }


def test_compose_publishes_web_alone_and_on_loopback():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_compose_restarts_all_but_the_step_that_ends():
    assert {name: service["restart"] for name, service in SERVICES.items()} == {
        name: "no" if name == "prepare" else "unless-stopped" for name in SERVICES
    }


def test_compose_checks_the_health_of_every_server():
    checked = [name for name, service in SERVICES.items() if "healthcheck" in service]
    assert checked == ["web", "worker", "postgres", "valkey"]  # of beat, /readyz tells


def test_health_check_of_web_says_the_name_that_the_app_answers_to():
    assert re.findall(r"headers=(.+?)\)", SERVICES["web"]["healthcheck"]["test"]) == ['{"Host": host}']


def test_compose_keeps_the_database_where_the_image_of_18_wants_it():
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    assert list(COMPOSE["volumes"]) == ["database", "home"]


def test_compose_asks_for_every_secret_and_address():
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?[^}]+\}", text)) == {
        "SITE_URL",
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
        "MAIL_URL",
        "REFLECTION_KEYS",
    }
    assert set(re.findall(r"\$\{(\w+)(?!\w|:\?)", text)) == {"TRUSTED_PROXY_COUNT", "PORT"}


def test_compose_holds_no_literal_secret():
    secret = re.compile(r"PASSWORD|SECRET|(?<!VAL)KEY|TOKEN")
    assert {value[:2] for name, value in everywhere(COMPOSE) if secret.search(name)} == {"${"}
    urls = [value for name, value in everywhere(COMPOSE) if name.endswith("_URL") and not value.startswith("${")]
    assert [url for url in urls if re.search(r"://\w*:(?!\$\{)[^@]*@", url)] == []


def test_image_holds_no_secret():
    assert re.findall(r"PASSWORD|SECRET|TOKEN|\bARG\b", DOCKERFILE) == []


def test_compose_gives_the_settings_that_are_read():
    image = re.findall(r"^ENV (ALLYSHIP_\w+)=", DOCKERFILE, re.MULTILINE)
    published = re.findall(r"\$\{(\w+)", SERVICES["web"]["ports"][0])
    assert {*SERVICES["web"]["environment"], *image, *published} == variables_read() - NOT_IN_COMPOSE


def test_compose_gives_the_keys_of_reflections_to_web_alone():
    shared = COMPOSE["x-app"]["environment"]
    assert {name: {*SERVICES[name]["environment"]} - {*shared} for name in APP} == {
        "prepare": set(),
        "web": {"REFLECTION_KEYS"},
        "worker": set(),
        "beat": set(),
    }


def test_guide_lists_the_settings_that_are_read():
    assert {name.strip("`") for name, *_ in table("docs/operator.md", "variable")} == variables_read()


def test_readme_lists_the_settings_of_an_installation():
    listed = {name.strip("`") for names, _ in table("README.md", "variable") for name in names.split(", ")}
    assert listed == variables_read() - {"TICK_SECONDS"}


def test_image_holds_the_app_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if not line.startswith("#")]
    kept = {line[1:].rstrip("/") for line in patterns if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    assert patterns[0] == "*"
    assert kept - packages == {
        ".python-version",
        "LICENSE",
        "locale",
        "manage.py",
        "pyproject.toml",
        "static",
        "templates",
        "uv.lock",
    }
    assert packages - kept == set()
