"""Extract, check and compile the French messages (script/translate)."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale/fr/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
OPTIONS = [
    "--locale",
    "fr",
    "--no-location",
    "--no-obsolete",
    "--ignore",
    ".venv",
    "--ignore",
    "tests",
    "--ignore",
    "var",
]


def messages(path: Path) -> dict[tuple[str, str], polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete}


def extract() -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "makemessages", *OPTIONS, "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, check=True)


def compiled(path: Path) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".mo") as file:
        polib.pofile(str(path)).save_as_mofile(file.name)
        return Path(file.name).read_bytes()


def check() -> list[str]:
    """What is wrong: a message of the source that the file lacks or no longer needs, untranslated, fuzzy, uncompiled."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(shutil.copy(PO, folder))
        try:
            extract()
            source, ours = messages(PO), messages(kept)
        finally:
            shutil.copy(kept, PO)
    wrong = [f"not in the file, run script/translate: {msgid}" for _, msgid in sorted(source.keys() - ours.keys())]
    wrong += [
        f"no longer in the source, run script/translate: {msgid}" for _, msgid in sorted(ours.keys() - source.keys())
    ]
    wrong += [f"untranslated or fuzzy: {entry.msgid}" for entry in ours.values() if not entry.translated()]
    if not MO.exists() or MO.read_bytes() != compiled(PO):
        wrong.append("django.mo is not what django.po compiles to, run script/translate")
    return wrong


def main() -> int:
    if "--check" in sys.argv[1:]:
        wrong = check()
        print("\n".join(wrong) or "The French messages are complete.")
        return 1 if wrong else 0
    extract()
    MO.write_bytes(compiled(PO))
    missing = [entry.msgid for entry in messages(PO).values() if not entry.translated()]
    print(f"{len(missing)} messages to translate" + "".join(f"\n  {msgid}" for msgid in missing))
    return 0


if __name__ == "__main__":
    sys.exit(main())
