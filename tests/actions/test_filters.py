from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from actions.filters import ActionFilter, RecordFilter
from actions.models import Action
from tests.actions.factories import make_community, make_practice
from tests.factories import community, make_action, practice

FEED_FILTERS = [
    *["first", "last", "kind", "practice", "level", "stance", "direction", "community", "system", "heard_back"]
]


def filtered(reader, query, kind=ActionFilter):
    return kind(QueryDict(query), Action.objects.all(), reader=reader)


def test_feed_can_be_narrowed_by_no_person():
    assert list(ActionFilter.base_filters) == FEED_FILTERS


def test_own_record_can_also_be_narrowed_by_who_sees_it():
    assert list(RecordFilter.base_filters) == [*FEED_FILTERS, "visibility"]


@pytest.fixture
def both(alice):
    """Two actions that differ in all that a filter asks for: the one that is looked for, and the other."""
    wanted = make_action(
        alice,
        done_on=date(2026, 5, 10),
        practice=practice("read_study"),
        level="agency",
        direction="community_led",
        communities=[community("indigenous").pk, community("racialized").pk],
        system="housing",
        heard_back="heard",
        visibility="private",
    )
    other = make_action(
        alice,
        done_on=date(2026, 5, 9),
        practice=practice("crisis_support"),
        communities=[community("not_specific").pk],
    )
    return wanted, other


@pytest.mark.parametrize(
    "query",
    [
        "first=2026-05-10",
        "kind=learning",
        "practice={practice}",
        "level=agency",
        "stance=proactive",
        "direction=community_led",
        "community={community}",
        "system=housing",
        "heard_back=heard",
        "visibility=private",
        "first=2026-05-10&last=2026-05-10&kind=learning&level=agency",
    ],
)
def test_filter_finds_what_it_asks_for(alice, both, query):
    query = query.format(practice=practice("read_study").pk, community=community("indigenous").pk)

    assert list(filtered(alice, query, RecordFilter).qs) == [both[0]]


def test_last_day_is_included(alice, both):
    assert list(filtered(alice, "last=2026-05-09").qs) == [both[1]]


def test_without_a_filter_all_is_listed_newest_first(alice, both):
    assert list(filtered(alice, "").qs) == list(both)


@pytest.mark.parametrize(
    "query",
    [
        "first=yesterday",
        "last=2026-13-01",
        "kind=nonsense",
        "practice=abc",
        "practice=31000",
        "practice={practice}",
        "level=galaxy",
        "stance=inactive",
        "direction=above",
        "community=x",
        "community={community}",
        "system=solar",
        "heard_back=maybe",
        "visibility=public",
        "kind=learning&kind=nonsense",
    ],
)
def test_filter_for_what_is_not_there_lists_nothing(alice, charlie, both, query):
    theirs = {"practice": make_practice(charlie.agency).pk, "community": make_community(charlie.agency).pk}
    filters = filtered(alice, query.format(**theirs), RecordFilter)

    assert (filters.form.is_valid(), list(filters.qs)) == (False, [])


def test_unknown_names_change_nothing(alice, both):
    assert list(filtered(alice, "author=1&page=2&order=author&sort=-n").qs) == list(both)


def test_choices_are_the_agency_s_own(alice, charlie):
    ours, theirs = make_practice(alice.agency), make_practice(charlie.agency)
    filters = filtered(alice, "")

    offered = {pk for pk, _ in filters.form.fields["practice"].choices}
    assert (ours.pk in offered, theirs.pk in offered) == (True, False)


def test_chips_say_each_filter_and_take_it_away(alice):
    request = RequestFactory().get("/record/", {"kind": "learning", "first": "2026-05-10", "level": "", "page": "3"})
    filters = filtered(alice, request.GET.urlencode())

    assert [(chip.label, chip.remove_url) for chip in filters.chips(request)] == [
        ("From: 10 May 2026", "/record/?kind=learning&level="),
        ("Kind: Learning and reflecting", "/record/?first=2026-05-10&level="),
    ]


def test_no_chips_of_filters_that_fail(alice):
    request = RequestFactory().get("/record/", {"kind": "nonsense"})

    assert filtered(alice, request.GET.urlencode()).chips(request) == []


def test_withdrawn_is_left_to_the_list_that_is_narrowed(alice):
    make_action(alice, withdrawn_at=timezone.now())

    assert list(ActionFilter(QueryDict(""), Action.objects.standing(), reader=alice).qs) == []
