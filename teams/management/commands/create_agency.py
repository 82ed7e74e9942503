from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from teams import agencies
from teams.models import Agency, Cadence, Language


class Command(BaseCommand):
    help = "Create an agency, and the account of its first admin. Safe to repeat: what is there stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="as its workers call it")
        parser.add_argument("--admin-email", help="e-mail address of an admin")
        parser.add_argument("--admin-name", help="name of that admin")
        parser.add_argument("--time-zone", default="America/Toronto")
        parser.add_argument("--cadence", default=Cadence.QUARTERLY, choices=Cadence.values, help="of team summaries")
        parser.add_argument("--language", default=Language.ENGLISH, choices=Language.values)

    def handle(
        self,
        *,
        name: str,
        admin_email: str | None,
        admin_name: str | None,
        time_zone: str,
        cadence: str,
        language: str,
        **options: object,
    ) -> None:
        if bool(admin_email) != bool(admin_name):
            raise CommandError("An admin needs both --admin-email and --admin-name.")
        chosen = {"time_zone": time_zone, "cadence": cadence, "language": language}
        try:
            with transaction.atomic():
                lines = self._create(name, admin_email, admin_name, chosen)
        except ValidationError as error:
            raise CommandError(_told(error)) from error
        except agencies.AddressTakenError as error:
            raise CommandError(
                f"{admin_email} belongs to somebody who is not in this agency; nothing was changed."
            ) from error
        self.stdout.write("\n".join(lines))

    def _create(self, name: str, admin_email: str | None, admin_name: str | None, chosen: dict[str, str]) -> list[str]:
        agency = agencies.named(name)
        if agency:
            lines = [f"{agency} was here already and stays as it is."]
        else:
            agency = agencies.create(name=name, **chosen)
            lines = [f"Created {agency}, with {agency.cadence} summaries from {agency.reports_from} on."]
        if admin_email and admin_name:
            return [*lines, *self._appoint(agency, admin_email, admin_name)]
        return [*lines, "Next: run this again with --admin-email and --admin-name, or import people."]

    def _appoint(self, agency: Agency, email: str, name: str) -> list[str]:
        worker, is_new = agencies.appoint_admin(agency, email=email, name=name)
        lines = [f"{worker.name} <{worker.email}> is an admin of it."]
        if is_new or not worker.has_usable_password():
            lines.append("Next: choose “Forgot your password?” on the sign-in page to set a first password.")
        return lines


def _told(error: ValidationError) -> str:
    """Every message on a line of its own, after the field that it is about."""
    return "\n".join(f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items())
