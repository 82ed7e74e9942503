from datetime import date

from django.utils import timezone

from actions import years
from actions.vocabulary import Kind
from tests.factories import make_action, practice


def test_by_kind_counts_her_own_of_the_year_with_zeros(alice, bob):
    for changes in (
        {"done_on": date(2026, 1, 1)},
        {"done_on": date(2026, 12, 31), "visibility": "private"},
        {"done_on": date(2026, 6, 1), "visibility": "counted", "practice": practice("read_study")},
        {"done_on": date(2025, 12, 31)},
        {"done_on": date(2027, 1, 1)},
        {"done_on": date(2026, 6, 1), "withdrawn_at": timezone.now()},
    ):
        make_action(alice, **changes)
    make_action(bob, done_on=date(2026, 6, 1))

    year = years.by_kind(alice, 2026)

    expected = {Kind.DIRECT_SUPPORT: 2, Kind.LEARNING: 1}
    assert [(part.kind, part.n) for part in year.parts] == [(kind, expected.get(kind, 0)) for kind in Kind]
    assert (year.total, year.first, year.last) == (3, date(2026, 1, 1), date(2026, 12, 31))


def test_by_kind_of_an_empty_year_is_all_zeros(alice):
    assert years.by_kind(alice, 2026).total == 0
