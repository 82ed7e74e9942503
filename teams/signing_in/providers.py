"""An agency's own sign-in: how it is set up, whose account there is whose here, and who has to use it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from teams import agencies, invitations, sealing
from teams.models import Agency, FactorSource, Invitation, LinkedAccount, Provider, Worker
from teams.signing_in import oidc

PURPOSE = "agency accounts"


class Taken(Exception):
    """The account there belongs to somebody else here, or she has another one linked."""


class NoAccount(Exception):
    """Nobody here who can sign in has this account."""


# Setting it up ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setup:
    """What an admin chose; without a secret, the one that is kept stays."""

    issuer: str
    client_id: str
    secret: str
    is_required: bool
    second_factor: str
    acr: str = ""


@transaction.atomic
def save(agency: Agency, setup: Setup, *, seen: int, by: Worker) -> Provider:
    """StaleSettings where the agency's settings moved on from the version that was seen."""
    agencies.change(agency, seen=seen)
    provider = Provider.objects.filter(agency=agency).first() or Provider(agency=agency)
    for name in ("issuer", "client_id", "is_required", "second_factor", "acr"):
        setattr(provider, name, getattr(setup, name))
    if setup.secret:
        provider.sealed_secret = sealing.seal(
            setup.secret, key=sealing.ring_of_settings(PURPOSE).current, bound=_bound(agency)
        )
        provider.secret_set_at = timezone.now()
    provider.full_clean()
    provider.save()
    return provider


@transaction.atomic
def remove(agency: Agency, *, seen: int, by: Worker) -> None:
    """People sign in with a password again; whose account is whose stays known, for the day on which it comes back."""
    agencies.change(agency, seen=seen)
    Provider.objects.filter(agency=agency).delete()


def of_agency(slug: str) -> Provider | None:
    return Provider.objects.select_related("agency").filter(agency__slug=slug.strip().lower()).first()


def client(provider: Provider) -> oidc.Client:
    secret = sealing.unseal(
        bytes(provider.sealed_secret), ring=sealing.ring_of_settings(PURPOSE), bound=_bound(provider.agency)
    )
    return oidc.Client(issuer=provider.issuer, id=provider.client_id, secret=secret)


def _bound(agency: Agency) -> bytes:
    return PURPOSE.encode() + agency.pk.bytes


def back_address(agency: Agency) -> str:
    """Where a browser comes back to: of each agency its own, so that no provider can pass for another's."""
    return settings.SITE_URL + reverse("teams:agency_account_back", args=[agency.slug])


def sign_in_address(agency: Agency) -> str:
    return f"{settings.SITE_URL}{reverse('teams:agency_account')}?agency={agency.slug}"


def second_factor_is_shown(provider: Provider, claims: dict[str, Any]) -> bool:
    if provider.second_factor == FactorSource.SAID:
        return oidc.shows_second_factor(claims, acr=provider.acr)
    return provider.second_factor == FactorSource.TRUSTED


# Whose account is whose ---------------------------------------------------------------------------------------------


def worker_of(provider: Provider, subject: str) -> Worker:
    """NoAccount where it is nobody's here, or hers whose account is closed."""
    people = Worker.objects.active().select_related("agency").filter(agency=provider.agency)
    found = people.filter(linked_account__issuer=provider.issuer, linked_account__subject=subject).first()
    if found is None:
        raise NoAccount
    return found


@transaction.atomic
def link(worker: Worker, provider: Provider, subject: str, *, now: datetime) -> LinkedAccount:
    """Her account there opens her account here from now on; Taken where it is another's."""
    if worker.agency_id != provider.agency_id:
        raise Taken
    LinkedAccount.objects.filter(worker=worker).exclude(issuer=provider.issuer).delete()
    known = {"worker": worker, "agency": provider.agency, "issuer": provider.issuer, "subject": subject}
    try:
        with transaction.atomic():
            found, _is_new = LinkedAccount.objects.get_or_create(**known, defaults={"linked_at": now})
    except IntegrityError as error:
        raise Taken from error
    return found


@transaction.atomic
def unlink(worker: Worker, *, by: Worker) -> bool:
    """Says whether there was one."""
    return bool(LinkedAccount.objects.filter(worker=worker).delete()[0])


@transaction.atomic
def join(
    invitation: Invitation, provider: Provider, subject: str, *, name: str, language: str, now: datetime
) -> Worker:
    """An account without a password, for who was invited and came back from there; NotOpen or Taken where it cannot be."""
    if invitation.agency_id != provider.agency_id:
        raise Taken
    worker = invitations.accept(invitation, name=name, password=None, language=language, now=now)
    link(worker, provider, subject, now=now)
    return worker


# Who has to use it --------------------------------------------------------------------------------------------------


def signs_in_there_only(worker: Worker) -> bool:
    """Whether her password opens nothing: her agency wants it so, she has linked her account, and she is no admin.

    Admins keep their password, so that nobody is locked out by a provider that is wrong or away.
    """
    if worker.is_admin or worker.agency_id is None:
        return False
    return LinkedAccount.objects.working().filter(worker=worker, agency__provider__is_required=True).exists()


def marked(workers: QuerySet[Worker]) -> QuerySet[Worker]:
    """With whether they have to link an account first, in the statement that reads them."""
    required = Provider.objects.filter(agency=OuterRef("agency"), is_required=True)
    linked = LinkedAccount.objects.working().filter(worker=OuterRef("pk"))
    return workers.annotate(has_to_link=Exists(required) & ~Exists(linked))


def has_to_link(worker: Any) -> bool:
    return not worker.is_admin and getattr(worker, "has_to_link", False)
