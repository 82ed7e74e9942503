from argparse import ArgumentParser
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from teams.imports import people_import
from teams.models import Cadence
from teams.spreadsheets import sheets
from teams.spreadsheets.limits import SheetError


class Command(BaseCommand):
    help = (
        "Bring in agencies, teams, people and their spells from a CSV or XLSX file with the columns agency, name, "
        "email, role, team, starts_on, ends_on, language. All of it is written, or none. Safe to repeat: it adds what "
        "is new and changes what differs; nobody is removed, and no role is taken away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--time-zone", default="America/Toronto", help="of the agencies that are new")
        parser.add_argument(
            "--cadence", default=Cadence.QUARTERLY, choices=Cadence.values, help="of the agencies that are new"
        )
        parser.add_argument("--check", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *, file: Path, time_zone: str, cadence: str, check: bool, **options: object) -> None:
        try:
            sheet = sheets.read_path(
                file,
                required=people_import.REQUIRED,
                optional=people_import.OPTIONAL,
                labels=people_import.LABELS,
            )
            with transaction.atomic():
                plan = people_import.plan(sheet, time_zone=time_zone, cadence=cadence)
                if not (check or plan.errors):
                    people_import.write(plan)
        except SheetError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write("\n".join(plan.lines()))
        if plan.errors:
            raise CommandError("The file has errors. Nothing was written.")
        if check:
            self.stdout.write("This was a check. Nothing was written.")
