import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import sealing

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
ALICE, BOB = UUID(int=3), UUID(int=4)
OLD, NEW = sealing.Key("old", b"o" * 32), sealing.Key("new", b"n" * 32)
OLD_ONLY, NEW_ONLY, BOTH = sealing.Ring((OLD,)), sealing.Ring((NEW,)), sealing.Ring((NEW, OLD))
TEXT = "I spoke for her. Pourquoi?"


def encoded(secret):
    return base64.b64encode(secret).decode()


def opens(sealed, *, ring=BOTH, row=ROW, author=ALICE):
    return sealing.unseal(sealed, ring=ring, row=row, author=author)


@pytest.fixture
def sealed():
    return sealing.seal(TEXT, key=OLD, row=ROW, author=ALICE)


# Opening ----------------------------------------------------------------------------------------------------------


@given(st.text(), st.uuids(), st.uuids())
def test_what_is_sealed_opens_for_its_row_and_author(text, row, author):
    sealed = sealing.seal(text, key=NEW, row=row, author=author)

    assert opens(sealed, row=row, author=author) == text


def test_sealed_text_shows_its_key_and_nothing_of_the_text(sealed):
    assert sealing.sealed_with(sealed) == "old"
    assert sealed.startswith(b"\x01\x03old")
    long = [word for word in TEXT.encode().split() if len(word) > 4]  # a short one may stand there by chance
    assert [word for word in (TEXT.encode(), *long) if word in sealed] == []


def test_sealing_twice_looks_different():
    assert len({sealing.seal(TEXT, key=NEW, row=ROW, author=ALICE) for _ in range(20)}) == 20


def test_any_key_of_the_ring_opens_and_the_first_seals(sealed):
    assert [opens(sealed, ring=ring) for ring in (OLD_ONLY, BOTH)] == [TEXT, TEXT]
    assert (BOTH.current, BOTH.only_current()) == (NEW, NEW_ONLY)


# Staying shut -----------------------------------------------------------------------------------------------------


def test_one_flipped_bit_anywhere_fails(sealed):
    for place in range(len(sealed)):
        for bit in range(8):
            flipped = bytearray(sealed)
            flipped[place] ^= 1 << bit
            with pytest.raises(sealing.CannotOpen):
                opens(bytes(flipped))


def test_text_of_another_row_fails(sealed):
    with pytest.raises(sealing.Broken):
        opens(sealed, row=OTHER_ROW)


def test_text_of_another_author_fails(sealed):
    with pytest.raises(sealing.Broken):
        opens(sealed, author=BOB)


def test_row_and_author_cannot_stand_for_each_other(sealed):
    with pytest.raises(sealing.Broken):
        opens(sealed, row=ALICE, author=ROW)


def test_text_of_a_key_that_is_gone_fails_by_its_id(sealed):
    with pytest.raises(sealing.UnknownKey, match="“old”"):
        opens(sealed, ring=NEW_ONLY)


def test_another_key_under_the_same_id_fails(sealed):
    with pytest.raises(sealing.Broken):
        opens(sealed, ring=sealing.Ring((sealing.Key("old", NEW.secret),)))


def test_text_under_the_id_of_another_of_our_keys_fails(sealed):
    with pytest.raises(sealing.Broken):
        opens(sealed.replace(b"old", b"new", 1))


@pytest.mark.parametrize("end", [0, 1, 2, 4, 5, 17, 32, -1])
def test_text_that_is_cut_off_fails(sealed, end):
    with pytest.raises(sealing.CannotOpen):
        opens(sealed[:end])


@pytest.mark.parametrize("plain", [b"I spoke for her, and it is not sealed at all.", b"\x01", b"\x01\xff" + b"x" * 300])
def test_text_that_was_never_sealed_fails(plain):
    with pytest.raises(sealing.Broken):
        opens(plain)


@given(st.binary(max_size=200))
def test_rubbish_fails_as_such(rubbish):
    with pytest.raises(sealing.CannotOpen):
        opens(rubbish)


def test_no_error_tells_text_or_key(sealed):
    told = []
    for changes in ({"row": OTHER_ROW}, {"author": BOB}, {"ring": NEW_ONLY}):
        with pytest.raises(sealing.CannotOpen) as caught:
            opens(sealed, **changes)
        told.append(f"{caught.value!r} {caught.value.__cause__!r}")

    assert [word for word in [*TEXT.split(), "nnnn", "oooo"] for said in told if word in said] == []
    assert "oooo" not in repr(BOTH)


# Keys -------------------------------------------------------------------------------------------------------------


def test_keys_are_read_in_their_order():
    assert sealing.read_ring(f"new:{encoded(NEW.secret)}, old:{encoded(OLD.secret)}") == BOTH


def test_keys_are_read_in_either_alphabet_with_or_without_padding():
    secret = bytes([251, 255] * 16)
    forms = {base64.b64encode(secret).decode(), base64.urlsafe_b64encode(secret).decode()}
    forms |= {form.rstrip("=") for form in forms}

    assert {sealing.read_ring(f"k:{form}").current for form in forms} == {sealing.Key("k", secret)}
    assert len(forms) == 4


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ("{key}", "entry 1 is not id:key"),
        (":{key}", "entry 1 is not id:key"),
        ("a b:{key}", "entry 1 is not id:key"),
        ("é:{key}", "entry 1 is not id:key"),
        (f"{'x' * 33}:{{key}}", "entry 1 is not id:key"),
        ("", "entry 1 is not id:key"),
        ("one:{key},", "entry 2 is not id:key"),
        ("one:{key},two:{key}x", "the key of entry 2 (“two”) is not 32 bytes"),
        ("one:", "the key of entry 1 (“one”) is not 32 bytes"),
        ("one:{key}!", "the key of entry 1 (“one”) is not 32 bytes"),
        ("one:é{key}", "the key of entry 1 (“one”) is not 32 bytes"),
        ("one:{key},one:{key}", "two keys have the same id"),
    ],
)
def test_keys_that_cannot_be_are_refused_without_telling_them(keys, reason):
    key = encoded(NEW.secret)

    with pytest.raises(sealing.BadKeys) as caught:
        sealing.read_ring(keys.format(key=key))

    assert str(caught.value).startswith(reason)
    assert key[:8] not in str(caught.value)
