import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
NOTED = json.loads((VENDOR / "hashes.json").read_text())


def test_vendored_files_have_the_hashes_that_script_vendor_wrote():
    found = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in NOTED}
    assert found == {name: entry["sha256"] for name, entry in NOTED.items()}


def test_every_vendored_file_is_noted():
    files = {path.relative_to(ROOT).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert files - NOTED.keys() == {"static/vendor/hashes.json"}


def test_vendored_files_name_no_source_map():
    assert [path.name for path in VENDOR.rglob("*.*") if b"sourceMappingURL" in path.read_bytes()] == []
