from argparse import ArgumentParser

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from teams import accounts
from teams.models import Worker


class Command(BaseCommand):
    help = "Take away the second factor of somebody who lost it, and sign her out everywhere. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)

    @transaction.atomic
    def handle(self, *, email: str, **options: object) -> None:
        worker = Worker.objects.filter(email=email.strip().lower()).first()
        if worker is None:
            raise CommandError(f"Nobody signs in with {email}.")
        Authenticator.objects.filter(user=worker).delete()
        accounts.end_sessions(worker)
        self.stdout.write(f"{worker.name} <{worker.email}> has no second factor now and is signed out everywhere.")
