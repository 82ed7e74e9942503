"""A worker's own calendar of promises: a secret link, and what it yields.

The link is the key that her account holds, signed with the installation's secret: a copy of the database alone opens
no calendar, and a new key makes the old link dead.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from actions.models import Commitment
from teams.models import Worker

SIGNER = Signer(sep=".", salt="actions.calendars")
ASK_AGAIN = timedelta(hours=12)


def switch_on(worker: Worker) -> None:
    """A new link; an earlier one stops working."""
    worker.calendar_key = uuid4()
    worker.save(update_fields=["calendar_key"])


def switch_off(worker: Worker) -> None:
    worker.calendar_key = None
    worker.save(update_fields=["calendar_key"])


def address(worker: Worker) -> str | None:
    """The whole secret link, None where it is off."""
    if worker.calendar_key is None:
        return None
    return settings.SITE_URL + reverse("actions:calendar_feed", args=[SIGNER.sign(worker.calendar_key.hex)])


def owner(token: str) -> Worker:
    """Whose link it is; Worker.DoesNotExist where it is nobody's, or no longer."""
    try:
        key = UUID(hex=SIGNER.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Worker.DoesNotExist from error
    found: Worker = Worker.objects.active().select_related("agency").get(calendar_key=key)
    return found


def feed(worker: Worker, *, now: datetime) -> bytes:
    """Her live promises as whole days, in her language: that one is due, never what it is."""
    with translation.override(worker.language_code):
        calendar = Calendar()
        calendar.add("prodid", "-//Allyship//Commitments//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("My commitments"))
        calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
        for commitment in Commitment.objects.by(worker).live():
            calendar.add_component(_event(commitment, now))
    ical: bytes = calendar.to_ical()
    return ical


def _event(commitment: Commitment, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{commitment.pk}@{settings.SITE.hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", commitment.promised_for)
    event.add("dtend", commitment.promised_for + timedelta(days=1))
    event.add("summary", _("Commitment due"))
    event.add("url", settings.SITE_URL + reverse("actions:commitments"))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
