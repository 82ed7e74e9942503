import logging
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from actions import once, reflections, sealing
from actions.models import Reflection
from tests.actions.factories import make_reflection, ring_of, sealed_with
from tests.factories import make_action, make_worker
from tests.statements import refused_by

NOW = datetime(2026, 5, 10, 16, 0, tzinfo=UTC)
TEXT = "I spoke for her instead of asking."


def text(reflection):
    return reflections.opened(Reflection.objects.get(pk=reflection.pk)).text


def swap(column, one, other):
    """As somebody with the database in hand would, behind the app's back."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE actions_reflection a SET {column} = b.{column} FROM actions_reflection b "
            "WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
            [one.pk, other.pk, other.pk, one.pk],
        )


# Who --------------------------------------------------------------------------------------------------------------


def test_reflections_are_visible_to_their_author_alone(agency, alice, bob, sana, charlie):
    mine = [make_reflection(alice, TEXT) for _ in range(2)]
    others = [
        make_worker(agency, is_admin=True),
        make_worker(agency, is_equity_lead=True),
        make_worker(None, is_analyst=True),
        make_worker(None, is_operator=True),
    ]

    assert list(Reflection.objects.visible_to(alice)) == list(Reflection.objects.editable_by(alice)) == mine[::-1]
    assert [list(Reflection.objects.visible_to(reader)) for reader in (bob, sana, charlie, *others)] == [[]] * 7


def test_an_analyst_writes_none(db):
    with pytest.raises(ValueError, match="Only a worker of an agency"):
        reflections.write(Reflection(), TEXT, by=make_worker(None, is_analyst=True))


# What the database holds and refuses ------------------------------------------------------------------------------


def test_table_holds_no_text(alice):
    make_reflection(alice, TEXT)

    columns = [field.column for field in Reflection._meta.fields]
    (row,) = Reflection.objects.values()
    assert columns == [
        "id",
        "agency_id",
        "author_id",
        "action_id",
        "prompt",
        "ciphertext",
        "version",
        "created_at",
        "edited_at",
    ]
    assert sealing.sealed_with(bytes(row["ciphertext"])) == "home"
    assert [word for word in TEXT.encode().split() if len(word) > 3 and word in bytes(row["ciphertext"])] == []


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("author_id = %(charlie)s", "reflection_author_same_agency"),
        ("agency_id = %(elsewhere)s", "reflection_author_same_agency"),
        ("action_id = %(his)s", "reflection_own_action"),
        ("action_id = %(mates)s", "reflection_own_action"),
        ("prompt = 'rp_unknown'", "reflection_prompt_known"),
        ("ciphertext = 'plain words'", "reflection_is_sealed"),
    ],
)
def test_rows_that_cannot_be_are_refused(alice, bob, charlie, change, constraint):
    reflection = make_reflection(alice, TEXT)
    values = {
        "charlie": charlie.pk,
        "elsewhere": charlie.agency_id,
        "his": make_action(charlie).pk,
        "mates": make_action(bob).pk,
        "pk": reflection.pk,
    }
    for name, value in values.items():
        change = change.replace(f"%({name})s", f"'{value}'")

    assert refused_by(f"UPDATE actions_reflection SET {change} WHERE id = '{reflection.pk}'") == constraint


def test_author_moves_to_nobody_who_did_not_do_the_action(alice, bob):
    reflection = make_reflection(alice, TEXT, action=make_action(alice))

    assert (
        refused_by("UPDATE actions_reflection SET author_id = %s WHERE id = %s", bob.pk, reflection.pk)
        == "reflection_own_action"
    )


def test_reflection_outlives_the_action_it_hangs_on(alice):
    action = make_action(alice)
    reflection = make_reflection(alice, TEXT, action=action)
    action.delete()

    assert (Reflection.objects.get().action, text(reflection)) == (None, TEXT)


# Writing and saving -----------------------------------------------------------------------------------------------


def test_write_is_by_its_author_in_her_agency(alice):
    action = make_action(alice)
    made = reflections.write(Reflection(action=action, prompt="rp_rest"), TEXT, by=alice)

    saved = Reflection.objects.get()
    assert (saved.pk, saved.author, saved.agency, saved.action, saved.prompt) == (
        made.pk,
        alice,
        alice.agency,
        action,
        "rp_rest",
    )
    assert (saved.version, saved.edited_at, text(saved)) == (1, None, TEXT)


def test_the_same_written_again_with_its_key_is_one_reflection(alice):
    key = uuid4()
    first, again = (reflections.write(Reflection(prompt="rp_rest"), TEXT, by=alice, key=key) for _ in range(2))

    assert first == again == Reflection.objects.get(pk=key)
    assert (again.version, text(again)) == (1, TEXT)


@pytest.mark.parametrize(("words", "prompt"), [("Something else.", ""), (TEXT, "rp_rest")])
def test_other_words_with_the_same_key_are_stale_and_change_nothing(alice, words, prompt):
    saved = reflections.write(Reflection(), TEXT, by=alice, key=uuid4())

    with pytest.raises(reflections.StaleVersion) as caught:
        reflections.write(Reflection(prompt=prompt), words, by=alice, key=saved.pk)

    assert (caught.value.saved, text(saved)) == (saved, TEXT)


def test_key_of_somebody_else_s_reflection_is_taken(alice, bob):
    saved = make_reflection(alice, TEXT)

    with pytest.raises(once.KeyTaken):
        reflections.write(Reflection(), TEXT, by=bob, key=saved.pk)

    assert (Reflection.objects.get().author, text(saved)) == (alice, TEXT)


def test_save_seals_anew_and_says_when(alice):
    reflection = make_reflection(alice, TEXT)
    reflection.prompt = "rp_rest"
    reflections.save(reflection, "Next time I ask.", by=alice, now=NOW)

    saved = Reflection.objects.get()
    assert (saved.prompt, saved.version, saved.edited_at, text(saved)) == ("rp_rest", 2, NOW, "Next time I ask.")


def test_save_over_a_newer_version_is_refused_and_changes_nothing(alice):
    mine = make_reflection(alice, TEXT)
    elsewhere = Reflection.objects.get()
    reflections.save(elsewhere, "Typed on the phone.", by=alice, now=NOW)

    with pytest.raises(reflections.StaleVersion) as caught:
        reflections.save(mine, "Typed at the desk.", by=alice, now=NOW)

    assert (reflections.opened(caught.value.saved).text, caught.value.saved.version) == ("Typed on the phone.", 2)
    assert text(mine) == "Typed on the phone."


@pytest.mark.parametrize("reader", ["bob", "charlie"])
def test_save_of_another_s_reflection_is_refused(request, alice, reader):
    reflection = make_reflection(alice, TEXT)

    with pytest.raises(Reflection.DoesNotExist):
        reflections.save(reflection, "Not hers.", by=request.getfixturevalue(reader), now=NOW)

    assert text(reflection) == TEXT


# What cannot be opened --------------------------------------------------------------------------------------------


def test_swapped_texts_of_two_rows_stay_shut(alice):
    one, other = make_reflection(alice, "One."), make_reflection(alice, "Other.")
    swap("ciphertext", one, other)

    assert (text(one), text(other)) == (None, None)


def test_swapped_authors_open_nothing(alice, bob):
    hers, his = make_reflection(alice, "Hers."), make_reflection(bob, "His.")
    swap("author_id", hers, his)

    assert list(Reflection.objects.visible_to(bob)) == [hers]
    assert (text(hers), text(his)) == (None, None)


def test_a_flipped_bit_stops_no_other_and_is_logged_by_the_id_alone(alice, caplog):
    _, broken, _ = (make_reflection(alice, word) for word in ("First.", "Broken.", "Last."))
    flipped = bytearray(broken.ciphertext)
    flipped[-1] ^= 1
    Reflection.objects.filter(pk=broken.pk).update(ciphertext=bytes(flipped))

    texts = [entry.text for entry in reflections.opened_each(Reflection.objects.visible_to(alice))]

    assert texts == ["Last.", None, "First."]
    why = "it was changed, belongs elsewhere, or was sealed with another key of the id “home”"
    assert caplog.record_tuples == [
        ("actions.reflections", logging.ERROR, f"Reflection {broken.pk} cannot be opened: {why}")
    ]


def test_an_opened_reflection_does_not_show_its_text_to_a_log(alice):
    assert TEXT not in repr(reflections.opened(make_reflection(alice, TEXT)))


# Changing keys ----------------------------------------------------------------------------------------------------


@pytest.fixture
def five(alice, bob, settings):
    """Sealed with the old key, by two authors; the new key is in use by now."""
    settings.REFLECTION_KEYS = ring_of("old")
    made = [make_reflection(author, f"Text {n}.") for n, author in enumerate([alice, bob, alice, bob, alice])]
    settings.REFLECTION_KEYS = ring_of("new", "old")
    return made


def texts():
    return [entry.text for entry in reflections.opened_each(Reflection.objects.order_by("pk"))]


def ring(*names):
    return sealing.read_ring(ring_of(*names))


ALL = [f"Text {n}." for n in range(5)]


def test_rotation_seals_all_anew_and_changes_nothing_else(five, settings):
    before = list(Reflection.objects.order_by("pk").defer("ciphertext").values("pk", "version", "edited_at", "prompt"))

    done = reflections.rotate(ring=ring("new", "old"), batch=2)

    assert done == reflections.Rotation(resealed=5, already=0, shut=[])
    assert sealed_with() == ["new"] * 5
    assert list(Reflection.objects.order_by("pk").values("pk", "version", "edited_at", "prompt")) == before
    settings.REFLECTION_KEYS = ring_of("new")
    assert texts() == ALL


def test_rotation_again_changes_nothing(five):
    reflections.rotate(ring=ring("new", "old"))
    before = list(Reflection.objects.order_by("pk").values_list("ciphertext", flat=True))

    assert reflections.rotate(ring=ring("new", "old")) == reflections.Rotation(resealed=0, already=5, shut=[])
    assert list(Reflection.objects.order_by("pk").values_list("ciphertext", flat=True)) == before


def test_rotation_interrupted_half_way_leaves_all_readable_and_a_second_run_finishes(five, monkeypatch, settings):
    seal, sealed = sealing.seal, []

    def interrupted(*args, **kwargs):
        sealed.append(args)
        if len(sealed) == 4:
            raise KeyboardInterrupt
        return seal(*args, **kwargs)

    monkeypatch.setattr(sealing, "seal", interrupted)
    with pytest.raises(KeyboardInterrupt):
        reflections.rotate(ring=ring("new", "old"), batch=2)
    monkeypatch.undo()
    half_way = sealed_with(), texts()
    settings.REFLECTION_KEYS = ring_of("old", "new")
    in_the_other_order = texts()

    done = reflections.rotate(ring=ring("new", "old"), batch=2)

    assert half_way == (["new", "new", "old", "old", "old"], ALL)
    assert in_the_other_order == ALL
    assert done == reflections.Rotation(resealed=3, already=2, shut=[])
    assert (sealed_with(), texts()) == (["new"] * 5, ALL)


def test_rotation_leaves_what_it_cannot_open_and_goes_on(five, settings):
    swap("ciphertext", five[1], five[2])
    settings.REFLECTION_KEYS = ring_of("lost")
    lost = make_reflection(five[0].author, "Sealed with a key that is gone.")
    before = bytes(Reflection.objects.get(pk=lost.pk).ciphertext)

    done = reflections.rotate(ring=ring("new", "old"), batch=2)

    assert done == reflections.Rotation(resealed=3, already=0, shut=[five[1].pk, five[2].pk, lost.pk])
    assert sealed_with() == ["new", "old", "old", "new", "new", "lost"]
    assert bytes(Reflection.objects.get(pk=lost.pk).ciphertext) == before


def test_rotation_names_what_was_sealed_with_another_key_meanwhile(five, monkeypatch, settings):
    """By a web process that was not restarted with the new keys."""
    late = []

    def iterator(*args, **kwargs):
        settings.REFLECTION_KEYS = ring_of("old")
        late.append(make_reflection(five[0].author, "Late."))
        return Reflection.objects.order_by("pk")

    monkeypatch.setattr(type(Reflection.objects.all()), "iterator", iterator)

    done = reflections.rotate(ring=ring("new", "old"))

    assert done == reflections.Rotation(resealed=5, already=0, shut=[late[0].pk])
