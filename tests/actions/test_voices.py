from datetime import timedelta

import pytest
from django.utils import timezone

from actions import voices
from actions.models import VoiceCount, VoiceLink
from tests.factories import make_initiative

NOW = timezone.now()


@pytest.fixture
def initiative(lead):
    return make_initiative(lead)


def make_link(initiative, days=30):
    return voices.make_link(initiative, days=days, now=NOW)


def answer(initiative, *said):
    for each in said:
        voices.answer(make_link(initiative), each, now=NOW)


def told(initiative):
    heard = voices.heard(initiative)
    return heard.is_any, heard.total, [row.n for row in heard.answers]


def test_link_is_kept_as_a_hash_alone(initiative):
    token = make_link(initiative)
    link = VoiceLink.objects.get()

    assert len(token) == 32
    assert [value for value in vars(link).values() if token in str(value)] == []
    assert voices.find(token, now=NOW) == link


def test_two_links_are_different(initiative):
    assert make_link(initiative) != make_link(initiative)


def test_link_answers_once(initiative):
    token = make_link(initiative)
    voices.answer(token, "yes", now=NOW)

    with pytest.raises(VoiceLink.DoesNotExist):
        voices.answer(token, "no", now=NOW)

    assert list(VoiceCount.objects.values_list("answer", "n")) == [("yes", 1)]


@pytest.mark.parametrize("end", ["expired", "revoked", "unknown", "answered"])
def test_link_that_ended_is_not_found_whatever_ended_it(initiative, end):
    token = make_link(initiative)
    if end == "revoked":
        voices.revoke(VoiceLink.objects.get(), now=NOW)
    elif end == "answered":
        voices.answer(token, "yes", now=NOW)
    later = NOW + timedelta(days=30) if end == "expired" else NOW

    for verb in (voices.find, lambda token, now: voices.answer(token, "yes", now=now)):
        with pytest.raises(VoiceLink.DoesNotExist):
            verb("x" if end == "unknown" else token, now=later)


def test_link_works_until_it_expires(initiative):
    token = make_link(initiative, days=14)

    assert voices.find(token, now=NOW + timedelta(days=14) - timedelta(seconds=1)) == VoiceLink.objects.get()


def test_no_answer_says_nothing(initiative):
    assert told(initiative) == (False, 0, [])


def test_below_five_answers_only_that_there_are_some_is_told(initiative):
    answer(initiative, "yes", "no", "no", "partly")

    assert told(initiative) == (True, 0, [])


def test_counts_are_told_at_five_and_stay_until_ten(initiative):
    answer(initiative, "yes", "yes", "no", "partly", "yes")
    at_five = told(initiative)
    answer(initiative, "no", "no", "no", "no")
    at_nine = told(initiative)
    answer(initiative, "yes")

    assert (at_five, at_nine) == ((True, 5, [3, 1, 1]), (True, 5, [3, 1, 1]))
    assert told(initiative) == (True, 10, [4, 1, 5])


def test_answers_of_one_initiative_are_not_those_of_another(initiative, lead):
    other = make_initiative(lead, title="Another")
    answer(initiative, *["yes"] * 5)

    assert told(other) == (False, 0, [])


def test_answered_link_leaves_neither_time_nor_answer(initiative):
    token = make_link(initiative)
    before = VoiceLink.objects.values().get()
    voices.answer(token, "no", now=NOW)

    assert VoiceLink.objects.values().get() == before | {"is_answered": True}


def test_revoking_twice_keeps_the_first_time(initiative):
    make_link(initiative)
    voices.revoke(VoiceLink.objects.get(), now=NOW)
    voices.revoke(VoiceLink.objects.get(), now=NOW + timedelta(hours=1))

    assert VoiceLink.objects.get().revoked_at == NOW
