"""Logging without a connection, in a real browser with its service worker."""

import json
import re
from contextlib import ExitStack

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import Action
from teams.models import Session
from tests import processes
from tests.actions.factories import edit_term
from tests.browser.conftest import overflows, sign_in, violations
from tests.factories import PASSWORD, community, make_worker, practice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PHONE = {"width": 360, "height": 740}
OFFLINE, HOME = reverse("offline"), reverse("actions:home")

CONTROLLED = """async () => {
  while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
}"""

KNOWN = """async () => {
  const { account } = await import(document.querySelector("script[src*='js/device']").src.replace(/js[/]device.*/, "js/queue.js"));
  while (!(await account())) await new Promise((done) => setTimeout(done, 50));
}"""


class Device:
    """One phone with its own store, on which accounts sign in and out."""

    def __init__(self, context, site):
        self.context, self.site, self.page = context, site, context.new_page()

    def open(self, address, page=None):
        (page or self.page).goto(self.site + address)

    def sign_in(self, worker):
        self.open(reverse("account_login"))
        sign_in(self.page, worker)
        expect(self.page.get_by_role("heading", level=1, name=f"Hello, {worker.name}")).to_be_visible()
        self.page.evaluate(CONTROLLED)

    def away(self):
        self.context.set_offline(True)

    def back(self):
        self.context.set_offline(False)

    def choose(self):
        page = self.page
        page.get_by_label("Practice", exact=True).select_option(value=str(practice().pk))
        page.get_by_text("Community-led", exact=True).click()
        page.get_by_text("Francophone communities", exact=True).click()

    def log(self):
        """One entry on the page that holds them."""
        before = self.entries.count()
        self.choose()
        self.page.get_by_role("button", name="Keep it here").click()
        expect(self.entries).to_have_count(before + 1)

    @property
    def entries(self):
        return self.page.get_by_role("listitem").filter(has=self.page.get_by_role("button", name=re.compile("^Delete")))

    @property
    def strip(self):
        return self.page.get_by_label("Entries that wait on this device")


@pytest.fixture
def device(browser, site):
    return Device(browser.new_context(viewport=PHONE), site)


def test_entries_made_without_a_connection_are_sent_when_it_is_back(device, alice):
    device.sign_in(alice)
    device.away()
    device.open(HOME)
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Waiting on this device")
    expect(device.page.get_by_text("There is no connection just now.")).to_be_visible()
    for _ in range(2):
        device.log()
    device.choose()
    device.page.get_by_role("button", name="Keep it here").dblclick()
    expect(device.entries).to_have_count(3)
    assert violations(device.page) == []
    assert not overflows(device.page)
    assert not Action.objects.exists()

    device.back()
    expect(device.page.get_by_text("3 entries that waited were sent.")).to_be_visible()

    expect(device.entries).to_have_count(0)
    saved = Action.objects.filter(author=alice)
    assert {
        (action.practice_id, action.direction, action.visibility, action.done_on, action.note) for action in saved
    } == {(practice().pk, "community_led", alice.default_visibility, timezone.localdate(), "")}
    assert saved.count() == 3


def test_quick_form_that_was_open_is_kept_when_the_connection_goes(device, alice):
    device.sign_in(alice)
    device.open(f"{reverse('actions:quick_log')}?practice={practice().pk}")
    device.page.get_by_text("Community-led", exact=True).click()
    device.page.get_by_text("Francophone communities", exact=True).click()
    device.away()
    device.page.get_by_role("button", name="Save").click()

    expect(device.page.get_by_text("Kept on this device.")).to_be_visible()
    expect(device.entries).to_have_count(1)
    device.back()
    expect(device.entries).to_have_count(0)

    assert Action.objects.get().communities == [community("francophone").pk]


def test_note_is_not_kept_and_not_lost(device, alice):
    device.sign_in(alice)
    device.open(f"{reverse('actions:quick_log')}?practice={practice().pk}")
    device.page.get_by_text("Community-led", exact=True).click()
    device.page.get_by_text("Francophone communities", exact=True).click()
    device.page.get_by_label("Note (optional)").fill("Read the plan & asked “what now?”")
    device.away()
    device.page.get_by_role("button", name="Save").click()

    expect(device.page.get_by_role("region", name=re.compile("Your note was not sent"))).to_contain_text(
        "Read the plan & asked “what now?”"
    )
    expect(device.entries).to_have_count(0)
    assert "Read the plan" not in stored(device.page)


def stored(page):
    """All that the browser keeps: its database and its caches, as text."""
    return page.evaluate(
        """async () => {
          const all = [];
          for (const { name } of await indexedDB.databases()) {
            const db = await new Promise((done) => { const open = indexedDB.open(name); open.onsuccess = () => done(open.result); });
            for (const store of db.objectStoreNames) {
              const rows = db.transaction(store).objectStore(store).getAll();
              all.push(JSON.stringify(await new Promise((done) => { rows.onsuccess = () => done(rows.result); })));
            }
            db.close();
          }
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) all.push(request.url, await (await cache.match(request)).text());
          }
          return all.join("\\n");
        }"""
    )


def test_browser_keeps_no_page_with_data_in_it(device, alice):
    device.sign_in(alice)
    for address in (HOME, reverse("actions:record"), reverse("teams:list")):
        device.open(address)
    device.away()
    device.open(OFFLINE)
    device.log()

    kept = stored(device.page)
    assert "Waiting on this device" in kept
    assert [word for word in (alice.name, alice.email, "Intake", "Harbourside", str(alice.pk)) if word in kept] == []


def test_server_killed_between_commit_and_answer_makes_no_second_action(browser, alice):
    port, lost = processes.free_port(), []
    with ExitStack() as server:
        device = Device(
            browser.new_context(viewport=PHONE, service_workers="block"), server.enter_context(processes.web(port))
        )
        device.open(reverse("account_login"))
        sign_in(device.page, alice)
        expect(device.page.get_by_role("heading", level=1, name="Hello, Alice Member")).to_be_visible()
        device.page.evaluate(KNOWN)
        device.open(OFFLINE)

        def saved_and_killed(route):
            lost.append(route.fetch().status)
            server.close()
            route.abort()

        device.page.route("**/log/waiting/*-*/", saved_and_killed)
        device.log()
        expect(device.page.get_by_text("There is no connection just now.")).to_be_visible()
        assert (lost, Action.objects.count()) == ([200], 1)
        expect(device.entries).to_have_count(1)

    device.page.unroute_all()
    with processes.web(port):
        device.open(OFFLINE)
        expect(device.page.get_by_text("One entry that waited was sent.")).to_be_visible()
        expect(device.entries).to_have_count(0)
    assert Action.objects.count() == 1


def test_two_tabs_send_each_entry_once(device, alice):
    device.sign_in(alice)
    device.away()
    device.open(OFFLINE)
    other = device.context.new_page()
    other.goto(device.site + OFFLINE)
    device.page.bring_to_front()  # a page that nobody sees takes seconds for each click
    for _ in range(4):
        device.log()
    expect(device.entries).to_have_count(4)

    sent = []
    device.context.on("request", lambda request: request.method == "PUT" and sent.append(request.url))
    device.back()
    expect(device.entries).to_have_count(0)

    assert Action.objects.count() == 4
    assert len(sent) == len(set(sent)) == 4


def test_another_account_sees_and_sends_nothing_of_it(device, alice):
    bob = make_worker(alice.agency, "Bob Mate", password=PASSWORD)
    device.sign_in(alice)
    device.away()
    device.open(OFFLINE)
    device.log()
    expect(device.entries).to_have_count(1)
    Session.objects.all().delete()
    device.back()
    expect(
        device.page.get_by_role("status").get_by_text("Sign in again to send what waits on this device.")
    ).to_be_visible()
    expect(device.entries).to_have_count(1)

    device.sign_in(bob)
    expect(device.strip).to_be_hidden()
    device.open(OFFLINE)
    expect(device.page.get_by_text("Nothing waits here.")).to_be_visible()
    assert not Action.objects.exists()

    device.context.clear_cookies()
    device.sign_in(alice)
    expect(device.page.get_by_text("One entry that waited was sent.")).to_be_attached()
    assert Action.objects.get().author == alice


def test_refused_entry_stays_and_is_put_right_in_the_long_form(device, alice):
    device.sign_in(alice)
    device.away()
    device.open(OFFLINE)
    device.log()
    edit_term(alice.agency, practice(), is_hidden=True)
    device.back()
    expect(device.entries.get_by_text("Select a valid choice.", exact=False)).to_be_visible()
    expect(device.page.get_by_text("was sent")).to_have_count(0)
    assert not Action.objects.exists()

    device.open(HOME)
    expect(device.strip).to_contain_text("Something in it needs your look.")
    device.strip.get_by_role("link", name="Look at it").click()
    device.page.get_by_role("button", name=re.compile("^Put it right")).click()
    expect(device.page.get_by_label("Francophone communities", exact=True)).to_be_checked()
    device.page.get_by_label("Practice", exact=True).select_option(index=2)
    device.page.get_by_role("button", name="Save").click()
    expect(device.page.get_by_text("Action saved.")).to_be_visible()
    device.open(OFFLINE)

    expect(device.entries).to_have_count(0)
    assert Action.objects.count() == 1


def change_the_first_of_two(device, worker):
    """Two entries without a connection, of which the first is in the form and not yet kept again."""
    device.sign_in(worker)
    device.away()
    device.open(OFFLINE)
    device.log()
    device.log()
    device.entries.first.get_by_role("button", name=re.compile("^Edit")).click()
    device.page.get_by_text("Consulted", exact=True).click()


def test_entry_is_changed_and_deleted_before_it_is_sent(device, alice):
    change_the_first_of_two(device, alice)
    device.page.get_by_role("button", name="Keep it here").click()
    expect(device.entries).to_have_count(2)
    device.entries.last.get_by_role("button", name=re.compile("^Delete")).click()
    device.page.get_by_role("button", name="Undo").click()
    expect(device.entries).to_have_count(2)
    device.entries.last.get_by_role("button", name=re.compile("^Delete")).click()
    device.back()
    expect(device.entries).to_have_count(0)

    assert Action.objects.get().direction == "consulted"


def test_entry_that_is_being_changed_waits_until_it_is(device, alice):
    change_the_first_of_two(device, alice)
    device.back()
    expect(device.entries).to_have_count(1)
    assert [action.direction for action in Action.objects.all()] == ["community_led"]

    device.page.get_by_role("button", name="Keep it here").click()
    expect(device.entries).to_have_count(0)
    assert {action.direction for action in Action.objects.all()} == {"community_led", "consulted"}


def test_signing_out_asks_first_where_entries_wait(device, alice):
    device.sign_in(alice)
    device.away()
    device.open(OFFLINE)
    device.log()
    edit_term(alice.agency, practice(), is_hidden=True)
    device.back()
    expect(device.entries.get_by_text("Select a valid choice.", exact=False)).to_be_visible()
    device.open(HOME)
    expect(device.strip).to_be_visible()

    def press_sign_out():
        device.page.locator("details.account summary").click()
        device.page.locator("details.account").get_by_role("button", name="Sign out").click()

    press_sign_out()
    dialog = device.page.get_by_role("dialog", name="Some entries have not been sent")
    expect(dialog).to_be_visible()
    assert violations(device.page) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    press_sign_out()
    dialog.get_by_role("button", name="Sign out").click()
    expect(device.page.get_by_role("heading", name="Sign in")).to_be_visible()

    device.open(OFFLINE)
    expect(device.page.get_by_text("Nobody is signed in on this device.")).to_be_visible()
    expect(device.entries).to_have_count(0)


def test_app_can_be_installed(device, alice):
    device.sign_in(alice)
    tools = device.context.new_cdp_session(device.page)
    manifest = tools.send("Page.getAppManifest")

    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == HOME
    errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
