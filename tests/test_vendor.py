import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


def test_vendored_files_have_the_hashes_that_script_vendor_wrote():
    noted = json.loads((VENDOR / "hashes.json").read_text())
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "hashes.json"
    }

    assert found == {name: entry["sha256"] for name, entry in noted.items()}


def test_vendored_files_name_no_source_map():
    assert [path.name for path in VENDOR.rglob("*.*") if b"sourceMappingURL" in path.read_bytes()] == []
