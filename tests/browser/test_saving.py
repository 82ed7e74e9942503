"""Saving by keyboard alone, heard rather than seen, and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import choose, tab_to
from tests.browser.scene import NOTE, Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def reader(reader_of, scene):
    return reader_of(scene)


def test_action_is_logged_changed_and_withdrawn_by_keyboard_alone(reader):
    page, press = reader, reader.keyboard.press
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Log an action"))
    press("Enter")
    tab_to(page, page.get_by_label("Search all practices"))
    page.keyboard.type("first visit")
    press("Enter")
    tab_to(page, page.get_by_role("link", name="Share information up front"))
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Share information up front")

    tab_to(page, page.get_by_label("Community-led"))
    press("ArrowDown")
    tab_to(page, page.get_by_label("Francophone communities"))
    press("Space")
    tab_to(page, page.get_by_label("With which team?"))
    page.keyboard.type("Kin")
    tab_to(page, page.get_by_label("Note"))
    page.keyboard.type(NOTE)
    tab_to(page, page.get_by_role("button", name="Save"))
    press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Action saved.")
    facts = page.locator("dl.facts dd").all_inner_texts()
    assert facts[:4] == ["Individual worker", "Co-designed", "Francophone communities", "Not asked"]
    expect(page.get_by_text(NOTE)).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Add detail"))
    press("Enter")
    tab_to(page, page.get_by_label("My team"))  # the chosen one of its group takes the focus, and arrows choose another
    press("ArrowUp")
    press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="Save"))
    press("Enter")
    expect(page.get_by_text("Only you see it")).to_be_visible()

    tab_to(page, page.get_by_role("button", name="Withdraw"))
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My record")
    tab_to(page, page.get_by_role("button", name="Undo"))
    press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Action restored.")


def test_saving_is_said_aloud_after_the_page_has_come(reader, site):
    reader.goto(f"{site}/my/visibility/")
    choose(reader, "Only me")
    reader.get_by_role("button", name="Save my choice").click()

    banner, voice = reader.get_by_role("status").all()[:2]
    expect(banner).to_have_text("Saved. You can choose differently for each action.")
    expect(reader.locator("body > [role=status]")).to_have_text("Saved. You can choose differently for each action.")
    assert voice.evaluate("region => region.ariaLive === null || region.ariaLive === 'polite'")


def test_action_is_logged_without_script(scene, site, new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.context.add_cookies(scene.cookies("alice", site))
    page.goto(site)
    page.get_by_role("main").get_by_role("link", name="Log an action").click()
    page.get_by_label("Search all practices").fill("first visit")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Share information up front").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("With which team?").select_option("Kinship and adoption")
    choose(page, "Co-designed")
    choose(page, "Francophone communities")
    page.get_by_label("Note").fill(NOTE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Action saved.")
    expect(page.get_by_text(NOTE)).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").first).to_contain_text("Action withdrawn.")
