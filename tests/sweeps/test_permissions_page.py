"""docs/permissions.md says what the table says."""

import importlib.util

import pytest
from django.conf import settings

from tests.sweeps.table import GET, POST, readers, rows

_spec = importlib.util.spec_from_file_location("permissions_page", settings.BASE_DIR / "script/permissions_page.py")
permissions_page = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(permissions_page)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A page of the test's own, in its place."""
    path = tmp_path / "permissions.md"
    monkeypatch.setattr(permissions_page, "ROOT", tmp_path)
    monkeypatch.setattr(permissions_page, "PAGE", path)
    return path


def test_page_is_up_to_date():
    assert permissions_page.PAGE.read_text() == permissions_page.text()


def test_page_has_a_line_for_every_row():
    lines = [line for line in permissions_page.text().splitlines() if line.startswith("| `/")]

    assert len(lines) == len(rows(GET)) + len(rows(POST))
    assert [what for what in readers() if f"| {what} |" not in permissions_page.text()] == []


def test_check_finds_a_page_that_is_out_of_date(page, capsys):
    answers = []
    for content in (None, "", permissions_page.text() + "more"):
        if content is not None:
            page.write_text(content)
        answers.append(permissions_page.main(["--check"]))

    assert answers == [1, 1, 1]
    assert page.read_text() == permissions_page.text() + "more"
    assert capsys.readouterr().err.splitlines() == ["permissions.md is out of date: run script/permissions."] * 3


def test_check_passes_what_was_just_written(page):
    assert (permissions_page.main([]), permissions_page.main(["--check"])) == (0, 0)
