"""script/screenshots makes the pictures that README.md shows, and stops what it started."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs/screenshots"
PNG = b"\x89PNG\r\n\x1a\n"
MOST = 600_000  # bytes, of all together: they are part of every checkout


def test_pictures_are_those_that_the_script_takes_and_light(tmp_path):
    subprocess.run([sys.executable, ROOT / "script/screenshots.py", "--into", tmp_path], check=True)
    left_running = [process for process in psutil.process_iter(["environ"]) if started_by_it(process)]

    taken = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(taken) == sorted(path.name for path in PICTURES.iterdir())
    assert {content[:8] for content in taken.values()} == {PNG}
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST
    assert left_running == []


def started_by_it(process):
    home = (process.info["environ"] or {}).get("ALLYSHIP_HOME", "")
    return "allyship-screenshots-" in home and process.pid != os.getpid()
