"""Agencies and the accounts that an operator opens for them."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.text import slugify

from teams.models import Agency, Cadence, CadenceChange, Language, Worker
from teams.spreadsheets.sheets import folded

SLUG_LENGTH = 60


def create(
    *,
    name: str,
    slug: str | None = None,
    time_zone: str = "America/Toronto",
    cadence: str = Cadence.QUARTERLY,
    language: str = Language.ENGLISH,
) -> Agency:
    """A new agency, as `add` saves it."""
    return add(Agency(name=name.strip(), slug=slug or "", time_zone=time_zone, cadence=cadence, language=language))


def add(agency: Agency) -> Agency:
    """Save a new agency, with summaries from its current month or quarter on; ValidationError where a value is wrong.

    Without a short name it takes one from its name, with a number where another agency has that already.
    """
    agency.slug = agency.slug or _free_slug(agency.name)
    agency.clean_fields(exclude=["reports_from"])
    agency.reports_from = first_day(agency.today(), agency.cadence)
    agency.full_clean()
    agency.save(force_insert=True)
    return agency


def first_day(today: date, cadence: str) -> date:
    """The first day of the month or quarter that the day lies in."""
    month = today.month if cadence == Cadence.MONTHLY else today.month - (today.month - 1) % 3
    return today.replace(month=month, day=1)


def next_quarter(today: date) -> date:
    return first_day(today, Cadence.QUARTERLY) + relativedelta(months=3)


class StaleSettings(Exception):
    """Somebody else saved the agency's settings since they were read."""


@transaction.atomic
def change(agency: Agency, *, seen: int | None = None, **values: Any) -> Agency:
    """Save these settings over the version that was seen; without one, over any. ValidationError where one is wrong,
    StaleSettings where the version moved on.

    A purge that is under way is done first, and one that begins later goes by what is saved here.
    """
    saved = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if seen is not None and saved.version != seen:
        raise StaleSettings
    for name, value in values.items():
        setattr(saved, name, value)
    saved.version += 1
    saved.full_clean()
    saved.save(update_fields=[*values, "version"])
    return saved


@transaction.atomic
def change_cadence(agency: Agency, cadence: str, *, today: date) -> date:
    """From the next quarter on; returns its first day. A second choice before then takes the place of the first."""
    starts_on = next_quarter(today)
    CadenceChange.objects.update_or_create(agency=agency, starts_on=starts_on, defaults={"cadence": Cadence(cadence)})
    return starts_on


def _free_slug(name: str) -> str:
    base = slugify(name)[:SLUG_LENGTH].rstrip("-") or "agency"
    taken = set(Agency.objects.filter(slug__startswith=base[: SLUG_LENGTH - 4]).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base[: SLUG_LENGTH - 4]}-{number}"
    return slug


def named(name: str) -> Agency | None:
    """The agency of that name, however its letters and apostrophes are typed."""
    return next((agency for agency in Agency.objects.order_by("pk") if folded(agency.name) == folded(name)), None)


class AddressTakenError(Exception):
    """The e-mail address belongs to somebody of another agency, or of none."""


@transaction.atomic
def appoint_admin(agency: Agency, *, email: str, name: str) -> tuple[Worker, bool]:
    """Make the person an admin of the agency, and say whether her account is new; safe to repeat.

    AddressTakenError where the address belongs to somebody outside the agency; ValidationError where a value is wrong.
    """
    worker = Worker.objects.select_for_update().filter(email=email.strip().lower()).first()
    if worker is None:
        return _new_admin(agency, email=email, name=name), True
    if worker.agency_id != agency.pk:
        raise AddressTakenError
    worker.is_admin = worker.is_active = True
    worker.save(update_fields=["is_admin", "is_active"])
    return worker, False


def _new_admin(agency: Agency, *, email: str, name: str) -> Worker:
    return Worker.objects.create_worker(
        email=email, name=name.strip(), agency=agency, language=agency.language, is_admin=True
    )
