from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allyship.database import grants


class Command(BaseCommand):
    help = "Give each role of the database its rights, and take away all others; safe to repeat."

    def handle(self, **options: Any) -> None:
        try:
            grants.apply()
        except grants.RolesMissing as error:
            raise CommandError(str(error)) from error
