"""`manage.py rotate_reflections`, killed in the middle too."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from actions import reflections
from actions.models import Reflection
from tests import processes
from tests.actions.factories import make_reflection, ring_of, sealed_with

WORD = "quillwort"


@pytest.fixture
def five(request, settings):
    alice = request.getfixturevalue("alice")
    settings.REFLECTION_KEYS = ring_of("old")
    made = [make_reflection(alice, f"{WORD} {n}") for n in range(5)]
    settings.REFLECTION_KEYS = ring_of("new", "old")
    return made


def rotate():
    out = io.StringIO()
    call_command("rotate_reflections", "--batch", "2", stdout=out)
    return out.getvalue()


def texts():
    return [entry.text for entry in reflections.opened_each(Reflection.objects.order_by("pk"))]


def test_command_tells_counts_and_no_text(five, caplog):
    first, second = rotate(), rotate()

    done = "Every one opens with this key alone: the other keys are needed for old backups only.\n"
    assert first == f"Sealed anew with the key “new”: 5. Already were: 0.\n{done}"
    assert second == f"Sealed anew with the key “new”: 0. Already were: 5.\n{done}"
    assert caplog.records == []


def test_command_names_the_rows_it_cannot_open_and_does_the_others(five, settings, caplog):
    broken = five[2]
    Reflection.objects.filter(pk=broken.pk).update(ciphertext=bytes(broken.ciphertext)[:-1] + b"!")

    with pytest.raises(CommandError) as caught:
        rotate()

    assert str(caught.value) == (
        f"1 cannot be opened with this key; keep the other keys, and see the log:\n  {broken.pk}"
    )
    assert sealed_with() == ["new", "new", "old", "new", "new"]
    assert {str(broken.pk) in record.getMessage() for record in caplog.records} == {True}
    assert WORD not in caplog.text


def test_command_names_at_most_twenty(alice, settings):
    settings.REFLECTION_KEYS = ring_of("lost")
    for _ in range(22):
        make_reflection(alice, WORD)
    settings.REFLECTION_KEYS = ring_of("new")

    with pytest.raises(CommandError, match=r"^22 cannot be opened") as caught:
        rotate()

    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (22, "  and 2 more")


def test_command_without_keys_says_so(db, settings):
    settings.REFLECTION_KEYS = ""

    with pytest.raises(CommandError, match="web needs REFLECTION_KEYS"):
        rotate()


@pytest.mark.django_db(transaction=True)
def test_command_killed_half_way_leaves_all_readable_and_a_second_run_finishes(transactional_db, five):
    every = [f"{WORD} {n}" for n in range(5)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM actions_reflection WHERE id = %s FOR UPDATE", [five[3].pk])
        command = ["manage", "rotate_reflections", "--batch", "2"]
        with processes.running(*command, REFLECTION_KEYS=ring_of("new", "old")) as killed:
            processes.wait_for(lambda: sealed_with()[1] == "new")
            processes.kill(killed)
    half_way = sealed_with(), texts()

    said = rotate()

    assert half_way == (["new", "new", "old", "old", "old"], every)
    assert said.startswith("Sealed anew with the key “new”: 3. Already were: 2.\n")
    assert (sealed_with(), texts()) == (["new"] * 5, every)
