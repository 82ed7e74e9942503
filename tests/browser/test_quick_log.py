"""The quick form on a phone, counted in taps."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from actions.models import Action
from tests.browser.conftest import overflows, violations
from tests.browser.scene import Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PHONE = {"width": 360, "height": 740}
MOST_TAPS = 6


class Thumb:
    """One thumb on a phone: it taps what can be seen on the screen, or scrolls there first."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, target):
        self.taps += 1
        target.tap()


@pytest.fixture
def thumb(transactional_db, site, new_context, request):
    scene = Scene()
    Action.objects.exclude(author=scene.alice).delete()
    context = new_context(viewport=PHONE, has_touch=True, java_script_enabled=request.param)
    context.add_cookies(scene.cookies("alice", site))
    page = context.new_page()
    page.goto(f"{site}{reverse('actions:home')}")
    return Thumb(page)


@pytest.mark.parametrize("thumb", [True, False], indirect=True, ids=["with scripts", "without scripts"])
def test_frequent_practice_is_saved_in_six_taps(thumb):
    page, before = thumb.page, set(Action.objects.values_list("pk", flat=True))

    thumb.tap(page.get_by_role("link", name="Log", exact=True))
    tile = page.get_by_role("region", name="What I log most").get_by_role("link").first
    name = tile.inner_text()
    thumb.tap(tile)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    thumb.tap(page.get_by_text("Community-led", exact=True))
    thumb.tap(page.get_by_text("Francophone communities", exact=True))
    thumb.tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Action saved.")).to_be_visible()

    saved = Action.objects.exclude(pk__in=before).get()
    assert (saved.practice.label, saved.direction) == (name, "community_led")
    assert thumb.taps <= MOST_TAPS
    assert not overflows(page)
    for offered in ("Add detail", "Add a commitment", "Log another"):
        expect(page.get_by_role("main").get_by_role("link", name=offered)).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    page.get_by_role("link", name="Add a commitment").tap()
    expect(page.get_by_label("I promised to follow up by (optional)")).to_be_focused()


@pytest.mark.parametrize("thumb", [True], indirect=True, ids=["with scripts"])
def test_double_tap_on_save_makes_one_action(thumb):
    page, before = thumb.page, Action.objects.count()
    page.goto(re.sub(r"/$", reverse("actions:practices"), page.url))
    page.get_by_role("region", name="What I log most").get_by_role("link").first.tap()
    page.get_by_text("Community-led", exact=True).tap()
    page.get_by_text("Francophone communities", exact=True).tap()
    assert violations(page) == []

    page.get_by_role("button", name="Save").dblclick()

    expect(page.get_by_text("Action saved.").first).to_be_visible()
    assert Action.objects.count() == before + 1
