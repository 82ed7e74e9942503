"""Pictures over time: a Vega-Lite spec, drawn to SVG on the server, so that a page needs no script and no style for it.

Texts, axes and grid are `currentColor` in the page's own font. A stylesheet may give the two series other colours, as
it must on a dark page: `.taking_direction_marks path`, `.own_or_consulted_marks path`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from textwrap import wrap
from typing import Any

import vl_convert
from django.core.cache import cache
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise, lazystr
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, override

from reports.change import share
from reports.figures import TeamFigures

VERSION = 2  # of the drawing: a new one leaves the pictures in the cache behind
KEEP_SECONDS = 7 * 24 * 60 * 60

TAKING, OTHER = SERIES = ("taking_direction", "own_or_consulted")  # from the bottom of a column to its top
COLOURS = {TAKING: "#12436D", OTHER: "#28A197"}  # 3:1 on white and between themselves, also for colour-blind readers
LABELS = {TAKING: gettext_lazy("Taking direction"), OTHER: gettext_lazy("Own initiative or consulted")}

Points = Sequence[tuple[str, Mapping[str, int]]]


@dataclass(frozen=True)
class Layout:
    """Pixels of a picture so wide: a plot with numbers at its left and the names of the series at its right."""

    width: int
    left: int

    @property
    def wide(self) -> bool:
        return self.width >= 480

    @property
    def font(self) -> int:
        return 12 if self.wide else 11

    @property
    def line(self) -> int:
        return self.font + 3

    @property
    def top(self) -> int:
        return 2 * self.font

    @property
    def bottom(self) -> int:
        return 3 * self.line

    @property
    def right(self) -> int:
        return 150 if self.wide else 118

    @property
    def plot_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        return 170 if self.wide else 150

    def text_width(self, text: str) -> float:
        """A generous guess, since the page's font is not known here."""
        return 0.6 * self.font * len(text)


def month_points(figures: TeamFigures) -> list[tuple[str, dict[str, int]]]:
    """What `months_svg` draws of one period's figures."""
    return [
        (month, {TAKING: figures.month_taking[month], OTHER: n - figures.month_taking[month]})
        for month, n in figures.month.items()
    ]


def months_svg(points: Points, *, width: int, language: str) -> SafeString:
    """Columns by month, from the cache where the same picture was drawn before; empty where there is no month.

    A point is a month, "YYYY-MM", with its count for each of SERIES.
    """
    if not points:
        return SafeString("")
    with override(language):
        spec, label = months_spec(points, width=width), _summary(points)
    content = json.dumps([VERSION, vl_convert.get_vega_version(), language, width, label, spec], sort_keys=True)
    key = f"chart:{sha256(content.encode()).hexdigest()}"
    svg = cache.get(key)
    if svg is None:
        svg = render(spec, label=label)
        cache.set(key, svg, KEEP_SECONDS)
    return SafeString(svg)


def render(spec: Mapping[str, Any], *, label: str) -> str:
    """The drawn SVG with the label as its text alternative; it can stand on one page with others.

    Vega describes marks by ARIA roles, and in English; here a mark's description becomes its title, which also shows
    where the pointer rests.
    """
    svg = vl_convert.vegalite_to_svg(dict(spec), vl_version="6.4", allowed_base_urls=[])
    svg = re.sub(r' (?:role|aria-hidden|aria-roledescription|font-family)="[^"]*"', "", svg)
    svg = re.sub(r'<path aria-label="([^"]*)"([^>]*)/>', r"<path\2><title>\1</title></path>", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)


def months_spec(points: Points, *, width: int) -> dict[str, Any]:
    """The Vega-Lite spec of the columns by month, its texts in the active language."""
    totals = [sum(counts[series] for series in SERIES) for _month, counts in points]
    ticks = _ticks(max(totals))
    layout = Layout(width, left=10 + max(8 * len(_number(tick)) for tick in ticks))
    step = layout.plot_width / len(points)
    texts = {"color": "currentColor", "fontSize": layout.font, "lineHeight": layout.line, "aria": False}
    layers = [_columns(series, points, width=min(0.78 * step, 64.0)) for series in SERIES]
    if step >= max(layout.text_width(_number(total)) for total in totals):
        layers.append(_totals(points, totals, texts=texts))
    layers += _names(points[-1][1], top=ticks[-1], layout=layout, texts=texts)
    axis = {
        "title": None,
        "aria": False,
        "ticks": False,
        "labelColor": "currentColor",
        "labelFontSize": layout.font,
        "labelLineHeight": layout.line,
        "labelPadding": 6,
    }
    months = [month for month, _counts in points]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": layout.plot_width,
        "height": layout.plot_height,
        "autosize": "none",
        "padding": {"left": layout.left, "right": layout.right, "top": layout.top, "bottom": layout.bottom},
        "background": None,
        "config": {"view": {"stroke": None}},
        "encoding": {
            "x": {
                "type": "ordinal",
                "scale": {"domain": months, "paddingInner": 0, "paddingOuter": 0},
                "axis": {
                    **axis,
                    "domainColor": "currentColor",
                    "labelAngle": 0,
                    "labelOverlap": False,
                    "labelExpr": _lookup(_month_labels(months, step=step, layout=layout)),
                },
            },
            "y": {
                "type": "quantitative",
                "scale": {"domain": [0, ticks[-1]]},
                "axis": {
                    **axis,
                    "domain": False,
                    "values": ticks,
                    "labelExpr": _lookup({str(tick): [_number(tick)] for tick in ticks}),
                    "gridColor": "currentColor",
                    "gridOpacity": 0.2,
                },
            },
        },
        "layer": layers,
    }


def _columns(series: str, points: Points, *, width: float) -> dict[str, Any]:
    values = []
    for month, counts in points:
        start = counts[TAKING] if series == OTHER else 0
        if counts[series]:
            description = _describe(series, month, counts[series])
            values.append({"month": month, "from": start, "to": start + counts[series], "text": description})
    return {
        "name": series,
        "data": {"values": values},
        "mark": {"type": "bar", "color": COLOURS[series], "width": width},
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "from", "type": "quantitative"},
            "y2": {"field": "to"},
            "description": {"field": "text"},
        },
    }


def _totals(points: Points, totals: Sequence[int], *, texts: Mapping[str, Any]) -> dict[str, Any]:
    values = [
        {"month": month, "to": total, "text": _number(total)}
        for (month, _counts), total in zip(points, totals, strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "baseline": "bottom", "dy": -4, **texts},
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "to", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _names(last: Mapping[str, int], *, top: int, layout: Layout, texts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The series' names beside the last column, each as near to its part of the column as the other one lets it."""
    lines = {series: wrap(str(LABELS[series]), 16 if layout.wide else 13) for series in SERIES}
    room = {series: len(lines[series]) * layout.line + 6 for series in SERIES}
    pixels = layout.plot_height / top
    middle = {
        TAKING: layout.plot_height - pixels * last[TAKING] / 2,
        OTHER: layout.plot_height - pixels * (last[TAKING] + last[OTHER] / 2),
    }
    lower = min(max(middle[TAKING], room[OTHER] + room[TAKING] / 2), layout.plot_height - room[TAKING] / 2)
    upper = max(min(middle[OTHER], lower - (room[TAKING] + room[OTHER]) / 2), room[OTHER] / 2)
    layers: list[dict[str, Any]] = []
    for series, y in ((TAKING, lower), (OTHER, upper)):
        first = y - (len(lines[series]) - 1) * layout.line / 2
        square = {"type": "square", "size": 100, "opacity": 1, "color": COLOURS[series], "aria": False}
        name = {"type": "text", "align": "left", "baseline": "middle", **texts}
        layers += [
            {
                "name": f"{series}_name_{kind}",
                "data": {"values": [{}]},
                "mark": mark,
                "encoding": {"x": {"value": layout.plot_width + x}, "y": {"value": first}} | extra,
            }
            for kind, x, mark, extra in (
                ("square", 12, square, {}),
                ("text", 22, name, {"text": {"value": lines[series]}}),
            )
        ]
    return layers


def _month_labels(months: Sequence[str], *, step: float, layout: Layout) -> dict[str, list[str]]:
    """Names of as many months as there is room for, always of January; the first, and each January, with its year."""
    days = {month: date.fromisoformat(f"{month}-01") for month in months}
    widest = max(layout.text_width(date_format(day, "N")) for day in days.values()) + 4
    every = next(n for n in (1, 2, 3, 4, 6, 12, 24, 60, 120, 1200) if n * step >= widest or n == 1200)
    shown = [month for month, day in days.items() if (day.year * 12 + day.month - 1) % every == 0]
    labels = {}
    for month in months:
        year = [str(days[month].year)] if month in shown[:1] or month.endswith("-01") else []
        labels[month] = [date_format(days[month], "N"), *year] if month in shown else [""]
    return labels


def _lookup(labels: Mapping[str, Sequence[str]]) -> str:
    return f"({json.dumps(labels)})[datum.value]"


def _ticks(largest: int) -> list[int]:
    """Whole numbers from 0 to at least the largest: up to five, a round step apart."""
    step = next(n * 10**power for power in range(12) for n in (1, 2, 5) if n * 10**power * 4 >= largest)
    return list(range(0, max(largest + step - 1, step) // step * step + 1, step))


def _number(n: int) -> str:
    return number_format(n, force_grouping=True)


def month_name(month: str) -> str:
    return date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


def _describe(series: str, month: str, n: int) -> str:
    if series == TAKING:
        text = ngettext(
            "%(month)s: %(count)s action taking direction", "%(month)s: %(count)s actions taking direction", n
        )
    else:
        text = ngettext(
            "%(month)s: %(count)s action, own initiative or consulted",
            "%(month)s: %(count)s actions, own initiative or consulted",
            n,
        )
    return text % {"month": month_name(month), "count": _number(n)}


def _summary(points: Points) -> str:
    return gettext(
        "Shared actions by month, %(first)s to %(last)s. Taking direction: %(taking)s. "
        "Own initiative or consulted: %(other)s."
    ) % {
        "first": month_name(points[0][0]),
        "last": month_name(points[-1][0]),
        "taking": _number(sum(counts[TAKING] for _month, counts in points)),
        "other": _number(sum(counts[OTHER] for _month, counts in points)),
    }


def finding(*, total: int, taking: int) -> Promise:
    """The title of the direction pictures: what they show, in the language of whoever reads it."""
    return lazystr(_Finding(total, taking))


@dataclass(frozen=True)
class _Finding:
    total: int
    taking: int

    def __str__(self) -> str:
        percent = share(self.taking, self.total)
        if self.total == 0:
            text = gettext("No shared actions in this period.")
        elif self.taking == 0:
            text = ngettext(
                "%(total)s shared action, not led, co-designed or asked for by people affected.",
                "%(total)s shared actions, none led, co-designed or asked for by people affected.",
                self.total,
            )
        elif self.taking == self.total:
            text = ngettext(
                "%(total)s shared action, led, co-designed or asked for by people affected.",
                "%(total)s shared actions, all led, co-designed or asked for by people affected.",
                self.total,
            )
        elif percent in {None, 0, 100}:
            text = ngettext(
                "%(taking)s of %(total)s shared actions was led, co-designed or asked for by people affected.",
                "%(taking)s of %(total)s shared actions were led, co-designed or asked for by people affected.",
                self.taking,
            )
        else:
            text = ngettext(
                "%(taking)s of %(total)s shared actions was led, co-designed or asked for by people affected "
                "(%(percent)s%%).",
                "%(taking)s of %(total)s shared actions were led, co-designed or asked for by people affected "
                "(%(percent)s%%).",
                self.taking,
            )
        return text % {"total": _number(self.total), "taking": _number(self.taking), "percent": percent}
