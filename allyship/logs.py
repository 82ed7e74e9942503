"""Log lines, a JSON object each, that carry no text which somebody typed, no address of a person, no secret link.

A line is built from what is known to be harmless, and everything else stays out: of a message its words as they stand
in the code, with numbers, days and ids filled in and every other value left as an ellipsis; of what a caller adds the
names in FIELDS; of an error its kind and where it happened, never what it says.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final
from uuid import UUID

import django.db
import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter
from gunicorn import glogging

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# What a caller may add, by `extra`; the names of views, tasks and templates are words of the code.
FIELDS: Final = (
    *("method", "view", "status", "duration_ms", "agency", "actor"),
    *("task", "task_id", "first_day", "last_day", "quarter", "count", "mail", "file"),
)
WORD = re.compile(r"[\w.:/-]{1,120}")
ADDRESS = re.compile(r"[^\s@\"'<>]+@[\w.-]+")
# A path, and the token that makes it somebody's.
SECRET = re.compile(r"/(calendar|unsubscribe|leaving|voice|join|reset/key)/[^/\s?]+")
LONGEST = 300  # characters of an event
ROOT = f"{Path(__file__).resolve().parent.parent}/"
UNKNOWN = "…"

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
REQUEST: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
security = logging.getLogger("allyship.security")


@contextmanager
def during(request_id: str, request: HttpRequest | None = None) -> Iterator[None]:
    """What is logged meanwhile belongs to the request, also in a job that the request set off."""
    tokens = REQUEST_ID.set(request_id), REQUEST.set(request)
    try:
        yield
    finally:
        REQUEST_ID.reset(tokens[0])
        REQUEST.reset(tokens[1])


def reader(request: HttpRequest | None) -> Any:
    """Who is signed in, where the request asked that already; no line is worth a statement of its own."""
    worker = getattr(request, "_cached_user", None)
    return worker if worker is not None and worker.is_authenticated else None


# What stands in a line ----------------------------------------------------------------------------------------------


class Lines(logging.Formatter):
    """A JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        line = told(record)
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [about(error) for error in chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


class Readable(logging.Formatter):
    """The same for somebody at a terminal, and there with tracebacks as Python prints them."""

    def format(self, record: logging.LogRecord) -> str:
        line = told(record)
        time, level, logger, event = (line.pop(name) for name in ("time", "level", "logger", "event"))
        text = f"{time} {level} {logger}: {event}" + "".join(f" {name}={value}" for name, value in line.items())
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (logging's name)
        """PostgreSQL explains a refused row by printing the row, notes and all: keep only the first line of that."""
        for error in chain(ei[1]) if ei[1] else []:
            if isinstance(error, psycopg.Error | django.db.Error) and error.args:
                error.args = (str(error.args[0]).split("\n", 1)[0],)
        return SECRET.sub(r"/\1/...", super().formatException(ei))


def formatter() -> logging.Formatter:
    return Readable() if sys.stderr.isatty() else Lines()


def told(record: logging.LogRecord) -> dict[str, Any]:
    """All of a line but its errors."""
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": event(record),
    }
    if request_id := REQUEST_ID.get():
        line["request_id"] = request_id
    line |= {name: plain(getattr(record, name)) for name in FIELDS if getattr(record, name, None) is not None}
    if record.name == security.name and "actor" not in line and (worker := reader(REQUEST.get())):
        line["actor"] = str(worker.pk)
    return line


def event(record: logging.LogRecord) -> str:
    message = str(record.msg)
    if record.args:
        with suppress(TypeError, ValueError, KeyError):  # else it stays as it stands in the code
            message %= shown(record.args)
    return ADDRESS.sub(UNKNOWN, SECRET.sub(r"/\1/...", " ".join(message.split())))[:LONGEST]


def shown(arguments: Any) -> Any:
    """What a message is filled with, all but numbers, days, ids and the kinds of errors left out."""
    if isinstance(arguments, dict):
        return {name: _shown(value) for name, value in arguments.items()}
    return tuple(map(_shown, arguments))


class _Withheld:
    def __repr__(self) -> str:
        return UNKNOWN


def _shown(value: Any) -> Any:
    if isinstance(value, int | float | date | timedelta | UUID):
        return value
    return type(value).__name__ if isinstance(value, BaseException) else _Withheld()


def plain(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    return str(value) if WORD.fullmatch(str(value)) else UNKNOWN


# What stands there of an error --------------------------------------------------------------------------------------


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, those in it where it is a group, and what each came from."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [*getattr(each, "exceptions", ()), each.__cause__ or each.__context__]


def about(error: BaseException) -> dict[str, Any]:
    """Its kind, its place, and what PostgreSQL calls it: names of ours, never a value."""
    found: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, psycopg.Error):
        found |= {"sqlstate": error.sqlstate, "constraint": error.diag.constraint_name}
    if isinstance(error, ImproperlyConfigured):  # words of ours about a setting, never its value
        found["says"] = ADDRESS.sub(UNKNOWN, str(error))
    at = [_place(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in _frames(error)]
    return {name: value for name, value in found.items() if value} | {"at": at}


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    return traceback.walk_tb(error.__traceback__)


def _place(file: str, line: int, function: str) -> str:
    return f"{file.removeprefix(ROOT).rpartition('site-packages/')[2]}:{line} {function}"


# Who else writes lines ----------------------------------------------------------------------------------------------


class Gunicorn(glogging.Logger):
    """Its own lines in our form. Requests are told by allyship/requests.py: gunicorn would print the whole address."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter())

    def access(self, *args: Any, **kwargs: Any) -> None:
        pass


class WithoutValues(SafeExceptionReporterFilter):
    """What Django reports of an error, by mail or wherever it is sent, names fields and lines of code, never what is in
    them: forms carry what somebody wrote for herself.
    """

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        posted = super().get_post_parameters(request)
        return dict.fromkeys(posted, self.cleansed_substitute) if self.is_active(request) else posted

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
