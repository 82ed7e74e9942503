"""Pictures as a browser sets them: every label whole, apart from the others and large enough, on phones and on desks.

Drawn from figures made up for it, in the page's own templates and styles, without a server.
"""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from reports.figures.counts import KINDS, LEVELS
from reports.pages.tables import Tables, communities_of
from reports.periods import Period
from tests.reports.factories import make_figures

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE_DIR) / "static"
MONTH, QUARTER = Period(date(2026, 9, 1), date(2026, 9, 30)), Period(date(2026, 7, 1), date(2026, 9, 30))
YEAR, FIVE_YEARS = Period(date(2025, 11, 1), date(2026, 10, 31)), Period(date(2021, 12, 1), date(2026, 11, 30))
WIDTHS = [320, 360, 430, 560, 700, 768, 1280]

# What is wrong with the figure in view: labels outside the picture, over each other, over a column, or too small.
FAULTS = """() => {
    const svg = [...document.querySelectorAll(".chart svg[role=img]")].filter(e => e.getClientRects().length);
    if (svg.length !== 1) return [`${svg.length} pictures in view`];
    const box = e => e.getBoundingClientRect();
    const whole = box(svg[0]), figure = box(document.querySelector(".chart")), faults = [];
    const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
                        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
    if (whole.left < figure.left - 0.5 || whole.right > figure.right + 0.5) faults.push("wider than its figure");
    const texts = [...svg[0].querySelectorAll("text")].filter(e => e.textContent.trim());
    const columns = [...svg[0].querySelectorAll(".mark-rect path, .mark-symbol path")];
    for (const [i, text] of texts.entries()) {
        const own = box(text), size = parseFloat(getComputedStyle(text).fontSize)
            * whole.width / svg[0].viewBox.baseVal.width;
        // A line is higher than its letters: compare what the letters fill.
        const letters = e => { const r = box(e), cut = (r.height - size * 0.75) / 2 / (e.querySelectorAll("tspan").length || 1);
            return {left: r.left, right: r.right, top: r.top + cut, bottom: r.bottom - cut}; };
        if (size < 11.99) faults.push(`${text.textContent}: ${size} px`);
        if (own.left < whole.left - 0.5 || own.right > whole.right + 0.5
            || own.top < whole.top - 0.5 || own.bottom > whole.bottom + 0.5) faults.push(`${text.textContent}: cut off`);
        for (const other of texts.slice(i + 1))
            if (over(letters(text), letters(other))) faults.push(`${text.textContent} over ${other.textContent}`);
        for (const column of columns)
            if (over(letters(text), box(column))) faults.push(`${text.textContent} over a column`);
    }
    for (const bar of document.querySelectorAll("table.bars, table.bars :is(tbody, tfoot) > tr > *"))
        if (bar.scrollWidth > bar.clientWidth + 1 && bar.clientWidth) faults.push(`${bar.textContent.trim()}: too wide`);
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push("the page scrolls");
    return faults;
}"""


@pytest.fixture
def show(page):
    """Puts the pictures of some figures on a page like a dashboard's."""

    def show(n, period, language="en-ca", **parts):
        with override(language):
            known = communities_of(None)
            tables = Tables(make_figures(n, period=period, communities=[tuple(known)], **parts), known)
            chart = render_to_string("_chart.html", {"chart": tables.months()})
            bars = [render_to_string("_bars.html", {"table": table}) for table in tables.all()]
        panels = "".join(f'<section class="panel">{table}</section>' for table in bars)
        page.set_content(
            f'<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
            f'<main><div class="wrap stack-lg"><div class="panel">{chart}</div>'
            f'<div class="figures">{panels}</div></div></main>'
        )
        for style in ("vendor/bootstrap.min.css", "css/allyship.css"):
            page.add_style_tag(path=STATIC / style)
        return page

    return show


@pytest.mark.parametrize("language", ["en-ca", "fr-ca"])
@pytest.mark.parametrize(
    ("n", "period"),
    [
        *[(n, QUARTER) for n in (0, 1, 19, 10_000)],
        *[(n, period) for n in (1, 10_000) for period in (MONTH, YEAR, FIVE_YEARS)],
    ],
)
def test_labels_are_whole_apart_and_large_enough(show, n, period, language):
    uneven = {"kind": KINDS, "level": LEVELS, "direction": ["co_designed", "consulted", "own_initiative"]}
    page = show(n, period, language, **uneven)
    faults = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults[width] = page.evaluate(FAULTS)

    assert faults == {width: [] for width in WIDTHS}


def test_phones_get_the_narrow_picture_and_desks_the_wide_one(show):
    page, seen = show(24, QUARTER), {}
    for width in (320, 768):
        page.set_viewport_size({"width": width, "height": 900})
        seen[width] = [page.locator(f".chart-{size}").is_visible() for size in ("narrow", "wide")]

    assert seen == {320: [True, False], 768: [False, True]}


def test_the_picture_reads_as_an_image_and_its_table_opens(show):
    page = show(24, QUARTER)
    picture = page.get_by_role("img", name="Shared actions by month, July 2026 to September 2026.")
    table = page.get_by_role("table").filter(has_text="September 2026")

    assert (picture.count(), table.is_visible()) == (1, False)
    page.get_by_text("Show as a table").click()
    assert [row.split("\t") for row in table.inner_text().splitlines()[1:] if "2026" in row] == [
        ["July 2026", "4", "4"],
        ["August 2026", "4", "4"],
        ["September 2026", "4", "4"],
    ]


def paint(page, part):
    """Fill and edge of the first piece of a series, and of the one beside its name."""
    return page.evaluate(
        """part => ["marks", "name_square_marks"].map(name => {
            const path = [...document.querySelectorAll(`.chart .${part}_${name} path`)].find(e => e.getClientRects().length);
            const style = getComputedStyle(path);
            return [style.fill, style.fillOpacity, style.stroke].join(" ");
        })""",
        part,
    )


@pytest.mark.parametrize(
    ("scheme", "forced", "full", "edge", "inside"),
    [
        ("light", "none", "rgb(12, 67, 56)", "rgb(180, 116, 31)", "rgb(180, 116, 31) 0.3"),
        ("dark", "none", "rgb(169, 223, 205)", "rgb(169, 117, 54)", "rgb(169, 117, 54) 0.3"),
        ("light", "active", "rgb(0, 0, 0)", "rgb(0, 0, 0)", "rgb(255, 255, 255) 1"),
        ("dark", "active", "rgb(255, 255, 255)", "rgb(255, 255, 255)", "rgb(0, 0, 0) 1"),
    ],
)
def test_series_keep_their_forms_in_every_scheme(show, scheme, forced, full, edge, inside):
    page = show(24, QUARTER)
    page.emulate_media(color_scheme=scheme, forced_colors=forced)

    assert paint(page, "taking_direction") == [f"{full} 1 none"] * 2
    assert paint(page, "own_or_consulted") == [f"{inside} {edge}"] * 2


def test_a_bar_fills_its_share_of_the_track(show):
    page = show(20, QUARTER, kind=["advocacy", "advocacy", "advocacy", "learning"])
    shares = page.evaluate("""() => [...document.querySelectorAll("#kind tbody tr")].map(row => {
        const [track, fill] = [...row.querySelectorAll(".bars-share rect")].map(e => e.getBoundingClientRect().width);
        return Math.round(100 * fill / track);
    })""")

    assert sorted(shares) == [0, 0, 0, 0, 0, 0, 25, 75]
