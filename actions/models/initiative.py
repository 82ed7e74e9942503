"""Initiatives: an aim that many actions serve, the agencies that share it, and what those whom it concerns say."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import UUID7
from django.utils.translation import gettext_lazy as _

from actions.vocabulary import Direction, Level
from teams.audit.tracking import tracked
from teams.models import Agency, Membership, Worker

TITLE_LENGTH, AIM_LENGTH, OUTSIDE_LENGTH, RESOURCES_LENGTH = 80, 400, 200, 200
MOST_HOURS, MOST_DOLLARS = 1_000_000, 100_000_000


class InitiativeLevel(models.TextChoices):
    """The levels of an action that many people can share: all but the individual one."""

    AGENCY = Level.AGENCY.value, Level.AGENCY.label
    MULTI_AGENCY = Level.MULTI_AGENCY.value, Level.MULTI_AGENCY.label
    SECTOR = Level.SECTOR.value, Level.SECTOR.label


class InitiativeStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    PAUSED = "paused", _("Paused")
    REACHED = "reached", _("Aim reached")
    ENDED = "ended", _("Ended without reaching its aim")


LIVE = [InitiativeStatus.PLANNED, InitiativeStatus.UNDER_WAY, InitiativeStatus.PAUSED]


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, worker: Worker) -> Self:
        """Those of her agency and those that it is a partner in today; none for an admin who works in no team.

        For an analyst, those at sector level of which all agencies count in the sector's figures.
        """
        if worker.is_analyst:
            apart = InitiativePartner.objects.current().filter(agency__in_sector_from=None)
            return self.filter(level=Level.SECTOR).exclude(pk__in=apart.values("initiative"))
        bridged = InitiativePartner.objects.current().filter(agency=worker.agency_id)
        found = self.filter(pk__in=bridged.values("initiative"))
        if worker.is_admin and not worker.is_equity_lead:
            return found.filter(Exists(Membership.objects.current().filter(worker=worker)))
        return found

    def editable_by(self, worker: Worker) -> Self:
        """Those of her own agency, where she is its equity lead."""
        return self.filter(agency=worker.agency_id) if worker.is_equity_lead else self.none()

    def live(self) -> Self:
        """Planned, under way or paused: actions can still be logged for it."""
        return self.filter(status__in=LIVE)


@tracked("agency", "title", "level", "direction", "communities", "hours", "dollars", "review_on", "status", "version")
class Initiative(models.Model):
    """An aim of an agency, of several or of the sector; actions and commitments hang on it and count once."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    aim = models.CharField(_("aim"), max_length=AIM_LENGTH)
    level = models.CharField(_("level"), max_length=12, choices=InitiativeLevel)
    direction = models.CharField(_("direction"), max_length=16, choices=Direction)
    communities = ArrayField(models.SmallIntegerField(), verbose_name=_("whom it is for"))
    outside = models.CharField(_("partners outside"), max_length=OUTSIDE_LENGTH, blank=True, default="")
    resources = models.CharField(_("resources"), max_length=RESOURCES_LENGTH, blank=True, default="")
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True, validators=[MaxValueValidator(MOST_HOURS)])
    dollars = models.PositiveIntegerField(
        _("dollars"), null=True, blank=True, validators=[MaxValueValidator(MOST_DOLLARS)]
    )
    review_on = models.DateField(_("to be reviewed on"))
    status = models.CharField(
        _("status"), max_length=10, choices=InitiativeStatus, default=InitiativeStatus.PLANNED, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="initiative_agency_id"),
            models.CheckConstraint(
                condition=Q(communities__len__gt=0),
                name="initiative_communities_not_empty",
                violation_error_message=_("Choose at least one, or “not specific”."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{field: None}) | Q(**{f"{field}__lte": most}), name=f"initiative_{field}_range"
                )
                for field, most in {"hours": MOST_HOURS, "dollars": MOST_DOLLARS}.items()
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__in": choices.values}), name=f"initiative_{field}_known"
                )
                for field, choices in {
                    "level": InitiativeLevel,
                    "direction": Direction,
                    "status": InitiativeStatus,
                }.items()
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


class InitiativePartnerQuerySet(models.QuerySet["InitiativePartner"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)


@tracked("agency", "initiative", "ended_on", about=("initiative",))
class InitiativePartner(models.Model):
    """An agency that an initiative belongs to, its owner's row included: the only bridge between agencies.

    Actions and commitments refer to it by (agency, initiative), so that none can hang on a stranger's initiative. A
    partner that leaves keeps its row: what it did goes on counting, and it reads no more.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="partners")
    ended_on = models.DateField(null=True, blank=True)

    objects = InitiativePartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "initiative"],
                name="initiative_partner_once",
                violation_error_message=_("This agency is a partner already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} - {self.agency}"


class InitiativeStep(models.Model):
    """A change of an initiative's status: from what, to what, on which day; not by whom."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="steps")
    from_status = models.CharField(max_length=10, choices=InitiativeStatus, blank=True)
    to_status = models.CharField(max_length=10, choices=InitiativeStatus)
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.from_status} - {self.to_status} ({self.on})"


class VoiceLinkQuerySet(models.QuerySet["VoiceLink"]):
    def open(self, now: datetime) -> Self:
        """Still to be answered, not taken back, and not expired."""
        return self.filter(is_answered=False, revoked_at=None, expires_at__gt=now)

    def revocable(self, now: datetime) -> Self:
        """Whether one was answered is not told, so an answered one is as good as any other until it expires."""
        return self.filter(revoked_at=None, expires_at__gt=now)


@tracked(
    *("initiative", "made_on", "revoked_at"),
    find_agency="SELECT agency_id FROM actions_initiative WHERE id = NEW.initiative_id",
)
class VoiceLink(models.Model):
    """A link for one answer from those whom an initiative concerns; only a hash of its token is kept."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    is_answered = models.BooleanField(default=False)  # that it was, never what or when

    objects = VoiceLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.initiative} - {self.made_on}"


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class VoiceCount(models.Model):
    """How many said so of an initiative. No answer has a row of its own: nothing leads from one to its link."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="voices")
    answer = models.CharField(max_length=6, choices=Answer)
    n = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)  # as of the last full step of five answers

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "answer"], name="voice_count_once"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="voice_count_answer_known"),
            models.CheckConstraint(condition=Q(shown__lte=F("n")), name="voice_count_shown_at_most_n"),
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {self.n}"
