"""Every page there is, empty, full and with errors, in both languages, on a phone, at 400 % zoom and at a desk.

An address that no row below knows fails the test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from django.utils.csp import build_policy

from actions import calendars, departures
from allyship import guide
from teams import unsubscribing
from teams.models import Worker
from teams.signing_in.typed import server_error
from teams.unsubscribing import Series
from tests.browser.conftest import violations
from tests.browser.scene import Scene
from tests.factories import PASSWORD, form_data

_number = count(1)
pytestmark = pytest.mark.timeout(600)

PHONE = {"width": 320, "height": 740}
DESK = {"width": 1280, "height": 1024}
SCHEMES = {"phone": "light", "desk": "dark"}
AXE = {"en": "phone", "fr": "desk"}  # what takes longest looks at each page once in each language
ZOOMED = {"width": 320, "height": 256, "deviceScaleFactor": 4, "mobile": False}  # the desk at 400 %


@dataclass(frozen=True)
class Visit:
    """A state of a page: who opens it, on which object, with which query, and what is done before looking."""

    state: str
    reader: str = "alice"
    of: str = ""
    query: str = ""
    act: Callable | None = None
    status: int = 200


def send(page):
    """The page's own form, as it stands."""
    page.locator("#page-form").evaluate("form => form.requestSubmit()")


def submit_nothing(page):
    """Empty the page's own form, whatever its fields, and send it."""
    page.evaluate("""() => {
        const form = [...document.querySelectorAll("main form[method=post]:not([hidden])")].at(-1);
        for (const field of form.elements) {
            if (field.type === "checkbox" || field.type === "radio") field.checked = false;
            else if (!["hidden", "submit"].includes(field.type) && field.localName !== "fieldset") field.value = "";
        }
        form.requestSubmit();
    }""")


def ask_for_code(page):
    """Each time for an address of its own, which has no limit yet."""
    page.locator("#id_email").fill(f"nobody{next(_number)}@example.org")
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


def have_a_code_mailed(page):
    page.locator("main button[name=send]").click()


def type_a_wrong_code(page):
    """After the visit before, which had one mailed."""
    page.locator("#id_code").fill("not-the-code")
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


def come_to_the_second_step(page):
    page.locator("#id_login").fill(Worker.objects.get(name="Kim Keeper").email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


def send_wrong_password(page):
    page.locator("#id_login").fill("somebody@example.org")
    page.locator("#id_password").fill("not-the-password")
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


def send_short_password(page):
    for field in page.locator("main input[type=password]").all():
        field.fill("short")
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


def name_a_family(page):
    """A note that may point to a person: the form asks for another wording, or to confirm."""
    page.locator("#id_note").fill("Met with the Tremblay family at the school.")
    send(page)


def name_two_families(page):
    """Two texts that may point to a person, each with its own question."""
    page.locator("#id_in_the_way").fill("Met with the Tremblay family at the school.")
    page.locator("#id_need").fill("An hour with the Nowicki family.")
    send(page)


def answer_too_late(page):
    """Somebody else's answer comes first."""
    address = page.locator("#page-form").evaluate("form => form.action || location.href")
    page.locator("#id_answer").fill("From Monday on.")
    page.locator("[name=outcome]").first.evaluate("field => { field.checked = true; }")
    form = page.locator("#page-form").evaluate("form => Object.fromEntries(new FormData(form))")
    page.request.post(address, form=form | {"answer": "Sent from the other phone."}, headers={"referer": address})
    send(page)


def change_what_had_come(page):
    """The answer to the first post never came, so she changes something and sends the form again."""
    said = page.locator("#page-form").evaluate("""form => {
        for (const name of ["level", "direction", "communities", "heard_back", "visibility"]) {
            const fields = [...form.querySelectorAll(`[name=${name}]`)];
            if (fields.length && !fields.some(field => field.checked)) fields[0].checked = true;
        }
        return Object.fromEntries(new FormData(form));
    }""")
    address = page.locator("#page-form").evaluate("form => form.action")
    page.request.post(address, form=said, headers={"referer": address})
    page.locator("#page-form [name=visibility]:not(:checked)").first.evaluate("field => { field.checked = true; }")
    send(page)


def promise_to_a_family(page):
    page.locator("#id_text").fill("Visit the Tremblay family at the school.")
    page.locator("#id_due_on").fill(timezone.localdate().isoformat())
    send(page)


def save_an_old_version(page):
    page.locator("#id_version").evaluate("field => { field.value = 0; }")
    send(page)


def save_over_something_else(page):
    """Somebody else saved another value since the form was opened."""
    page.locator("#id_over").evaluate("field => { field.value = 'x'; }")
    send(page)


def invite_some(page):
    page.locator("#id_addresses").fill("new@people.example, nobody, old@x.example")
    send(page)


def write_over_a_newer_note(page):
    page.locator("#id_note").fill("Two of us were on leave.")
    save_an_old_version(page)


def look_for_a_word(page):
    page.get_by_role("searchbox").fill("councils")
    page.get_by_role("searchbox").press("Enter")


def look_for_nothing(page):
    page.get_by_role("searchbox").fill("zzzz")
    page.get_by_role("searchbox").press("Enter")


def lose_the_token(page):
    page.locator("main form input[name=csrfmiddlewaretoken]").first.evaluate("field => { field.value = ''; }")
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


def describe_a_family(page):
    page.locator("#id_aim").fill("The Tremblay family gets its visits.")
    send(page)


def ask_for_no_time(page):
    page.get_by_role("radio", checked=True).evaluate("field => { field.checked = false; }")
    send(page)


def make_it_monthly(page):
    page.locator("[name=cadence][value=monthly]").evaluate("field => { field.checked = true; }")
    page.locator("#id_grace_days").fill("10")
    send(page)


def save_older_settings(page):
    page.locator("#id_seen").evaluate("field => { field.value = 0; }")
    page.locator("[name=suggested_visibility]").first.evaluate("field => { field.checked = true; }")
    send(page)


def rename_over_another(page):
    page.locator("#id_seen").evaluate('field => { field.value = \'["Other", ""]\'; }')
    page.locator("#id_label_en").fill("Families from Yemen")
    send(page)


def send_too_much(page):
    """More fields than any form has."""
    page.locator("main form").first.evaluate("""form => {
        for (let n = 0; n < 1100; n++) {
            form.append(Object.assign(document.createElement("input"), { type: "hidden", name: n }));
        }
        form.requestSubmit();
    }""")


def answer_partly(page):
    page.locator("label[for=id_answer_1]").click()
    page.locator("main form").first.evaluate("form => form.requestSubmit()")


BLANK, FILLED, ERRORS = "blank", "filled", "with errors"
NONSENSE = "?kind=nonsense"
PAGES = {
    "actions:home": [Visit(BLANK, "newcomer"), Visit(FILLED), Visit("no team", "loner"), Visit("no agency", "analyst")],
    "actions:practices": [
        Visit(BLANK, "newcomer"),
        Visit(FILLED),
        Visit("some match", query="?q=visit"),
        Visit("none matches", query="?q=zzzz"),
    ],
    "actions:log": [
        Visit(BLANK),
        Visit(FILLED, query="?practice={practice}"),
        Visit(ERRORS, act=submit_nothing, status=422),
        Visit("warned", query="?practice={practice}", act=name_a_family, status=422),
        Visit("sent again, changed", query="?practice={practice}", act=change_what_had_come, status=409),
    ],
    "actions:quick_log": [
        Visit(FILLED, query="?practice={practice}"),
        Visit("sent again, changed", query="?practice={practice}", act=change_what_had_come, status=409),
        Visit(ERRORS, query="?practice={practice}", act=submit_nothing, status=422),
    ],
    "actions:detail": [
        Visit(FILLED, of="shared"),
        Visit("private", of="private"),
        Visit("of a team mate", of="mates"),
        Visit("not there", "newcomer", of="mates", status=404),
    ],
    "actions:edit": [
        Visit(FILLED, of="shared"),
        Visit(ERRORS, of="shared", act=submit_nothing, status=422),
        Visit("conflict", of="small", act=save_an_old_version, status=409),
    ],
    "actions:history": [Visit(FILLED, of="edited"), Visit(BLANK, of="shared")],
    "actions:year": [Visit(BLANK, "newcomer"), Visit(FILLED), Visit("with notes", query="?notes=on")],
    "actions:search": [Visit(BLANK), Visit(FILLED, act=look_for_a_word), Visit("none matches", act=look_for_nothing)],
    "actions:erase_texts": [Visit(BLANK, "newcomer"), Visit(FILLED)],
    "actions:export": [Visit(FILLED)],
    "actions:departure": [Visit(FILLED, "nobody", of="departure link")],
    "actions:record": [
        Visit(BLANK, "newcomer"),
        Visit(FILLED),
        Visit("second page, filtered", query="?visibility=shared&page=2"),
        Visit("none matches", query="?kind=learning&visibility=private"),
        Visit(ERRORS, query=NONSENSE, status=422),
    ],
    "actions:commitments": [Visit(BLANK, "newcomer"), Visit(FILLED)],
    "actions:new_commitment": [
        Visit(BLANK),
        Visit(ERRORS, act=submit_nothing, status=422),
        Visit("warned", "bob", act=promise_to_a_family, status=422),
    ],
    "actions:calendar": [Visit(BLANK, "newcomer"), Visit(FILLED)],
    "actions:renegotiate": [
        Visit(FILLED, of="promise"),
        Visit(ERRORS, of="promise", act=submit_nothing, status=422),
    ],
    "actions:drop": [Visit(FILLED, of="late"), Visit(ERRORS, of="late", act=submit_nothing, status=422)],
    "actions:draft": [Visit("not there", "newcomer", of="draft", status=404)],
    "actions:reflections": [Visit(BLANK, "newcomer"), Visit(FILLED)],
    "actions:reflection_new": [
        Visit(BLANK),
        Visit(FILLED, query="?prompt=rp_credit"),
        Visit(ERRORS, act=submit_nothing, status=422),
    ],
    "actions:reflection_on": [Visit(BLANK, of="private")],
    "actions:reflection": [Visit(FILLED, of="thought"), Visit("cannot be opened", of="shut")],
    "actions:reflection_edit": [
        Visit(FILLED, of="thought"),
        Visit(ERRORS, of="thought", act=submit_nothing, status=422),
        Visit("conflict", of="thought", act=save_an_old_version, status=409),
    ],
    "actions:reflection_delete": [Visit(FILLED, of="thought")],
    "actions:asks": [Visit(BLANK, "newcomer"), Visit(FILLED)],
    "actions:ask_new": [
        Visit(BLANK),
        Visit("about an action", query="?action={shared}"),
        Visit(ERRORS, act=submit_nothing, status=422),
        Visit("warned", act=name_two_families, status=422),
        Visit("nobody to ask", "lead"),
    ],
    "actions:ask": [
        Visit(FILLED, of="my_ask"),
        Visit("to be answered", "sana", of="ask"),
        Visit("answered", of="told"),
        Visit("not there", "newcomer", of="ask", status=404),
    ],
    "actions:ask_answer": [
        Visit(FILLED, "sana", of="ask"),
        Visit(ERRORS, "lead", of="lead_ask", act=submit_nothing, status=422),
        Visit("conflict", "sana", of="ask", act=answer_too_late, status=409),
    ],
    "actions:ask_inbox": [
        Visit(FILLED, "lead"),
        Visit("none matches", "lead", query="?barrier=skill"),
        Visit(ERRORS, "lead", query="?barrier=nonsense", status=422),
    ],
    "actions:team_asks": [
        Visit(BLANK, "newcomer", of="empty_team"),
        Visit(FILLED, of="team"),
        Visit("of a supervisor", "sana", of="team"),
        Visit("none matches", "sana", of="team", query="?barrier=skill"),
        Visit(ERRORS, of="team", query="?barrier=nonsense", status=422),
    ],
    "actions:initiatives": [
        Visit(BLANK, "outsider"),
        Visit(FILLED),
        Visit("of the lead", "lead"),
        Visit("of an analyst", "analyst"),
    ],
    "actions:initiative_new": [Visit(BLANK, "lead"), Visit(ERRORS, "lead", act=submit_nothing, status=422)],
    "actions:initiative": [
        Visit(FILLED, of="initiative"),
        Visit("of the lead", "lead", of="planned"),
        Visit("not there", "outsider", of="initiative", status=404),
    ],
    "actions:initiative_edit": [
        Visit(FILLED, "lead", of="initiative"),
        Visit("warned", "lead", of="initiative", act=describe_a_family, status=422),
        Visit("conflict", "lead", of="initiative", act=save_an_old_version, status=409),
    ],
    "actions:voice_links": [
        Visit(FILLED, "lead", of="initiative"),
        Visit("with a new link", "lead", of="planned", act=send),
        Visit(ERRORS, "lead", of="planned", act=ask_for_no_time, status=422),
    ],
    "actions:voice": [
        Visit(BLANK, "nobody", of="early_voice"),
        Visit(FILLED, "nobody", of="voice"),
        Visit("signed in", of="voice"),
        Visit(ERRORS, "nobody", of="voice", act=submit_nothing, status=422),
        Visit("answered", "nobody", of="voice_to_answer", act=answer_partly),
        Visit("closed", "nobody", of="x", status=404),
    ],
    "actions:voice_thanks": [Visit(FILLED, "nobody")],
    "actions:terms": [
        Visit(FILLED, "admin", of="communities"),
        Visit("to read", "lead", of="practices"),
    ],
    "actions:term_new": [
        Visit(BLANK, "admin", of="practices"),
        Visit(ERRORS, "admin", of="communities", act=submit_nothing, status=422),
    ],
    "actions:term_rename": [
        Visit("conflict", "admin", of="own_community communities", act=rename_over_another, status=409),
    ],
    "actions:allowed": [
        Visit(BLANK, "head"),
        Visit(FILLED, "admin"),
        Visit(ERRORS, "admin", act=submit_nothing, status=422),
    ],
    "actions:feed": [
        Visit(BLANK, "newcomer", of="empty_team"),
        Visit(FILLED, of="team"),
        Visit("filtered", of="team", query="?level=agency&page=2"),
        Visit("none matches", of="small_team", query="?level=sector"),
        Visit(ERRORS, of="team", query=NONSENSE, status=422),
    ],
    "offline": [
        Visit("nobody known", "nobody"),
        Visit(FILLED),
    ],
    "guide": [
        Visit(FILLED),
        Visit("no agency", "analyst"),
        Visit("before sign-in", "nobody"),
        Visit("some match", query="?q=note"),
        Visit("none matches", query="?q=zzzz"),
    ],
    "guide_page": [*(Visit(slug, of=slug) for slug in guide.PAGES), Visit("before sign-in", "nobody", of="records")],
    "reports:dashboard": [
        Visit(BLANK, "newcomer", of="empty_team"),
        Visit("few actions", of="small_team"),
        Visit(FILLED, "sana", of="team"),
        Visit("compared, filtered", of="team", query="?first={first}&last={last}&heard_back="),
        Visit(ERRORS, of="team", query="?first=2026-02-01&last=2026-01-01", status=422),
    ],
    "reports:commitments": [
        Visit(BLANK, "newcomer", of="empty_team"),
        Visit(FILLED, "sana", of="team"),
        Visit(ERRORS, of="team", query="?first=2026-02-01&last=2026-01-01", status=422),
    ],
    "reports:summaries": [Visit(BLANK, "alice", of="small_team"), Visit(FILLED, "sana", of="team")],
    "reports:summary": [Visit(BLANK, "newcomer", of="empty_summary"), Visit(FILLED, "sana", of="summary")],
    "reports:summary_note": [
        Visit(BLANK, "sana", of="empty_summary"),
        Visit("warned", "sana", of="summary", act=name_a_family, status=422),
        Visit("conflict", "sana", of="summary", act=write_over_a_newer_note, status=409),
    ],
    "teams:emails": [Visit(FILLED)],
    "teams:unsubscribe": [
        Visit(FILLED, "nobody", of="summaries link"),
        Visit("stopped", "nobody", of="reminders link", act=submit_nothing),
    ],
    "reports:settings": [Visit(FILLED, "admin"), Visit("to read", "lead")],
    "reports:settings_change": [
        Visit("to be confirmed", "admin", of="time", act=make_it_monthly),
        Visit(ERRORS, "admin", of="figures", act=submit_nothing, status=422),
        Visit("conflict", "admin", of="sharing", act=save_older_settings, status=409),
        Visit(FILLED, "admin", of="hold"),
    ],
    "reports:audit": [
        Visit(FILLED, "admin"),
        Visit("to read", "lead"),
        Visit(ERRORS, "admin", query="?kind=x", status=422),
    ],
    "reports:audit_of_person": [Visit(FILLED, "admin", of="alice")],
    "reports:audit_of_team": [Visit(FILLED, "admin", of="team")],
    "reports:jobs": [Visit(FILLED, "admin"), Visit("to read", "lead"), Visit(BLANK, "head")],
    "reports:imports": [Visit(BLANK, "head"), Visit(FILLED, "admin")],
    "reports:import_new": [
        Visit(FILLED, "admin", of="people"),
        Visit(ERRORS, "admin", of="people", act=submit_nothing, status=422),
    ],
    "reports:import": [
        Visit("checking", "admin", of="waiting_import"),
        Visit(ERRORS, "admin", of="wrong_import"),
        Visit("to be undone", "admin", of="done_import"),
    ],
    "teams:people": [
        Visit(FILLED, "admin"),
        Visit("to read, filtered", "lead", query="?role=supervisor&sort=-name"),
        Visit("none matches", "admin", query="?q=zzzz"),
        Visit(ERRORS, "admin", query="?team=x", status=422),
    ],
    "teams:people_add": [
        Visit(FILLED, "admin", query="?person={person}"),
        Visit(ERRORS, "admin", query="?person={person}", act=submit_nothing, status=422),
    ],
    "teams:people_close": [Visit(FILLED, "admin", query="?person={person}")],
    "teams:person": [Visit(FILLED, "admin", of="alice"), Visit("closed", "lead", of="gone")],
    "teams:person_edit": [
        Visit(FILLED, "admin", of="alice"),
        Visit("conflict", "admin", of="alice", act=save_over_something_else, status=409),
    ],
    "teams:person_close": [
        Visit(FILLED, "admin", of="alice"),
        Visit("last admin", "head", of="head", act=submit_nothing, status=422),
    ],
    "teams:spell_new": [
        Visit(BLANK, "admin", of="alice"),
        Visit(ERRORS, "admin", of="alice", act=submit_nothing, status=422),
    ],
    "teams:spell_move": [Visit(FILLED, "admin", of="spell")],
    "teams:spell_role": [Visit(FILLED, "admin", of="spell")],
    "teams:spell_end": [Visit(FILLED, "admin", of="spell")],
    "teams:agency_teams": [Visit(FILLED, "admin"), Visit(BLANK, "head")],
    "teams:team_close": [
        Visit(FILLED, "admin", of="team"),
        Visit("second step", "admin", of="team", query="?how=close&on={today}"),
        Visit(ERRORS, "admin", of="team", query="?how=merge", status=422),
    ],
    "reports:team": [Visit(FILLED, "admin", of="team"), Visit("to read", "lead", of="empty_team")],
    "reports:team_new": [Visit(BLANK, "admin"), Visit(ERRORS, "admin", act=submit_nothing, status=422)],
    "reports:team_edit": [Visit("conflict", "admin", of="team", act=save_over_something_else, status=409)],
    "teams:invitations": [
        Visit(BLANK, "head"),
        Visit(ERRORS, "admin", act=send, status=422),
        Visit("to read", "lead"),
        Visit("outcomes", "admin", act=invite_some),
    ],
    "teams:join": [
        Visit(BLANK, "nobody", of="join_link"),
        Visit(ERRORS, "nobody", of="join_link", act=submit_nothing, status=422),
        Visit("too old", "nobody", of="old_link", status=410),
    ],
    "reports:agency_figures": [
        Visit(BLANK, "outsider"),
        Visit(FILLED),
        Visit(ERRORS, query="?first=x", status=422),
    ],
    "reports:sector_figures": [Visit("withheld", "lead")],
    "teams:list": [Visit(BLANK, "loner"), Visit(FILLED)],
    "teams:members": [
        Visit(BLANK, "newcomer", of="empty_team"),
        Visit(FILLED, of="team"),
        Visit("of another team", "lead", of="team"),
    ],
    "teams:visibility": [
        Visit(BLANK, "newcomer"),
        Visit(FILLED),
        Visit(ERRORS, act=submit_nothing, status=422),
    ],
    "account_login": [
        Visit(BLANK, "nobody"),
        Visit(ERRORS, "nobody", act=submit_nothing),
        Visit("refused", "nobody", act=send_wrong_password),
        Visit("not sent", "nobody", act=lose_the_token, status=403),
        Visit("not read", "nobody", act=send_too_much, status=400),
    ],
    "teams:agency_account": [Visit(BLANK, "nobody"), Visit(ERRORS, "nobody", act=submit_nothing, status=422)],
    "teams:agency_account_back": [Visit("not believed", "nobody", of="agency_slug", status=403)],
    "teams:join_by_account": [Visit(BLANK, "nobody", of="account_link")],
    "teams:provider": [Visit(FILLED, "head"), Visit(ERRORS, "admin", act=submit_nothing, status=422)],
    "teams:provider_remove": [Visit(FILLED, "head")],
    "teams:address": [Visit(BLANK, "newcomer"), Visit(ERRORS, "newcomer", act=submit_nothing, status=422)],
    "teams:address_confirm": [Visit(FILLED, of="address_link"), Visit("too old", of="old_address_link", status=410)],
    "teams:person_address": [Visit(BLANK, "admin", of="alice")],
    "account_logout": [Visit(FILLED)],
    "account_inactive": [Visit(FILLED, "nobody")],
    "account_signup": [Visit(FILLED, "nobody")],
    "account_reauthenticate": [
        Visit(BLANK, "bob"),
        Visit(ERRORS, "bob", act=submit_nothing),
        Visit("not allowed", status=403),
        Visit("by the agency's account", "by agency"),
    ],
    "account_reauthenticate_by_mail": [
        Visit(BLANK, "by agency"),
        Visit("a code was asked for", "by agency", act=have_a_code_mailed),
        Visit(ERRORS, "by agency", act=type_a_wrong_code),
    ],
    "account_change_password": [
        Visit(BLANK, "bob"),
        Visit(ERRORS, "bob", act=submit_nothing),
        Visit("too short", "bob", act=send_short_password),
    ],
    "account_set_password": [Visit(BLANK), Visit(ERRORS, act=send_short_password)],
    "account_reset_password": [Visit(BLANK, "nobody"), Visit(ERRORS, "nobody", act=submit_nothing)],
    "account_reset_password_done": [Visit(FILLED, "nobody")],
    "account_reset_password_from_key": [
        Visit(BLANK, "nobody", of="reset link"),
        Visit(ERRORS, "nobody", of="reset link", act=send_short_password),
        Visit("used before", "nobody", of="old link"),
    ],
    "account_reset_password_from_key_done": [Visit(FILLED, "nobody")],
    "account_request_login_code": [Visit(BLANK, "nobody")],
    "account_confirm_login_code": [Visit("a code was asked for", "nobody", act=ask_for_code)],
    "mfa_authenticate": [Visit(BLANK, "nobody", act=come_to_the_second_step)],
    "mfa_reauthenticate": [Visit(BLANK, "keeper")],
    "mfa_index": [Visit(BLANK), Visit(FILLED, "keeper")],
    "mfa_deactivate_totp": [Visit(FILLED, "keeper")],
    "mfa_view_recovery_codes": [Visit(FILLED, "keeper")],
    "mfa_remove_webauthn": [Visit(FILLED, "keeper", of="passkey")],
    "mfa_activate_totp": [Visit(BLANK, "newcomer"), Visit(ERRORS, "newcomer", act=submit_nothing)],
    "mfa_add_webauthn": [Visit(BLANK, "newcomer")],
    "mfa_generate_recovery_codes": [Visit(FILLED, "keeper")],
    "teams:sessions": [Visit(FILLED), Visit("by the agency's account", "by agency")],
}
PARTS = ["actions:", "reports:", "teams:", "guide", "offline", "account", "mfa"]  # by what their names begin with
# No page for anyone's eyes: of which object, and what a GET is answered.
POST_ONLY = (405, "text/html")
NOT_PAGES = {
    "mfa_download_recovery_codes": ("", (404, "text/html")),
    "mfa_login_webauthn": ("", (200, "text/html")),
    "mfa_reauthenticate_webauthn": ("", (403, "text/html")),  # with a device: test_passkeys.py
    "teams:session_end": ("nobodys", POST_ONLY),
    "teams:sessions_end_others": ("", POST_ONLY),
    "teams:agency_account_link": ("", POST_ONLY),
    "teams:agency_account_unlink": ("", POST_ONLY),
    "teams:stay": ("", POST_ONLY),
    "actions:export_file": ("json", (200, "application/json")),
    "actions:departure_file": ("departure link json", (200, "application/json")),
    "actions:withdraw": ("shared", POST_ONLY),
    "actions:restore": ("shared", POST_ONLY),
    "actions:keep": ("promise", POST_ONLY),
    "actions:ask_withdraw": ("my_ask", POST_ONLY),
    "actions:ask_restore": ("my_ask", POST_ONLY),
    "actions:reopen": ("promise", POST_ONLY),
    "actions:undo_commitment": ("promise", POST_ONLY),
    "actions:withdraw_commitment": ("own_promise", POST_ONLY),
    "actions:restore_commitment": ("own_promise", POST_ONLY),
    "actions:calendar_on": ("", POST_ONLY),
    "actions:calendar_off": ("", POST_ONLY),
    "actions:voice_revoke": ("link", POST_ONLY),
    "actions:term_offer": ("own_community communities hide", POST_ONLY),
    "actions:term_move": ("own_community communities up", POST_ONLY),
    "actions:allowed_remove": ("allowed", POST_ONLY),
    "actions:calendar_feed": ("calendar link", (200, "text/calendar")),
    "actions:check_text": ("", POST_ONLY),
    "actions:device": ("", (200, "application/json")),
    "actions:draft_keep": ("", POST_ONLY),
    "actions:draft_delete": ("draft", POST_ONLY),
    "actions:receive": ("0a0b0c0d-0000-4000-8000-000000000001", POST_ONLY),
    "service_worker": ("", (200, "text/javascript")),
    "manifest": ("", (200, "application/manifest+json")),
    "actions:practice_helps": ("", (200, "application/json")),
    "teams:language": ("", POST_ONLY),
    "reports:summary_send": ("summary", POST_ONLY),
    "reports:try_again": ("mail", POST_ONLY),
    "reports:import_template": ("people csv", (404, "text/html")),
    "reports:import_progress": ("done_import", (404, "text/html")),
    "reports:import_errors": ("wrong_import", (404, "text/html")),
    **{f"reports:import_{verb}": ("done_import", POST_ONLY) for verb in ("confirm", "warnings", "cancel", "undo")},
    "teams:person_link": ("alice", POST_ONLY),
    "teams:person_open": ("gone", POST_ONLY),
    "teams:team_undo": ("closing", POST_ONLY),
    "teams:invitation_again": ("invitation", POST_ONLY),
    "teams:invitation_revoke": ("invitation", POST_ONLY),
    "teams:join_again": ("join_link", POST_ONLY),
    "reports:dashboard_file": ("team csv", (200, "text/csv")),
    "reports:agency_file": ("csv", (200, "text/csv")),
    "reports:audit_file": ("csv", (404, "text/html")),
    "reports:sector_file": ("csv", (404, "text/html")),
    "reports:summary_file": ("summary csv", (200, "text/csv")),
    "healthz": ("", (200, "application/json")),
    "readyz": ("", (503, "application/json")),
    "metrics": ("", (404, "text/html")),
}


def all_addresses(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from all_addresses(pattern.url_patterns, namespace + inner)
        else:
            yield namespace + pattern.name


def address_of(name, of, scene):
    if of == "reset link":
        return reverse(name, kwargs=scene.reset_link("alice"))
    if of == "old link":
        return reverse(name, kwargs={"uidb36": "1", "key": "bad"})
    if of in {"reminders link", "summaries link"}:
        series = Series[of.split()[0].upper()]
        return reverse(name, args=[unsubscribing.token(scene.alice, series)])
    if of.startswith("departure link"):
        return reverse(name, args=[departures.token(scene.departure), *of.split()[2:]])
    if of == "calendar link":
        return reverse(name, args=[calendars.SIGNER.sign(scene.alice.calendar_key.hex)])
    if not of:
        return reverse(name)
    of, *rest = of.split()
    found = getattr(scene, of, of)
    return reverse(name, args=[getattr(found, "pk", found), *rest])


def query_of(visit, scene):
    """The visit's query, with an object of the scene where it names one."""
    quarter = scene.quarters[-1]
    return visit.query.format(
        practice=form_data()["practice"],
        shared=scene.shared.pk,
        first=quarter.first,
        last=quarter.last,
        person=scene.alice.pk,
        today=scene.agency.today(),
    )


def test_rows_know_every_address():
    assert sorted(all_addresses(get_resolver().url_patterns)) == sorted([*PAGES, *NOT_PAGES])
    assert [name for name in PAGES if sum(name.startswith(part) for part in PARTS) != 1] == []


class Reading:
    """One browser that goes from page to page, and notes what is wrong with each."""

    def __init__(self, page, scene, address):
        self.page, self.scene, self.address = page, scene, address
        self.zoom = page.context.new_cdp_session(page)
        self.held = {name: scene.cookies(name, address) for name in ("nobody", *scene.readers)}
        self.faults, self.where, self.expected = [], "", 200
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.note("script", error))
        page.on("requestfailed", self._note_not_loaded)
        self.loading = set()
        page.on("request", self._begin_loading)
        page.on("requestfinished", self._end_loading)
        page.on("requestfailed", self._end_loading)

    def note(self, kind, *found):
        """The first few of one kind are enough: what holds them often sticks out too."""
        self.faults += [f"{self.where}: {kind}: {fault}" for fault in found[:4]]

    def _note_not_loaded(self, request):
        """What is asked until the page is left, of what is typed and of a job: an answer is none too few then."""
        if not request.url.endswith(("/log/check/", "/progress/")):
            self.note("not loaded", request.url)

    def _note_console(self, message):
        told = f"Failed to load resource: the server responded with a status of {self.expected} "
        if message.type in {"error", "warning"} and not message.text.startswith(told):
            self.note("console", message.text)

    def open(self, name, visit):
        """Go there as the reader does, on a phone, and do what the visit does."""
        page = self.page
        self.where = f"{self.scene.language} {name}, {visit.state}"
        self.expected = visit.status
        page.context.clear_cookies()
        page.context.add_cookies(self.held[visit.reader])
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme=SCHEMES["phone"], reduced_motion="reduce")
        response = page.goto(self.address + address_of(name, visit.of, self.scene) + query_of(visit, self.scene))
        if visit.act:
            self._wait_for_all()
            with page.expect_navigation() as sent:
                visit.act(page)
            response = sent.value
        page.wait_for_selector("body:not([data-waits])", state="attached")
        if response.status != visit.status:
            self.note("status", response.status)

    def _begin_loading(self, request):
        self.loading.add(request)

    def _end_loading(self, request):
        self.loading.discard(request)

    def _wait_for_all(self):
        """The icon of a page comes after all else; a page that is left before would break its loading off."""
        for _ in range(1000):
            if not self.loading:
                return
            self.page.wait_for_timeout(20)

    def check(self):
        """All that can be asked of the page at this one load: on the phone, at 400 %, at the desk."""
        self._check_head()
        self._ask("once loaded", "shifts")
        self.page.evaluate("pageChecks.openDetails()")
        self._ask("on a phone", "overflows", "cutOff", "hiddenFocus", "smallTargets")
        self._ask_axe("phone")
        self.zoom.send("Emulation.setDeviceMetricsOverride", ZOOMED)
        self._ask("at 400 %", "overflows", "cutOff", "hiddenFocus")
        self.page.set_viewport_size(DESK)
        self.page.emulate_media(color_scheme=SCHEMES["desk"], reduced_motion="reduce")
        self._ask("at a desk", "overflows", "smallTargets")
        self._ask_axe("desk")
        self.page.evaluate("pageChecks.spaceOut()")
        self._ask("at a desk, spaced out", "overflows", "cutOff")
        self.page.set_viewport_size(PHONE)
        self._ask("on a phone, spaced out", "overflows", "cutOff")

    def _check_head(self):
        head = self.page.evaluate("pageChecks.head()")
        titled = re.fullmatch(r"\S.+ - Allyship", head.pop("title"))
        if not titled or head != {"lang": f"{self.scene.language}-ca", "headings": 1}:
            self.note("head", f"{head} {self.page.title()}")

    def _ask_axe(self, window):
        if window == AXE[self.scene.language]:
            self.note(f"{window}, axe", *violations(self.page))

    def _ask(self, window, *questions):
        answers = self.page.evaluate("questions => pageChecks.ask(questions)", questions)
        for question, answer in zip(questions, answers, strict=True):
            self.note(f"{window}, {question}", *answer)


# A page on which everything is wrong that can be asked for; what its policy forbids is wrong too.
BROKEN = {
    "page.html": """<!doctype html><html lang="xx"><title>Broken</title><link rel="stylesheet" href="/broken/page.css">
        <script src="/broken/page.js"></script><script>"forbidden"</script>
        <main><h1>One</h1><h1>Two</h1><p class="wide">wide</p><p class="cut">cut off</p>
        <p class="pale">pale <button>x</button></p><img src="/broken/lost.svg">
        <a class="low" href="#">low</a></main><div class="bar">a bar over what is below</div>""",
    "page.css": """.wide { width: 1400px } .cut { width: 30px; overflow: hidden; white-space: nowrap }
        .pale { background: #fff; color: #eee } button { height: 20px } .low { position: absolute; top: 700px }
        .bar { position: fixed; inset: auto 0 0; height: 120px; background: #fff } .late { height: 300px }""",
    "page.js": """addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => {
        document.body.prepend(Object.assign(document.createElement("div"), { className: "late" }));
        throw new Error("thrown");
    }, 50)));""",
}


def answer_broken(route):
    name = route.request.url.rpartition("/")[2] or "page.html"
    if name in BROKEN:
        policy = {"Content-Security-Policy": "default-src 'self'"}
        kind = {"html": "text/html", "css": "text/css", "js": "text/javascript"}[name.rpartition(".")[2]]
        route.fulfill(status=500 if kind == "text/html" else 200, headers=policy, content_type=kind, body=BROKEN[name])
    else:
        route.abort()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_wrong_is_noted(transactional_db, site, page, language):
    page.route(re.compile("/broken/|/my/record/"), answer_broken)
    reading = Reading(page, Scene(language), site)

    reading.open("actions:record", Visit("broken"))
    page.wait_for_selector(".late")
    reading.check()

    noted = {fault.split(": ")[1] for fault in reading.faults}
    assert noted == {
        *("status", "console", "script", "not loaded", "head"),
        f"{AXE[language]}, axe",
        "once loaded, shifts",
        *(f"on a phone, {question}" for question in ("overflows", "cutOff", "hiddenFocus", "smallTargets")),
        *(f"at 400 %, {question}" for question in ("overflows", "cutOff", "hiddenFocus")),
        *(f"at a desk, {question}" for question in ("overflows", "smallTargets")),
        *(f"at a desk, spaced out, {question}" for question in ("overflows", "cutOff")),
        *(f"on a phone, spaced out, {question}" for question in ("overflows", "cutOff")),
    }
    told = "\n".join(reading.faults)
    assert [word for word in ("policy: script-src-elem", "'color-contrast'", "'image-alt'") if word not in told] == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_reads_well_in_every_state(transactional_db, site, page, language, part):
    reading = Reading(page, Scene(language), site)
    for name in (name for name in PAGES if name.startswith(part)):
        for visit in PAGES[name]:
            reading.open(name, visit)
            reading.check()

    assert reading.faults == [], "\n".join(reading.faults)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_of_a_server_error_reads_well(transactional_db, site, page, language, method):
    with translation.override(f"{language}-ca"):
        made = server_error(getattr(RequestFactory(), method)("/my/record/", {"year": "2026"}))
    headers = {"Content-Security-Policy": build_policy(settings.SECURE_CSP), "Content-Type": made["Content-Type"]}
    page.route("**/my/record/", lambda route: route.fulfill(status=500, headers=headers, body=made.text))
    reading = Reading(page, Scene(language), site)

    reading.open("actions:record", Visit("server error", status=500))
    reading.check()

    assert reading.faults == [], "\n".join(reading.faults)


def test_what_is_no_page_shows_none(transactional_db, site, context):
    scene = Scene()
    context.add_cookies(scene.cookies("alice", site))

    answers = {name: context.request.get(site + address_of(name, of, scene)) for name, (of, _) in NOT_PAGES.items()}

    told = {name: (answer.status, answer.headers["content-type"].split(";")[0]) for name, answer in answers.items()}
    assert told == {name: expected for name, (_, expected) in NOT_PAGES.items()}
