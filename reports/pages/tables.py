"""Figures as tables and one picture, with titles that say the finding: the same for page, print, mail and file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions import catalogue
from actions.catalogue import CommunityTerm
from actions.vocabulary import CommitmentStatus, Direction, HeardBack, Kind, Level, Stance
from reports.figures.change import COMPARE_FROM, change, comparable, share
from reports.figures.counts import Promises, TeamFigures
from reports.pages import charts, files
from reports.pages.files import Ending, FileLink
from reports.pages.labels import number
from teams.models import Agency

Link = Callable[..., str | None]

TRACK = """ width="100%%" height="12" aria-hidden="true" focusable="false"><rect class="bar-track" width="100%%" \
height="12"></rect><rect class="bar-fill" width="%d%%" height="12"></rect></svg>"""


@dataclass(frozen=True)
class Row:
    """`percent` is a text, empty where the whole is too small for one; `width` is the share that a bar shows."""

    code: str
    label: str
    n: int
    percent: str
    width: int
    url: str | None = None

    def drawn(self) -> str:
        """As a row of the table that `_bars.html` opens; every part is escaped."""
        label, bar = escape(self.label), TRACK % self.width
        if self.url:
            label = f'<a href="{escape(self.url)}">{label}</a>'
        percent = f'<span class="bars-percent">{escape(self.percent)}</span>' if self.percent else ""
        return f"""
    <tr>
      <th scope="row">{label}<svg class="bar bar-under"{bar}</th>
      <td class="bars-n">{number(self.n)}</td>
      <td><div class="bars-share"><svg class="bar"{bar}{percent}</div></td>
    </tr>"""


@dataclass(frozen=True)
class BarTable:
    """Counts of one kind. `total` is None where they overlap and must not be added up."""

    id: str
    name: str
    caption: str
    rows: Sequence[Row]
    total: int | None = None
    note: str = ""
    files: Sequence[FileLink] = ()
    heading: str = ""

    @property
    def drawn_files(self) -> SafeString:
        return files.links(self.files, self.caption)

    @property
    def drawn_rows(self) -> SafeString:
        """Drawn here: a template takes most of a page's time for them (script/bench measures it)."""
        return SafeString("".join(row.drawn() for row in self.rows))


@dataclass(frozen=True)
class MonthChart:
    """Columns by month at two widths, drawn when asked for, and the same numbers as a table."""

    id: str
    title: str
    points: charts.Points
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    files: Sequence[FileLink] = ()

    @property
    def drawn_files(self) -> SafeString:
        return files.links(self.files, self.title)

    @property
    def wide(self) -> SafeString:
        return charts.months_svg(self.points, width=charts.WIDE)

    @property
    def narrow(self) -> SafeString:
        return charts.months_svg(self.points, width=charts.NARROW)


@dataclass(frozen=True)
class Tables:
    """All tables of one period's figures, in the order of a page.

    `link` gives the list behind a row, `file` the address of one table's file, or of all tables' for ""; `promised_in`
    says in which months promises are counted, where these are more than the period.
    """

    figures: TeamFigures
    communities: Mapping[int, CommunityTerm]
    link: Link | None = None
    file: Callable[[str, Ending], str] | None = None
    promised_in: str = ""

    def all(self) -> list[BarTable]:
        return [
            self.direction(),
            self.promises(),
            self.kinds(),
            self.levels(),
            self.stance(),
            self.reach(),
            self.heard_back(),
        ]

    def direction(self) -> BarTable:
        caption = str(charts.finding(total=self.figures.total, taking=self.figures.taking_direction))
        return self._table("direction", _("Direction"), caption, Direction.choices, self.figures.direction)

    def kinds(self) -> BarTable:
        return self._most_often("kind", _("Kinds of practice"), Kind.choices, self.figures.kind)

    def levels(self) -> BarTable:
        return self._most_often("level", _("Levels"), Level.choices, self.figures.level)

    def stance(self) -> BarTable:
        """What a practice is, whoever does it: neither is worth more."""
        title = _("Acting ahead and responding")
        counts = self.figures.stance
        caption = ngettext(
            "Acting ahead: %(ahead)s of %(total)s action; responding to what happened: %(responding)s.",
            "Acting ahead: %(ahead)s of %(total)s actions; responding to what happened: %(responding)s.",
            self.figures.total,
        ) % {
            "ahead": number(counts[Stance.PROACTIVE]),
            "responding": number(counts[Stance.REACTIVE]),
            "total": number(self.figures.total),
        }
        return self._table("stance", title, caption if self.figures.total else _nothing(title), Stance.choices, counts)

    def heard_back(self) -> BarTable:
        figures = self.figures
        title = _("Heard back")
        if figures.heard_known:
            caption = ngettext(
                "Heard back on %(n)s of %(total)s action where people affected can be asked.",
                "Heard back on %(n)s of %(total)s actions where people affected can be asked.",
                figures.heard_known,
            ) % {"n": number(figures.heard), "total": number(figures.heard_known)}
        elif figures.total:
            caption = _("Heard back: people affected cannot be asked about any of these actions.")
        else:
            caption = _nothing(title)
        return self._table("heard_back", title, caption, HeardBack.choices, figures.heard_back)

    def reach(self) -> BarTable:
        """By community: those named, and those that the team says it serves, at zero too."""
        figures = self.figures
        shown = [pk for pk in self.communities if pk in figures.community or pk in figures.served]
        counts = {pk: figures.community.get(pk, 0) for pk in shown}
        named = sum(1 for pk, n in counts.items() if n and not self.communities[pk].is_exclusive)
        title = _("Reach by community")
        if named:
            caption = ngettext("The actions name %(n)s community.", "The actions name %(n)s communities.", named) % {
                "n": named
            }
        else:
            caption = _("The actions name no community.") if figures.total else _nothing(title)
        table = self._table("community", title, caption, [(pk, self.communities[pk].name) for pk in shown], counts)
        note = _("An action for several communities counts in each, so these do not add up.") if shown else ""
        return BarTable(table.id, table.name, table.caption, table.rows, None, note, table.files if shown else ())

    def promises(self) -> BarTable:
        return promises_table(self.figures.promises, months=self.promised_in, files=self._files("promises"))

    def months(self) -> MonthChart:
        figures = self.figures
        points = charts.month_points(figures)
        rows = [(charts.month_name(month), parts[charts.TAKING], parts[charts.OTHER]) for month, parts in points]
        return MonthChart(
            id="month",
            title=charts.months_finding(points),
            points=points,
            columns=[_("Month"), str(charts.LABELS[charts.TAKING]), str(charts.LABELS[charts.OTHER])],
            rows=rows,
            files=self._files("month"),
        )

    def _most_often(
        self, name: str, title: str, choices: Sequence[tuple[str, Any]], counts: Mapping[str, int]
    ) -> BarTable:
        """Named in the title is what leads, by itself or with one other; below twenty actions nothing is."""
        largest, total = max(counts.values()), self.figures.total
        leading = [str(label) for code, label in choices if counts[code] == largest]
        if not total:
            caption = _nothing(title)
        elif total >= COMPARE_FROM and len(leading) == 1:
            caption = _("%(name)s: most often “%(label)s”, %(n)s of %(total)s.") % {
                "name": title,
                "label": leading[0],
                "n": number(largest),
                "total": number(total),
            }
        elif total >= COMPARE_FROM and len(leading) == 2:
            caption = _("%(name)s: most often “%(label)s” and “%(other)s”, each %(n)s of %(total)s.") % {
                "name": title,
                "label": leading[0],
                "other": leading[1],
                "n": number(largest),
                "total": number(total),
            }
        else:
            caption = ngettext(
                "%(name)s: %(used)s of %(all)s, in %(total)s action.",
                "%(name)s: %(used)s of %(all)s, in %(total)s actions.",
                total,
            ) % {
                "name": title,
                "used": sum(1 for code, _label in choices if counts[code]),
                "all": len(choices),
                "total": number(total),
            }
        return self._table(name, title, caption, choices, counts)

    def _table(
        self, name: str, title: str, caption: str, choices: Iterable[tuple[Any, Any]], counts: Mapping[Any, int]
    ) -> BarTable:
        rows = _rows(choices, counts, self.figures.total, link=self.link, name=name)
        return BarTable(name, title, caption, rows, self.figures.total, "", self._files(name))

    def file_rows(self) -> list[tuple[object, ...]]:
        """(table, code, label, n) of all bar tables, and each month's two numbers."""
        rows: list[tuple[object, ...]] = [
            (table.id, row.code, row.label, row.n) for table in self.all() for row in table.rows
        ]
        months = self.months()
        for month, *counts in months.rows:
            rows += [("month", month, label, n) for label, n in zip(months.columns[1:], counts, strict=True)]
        return rows

    def all_files(self) -> list[FileLink]:
        return self._files("")

    def _files(self, name: str) -> list[FileLink]:
        return [(str(ending.label), self.file(name, ending)) for ending in Ending] if self.file else []


def promises_table(promises: Promises, *, months: str = "", files: Sequence[FileLink] = ()) -> BarTable:
    """Those due in the period by how they stand; or in these months, of which it is a part."""
    caption = _("No promise was due in the period.")
    if promises.due:
        caption = ngettext(
            "Kept on time: %(kept)s of %(due)s promise due in the period.",
            "Kept on time: %(kept)s of %(due)s promises due in the period.",
            promises.due,
        ) % {"due": number(promises.due), "kept": number(promises.by_status[CommitmentStatus.KEPT])}
    rows = _rows(CommitmentStatus.choices, promises.by_status, promises.due)
    note = ngettext(
        "%(n)s promise was open past its date.",
        "%(n)s promises were open past their date.",
        promises.open_past,
    ) % {"n": number(promises.open_past)}
    if months:
        whole = _("Promises are counted by whole months, here %(months)s, so that no date of one can be read.")
        note = f"{whole % {'months': months}} {note}"
    return BarTable("promises", _("Promises"), caption, rows, promises.due, note, files, _("Promises"))


def _rows(
    choices: Iterable[tuple[Any, Any]],
    counts: Mapping[Any, int],
    total: int,
    *,
    link: Link | None = None,
    name: str = "",
) -> list[Row]:
    return [
        Row(
            code=str(code),
            label=str(label),
            n=counts[code],
            percent=_percent(counts[code], total),
            width=max(round(100 * counts[code] / total), 1) if counts[code] else 0,
            url=link(**{name: code}) if link and counts[code] else None,
        )
        for code, label in choices
    ]


def _percent(part: int, whole: int) -> str:
    """Never all or nothing where it is not quite."""
    percent = share(part, whole)
    if percent is None:
        return ""
    nearly = {0: "<1" if part else "0", 100: ">99" if part < whole else "100"}
    return _("%(percent)s%%") % {"percent": nearly.get(percent, percent)}


def _nothing(title: str) -> str:
    return _("%(name)s: nothing to count in this period.") % {"name": title}


def communities_of(agency: Agency | None) -> dict[int, CommunityTerm]:
    """All communities by key, under the agency's own names and in its order."""
    return {term.pk: term for term in catalogue.community_choices(agency, keep=catalogue.EVERY)}


def changes(now: TeamFigures, before: TeamFigures) -> list[str] | None:
    """What changed by more than chance since the period before, in words; None where the two must not be compared."""
    if not comparable(now.total, before.total):
        return None
    compared: list[tuple[str, int, int]] = [
        (_("Shared actions"), now.total, before.total),
        (_("Actions taking direction from people affected"), now.taking_direction, before.taking_direction),
    ]
    for choices, counts, earlier in (
        (Kind.choices, now.kind, before.kind),
        (Level.choices, now.level, before.level),
    ):
        compared += [(_("Actions “%(label)s”") % {"label": label}, counts[c], earlier[c]) for c, label in choices]
    sentences = {
        "more": _("%(what)s: %(difference)s more than in the period before (%(now)s, was %(before)s)."),
        "fewer": _("%(what)s: %(difference)s fewer than in the period before (%(now)s, was %(before)s)."),
    }
    return [
        sentences[moved.direction]
        % {"difference": number(moved.difference), "what": what, "now": number(n), "before": number(was)}
        for what, n, was in compared
        if (moved := change(n, was))
    ]
