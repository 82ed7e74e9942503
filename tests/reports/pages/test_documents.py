import pytest
from django.urls import reverse

from reports.models import TeamSummary
from reports.pages import documents
from reports.periods import Period
from tests.reports.factories import CLOSING, QUARTER, make_figures

NOT_BEFORE = "Not compared: there is no summary of a period of the same length just before."
TOO_FEW = "Not compared: one of the two periods has fewer than 20 actions."
NO_CHANGE = "No change larger than chance alone may make."
JUNE = Period.containing(QUARTER.last, "monthly")


def made(team, n, period=QUARTER, **parts):
    return TeamSummary.objects.create(
        agency=team.agency,
        team=team,
        period_start=period.first,
        period_end=period.last,
        figures=make_figures(n, period=period, **parts).plain,
        closed_at=CLOSING,
    )


def said(client, reader, summary):
    """What the page says under “Compared with the period before”."""
    client.force_login(reader)
    page = client.get(reverse("reports:summary", args=[summary.pk])).text
    section = page.split('id="changes"')[1].split("</section>")[0]
    return [text for text in (NOT_BEFORE, TOO_FEW, NO_CHANGE, "more than in the period before") if text in section]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (20, 40, ["more than in the period before"]),  # twice the root of 40 is under 13
        (30, 40, [NO_CHANGE]),
        (20, 19, [TOO_FEW]),
        (19, 60, [TOO_FEW]),
        (0, 60, [TOO_FEW]),
    ],
)
def test_change_is_named_only_where_chance_does_not_make_it(client, alice, team, before, now, expected):
    made(team, before, QUARTER.previous())

    assert said(client, alice, made(team, now)) == expected


def test_first_summary_says_that_there_is_none_before(client, alice, team):
    assert said(client, alice, made(team, 60)) == [NOT_BEFORE]


@pytest.mark.parametrize("earlier", [JUNE, QUARTER.previous().previous()])
def test_period_of_another_length_or_not_just_before_is_not_compared(client, alice, team, earlier):
    """A month before a quarter, or a quarter with a gap: both are led to, neither is compared with."""
    other = made(team, 20, earlier)
    summary = made(team, 60, QUARTER.next() if earlier == JUNE else QUARTER)

    assert said(client, alice, summary) == [NOT_BEFORE]
    assert documents.of(summary).earlier == other


def test_another_team_is_not_compared_with(client, alice, team, other_team):
    made(other_team, 20, QUARTER.previous())

    assert said(client, alice, made(team, 60)) == [NOT_BEFORE]


def test_summaries_lead_to_the_one_before_and_the_one_after(client, alice, team):
    summaries = [made(team, 1, period) for period in (QUARTER.previous(), QUARTER, QUARTER.next())]
    client.force_login(alice)
    urls = [reverse("reports:summary", args=[summary.pk]) for summary in summaries]
    pages = [client.get(url).text for url in urls]

    assert [(f'rel="prev" href="{urls[n - 1]}"' in pages[n]) for n in (1, 2)] == [True, True]
    assert [(f'rel="next" href="{urls[n + 1]}"' in pages[n]) for n in (0, 1)] == [True, True]
    assert ('rel="prev"' in pages[0], 'rel="next"' in pages[2]) == (False, False)
