"""A real Chromium: the one that script/test found, or Playwright's own."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests import processes
from tests.factories import PASSWORD, make_agency, make_team, make_worker

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGE_CHECKS = Path(__file__).with_name("page_checks.js")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": os.environ.get("CHROMIUM") or None, "args": QUIET}


@pytest.fixture(scope="session")
def site(django_db_setup):
    """The app as it is served, once for all tests that fill its tables anew; its address."""
    with processes.web() as address:
        yield address


@pytest.fixture
def context(context):
    context.add_init_script(path=PAGE_CHECKS)
    return context


@pytest.fixture
def complaints(page):
    """What the browser's console says of the pages: policy reports and errors, none of which may be."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def alice(transactional_db):
    """With a password, for pages on which she signs in herself."""
    agency = make_agency(name="Harbourside")
    return make_worker(agency, "Alice Member", teams=[make_team(agency, "Intake")], password=PASSWORD)


def sign_in(page, worker):
    page.get_by_label("Email").fill(worker.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def violations(page):
    """The rules that the page as it stands breaks, each with the first element concerned."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
