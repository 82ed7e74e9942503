#!/usr/bin/env python
"""Django's command line; starts the embedded PostgreSQL for the command where no DATABASE_URL is set."""

import os
import sys

from django.core.management import execute_from_command_line

from allyship import embedded, home
from allyship.database import roles
from teams.audit import recording

WITHOUT_DATABASE = {"check", "check_text", "collectstatic", "diffsettings", "help", "makemessages", "serve", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_DATABASE and "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = embedded.signed_in_as(roles.OWNER, embedded.start_postgres(home.directory()))
    if command in WITHOUT_DATABASE:
        execute_from_command_line(sys.argv)
        return
    with recording.context(**{recording.COMMAND: command}):  # what the operator changes by it is recorded with its name
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
