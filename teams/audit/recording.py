"""Who changes something, and on which page, by which job or by which command: told to the triggers of tracking.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import connection
from django.http import HttpRequest, HttpResponse

BY, PAGE, TASK, COMMAND = "by", "page", "task", "command"


@contextmanager
def context(**told: str) -> Iterator[None]:
    """All that this thread changes meanwhile is recorded with what is told here."""
    with connection.execute_wrapper(_escape), pghistory.context(**told):
        yield


def _escape(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """pghistory sends parameters along: in a statement without any, a percent sign would then ask for one more."""
    if params is None and isinstance(sql, str):
        sql, params = sql.replace("%", "%%"), ()
    return execute(sql, params, many, context)


class Recorded:
    """Whatever a request changes is recorded with who sent it and to which page: its name, never its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with context(**{BY: str(request.user.pk)} if request.user.is_authenticated else {}):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.resolver_match:
            pghistory.context(**{PAGE: request.resolver_match.view_name})
