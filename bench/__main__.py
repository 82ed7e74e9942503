"""Runs the benchmarks on servers and demo data of their own; exit 0 only where every gate holds."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

from allyship import embedded


def main() -> int:
    arguments = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9, help="rounds per measurement, at least 5 (default 9)")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="allyship-bench-", ignore_cleanup_errors=True) as folder:
        prepare(Path(folder))
        from bench import forms  # models can be imported only now, with a database to go with them

        gates = forms.run(rounds=max(5, options.rounds))
    print(*gates, sep="\n")
    return 0 if all(gate.holds for gate in gates) else 1


def prepare(folder: Path) -> None:
    """An installation in `folder` with its own PostgreSQL and the demo's data."""
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own where we run as root
    for name in ("VALKEY_URL", "MAIL_URL", "SITE_URL", "PORT"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "allyship.settings",
        "ALLYSHIP_HOME": str(folder),
        "DATABASE_URL": embedded.start_postgres(folder),
    }
    django.setup()
    call_command("prepare", demo=True, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
