from typing import Any

from django.core.management.base import BaseCommand

from actions import catalogue


class Command(BaseCommand):
    help = "Load the shipped catalogue, or bring it up to date."

    def handle(self, **options: Any) -> None:
        practices, communities = catalogue.load()
        if options["verbosity"]:
            self.stdout.write(f"The catalogue has {practices} practices and {communities} communities.")
