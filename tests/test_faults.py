"""A minute of faults, as script/faults makes it: real servers and processes, broken on purpose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OF_THE_TEST_RUN = {"DATABASE_URL", "VALKEY_URL", "ALLYSHIP_HOME", "ALLYSHIP_TEST_HOME", "DJANGO_SETTINGS_MODULE"}


@pytest.mark.timeout(400)
def test_nothing_is_lost_or_doubled_in_a_minute_of_faults_and_the_usual_design_breaks(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    log = tmp_path / "log"
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults", "--seconds", "60", "--seed", "7", "--log", log]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{log.read_text()[-5000:]}"
    assert "The control breaks, as it must." in done.stdout
