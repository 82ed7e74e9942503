import re
from html import unescape

import pytest
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import override

from reports import charts
from reports.charts import finding, month_points, months_svg
from reports.figures import TeamFigures

NBSP = "\xa0"
QUARTER = [
    ("2025-12", {"taking_direction": 1, "own_or_consulted": 2}),
    ("2026-01", {"taking_direction": 0, "own_or_consulted": 0}),
    ("2026-02", {"taking_direction": 4, "own_or_consulted": 0}),
]
NOTHING = [(month, {"taking_direction": 0, "own_or_consulted": 0}) for month, _counts in QUARTER]
MANY = [(month, {"taking_direction": 3_000, "own_or_consulted": 7_000}) for month, _counts in QUARTER]
YEAR = [(f"2026-{month:02}", {"taking_direction": month, "own_or_consulted": 900}) for month in range(1, 13)]


@pytest.fixture(autouse=True)
def empty_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def texts(svg):
    """Every line of text in the picture, in the order of the document."""
    svg = re.sub(r"<title>.*?</title>", "", svg)
    return [unescape(line) for line in re.findall(r">([^<>]+)<", svg)]


def titles(svg):
    return re.findall(r"<title>(.*?)</title>", svg)


def numbers(pattern, svg):
    return {int(number) for number in re.findall(pattern, svg)}


def test_months_svg_says_each_mark_and_text():
    svg = months_svg(QUARTER, width=680, language="en")

    assert titles(svg) == [
        "December 2025: 1 action taking direction",
        "February 2026: 4 actions taking direction",
        "December 2025: 2 actions, own initiative or consulted",
    ]
    assert texts(svg) == [
        *["Dec.", "2025", "Jan.", "2026", "Feb."],
        *["0", "1", "2", "3", "4"],
        *["3", "0", "4"],
        *["Taking direction", "Own initiative", "or consulted"],
    ]
    assert re.findall(r'<svg role="img" aria-label="([^"]*)"', svg) == [
        "Shared actions by month, December 2025 to February 2026. Taking direction: 5. Own initiative or consulted: 2."
    ]


def test_months_svg_in_french():
    with override("en"):
        svg = months_svg(MANY, width=680, language="fr-ca")

    assert texts(svg)[:5] == ["déc.", "2025", "jan.", "2026", "fév."]
    assert texts(svg)[5:11] == ["0", f"5{NBSP}000", f"10{NBSP}000", *[f"10{NBSP}000"] * 3]


def test_months_svg_of_nothing():
    svg = months_svg(NOTHING, width=680, language="en")

    assert titles(svg) == []
    assert texts(svg)[5:10] == ["0", "1", "0", "0", "0"]


def test_months_svg_without_a_month():
    assert months_svg([], width=680, language="en") == ""


def test_months_svg_names_as_many_months_as_there_is_room_for():
    wide, narrow = months_svg(YEAR, width=680, language="en"), months_svg(YEAR, width=300, language="en")

    months = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
    assert texts(wide)[:13] == ["Jan.", "2026", *months[1:]]
    assert texts(narrow)[:5] == ["Jan.", "2026", "May", "Sept.", "0"]


def test_months_svg_counts_above_columns_only_where_there_is_room():
    wide, narrow = months_svg(YEAR, width=680, language="en"), months_svg(YEAR, width=300, language="en")

    assert [text for text in texts(wide) if text.startswith("90")] == [str(900 + month) for month in range(1, 10)]
    assert [text for text in texts(narrow) if text.startswith("90")] == []


@pytest.mark.parametrize("width", [300, 680])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("points", [NOTHING, QUARTER, MANY, YEAR])
def test_months_svg_keeps_to_a_strict_page(points, width, language):
    svg = months_svg(points, width=width, language=language)

    assert re.findall(r'\s(?:style|id|href|xlink:href|font-family|role|tabindex|on\w+)="[^"]*"', svg) == [' role="img"']
    assert re.findall(r"<(?:style|script|a|image|use|foreignObject)\b", svg) == []
    assert set(re.findall(r"https?://[^\"]*", svg)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) - {"#12436D", "#28A197"} == {"none", "currentColor"}
    assert numbers(r'<svg [^>]* width="(\d+)"', svg) == {width}
    assert min(numbers(r'font-size="(\d+)px"', svg)) >= 11


def test_months_svg_lets_a_stylesheet_colour_each_series():
    svg = months_svg(QUARTER, width=300, language="en")

    assert re.findall(r'class="mark-\w+ role-mark ((?:taking|own)\w+_marks)"', svg) == [
        "taking_direction_marks",
        "own_or_consulted_marks",
        "taking_direction_name_square_marks",
        "taking_direction_name_text_marks",
        "own_or_consulted_name_square_marks",
        "own_or_consulted_name_text_marks",
    ]


def test_months_svg_is_drawn_once_for_each_content_width_and_language(monkeypatch):
    drawn = []
    render = charts.render
    monkeypatch.setattr(charts, "render", lambda spec, label: drawn.append(label) or render(spec, label=label))

    first = months_svg(QUARTER, width=300, language="en")
    again = months_svg(QUARTER, width=300, language="en")
    months_svg(QUARTER, width=680, language="en")
    months_svg(QUARTER, width=300, language="fr")
    months_svg(YEAR, width=300, language="en")

    assert (first == again, len(drawn)) == (True, 4)


def test_render_escapes_what_it_is_told():
    spec = {"mark": "bar", "data": {"values": [{"d": 'a "b" <c> & d'}]}, "encoding": {"description": {"field": "d"}}}

    svg = charts.render(spec, label='"<&')

    assert re.findall(r'aria-label="([^"]*)"', svg) == ["&quot;&lt;&amp;"]
    assert [unescape(title) for title in titles(svg)] == ['a "b" <c> & d']


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (19, [0, 5, 10, 15, 20]),
        (21, [0, 10, 20, 30]),
        (10_000, [0, 5_000, 10_000]),
    ],
)
def test_ticks_are_whole_numbers(largest, ticks):
    assert charts._ticks(largest) == ticks


def test_month_points_of_figures():
    figures = TeamFigures(
        total=7,
        direction={},
        level={},
        kind={},
        practice={},
        community={},
        heard_back={},
        month={"2026-01": 5, "2026-02": 2},
        level_direction={},
        hours=0,
        promises=None,
        month_taking={"2026-01": 1, "2026-02": 2},
    )

    assert month_points(figures) == [
        ("2026-01", {"taking_direction": 1, "own_or_consulted": 4}),
        ("2026-02", {"taking_direction": 2, "own_or_consulted": 0}),
    ]


@pytest.mark.parametrize(
    ("total", "taking", "expected"),
    [
        (0, 0, "No shared actions in this period."),
        (1, 0, "1 shared action, not led, co-designed or asked for by people affected."),
        (1, 1, "1 shared action, led, co-designed or asked for by people affected."),
        (19, 0, "19 shared actions, none led, co-designed or asked for by people affected."),
        (19, 1, "1 of 19 shared actions was led, co-designed or asked for by people affected."),
        (19, 18, "18 of 19 shared actions were led, co-designed or asked for by people affected."),
        (19, 19, "19 shared actions, all led, co-designed or asked for by people affected."),
        (20, 1, "1 of 20 shared actions was led, co-designed or asked for by people affected (5%)."),
        (10_000, 1, "1 of 10,000 shared actions was led, co-designed or asked for by people affected."),
        (10_000, 3_333, "3,333 of 10,000 shared actions were led, co-designed or asked for by people affected (33%)."),
        (10_000, 9_999, "9,999 of 10,000 shared actions were led, co-designed or asked for by people affected."),
        (10_000, 10_000, "10,000 shared actions, all led, co-designed or asked for by people affected."),
    ],
)
def test_finding(total, taking, expected):
    with override("en"):
        assert str(finding(total=total, taking=taking)) == expected


def test_finding_reads_in_the_language_of_its_reader():
    title = finding(total=10_000, taking=10_000)

    assert isinstance(title, Promise)
    with override("en"):
        assert str(title).split()[0] == "10,000"
    with override("fr-ca"):
        assert str(title).split(" ")[0] == f"10{NBSP}000"
