"""What shared actions say of hours, dollars, partners and initiatives: a short list, each with how many say it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.pages.labels import number


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    said_by: str


class Resources(NamedTuple):
    """Sums, each with the number of actions that it is made of: all four may be left open in an action."""

    actions: int = 0
    hours: Decimal = Decimal(0)
    with_hours: int = 0
    dollars: int = 0
    with_dollars: int = 0
    with_partners: int = 0
    initiatives: int = 0
    with_initiative: int = 0

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
