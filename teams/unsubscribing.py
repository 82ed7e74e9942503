"""Mail that a worker can stop: which series there are, and the link in each message that needs no sign-in."""

from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, default
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from teams.models import Worker

SIGNER = Signer(sep=".", salt="teams.unsubscribing")


class Series(StrEnum):
    """What comes again and again; a value is the worker's field that says whether she wants it."""

    SUMMARIES = "gets_summaries"
    REMINDERS = "gets_reminders"


def is_on(worker: Worker, series: Series) -> bool:
    return bool(getattr(worker, series))


def stop(worker: Worker, series: Series) -> None:
    """No more of it, until she says otherwise; a second time changes nothing."""
    setattr(worker, series, False)
    worker.save(update_fields=[series.value])


def token(worker: Worker, series: Series) -> str:
    """For the link that stops this series for her; it works for ever, and for nothing else."""
    return SIGNER.sign(f"{series.name.lower()}-{worker.pk.hex}")


def address(worker: Worker, series: Series) -> str:
    return settings.SITE_URL + reverse("teams:unsubscribe", args=[token(worker, series)])


def headers(worker: Worker, series: Series) -> dict[str, str]:
    """What mail programs make their own button of (RFC 2369 and RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address(worker, series)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def of(token: str) -> tuple[Worker, Series]:
    """Whose link it is, and for what; Worker.DoesNotExist where it is nobody's."""
    try:
        name, key = SIGNER.unsign(token).split("-")
        series, pk = Series[name.upper()], UUID(hex=key)
    except (BadSignature, KeyError, ValueError) as error:
        raise Worker.DoesNotExist from error
    return Worker.objects.active().get(pk=pk), series


class _Whole(UnstructuredHeader):
    """A header on one line: Python would encode an address that is longer than a line, and mail programs read none of it."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]  # `name` comes with what it is mixed into


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]  # a mix-in, as all that it maps to


class Stoppable(EmailMultiAlternatives):
    """A message whose way out is written as mail programs expect it."""

    def message(self, *, policy: Any = default) -> EmailMessage:
        return super().message(policy=policy.clone(header_factory=_HEADERS))
