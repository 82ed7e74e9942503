import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from allyship import demo
from reports import heartbeats
from reports.audit import trimming
from teams.models import Agency

TRIES: Final = 12
AGAIN_AFTER = 5  # seconds


class Command(BaseCommand):
    help = "Bring the database, the catalogue and the static files up to this version; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load demo data where there is no agency yet")

    def handle(self, **options: Any) -> None:
        migrate()
        call_command("createcachetable", verbosity=0)
        call_command("grant_roles", verbosity=0)
        call_command("load_catalogue", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        trimming.trim(now=timezone.now())
        heartbeats.beat(heartbeats.PREPARED, now=timezone.now())
        if options["demo"] and not Agency.objects.exists():
            self.stdout.write("Loading demo data ...")
            demo.load()


def migrate() -> None:
    """Without waiting for a lock longer than people wait for a page: behind a migration that waits, everybody does."""
    for left in reversed(range(TRIES)):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        try:
            call_command("migrate", verbosity=0)
        except OperationalError as error:
            if not (left and isinstance(error.__cause__, LockNotAvailable)):
                raise
            time.sleep(AGAIN_AFTER)
        else:
            break
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
