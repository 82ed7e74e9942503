"""How pages read without a mouse, without eyes on the screen, or with one's own colours; nothing here saves anything."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MOST_STOPS, is_focused, tab_to, violations
from tests.factories import make_worker, practice

pytestmark = pytest.mark.timeout(600)

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def scene(still_scene):
    scene = still_scene
    scene.readers["francophone"] = make_worker(scene.agency, scene.alice.name, language="fr")
    return scene


@pytest.fixture
def reader(reader_of, scene):
    return reader_of(scene)


def addresses(scene):
    return {
        "home": "/",
        "log form": "/log/new/",
        "dashboard": f"/teams/{scene.team.pk}/dashboard/",
        "summary": f"/summaries/{scene.summary.pk}/",
        "record": "/my/record/?visibility=shared",
    }


def walk(page, key):
    """Every stop of the key, once, from where the focus is until it comes round or leaves the page."""
    stops = []
    while len(stops) < MOST_STOPS:
        page.keyboard.press(key)
        stop = page.evaluate("pageChecks.stop()")
        if stop["isBody"] or (stops and stop["name"] == stops[0]["name"]):
            return stops, stop["left"]
        stops.append(stop)
    raise AssertionError(f"{key} never leaves the page: {[stop['name'] for stop in stops[-5:]]}")


# Keyboard -------------------------------------------------------------------------------------------------------------


def test_first_stop_is_the_skip_link_which_leads_past_the_header(reader):
    reader.keyboard.press("Tab")

    skip = reader.get_by_role("link", name="Skip to the main content")
    assert is_focused(skip)
    expect(skip).to_be_in_viewport(ratio=1)
    reader.keyboard.press("Enter")
    assert is_focused(reader.locator("main"))
    reader.keyboard.press("Tab")
    assert is_focused(reader.get_by_role("main").get_by_role("link", name="Log an action"))


@pytest.mark.parametrize("name", ["home", "log form", "dashboard", "record"])
def test_focus_goes_through_the_page_in_reading_order_and_is_seen_at_each_stop(reader, scene, site, name):
    reader.set_viewport_size(PHONE)
    reader.emulate_media(reduced_motion="reduce")
    reader.goto(site + addresses(scene)[name])
    reader.evaluate("pageChecks.openDetails()")

    forth, last_left = walk(reader, "Tab")
    reader.evaluate("document.activeElement.blur()")
    back, _ = walk(reader, "Shift+Tab")

    unseen = [stop["left"]["name"] for stop in forth if stop["left"] and not stop["left"]["ringed"]]
    main = [stop for stop in forth if stop["inMain"]]
    wrong = [
        (before["name"], after["name"])
        for before, after in pairwise(main)
        if after["box"]["top"] < before["box"]["top"] - 8 and after["box"]["left"] <= before["box"]["left"]
    ]
    assert (unseen, wrong, last_left["ringed"]) == ([], [], True)
    assert [stop["name"] for stop in forth] == [stop["name"] for stop in reversed(back)]
    assert len(main) > 10


def test_account_menu_opens_by_enter_and_closes_by_escape_and_by_leaving(reader):
    summary = reader.locator("details.account > summary")
    emails = reader.get_by_role("link", name="My e-mails")
    tab_to(reader, summary)

    reader.keyboard.press("Enter")
    expect(emails).to_be_visible()
    assert violations(reader) == []
    reader.keyboard.press("Tab")
    assert is_focused(emails)
    reader.keyboard.press("Escape")
    expect(emails).to_be_hidden()
    assert is_focused(summary)

    reader.keyboard.press("Space")
    tab_to(reader, reader.get_by_role("main").get_by_role("link", name="Log an action"))
    expect(emails).to_be_hidden()


def test_filters_open_narrow_and_are_taken_off_by_keyboard(reader, scene, site):
    reader.goto(f"{site}/teams/{scene.team.pk}/")
    tab_to(reader, reader.locator("details.filters > summary"))
    reader.keyboard.press("Enter")
    tab_to(reader, reader.get_by_label("Level"))
    reader.keyboard.type("Sector")
    tab_to(reader, reader.get_by_role("button", name="Show"))
    reader.keyboard.press("Enter")
    chip = reader.get_by_role("link", name="Remove filter: Level: Sector")
    expect(chip).to_be_visible()

    tab_to(reader, chip)
    reader.keyboard.press("Enter")

    expect(chip).to_have_count(0)
    assert "level=sector" not in reader.url


# Errors ---------------------------------------------------------------------------------------------------------------

FAULTS_OF_FIELDS = """() => {
    const text = ids => (ids ?? "").split(" ").filter(Boolean).map(id => document.getElementById(id)?.innerText ?? "?");
    const faults = [];
    for (const error of document.querySelectorAll(".invalid-feedback")) {
        const name = error.id.replace(/_error$/, "");
        const block = error.parentElement;
        const hint = document.getElementById(`${name}_helptext`);
        const fields = [...block.querySelectorAll("input, select, textarea")];
        const described = block.localName === "fieldset" ? block : fields[0];
        const told = text(described.getAttribute("aria-describedby")).join(" ");
        if (!told.includes(error.innerText)) faults.push(`${name}: its error is not in its description`);
        if (hint && !told.includes(hint.innerText)) faults.push(`${name}: its hint is not in its description`);
        if (told.includes("?") && !document.body.innerText.includes("?")) faults.push(`${name}: described by nothing`);
        if (!fields.every(field => field.getAttribute("aria-invalid") === "true")) faults.push(`${name}: not invalid`);
    }
    return faults;
}"""


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/log/new/", 7),
        ("/actions/{shared}/edit/", 7),
        ("/my/visibility/", 1),
        ("/commitments/{promise}/renegotiate/", 2),
        ("/commitments/{promise}/drop/", 1),
        ("/accounts/password/set/", 2),
        ("/my/record/?kind=nonsense&level=nonsense", 2),
        ("/teams/{team}/dashboard/?first=2026-02-01&last=2026-01-01", 1),
    ],
)
def test_error_summary_takes_the_focus_and_leads_to_each_field(reader, scene, site, address, fields):
    objects = {name: getattr(scene, name).pk for name in ("shared", "promise", "team")}
    reader.emulate_media(reduced_motion="reduce")
    reader.goto(site + address.format(**objects))
    if "?" not in address:
        empty_the_form(reader)
        with reader.expect_navigation():
            reader.get_by_role("main").get_by_role("button", name=re.compile("^Save")).click()

    summary = reader.locator(".error-summary")
    links = summary.get_by_role("link")
    assert is_focused(summary)
    assert reader.title().startswith("Error: ")
    expect(summary.get_by_role("alert")).to_contain_text("There is a problem")
    expect(links).to_have_count(fields)
    expect(reader.locator(".invalid-feedback")).to_have_count(fields)
    assert reader.evaluate(FAULTS_OF_FIELDS) == []
    for link in links.all():
        link.focus()
        reader.keyboard.press("Enter")
        assert reader.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
        expect(reader.locator(":focus")).to_be_in_viewport()


def empty_the_form(page):
    page.evaluate("""() => {
        for (const field of document.querySelectorAll("main form[method=post] :is(input, select, textarea)")) {
            if (field.type === "checkbox" || field.type === "radio") field.checked = false;
            else if (!["hidden", "submit"].includes(field.type)) field.value = "";
        }
    }""")


# Live regions ---------------------------------------------------------------------------------------------------------


def test_number_found_is_a_status_and_is_said_aloud(reader, scene, site):
    reader.goto(f"{site}/my/record/?visibility=private")

    expect(reader.get_by_role("main").get_by_role("status").last).to_have_text("1 action")
    expect(reader.locator("body > [role=status]")).to_have_text("1 action")


def test_help_of_a_practice_is_in_a_live_region_that_was_there_before(reader, site):
    reader.goto(f"{site}/log/new/")
    region = reader.locator("[aria-live=polite]#practice-help")
    expect(region).to_have_text("For example:", use_inner_text=False)

    reader.get_by_label("Practice").select_option(str(practice().pk))

    expect(region).to_contain_text("Tell people early what is happening")


# Names ----------------------------------------------------------------------------------------------------------------


def test_names_of_home(reader):
    expect(reader.locator("body")).to_match_aria_snapshot("""
      - link "Skip to the main content"
      - banner:
        - link "Allyship"
        - navigation "Main":
          - list:
            - listitem:
              - link "Home"
            - listitem:
              - link "My record"
            - listitem:
              - link "Log"
            - listitem:
              - link "Team"
            - listitem:
              - link "Guide"
        - button "Français"
      - main:
        - status
        - heading "Hello, Alexandrine Desrochers-Thibodeau" [level=1]
        - paragraph:
          - link "Log an action"
        - region "Promises due soonest":
          - heading "Promises due soonest" [level=2]
          - article:
            - heading "Share information up front" [level=3]
            - paragraph:
              - text: /Promised for .*/
              - strong: past its date
            - 'button "Kept : Share information up front"'
            - 'link "New date : Share information up front"'
            - 'link "Drop : Share information up front"'
        - region "My year at a glance":
          - table /\\d+ actions in \\d+, by kind. Only you see this./
        - region "From my team":
          - heading "From my team" [level=2]
      - contentinfo:
        - paragraph: /It asks nobody about their own identity/
    """)


def test_names_of_the_log_form(reader, site):
    reader.goto(f"{site}/log/new/?practice={practice().pk}")

    expect(reader.get_by_role("main")).to_match_aria_snapshot("""
      - heading "Log an action" [level=1]
      - paragraph:
        - link "Search the practices"
      - group "What":
        - combobox "Practice"
        - group "At which level?":
          - radio "Individual worker" [checked]
        - textbox "When?"
        - combobox "With which team?"
        - textbox "Note (optional)"
      - group "Direction and whom":
        - group "Who set the direction?":
          - radio "Community-led"
          - radio "Co-designed"
          - radio "Asked for by people affected"
          - radio "Consulted"
          - radio "Our own initiative"
        - group "Whom does it support?":
          - checkbox "First Nations, Inuit and Métis Peoples"
          - checkbox "Not specific / all families"
      - group "What came of it":
        - group "Did the people concerned say whether it helped?":
          - radio "Not asked" [checked]
      - group "Follow-up":
        - textbox "I promised to follow up by (optional)"
        - group "Who can see it?":
          - radio "Only me"
          - radio "Count it, do not show it"
          - radio "My team" [checked]
      - button "Save"
    """)


def test_names_of_the_dashboard(reader, scene, site):
    reader.goto(f"{site}/teams/{scene.team.pk}/dashboard/")

    expect(reader.get_by_role("main")).to_match_aria_snapshot("""
      - heading "Accueil, évaluation et accompagnement des proches aidants" [level=1]
      - navigation "Accueil, évaluation et accompagnement des proches aidants":
        - list:
          - listitem:
            - link "Shared actions"
          - listitem:
            - link "Dashboard"
          - listitem:
            - link "Summaries"
          - listitem:
            - link "Members"
      - navigation "Period":
        - list:
          - listitem:
            - link "This quarter"
          - listitem:
            - link "Last quarter"
      - group: Filters
      - region /the team shared \\d+ actions/:
        - heading /\\d+ took direction from people affected/ [level=2]
        - paragraph:
          - link "The list behind these figures"
      - region "Compared with the period before"
      - figure /\\d+ shared actions over 3 months/:
        - img /Shared actions by month, .* Taking direction/
        - group: /Show as a table/
        - paragraph:
          - link /Download as CSV/
          - link /Download as XLSX/
      - region "Direction":
        - table /\\d+ of \\d+ shared actions were led, co-designed or asked for/:
          - rowgroup:
            - row "What Actions Share"
          - rowgroup:
            - row /Community-led \\d+ \\d+%/
    """)


def test_names_of_a_summary(reader, scene, site):
    reader.goto(f"{site}/summaries/{scene.summary.pk}/")

    expect(reader.get_by_role("main")).to_match_aria_snapshot("""
      - heading /Summary of .* \\d{4}/ [level=1]
      - paragraph: /Frozen on .* later entries and edits do not change it/
      - region "Questions for the next meeting":
        - heading "Questions for the next meeting" [level=2]
        - list:
          - listitem
      - region "Last time the team said it would try":
        - heading "What came of it" [level=3]
      - region /the team shared \\d+ actions/:
        - heading [level=2]
      - region "Compared with the period before"
      - region "Direction":
        - table /\\d+ of \\d+ shared actions/
      - figure
      - region "Written by the supervisors":
        - heading "Note" [level=3]
      - button "Print this page"
      - link "Download as CSV"
      - link "Download as XLSX"
      - button "Send it to me by e-mail"
      - navigation "Other periods":
        - list:
          - listitem:
            - link "The period before"
    """)


# Her own settings -----------------------------------------------------------------------------------------------------

MOVING = """() => [...document.querySelectorAll("*")].flatMap(element => [null, "::before", "::after"].flatMap(part => {
    const style = getComputedStyle(element, part);
    const seconds = [style.transitionDuration, style.animationDuration].join(",").split(",").map(parseFloat);
    const moves = Math.max(...seconds) > 0.001 || style.scrollBehavior === "smooth";
    return moves ? [`${element.localName}.${element.className}${part ?? ""}`] : [];
}))"""


@pytest.mark.parametrize("name", ["home", "log form", "dashboard"])
def test_nothing_moves_where_less_motion_is_asked_for(reader, scene, site, name):
    reader.goto(site + addresses(scene)[name])
    moving = len(reader.evaluate(MOVING))

    reader.emulate_media(reduced_motion="reduce")

    assert reader.evaluate(MOVING) == []
    assert moving > 0  # else the question was wrong


# What stays of an element's look in forced colours, where backgrounds and shadows are taken away.
LINES = """element => {
    const style = getComputedStyle(element);
    const after = getComputedStyle(element, "::after");
    const names = ["borderTopWidth", "borderTopColor", "borderTopStyle", "borderBottomWidth", "borderBottomColor",
        "borderLeftWidth",         "outlineStyle", "outlineWidth", "outlineColor", "textDecorationLine", "fill", "stroke"];
    return [...names.map(name => style[name]), after.content, after.borderBottomWidth].join(" ");
}"""


def test_states_show_in_forced_colours(reader, scene, site):
    def differ(one, other):
        return reader.locator(one).first.evaluate(LINES) != reader.locator(other).first.evaluate(LINES)

    reader.emulate_media(forced_colors="active")
    seen = {"here in the header": differ(".site-nav a[aria-current]", ".site-nav a:not([aria-current])")}
    reader.goto(f"{site}/log/new/?practice={practice().pk}")
    seen["chosen"] = differ(".choice:has(:checked)", ".choice:not(:has(:checked))")
    before = reader.locator(".choice").last.evaluate(LINES)
    reader.keyboard.press("Tab")
    tab_to(reader, reader.get_by_label("My team"))
    seen["focus on a choice"] = reader.locator(".choice").last.evaluate(LINES) != before
    reader.goto(f"{site}/teams/{scene.team.pk}/dashboard/")
    seen["here among the tabs"] = differ(".tabs a[aria-current]", ".tabs a:not([aria-current])")
    seen["period in use"] = differ("a.chip[aria-current]", "a.chip:not([aria-current])")
    seen["bar on its track"] = differ(".bar-fill", ".bar-track")
    reader.set_viewport_size(PHONE)
    seen["here in the bar of a phone"] = differ(".site-nav a[aria-current]", ".site-nav a:not([aria-current])")
    reader.goto(f"{site}/my/record/?kind=nonsense")
    seen["a wrong field"] = differ(".is-invalid", ".form-select:not(.is-invalid)")

    assert seen == dict.fromkeys(seen, True)


@pytest.mark.parametrize("width", [768, 900, 1024, 1280])
def test_header_stands_in_one_row(page, scene, site, width):
    page.context.add_cookies(scene.cookies("francophone", site))
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(site)

    tops = page.evaluate("""() => [".logo", ".site-nav-log a", ".language button", ".account summary"]
        .map(part => document.querySelector(part).getBoundingClientRect())
        .map(box => Math.round((box.top + box.bottom) / 2))""")
    assert max(tops) - min(tops) <= 2
