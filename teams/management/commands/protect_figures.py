from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from teams import agencies
from teams.models import Agency, Cadence

RAISED = ["least_actions", "least_authors", "most_percent"]


class Command(BaseCommand):
    help = (
        "Say from which quarter on agencies count in the figures of the sector, or raise what their own figures need. "
        "Closed quarters stay as they are; the sector has its own rule."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="+", metavar="agency", help="its short name; several are changed at once")
        parser.add_argument(
            "--sector",
            type=_since,
            metavar="FROM",
            help="“now” (from the quarter that runs today), the first day of an earlier quarter (YYYY-MM-DD), or “no”",
        )
        parser.add_argument("--least-actions", type=int, help="actions that a figure needs, 5 or more")
        parser.add_argument("--least-authors", type=int, help="authors that a figure needs, 3 or more")
        parser.add_argument(
            "--most-percent", type=int, help="the most that one author may have of a figure, 70 or less"
        )

    @transaction.atomic
    def handle(self, *, slugs: list[str], sector: str | date | None, **options: Any) -> None:
        for slug in slugs:
            agency = Agency.objects.filter(slug=slug).first()
            if agency is None:
                raise CommandError(f"There is no agency with the short name “{slug}”. Nothing was changed.")
            values: dict[str, Any] = {name: options[name] for name in RAISED if options[name]}
            if sector:
                today = agencies.first_day(agency.today(), Cadence.QUARTERLY)
                values["in_sector_from"] = {"now": today, "no": None}.get(str(sector), sector)
            try:
                agency = agencies.change(agency, **values)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            since = f"from {agency.in_sector_from} on" if agency.in_sector_from else "not"
            self.stdout.write(
                f"{agency}: counts in the figures of the sector {since}. Its own need {agency.least_actions} actions by "
                f"{agency.least_authors} people, at most {agency.most_percent} % by one of them."
            )


def _since(text: str) -> str | date:
    if text in ("now", "no"):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or (day.day, day.month % 3) != (1, 1):
        raise ArgumentTypeError(f"“{text}” is not “now”, “no” or the first day of a quarter, such as 2026-04-01.")
    return day
