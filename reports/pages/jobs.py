"""What the page of jobs says to an agency: is the work behind the scenes on time, what waits, and what needs a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports import heartbeats
from reports.mails.deliveries import NO_ANSWER, NO_LONGER_ENTITLED
from reports.models import AgencyPeriod, Delivery, ProtectedQuarter
from reports.pages.labels import period_label
from teams.models import Worker

LISTED = 50
NAMES: Mapping[str, str | Promise] = {
    "tick": _("Close periods that are over, and make mail ready"),
    "deliver": _("Send mail"),
    "housekeeping": _("Tidy up: sessions that are over, old drafts, texts of people who left"),
    "retention": _("Erase texts that are older than your agency keeps them"),
}
# Whether somebody asked, has something due, or wrote for herself, is hers to know: such a mail is listed without a name.
NAMELESS = {Delivery.Kind.ASK_WAITS, Delivery.Kind.ASK_ANSWERED, Delivery.Kind.REMINDER, Delivery.Kind.REFLECTIONS_GO}
REASONS: Mapping[str, str | Promise] = {
    "": _("It has not been tried yet."),
    NO_ANSWER: _("Sending broke off each time."),
    "ConnectionRefusedError": _("The mail server could not be reached."),
    "gaierror": _("The mail server could not be reached."),
    "OSError": _("The mail server could not be reached."),
    "ConnectionResetError": _("The mail server hung up."),
    "SMTPServerDisconnected": _("The mail server hung up."),
    "TimeoutError": _("The mail server did not answer in time."),
    "SMTPConnectError": _("The mail server takes no mail at the moment."),
    "SMTPAuthenticationError": _("The mail server does not let the app sign in."),
    "SMTPSenderRefused": _("The mail server takes no mail from the app’s address."),
    "SMTPRecipientsRefused": _("The mail server refused the address: is it right?"),
    "SMTPDataError": _("The mail server refused the message."),
}
OTHER_REASON = _("Something is wrong with this message; the log of the installation says what.")


@dataclass(frozen=True)
class Job:
    name: str | Promise
    last_success: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Closing:
    """A period, or a quarter of protected figures, that is over and not closed."""

    what: str | Promise
    label: str
    since: datetime
    tries: int
    is_stuck: bool


@dataclass(frozen=True)
class Mail:
    """A message that was given up, or is tried again."""

    pk: UUID
    what: str
    recipient: str
    tries: int
    reason: str | Promise
    is_given_up: bool
    next_try: datetime


@dataclass(frozen=True)
class Board:
    jobs: list[Job]
    closings: list[Closing]
    mails: list[Mail]
    waiting: int
    """Messages of the agency that wait for their first try."""
    given_up: int
    sign_in_waits: bool
    """Links and codes do not go out, whichever agency they are for."""


def board(worker: Worker, *, now: datetime) -> Board:
    """For an admin or an equity lead, about her own agency."""
    report = heartbeats.report(now=now)
    ours = Delivery.objects.filter(agency=worker.agency).exclude(last_error=NO_LONGER_ENTITLED)
    waiting = Q(status__in=[Delivery.Status.PENDING, Delivery.Status.SENDING])
    given_up = Q(status=Delivery.Status.FAILED)
    troubled = ours.filter(given_up | waiting & Q(attempts__gt=0)).select_related("recipient", "invitation")
    return Board(
        jobs=[Job(name, report.last_success[job], job in report.late) for job, name in NAMES.items()],
        closings=_closings(worker, now=now),
        mails=[_mail(delivery) for delivery in troubled.order_by("status", "due_at")[:LISTED]],
        waiting=ours.filter(waiting, attempts=0).count(),
        given_up=ours.filter(given_up).count(),
        sign_in_waits=report.stuck_account_mails > 0,
    )


def _closings(worker: Worker, *, now: datetime) -> list[Closing]:
    kinds: list[tuple[str | Promise, QuerySet]] = [
        (_("Team summaries"), AgencyPeriod.objects.all()),
        (_("Agency figures"), ProtectedQuarter.objects.all()),
    ]
    return [
        Closing(
            what=what,
            label=period_label(row.period),
            since=row.noticed_at,
            tries=row.attempts,
            is_stuck=row.noticed_at < now - heartbeats.STUCK_AFTER,
        )
        for what, rows in kinds
        for row in rows.filter(agency=worker.agency, closed_at=None).order_by("first_day")
    ]


def _mail(delivery: Delivery) -> Mail:
    return Mail(
        pk=delivery.pk,
        what=delivery.get_kind_display(),
        recipient=_recipient(delivery),
        tries=delivery.attempts,
        reason=REASONS.get(delivery.last_error, OTHER_REASON),
        is_given_up=delivery.status == Delivery.Status.FAILED,
        next_try=delivery.due_at,
    )


def _recipient(delivery: Delivery) -> str:
    if delivery.invitation:
        return delivery.invitation.email
    return "" if delivery.kind in NAMELESS else delivery.reader.name


def try_again(mails: QuerySet[Delivery], *, now: datetime) -> int:
    """Those that were given up are tried from the start; whether each may still be read is asked when it is sent.

    Returns how many; those that are on their way or were sent stay as they are, so a second time changes nothing.
    """
    given_up = mails.filter(status=Delivery.Status.FAILED).exclude(last_error=NO_LONGER_ENTITLED)
    return given_up.update(status=Delivery.Status.PENDING, attempts=0, due_at=now, claim=None)
