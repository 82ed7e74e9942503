"""Every e-mail, sent the way it is sent in earnest, in both languages: to whom, with what in it, and where it leads.

A template, a function of a notifications module or a place that sends mail which stands in no table here is a failure.
To add an e-mail: a function below that brings about that it is sent, and a line in EMAILS.
"""

import ast
import re
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import TestCase
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone

from actions import departures
from actions.models.action import UNDO
from reports import summaries, tasks
from reports.mails import ask_mails
from reports.models import Delivery
from teams import account_mails, invitations
from teams.invitations import Offer
from teams.models import Agency, Invitation, Provider, Worker
from tests.factories import PASSWORD, code_of
from tests.sweeps.modules import modules
from tests.sweeps.pages import Page
from tests.sweeps.walk import Walker
from tests.sweeps.world import World

NEW_PASSWORD = "river-lantern-quilt"
STRANGER = "canary.stranger@elsewhere.example"
AFTER_THE_NEXT_QUARTER = datetime(2026, 10, 12, 16, 0, tzinfo=UTC)
ALMOST_TWO_YEARS_AGO = datetime(2024, 8, 10, 12, 0, tzinfo=UTC)
MONDAY_AT_EIGHT = datetime(2026, 7, 27, 12, 0, tzinfo=UTC)
LINK = re.compile(r"https?://[^\s\"'<>]+")
GREETING = {"en-ca": "Hello", "fr-ca": "Bonjour"}


# What brings each e-mail about -------------------------------------------------------------------------------------


def a_quarter_ends(walker: Walker, time_machine):
    time_machine.move_to(AFTER_THE_NEXT_QUARTER)
    for row in summaries.notice_due(now=timezone.now()):
        tasks.close_period(str(row.agency_id), row.first_day.isoformat(), row.last_day.isoformat())
    tasks.deliver()


def asks_wait(walker: Walker, time_machine):
    hear_of_asks(Delivery.Kind.ASK_WAITS, time_machine)


def asks_are_answered(walker: Walker, time_machine):
    hear_of_asks(Delivery.Kind.ASK_ANSWERED, time_machine)


def hear_of_asks(kind, time_machine):
    time_machine.shift(UNDO)
    ask_mails.queue_due(now=timezone.now())
    Delivery.objects.exclude(kind=kind).delete()
    tasks.deliver()


def a_week_begins(walker: Walker, time_machine):
    time_machine.move_to(MONDAY_AT_EIGHT)
    tasks.tick()
    Delivery.objects.exclude(kind=Delivery.Kind.REMINDER).delete()
    tasks.deliver()


def bob_leaves(walker: Walker, time_machine):
    departures.close_account(walker.world.people["bob"], now=timezone.now())
    tasks.tick()
    Delivery.objects.exclude(kind=Delivery.Kind.ACCOUNT_CLOSED).delete()
    tasks.deliver()


def alice_stays_away(walker: Walker, time_machine):
    Agency.objects.update(held_on=None, hold_reason="")
    Worker.objects.filter(email=walker.world.people["alice"].email).update(last_login=ALMOST_TWO_YEARS_AGO)
    tasks.retention()
    tasks.deliver()


def some_are_invited(walker: Walker, time_machine):
    hear_of_invitations(["canary.new@elsewhere.example"], walker)


def charlie_is_invited_elsewhere(walker: Walker, time_machine):
    hear_of_invitations([walker.world.people["charlie"].email], walker)


def hear_of_invitations(addresses, walker):
    Invitation.objects.update(revoked_at=timezone.now())
    admin, offer = walker.world.people["admin"], Offer(language=walker.language[:2])
    invitations.invite(admin.agency, addresses, offer=offer, now=timezone.now(), by=admin)
    tasks.tick()
    Delivery.objects.exclude(kind=Delivery.Kind.INVITATION).delete()
    tasks.deliver()


def alice_forgets_her_password(walker: Walker, time_machine):
    ask_for_link(walker, walker.world.people["alice"].email)


def alice_opens_the_link(walker: Walker, time_machine):
    ask_for_link(walker, walker.world.people["alice"].email)
    (link,) = LINK.findall(mail.outbox.pop().body)
    page = walker.client.get(urlsplit(link).path, headers=headers(walker), follow=True)
    post(walker, page.redirect_chain[-1][0], password1=NEW_PASSWORD, password2=NEW_PASSWORD)


def alice_changes_her_password(walker: Walker, time_machine):
    walker.be("alice")
    address = reverse("account_change_password")
    post(walker, address, oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD)


def bob_sets_his_first_password(walker: Walker, time_machine):
    walker.be("bob")
    post(walker, reverse("account_set_password"), password1=NEW_PASSWORD, password2=NEW_PASSWORD)


def a_stranger_asks_for_a_password(walker: Walker, time_machine):
    ask_for_link(walker, STRANGER)


def alice_asks_for_a_code(walker: Walker, time_machine):
    walker.be("anonymous")
    post(walker, reverse("account_request_login_code"), email=walker.world.people["alice"].email)


def bob_has_just_shown_that_it_is_he(walker: Walker):
    session = walker.client.session
    record = {"method": "mfa", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(walker.world.people["bob"].pk)
    session.save()


def bob_sets_up_an_app(walker: Walker, time_machine):
    walker.be("bob")
    bob_has_just_shown_that_it_is_he(walker)
    page = walker.client.get(reverse("mfa_activate_totp"), headers=headers(walker))
    post(walker, reverse("mfa_activate_totp"), code=code_of(page.context["form"].secret))


def bob_removes_his_app(walker: Walker, time_machine):
    bob_sets_up_an_app(walker, time_machine)
    mail.outbox.clear()
    post(walker, reverse("mfa_deactivate_totp"), code="")


def bob_makes_new_recovery_codes(walker: Walker, time_machine):
    bob_sets_up_an_app(walker, time_machine)
    mail.outbox.clear()
    post(walker, reverse("mfa_generate_recovery_codes"))


def bob_adds_a_passkey(walker: Walker, time_machine):
    """The device's part is played in tests/browser/test_passkeys.py."""
    walker.be("bob")
    with mock.patch.multiple(auth, parse_registration_response=mock.Mock(), complete_registration=mock.Mock()):
        post(walker, reverse("mfa_add_webauthn"), name="My passkey", credential='{"id": "x"}')


def bob_removes_his_passkey(walker: Walker, time_machine):
    passkey = {"name": "My passkey", "credential": {}}
    kept = Authenticator.objects.create(user=walker.world.people["bob"], type="webauthn", data=passkey)
    walker.be("bob")
    bob_has_just_shown_that_it_is_he(walker)
    post(walker, reverse("mfa_remove_webauthn", args=[kept.pk]))


def bob_wants_another_address(walker: Walker, time_machine):
    walker.be("bob")
    post(walker, reverse("teams:address"), email=STRANGER)


def bob_wants_charlies_address(walker: Walker, time_machine):
    walker.be("bob")
    post(walker, reverse("teams:address"), email=walker.world.people["charlie"].email)


def bob_confirms_another_address(walker: Walker, time_machine):
    bob_wants_another_address(walker, time_machine)
    (link,) = LINK.findall(mail.outbox.pop().body)
    post(walker, urlsplit(link).path)


def bob_links_an_account(walker: Walker, time_machine):
    """The provider's part is played in tests/teams/test_agency_accounts.py."""
    walker.be("bob")
    bob = walker.world.people["bob"]
    provider = Provider(agency=bob.agency, issuer="https://login.example", client_id="x", sealed_secret=b"x")
    provider.save()
    session = walker.client.session
    attempt = dict.fromkeys(["state", "nonce", "verifier"], "x")
    about = {"purpose": "link", "provider": str(provider.pk), "worker": str(bob.pk), "at": timezone.now().timestamp()}
    session["agency_account"] = attempt | about
    session.save()
    with (
        mock.patch("teams.signing_in.providers.client"),
        mock.patch("teams.signing_in.oidc.claims_of", return_value={"sub": "bob"}),
    ):
        walker.client.get(reverse("teams:agency_account_back", args=[bob.agency.slug]), headers=headers(walker))
    account_mails.send_due()


def bob_unlinks_an_account(walker: Walker, time_machine):
    bob_links_an_account(walker, time_machine)
    mail.outbox.clear()
    bob_has_just_shown_that_it_is_he(walker)
    post(walker, reverse("teams:agency_account_unlink"))


def ask_for_link(walker, address):
    walker.be("anonymous")
    post(walker, reverse("account_reset_password"), email=address)


def post(walker, address, **data):
    with TestCase.captureOnCommitCallbacks() as callbacks:
        response = walker.client.post(address, data, headers=headers(walker))
    assert response.status_code == 302
    with request_context(response.wsgi_request):  # in earnest they run before the request is over
        for callback in callbacks:
            callback()
    account_mails.send_due()


def headers(walker):
    return {"accept-language": walker.language, "host": settings.SITE.netloc, "user-agent": "a browser"}


@dataclass(frozen=True)
class Email:
    """`to` has the texts of the world that each recipient reads in it, and no other; None is no account of ours."""

    brought_about_by: Callable
    templates: set[str]
    to: list[tuple[str | None, set[str]]]


def of_allauth(brought_about_by, *names, to: str | None = "alice"):
    """What allauth sends; in our words, in templates of these names."""
    templates = {f"account/email/{name}.txt" for name in [*names, "base_message"]}
    return Email(brought_about_by, templates, [(to, set())])


def of_second_factors(brought_about_by, *names):
    templates = {f"mfa/email/{name}_{part}.txt" for name in names for part in ("subject", "message")}
    around = {f"account/email/{name}.txt" for name in ("base_message", "base_notification")}
    return Email(brought_about_by, templates | around, [("bob", set())])


def both(name):
    return [f"{name}_subject", f"{name}_message"]


RESET = ["password_reset_key_subject", "password_reset_key_message"]
NOTICE = "base_notification"
SHEET = "emails/_sheet.html"  # around each of ours in HTML
ONE_SENTENCE = {"emails/notice.txt", "emails/notice.html", SHEET}
TO_A_STRANGER = {"emails/invitation.txt", "emails/invitation.html", SHEET}
EMAILS = {
    "reports.mails.notifications.ask_waits": Email(
        asks_wait,
        ONE_SENTENCE,
        [
            ("carla", {"the name of the team of Charlie's agency"}),
            ("lead", set()),
            ("sana", {"the name of the team of Alice's agency"}),
        ],
    ),
    "reports.mails.notifications.ask_answered": Email(
        asks_are_answered, ONE_SENTENCE, [(asker, set()) for asker in ("alice", "charlie") for _answer in range(3)]
    ),
    "reports.mails.notifications.team_summary": Email(
        a_quarter_ends,
        {"emails/team_summary.txt", "emails/team_summary.html", SHEET},
        [
            ("carla", {"the name of the team of Charlie's agency"}),
            ("director", {"the name of Kinship"}),
            ("director", {"the name of the director's second team"}),
            ("sana", {"the name of the team of Alice's agency"}),
        ],
    ),
    "reports.mails.notifications.reminder": Email(
        a_week_begins, {"emails/reminder.txt", "emails/reminder.html", SHEET}, [("alice", set()), ("charlie", set())]
    ),
    "reports.mails.notifications.account_closed": Email(
        bob_leaves, ONE_SENTENCE, [("bob", {"the name of Alice's agency"})]
    ),
    "reports.mails.notifications.reflections_go": Email(alice_stays_away, ONE_SENTENCE, [("alice", set())]),
    "reports.mails.notifications.invited": Email(
        some_are_invited, TO_A_STRANGER, [(None, {"the name of Alice's agency"})]
    ),
    "reports.mails.notifications.address_taken": Email(
        charlie_is_invited_elsewhere, TO_A_STRANGER, [("charlie", {"the name of Alice's agency"})]
    ),
    "password_reset_key": of_allauth(alice_forgets_her_password, *RESET),
    "password_reset": of_allauth(
        alice_opens_the_link, *RESET, "password_reset_subject", "password_reset_message", NOTICE
    ),
    "password_changed": of_allauth(
        alice_changes_her_password, "password_changed_subject", "password_changed_message", NOTICE
    ),
    "password_set": of_allauth(
        bob_sets_his_first_password, "password_set_subject", "password_set_message", NOTICE, to="bob"
    ),
    "unknown_account": of_allauth(
        a_stranger_asks_for_a_password, "unknown_account_subject", "unknown_account_message", to=None
    ),
}
EMAILS |= {
    "login_code": of_allauth(alice_asks_for_a_code, "login_code_subject", "login_code_message"),
    "totp_activated": of_second_factors(bob_sets_up_an_app, "totp_activated"),
    "totp_deactivated": of_second_factors(bob_removes_his_app, "totp_activated", "totp_deactivated"),
    "webauthn_added": of_second_factors(bob_adds_a_passkey, "webauthn_added"),
    "webauthn_removed": of_second_factors(bob_removes_his_passkey, "webauthn_removed"),
    "recovery_codes_generated": of_second_factors(
        bob_makes_new_recovery_codes, "totp_activated", "recovery_codes_generated"
    ),
}
EMAILS |= {
    "address_confirm": of_allauth(bob_wants_another_address, *both("address_confirm"), to=None),
    "address_taken": of_allauth(bob_wants_charlies_address, *both("address_taken"), to="charlie"),
    "address_changed": of_allauth(
        bob_confirms_another_address, *both("address_confirm"), *both("address_changed"), NOTICE, to="bob"
    ),
    "agency_account_linked": of_allauth(bob_links_an_account, *both("agency_account_linked"), NOTICE, to="bob"),
    "agency_account_unlinked": of_allauth(
        bob_unlinks_an_account, *both("agency_account_linked"), *both("agency_account_unlinked"), NOTICE, to="bob"
    ),
}
NEVER_SENT = {
    "account_already_exists": "there is no sign-up",
    "email_changed": "addresses are changed by a page of ours",
    "email_confirm": "addresses come from the agency",
    "email_confirmation": "addresses come from the agency",
    "email_confirmation_signup": "there is no sign-up",
    "email_deleted": "addresses are changed by a page of ours",
    "password_reset_code": "a link is sent, not a code",
}
SENDING = {
    "reports.mails.notifications._message": "makes the message",
    "reports.mails.deliveries._send": "sends it",
    "teams.account_mails._opened": "makes what allauth wrote a message again",
    "teams.account_mails._send": "sends it",
    "teams.views.addresses._proposed": "has one written about a new address",
    "teams.views.signing_in.AgainByMail._send": "has one written with a code",
}
MAIL_CALLS = {
    "EmailMessage",
    "EmailMultiAlternatives",
    "Stoppable",
    "email_user",
    "mail_admins",
    "mail_managers",
    "send",
    "send_mail",
    "send_mass_mail",
    "send_messages",
    "sendmail",
}


# Is every e-mail known? --------------------------------------------------------------------------------------------


def test_every_template_of_an_email_is_known():
    sent = set().union(*(email.templates for email in EMAILS.values()))
    unsent = {f"account/email/{name}_{part}.txt" for name in NEVER_SENT for part in ("subject", "message")}

    assert sorted(email_templates()) == sorted(sent | unsent)


def email_templates():
    """All templates in folders named email or emails: ours, and those of the packages that we have installed."""
    folders = [settings.BASE_DIR / "templates", *(Path(app.path) / "templates" for app in apps.get_app_configs())]
    paths = {path.relative_to(folder) for folder in folders for path in folder.rglob("*.*")}
    installed = {"emails", *(app.label for app in apps.get_app_configs())}
    return {
        path.as_posix() for path in paths if {"email", "emails"} & set(path.parts[:-1]) and path.parts[0] in installed
    }


def test_every_function_of_a_notifications_module_is_known():
    found = {
        f"{module.__name__}.{name}"
        for module in modules()
        if module.__name__.endswith("notifications")
        for name, value in vars(module).items()
        if callable(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }

    assert found == {name for name in EMAILS if "." in name}


def test_every_place_that_sends_mail_is_known():
    found = {
        f"{module.__name__}.{function}"
        for module in modules()
        for function in functions_that_call(MAIL_CALLS, Path(module.__file__))
    }

    assert found == set(SENDING)


def functions_that_call(names, path):
    """The functions of the file, methods with their class, that call something of one of these names."""

    def search(node, inside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from search(child, [*inside, child.name])
            else:
                called = child.func if isinstance(child, ast.Call) else None
                if getattr(called, "attr", getattr(called, "id", None)) in names:
                    yield ".".join(inside)
                yield from search(child, inside)

    return set(search(ast.parse(path.read_text()), []))


# What is in it, and who gets it? -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
@pytest.mark.parametrize("name", EMAILS)
def test_email_says_to_its_recipient_what_she_may_read(world, time_machine, name, language):
    email, walker = EMAILS[name], Walker(world, language)
    with rendered() as templates:
        email.brought_about_by(walker, time_machine)
    messages = sorted(mail.outbox, key=lambda message: message.recipients())

    assert [(role_of(message, world), texts_in(message, world)) for message in messages] == email.to
    assert templates & email_templates() == email.templates
    assert [wrong for message in messages for wrong in faults(message, language, with_html="." in name)] == []
    assert [link for message in messages for link in dead_links(message, walker)] == []


@contextmanager
def rendered():
    """The names of the templates that are rendered meanwhile."""
    names: set[str] = set()

    def note(template, **_):
        names.add(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


def role_of(message, world: World):
    (address,) = message.recipients()
    return next((role for role, worker in world.people.items() if worker.email == address), None)


def parts(message):
    """Its text, and its HTML where it has one."""
    return [message.body, *(alternative.content for alternative in message.alternatives)]


def texts_in(message, world: World):
    """The texts of the world that it carries, headers included, but for its reader's own name and address."""
    worker = world.people.get(role_of(message, world))
    own = {worker.name, worker.email} if worker else set()
    whole = " ".join([message.subject, *parts(message), str(message.extra_headers)])
    return {what for what, texts in world.canaries.items() if any(text in whole for text in texts if text not in own)}


def faults(message, language, *, with_html):
    if not re.fullmatch(r"\S.*", message.subject):
        yield f"the subject is {message.subject!r}"
    if not message.body.lstrip().startswith(GREETING[language]):
        yield f"the text begins with {message.body[:20]!r}"
    if [alternative.mimetype for alternative in message.alternatives] != (["text/html"] if with_html else []):
        yield "other parts than a text and, where it is ours, its HTML"
    for alternative in message.alternatives:
        page = Page(alternative.content)
        if [element["lang"] for element in page.all("html")] != [language]:
            yield "the HTML is in another language"
        if len(page.all("h1")) != 1 or not page.all("title")[0].shown:
            yield "the HTML has no title or not one heading"
        if page.all("img", "script", "link", "iframe", "form"):
            yield "the HTML fetches something"
    if not any(LINK.search(part) or "Allyship" in part for part in parts(message)):
        yield "it does not say where it comes from"


def dead_links(message, walker: Walker):
    """Links that do not lead to a page of ours, which its reader gets."""
    role = role_of(message, walker.world)
    for link in {link for part in parts(message) for link in LINK.findall(part)}:
        walker.be("anonymous" if role is None or "/password/reset/" in link else role)
        answer = walker.client.get(link.removeprefix(settings.SITE_URL), headers=headers(walker), follow=True)
        if not link.startswith(f"{settings.SITE_URL}/") or answer.status_code != 200 or "token_fail" in answer.context:
            yield link
