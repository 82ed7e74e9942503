"""The table of an agency's people: its columns, in any order that the address asks for."""

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teams.models import Membership, Role, Worker

PER_PAGE = 50


class PeopleTable(tables.Table):
    """One row a person, with her teams of today, read by `with_teams`."""

    name = tables.Column(gettext_lazy("Name"), order_by=("name", "pk"))
    email = tables.Column(gettext_lazy("E-mail"))
    teams = tables.Column(gettext_lazy("Teams today"), orderable=False, accessor="pk")
    roles = tables.Column(gettext_lazy("Agency roles"), orderable=False, accessor="pk")
    is_active = tables.Column(gettext_lazy("Account"), order_by=("-is_active", "name", "pk"))

    def render_name(self, record: Worker) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("teams:person", args=[record.pk]), record.name)

    def render_teams(self, record: Worker) -> str:
        spells: list[Membership] = record.spells  # type: ignore[attr-defined]
        return ", ".join(_in_team(spell) for spell in spells) or "—"

    def render_roles(self, record: Worker) -> str:
        given = [_("Admin")] * record.is_admin + [_("Equity lead")] * record.is_equity_lead
        return ", ".join(given) or "—"

    def render_is_active(self, value: bool) -> str:
        return _("Open") if value else _("Closed")


def _in_team(spell: Membership) -> str:
    if spell.role == Role.SUPERVISOR:
        return _("%(team)s (supervisor)") % {"team": spell.team.name}
    return spell.team.name


def with_teams(people: QuerySet[Worker]) -> QuerySet[Worker]:
    today = Membership.objects.current(timezone.localdate()).select_related("team").order_by("team__name")
    return people.prefetch_related(Prefetch("memberships", today, to_attr="spells"))


def people(found: QuerySet[Worker], *, sort: str, page: str) -> tuple[PeopleTable, Page]:
    """The table, and the rows of one of its pages; what is no column or page is left aside."""
    column = sort if sort.removeprefix("-") in PeopleTable.base_columns else "name"
    table = PeopleTable(with_teams(found), order_by=column)
    return table, Paginator(table.rows, PER_PAGE).get_page(page)
