from datetime import UTC, date, datetime, time

import pytest
from django.utils import formats, translation


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("fr-ca", date(2026, 1, 1), "1er janvier 2026"),
        ("fr-ca", date(2026, 12, 21), "21 décembre 2026"),
        ("en-ca", date(2026, 1, 1), "1 Jan 2026"),
    ],
)
def test_day_is_said_as_the_language_does(language, day, said):
    with translation.override(language):
        assert formats.date_format(day) == said
        assert formats.date_format(datetime.combine(day, time(9, 5), UTC), "DATETIME_FORMAT").startswith(said)
