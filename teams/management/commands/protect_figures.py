from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from teams.models import Agency


class Command(BaseCommand):
    help = (
        "Say whether an agency counts in the sector's figures, or raise what its own need; for quarters not yet closed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", help="its short name")
        parser.add_argument("--sector", choices=["yes", "no"], help="whether it counts in the figures of the sector")
        parser.add_argument("--least-actions", type=int, help="actions that a figure needs, 5 or more")
        parser.add_argument("--least-authors", type=int, help="authors that a figure needs, 3 or more")
        parser.add_argument(
            "--most-percent", type=int, help="the most that one author may have of a figure, 70 or less"
        )

    def handle(self, *, agency: str, sector: str | None, **options: int | None) -> None:
        found = Agency.objects.filter(slug=agency).first()
        if found is None:
            raise CommandError(f"There is no agency with the short name “{agency}”.")
        if sector:
            found.in_sector_figures = sector == "yes"
        names = ["least_actions", "least_authors", "most_percent"]
        for name in names:
            if (value := options[name]) is not None:
                setattr(found, name, value)
        try:
            found.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        found.save(update_fields=["in_sector_figures", *names])
        takes_part = "counts" if found.in_sector_figures else "does not count"
        self.stdout.write(
            f"{found} {takes_part} in the sector's figures. Its own need {found.least_actions} actions by "
            f"{found.least_authors} people, at most {found.most_percent} % by one of them."
        )
