"""Links that need no sign-in, used again, by others, for something else, or changed: each does one thing, once."""

import re
from datetime import timedelta

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import voices
from actions.models import Initiative, VoiceCount
from teams import invitations
from teams.models import Invitation, Worker
from tests.factories import PASSWORD

JOIN = {"name": "New", "language": "en", "password1": PASSWORD, "password2": PASSWORD}
# Names under which a link's token stands in the world, each with the page that it opens.
PAGES = {
    "calendar_link": "actions:calendar_feed",
    "reminders_link": "teams:unsubscribe",
    "summaries_link": "teams:unsubscribe",
    "voice_link": "actions:voice",
    "join_link": "teams:join",
}


def changed(token):
    """The token as somebody changes it who has one and wants another's."""
    last = "0" if token[-1] != "0" else "1"
    yield from (token[:-1], token + "0", token[:-1] + last, token.swapcase(), f" {token}", token[::-1], f"{token}%00")
    if "." in token:
        said, seal = token.split(".", 1)
        yield from (f"{said}.", f".{seal}", f"{said}0.{seal}", said, f"{said}.{seal}.{seal}", f"{said.upper()}.{seal}")
        yield from (token.replace("reminders", "summaries"), token.replace("summaries", "reminders"))


def test_changed_token_opens_nothing(attacker):
    wrong = []
    for name, page in PAGES.items():
        token = str(attacker.world.objects[name])
        assert attacker.strike("anonymous", "get", reverse(page, args=[token])).status == 200
        for other in set(changed(token)) - {token}:
            for method in ("get", "post"):
                strike = attacker.strike("anonymous", method, reverse(page, args=[other]))
                if strike.status not in {404, 405} or strike.changed:
                    wrong.append((name, method, other, strike.status))

    assert wrong == []


def test_token_for_one_thing_is_good_for_no_other(attacker):
    wrong = []
    pages = {*PAGES.values(), "actions:departure"}
    for name, own in PAGES.items():
        for page in pages - {own}:
            strike = attacker.strike("anonymous", "post", reverse(page, args=[attacker.world.objects[name]]), JOIN)
            asked = attacker.strike("anonymous", "get", reverse(page, args=[attacker.world.objects[name]]))
            wrong += [(name, page)] if {strike.status, asked.status} - {404, 405} or strike.changed else []

    assert wrong == []


# Invitations -------------------------------------------------------------------------------------------------------


@pytest.fixture
def invitation(attacker):
    return Invitation.objects.get(pk=attacker.world.objects["invitation"])


def spent(invitation, how):
    """The link after it was used, taken back, replaced, or left for too long."""
    now = timezone.now()
    token = invitations.token(invitation)
    if how == "accepted":
        invitations.accept(invitation, name="New", password=PASSWORD, language="en", now=now)
    elif how == "revoked":
        invitations.revoke(invitation, now=now, by=None)
    elif how == "replaced":
        invitations.renew(invitation, now=now, by=None)
    else:
        earlier = now - invitations.LASTS - timedelta(seconds=1)
        Invitation.objects.filter(pk=invitation.pk).update(invited_at=earlier, expires_at=now - timedelta(seconds=1))
    return token


def test_spent_invitation_makes_no_account_and_changes_none(attacker, invitation):
    others = {"email": "mallory@evil.example", "agency": str(attacker.world.people["charlie"].agency_id)}
    for how in ("accepted", "revoked", "replaced", "expired"):
        with transaction.atomic():
            token = spent(invitation, how)
            attacker.before = {}
            strikes = [
                attacker.strike("anonymous", "post", reverse("teams:join", args=[token]), JOIN | others) for _ in "12"
            ]
            asked = attacker.strike("anonymous", "get", reverse("teams:join", args=[token]))
            transaction.set_rollback(True)

        assert (how, [(strike.status, strike.changed) for strike in strikes]) == (how, [(410, set())] * 2)
        assert (how, asked.status, invitation.email in asked.text) == (how, 410, False)


def test_invitation_makes_the_account_that_the_admin_meant_whatever_is_posted(attacker, invitation):
    theirs = attacker.world.theirs
    planted = {
        "email": "mallory@evil.example",
        "agency": str(attacker.world.people["charlie"].agency_id),
        "teams": str(theirs["team"]),
        "team": str(theirs["team"]),
        "role": "supervisor",
        "is_admin": "on",
        "is_equity_lead": "on",
        "is_operator": "on",
        "is_analyst": "on",
        "is_active": "on",
    }
    path = reverse("teams:join", args=[invitations.token(invitation)])
    strike = attacker.strike("anonymous", "post", path, JOIN | planted, looks=True)
    (made,) = [row for row in strike.became["teams_worker"].values() if row["email"] == invitation.email]
    spells = [row for row in strike.became["teams_membership"].values() if row["worker_id"] == made["id"]]

    roles = ("is_admin", "is_equity_lead", "is_operator", "is_analyst")
    assert (made["agency_id"], [made[name] for name in roles]) == (str(invitation.agency_id), [False] * 4)
    assert [(spell["team_id"], spell["role"]) for spell in spells] == [(str(attacker.world.objects["team"]), "member")]


def test_signed_in_admin_who_opens_an_invitation_stays_who_she_is(attacker, invitation):
    path = reverse("teams:join", args=[invitations.token(invitation)])
    strike = attacker.strike("admin", "post", path, JOIN, looks=True)
    admin = attacker.world.people["admin"]

    assert strike.became["teams_worker"][str(admin.pk)]["email"] == admin.email
    assert strike.response.cookies.get("sessionid") is None


# One answer, one stop, one download --------------------------------------------------------------------------------


def test_voice_link_answers_once(world, client):
    token = world.objects["voice_link"]
    statuses = [client.post(reverse("actions:voice", args=[token]), {"answer": "yes"}).status_code for _ in range(3)]
    link = voices._hashed(token)

    assert statuses == [302, 404, 404]
    assert sum(VoiceCount.objects.filter(initiative__links__token_hash=link).values_list("n", flat=True)) == 1


def test_voice_links_of_one_initiative_count_for_no_other(world, client):
    theirs = Initiative.objects.get(pk=world.theirs["initiative"])
    before = voices.heard(theirs)
    client.post(
        reverse("actions:voice", args=[world.objects["voice_link"]]), {"answer": "yes", "initiative": theirs.pk}
    )

    assert voices.heard(theirs) == before


def test_unsubscribing_twice_and_by_others_stops_one_series_of_one_person(attacker):
    path = reverse("teams:unsubscribe", args=[attacker.world.objects["reminders_link"]])
    theirs = Worker.objects.get(pk=attacker.world.theirs["person"])
    before = Worker.objects.get(pk=attacker.world.objects["person"])
    posted = {"worker": str(theirs.pk), "series": "gets_summaries", "email": theirs.email}
    strike = attacker.strike("charlie", "post", path, posted, looks=True)
    rows = strike.became["teams_worker"]

    assert strike.changed == {"teams_worker"}
    assert rows[str(before.pk)]["gets_reminders"] is False
    assert (rows[str(before.pk)]["gets_summaries"], rows[str(theirs.pk)]["gets_reminders"]) == (True, True)


# A password ----------------------------------------------------------------------------------------------------------

STOLEN = "river-lantern-quilt"


@pytest.fixture
def link(world, mail_goes_at_once, settings):
    """The link that alice got by mail, and the number of her account in it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Client().post(reverse("account_reset_password"), {"email": world.people["alice"].email})
    found = re.search(r"https?://[^/]+(/\S+/(\w+)-\S+/)", mail.outbox[-1].body)
    return found[1], found[2]


def steal(link, *, post_at=None):
    """Somebody opens it and sends a new password: to the page that it leads to, or to another."""
    client = Client(raise_request_exception=False)
    opened = client.get(link, follow=True)
    page = opened.redirect_chain[-1][0] if opened.redirect_chain else link
    client.post(post_at or page, dict.fromkeys(["password1", "password2"], STOLEN))


def stolen(world):
    """Whose password it is now."""
    return [name for name, worker in world.people.items() if Worker.objects.get(pk=worker.pk).check_password(STOLEN)]


def test_password_link_works_for_its_person(world, link):
    """The eye of those below."""
    steal(link[0])

    assert stolen(world) == ["alice"]


def test_password_link_of_one_person_changes_no_other(world, link):
    """With another's number in the link; and opened as it is, but sent to the other's page."""
    path, number = link
    for name in ("bob", "admin", "charlie"):
        other = user_pk_to_url_str(world.people[name])
        steal(path.replace(f"/{number}-", f"/{other}-"))
        steal(path, post_at=reverse("account_reset_password_from_key", args=[other, "set-password"]))

    assert (number == user_pk_to_url_str(world.people["alice"]), stolen(world)) == (True, [])


def spoil(link, alice, how):
    """Something after which it should be worth nothing; the link as it is used then."""
    if how == "password changed":
        alice.set_password(PASSWORD)
    elif how == "address changed":
        alice.email = "moved@people.example"
    elif how == "key cut short":
        return f"{link[:-2]}/"
    elif how == "without its key":
        return link.replace(link.rsplit("-", 1)[1], "set-password/")
    alice.save()
    return link


@pytest.mark.parametrize(
    "how", ["password changed", "address changed", "key cut short", "without its key", "used", "old"]
)
def test_password_link_is_worth_nothing_afterwards(world, link, how, time_machine):
    alice = world.people["alice"]
    if how == "used":
        steal(link[0])
        alice.set_password(PASSWORD)
    elif how == "old":
        time_machine.move_to(timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1))
    steal(spoil(link[0], alice, how))

    assert stolen(world) == []
