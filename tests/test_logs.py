import io
import logging
import os

import psycopg
import pytest
from django.db import IntegrityError

from allyship.logs import WithoutRows
from tests.factories import make_action

LOGGED = ["log_error_verbosity", "log_min_error_statement"]
TYPED = "what somebody typed"


def test_a_refused_row_is_logged_without_the_row(alice):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutRows())
    with pytest.raises(IntegrityError) as caught:
        make_action(alice, note=TYPED, hours=-1)
    told = str(caught.value)

    handler.emit(logging.LogRecord("x", logging.ERROR, "x", 1, "refused", (), caught._excinfo))

    assert TYPED in told
    assert TYPED not in stream.getvalue()
    assert "action_hours_range" in stream.getvalue()


@pytest.mark.parametrize("path", ["/calendar/{}.ics", "/unsubscribe/{}/", "/voice/{}/"])
def test_a_secret_link_is_logged_without_its_secret(client, db, caplog, path):
    caplog.handler.setFormatter(WithoutRows("{levelname} {message}", style="{"))
    token = "0123456789abcdef.signature"

    client.get(path.format(token))

    assert (token in caplog.text, "signature" in caplog.text) == (False, False)
    assert f"Not Found: /{path.split('/')[1]}/..." in caplog.text


def test_the_embedded_postgresql_logs_neither_rows_nor_statements():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone()[0] for name in LOGGED]

    assert settings == ["terse", "panic"]
