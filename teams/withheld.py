"""Columns that are no business of jobs: the worker's role in the database may not read them, so its processes do not ask.

They read nothing there, and cannot write back the nothing that they read: they have no right to that either.
"""

from typing import Any

from django.db import models

_from_this_process = False


def withhold(**_: Any) -> None:
    """From here on this process reads none of them."""
    global _from_this_process  # noqa: PLW0603, one process is either
    _from_this_process = True


def hand_back() -> None:
    """As before `withhold`: for tests, which are web and worker in one process."""
    global _from_this_process  # noqa: PLW0603
    _from_this_process = False


class _Withheld(models.Field):
    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        if _from_this_process:
            return f"NULL::{self.db_type(compiler.connection)}", ()
        return super().select_format(compiler, sql, params)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """To migrations it is the plain field: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        plain = next(base for base in type(self).__mro__ if base.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


class CharField(_Withheld, models.CharField):
    pass


class UUIDField(_Withheld, models.UUIDField):
    pass
