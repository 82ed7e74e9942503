from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from teams import agencies
from teams.models import Agency, Cadence


class Command(BaseCommand):
    help = "Give an agency monthly or quarterly summaries from the next quarter on. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", metavar="SLUG", help="the agency's short name")
        parser.add_argument("cadence", choices=Cadence.values)

    def handle(self, *, agency: str, cadence: str, **options: object) -> None:
        found = Agency.objects.filter(slug=agency).first()
        if found is None:
            raise CommandError(f"There is no agency with the short name “{agency}”.")
        starts_on = agencies.change_cadence(found, cadence, today=found.today())
        self.stdout.write(f"{found} has {cadence} summaries from {starts_on} on; until then all stays as it is.")
