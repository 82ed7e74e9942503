"""The catalogue: practices and communities, shipped with the app or an agency's own, and what an agency changed."""

from collections.abc import Collection
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from actions.vocabulary import Kind, Level, Principle, reader_language
from teams.audit.tracking import tracked
from teams.models import Agency

OF_AN_AGENCY = pgtrigger.Q(new__agency__isnull=False)
NAMED_OR_HIDDEN = ~pgtrigger.Q(new__label_en="", new__label_fr="", new__is_hidden=False)


class TermQuerySet[T: models.Model](models.QuerySet[T]):
    def named_for(self, agency: Agency | None) -> Self:
        """Shipped terms and the agency's own, each with what the agency changed about it."""
        return (
            self.filter(Q(agency=None) | Q(agency=agency))
            .annotate(edit=FilteredRelation("edits", condition=Q(edits__agency=agency)))
            .annotate(own_label_en=F("edit__label_en"), own_label_fr=F("edit__label_fr"))
        )

    def offered_to(self, agency: Agency | None, *, keep: Collection[int] = ()) -> Self:
        """What the agency's workers may choose today, in its order, and those that an entry already has."""
        shown = Q(is_retired=False) & (Q(edit__is_hidden=None) | Q(edit__is_hidden=False))
        return self.named_for(agency).filter(shown | Q(pk__in=keep)).in_order()

    def in_order(self) -> Self:
        """As the agency of `named_for` put them."""
        return self.order_by(Coalesce("edit__position", "order"), "pk")


class Term(models.Model):
    """One entry of the catalogue; without an agency it is shipped. Terms are hidden or retired, never deleted."""

    id = models.SmallAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("label"), max_length=60)
    description = models.CharField(_("description"), max_length=200, blank=True)
    rolls_up_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_retired = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                nulls_distinct=False,
                name="%(class)s_code_unique",
                violation_error_message=_("The catalogue already has this code."),
            ),
            models.CheckConstraint(
                condition=Q(agency=None) | Q(rolls_up_to__isnull=False),
                name="%(class)s_own_term_rolls_up",
                violation_error_message=_("A term of your own names the shared term that it counts under."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the agency calls it, in the reader's language; needs `named_for` to know the agency's own word."""
        return getattr(self, f"own_label_{reader_language()}", None) or self.label


class Edit(models.Model):
    """What one agency changed about a term: its name there, its place, or that it is hidden."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    label_en = models.CharField(_("label in English"), max_length=60, blank=True)
    label_fr = models.CharField(_("label in French"), max_length=60, blank=True)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    hidden_on = models.DateField(null=True, editable=False)  # since when, where it is
    position = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)  # none: the catalogue's own order

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["agency", "term"], name="%(class)s_one_per_agency"),
        ]


class PracticeQuerySet(TermQuerySet["Practice"]):
    pass


@tracked("agency", "label", "rolls_up_to", "is_retired", insert=OF_AN_AGENCY)
class Practice(Term):
    """A type of action, of one kind, with the principles it draws on and the levels it fits."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    levels = ArrayField(models.CharField(max_length=12, choices=Level), verbose_name=_("levels"))
    principles = ArrayField(models.CharField(max_length=30, choices=Principle), verbose_name=_("principles"))
    stance = models.CharField(max_length=9)
    example = models.CharField(_("example"), max_length=250, blank=True)
    caution = models.CharField(_("caution"), max_length=250, blank=True)
    default_visibility = models.CharField(max_length=7)
    suggests_follow_up = models.BooleanField(default=False)

    objects = PracticeQuerySet.as_manager()  # type: ignore[django-manager-missing]


@tracked("agency", "term", "label_en", "label_fr", "is_hidden", insert=NAMED_OR_HIDDEN)
class PracticeEdit(Edit):
    """What one agency changed about a practice."""

    term = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="edits")


class CommunityQuerySet(TermQuerySet["Community"]):
    pass


@tracked("agency", "label", "rolls_up_to", "is_retired", insert=OF_AN_AGENCY)
class Community(Term):
    """An equity-seeking group that an action is for; never the identity of a person."""

    is_exclusive = models.BooleanField(default=False)

    objects = CommunityQuerySet.as_manager()  # type: ignore[django-manager-missing]

    class Meta(Term.Meta):
        verbose_name_plural = "communities"


@tracked("agency", "term", "label_en", "label_fr", "is_hidden", insert=NAMED_OR_HIDDEN)
class CommunityEdit(Edit):
    """What one agency changed about a community."""

    term = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="edits")
