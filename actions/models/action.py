"""The log itself: actions, and who may read and change them."""

from datetime import date, datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from actions.models.catalogue import Practice
from actions.models.initiative import Initiative
from actions.vocabulary import Direction, HeardBack, Level, System
from teams.constraints import SameAgency
from teams.models import Agency, Team, Worker
from teams.visibility import Visibility

NOTE_LENGTH, PARTNERS_LENGTH = 400, 120
MOST_DOLLARS, MOST_PEOPLE = 10_000_000, 999
UNDO = timedelta(minutes=10)


class Relation(models.TextChoices):
    """How an action stands to an earlier one."""

    FOLLOWS_FROM = "follows_from", _("It follows from it")
    REPAIRS = "repairs", _("It repairs it")
    REPORTS_BACK = "reports_back", _("It reports back on it")


class ActionQuerySet(models.QuerySet["Action"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def shared(self) -> Self:
        """What a team reads and its figures count: shared, and not withdrawn."""
        return self.standing().filter(visibility=Visibility.SHARED)

    def done(self, first: date, last: date) -> Self:
        return self.filter(done_on__range=(first, last))

    def by(self, worker: Worker) -> Self:
        """Her own, as she reads them herself."""
        return self.standing().filter(author=worker)

    def visible_to(self, worker: Worker) -> Self:
        """Her own, and what her teams share."""
        return self.standing().filter(
            Q(author=worker) | Q(team__in=Team.objects.visible_to(worker), visibility=Visibility.SHARED)
        )

    def editable_by(self, worker: Worker) -> Self:
        return self.by(worker)

    def restorable_by(self, worker: Worker, now: datetime) -> Self:
        """Withdrawn by her less than ten minutes ago."""
        return self.filter(author=worker, withdrawn_at__gt=now - UNDO)

    def for_list(self, agency: Agency | None) -> Self:
        """With all that a list prints, in two queries: practices under the agency's own names."""
        return self.select_related("author", "team").prefetch_related(
            models.Prefetch("practice", Practice.objects.named_for(agency))
        )


class Action(models.Model):
    """Something done as an ally, logged by its author."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)  # has its own below
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="actions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", verbose_name=_("practice"))
    level = models.CharField(_("level"), max_length=12, choices=Level)
    direction = models.CharField(_("direction"), max_length=16, choices=Direction)
    communities = ArrayField(models.SmallIntegerField(), verbose_name=_("whom it supports"))
    done_on = models.DateField(_("when"))
    logged_on = models.DateField(_("logged on"))
    visibility = models.CharField(_("who can see it"), max_length=7, choices=Visibility)
    was_shared = models.BooleanField(default=False, db_default=False, editable=False)  # before a change; by a trigger
    heard_back = models.CharField(
        _("heard back"), max_length=14, choices=HeardBack, default=HeardBack.NOT_ASKED, blank=True
    )
    hours = models.DecimalField(
        _("hours"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
    )
    dollars = models.PositiveIntegerField(
        _("dollars moved"), null=True, blank=True, validators=[MaxValueValidator(MOST_DOLLARS)]
    )
    system = models.CharField(_("service system"), max_length=20, choices=System, blank=True, default="")
    partners = models.CharField(_("partner agencies"), max_length=PARTNERS_LENGTH, blank=True, default="")
    took_part = models.PositiveSmallIntegerField(
        _("how many took part"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
    )
    relation = models.CharField(_("how it follows on"), max_length=12, choices=Relation, blank=True, default="")
    related = models.ForeignKey(  # where it is gone, the relation still says that there was one
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by", verbose_name=_("on what")
    )
    initiative = models.ForeignKey(  # of her agency, or one that it is a partner in: migration 0011 sees to it
        Initiative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("initiative"),
    )
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True, default="")
    is_imported = models.BooleanField(default=False, db_default=False, editable=False)  # it came in a sheet
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)  # by its author, in the app; an import leaves it alone
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-id"]
        indexes = [
            models.Index(
                fields=["team", "done_on"],
                include=[
                    *("practice", "level", "direction", "heard_back", "communities"),
                    *("hours", "dollars", "partners", "initiative"),
                ],
                condition=Q(visibility=Visibility.SHARED, withdrawn_at=None),
                name="action_team_figures",
            ),
            models.Index(fields=["agency", "done_on"], name="action_agency_quarters"),
            models.Index(fields=["author", "-done_on", "-id"], name="action_author_record"),
            models.Index(
                fields=["agency", "logged_on"], condition=~Q(note="", partners=""), name="action_texts_by_age"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="action_agency_id"),
            models.UniqueConstraint(
                fields=["agency", "reference"],
                condition=~Q(reference=""),
                name="action_reference_unique",
                violation_error_message=_("Another action has this reference."),
            ),
            SameAgency(field="author", name="action_author_same_agency"),
            SameAgency(field="team", name="action_team_same_agency"),
            SameAgency(field="related", name="action_related_same_agency"),
            models.CheckConstraint(
                condition=Q(related=None) | (~Q(relation="") & ~Q(related=F("id"))),
                name="action_related_says_how",
                violation_error_message=_("Choose how it follows on another action."),
            ),
            models.CheckConstraint(
                condition=Q(dollars=None) | Q(dollars__lte=MOST_DOLLARS),
                name="action_dollars_range",
                violation_error_message=_("At most 10,000,000 dollars."),
            ),
            models.CheckConstraint(
                condition=Q(took_part=None) | Q(took_part__range=(1, MOST_PEOPLE)),
                name="action_took_part_range",
                violation_error_message=_("Between 1 and 999 people."),
            ),
            models.CheckConstraint(
                condition=Q(communities__len__gt=0),
                name="action_communities_not_empty",
                violation_error_message=_("Choose at least one, or “not specific”."),
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__range=(0, 999)),
                name="action_hours_range",
                violation_error_message=_("Hours are between 0 and 999."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__in": ["", *choices.values]}), name=f"action_{field}_known"
                )
                for field, choices in {"system": System, "relation": Relation}.items()
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=f"action_{field}_known")
                for field, choices in {
                    "level": Level,
                    "direction": Direction,
                    "visibility": Visibility,
                    "heard_back": HeardBack,
                }.items()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice} ({self.done_on})"

    @property
    def seen_by(self) -> Visibility:
        return Visibility(self.visibility)

    @property
    def is_shared_with_nobody(self) -> bool:
        """Shared on a day when its author had no team: it counts, and nobody else reads it."""
        return self.team_id is None and self.visibility == Visibility.SHARED
