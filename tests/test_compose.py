"""docker-compose.yml, the operator's guide and the settings speak of the same things."""

import json
import re

import pytest

from allyship import server
from allyship.database import roles
from tests.compose import COMPOSE, SERVICES, WHERE, without_options
from tests.documents import ROOT, table, variables_read

APP = ["prepare", "web", "worker", "beat"]
# What an installation leaves alone: for development and tests, or decided by the image.
NOT_IN_COMPOSE = {"SECOND_FACTOR", "DEBUG", "STATIC_ROOT", "TICK_SECONDS"}
PASSWORDS = {"OWNER_PASSWORD", "WEB_PASSWORD", "WORKER_PASSWORD", "BACKUP_PASSWORD"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def everywhere(value, name=""):
    """Each value with its key, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from everywhere(inner, key)
    else:
        yield name, str(value)


def test_compose_has_the_services_of_an_installation():
    assert list(SERVICES) == [*APP, "backup", "postgres", "valkey"]


def test_compose_runs_one_image_built_once():
    assert [SERVICES[name]["image"] for name in APP] == ["allyship"] * 4
    assert {name: service["build"] for name, service in SERVICES.items() if "build" in service} == {"prepare": "."}
    assert [SERVICES[name]["pull_policy"] for name in APP] == ["build", "never", "never", "never"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_compose_runs_what_the_server_runs(name):
    ours, theirs = server._commands()[name], SERVICES[name]["command"]
    assert theirs[0] == "python"
    assert without_options(theirs[1:], WHERE) == without_options(ours[1:], WHERE)


def test_image_runs_web_where_it_is_told_nothing():
    ours = json.loads(re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[1])
    assert ours == SERVICES["web"]["command"]


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
    assert "- database:/var/lib/postgresql" in SERVICES["postgres"]["volumes"].split("\n")[0]
    assert list(COMPOSE["volumes"]) == ["database", "home", "backups", "socket"]


def test_compose_asks_for_every_secret_and_address():
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?[^}]+\}", text)) == {
        "SITE_URL",
        "SECRET_KEY",
        *PASSWORDS,
        "MAIL_URL",
        "REFLECTION_KEYS",
    }
    others = set(re.findall(r"\$\{(\w+)(?!\w|:\?)", text)) - PASSWORDS
    assert others == {"METRICS_TOKEN", "TRUSTED_PROXY_COUNT", "SECRET_KEY_FALLBACKS", "PORT", "BACKUP_KEY"}


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


def test_compose_gives_its_secrets_to_web_alone_and_the_database_to_each_in_its_role():
    shared = COMPOSE["x-app"]["environment"]
    own = {name: {*SERVICES[name]["environment"]} - {*shared} for name in APP}
    assert own == {
        "prepare": {"DATABASE_URL"},
        "web": {"DATABASE_URL", "METRICS_TOKEN", "REFLECTION_KEYS"},
        "worker": {"DATABASE_URL"},
        "beat": set(),  # asks the database nothing
    }
    urls = {name: SERVICES[name]["environment"]["DATABASE_URL"] for name in APP if "DATABASE_URL" in own[name]}
    assert {name: re.match(r"postgresql://(\w+):\$\{(\w+):", url).groups() for name, url in urls.items()} == {
        "prepare": (roles.OWNER, "OWNER_PASSWORD"),
        "web": (roles.WEB, "WEB_PASSWORD"),
        "worker": (roles.WORKER, "WORKER_PASSWORD"),
    }
    assert {url.rpartition("}")[2] for url in urls.values()} == {"@/allyship?host=/var/run/postgresql"}


def test_compose_gives_the_backup_its_role_and_nothing_else():
    backup = SERVICES["backup"]
    assert list(backup["environment"]) == ["DATABASE_URL"]
    assert backup["environment"]["DATABASE_URL"].startswith(f"postgresql://{roles.BACKUP}:${{BACKUP_PASSWORD}}@/")
    assert backup["profiles"] == "[backup]"


def test_compose_makes_the_roles_and_their_passwords_with_the_database():
    mounted = re.findall(r"- \./(\S+):/docker-entrypoint-initdb\.d/(\S+):ro", SERVICES["postgres"]["volumes"])
    assert mounted == [("allyship/database/roles.sql", "1-roles.sql"), ("deploy/postgres/sign-in.sh", "2-sign-in.sh")]
    script = (ROOT / mounted[1][0]).read_text()
    assert set(re.findall(r"ALTER ROLE (\w+) PASSWORD", script)) == set(roles.ALL)
    assert set(re.findall(r"\\getenv \w+ (\w+)", script)) == PASSWORDS
    assert set(SERVICES["postgres"]["environment"]) == {*PASSWORDS, "POSTGRES_DB", "POSTGRES_PASSWORD"}


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
