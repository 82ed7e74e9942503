"""Fetch Bootstrap's style sheet, check it, leave out what the app never uses, and note its hash.

Bootstrap's scripts are not shipped, so components that are dead without them would only cost every first visit.
"""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
PACKAGE = "bootstrap@5.3.9"
INTEGRITY = "sha512-20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w=="
MEMBER = "package/dist/css/bootstrap.min.css"

UNUSED_CLASS = re.compile(
    r"""\.(?:
    accordion|breadcrumb|card|carousel|collapsing|dropdown|dropend|dropstart|dropup|fade|list-group|modal
    |nav|navbar|offcanvas|page-item|page-link|pagination|placeholder|popover|bs-popover|progress|ratio|spinner
    |tab-content|tab-pane|toast|tooltip|bs-tooltip|form-floating|form-range
    |btn-(?:check|close|group|toolbar)|btn-(?:outline-)?(?:info|warning|success|light|dark)
    |link-(?:primary|secondary|success|info|warning|danger|light|dark|body-emphasis|opacity|offset|underline)
    )(?![a-z])""",
    re.VERBOSE,
)
WIDER_THAN_WE_GO = re.compile(r"-(?:xl|xxl)(?![a-z])")
DARK_BY_ATTRIBUTE = "[data-bs-theme=dark]"  # ours follows the reader's system instead


def tarball() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (path,) = Path(folder).glob("*.tgz")
        return path.read_bytes()


def check(content: bytes) -> None:
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(f"{PACKAGE} has the hash {found}, not the one pinned here.")


def style_sheet(content: bytes) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        with tarfile.open(fileobj=file) as archive:
            file_in_archive = cast("IO[bytes]", archive.extractfile(MEMBER))
            return file_in_archive.read().decode()


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each top-level rule as its prelude and what stands between its braces."""
    start = 0
    while (opening := css.find("{", start)) != -1:
        depth, end = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[start:opening], css[opening + 1 : end - 1]
        start = end


def used(selector: str) -> bool:
    return not (
        UNUSED_CLASS.search(selector) or WIDER_THAN_WE_GO.search(selector) or selector.startswith(DARK_BY_ATTRIBUTE)
    )


def without_unused(css: str) -> str:
    kept = []
    for prelude, body in blocks(css):
        if prelude.startswith("@media"):
            if inner := without_unused(body):
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            if not re.search(r"spinner|placeholder|progress", prelude):
                kept.append(f"{prelude}{{{body}}}")
        elif selectors := [one for one in re.split(r",(?![^(]*\))", prelude) if used(one)]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def main() -> None:
    content = tarball()
    check(content)
    original = style_sheet(content)
    (head,) = re.findall(r"/\*!.*?\*/", original, re.DOTALL)[:1]
    css = re.sub(r"/\*.*?\*/", "", original, flags=re.DOTALL).removeprefix('@charset "UTF-8";')
    path = VENDOR / "bootstrap.min.css"
    path.write_text(f'@charset "UTF-8";{head}\n/* Parts left out: script/vendor.py */\n{without_unused(css)}\n')
    hashes = {path.name: {"from": PACKAGE, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}
    (VENDOR / "hashes.json").write_text(json.dumps(hashes, indent=2) + "\n")


if __name__ == "__main__":
    main()
