"""What shared actions say of hours, dollars, partners and initiatives: a short list, each with how many say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.models import Action
from reports.labels import number


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    said_by: str


@dataclass(frozen=True)
class Resources:
    """Sums, each with the number of actions that it is made of: all four may be left open in an action."""

    actions: int
    hours: Decimal
    with_hours: int
    dollars: int
    with_dollars: int
    with_partners: int
    initiatives: int
    with_initiative: int

    @classmethod
    def of(cls, actions: QuerySet[Action]) -> "Resources":
        """In one statement."""
        found = actions.order_by().aggregate(
            actions=Count("*"),
            sum_of_hours=Sum("hours"),
            with_hours=Count("hours"),
            sum_of_dollars=Sum("dollars"),
            with_dollars=Count("dollars"),
            with_partners=Count("pk", filter=~Q(partners="")),
            initiatives=Count("initiative", distinct=True),
            with_initiative=Count("initiative"),
        )
        hours, dollars = found.pop("sum_of_hours") or Decimal(0), found.pop("sum_of_dollars") or 0
        return cls(hours=hours, dollars=dollars, **found)

    @classmethod
    def among(cls, actions: Iterable[Action]) -> "Resources":
        """Of a few actions that are at hand."""
        found = list(actions)
        hours = [action.hours for action in found if action.hours is not None]
        dollars = [action.dollars for action in found if action.dollars is not None]
        initiatives = [action.initiative_id for action in found if action.initiative_id]
        return cls(
            actions=len(found),
            hours=sum(hours, Decimal(0)),
            with_hours=len(hours),
            dollars=sum(dollars),
            with_dollars=len(dollars),
            with_partners=sum(1 for action in found if action.partners),
            initiatives=len(set(initiatives)),
            with_initiative=len(initiatives),
        )

    @property
    def facts(self) -> list[Fact]:
        """In words; what no action says is left out."""
        said = [
            (_("Hours given"), number(self.hours.normalize()), self.with_hours),
            (_("Dollars moved"), number(self.dollars), self.with_dollars),
            (_("Initiatives"), number(self.initiatives), self.with_initiative),
            (_("Partner organizations"), _("named"), self.with_partners),
        ]
        return [Fact(label, value, self._said_by(n)) for label, value, n in said if n]

    def _said_by(self, n: int) -> str:
        return ngettext("on %(n)s of %(total)s action", "on %(n)s of %(total)s actions", self.actions) % {
            "n": number(n),
            "total": number(self.actions),
        }

    @property
    def file_rows(self) -> list[tuple[object, ...]]:
        """(table, code, label, n), like those of the other tables."""
        return [
            ("resources", "hours", _("Hours given"), self.hours),
            ("resources", "with_hours", _("Actions that say their hours"), self.with_hours),
            ("resources", "dollars", _("Dollars moved"), self.dollars),
            ("resources", "with_dollars", _("Actions that say the dollars moved"), self.with_dollars),
            ("resources", "with_partners", _("Actions that name partner organizations"), self.with_partners),
            ("resources", "initiatives", _("Initiatives"), self.initiatives),
            ("resources", "with_initiative", _("Actions that belong to an initiative"), self.with_initiative),
        ]
