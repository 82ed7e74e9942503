"""Log lines and reports of errors that carry no text which somebody typed, and no link that works without signing in."""

import logging
import re
from types import FrameType, TracebackType
from typing import Any

import django.db
import psycopg
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

SECRET = re.compile(r"/(calendar|unsubscribe|leaving|voice)/[^/\s?]+")  # a path, and the token that makes it somebody's


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


class WithoutValues(SafeExceptionReporterFilter):
    """What Django reports of an error, by mail or wherever it is sent, names fields and lines of code, never what is in
    them: forms carry what somebody wrote for herself.
    """

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        posted = super().get_post_parameters(request)
        return dict.fromkeys(posted, self.cleansed_substitute) if self.is_active(request) else posted

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
