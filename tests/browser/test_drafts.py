"""Forms that save themselves, in a real browser."""

import re
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from actions import drafts
from actions.models import Action, Draft
from teams.models import Session
from tests import processes
from tests.browser.conftest import sign_in, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PHONE = {"width": 360, "height": 740}
LOG, HOME = reverse("actions:log"), reverse("actions:home")
SAVED = re.compile(r"^Saved \d")


@pytest.fixture
def page(new_context, site, alice):
    page = new_context(viewport=PHONE, service_workers="block").new_page()
    page.goto(site + LOG)
    sign_in(page, alice)
    expect(page.get_by_role("heading", name="Log an action")).to_be_visible()
    page.wait_for_load_state()  # with its script
    return page


def type_note(page, text):
    page.get_by_label("Note (optional)").press_sequentially(text)


def status(page):
    return page.locator("[data-draft]")


def notes():
    """What is kept of each form's note."""
    return [dict(parse_qsl(drafts.opened(draft))).get("note") for draft in Draft.objects.all()]


def test_form_saves_itself_and_is_there_again(page, site):
    type_note(page, "Read the plan aloud.")
    expect(status(page)).to_have_text(SAVED)
    page.goto(site + HOME)
    assert violations(page) == []
    page.get_by_role("region", name="Not finished yet").get_by_role("link", name="An action").click()

    expect(page.get_by_label("Note (optional)")).to_have_value("Read the plan aloud.")
    assert not Action.objects.exists()


def test_what_is_typed_before_the_script_has_come_is_saved(page, site):
    def come_late(route):
        type_note(page, "Read the plan aloud.")
        route.continue_()

    page.route("**/js/draft*.js", come_late)
    page.goto(site + LOG)

    expect(status(page)).to_have_text(SAVED)


def test_leaving_the_page_saves_what_was_just_typed(page, site):
    type_note(page, "The last words before the phone rang")
    page.goto(site + HOME)

    processes.wait_for(lambda: notes() == ["The last words before the phone rang"])


def test_session_that_ends_loses_nothing(page, alice):
    type_note(page, "Read the plan")
    expect(status(page)).to_have_text(SAVED)
    Session.objects.all().delete()
    type_note(page, " aloud, twice.")
    expect(status(page)).to_have_text(re.compile("^Not saved: you are signed out"))
    page.get_by_role("button", name="Save").click()
    sign_in(page, alice)

    expect(page.get_by_label("Note (optional)")).to_have_value("Read the plan aloud, twice.")
    type_note(page, " Then asked.")
    expect(status(page)).to_have_text(SAVED)
    processes.wait_for(lambda: [note for note in notes() if "Then asked." in note])


def test_what_is_not_saved_is_said(page):
    page.context.set_offline(True)
    type_note(page, "Read the plan aloud.")
    expect(status(page)).to_have_text("Not saved: no connection.")
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)

    page.get_by_label("Note (optional)").fill("Called 416-555-0199")
    expect(status(page)).to_have_text(re.compile("^Not saved. "))
    expect(page.get_by_label("Note (optional)")).to_have_value("Called 416-555-0199")
    assert notes() == ["Read the plan aloud."]
