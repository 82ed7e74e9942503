"""An agency, and the cadence of its summaries."""

import logging
import zoneinfo
from datetime import date, tzinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import UUID7, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.audit.tracking import tracked
from teams.visibility import Visibility

logger = logging.getLogger(__name__)
TEXT_MONTHS, LEAST_MONTHS, MOST_MONTHS = 24, 6, 84
REASON_LENGTH = 200


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


class Cadence(models.TextChoices):
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone, such as America/Toronto."), params={"name": name})


@tracked(
    *("id", "name", "slug", "language", "time_zone", "cadence", "grace_days", "reports_from", "suggested_visibility"),
    *("in_sector_from", "least_actions", "least_authors", "most_percent", "sends_reminders", "text_months"),
    *("held_on", "hold_reason"),
    find_agency="NEW.id",
)
class Agency(models.Model):
    """An organization whose workers log here; it sees nothing of any other."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="America/Toronto", validators=[validate_time_zone]
    )
    cadence = models.CharField(_("cadence of summaries"), max_length=9, choices=Cadence, default=Cadence.QUARTERLY)
    """That of its first summaries; later ones: CadenceChange."""
    grace_days = models.PositiveSmallIntegerField(_("days for late entries"), default=7)
    reports_from = models.DateField(_("summaries from"))
    closed_through = models.DateField(null=True, blank=True)  # figures of days up to here are frozen
    reminded_on = models.DateField(null=True, blank=True)  # the Monday for which reminders were last made ready
    suggested_visibility = models.CharField(max_length=7, choices=Visibility, default=Visibility.SHARED)
    in_sector_from = models.DateField(_("counts in the figures of the sector from"), null=True, blank=True)
    least_actions = models.PositiveSmallIntegerField(_("actions that a protected figure needs"), default=5)
    least_authors = models.PositiveSmallIntegerField(_("authors that a protected figure needs"), default=3)
    most_percent = models.PositiveSmallIntegerField(_("percent of a protected figure by one author"), default=70)
    sends_reminders = models.BooleanField(_("weekly reminders of commitments"), default=True, db_default=True)
    text_months = models.PositiveSmallIntegerField(
        _("months for which texts are kept"), default=TEXT_MONTHS, db_default=TEXT_MONTHS
    )
    held_on = models.DateField(_("nothing is erased since"), null=True, blank=True)
    hold_reason = models.CharField(
        _("reason of the hold"), max_length=REASON_LENGTH, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=1, db_default=1)  # of the settings: one admin overwrites no other

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(text_months__range=(LEAST_MONTHS, MOST_MONTHS)),
                name="agency_keeps_texts_for_half_a_year_to_seven",
                violation_error_message=_("Between 6 and 84 months."),
            ),
            models.CheckConstraint(
                condition=models.Q(held_on=None, hold_reason="")
                | models.Q(held_on__isnull=False) & ~models.Q(hold_reason=""),
                name="agency_hold_has_a_reason",
                violation_error_message=_("A hold has its day and its reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(least_actions__gte=5, least_authors__gte=3, most_percent__range=(1, 70)),
                name="agency_protects_at_least_as_the_rule",
                violation_error_message=_("Figures may be protected more than by 5, 3 and 70 percent, never less."),
            ),
            models.UniqueConstraint(
                "slug", name="agency_slug_unique", violation_error_message=_("Another agency has this short name.")
            ),
            models.UniqueConstraint(
                Lower("name"), name="agency_name_unique", violation_error_message=_("Another agency has this name.")
            ),
            models.CheckConstraint(
                condition=models.Q(grace_days__lte=60),
                name="agency_grace_days_at_most_60",
                violation_error_message=_("At most 60 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        """The installation's own where a zone of that name is no longer known: nobody's pages or periods stop for it."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            logger.error("An agency has an unknown time zone", extra={"agency": self.pk})
            return timezone.get_default_timezone()

    def today(self) -> date:
        """The date on the agency's wall calendar."""
        return timezone.localdate(timezone=self.zone)


@tracked("agency", "starts_on", "cadence")
class CadenceChange(models.Model):
    """From which quarter on an agency's summaries have another cadence: no quarter is cut."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="cadence_changes")
    starts_on = models.DateField()
    cadence = models.CharField(max_length=9, choices=Cadence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "starts_on"], name="cadence_change_unique"),
            models.CheckConstraint(
                condition=models.Q(starts_on__day=1, starts_on__month__in=[1, 4, 7, 10]),
                name="cadence_changes_with_a_quarter",
                violation_error_message=_("A new cadence begins with a quarter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.cadence} from {self.starts_on}"
