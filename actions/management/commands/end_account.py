from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from actions import departures
from actions.models import Departure
from teams.accounts import LastAdmin
from teams.models import Worker


class Command(BaseCommand):
    help = (
        "Close the account of a worker who left, end her spells today, and have a link mailed to her: for 30 days she "
        "can download her record, then her texts are erased and figures stay. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        other = parser.add_mutually_exclusive_group()
        other.add_argument("--reopen", action="store_true", help="open the account again: nothing is erased")
        other.add_argument("--revoke-link", action="store_true", help="her link stops working; the 30 days go on")

    @transaction.atomic
    def handle(self, *, email: str, reopen: bool, revoke_link: bool, **options: object) -> None:
        workers = Worker.objects.select_for_update(of=("self",)).select_related("agency")
        worker = workers.filter(email=email.strip().lower(), agency__isnull=False).first()
        if worker is None:
            raise CommandError(f"No worker of an agency has the address {email}.")
        if reopen:
            departures.reopen_account(worker, now=timezone.now())
            self.stdout.write(f"{worker.email} can sign in again. Spells in teams begin anew.")
        elif revoke_link:
            self._revoke(worker)
        else:
            self._end(worker)

    def _revoke(self, worker: Worker) -> None:
        departure = Departure.objects.waiting().filter(worker=worker).first()
        if departure is None:
            raise CommandError(f"The account {worker.email} is not closed, or its texts are erased already.")
        departures.revoke_link(departure)
        self.stdout.write(f"The link of {worker.email} no longer works. Her texts are erased on {_day(departure)}.")

    def _end(self, worker: Worker) -> None:
        try:
            departure = departures.close_account(worker, now=timezone.now())
        except LastAdmin as error:
            raise CommandError(
                f"{worker.email} is the only admin of {worker.agency}: appoint another first."
            ) from error
        if departure.erased_at:
            self.stdout.write(f"{worker.email} left before; her texts are erased.")
            return
        self.stdout.write(f"{worker.email} can no longer sign in. A link to her record is mailed to her.")
        self.stdout.write(f"Her texts are erased on {_day(departure)}, unless the account is opened again (--reopen).")


def _day(departure: Departure) -> str:
    return f"{departure.expires_at.astimezone(departure.agency.zone):%Y-%m-%d}"
