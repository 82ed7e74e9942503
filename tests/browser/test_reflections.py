"""Reflections on the smallest phone, with axe on every page, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from actions.models import Reflection
from teams.visibility import Visibility
from tests import processes
from tests.browser.conftest import overflows, violations
from tests.factories import PASSWORD, make_action, make_agency, make_team, make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def worker(transactional_db):
    agency = make_agency(name="Harbourside")
    worker = make_worker(agency, "Alice Member", teams=[make_team(agency, "Intake")], password=PASSWORD)
    make_action(worker, visibility=Visibility.PRIVATE)
    return worker


@pytest.fixture
def address(worker):
    with processes.web() as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_write_read_edit_and_delete_on_a_small_phone(address, new_context, worker, scripts):
    context = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=scripts)
    page, seen = context.new_page(), []

    def check(name):
        page.wait_for_load_state()
        broken = [*violations(page), *(["wider than the phone"] if overflows(page) else [])] if scripts else []
        seen.append((name, broken, page.locator("h1").count()))

    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email").fill(worker.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    check("home")
    page.get_by_role("link", name="Write about it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write a reflection")
    check("write")

    # A number is refused where it stands; nothing typed is lost, not by another language either.
    page.get_by_label("Your words").fill("Called 416-555-0199 too late")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check("write with errors")
    page.get_by_role("button", name="Français").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Your words")).to_have_value("Called 416-555-0199 too late")
    page.get_by_label("Your words").fill("I called too late.\n\nNext time I call first.")
    page.get_by_text("Questions to start from").click()
    page.locator("label", has_text="None: in my own words").click()
    check("write with questions open")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Reflection saved.")
    expect(page.get_by_role("main")).to_contain_text("a court could order")
    check("read")

    # Changed in a second tab meanwhile: both texts are there, and the second one is kept by saving again.
    page.get_by_role("link", name="Edit").click()
    check("edit")
    tab = context.new_page()
    tab.goto(page.url)
    tab.get_by_label("Your words").fill("From the other tab.")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("status").first).to_contain_text("Reflection saved.")
    page.get_by_label("Your words").fill("From this tab.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changed meanwhile")
    expect(page.get_by_text("From the other tab.")).to_be_visible()
    check("conflict")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From this tab.")).to_be_visible()

    # On an action of hers, from its page; then one of the two is deleted.
    page.goto(f"{address}/my/record/")
    page.get_by_role("article").get_by_role("link").first.click()
    page.get_by_role("link", name="Reflect on this").click()
    check("write on an action")
    page.get_by_label("Your words").fill("x" * 4000)
    page.get_by_role("button", name="Save").click()
    check("read one long word")
    page.get_by_role("link", name="Back to my reflections").click()
    check("list")
    page.get_by_role("link", name="In my own words").first.click()
    page.get_by_role("link", name="Delete").click()
    check("delete")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status").first).to_contain_text("Reflection deleted.")

    assert Reflection.objects.count() == 1
    assert [found for found in seen if found[1:] != ([], 1)] == []
