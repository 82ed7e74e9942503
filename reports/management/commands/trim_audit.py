from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import timezone

from reports.audit import trimming


class Command(BaseCommand):
    help = (
        f"Delete what the audit recorded more than {trimming.YEARS} years ago, but of agencies with a hold. Needs the "
        "owner of the database: no other role may delete it. Safe to repeat."
    )

    def handle(self, **options: object) -> None:
        try:
            n = trimming.trim(now=timezone.now())
        except ProgrammingError as error:
            raise CommandError("Only the owner of the database may delete from the audit.") from error
        self.stdout.write(f"{n} old events are gone.")
