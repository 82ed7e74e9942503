"""The colours of the pictures, as the stylesheet has them on light and dark pages and on paper.

Eyes that lack a kind of cone are simulated with the matrices for severity 1.0 of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer
Graphics 15(6), 2009, applied to linear RGB; eyes without any by luminance alone. Differences are CIEDE2000, after Sharma,
Wu and Dalal, "The CIEDE2000 Color-Difference Formula", Color Research and Application 30(1), 2005; 2 to 3 can just be
seen. Contrast is that of WCAG 2.2.
"""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from reports.pages import charts

CSS = (Path(settings.BASE_DIR) / "static/css/allyship.css").read_text()
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "achromatopsia": ((0.2126, 0.7152, 0.0722),) * 3,
}
CLEARLY = 20  # CIEDE2000; the two series, and a bar and its track, lie side by side


def colours(start, end=None):
    """The colours set in the part of the stylesheet that starts so, by name."""
    part = CSS[CSS.index(start) : CSS.index(end) if end else None]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", part))


LIGHT = colours(":root {", "@media screen")
SCHEMES = {
    "light": LIGHT,
    "dark": LIGHT | colours("@media screen and (prefers-color-scheme: dark)", "/* Bootstrap takes"),
    "paper": LIGHT | colours("@media print"),
}
SEEN = [(scheme, eyes) for scheme in SCHEMES for eyes in EYES]


def channels(code):
    digits = code.removeprefix("#")
    return bytes.fromhex(digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def linear(code):
    parts = [channel / 255 for channel in channels(code)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def over(code, ground, opacity):
    """What a translucent colour looks like on another, which browsers mix before they make light of it."""
    pairs = zip(channels(code), channels(ground), strict=True)
    return "#" + bytes(round(opacity * above + (1 - opacity) * below) for above, below in pairs).hex()


def seen(code, eyes):
    rgb = linear(code)
    return [min(1, max(0, math.sumprod(row, rgb))) for row in EYES[eyes]]


def luminance(rgb):
    return math.sumprod((0.2126, 0.7152, 0.0722), rgb)


def contrast(one, other, eyes="usual"):
    dark, light = sorted(luminance(seen(code, eyes)) for code in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIELAB of linear sRGB under D65."""
    rows = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    white = (0.95047, 1, 1.08883)
    x, y, z = (math.sumprod(row, rgb) / full for row, full in zip(rows, white, strict=True))
    x, y, z = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one, other):
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    lightness, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, h1 + turn / 2 if c1 * c2 else h1 + h2

    def cos(degrees):
        return math.cos(math.radians(degrees))

    t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63)
    sl = 1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    bend = 60 * math.exp(-(((hue % 360 - 275) / 25) ** 2))
    rt = -math.sin(math.radians(bend)) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * dc / sc * dh / sh)


def difference(one, other, eyes):
    return ciede2000(lab(seen(one, eyes)), lab(seen(other, eyes)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.1848, -84.8006), (50, 0, -82.7485), 1.0000),
        ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_difference_is_that_of_the_published_pairs(one, other, expected):
    assert round(ciede2000(one, other), 4) == expected


def test_red_and_green_of_one_lightness_are_told_apart_by_the_usual_eye_alone():
    """The simulation finds what it is there to find."""
    red, green = "#b5651d", "#6b8e23"

    assert [difference(red, green, eyes) > CLEARLY for eyes in ("usual", "deuteranopia")] == [True, False]


def test_drawn_colours_are_those_of_a_light_page():
    of_the_page = {charts.TAKING: LIGHT["series-1"], charts.OTHER: LIGHT["series-2"]}

    assert of_the_page == charts.COLOURS


@pytest.mark.parametrize(("scheme", "eyes"), SEEN)
@pytest.mark.parametrize(("one", "other"), [("series-1", "series-2"), ("accent", "sunk")])
def test_neighbours_differ_clearly_to_all_eyes(scheme, eyes, one, other):
    assert difference(SCHEMES[scheme][one], SCHEMES[scheme][other], eyes) >= CLEARLY


@pytest.mark.parametrize(("scheme", "eyes"), SEEN)
@pytest.mark.parametrize("mark", ["series-1", "series-2", "accent"])
@pytest.mark.parametrize("ground", ["surface", "paper"])
def test_marks_stand_out_from_the_ground(scheme, eyes, mark, ground):
    """WCAG 1.4.11: 3 to 1."""
    assert contrast(SCHEMES[scheme][mark], SCHEMES[scheme][ground], eyes) >= 3


@pytest.mark.parametrize(("scheme", "eyes"), SEEN)
def test_a_full_column_stands_out_from_the_open_one_on_it(scheme, eyes):
    shown = SCHEMES[scheme]
    inside = over(shown["series-2"], shown["surface"], charts.FORMS[charts.OTHER]["fillOpacity"])

    assert contrast(shown["series-1"], inside, eyes) >= 3


@pytest.mark.parametrize(("scheme", "eyes"), SEEN)
@pytest.mark.parametrize("text", ["ink", "ink-soft", "accent"])
@pytest.mark.parametrize("ground", ["surface", "paper"])
def test_texts_can_be_read(scheme, eyes, text, ground):
    """WCAG 1.4.3: 4.5 to 1, for titles, numbers, names, percentages and links."""
    assert contrast(SCHEMES[scheme][text], SCHEMES[scheme][ground], eyes) >= 4.5
