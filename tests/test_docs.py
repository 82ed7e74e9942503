"""The documents name only what is there, and their commands do what they say."""

import re

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, get_commands
from django.db.migrations.loader import MigrationLoader
from django.urls import Resolver404, resolve

from actions.imports import actions_import
from actions.models import Action
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, Level
from reports import summaries
from reports.mails import deliveries
from reports.models import Delivery, TeamSummary
from teams.imports import people_import
from teams.models import Agency, Worker
from teams.visibility import Visibility
from tests import commands
from tests.documents import DOCUMENTS, FENCE, LINK, QUOTED, ROOT, blocks, named, quoted, table, variables_read
from tests.reports.factories import CLOSING, QUARTER

# A folder or file of ours: no address, no variable, no placeholder, and either a slash or an ending that we use.
PATH = re.compile(r"(?![/~])[\w./-]+/[\w./-]*|[\w-]+\.(?:md|py|toml|yml|json)|Dockerfile")
ADDRESS = re.compile(r"/(?:[a-z-]+/?)?")
SCRIPT = re.compile(r"(?<![\w/])(script/\w+|\.ci/\w+)")
PICTURE = re.compile(r'src="([^"]+)"')
# Read by others than the settings: the database's image, the scripts and what they start.
OF_OTHERS = {
    "CHROMIUM",
    "OWNER_PASSWORD",
    "WEB_PASSWORD",
    "WORKER_PASSWORD",
    "BACKUP_KEY",
    "BACKUP_PASSWORD",
    "UV_PYTHON_INSTALL_DIR",
    "UV_SYNC_FLAGS",
}
THEN = "2026-01-20T12:00:00-05:00"  # the January of docs/importing.md

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=named)


def paths_in(text):
    """What stands between single backticks and looks like a path, without the options of a command after it."""
    words = (words.split()[0] for words in quoted(text))
    return sorted({word for word in words if PATH.fullmatch(word)})


def is_ours(path):
    """A path from the root, or the bare name of a file in one of our packages."""
    packages = [init.parent for init in ROOT.glob("*/__init__.py")]
    return (ROOT / path).exists() or ("/" not in path and any(any(one.rglob(path)) for one in packages))


def headings(document):
    """The headings as a link to them is written."""
    lines = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text()), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines]


def leads_somewhere(document, link):
    address, _, heading = link.partition("#")
    target = (document.parent / address).resolve() if address else document
    return target.exists() and (not heading or heading in headings(target))


def is_answered(address):
    try:
        return bool(resolve(address))
    except Resolver404:
        return False


def words_for(column):
    return [QUOTED.findall(words) for name, words in table("docs/importing.md", "column") if name == f"`{column}`"][-1]


@pytest.fixture
def folder(tmp_path):
    """Where somebody types the commands: beside a checkout's deploy/, with the two sheets of docs/importing.md."""
    sheets = blocks((ROOT / "docs/importing.md").read_text(), "csv")
    for name, content in zip(("people.csv", "actions.csv"), sheets, strict=True):
        (tmp_path / name).write_text(content)
    for name in ("deploy", "allyship"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


# Commands ----------------------------------------------------------------------------------------------------------


@each_document
def test_blocks_say_what_they_are(document):
    assert {kind for kind, _ in FENCE.findall(document.read_text())} <= {"sh", "csv", "text"}


@each_document
@time_machine.travel(THEN)
def test_commands_in_documents_do_what_they_say(document, db, folder):
    text = document.read_text()
    for call in commands.calls(commands.script(text), folder):
        commands.check(call, folder)
    for command in commands.single(text):
        for call in commands.calls(command, folder):
            commands.check(call, folder)


def test_program_that_nobody_knows_is_found_out(folder):
    with pytest.raises(AssertionError, match="frobnicate"):
        commands.calls("frobnicate --all", folder)


@pytest.mark.parametrize("command", ["rm -rf /", "/bin/true", "LANG=C /bin/true", "cat people.csv > /etc/motd"])
def test_command_that_would_reach_outside_is_not_run(folder, command):
    with pytest.raises(AssertionError):
        commands.calls(command, folder)


@pytest.mark.parametrize(
    "command",
    [
        ".venv/bin/python manage.py import_people people.csv --dry-run",
        ".venv/bin/python manage.py import_people nobody.csv",
        "allyship-manage no_such_command",
        "docker compose exec database python manage.py create_agency Ours",
        "docker compose up --detached",
        "docker compose exec -T --user postgres postgres pg_dump --no-such-option allyship",
        "systemctl restart allyship-mailer",
        "apt-get install postgresql-17",
        "script/server --port 8001",
        "script/test tests/nowhere",
        "script/translate --fix",
        "cp -r deploy/nowhere/. /etc/systemd/system/",
        'curl --header "Host: allyship.example" http://127.0.0.1:8000/nowhere',
        "git clone https://git.example/allyship.git /srv/allyship",
    ],
)
def test_wrong_command_is_found_out(db, folder, command):
    (call,) = commands.calls(command, folder)
    with pytest.raises((AssertionError, CommandError, KeyError)):
        commands.check(call, folder)


@each_document
def test_commands_named_in_documents_exist(document):
    text = "\n".join([*blocks(document.read_text()), *quoted(document.read_text())])
    told = re.findall(r"(?:manage\.py|\$manage) ([a-z_]+)", text)
    assert sorted(set(told) - set(get_commands())) == []


@each_document
def test_scripts_in_documents_exist(document):
    assert [script for script in SCRIPT.findall(document.read_text()) if not (ROOT / script).is_file()] == []


# Names -------------------------------------------------------------------------------------------------------------


@each_document
def test_paths_in_documents_exist(document):
    assert [path for path in paths_in(document.read_text()) if not is_ours(path)] == []


@each_document
def test_addresses_in_documents_are_answered(document):
    addresses = {words for words in quoted(document.read_text()) if ADDRESS.fullmatch(words)}
    assert [address for address in sorted(addresses) if not is_answered(address)] == []


@each_document
def test_variables_in_documents_are_read(document):
    found = commands.variables(document.read_text())
    assert sorted(name for name in found - variables_read() - OF_OTHERS if not hasattr(settings, name)) == []


def test_variables_are_found_wherever_they_are_named():
    text = "Set `ONE_THING`, or `TWO=2 THREE=3 script/server`.\n\n```sh\nexport FOUR=4\nFIVE=5\n```\n"
    assert commands.variables(text) == {"ONE_THING", "TWO", "THREE", "FOUR", "FIVE"}


def test_variables_of_others_are_theirs():
    sources = ["script/chromium", "script/setup", "docker-compose.yml"]
    texts = "".join((ROOT / source).read_text() for source in sources)
    assert sorted(name for name in OF_OTHERS if name not in texts) == ["UV_PYTHON_INSTALL_DIR"]  # uv's own


@each_document
def test_links_in_documents_lead_somewhere(document):
    text = FENCE.sub("", document.read_text())
    links = [link for link in LINK.findall(text) + PICTURE.findall(text) if "://" not in link]
    assert [link for link in links if not leads_somewhere(document, link)] == []


# README and decisions ----------------------------------------------------------------------------------------------


def test_readme_names_every_package():
    packages = sorted(f"`{path.parent.name}/`" for path in ROOT.glob("*/__init__.py"))
    assert [name for name in packages if name not in [row[0] for row in table("README.md", "folder")]] == []


def test_readme_begins_with_the_two_commands():
    first_block = blocks((ROOT / "README.md").read_text())[0]
    assert re.findall(r"^script/\w+", first_block, re.MULTILINE) == ["script/server", "script/test"]


def test_decisions_are_numbered_without_gap():
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]


def test_decisions_carry_their_number_in_the_title():
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.read_text()[:7] for path in files] == [f"# {path.name[:4]} " for path in files]


# What the guides say -----------------------------------------------------------------------------------------------


def test_importing_lists_the_columns_that_are_read():
    columns = [name.strip("`") for name, _ in table("docs/importing.md", "column")][:25]
    people, actions = columns[: len(people_import.REQUIRED) + len(people_import.OPTIONAL)], columns[8:]
    assert people == [*people_import.REQUIRED, *people_import.OPTIONAL]
    assert actions == [*actions_import.REQUIRED, *actions_import.OPTIONAL]


@pytest.mark.parametrize(
    ("column", "choices"),
    [
        ("level", Level),
        ("direction", Direction),
        ("visibility", Visibility),
        ("heard_back", HeardBack),
        ("commitment_status", CommitmentStatus),
    ],
)
def test_importing_lists_the_words_that_are_accepted(column, choices):
    assert words_for(column) == choices.values


@time_machine.travel(THEN)
def test_importing_says_what_its_example_answers(db, folder, mailoutbox):
    text = (ROOT / "docs/importing.md").read_text()
    answers = [
        commands.check(call, folder).splitlines()
        for call in 2 * commands.calls(commands.script(text), folder)
        if "--check" not in call
    ]
    assert [lines[0] for lines in answers if "new" in lines[0]] == [
        *[words for words in quoted(text) if words.endswith("left.")],
        "0 new, 0 changed, 4 same, 0 left.",
        "0 new, 0 changed, 3 same, 0 left.",
    ]
    assert (Agency.objects.get().slug, Worker.objects.count(), Action.objects.count()) == ("our-agency", 4, 3)
    assert TeamSummary.objects.count() == 4
    assert mailoutbox == []


def test_operator_s_way_to_send_again_what_was_given_up(folder, agency, team, sana, alice):
    summaries.close(agency=agency, period=QUARTER, now=CLOSING)
    given_up = Delivery.objects.get()
    gone = Delivery.objects.create(agency=agency, summary=given_up.summary, recipient=alice, due_at=CLOSING)
    Delivery.objects.update(status=Delivery.Status.FAILED, attempts=8, last_error="SMTPServerDisconnected")
    Delivery.objects.filter(pk=gone.pk).update(last_error="no longer entitled")

    (call,) = commands.calls(commands.script((ROOT / "docs/operator.md").read_text()), folder)
    commands.check(call, folder)

    assert dict(Delivery.objects.values_list("pk", "status")) == {given_up.pk: "pending", gone.pk: "failed"}
    assert deliveries.send_due() == 1


def test_migrations_can_be_taken_back():
    ours = [
        m for (app, _), m in MigrationLoader(None).disk_migrations.items() if app in {"actions", "reports", "teams"}
    ]
    assert [str(m) for m in ours if not all(operation.reversible for operation in m.operations)] == []
