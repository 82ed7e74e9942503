"""What the documents say: their blocks, tables, links and names."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def named(path):
    return path.relative_to(ROOT).as_posix()


def blocks(text, language=None):
    """What stands in the fenced blocks, of one language or of all."""
    return [body for kind, body in FENCE.findall(text) if language in (None, kind)]


def quoted(text):
    """What stands between single backticks, outside the blocks; a line break within is a blank."""
    return [" ".join(words.split()) for words in QUOTED.findall(re.sub(r"(?<=\S)\n(?=\S)", " ", FENCE.sub("", text)))]


def table(document, first_heading):
    """The rows of the tables whose first column has the heading, as lists of cells."""
    lines = (ROOT / document).read_text().splitlines()
    rows, inside = [], False
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first_heading:
            inside = True
        elif inside and set(cells[0]) != {"-"}:
            rows.append(cells)
    return rows


def variables_read():
    sources = "".join((ROOT / path).read_text() for path in ("allyship/settings.py", "allyship/home.py"))
    return set(re.findall(r'(?:env\.\w+|environ\.get)\("(\w+)"', sources))
