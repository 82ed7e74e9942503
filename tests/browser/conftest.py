"""A real Chromium: the one that script/test found, or Playwright's own."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from playwright.sync_api import expect

from tests import processes
from tests.browser.scene import Scene
from tests.factories import PASSWORD, make_agency, make_team, make_worker

expect.set_options(timeout=20_000)  # milliseconds; a busy machine takes its time
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
DESK = {"width": 1280, "height": 1024}
MOST_STOPS = 250
PAGE_CHECKS = Path(__file__).with_name("page_checks.js")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": os.environ.get("CHROMIUM") or None, "args": QUIET}


@pytest.fixture(scope="session")
def site(django_db_setup):
    """The app as it is served, once for all tests that fill its tables anew; its address."""
    with processes.web(**processes.PATIENT) as address:
        yield address


@pytest.fixture(scope="module")
def still_scene(site, django_db_blocker):
    """One scene for all tests of a module that only look; it is made once, and none of them may change it."""
    with django_db_blocker.unblock():
        yield Scene()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def reader_of(page, site):
    """Alice's browser at her home page."""

    def opened(scene):
        page.context.add_cookies(scene.cookies("alice", site))
        page.set_viewport_size(DESK)
        page.goto(site)
        return page

    return opened


@pytest.fixture
def pages_rest():
    """When the pages are closed, what they asked for last is answered; only then may the tables be emptied."""
    yield
    with processes.database() as database:
        processes.wait_for(lambda: not database.serves_somebody())


@pytest.fixture
def new_context(pages_rest, new_context):
    return new_context


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
    page.get_by_role("button", name="Sign in", exact=True).click()


def violations(page):
    """The rules that the page as it stands breaks, each with the first element concerned."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def is_focused(locator):
    return locator.evaluate("element => element === document.activeElement")


def choose(page, name):
    """Click a radio or checkbox where everybody does: on its label, which covers it."""
    page.get_by_role("main").locator("label").get_by_text(name, exact=True).click()


def tab_to(page, locator):
    """Press Tab until the element has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if is_focused(locator):
            return
    raise AssertionError(f"Tab does not lead to {locator}")
