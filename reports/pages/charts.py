"""Pictures over time: a Vega-Lite spec, drawn to SVG on the server, so that a page needs no script and no style for it.

The two series differ in form as well as in colour, full columns and open ones with an edge, for as long as a column is
wide enough to have one; the open one always stands on the full one. Texts, axes and grid are `currentColor` in the
page's own font. A stylesheet may give the series other colours, as it must on a dark page: `.taking_direction_marks
path`, `.own_or_consulted_marks path`.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from textwrap import wrap
from typing import Any, Self

import vl_convert
from django.core.cache import cache
from django.utils.formats import date_format
from django.utils.functional import Promise, lazystr
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from reports.figures.change import COMPARE_FROM, change, share
from reports.figures.counts import TeamFigures
from reports.pages.labels import number

VERSION = 3  # of what `render` makes of a spec: a new one leaves the pictures in the cache behind
KEEP_SECONDS = 7 * 24 * 60 * 60
WIDE, NARROW = 640, 250  # pixels: a desk, and what a phone of 320 leaves inside a panel

TAKING, OTHER = SERIES = ("taking_direction", "own_or_consulted")  # from the bottom of a column to its top
COLOURS = {TAKING: "#0c4338", OTHER: "#b4741f"}  # those of the stylesheet on a light page
LABELS = {TAKING: gettext_lazy("Taking direction"), OTHER: gettext_lazy("Own initiative or consulted")}
FORMS: dict[str, dict[str, Any]] = {
    TAKING: {"color": COLOURS[TAKING]},
    OTHER: {"color": COLOURS[OTHER], "fillOpacity": 0.3, "stroke": COLOURS[OTHER], "strokeWidth": 2},
}

FONT, LINE = 12, 15
CROWDED = 6  # pixels for a month, below which an edge would fill its column
LEAST = 3  # pixels: one action among ten thousand is seen as well
SPOKEN_MONTHS = 12  # in a text alternative; the table has them all
NARROW_LETTERS, BROAD_LETTERS = set("fijlrtI.,’' \xa0"), set("mwW")

Points = Sequence[tuple[str, Mapping[str, int]]]


def text_width(text: str) -> float:
    """A generous guess at its pixels, since the page's font is not known here: DejaVu Sans, a broad one."""
    return FONT * sum(
        0.4 if letter in NARROW_LETTERS else 1 if letter in BROAD_LETTERS else 0.8 if letter.isupper() else 0.65
        for letter in text
    )


@dataclass(frozen=True)
class Layout:
    """Where things stand in a picture so wide: numbers at the left of the plot, and the names of the series.

    Beside the last column where there is room for both, above the columns and in their order where there is not.
    """

    width: int
    left: int
    names: Mapping[str, Sequence[str]]
    """The lines of each series' name."""

    @classmethod
    def of(cls, width: int, *, ticks: Sequence[int]) -> Self:
        left = 8 + math.ceil(max(text_width(number(tick)) for tick in ticks))
        letters = 16 if width >= WIDE else 31
        return cls(width, left, {series: wrap(str(LABELS[series]), letters) for series in SERIES})

    @property
    def beside(self) -> bool:
        return self.width >= WIDE

    @property
    def top(self) -> int:
        lines = 0 if self.beside else sum(len(lines) for lines in self.names.values())
        return 2 * FONT + lines * LINE + (0 if self.beside else 10)

    @property
    def bottom(self) -> int:
        return 3 * LINE

    @property
    def right(self) -> int:
        if not self.beside:
            return 16
        return 26 + math.ceil(max(text_width(line) for lines in self.names.values() for line in lines))

    @property
    def plot_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        return 190 if self.beside else 150


def month_points(figures: TeamFigures) -> list[tuple[str, dict[str, int]]]:
    """What `months_svg` draws of one period's figures."""
    return [
        (month, {TAKING: figures.month_taking[month], OTHER: n - figures.month_taking[month]})
        for month, n in figures.month.items()
    ]


def months_svg(points: Points, *, width: int) -> SafeString:
    """Columns by month, in the active language; empty where there is no month.

    A point is a month, "YYYY-MM", with its count for each of SERIES. A process remembers what it showed last.
    """
    if not points:
        return SafeString("")
    return _picture(
        tuple((month, *(counts[series] for series in SERIES)) for month, counts in points), width, get_language()
    )


@lru_cache(maxsize=200)
def _picture(points: tuple[tuple[Any, ...], ...], width: int, _language: str) -> SafeString:
    """From the cache, where any process drew the same one before.

    Its key is all that the picture says, and nothing of who asks or how her page is coloured.
    """
    by_series = [(month, dict(zip(SERIES, counts, strict=True))) for month, *counts in points]
    spec, label = months_spec(by_series, width=width), _summary(by_series)
    content = json.dumps([VERSION, vl_convert.get_vega_version(), label, spec], sort_keys=True)
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
    layout = Layout.of(width, ticks=ticks)
    step = layout.plot_width / len(points)
    texts = {"color": "currentColor", "fontSize": FONT, "lineHeight": LINE, "aria": False}
    pixels = layout.plot_height / ticks[-1]
    heights = [_heights(counts, pixels=pixels) for _month, counts in points]
    forms = FORMS if step >= CROWDED else {series: {"color": COLOURS[series]} for series in SERIES}
    column = min(0.78 * step, 64.0) if step >= CROWDED else step
    layers = [_columns(series, points, heights, width=column, form=forms[series]) for series in SERIES]
    if step >= max(text_width(number(total)) for total in totals):
        layers.append(_totals(points, totals, heights, texts=texts))
    layers += _names(heights[-1], pixels=pixels, layout=layout, forms=forms, texts=texts)
    axis = {
        "title": None,
        "aria": False,
        "ticks": False,
        "labelColor": "currentColor",
        "labelFontSize": FONT,
        "labelLineHeight": LINE,
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
                    "labelExpr": _lookup(_month_labels(months, step=step)),
                },
            },
            "y": {
                "type": "quantitative",
                "scale": {"domain": [0, ticks[-1]]},
                "axis": {
                    **axis,
                    "domain": False,
                    "values": ticks,
                    "labelExpr": _lookup({str(tick): [number(tick)] for tick in ticks}),
                    "gridColor": "currentColor",
                    "gridOpacity": 0.2,
                },
            },
        },
        "layer": layers,
    }


def _heights(counts: Mapping[str, int], *, pixels: float) -> dict[str, float]:
    """How high each part of a column is, in actions: its count, and enough to be seen where there is any."""
    return {series: max(counts[series], LEAST / pixels) if counts[series] else 0 for series in SERIES}


def _columns(
    series: str, points: Points, heights: Sequence[Mapping[str, float]], *, width: float, form: Mapping[str, Any]
) -> dict[str, Any]:
    values = []
    for (month, counts), height in zip(points, heights, strict=True):
        start = height[TAKING] if series == OTHER else 0
        if counts[series]:
            description = _describe(series, month, counts[series])
            values.append({"month": month, "from": start, "to": start + height[series], "text": description})
    return {
        "name": series,
        "data": {"values": values},
        "mark": {"type": "bar", "width": width - form.get("strokeWidth", 0), **form},
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "from", "type": "quantitative"},
            "y2": {"field": "to"},
            "description": {"field": "text"},
        },
    }


def _totals(
    points: Points, totals: Sequence[int], heights: Sequence[Mapping[str, float]], *, texts: Mapping[str, Any]
) -> dict[str, Any]:
    values = [
        {"month": month, "to": sum(height.values()), "text": number(total)}
        for (month, _counts), total, height in zip(points, totals, heights, strict=True)
    ]
    return {
        "name": "totals",
        "data": {"values": values},
        "mark": {"type": "text", "baseline": "bottom", "dy": -5, **texts},
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "to", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _names(
    last: Mapping[str, float], *, pixels: float, layout: Layout, forms: Mapping[str, Any], texts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The series' names, each after a piece of its columns."""
    if layout.beside:
        left, middles = layout.plot_width + 12, _middles_beside(last, pixels=pixels, layout=layout)
    else:
        left, middles = 8 - layout.left, _middles_above(layout)
    layers: list[dict[str, Any]] = []
    for series in SERIES:
        first = middles[series] - (len(layout.names[series]) - 1) * LINE / 2
        square = {"type": "square", "size": 100, "opacity": 1, **forms[series], "aria": False}
        name = {"type": "text", "align": "left", "baseline": "middle", **texts}
        layers += [
            {
                "name": f"{series}_name_{kind}",
                "data": {"values": [{}]},
                "mark": mark,
                "encoding": {"x": {"value": left + x}, "y": {"value": first}} | extra,
            }
            for kind, x, mark, extra in (
                ("square", 0, square, {}),
                ("text", 10, name, {"text": {"value": layout.names[series]}}),
            )
        ]
    return layers


def _middles_beside(last: Mapping[str, float], *, pixels: float, layout: Layout) -> dict[str, float]:
    """Each as near to its part of the last column as the other one lets it."""
    room = {series: len(layout.names[series]) * LINE + 6 for series in SERIES}
    middle = {
        TAKING: layout.plot_height - pixels * last[TAKING] / 2,
        OTHER: layout.plot_height - pixels * (last[TAKING] + last[OTHER] / 2),
    }
    lower = min(max(middle[TAKING], room[OTHER] + room[TAKING] / 2), layout.plot_height - room[TAKING] / 2)
    upper = max(min(middle[OTHER], lower - (room[TAKING] + room[OTHER]) / 2), room[OTHER] / 2)
    return {TAKING: lower, OTHER: upper}


def _middles_above(layout: Layout) -> dict[str, float]:
    """One above the other, as the parts of a column are."""
    start = FONT / 2 + 2 - layout.top
    heights = {series: len(layout.names[series]) * LINE for series in SERIES}
    return {
        OTHER: start + (heights[OTHER] - LINE) / 2,
        TAKING: start + 4 + heights[OTHER] + (heights[TAKING] - LINE) / 2,
    }


def _month_labels(months: Sequence[str], *, step: float) -> dict[str, list[str]]:
    """Names of as many months as there is room for, always of January; the first, and each January, with its year."""
    days = {month: date.fromisoformat(f"{month}-01") for month in months}
    widest = max(text_width(text) for day in days.values() for text in (date_format(day, "N"), str(day.year))) + 2
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
    return text % {"month": month_name(month), "count": number(n)}


def _summary(points: Points) -> str:
    """The text alternative: what a reader of the picture can read off it."""
    totals = {
        "taking": number(sum(counts[TAKING] for _month, counts in points)),
        "other": number(sum(counts[OTHER] for _month, counts in points)),
    }
    first, last = month_name(points[0][0]), month_name(points[-1][0])
    if len(points) == 1:
        return gettext(
            "Shared actions in %(month)s. Taking direction: %(taking)s. Own initiative or consulted: %(other)s."
        ) % {"month": first, **totals}
    text = gettext(
        "Shared actions by month, %(first)s to %(last)s. Taking direction: %(taking)s. "
        "Own initiative or consulted: %(other)s."
    ) % {"first": first, "last": last, **totals}
    if len(points) > SPOKEN_MONTHS:
        return " ".join([text, gettext("The table has each month.")])
    each = [
        gettext("%(month)s, %(taking)s and %(other)s")
        % {"month": month_name(month), "taking": number(counts[TAKING]), "other": number(counts[OTHER])}
        for month, counts in points
    ]
    return " ".join([text, gettext("Month by month, in the same order: %(months)s.") % {"months": "; ".join(each)}])


def months_finding(points: Points) -> str:
    """The title of the picture by month. It names a month only where more than chance puts it before the others."""
    totals = {month: sum(counts[series] for series in SERIES) for month, counts in points}
    total = sum(totals.values())
    most, *others = sorted(totals, key=lambda month: -totals[month])
    values = {
        "n": number(total),
        "months": number(len(points)),
        "month": month_name(most),
        "most": number(totals[most]),
    }
    if total == 0:
        return gettext("No shared actions in this period.")
    if not others:
        text = ngettext("%(n)s shared action in %(month)s.", "%(n)s shared actions in %(month)s.", total)
    elif total < COMPARE_FROM:
        text = ngettext(
            "%(n)s shared action over %(months)s months.", "%(n)s shared actions over %(months)s months.", total
        )
    elif change(totals[most], totals[others[0]]):
        text = gettext("%(n)s shared actions over %(months)s months, the most in %(month)s (%(most)s).")
    else:
        text = gettext("%(n)s shared actions over %(months)s months; no month clearly has the most.")
    return text % values


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
        return text % {"total": number(self.total), "taking": number(self.taking), "percent": percent}
