"""The main job from end to end on a phone: import, sign in, log, dashboard, and a summary from a real worker."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import Action
from reports.models import Delivery
from reports.periods import Period
from teams.models import Agency, Worker
from tests import processes
from tests.browser.conftest import overflows, violations
from tests.factories import PASSWORD, make_action

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
DATA = Path(__file__).resolve().parent.parent / "data"
WORKER, SUPERVISOR, TEAM = "joss.kaur@harbour.example", "wren.chen@harbour.example", "Intake"
COLLEAGUE = "zora.whiteduck@harbour.example"
NOTE = "Went through the letter line by line before the visit."


def last_quarter():
    return Period.containing(timezone.localdate(), "quarterly").previous()


@pytest.fixture
def imported(transactional_db):
    """The agencies' own spreadsheets, which end in September 2026, something since, and a password for two people."""
    call_command("import_people", DATA / "people.csv", verbosity=0)
    call_command("import_actions", DATA / "actions.csv", verbosity=0)
    for _ in range(3):
        make_action(Worker.objects.get(email=COLLEAGUE), done_on=last_quarter().first)
    for worker in Worker.objects.filter(email__in=[WORKER, SUPERVISOR]):
        worker.set_password(PASSWORD)
        worker.save()
    return Agency.objects.get(slug="harbour-family-and-childrens-services")


@pytest.fixture
def address(imported):
    with processes.web() as address:
        yield address


@pytest.fixture
def phone(page):
    page.set_viewport_size({"width": 360, "height": 740})
    return page


def check(page, name, seen):
    """Every page of the story: no rule broken, nothing wider than the phone, one heading, a title that says it."""
    page.wait_for_load_state()
    seen.append(
        {
            "page": name,
            "violations": violations(page),
            "overflows": overflows(page),
            "h1": page.locator("h1").count(),
            "titled": page.title().endswith(" - Allyship"),
        }
    )


def sign_in(page, address, email):
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page, address):
    page.goto(f"{address}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def test_from_spreadsheet_to_summary(imported, address, phone, complaints, tmp_path):
    page, seen = phone, []
    today = timezone.localdate()

    # The worker signs in, says once who sees what she logs, and logs an action.
    sign_in(page, address, WORKER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Joss Kaur")
    check(page, "home", seen)
    page.get_by_role("link", name="Log an action").click()
    page.get_by_label("Search all practices").fill("renseigner départ")
    page.get_by_label("Search all practices").fill("first visit")
    page.get_by_role("button", name="Search").click()
    check(page, "practices", seen)
    page.get_by_role("link", name="Share information up front").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who sees what I log")
    check(page, "visibility", seen)
    page.get_by_role("button", name="Save my choice").click()

    # An empty form tells its errors first, with the focus on them, and keeps what was typed.
    check(page, "log", seen)
    page.get_by_label("Note").fill(NOTE)
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_text("There is a problem")
    expect(summary).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.activeElement.textContent").count("There is a problem") == 1
    expect(page.get_by_label("Note")).to_have_value(NOTE)
    check(page, "log with errors", seen)
    page.locator("label", has_text="Community-led").click()
    page.locator("label", has_text="Youth in and from care").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Action saved.")
    page.get_by_role("link", name="Add detail").click()
    page.get_by_label("I promised to follow up by").fill((today + timedelta(days=14)).isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Action saved.")
    expect(page.get_by_text("Your team and its supervisors, now and later, can read it")).to_be_visible()
    check(page, "saved", seen)

    # Withdrawn and brought back.
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("Action restored.")
    page.goto(f"{address}/my/record/")
    check(page, "record", seen)
    page.goto(f"{address}/my/commitments/")
    page.get_by_role("button", name=re.compile("^Kept.*Share information up front")).first.click()
    check(page, "commitments", seen)
    page.goto(f"{address}/guide/")
    check(page, "guide", seen)
    sign_out(page, address)

    # The supervisor reads the list and the dashboard, whose figures lead to lists of the same length.
    sign_in(page, address, SUPERVISOR)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Team").click()
    check(page, "teams", seen)
    page.get_by_role("link", name=TEAM).click()
    expect(page.get_by_role("article").first).to_contain_text(NOTE)
    check(page, "feed", seen)
    quarter = last_quarter()
    page.get_by_role("link", name="Dashboard").click()
    check(page, "dashboard, this quarter", seen)
    page.goto(f"{page.url}?first={quarter.first}&last={quarter.last}")
    check(page, "dashboard, last quarter", seen)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Co-designed"))
    figure = int(row.get_by_role("cell").first.inner_text())
    row.get_by_role("link").click()
    expect(page.get_by_text(re.compile(rf"^{figure} shared actions?$"))).to_be_visible()
    check(page, "list behind a figure", seen)

    # The period closes by a real beat and worker, and the summary reaches the supervisor's page and mailbox.
    Agency.objects.filter(pk=imported.pk).update(reports_from=quarter.first, grace_days=0)
    with processes.smtp_server() as inbox:
        settings = {"MAIL_URL": f"smtp://127.0.0.1:{inbox.port}", "SITE_URL": address}
        with processes.worker(**settings), processes.beat(tmp_path, "beat", **settings):
            mine = Delivery.objects.filter(recipient__email=SUPERVISOR, summary__team__name=TEAM)
            processes.wait_for(lambda: mine.filter(status="sent").exists(), seconds=90)
    shared = Action.objects.shared().filter(team__name=TEAM, done_on__range=(quarter.first, quarter.last)).count()
    mail = next(m for m in inbox.messages if m["To"] == SUPERVISOR and m["Subject"].startswith(f"{TEAM}: summary"))
    text = mail.get_body(("plain",)).get_content()
    link = re.search(rf"{address}/summaries/\S+", text).group()
    assert f"the team shared {shared} actions" in text
    page.goto(link)
    expect(page.get_by_role("heading", name="Questions for the next meeting")).to_be_visible()
    expect(page.get_by_text(f"the team shared {shared} actions")).to_be_visible()
    check(page, "summary", seen)
    page.goto(f"{address}/my/record/?kind=nonsense")
    check(page, "filters with errors", seen)

    good = {"violations": [], "overflows": False, "h1": 1, "titled": True}
    bad = [f"{found}" for found in seen if found != good | {"page": found["page"]}]
    assert bad == [], "\n".join(bad)
    assert [text for text in complaints if "422" not in text] == []
