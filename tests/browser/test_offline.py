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
  const { account: name } = document.getElementById("unsent").dataset;
  while ((await account())?.name !== name) await new Promise((done) => setTimeout(done, 50));
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
        self.greet(worker)
        self.page.evaluate(CONTROLLED)

    def greet(self, worker):
        """At her home page, whose script notes who uses the device."""
        expect(self.page.get_by_role("heading", level=1, name=f"Hello, {worker.name}")).to_be_visible()
        self.page.wait_for_load_state()
        self.page.evaluate(KNOWN)

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
def phone(new_context, site):
    return Device(new_context(viewport=PHONE), site)


def test_entries_made_without_a_connection_are_sent_when_it_is_back(phone, alice):
    phone.sign_in(alice)
    phone.away()
    phone.open(HOME)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Waiting on this device")
    expect(phone.page.get_by_text("There is no connection just now.")).to_be_visible()
    for _ in range(2):
        phone.log()
    phone.choose()
    phone.page.get_by_role("button", name="Keep it here").dblclick()
    expect(phone.entries).to_have_count(3)
    assert violations(phone.page) == []
    assert not overflows(phone.page)
    assert not Action.objects.exists()

    phone.back()
    expect(phone.page.get_by_text("3 entries that waited were sent.")).to_be_visible()

    expect(phone.entries).to_have_count(0)
    saved = Action.objects.filter(author=alice)
    assert {
        (action.practice_id, action.direction, action.visibility, action.done_on, action.note) for action in saved
    } == {(practice().pk, "community_led", alice.default_visibility, timezone.localdate(), "")}
    assert saved.count() == 3


def test_quick_form_that_was_open_is_kept_when_the_connection_goes(phone, alice):
    phone.sign_in(alice)
    phone.open(f"{reverse('actions:quick_log')}?practice={practice().pk}")
    phone.page.get_by_text("Community-led", exact=True).click()
    phone.page.get_by_text("Francophone communities", exact=True).click()
    phone.away()
    phone.page.get_by_role("button", name="Save").click()

    expect(phone.page.get_by_text("Kept on this device.")).to_be_visible()
    expect(phone.entries).to_have_count(1)
    phone.back()
    expect(phone.entries).to_have_count(0)

    assert Action.objects.get().communities == [community("francophone").pk]


def test_note_is_not_kept_and_not_lost(phone, alice):
    phone.sign_in(alice)
    phone.open(f"{reverse('actions:quick_log')}?practice={practice().pk}")
    phone.page.get_by_text("Community-led", exact=True).click()
    phone.page.get_by_text("Francophone communities", exact=True).click()
    phone.page.get_by_label("Note (optional)").fill("Read the plan & asked “what now?”")
    phone.away()
    phone.page.get_by_role("button", name="Save").click()

    expect(phone.page.get_by_role("region", name=re.compile("Your note was not sent"))).to_contain_text(
        "Read the plan & asked “what now?”"
    )
    expect(phone.entries).to_have_count(0)
    assert "Read the plan" not in stored(phone.page)


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


def test_browser_keeps_no_page_with_data_in_it(phone, alice):
    phone.sign_in(alice)
    for address in (HOME, reverse("actions:record"), reverse("teams:list")):
        phone.open(address)
    phone.away()
    phone.open(OFFLINE)
    phone.log()

    kept = stored(phone.page)
    assert "Waiting on this device" in kept
    assert [word for word in (alice.name, alice.email, "Intake", "Harbourside", str(alice.pk)) if word in kept] == []


def test_server_killed_between_commit_and_answer_makes_no_second_action(new_context, alice):
    port, lost = processes.free_port(), []
    with ExitStack() as server:
        phone = Device(new_context(viewport=PHONE, service_workers="block"), server.enter_context(processes.web(port)))
        phone.open(reverse("account_login"))
        sign_in(phone.page, alice)
        phone.greet(alice)
        phone.open(OFFLINE)

        def saved_and_killed(route):
            lost.append(route.fetch().status)
            server.close()
            route.abort()

        phone.page.route("**/log/waiting/*-*/", saved_and_killed)
        phone.log()
        expect(phone.page.get_by_text("There is no connection just now.")).to_be_visible()
        assert (lost, Action.objects.count()) == ([200], 1)
        expect(phone.entries).to_have_count(1)

    phone.page.unroute_all()
    with processes.web(port):
        phone.open(OFFLINE)
        expect(phone.page.get_by_text("One entry that waited was sent.")).to_be_visible()
        expect(phone.entries).to_have_count(0)
    assert Action.objects.count() == 1


def test_two_tabs_send_each_entry_once(phone, alice):
    phone.sign_in(alice)
    phone.away()
    phone.open(OFFLINE)
    other = phone.context.new_page()
    other.goto(phone.site + OFFLINE)
    phone.page.bring_to_front()  # a page that nobody sees takes seconds for each click
    for _ in range(4):
        phone.log()
    expect(phone.entries).to_have_count(4)

    sent = []
    phone.context.on("request", lambda request: request.method == "PUT" and sent.append(request.url))
    phone.back()
    expect(phone.entries).to_have_count(0)

    assert Action.objects.count() == 4
    assert len(sent) == len(set(sent)) == 4


def test_another_account_sees_and_sends_nothing_of_it(phone, alice):
    bob = make_worker(alice.agency, "Bob Mate", password=PASSWORD)
    phone.sign_in(alice)
    phone.away()
    phone.open(OFFLINE)
    phone.log()
    expect(phone.entries).to_have_count(1)
    Session.objects.all().delete()
    phone.back()
    expect(
        phone.page.get_by_role("status").get_by_text("Sign in again to send what waits on this device.")
    ).to_be_visible()
    expect(phone.entries).to_have_count(1)

    phone.sign_in(bob)
    expect(phone.strip).to_be_hidden()
    phone.open(OFFLINE)
    expect(phone.page.get_by_text("Nothing waits here.")).to_be_visible()
    assert not Action.objects.exists()

    phone.context.clear_cookies()
    phone.sign_in(alice)
    expect(phone.page.get_by_text("One entry that waited was sent.")).to_be_attached()
    assert Action.objects.get().author == alice


def test_refused_entry_stays_and_is_put_right_in_the_long_form(phone, alice):
    phone.sign_in(alice)
    phone.away()
    phone.open(OFFLINE)
    phone.log()
    edit_term(alice.agency, practice(), is_hidden=True)
    phone.back()
    expect(phone.entries.get_by_text("Select a valid choice.", exact=False)).to_be_visible()
    expect(phone.page.get_by_text("was sent")).to_have_count(0)
    assert not Action.objects.exists()

    phone.open(HOME)
    expect(phone.strip).to_contain_text("Something in it needs your look.")
    phone.strip.get_by_role("link", name="Look at it").click()
    phone.page.get_by_role("button", name=re.compile("^Put it right")).click()
    expect(phone.page.get_by_label("Francophone communities", exact=True)).to_be_checked()
    phone.page.get_by_label("Practice", exact=True).select_option(index=2)
    phone.page.get_by_role("button", name="Save").click()
    expect(phone.page.get_by_text("Action saved.")).to_be_visible()
    phone.open(OFFLINE)

    expect(phone.entries).to_have_count(0)
    assert Action.objects.count() == 1


def change_the_first_of_two(phone, worker):
    """Two entries without a connection, of which the first is in the form and not yet kept again."""
    phone.sign_in(worker)
    phone.away()
    phone.open(OFFLINE)
    phone.log()
    phone.log()
    phone.entries.first.get_by_role("button", name=re.compile("^Edit")).click()
    phone.page.get_by_text("Consulted", exact=True).click()


def test_entry_is_changed_and_deleted_before_it_is_sent(phone, alice):
    change_the_first_of_two(phone, alice)
    phone.page.get_by_role("button", name="Keep it here").click()
    expect(phone.entries).to_have_count(2)
    phone.entries.last.get_by_role("button", name=re.compile("^Delete")).click()
    phone.page.get_by_role("button", name="Undo").click()
    expect(phone.entries).to_have_count(2)
    phone.entries.last.get_by_role("button", name=re.compile("^Delete")).click()
    phone.back()
    expect(phone.entries).to_have_count(0)

    assert Action.objects.get().direction == "consulted"


def test_entry_that_is_being_changed_waits_until_it_is(phone, alice):
    change_the_first_of_two(phone, alice)
    phone.back()
    expect(phone.entries).to_have_count(1)
    assert [action.direction for action in Action.objects.all()] == ["community_led"]

    phone.page.get_by_role("button", name="Keep it here").click()
    expect(phone.entries).to_have_count(0)
    assert {action.direction for action in Action.objects.all()} == {"community_led", "consulted"}


def test_signing_out_asks_first_where_entries_wait(phone, alice):
    phone.sign_in(alice)
    phone.away()
    phone.open(OFFLINE)
    phone.log()
    edit_term(alice.agency, practice(), is_hidden=True)
    phone.back()
    expect(phone.entries.get_by_text("Select a valid choice.", exact=False)).to_be_visible()
    phone.open(HOME)
    expect(phone.strip).to_be_visible()

    def press_sign_out():
        phone.page.locator("details.account summary").click()
        phone.page.locator("details.account").get_by_role("button", name="Sign out").click()

    press_sign_out()
    dialog = phone.page.get_by_role("dialog", name="Some entries have not been sent")
    expect(dialog).to_be_visible()
    assert violations(phone.page) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    press_sign_out()
    dialog.get_by_role("button", name="Sign out").click()
    expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()

    phone.open(OFFLINE)
    expect(phone.page.get_by_text("Nobody is signed in on this device.")).to_be_visible()
    expect(phone.entries).to_have_count(0)


def test_app_can_be_installed(phone, alice):
    phone.sign_in(alice)
    tools = phone.context.new_cdp_session(phone.page)
    manifest = tools.send("Page.getAppManifest")

    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == HOME
    errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
