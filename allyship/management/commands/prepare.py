from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from allyship import demo
from reports import heartbeats
from teams.models import Agency


class Command(BaseCommand):
    help = "Bring the database, the catalogue and the static files up to this version; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load demo data where there is no agency yet")

    def handle(self, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_catalogue", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        heartbeats.beat(heartbeats.PREPARED, now=timezone.now())
        if options["demo"] and not Agency.objects.exists():
            self.stdout.write("Loading demo data ...")
            demo.load()
