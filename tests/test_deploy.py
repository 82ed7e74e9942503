"""The files in deploy/ run the same as docker-compose.yml does, and what the guides say of proxies, mail and backups holds."""

import os
import re
import runpy
import shutil
import subprocess
from configparser import ConfigParser

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from actions.models import Practice
from teams.signing_in import guesses
from tests.commands import POSTGRES, UNITS
from tests.compose import SERVICES, WHERE, without_options
from tests.documents import ROOT, blocks, quoted, table
from tests.factories import PASSWORD, make_worker

SERVED = ["web", "worker", "beat"]
CODE = "/opt/allyship"


def unit(name):
    """A unit file by section; keys that are given several times keep their last value."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters=["="])
    parser.optionxform = str
    parser.read_string((UNITS / name).read_text())
    return parser


COMMON = unit("allyship-.service.d/common.conf")


# systemd -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["prepare", *SERVED])
def test_unit_runs_what_compose_runs(name):
    ours, theirs = unit(f"allyship-{name}.service")["Service"]["ExecStart"].split(), SERVICES[name]["command"]
    assert ours[0] == f"{CODE}/.venv/bin/python"
    assert without_options(ours[1:], WHERE) == without_options(theirs[1:], WHERE)


def test_web_listens_on_loopback_alone():
    web = unit("allyship-web.service")["Service"]
    assert re.findall(r"--bind (\S+)", web["ExecStart"]) == ["127.0.0.1:${PORT}"]
    assert web["Environment"] == "PORT=8000"


@pytest.mark.parametrize("name", SERVED)
def test_unit_waits_for_the_tables_and_never_gives_up(name):
    made = unit(f"allyship-{name}.service")
    assert (made["Unit"]["Requires"], made["Unit"]["After"]) == ("allyship-prepare.service",) * 2
    assert (made["Service"]["Restart"], COMMON["Unit"]["StartLimitIntervalSec"]) == ("always", "0")


@pytest.mark.parametrize("name", ["web", "worker"])
def test_unit_waits_as_long_for_the_end_as_compose(name):
    assert unit(f"allyship-{name}.service")["Service"]["TimeoutStopSec"] + "s" == SERVICES[name]["stop_grace_period"]


def test_target_holds_all_that_serves():
    upheld = unit("allyship.target")["Unit"]["Upholds"].split()
    assert upheld == [f"allyship-{name}.service" for name in SERVED]
    assert COMMON["Unit"]["PartOf"] == "allyship.target"


def test_units_and_manage_share_user_code_and_settings():
    service = COMMON["Service"]
    manage = (ROOT / "deploy/allyship-manage").read_text()
    assert (service["User"], service["Group"], service["WorkingDirectory"]) == ("allyship", "allyship", CODE)
    assert service["Environment"].split()[0] == f"ALLYSHIP_HOME=/var/lib/{service['StateDirectory']}"
    told = ["--uid=allyship", "--gid=allyship", f"EnvironmentFile={service['EnvironmentFile']}"]
    told += [f"--setenv={service['Environment'].split()[0]}", f"{CODE}/.venv/bin/python {CODE}/manage.py"]
    assert [words for words in told if words not in manage] == []


def test_units_give_the_keys_of_reflections_to_web_and_manage_alone():
    """The guide writes them into a file of their own."""
    holding = [path.name for path in sorted((ROOT / "deploy").rglob("*")) if path.is_file() and names_keys(path)]
    guide = blocks((ROOT / "docs/deploy-systemd.md").read_text(), "sh")
    written = [line for block in guide for line in block.splitlines() if "REFLECTION_KEYS" in line]

    assert holding == ["allyship-manage", "allyship-web.service"]
    assert [line.rpartition(">> ")[2] for line in written] == ["allyship-web.env"]


def test_units_sign_in_to_the_database_each_in_its_role():
    files = {name: unit(f"allyship-{name}.service")["Service"].get("EnvironmentFile") for name in ["prepare", *SERVED]}
    assert files == {
        "prepare": "/etc/allyship-owner.env",
        "web": "/etc/allyship-web.env",
        "worker": "/etc/allyship-worker.env",
        "beat": None,  # asks the database nothing
    }


def names_keys(path):
    return "/etc/allyship-web.env" in path.read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_units(tmp_path):
    """With the interpreter of this checkout, since /opt/allyship is not there."""
    for path in UNITS.rglob("*.*"):
        copy = tmp_path / path.relative_to(UNITS)
        if path.is_file():
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(path.read_text().replace(CODE, str(ROOT)))
    units = sorted(str(path) for path in tmp_path.glob("allyship*.*") if path.is_file())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "SYSTEMD_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "allyship" in line]
    assert (len(units), ours) == (8, [])


# Proxies -----------------------------------------------------------------------------------------------------------


def test_nginx_sets_what_the_app_believes():
    text = (ROOT / "deploy/nginx.conf").read_text()
    assert dict(re.findall(r"proxy_set_header (\S+) (\S+);", text)) == {
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
    }


def test_proxies_speak_to_the_port_that_web_listens_on():
    texts = [(ROOT / "deploy" / name).read_text() for name in ("Caddyfile", "nginx.conf")]
    assert [re.findall(r"(?:reverse_proxy |proxy_pass http://)([\d.:]+)", text) for text in texts] == [
        ["127.0.0.1:8000"],
        ["127.0.0.1:8000"],
    ]


def tries(client, n, forwarded):
    """Sign-in with a wrong password for n accounts that there are not; whether the last was stopped."""
    for number in range(n):
        response = client.post(
            "/accounts/login/",
            {"login": f"nobody{number}@agency.example", "password": "wrong-horse-battery"},
            headers={"x-forwarded-for": forwarded(number)},
        )
    return "Too many failed login attempts" in response.content.decode()


@pytest.mark.parametrize(
    ("count", "forwarded", "stopped"),
    [
        (0, lambda number: f"198.51.100.{number}", True),  # nobody is believed: all come from one address
        (1, lambda number: f"203.0.113.9, 198.51.100.{number}", False),  # what the proxy saw differs
        (1, lambda number: f"198.51.100.{number}, 203.0.113.9", True),  # what the browser claims counts for nothing
        (2, lambda number: f"198.51.100.{number}, 203.0.113.9", False),  # the outer of two proxies saw it
    ],
)
def test_sign_in_is_limited_by_the_address_that_the_outermost_proxy_saw(
    db, client, settings, count, forwarded, stopped
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what takes long is not asked here
    assert tries(client, guesses.FROM_ONE_ADDRESS.amount + 1, forwarded) is stopped


def test_sign_in_fails_where_more_proxies_are_counted_than_there_are(client, settings, agency):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    worker = make_worker(agency, password=PASSWORD)
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXY_COUNT"):
        client.post(
            "/accounts/login/",
            {"login": worker.email, "password": PASSWORD},
            headers={"x-forwarded-for": "203.0.113.9"},
        )


# Settings ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings_for(monkeypatch, tmp_path):
    """What allyship/settings.py makes of an environment."""

    def read(**environment):
        for name in ("SITE_URL", "SECRET_KEY", "MAIL_URL", "PORT", "SECOND_FACTOR", "TRUSTED_PROXY_COUNT"):
            monkeypatch.delenv(name, raising=False)
        for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ALLYSHIP_HOME", str(tmp_path))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "allyship/settings.py"))

    return read


PUBLIC = {"SITE_URL": "https://allyship.example", "SECRET_KEY": "0123456789abcdef" * 4, "TRUSTED_PROXY_COUNT": "1"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("smtp://user:password@mail.example:587?tls=1", ("mail.example", 587, "user", "password", False, True)),
        ("smtps://user:password@mail.example", ("mail.example", 465, "user", "password", True, False)),
        ("smtp://127.0.0.1", ("127.0.0.1", 25, "", "", False, False)),
        ("smtp://user:p%40ss@mail.example:587", ("mail.example", 587, "user", "p@ss", False, False)),
    ],
)
def test_mail_url(settings_for, form, expected):
    options = settings_for(**PUBLIC, MAIL_URL=form)["MAILERS"]["default"]["OPTIONS"]
    names = ("host", "port", "username", "password", "use_ssl", "use_tls")
    assert tuple(options[name] for name in names) == expected


def test_guide_shows_the_forms_of_mail_url():
    shown = [words for (cell, _) in table("docs/operator.md", "form of `MAIL_URL`") for words in quoted(cell)]
    assert shown == [
        "smtp://user:password@mail.example:587?tls=1",
        "smtps://user:password@mail.example",
        "smtp://127.0.0.1",
    ]


@pytest.mark.parametrize(
    "environment",
    [
        PUBLIC | {"SITE_URL": "http://allyship.example"},
        {name: value for name, value in PUBLIC.items() if name != "SECRET_KEY"},
        PUBLIC | {"SECRET_KEY": "short-0123456789"},
        PUBLIC | {"SECRET_KEY": "0" * 64},
        PUBLIC | {"SECRET_KEY": "django-insecure-" + "0123456789abcdef" * 4},
        PUBLIC | {"DATABASE_URL": "postgresql://allyship_web:x@db.example/allyship"},
        PUBLIC | {"DATABASE_URL": "postgresql://allyship_web:x@db.example/allyship?sslmode=require"},
        PUBLIC | {"DATABASE_URL": "postgresql://allyship_web:x@127.0.0.1,db.example/allyship"},
        PUBLIC | {"DATABASE_URL": "postgresql://allyship_web:x@127.0.0.1/allyship?hostaddr=192.0.2.7"},
        PUBLIC | {"DATABASE_URL": "postgresql:///allyship", "PGHOST": "db.example"},
        PUBLIC | {"DATABASE_URL": "postgresql:///allyship", "PGHOST": "db.example", "PGSSLMODE": "require"},
        PUBLIC | {"DATABASE_URL": "postgresql://127.0.0.1/allyship", "PGHOSTADDR": "192.0.2.7"},
        PUBLIC | {"DATABASE_URL": "postgresql://127.0.0.1/allyship", "PGSERVICE": "elsewhere"},
        PUBLIC | {"DATABASE_URL": "postgresql:///allyship?service=elsewhere", "PGSSLMODE": "verify-full"},
        {name: value for name, value in PUBLIC.items() if name != "TRUSTED_PROXY_COUNT"},
        PUBLIC | {"SECOND_FACTOR": "optional"},
        {**PUBLIC, "MAIL_URL": "mail.example:587"},
    ],
)
def test_settings_refuse_what_is_unsafe(settings_for, environment):
    with pytest.raises(ImproperlyConfigured):
        settings_for(**environment)


PROVEN = "postgresql://allyship_web:x@db.example/allyship?sslmode=verify-full&sslrootcert=/etc/db.pem"


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        (PROVEN, {}),
        (PROVEN, {"PGHOSTADDR": "192.0.2.7", "PGSERVICE": "elsewhere", "PGSSLMODE": "disable"}),
        ("postgresql://allyship_web:x@127.0.0.1/allyship", {"PGHOST": "db.example"}),
        ("postgresql://allyship_web:x@/allyship?host=/var/run/postgresql", {}),
        ("postgresql:///allyship", {}),
        ("postgresql:///allyship", {"PGHOST": "/var/run/postgresql"}),
        ("postgresql:///allyship", {"PGHOST": "db.example", "PGSSLMODE": "verify-full"}),
    ],
)
def test_database_may_be_here_or_prove_who_it_is(settings_for, url, environment):
    assert settings_for(**PUBLIC, **environment, DATABASE_URL=url)["DATABASES"]["default"]["NAME"] == "allyship"


def test_https_switches_on_what_the_guide_says(settings_for):
    made = settings_for(**PUBLIC)
    assert made["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    names = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    assert [made[name] for name in names] == [True] * 4
    assert (made["SECURE_HSTS_SECONDS"], made["ALLOWED_HOSTS"]) == (31536000, ["allyship.example"])
    assert [
        path for path in ("healthz", "readyz") if not any(re.match(p, path) for p in made["SECURE_REDIRECT_EXEMPT"])
    ] == []


# Backups -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_dump_restores_into_an_empty_database_and_into_no_other(tmp_path, django_db_blocker):
    """With the options that both guides give; PostgreSQL's own tools of the same version, on databases of this run."""
    settings = connection.settings_dict
    server = {key: settings[name] for key, name in (("host", "HOST"), ("port", "PORT"), ("user", "USER"))}
    environment = os.environ | {f"PG{key.upper()}": str(value) for key, value in server.items() if value}
    name, copy, dump = settings["NAME"], f"{settings['NAME']}_restored", tmp_path / "allyship.dump"

    def run(program, *arguments, check=True):
        return subprocess.run(
            [POSTGRES / program, *arguments], env=environment, check=check, capture_output=True, text=True
        )

    practices = Practice.objects.count()
    run("pg_dump", "--format", "custom", "--file", dump, name)
    run("createdb", copy)
    try:
        run("pg_restore", "--dbname", copy, "--single-transaction", dump)
        count = run("psql", "-At", copy, "--command", "SELECT count(*) FROM actions_practice").stdout
        again = run("pg_restore", "--dbname", copy, "--single-transaction", dump, check=False)
        left = run("psql", "-At", copy, "--command", "SELECT count(*) FROM actions_practice").stdout
    finally:
        run("dropdb", copy)
    assert (int(count), int(left), again.returncode) == (practices, practices, 1)
