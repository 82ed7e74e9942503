"""Mail that carries more than it should, or goes to somebody else: line breaks in names, look-alike addresses."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat, Left
from django.utils import timezone

from reports.imports import uploads, work
from reports.mails import deliveries, invitation_mails, notifications
from reports.models import Delivery
from teams import invitations
from teams.models import Agency, Invitation, Team, Worker
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("mail_goes_at_once")
BREAKS = [
    "\r\nBcc: mallory@evil.example",
    "\nBcc: mallory@evil.example",
    "\rX: y",
    "\nX: y",
    "\u2028Bcc: a",
    "\x0bBcc: a",
    "\x85Bcc: a",
]


def look_alikes(address):
    """Addresses of somebody else that look like this one, or that become it where letters are folded carelessly."""
    local, domain = address.split("@")
    swaps = {"a": "\u0430", "e": "\u0435", "i": "\u0131", "k": "\u212a", "s": "\u017f", "o": "\u03bf", "c": "\u0441"}
    for letter, other in swaps.items():
        if letter in local:
            yield f"{local.replace(letter, other, 1)}@{domain}"
        if letter in domain:
            yield f"{local}@{domain.replace(letter, other, 1)}"
    yield f"{''.join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in local)}@{domain}"
    yield f"{local}\u200b@{domain}"
    yield f"{local}\u00ad@{domain}"
    yield f"{local}@{domain}."
    yield f"{local}@{domain},mallory@evil.example"
    yield f"{local}@{domain}\r\nBcc: mallory@evil.example"
    yield f"{local}@{domain}\x00"
    yield f"mallory@evil.example {address}"
    yield f'"{address}"@evil.example'
    yield f"{address}@evil.example"


# Headers -----------------------------------------------------------------------------------------------------------


def test_names_with_line_breaks_break_no_header(world):
    """A name may have been typed, imported or given by a command: the mail goes out all the same, on one line."""
    invitation_mails.queue_due(now=timezone.now())
    for text in BREAKS:
        for rows in (Agency.objects.all(), Team.objects.all(), Worker.objects.all()):
            rows.update(name=Concat(Left(Cast("id", TextField()), 40), Value(text)))
        invited = Delivery.objects.filter(kind=Delivery.Kind.INVITATION)
        messages = [notifications.team_summary(Delivery.objects.get(pk=world.objects["mail"]))]
        messages += [write(each) for each in invited for write in (notifications.invited, notifications.address_taken)]
        headers = [dict(message.message().items()) for message in messages]

        assert len(messages) > 2
        assert [name for each in headers for name in each if name in {"Bcc", "X"}] == []
        assert [each["Subject"] for each in headers if len(each["Subject"].splitlines()) != 1] == []


def test_subject_with_a_line_break_is_what_is_looked_for():
    """The eye of this module: without care the message is refused, and so would never arrive."""
    with pytest.raises(ValueError, match=r"(?i)newline|linefeed|header"):
        EmailMessage("Intake\r\nBcc: mallory@evil.example", "", to=["a@people.example"]).message()


# Recipients --------------------------------------------------------------------------------------------------------


def mailed(attacker, path, address, n=0):
    """What is mailed to whom where that address asks for it."""
    mail.outbox.clear()
    attacker.strike("anonymous", "post", path, {"email": address}, REMOTE_ADDR=f"203.0.113.{n}")
    return [(message.recipients(), message.subject) for message in mail.outbox]


@pytest.mark.parametrize(
    ("path", "subject"),
    [("/accounts/password/reset/", "Set your Allyship password"), ("/accounts/login/code/", "Your code for Allyship")],
)
def test_what_signs_somebody_in_goes_to_the_address_of_the_account_alone(attacker, path, subject):
    """Whoever asks for it by a look-alike is told that there is no account, and learns nothing by it."""
    alice = attacker.world.people["alice"]
    asked = {address: mailed(attacker, path, address, n) for n, address in enumerate(look_alikes(alice.email))}
    told = {address: said for address, said in asked.items() if said}

    assert mailed(attacker, path, alice.email) == [([alice.email], subject)]
    assert told == {address: [([address], "No Allyship account has this address")] for address in told}
    assert told != {}


def test_look_alike_address_signs_nobody_in(attacker):
    alice = attacker.world.people["alice"]
    right = attacker.strike("anonymous", "post", "/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert right.status == 302
    for n, address in enumerate(look_alikes(alice.email)):
        answers = {"login": address, "password": PASSWORD}
        strike = attacker.strike("anonymous", "post", "/accounts/login/", answers, REMOTE_ADDR=f"203.0.113.{n}")
        assert (address, strike.status, strike.changed) == (address, 200, set())


def test_look_alike_address_is_invited_by_no_agency(attacker):
    alice = attacker.world.people["alice"].email
    typed = [each for each in look_alikes(alice) if not set(each) & {",", "\0"}]  # either is another matter
    answers = {
        "role": "member",
        "language": "en",
        "addresses": "\n".join(["brand.new@people.example", *typed]),
    }
    attacker.strike("admin", "get", "/")
    before = set(Invitation.objects.values_list("email", flat=True))
    strike = attacker.strike("admin", "post", "/agency/invitations/", answers, looks=True)
    made = {row["email"] for row in strike.became.get("teams_invitation", {}).values()} - before

    assert strike.fault == ""
    assert "brand.new@people.example" in made
    assert [email for email in made if not email.isascii() or email.splitlines() != [email]] == []


def test_look_alike_address_is_imported_into_no_account(attacker):
    """A file may not make a second account that looks like another's."""
    admin = attacker.world.people["admin"]
    typed = [each for each in look_alikes(attacker.world.people["alice"].email) if not set(each) & set('\r\n\x00",')]
    content = "name,email,role,team,starts_on\n" + "".join(
        f"Ana,{each},member,Night shift,2026-01-05\n" for each in typed
    )
    upload = uploads.start(kind="people", name="people.csv", content=content.encode(), by=admin)
    work.work(upload.pk)
    upload.refresh_from_db()
    refused = {row for row, column, _ in upload.findings["errors"] if column == "email"}
    odd = {n for n, each in enumerate(typed, start=2) if not each.isascii()}

    assert odd - refused == set()
    assert invitations.addresses(admin.email) == [admin.email]


def test_nothing_is_sent_for_a_row_of_another_agency(world):
    """A delivery that was turned to another reader is not sent to her."""
    row = Delivery.objects.get(pk=world.objects["mail"])
    letter = deliveries.LETTERS[Delivery.Kind.TEAM_SUMMARY]
    hers = letter.may_go(row)
    row.recipient = world.people["carla"]

    assert (hers, letter.may_go(row)) == (True, False)
