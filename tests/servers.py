"""A pytest plugin: one PostgreSQL and one Valkey for the whole run, on free ports, in a folder of their own.

Loaded before Django reads its settings; parallel test processes join the servers of the first.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

# Of data that goes with the run, nothing has to outlive a power cut; the tests of faults and of serve have servers of
# their own, set as in production.
FAST = ("fsync = off", "full_page_writes = off")

if "ALLYSHIP_TEST_HOME" not in os.environ:
    _folder = tempfile.TemporaryDirectory(prefix="allyship-test-", ignore_cleanup_errors=True)
    os.environ["ALLYSHIP_TEST_HOME"] = os.environ["ALLYSHIP_HOME"] = _folder.name
    Path(_folder.name).chmod(0o755)  # PostgreSQL runs as a user of its own where the tests run as root
    for name in (
        *("DATABASE_URL", "VALKEY_URL", "MAIL_URL", "SITE_URL", "PORT", "REFLECTION_KEYS"),
        *("SECOND_FACTOR", "SECRET_KEY_FALLBACKS", "TRUSTED_PROXY_COUNT", "METRICS_TOKEN", "LOG_LEVEL"),
    ):
        os.environ.pop(name, None)
    from allyship import embedded

    os.environ["DATABASE_URL"] = embedded.start_postgres(Path(_folder.name))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as _connection:
        for _setting in FAST:
            _connection.execute(f"ALTER SYSTEM SET {_setting}")
        _connection.execute("SELECT pg_reload_conf()")
    os.environ["VALKEY_URL"] = embedded.Valkey(Path(_folder.name)).url
    _manage = Path(__file__).resolve().parent.parent / "manage.py"
    subprocess.run([sys.executable, _manage, "collectstatic", "--noinput", "--verbosity", "0"], check=True)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop
