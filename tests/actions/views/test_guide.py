import pytest
from django.urls import reverse
from django.utils.html import escape

from actions.models import Practice
from tests.factories import make_action, make_worker

GUIDE = reverse("actions:guide")


def test_guide_has_all_practices_with_example_and_caution(client, alice):
    client.force_login(alice)

    response = client.get(GUIDE)

    shown = [practice for _, practices in response.context["groups"] for practice in practices]
    assert {practice.pk for practice in shown} == set(Practice.objects.values_list("pk", flat=True))
    missing = [
        text
        for practice in shown
        for text in (practice.label, practice.description, practice.example, practice.caution)
        if str(escape(text)) not in response.text
    ]
    assert missing == []


def test_guide_searches_in_both_languages(client, alice):
    client.force_login(alice)

    found = [client.get(GUIDE, {"q": query}).context["found"] for query in ("hard parts", "dès le départ", "zebra")]

    assert [[practice.code for practice in practices] for practices in found] == [
        ["info_up_front"],
        ["info_up_front"],
        [],
    ]


def test_guide_says_what_was_searched_without_trusting_it(client, alice):
    client.force_login(alice)

    page = client.get(GUIDE, {"q": "<script>alert(1)</script>"}).text

    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


def test_guide_is_open_to_analysts(client, db):
    client.force_login(make_worker(None, is_analyst=True))

    assert len(client.get(GUIDE).context["found"]) == Practice.objects.count()


@pytest.mark.parametrize("n", [1, 3])
def test_guide_runs_five_queries(client, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_action(alice)
    client.force_login(alice)

    with django_assert_num_queries(5):
        response = client.get(GUIDE)

    assert len(response.context["found"]) == Practice.objects.count()
