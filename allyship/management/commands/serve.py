from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allyship import server


class Command(BaseCommand):
    help = "Run everything on this machine: database, broker, web, worker and beat."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="start without demo data")

    def handle(self, **options: Any) -> None:
        try:
            server.run(empty=options["empty"])
        except server.CannotStart as error:
            raise CommandError(str(error)) from error
