"""A session that ends, or a database that goes, while somebody types, in a real browser."""

import pytest
from django.db import connection, transaction
from django.urls import reverse
from playwright.sync_api import expect

from actions.models import Action
from teams.models import Session
from tests import processes
from tests.browser.conftest import sign_in, violations

PHONE = {"width": 360, "height": 740}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
NOTE = "Read the plan aloud twice.\nAsked: “what would help?” & listened — 4 × 5 < 21."


def start(page, site, worker):
    """Signed in, with something typed into the long form."""
    page.goto(f"{site}{reverse('actions:log')}")
    sign_in(page, worker)
    page.get_by_label("Practice", exact=True).select_option(index=3)
    page.get_by_label("Note (optional)").fill(NOTE)


def assert_all_is_there(page):
    expect(page.get_by_label("Note (optional)")).to_have_value(NOTE)
    assert page.get_by_label("Practice", exact=True).evaluate("list => list.selectedIndex") == 3
    assert not Action.objects.exists()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_nothing_typed_is_lost_when_the_session_ends(new_context, site, alice, scripts):
    page = new_context(java_script_enabled=scripts, viewport=PHONE).new_page()
    start(page, site, alice)

    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What you typed is on this page")).to_be_visible()
    if scripts:
        assert violations(page) == []
    sign_in(page, alice)
    if not scripts:
        page.get_by_role("button", name="Go on with it").click()

    assert_all_is_there(page)


def test_nothing_typed_is_lost_when_she_signs_in_again_in_another_tab(new_context, site, alice):
    context = new_context(viewport=PHONE)
    page, other = context.new_page(), context.new_page()
    start(page, site, alice)

    Session.objects.all().delete()
    other.goto(site)
    sign_in(other, alice)
    expect(other.get_by_role("heading", name="Hello, Alice Member")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What you typed is still here")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Go on with it").click()

    assert_all_is_there(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_nothing_typed_is_lost_when_the_database_goes_during_the_save(new_context, site, alice, scripts):
    page = new_context(java_script_enabled=scripts, viewport=PHONE).new_page()
    start(page, site, alice)
    page.get_by_role("group", name="At which level?").locator("label:visible").first.click()
    for label in ("Community-led", "Francophone communities"):
        page.get_by_text(label, exact=True).click()

    with processes.database() as database:
        with transaction.atomic():
            connection.cursor().execute("LOCK TABLE actions_action IN SHARE MODE")
            page.get_by_role("button", name="Save").click(no_wait_after=True)
            processes.wait_for(database.has_a_waiting_process)
            database.vanish()
        not_saved = page.get_by_role("heading", name="Not saved yet")
        expect(not_saved).to_be_visible()
        if scripts:
            assert violations(page) == []
            page.get_by_role("button", name="Send it again").click()  # it waits ten seconds for the database
            expect(not_saved).to_be_visible()
    page.get_by_role("button", name="Send it again").click()

    expect(page.get_by_text("Action saved.")).to_be_visible()
    assert [action.note.splitlines() for action in Action.objects.all()] == [NOTE.splitlines()]
