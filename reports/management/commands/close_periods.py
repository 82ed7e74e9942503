from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import summaries
from reports.periods import Period
from teams.models import Agency


class Command(BaseCommand):
    help = "Close whole periods before an agency's first one, as after an import of its history. Mails nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agency", required=True, metavar="SLUG", help="the agency's short name")
        parser.add_argument("--from", required=True, dest="first", metavar="DATE", help="first day, YYYY-MM-DD")
        parser.add_argument("--to", required=True, dest="last", metavar="DATE", help="last day, YYYY-MM-DD")

    def handle(self, **options: Any) -> None:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            known = ", ".join(Agency.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no agency “{options['agency']}”; known: {known}.")
        try:
            asked = Period.parse(options["first"], options["last"])
            made = summaries.close_earlier(agency=agency, first=asked.first, last=asked.last, now=timezone.now())
        except ValueError as error:
            raise CommandError(str(error)) from error
        for period, summaries_made in made.items():
            self.stdout.write(f"{period.first} to {period.last}: {summaries_made} summaries")
