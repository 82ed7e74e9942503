"""Runs the identifier guard over texts from standard input, one JSON string a line."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actions import identifiers


class Command(BaseCommand):
    help = (
        "Reads texts as JSON strings, one a line, and prints for each what the identifier guard says: "
        '{"level": "block", "kinds": ["phone"]}. A text itself is never printed.'
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for number, line in enumerate(sys.stdin.buffer, start=1):
            try:
                text = json.loads(line)
            except ValueError:  # neither JSON nor UTF-8
                text = None
            if isinstance(text, str):
                findings = identifiers.check(text)
                kinds = sorted({finding.kind for finding in findings})
                self.stdout.write(json.dumps({"level": identifiers.level(findings), "kinds": kinds}))
            else:
                bad += 1
                self.stderr.write(f"line {number}: not a JSON string")
        if bad:
            raise CommandError(f"{bad} line(s) could not be read; every other line was checked.")
