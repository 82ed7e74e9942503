"""Every command of the app, once with good input and once with bad: what it writes, and what it tells.

A command that COMMANDS does not know is a failure. To add one: a line in COMMANDS, and its files in FILES.
"""

import io
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from pghistory.core import event_models

from teams.models import Team
from tests.actions.factories import ring_of
from tests.sweeps.modules import PACKAGES

TYPED = ["Canary of a file", "416 555 0134"]
PEOPLE = "agency,name,email,role,team,starts_on,ends_on,language\nNew agency,New Person,new@people.example,"
ACTIONS = (
    "agency,done_on,worker,team,level,practice,direction,communities,visibility,note\n"
    "{agency},2026-07-01,{alice},{team},individual,info_up_front,co_designed,racialized,shared,"
)
FILES = {
    "people": PEOPLE + "member,New team,2026-01-01,,fr\n",
    "people_wrong": PEOPLE + "boss,New team,2026-01-01,,fr\n",
    "actions": ACTIONS + "Canary of a file\n",
    "actions_wrong": ACTIONS + "Canary of a file: call 416 555 0134\n",
    "texts": '"Canary of a file"\n"call 416 555 0134"\n',
    "texts_wrong": '"Canary of a file"\ncall 416 555 0134\n',
}


@dataclass(frozen=True)
class Command:
    """What is typed after the command's name, with names of FILES in braces and `<` before what it reads."""

    bad: str
    refusal: str
    good: str | None = ""
    writes: set[str] = field(default_factory=set)


EVENTS = {model._meta.db_table for model in event_models()}
COMMANDS = {
    "allow_text": Command(
        good="{slug} 'The Fjord line'",
        writes={"actions_allowedtext"},
        bad="nowhere 'The Fjord line'",
        refusal="There is no agency with the short name “nowhere”.",
    ),
    "change_cadence": Command(
        good="{slug} monthly",
        writes={"teams_cadencechange"},
        bad="nowhere monthly",
        refusal="There is no agency with the short name “nowhere”.",
    ),
    "check_text": Command(
        good="< {texts}",
        bad="< {texts_wrong}",
        refusal="1 line(s) could not be read; every other line was checked.",
    ),
    "close_periods": Command(
        good="--agency {slug} --from 2025-10-01 --to 2026-03-31",
        writes={"reports_agencyperiod", "reports_teamsummary", "teams_agency"},
        bad="--agency nowhere --from 2026-01-01 --to 2026-03-31",
        refusal="There is no agency “nowhere”",
    ),
    "create_agency": Command(
        good="'New agency' --admin-email new.admin@people.example --admin-name 'New Admin'",
        writes={"teams_agency", "teams_worker"},
        bad="'New agency' --time-zone Moon",
        refusal="time_zone: “Moon” is not a time zone",
    ),
    "end_account": Command(
        good="--email {alice}",
        writes={"actions_departure", "teams_membership", "teams_session", "teams_worker"},
        bad="--email nobody@people.example",
        refusal="No worker of an agency has the address nobody@people.example.",
    ),
    "grant_analyst": Command(
        good="new.analyst@people.example --name 'New Analyst'",
        writes={"teams_worker"},
        bad="{alice} --name 'New Analyst'",
        refusal="an analyst has an account of her own",
    ),
    "import_actions": Command(
        good="{actions}",
        writes={"actions_action"},
        bad="{actions_wrong}",
        refusal="row 2, note: This looks like someone's phone number",
    ),
    "import_people": Command(
        good="{people}",
        writes={"teams_agency", "teams_membership", "teams_team", "teams_worker"},
        bad="{people_wrong}",
        refusal="row 2, role: is none of",
    ),
    "grant_roles": Command(bad="--all", refusal="unrecognized arguments: --all"),
    "load_catalogue": Command(bad="--from elsewhere.json", refusal="unrecognized arguments: --from elsewhere.json"),
    "prepare": Command(writes={"reports_heartbeat"}, bad="--dmo", refusal="unrecognized arguments: --dmo"),
    "protect_figures": Command(
        good="{slug} --sector now --least-actions 8",
        writes={"teams_agency"},
        bad="{slug} --least-actions 4",
        refusal="Figures may be protected more than by 5, 3 and 70 percent, never less.",
    ),
    "reset_second_factor": Command(
        good="--email {alice}",
        writes={"teams_session", "teams_worker"},
        bad="--email nobody@people.example",
        refusal="Nobody signs in with nobody@people.example.",
    ),
    "rotate_reflections": Command(
        writes={"actions_reflection", "actions_draft"}, bad="--batch 0", refusal="--batch: at least 1."
    ),
    "trim_audit": Command(bad="--years 1", refusal="unrecognized arguments: --years 1"),
    "serve": Command(
        good=None,  # it goes on until a signal: tests/test_server.py runs it in processes of its own
        bad="--port 1",
        refusal="unrecognized arguments: --port 1",
    ),
}


def test_every_command_is_known():
    assert {name for name, app in get_commands().items() if app in PACKAGES} == set(COMMANDS)


class Terminal:
    """Runs commands on the world; `told` is all that they print, on either stream."""

    def __init__(self, values, monkeypatch):
        self.values, self.monkeypatch = values, monkeypatch
        self.stream = io.StringIO()

    def run(self, name, typed):
        arguments, _, read = typed.format_map(self.values).partition("< ")
        content = Path(read).read_bytes() if read else b""
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        call_command(name, *shlex.split(arguments), stdout=self.stream, stderr=self.stream)

    @property
    def told(self):
        return self.stream.getvalue()


@pytest.fixture
def terminal(world, tmp_path, settings, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.REFLECTION_KEYS = f"{ring_of('new')},{settings.REFLECTION_KEYS}"
    alice = world.people["alice"]
    team = Team.objects.get(pk=world.objects["team"])
    values = {"agency": alice.agency.name, "slug": alice.agency.slug, "alice": alice.email, "team": team.name}
    for name, content in FILES.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(content.format_map(values))
        values[name] = str(path)
    return Terminal(values, monkeypatch)


def contents():
    """What stands in each table of the database, in short."""
    with connection.cursor() as cursor:
        return {table: fingerprint(cursor, table) for table in connection.introspection.table_names(cursor)}


def fingerprint(cursor, table):
    cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t")
    return cursor.fetchone()[0]


def typed_in(told, world):
    """Texts of the database, and what stands in the files, that somebody could read there."""
    notes = [
        text
        for what, texts in world.canaries.items()
        if {"note", "ask", "answer", "wrote"} & set(what.split())
        for text in texts
    ]
    return [text for text in [*notes, *TYPED] if text in told]


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.good is not None])
def test_command_writes_its_tables_and_tells_no_note(terminal, world, name):
    before = contents()
    terminal.run(name, COMMANDS[name].good)
    after = contents()

    written = {table for table in after if after[table] != before[table]}
    assert written - EVENTS == COMMANDS[name].writes
    assert written & EVENTS <= {f"{table}event" for table in COMMANDS[name].writes}
    assert typed_in(terminal.told, world) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_command_with_bad_input_says_what_is_wrong_and_writes_nothing(terminal, world, name):
    before = contents()
    with pytest.raises(CommandError) as refused:
        terminal.run(name, COMMANDS[name].bad)
    told = f"{terminal.told}{refused.value}"

    assert COMMANDS[name].refusal in told
    assert typed_in(told, world) == []
    assert contents() == before
