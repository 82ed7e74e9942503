"""The protected figures of an agency or of the sector as a page says them: small multiples of quarters, and their sum.

All of it is made of `ProtectedFigures`, which hold printed numbers alone, so nothing here could tell a hidden one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from actions.models import Community
from actions.vocabulary import Direction, HeardBack, Kind, Level, Vocabulary
from reports.figures.change import COMPARE_FROM
from reports.figures.counts import TAKING_DIRECTION
from reports.models import ProtectedQuarter
from reports.pages import files
from reports.pages.files import Ending, FileLink, Sheet
from reports.pages.labels import number, period_label
from reports.periods import Period
from reports.suppression.entries import MANY_COMMUNITIES
from reports.suppression.published import ProtectedFigures, span
from teams.filters import asked_by_get
from teams.models import Agency

USUAL = 4  # quarters that a page shows unless asked
MOST = 12
WITH_NUMBERS = 4  # quarters, up to which a number has room above its column
PLOT, ROOM = 48, 14  # pixels: the tallest column, and what is above it for a number
LEAST = 2  # pixels of the smallest column

NAMES = {
    "direction": gettext_lazy("Direction"),
    "level": gettext_lazy("Levels"),
    "kind": gettext_lazy("Kinds of practice"),
    "community": gettext_lazy("Reach by community"),
    "heard_back": gettext_lazy("Heard back"),
}
VOCABULARIES: dict[str, type[Vocabulary]] = {
    "direction": Direction,
    "level": Level,
    "kind": Kind,
    "heard_back": HeardBack,
}


HIDDEN = """
    <rect class="multiple-hidden" {} y="50" height="12"><title>{}: {}</title></rect>"""
SHOWN = """
    <rect class="bar-fill" {} y="{}" height="{}"><title>{}: {}</title></rect>"""
MULTIPLE = """<div class="multiple">{}
  <svg class="multiple-plot" width="100%" height="64" role="img" aria-label="{}" focusable="false">
    <line class="multiple-base" x1="0" x2="100%" y1="62.5" y2="62.5"></line>{}
  </svg>
  <p class="multiple-quarters" aria-hidden="true">{}</p>
</div>"""
MULTIPLE_HEAD = """
  <p class="multiple-label">{}</p>
  <p class="multiple-total{}">{}{}</p>"""
PERCENT = """ <span class="multiple-percent">{}</span>"""
NUMBER = """<text class="multiple-n" x="{}%" y="{}">{}</text>"""


class SpanFilter(forms.Form):
    """From which closed quarter to which; each is named by its first day."""

    first = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=date.fromisoformat, required=False)
    last = forms.TypedChoiceField(label=gettext_lazy("To"), coerce=date.fromisoformat, required=False)

    def __init__(self, data: Any, *, quarters: Sequence[ProtectedQuarter]) -> None:
        self.quarters = quarters
        newest = _unbroken(quarters)[-USUAL:]
        usual = {"first": newest[0].first_day.isoformat(), "last": newest[-1].first_day.isoformat()}
        super().__init__(usual | {name: data[name] for name in usual if data.get(name)})
        for name in usual:
            choices: Any = self.fields[name]
            choices.choices = [
                (quarter.first_day.isoformat(), capfirst(period_label(quarter.period))) for quarter in quarters
            ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last"):
            chosen = self._between(cleaned["first"], cleaned["last"])
            if not chosen:
                self.add_error("last", _("The last quarter comes before the first."))
            elif len(chosen) > MOST:
                self.add_error("last", _("At most %(n)s quarters at once.") % {"n": MOST})
            elif len(_unbroken(chosen)) < len(chosen):
                self.add_error("last", _("A quarter in between is not closed yet, so these cannot be added up."))
        return cleaned

    def chosen(self) -> Sequence[ProtectedQuarter]:
        """The quarters in a row that are asked for; the newest alone where the address is wrong."""
        if not self.is_valid():
            return self.quarters[-1:]
        return self._between(self.cleaned_data["first"], self.cleaned_data["last"])

    def _between(self, first: date, last: date) -> list[ProtectedQuarter]:
        return [quarter for quarter in self.quarters if first <= quarter.first_day <= last]

    @property
    def helper(self) -> FormHelper:
        return asked_by_get("first", "last")


def _unbroken(quarters: Sequence[ProtectedQuarter]) -> Sequence[ProtectedQuarter]:
    """The newest that follow on one another: one in between may still wait to be closed."""
    start = len(quarters) - 1
    while start > 0 and quarters[start].period == quarters[start - 1].period.next():
        start -= 1
    return quarters[start:]


@dataclass(frozen=True)
class Term:
    """A cell of the menu in words; `code` is that of the catalogue."""

    code: str
    label: str
    description: str


@dataclass(frozen=True)
class Column:
    """One quarter of a panel. `height` is in pixels, 0 where the number is not shown."""

    quarter: str
    label: str
    shown: str
    x: float
    width: float
    height: int
    is_shown: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def y(self) -> int:
        return ROOM + PLOT - self.height

    @property
    def number_y(self) -> int:
        return self.y - 3

    def drawn(self, *, has_number: bool) -> SafeString:
        place = SafeString(f'x="{self.x:.2f}%" width="{self.width:.2f}%"')
        title = (self.label, self.shown)
        if not self.is_shown:
            return format_html(HIDDEN, place, *title)
        bar = format_html(SHOWN, place, self.y, self.height, *title)
        if not has_number:
            return bar
        return bar + format_html(NUMBER, SafeString(f"{self.middle:.2f}"), self.number_y, self.shown)


@dataclass(frozen=True)
class Panel:
    """One cell over the quarters; `total` is that of them all."""

    label: str
    total: str
    percent: str
    is_total_shown: bool
    columns: Sequence[Column]

    @property
    def is_ever_shown(self) -> bool:
        return any(column.is_shown for column in self.columns)

    @property
    def has_numbers(self) -> bool:
        return 1 < len(self.columns) <= WITH_NUMBERS

    @property
    def drawn(self) -> SafeString:
        """Drawn here, like `drawn_cells`: a template takes most of a page's time for them (script/bench measures it)."""
        percent = format_html(PERCENT, self.percent) if self.percent else ""
        hidden = SafeString("" if self.is_total_shown else " not-shown")
        return self._drawn_under(format_html(MULTIPLE_HEAD, self.label, hidden, self.total, percent))

    @property
    def drawn_alone(self) -> SafeString:
        """Without its label and total, which stand beside it."""
        return self._drawn_under("")

    def _drawn_under(self, head: str) -> SafeString:
        columns = mark_safe("".join(column.drawn(has_number=self.has_numbers) for column in self.columns))  # noqa: S308, parts are escaped
        ends = [self.columns[0], self.columns[-1]][: len(self.columns)]
        quarters = format_html_join("", "<span>{}</span>", ((column.quarter,) for column in ends))
        return format_html(MULTIPLE, head, self.text, columns, quarters)

    @property
    def drawn_cells(self) -> SafeString:
        """Of a row of the table: each quarter, and of several their sum."""
        cells = [(column.shown, column.is_shown) for column in self.columns]
        if len(self.columns) > 1:
            cells.append((self.total, self.is_total_shown))
        named = ((SafeString("" if is_shown else " not-shown"), shown) for shown, is_shown in cells)
        return format_html_join("", '<td class="number{}">{}</td>', named)

    @property
    def text(self) -> str:
        """Instead of the picture."""
        return "; ".join(
            _("%(quarter)s: %(n)s") % {"quarter": column.quarter, "n": column.shown} for column in self.columns
        )


@dataclass(frozen=True)
class Multiples:
    """A table of the menu: a panel for each of its cells, all on one scale."""

    id: str
    name: str
    title: str
    panels: Sequence[Panel]
    files: Sequence[FileLink]

    @property
    def drawn_files(self) -> SafeString:
        return files.links(self.files, self.name)

    @property
    def shown(self) -> list[Panel]:
        """Those of which some quarter is shown."""
        return [panel for panel in self.panels if panel.is_ever_shown]

    @property
    def never_shown(self) -> list[str]:
        return [panel.label for panel in self.panels if not panel.is_ever_shown]


@dataclass(frozen=True)
class ProtectedPage:
    """All that the page and its files print. `agency` is None for the sector."""

    agency: Agency | None
    form: SpanFilter
    quarters: Sequence[ProtectedQuarter]
    figures: Sequence[ProtectedFigures]
    whole: ProtectedFigures
    terms: Mapping[str, Mapping[str, Term]]
    address: Callable[[Ending], str]

    def files(self, table: str = "") -> list[FileLink]:
        """What each file is called, and its address."""
        query = f"first={self.whole.period.first}&last={self.quarters[-1].first_day}" + (table and f"&table={table}")
        return [(str(ending.label), f"{self.address(ending)}?{query}") for ending in Ending]

    @property
    def label(self) -> str:
        return period_label(self.whole.period)

    @property
    def as_of(self) -> datetime:
        return max(quarter.closed_at for quarter in self.quarters if quarter.closed_at)

    @property
    def taking_part(self) -> list[str]:
        """How many agencies: in one sentence, or quarter by quarter where it changed."""
        counts = {quarter.agencies for quarter in self.quarters}
        if len(counts) == 1:
            text = ngettext("%(n)s agency took part.", "%(n)s agencies took part.", *counts)
            return [text % {"n": number(*counts)}]
        return [
            ngettext("%(quarter)s: %(n)s agency took part.", "%(quarter)s: %(n)s agencies took part.", quarter.agencies)
            % {"quarter": quarter_name(quarter.period), "n": quarter.agencies}
            for quarter in self.quarters
        ]

    @property
    def headline(self) -> str:
        total = self.whole.total
        if total is None:
            return _("%(period)s: the total is not shown.") % {"period": capfirst(self.label)}
        return ngettext(
            "%(period)s: %(n)s action, shared or counted.", "%(period)s: %(n)s actions, shared or counted.", total
        ) % {"period": capfirst(self.label), "n": number(total)}

    @property
    def is_long(self) -> bool:
        """More than one quarter: what is shown of all together is a sum."""
        return len(self.figures) > 1

    @property
    def total(self) -> Panel:
        columns = _columns([figures.total for figures in self.figures], self._names, self._scale_of_totals())
        shown = self.whole.total
        return Panel(_("Total"), _said(shown), "", shown is not None, columns)

    def multiples(self) -> list[Multiples]:
        return [self._multiples(table.name) for table in self.whole.tables]

    def _multiples(self, name: str) -> Multiples:
        quarters = [figures.table(name).by_code for figures in self.figures]
        by_code = {code: [shown.get(code) for shown in quarters] for code in self.terms[name]}
        scale = max((n for counts in by_code.values() for n in counts if n is not None), default=0)
        panels = [self._panel(name, code, counts, scale) for code, counts in by_code.items()]
        return Multiples(name, str(NAMES[name]), self._title(name), panels, self.files(name))

    def _panel(self, name: str, code: str, counts: Sequence[int | None], scale: int) -> Panel:
        total, percent = self.whole.table(name).shown(code), self.whole.percent(name, code)
        return Panel(
            label=self.terms[name][code].label,
            total=_said(total),
            percent=_("%(percent)s%%") % {"percent": percent} if percent is not None else "",
            is_total_shown=total is not None,
            columns=_columns(counts, self._names, scale),
        )

    def _title(self, name: str) -> str:
        """What the printed numbers of the whole span say."""
        cells = {cell.code: cell.shown for cell in self.whole.table(name).cells if cell.code in self.terms[name]}
        shown = {code: n for code, n in cells.items() if n is not None}
        values = {"name": NAMES[name], "shown": number(len(shown)), "all": number(len(cells))}
        total = self.whole.total
        if total is None or not shown:
            return _("%(name)s: no figure of the whole span can be shown.") % values
        taking = [cells[code] for code in TAKING_DIRECTION] if name == "direction" else [None]
        if None not in taking:
            said = {"n": number(sum(n or 0 for n in taking)), "total": number(total)}
            if self.whole.rounded_to > 1:
                return _("Direction: about %(n)s of %(total)s actions took direction from people affected.") % said
            return _("Direction: %(n)s of %(total)s actions took direction from people affected.") % said
        most = [code for code, n in shown.items() if n == max(shown.values())]
        if len(most) == 1 and total >= COMPARE_FROM:
            values |= {"label": self.terms[name][most[0]].label, "n": number(shown[most[0]]), "total": number(total)}
            if self.whole.rounded_to > 1:
                return (
                    _("%(name)s: of the figures shown, the largest is “%(label)s”, about %(n)s of %(total)s.") % values
                )
            return _("%(name)s: of the figures shown, the largest is “%(label)s”, %(n)s of %(total)s.") % values
        return _("%(name)s: %(shown)s of %(all)s figures can be shown.") % values

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Of each quarter, short and long; once for all panels."""
        return [(quarter_name(one.period), capfirst(period_label(one.period))) for one in self.figures]

    def _scale_of_totals(self) -> int:
        return max((figures.total for figures in self.figures if figures.total is not None), default=0)

    def rows(self, table: str = "") -> Iterator[tuple[object, ...]]:
        """First and last day, table, code, label, actions, frozen on: each quarter, then all of them together."""
        made = list(zip(self.figures, (quarter.closed_at for quarter in self.quarters), strict=True))
        for figures, moment in [*made, *([(self.whole, self.as_of)] if self.is_long else [])]:
            days, frozen = (figures.period.first, figures.period.last), timezone.localdate(moment)
            if table in ("", "total"):
                yield (*days, "total", "total", _("Total"), _cell(figures.total), frozen)
            for name, terms in self.terms.items():
                if table in ("", name):
                    for code, term in terms.items():
                        n = _cell(figures.table(name).shown(code))
                        yield (*days, name, term.code, term.label, n, frozen)

    def dictionary(self) -> list[tuple[str, list[Term]]]:
        """What each cell of each table means."""
        return [(str(NAMES[name]), list(terms.values())) for name, terms in self.terms.items()]

    def dictionary_sheet(self) -> Sheet:
        header = (_("table"), _("code"), _("label"), _("meaning"))
        rows = [
            (name, term.code, term.label, term.description)
            for name, terms in self.terms.items()
            for term in terms.values()
        ]
        return _("Dictionary"), [header, *rows]


def build(
    agency: Agency | None, quarters: Sequence[ProtectedQuarter], data: Any, *, address: Callable[[Ending], str]
) -> ProtectedPage:
    """Of closed quarters, at least one, oldest first; `address` is where its files are."""
    form = SpanFilter(data, quarters=quarters)
    chosen = form.chosen()
    figures = [quarter.protected_figures for quarter in chosen]
    whole = span(figures)
    return ProtectedPage(
        agency=agency,
        form=form,
        quarters=chosen,
        figures=figures,
        whole=whole,
        terms={table.name: _terms(table.name, [cell.code for cell in table.cells], agency) for table in whole.tables},
        address=address,
    )


def _terms(table: str, codes: Sequence[str], agency: Agency | None) -> dict[str, Term]:
    """In the catalogue's order."""
    if table == "community":
        return _communities(codes, agency)
    vocabulary = VOCABULARIES[table]
    known: list[Vocabulary] = [vocabulary(code) for code in codes if code in vocabulary.values]
    return {term.value: Term(term.value, str(term.label), str(term.description or term.help)) for term in known}


def _communities(codes: Sequence[str], agency: Agency | None) -> dict[str, Term]:
    terms = {term.pk: term for term in Community.objects.named_for(agency).in_order()}
    known = {code: terms[int(code)] for code in codes if code.isdigit() and int(code) in terms}
    named = {code: Term(term.code, term.name, term.description) for code, term in known.items()}
    many = Term(
        MANY_COMMUNITIES,
        _("More than one community"),
        _("An action for several communities counts here alone, so that the table adds up."),
    )
    return named | {MANY_COMMUNITIES: many}


def _columns(counts: Sequence[int | None], names: Sequence[tuple[str, str]], scale: int) -> list[Column]:
    """`names` are the short and the long one of each quarter."""
    step = 100 / len(counts)
    return [
        Column(
            quarter=quarter,
            label=label,
            shown=_said(n),
            x=round(place * step + step * 0.12, 2),
            width=round(step * 0.76, 2),
            height=max(round(PLOT * n / scale), LEAST) if n else 0,
            is_shown=n is not None,
        )
        for place, (n, (quarter, label)) in enumerate(zip(counts, names, strict=True))
    ]


def quarter_name(period: Period) -> str:
    """ "Q3 2026"."""
    quarter = {"n": (period.first.month + 2) // 3, "year": period.first.year}
    return pgettext("quarter", "Q%(n)s %(year)s") % quarter


def _said(n: int | None) -> str:
    return number(n) if n is not None else str(NOT_SHOWN)


def _cell(n: int | None) -> object:
    return n if n is not None else str(NOT_SHOWN)


NOT_SHOWN: Promise = gettext_lazy("not shown")
