import re
import subprocess
import sys
from html import unescape

import pytest
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import override

from allyship import settings as ours
from reports.figures.counts import Promises, TeamFigures
from reports.pages import charts
from reports.pages.charts import NARROW, OTHER, TAKING, WIDE, finding, month_points, months_finding, months_svg
from tests.reports.factories import QUARTER as SPRING
from tests.reports.factories import make_quarter

NBSP = "\xa0"


def months(*counts, first=(2026, 1)):
    """Points of so many (taking direction, other) actions, month after month."""
    start = first[0] * 12 + first[1] - 1
    return [
        (f"{(start + i) // 12}-{(start + i) % 12 + 1:02}", {TAKING: taking, OTHER: other})
        for i, (taking, other) in enumerate(counts)
    ]


QUARTER = months((1, 2), (0, 0), (4, 0), first=(2025, 12))
NOTHING = months((0, 0), (0, 0), (0, 0), first=(2025, 12))
ONE = months((0, 0), (1, 0), (0, 0))
MANY = months((3_000, 7_000), (2_000, 8_000), (1, 9_999), first=(2025, 12))
YEAR = months(*[(month, 900) for month in range(1, 13)])
FIVE_YEARS = months(*[(i % 7, i % 5) for i in range(60)], first=(2021, 3))


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    charts._picture.cache_clear()
    with override("en"):
        yield


@pytest.fixture
def drawn(monkeypatch):
    """The text alternative of every picture that was really drawn."""
    labels, render = [], charts.render
    monkeypatch.setattr(charts, "render", lambda spec, label: labels.append(label) or render(spec, label=label))
    return labels


def texts(svg):
    """Every line of text in the picture, in the order of the document."""
    svg = re.sub(r"<title>.*?</title>", "", svg)
    return [unescape(line) for line in re.findall(r">([^<>]+)<", svg)]


def titles(svg):
    return re.findall(r"<title>(.*?)</title>", svg)


def alternative(svg):
    return unescape(re.search(r'<svg role="img" aria-label="([^"]*)"', svg)[1])


def numbers(pattern, svg):
    return {int(number) for number in re.findall(pattern, svg)}


def heights(svg, series):
    """Pixels of each drawn part of a series, left to right."""
    group = re.search(rf'class="[^"]* {series}_marks"[^>]*>(.*?)</g>', svg)[1]
    return [round(float(height), 1) for height in re.findall(r"v(-?[\d.]+)h-", group)]


def test_months_svg_says_each_mark_and_text():
    svg = months_svg(QUARTER, width=WIDE)

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


def test_text_alternative_has_the_numbers():
    assert alternative(months_svg(QUARTER, width=WIDE)) == (
        "Shared actions by month, December 2025 to February 2026. Taking direction: 5. Own initiative or consulted: 2. "
        "Month by month, in the same order: December 2025, 1 and 2; January 2026, 0 and 0; February 2026, 4 and 0."
    )


def test_text_alternative_of_one_month():
    assert alternative(months_svg(months((3, 10_000)), width=NARROW)) == (
        "Shared actions in January 2026. Taking direction: 3. Own initiative or consulted: 10,000."
    )


def test_text_alternative_of_many_months_leaves_them_to_the_table():
    assert alternative(months_svg(FIVE_YEARS, width=WIDE)) == (
        "Shared actions by month, March 2021 to February 2026. Taking direction: 174. "
        "Own initiative or consulted: 120. The table has each month."
    )


def test_months_svg_in_french():
    with override("fr-ca"):
        svg = months_svg(MANY, width=WIDE)

    assert texts(svg)[:5] == ["déc.", "2025", "jan.", "2026", "fév."]
    assert texts(svg)[5:11] == ["0", f"5{NBSP}000", f"10{NBSP}000", *[f"10{NBSP}000"] * 3]
    assert alternative(svg) == (
        "Actions partagées par mois, décembre 2025 à février 2026. "
        f"Orientation des personnes concernées{NBSP}: 5{NBSP}001. "
        f"Notre initiative ou consultation{NBSP}: 24{NBSP}999. "
        f"Mois par mois, dans le même ordre{NBSP}: décembre 2025, 3{NBSP}000 et 7{NBSP}000; "
        f"janvier 2026, 2{NBSP}000 et 8{NBSP}000; février 2026, 1 et 9{NBSP}999."
    )


def test_months_svg_of_nothing():
    svg = months_svg(NOTHING, width=WIDE)

    assert titles(svg) == []
    assert texts(svg)[5:10] == ["0", "1", "0", "0", "0"]


def test_months_svg_without_a_month():
    assert months_svg([], width=WIDE) == ""


def test_names_stand_beside_the_columns_or_above_them_where_there_is_no_room():
    wide, narrow = months_svg(QUARTER, width=WIDE), months_svg(QUARTER, width=NARROW)

    assert texts(wide)[-3:] == ["Taking direction", "Own initiative", "or consulted"]
    assert texts(narrow)[-2:] == ["Taking direction", "Own initiative or consulted"]


def test_months_svg_names_as_many_months_as_there_is_room_for():
    wide, narrow = months_svg(YEAR, width=WIDE), months_svg(YEAR, width=NARROW)
    long = months_svg(FIVE_YEARS, width=NARROW)

    assert texts(wide)[:7] == ["Jan.", "2026", "March", "May", "July", "Sept.", "Nov."]
    assert texts(narrow)[:5] == ["Jan.", "2026", "April", "July", "Oct."]
    assert texts(long)[:10] == ["Jan.", "2022", "Jan.", "2023", "Jan.", "2024", "Jan.", "2025", "Jan.", "2026"]


def test_months_svg_counts_above_columns_only_where_there_is_room():
    wide, narrow = months_svg(YEAR, width=WIDE), months_svg(YEAR, width=NARROW)

    assert [text for text in texts(wide) if text.startswith("90")] == [str(900 + month) for month in range(1, 10)]
    assert [text for text in texts(narrow) if text.startswith("90")] == []


def test_one_action_among_ten_thousand_is_seen():
    svg = months_svg(MANY, width=WIDE)

    assert heights(svg, TAKING) == [57, 38, 3]
    assert heights(svg, OTHER) == [133, 152, 190]


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("points", [NOTHING, ONE, QUARTER, MANY, YEAR, FIVE_YEARS])
def test_months_svg_keeps_to_a_strict_page(points, width, language):
    with override(language):
        svg = months_svg(points, width=width)

    assert re.findall(r'\s(?:style|id|href|xlink:href|font-family|role|tabindex|on\w+)="[^"]*"', svg) == [' role="img"']
    assert re.findall(r"<(?:style|script|a|image|use|foreignObject)\b", svg) == []
    assert set(re.findall(r"https?://[^\"]*", svg)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) - set(charts.COLOURS.values()) == {"none", "currentColor"}
    assert numbers(r'font-size="(\d+)px"', svg) == {12}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_months_svg_says_its_size_so_that_the_page_never_jumps(width):
    size = re.search(
        r'<svg [^>]* width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)"', months_svg(YEAR, width=width)
    )

    assert (int(size[1]), int(size[1]), int(size[2])) == (width, int(size[3]), int(size[4]))


FULL, OPEN = {}, {"fill-opacity": "0.3", "stroke": charts.COLOURS[OTHER]}


@pytest.mark.parametrize(("points", "other"), [(QUARTER, OPEN), (YEAR, OPEN), (FIVE_YEARS, FULL)])
def test_series_differ_in_form_and_not_by_colour_alone(points, other):
    """One is full, the other open with an edge, unless too narrow for one, and so are the pieces before their names.

    The stylesheet colours both by their class.
    """
    svg = months_svg(points, width=NARROW)
    marks = re.findall(r'class="mark-\w+ role-mark ((?:taking|own)\w+_marks)"[^>]*>(?:<g[^>]*>)*<path([^>]*)>', svg)

    edge = re.compile(r' (fill-opacity|stroke)="([^"]*)"')
    assert {name: dict(edge.findall(path)) for name, path in marks} == {
        "taking_direction_marks": FULL,
        "own_or_consulted_marks": other,
        "taking_direction_name_square_marks": FULL,
        "own_or_consulted_name_square_marks": other,
    }


@pytest.mark.django_db
def test_months_svg_comes_from_the_database_where_another_process_drew_it(settings, drawn, monkeypatch):
    settings.CACHES = ours.CACHES
    cache.clear()
    first = months_svg(QUARTER, width=NARROW)
    monkeypatch.setattr(charts.vl_convert, "vegalite_to_svg", None)  # whoever draws now, fails
    charts._picture.cache_clear()
    del cache._connections.settings  # and keeps nothing from before

    assert (months_svg(QUARTER, width=NARROW) == first, len(drawn)) == (True, 1)


def test_another_process_draws_the_same_bytes():
    program = (
        "import django; django.setup()\n"
        "from reports.pages.charts import *\n"
        f"print(render(months_spec({QUARTER!r}, width=WIDE), label='x'), end='')"
    )
    drawn = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert drawn == charts.render(charts.months_spec(QUARTER, width=WIDE), label="x")


@pytest.mark.django_db
def test_readers_of_one_team_share_its_pictures(client, alice, bob, sana, team, drawn):
    """And readers of French have their own; nothing in a picture or in its key tells who asked."""
    make_quarter(alice, 24)
    bob.language = "fr"
    bob.save()
    pages = {}
    for reader in (alice, sana, bob):
        client.force_login(reader)
        query = {"first": SPRING.first, "last": SPRING.last}
        pages[reader] = client.get(f"/teams/{team.pk}/dashboard/", query).text
    pictures = {reader: re.findall(r"<svg role=.*?</svg>", page, re.DOTALL) for reader, page in pages.items()}

    assert [len(found) for found in pictures.values()] == [2, 2, 2]
    assert pictures[alice] == pictures[sana] != pictures[bob]
    assert [label.split()[0] for label in drawn] == ["Shared", "Shared", "Actions", "Actions"]
    assert [name for name in ("Alice", "Sana", "Bob", str(team.pk)) if name in str(pictures.values())] == []


@pytest.mark.django_db
def test_a_file_of_figures_draws_nothing(client, alice, team, drawn):
    make_quarter(alice, 24)
    client.force_login(alice)
    answer = client.get(f"/teams/{team.pk}/dashboard.csv", {"first": SPRING.first, "last": SPRING.last})

    assert (answer.status_code, drawn) == (200, [])


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
    figures = TeamFigures.of(
        total=7,
        direction={},
        level={},
        kind={},
        stance={},
        practice={},
        community={},
        heard_back={},
        month={"2026-01": 5, "2026-02": 2},
        level_direction={},
        hours=0,
        promises=Promises(due=0, by_status={}, open_total=0, open_past=0),
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
    assert str(finding(total=total, taking=taking)) == expected


def test_finding_reads_in_the_language_of_its_reader():
    title = finding(total=10_000, taking=10_000)

    assert isinstance(title, Promise)
    assert str(title).split()[0] == "10,000"
    with override("fr-ca"):
        assert str(title).split(" ")[0] == f"10{NBSP}000"


@pytest.mark.parametrize(
    ("points", "english", "french"),
    [
        (NOTHING, "No shared actions in this period.", "Aucune action partagée dans cette période."),
        (ONE, "1 shared action over 3 months.", "1 action partagée en 3 mois."),
        (months((1, 0)), "1 shared action in January 2026.", "1 action partagée en janvier 2026."),
        (months((9, 9), (1, 0)), "19 shared actions over 2 months.", "19 actions partagées en 2 mois."),
        (
            months((10, 6), (4, 0)),
            "20 shared actions over 2 months, the most in January 2026 (16).",
            "20 actions partagées en 2 mois, le plus en janvier 2026 (16).",
        ),
        (
            months((10, 5), (8, 0)),
            "23 shared actions over 2 months; no month clearly has the most.",
            "23 actions partagées en 2 mois; aucun ne compte nettement le plus d’actions.",
        ),
        (
            months((30, 0), (0, 30), (0, 0)),
            "60 shared actions over 3 months; no month clearly has the most.",
            "60 actions partagées en 3 mois; aucun ne compte nettement le plus d’actions.",
        ),
        (
            months((10_000, 0), (0, 10_200)),
            "20,200 shared actions over 2 months; no month clearly has the most.",
            f"20{NBSP}200 actions partagées en 2 mois; aucun ne compte nettement le plus d’actions.",
        ),
        (
            months((10_000, 0), (0, 10_204)),
            "20,204 shared actions over 2 months, the most in February 2026 (10,204).",
            f"20{NBSP}204 actions partagées en 2 mois, le plus en février 2026 (10{NBSP}204).",
        ),
    ],
)
def test_title_by_month_names_one_only_beyond_chance(points, english, french):
    assert months_finding(points) == english
    with override("fr-ca"):
        assert months_finding(points) == french
