"""The documents name only what is there: files, commands, links, columns and words."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from actions import actions_import
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, Level
from teams import people_import
from teams.visibility import Visibility

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
# A folder or file of ours: no address, no variable, no placeholder, and either a slash or an ending that we use.
PATH = re.compile(r"(?![/~])[\w./-]+/[\w./-]*|[\w-]+\.(?:md|py|toml|yml|json)|Dockerfile")
COMMAND = re.compile(r"(?:manage\.py|\$manage) ([a-z_]+)")
SCRIPT = re.compile(r"(?<![\w/])(script/\w+|\.ci/\w+)")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def named(path):
    return path.relative_to(ROOT).as_posix()


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=named)


def paths_in(text):
    """What stands between single backticks and looks like a path, without the options of a command after it."""
    words = (quoted.split()[0] for quoted in QUOTED.findall(FENCE.sub("", text)))
    return sorted({word for word in words if PATH.fullmatch(word)})


def headings(document):
    """The headings as a link to them is written."""
    lines = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text()), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines]


def leads_somewhere(document, link):
    address, _, heading = link.partition("#")
    target = (document.parent / address).resolve() if address else document
    return target.exists() and (not heading or heading in headings(target))


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


def words_for(column):
    return [QUOTED.findall(words) for name, words in table("docs/importing.md", "column") if name == f"`{column}`"][-1]


@each_document
def test_paths_in_documents_exist(document):
    assert [path for path in paths_in(document.read_text()) if not (ROOT / path).exists()] == []


@each_document
def test_commands_in_documents_exist(document):
    assert sorted(set(COMMAND.findall(document.read_text())) - set(get_commands())) == []


@each_document
def test_scripts_in_documents_exist(document):
    assert [script for script in SCRIPT.findall(document.read_text()) if not (ROOT / script).is_file()] == []


@each_document
def test_links_in_documents_lead_somewhere(document):
    links = [link for link in LINK.findall(FENCE.sub("", document.read_text())) if "://" not in link]
    assert [link for link in links if not leads_somewhere(document, link)] == []


def test_readme_names_every_package():
    packages = sorted(f"`{path.parent.name}/`" for path in ROOT.glob("*/__init__.py"))
    assert [name for name in packages if name not in [row[0] for row in table("README.md", "folder")]] == []


def test_readme_begins_with_the_two_commands():
    first_block = FENCE.search((ROOT / "README.md").read_text())[0]
    assert re.findall(r"^script/\w+", first_block, re.MULTILINE) == ["script/server", "script/test"]


def test_decisions_are_numbered_without_gap():
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]


def test_decisions_carry_their_number_in_the_title():
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.read_text()[:7] for path in files] == [f"# {path.name[:4]} " for path in files]


def test_importing_lists_the_columns_that_are_read():
    columns = {name.strip("`") for name, _ in table("docs/importing.md", "column")}
    assert columns == {
        *people_import.REQUIRED,
        *people_import.OPTIONAL,
        *actions_import.REQUIRED,
        *actions_import.OPTIONAL,
    }


@pytest.mark.parametrize(
    ("column", "choices"),
    [
        ("level", Level),
        ("direction", Direction),
        ("visibility", Visibility),
        ("heard_back", HeardBack),
        ("commitment_status", CommitmentStatus),
    ],
)
def test_importing_lists_the_words_that_are_accepted(column, choices):
    assert words_for(column) == choices.values
