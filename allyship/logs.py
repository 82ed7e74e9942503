"""Log lines that carry no text which somebody typed, and no link that works without signing in."""

import logging
import re
from types import TracebackType

import django.db
import psycopg

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

SECRET = re.compile(r"/(calendar|reminders|voice)/[^/\s?]+")  # a path, and the token that makes it somebody's


class WithoutRows(logging.Formatter):
    """PostgreSQL explains a refused row by printing the row, notes and all: keep only the first line of that."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (logging's name)
        error: BaseException | None = ei[1]
        while error is not None:
            if isinstance(error, psycopg.Error | django.db.Error) and error.args:
                error.args = (str(error.args[0]).split("\n", 1)[0],)
            error = error.__cause__ or error.__context__
        return super().formatException(ei)

    def format(self, record: logging.LogRecord) -> str:
        """Without the tokens of secret links: whoever reads the log could use them."""
        return SECRET.sub(r"/\1/...", super().format(record))
