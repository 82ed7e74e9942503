from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from teams.models import Language, Worker


class Command(BaseCommand):
    help = "Make the account of a sector analyst, who has no agency and no other role. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", choices=Language.values, help="en where it is not given")

    @transaction.atomic
    def handle(self, *, email: str, name: str, language: str | None, **options: object) -> None:
        analyst = Worker.objects.select_for_update(of=("self",)).filter(email=email.strip().lower()).first()
        try:
            if analyst:
                _renew(analyst, name=name, language=language or analyst.language)
            else:
                analyst = Worker.objects.create_worker(
                    email=email, name=name, agency=None, language=language or Language.ENGLISH, is_analyst=True
                )
        except ValidationError as error:
            raise CommandError(
                "\n".join(f"{field}: {' '.join(m)}" for field, m in error.message_dict.items())
            ) from error
        self.stdout.write(f"{analyst.name} <{analyst.email}> is a sector analyst.")
        if not analyst.has_usable_password():
            self.stdout.write("Next: choose “Forgot your password?” on the sign-in page to set a first password.")


def _renew(analyst: Worker, *, name: str, language: str) -> None:
    if not analyst.is_analyst:
        whose = f"somebody of {analyst.agency}" if analyst.agency else "an operator of this installation"
        raise CommandError(
            f"{analyst.email} belongs to {whose}; an analyst has an account of her own. Nothing was changed."
        )
    analyst.name, analyst.language, analyst.is_active = name, language, True
    analyst.full_clean()
    analyst.save(update_fields=["name", "language", "is_active"])
