"""The guide with the keyboard alone, with forced colours, with reduced motion, without scripts, and on paper."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from allyship import guide
from tests.browser.conftest import overflows, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PAGES = [reverse("guide"), reverse("guide") + "?q=note", *(reverse("guide_page", args=[slug]) for slug in guide.PAGES)]
RECORDS = reverse("guide_page", args=["records"])


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def moves(page):
    """Whether anything on the page is animated or glides."""
    return page.evaluate("""() => [...document.querySelectorAll("*")].some((element) => {
        const style = getComputedStyle(element);
        const seconds = [style.transitionDuration, style.animationDuration].join().split(",").map(parseFloat);
        return style.scrollBehavior === "smooth" || (style.transitionProperty !== "none" && Math.max(...seconds) > 0);
    })""")


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_guide_with_forced_colours_and_reduced_motion(new_context, site, locale):
    wrong = []
    context = new_context(
        locale=locale, forced_colors="active", reduced_motion="reduce", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(site + path)
        found = {"violations": violations(page), "overflows": overflows(page), "moves": moves(page)}
        if found != {"violations": [], "overflows": False, "moves": False}:
            wrong.append((path, found))

    assert wrong == []


def test_guide_with_the_keyboard_alone(page, site):
    page.goto(site + reverse("guide"))

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("square root")
    page.keyboard.press("Enter")
    hit = page.get_by_role("link", name="Percentages and changes")
    expect(hit).to_be_visible()
    page.keyboard.press("Tab")
    for _ in range(20):
        if focused(page) == "Percentages and changes":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("How figures are made")
    expect(page.get_by_role("heading", name="Percentages and changes")).to_be_in_viewport()


def test_a_page_of_the_guide_on_paper(page, site):
    page.goto(site + RECORDS)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.get_by_role("button", name="Print this page").click()
    assert page.title() == "printed"

    page.emulate_media(media="print")
    for name in ["Pages of the guide", "On this page"]:
        expect(page.get_by_role("navigation", name=name)).to_be_hidden()
    expect(page.get_by_role("button", name="Print this page")).to_be_hidden()
    expect(page.get_by_role("heading", name="What is never recorded")).to_be_visible()


def test_guide_without_scripts_offers_nothing_that_cannot_work(new_context, site):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + RECORDS)

    expect(page.get_by_role("heading", name="Your actions")).to_be_visible()
    expect(page.get_by_role("button", name="Print this page")).to_be_hidden()
