import pytest

from reports.figures.change import Change, change, comparable, share


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, None),
        (19, 19, None),
        (0, 20, 0),
        (1, 20, 5),
        (20, 20, 100),
        (1, 40, 3),
        (1, 3000, 0),
        (2, 30, 7),
        (3333, 10_000, 33),
    ],
)
def test_share(part, whole, expected):
    assert share(part, whole) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"), [(20, 20, True), (19, 20, False), (20, 19, False), (0, 10_000, False)]
)
def test_comparable(now, before, expected):
    assert comparable(now, before) is expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (0, 0, None),
        (0, 4, None),
        (0, 5, Change(5, "fewer")),
        (5, 0, Change(5, "more")),
        (25, 15, None),
        (25, 14, Change(11, "more")),
        (100, 80, None),
        (100, 79, Change(21, "more")),
        (79, 100, Change(21, "fewer")),
        (10_000, 9_800, None),
        (10_000, 9_799, Change(201, "more")),
    ],
)
def test_change_exceeds_twice_the_square_root_of_the_larger_count(now, before, expected):
    assert change(now, before) == expected
