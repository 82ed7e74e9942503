"""Databases side by side on one server: copies of an empty one with our schema, each filled by a plan."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import load_backend

from bench.generator import Generator, Plan


class Database:
    """One of them. Inside `in_use` Django reads it, over a connection that it keeps."""

    def __init__(self, name: str) -> None:
        self.name = name
        settings = deepcopy(connections.settings["default"])
        settings |= {"NAME": name, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
        settings["OPTIONS"].pop("pool", None)
        self._wrapper: DatabaseWrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")

    @contextmanager
    def in_use(self) -> Iterator[None]:
        before = connections["default"]
        connections["default"] = self._wrapper
        try:
            yield
        finally:
            connections["default"] = before

    def psycopg(self) -> psycopg.Connection:
        """A connection of its own, without Django."""
        found = {key: value for key, value in self._wrapper.get_connection_params().items() if key in PARAMETERS}
        return psycopg.connect(**found, autocommit=True)

    def close(self) -> None:
        self._wrapper.close()


PARAMETERS = ("dbname", "host", "port", "user", "password")


def make(name: str, plan: Plan, *, like: str) -> tuple[Database, Generator]:
    """A new database made of `like` and of the plan."""
    copy(like, name)
    made = Database(name)
    with made.in_use(), made.psycopg() as raw:
        generator = Generator(plan)
        generator.fill(raw)
    return made, generator


def copy(name: str, to: str) -> None:
    """Nobody else may use the one that is copied meanwhile."""
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]
    with Database("postgres").psycopg() as beside:
        beside.execute(f'CREATE DATABASE "{to}" TEMPLATE "{name}"')


def drop(database: Database) -> None:
    database.close()
    with Database("postgres").psycopg() as beside:
        beside.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)')
