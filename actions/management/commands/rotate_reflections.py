from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actions import reflections
from actions.sealing import keys

NAMED = 20  # of the rows that cannot be opened


class Command(BaseCommand):
    help = (
        "Seal every reflection and draft with the first key of REFLECTION_KEYS and see that this key alone opens them all; safe to "
        "interrupt and to repeat. Run it where web runs: docs/reflections.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=reflections.BATCH, help="rows a transaction")

    def handle(self, *, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch: at least 1.")
        try:
            ring = keys.ring()
        except keys.NoKeys as error:
            raise CommandError(str(error)) from None
        done = reflections.rotate(ring=ring, batch=batch)
        self.stdout.write(
            f"Sealed anew with the key “{ring.current.id}”: {done.resealed}. Already were: {done.already}."
        )
        if done.shut:
            named = "".join(f"\n  {pk}" for pk in done.shut[:NAMED])
            more = f"\n  and {len(done.shut) - NAMED} more" if len(done.shut) > NAMED else ""
            raise CommandError(
                f"{len(done.shut)} cannot be opened with this key; keep the other keys, and see the log:{named}{more}"
            )
        self.stdout.write("Every one opens with this key alone: the other keys are needed for old backups only.")
