from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import transaction
from django.utils.translation import gettext as _

from actions.imports import actions_import
from reports.imports.closed import closed
from teams.models import Agency
from teams.spreadsheets import sheets
from teams.spreadsheets.limits import SheetError


class Command(BaseCommand):
    help = (
        "Bring in past actions from a CSV or XLSX file with the columns "
        + ", ".join(actions_import.REQUIRED)
        + " and, where there is something to say, "
        + ", ".join(actions_import.OPTIONAL)
        + ". All of it is written, or none. Safe to repeat: a row with a reference updates its action unless that was "
        "edited or withdrawn in the app; a row without one is the same as an action of the same author, practice, "
        "done_on, level, direction, communities and note, and new where there is none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument(
            "--accept-warnings", action="store_true", help="take notes that may, but need not, point to a person"
        )

    def handle(self, *, file: Path, check: bool, accept_warnings: bool, **options: object) -> None:
        try:
            sheet = sheets.read_path(
                file,
                required=actions_import.REQUIRED,
                optional=actions_import.OPTIONAL,
                labels=actions_import.LABELS,
            )
        except SheetError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            plan = actions_import.plan(
                sheet,
                agencies=Agency.objects.all(),
                accept_warnings=accept_warnings,
                progress=_progress_on(self.stderr),
            )
            if not (check or plan.errors):
                actions_import.write(plan)
        self.stdout.write("\n".join(plan.lines()))
        if plan.errors:
            raise CommandError(_("The file has errors. Nothing was written."))
        for line in closed(plan.days):
            self.stdout.write(line)
        if check:
            self.stdout.write(_("This was a check. Nothing was written."))


def _progress_on(stderr: OutputWrapper) -> Callable[[int, int], None]:
    """Every thousand rows a line; on a terminal one line that counts up."""
    is_terminal = stderr.isatty()

    def progress(done: int, total: int) -> None:
        if done % (100 if is_terminal else 1000) == 0 or (is_terminal and done == total):
            told = _("%(done)d of %(total)d rows read") % {"done": done, "total": total}
            ending = "\r" if is_terminal and done < total else "\n"
            stderr.write(told, style_func=str, ending=ending)

    return progress
