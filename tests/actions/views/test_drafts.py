import base64
import threading
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from actions import drafts, reflections
from actions.models import Action, Draft, Reflection
from actions.sealing import keys, read_ring
from reports import tasks
from tests import processes
from tests.factories import community, form_data, make_action, practice

KEEP, LOG, HOME = reverse("actions:draft_keep"), reverse("actions:log"), reverse("actions:home")
NOTE = "Read the plan aloud, twice. 🌱"


@pytest.fixture
def key():
    return uuid.uuid4()


def keep(client, key, *, address=LOG, **changes):
    return client.post(KEEP, form_data(key=str(key), _address=address, **changes))


def fields(page):
    return page.context["fields"]


def test_form_is_kept_as_it_stands_and_comes_back(client, alice, key):
    client.force_login(alice)

    kept = keep(client, key, note=NOTE, practice="", communities=[community().pk, community("indigenous").pk])
    page = client.get(reverse("actions:draft", args=[key]))
    form = client.post(page.context["address"], page_data(page)).context["form"]

    assert (kept.status_code, set(kept.json())) == (200, {"saved"})
    assert form["note"].value() == NOTE
    assert form["communities"].value() == [str(community().pk), str(community("indigenous").pk)]
    assert form["key"].value() == str(key)
    assert not Action.objects.exists()


def page_data(page):
    names = {name for name, _ in fields(page)}
    return {name: [value for key, value in fields(page) if key == name] for name in names} | {"_again": "1"}


def test_kept_again_it_is_one_draft_with_the_latest_words(client, alice, key):
    client.force_login(alice)
    keep(client, key, note="First.")
    keep(client, key, note="Second.")

    assert drafts.opened(Draft.objects.get()).count("Second.") == 1


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_keep_a_new_draft_at_once_make_one(alice, key):
    """As when the page saves itself while it is left."""
    told = []

    def second():
        try:
            told.append(drafts.keep("note=Second", key=key, address=LOG, by=alice, now=timezone.now()).pk)
        except IntegrityError as error:
            told.append(type(error))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with processes.database() as database, transaction.atomic():
        first = drafts.keep("note=First", key=key, address=LOG, by=alice, now=timezone.now())
        thread.start()
        processes.wait_for(database.has_a_waiting_process)
    thread.join(60)

    assert (told, drafts.opened(Draft.objects.get())) == ([first.pk], "note=Second")


@pytest.mark.parametrize("name", ["note", "partners", "in_the_way", "need", "text"])
def test_text_that_the_guard_refuses_is_not_kept(client, alice, key, name):
    client.force_login(alice)

    answer = keep(client, key, **{name: "Called 416-555-0199"})

    assert answer.status_code == 422
    assert len(answer.json()["wrong"]) == 1
    assert "416" not in answer.text
    assert not Draft.objects.exists()


def test_refused_text_leaves_what_was_kept_before(client, alice, key):
    client.force_login(alice)
    keep(client, key, note=NOTE)
    keep(client, key, note="Called 416-555-0199")

    assert urlencode({"note": NOTE}) in drafts.opened(Draft.objects.get())


def test_draft_is_its_author_s_alone(client, alice, bob, sana, key):
    client.force_login(alice)
    keep(client, key, note=NOTE)

    for other in (bob, sana):
        client.force_login(other)
        assert client.get(reverse("actions:draft", args=[key])).status_code == 404
        client.post(reverse("actions:draft_delete", args=[key]))
        assert NOTE not in client.get(HOME).text
    keep(client, key, note="Sana's own words.")

    assert {draft.author for draft in Draft.objects.all()} == {alice, sana}
    assert urlencode({"note": NOTE}) in drafts.opened(Draft.objects.get(author=alice))


def test_draft_is_sealed_in_its_table(client, alice, key):
    client.force_login(alice)
    keep(client, key, note=NOTE)

    with connection.cursor() as cursor:
        cursor.execute("SELECT draft::text, encode(ciphertext, 'escape') FROM actions_draft draft")
        assert not [value for value in cursor.fetchone() if "plan" in value]


def test_draft_counts_nowhere_and_home_names_it(client, alice, key):
    client.force_login(alice)
    keep(client, key, note=NOTE)
    page = client.get(HOME)

    assert not Action.objects.exists()
    assert [(str(form), draft.key) for form, draft in page.context["drafts"]] == [("An action", key)]
    assert NOTE not in page.text


@pytest.mark.parametrize(
    "address", ["", "/accounts/login/", "https://elsewhere.example/log/new/x", "/log/quick/", "//["]
)
def test_other_forms_are_not_kept(client, alice, key, address):
    client.force_login(alice)

    assert keep(client, key, address=address).status_code == 422
    assert not Draft.objects.exists()


@pytest.mark.parametrize("bad", ["", "x", "1"])
def test_key_that_is_none_is_refused(client, alice, bad):
    client.force_login(alice)

    assert keep(client, bad).status_code == 422


def test_form_longer_than_any_is_not_kept(client, alice, key):
    client.force_login(alice)

    assert keep(client, key, more="x" * drafts.LONGEST).status_code == 422


def test_saving_the_form_ends_its_draft(client, alice, key):
    other = uuid.uuid4()
    client.force_login(alice)
    keep(client, key, note=NOTE)
    keep(client, other, note=NOTE)
    client.post(LOG, form_data(key=str(key), note=NOTE))

    assert [draft.key for draft in Draft.objects.all()] == [other]


def test_saving_an_edit_ends_its_draft(client, alice):
    action = make_action(alice)
    client.force_login(alice)
    keep(client, action.pk, address=reverse("actions:edit", args=[action.pk]), note=NOTE)
    client.post(reverse("actions:edit", args=[action.pk]), form_data(note=NOTE, version=action.version))

    assert not Draft.objects.exists()


def test_draft_is_deleted_by_its_author(client, alice, key):
    client.force_login(alice)
    keep(client, key)
    client.post(reverse("actions:draft_delete", args=[key]))

    assert not Draft.objects.exists()


def test_draft_is_forgotten_after_thirty_untouched_days(client, alice, key, time_machine):
    time_machine.move_to("2026-05-04 15:00Z")
    client.force_login(alice)
    keep(client, key)
    time_machine.shift(timedelta(days=29))
    client.force_login(alice)
    keep(client, key)

    time_machine.shift(timedelta(days=29, hours=23))
    tasks.housekeeping()
    assert Draft.objects.count() == 1
    time_machine.shift(timedelta(hours=2))
    tasks.housekeeping()
    assert not Draft.objects.exists()


def test_draft_is_sealed_anew_when_the_key_changes(client, alice, key, settings):
    client.force_login(alice)
    keep(client, key, note=NOTE)
    old = keys.ring()
    secret = base64.b64encode(bytes(range(32))).decode()
    new = read_ring(f"new:{secret}")
    both = type(old)((*new.keys, *old.keys))

    done = reflections.rotate(ring=both)
    draft = Draft.objects.get()

    assert (done.resealed, done.shut, Reflection.objects.count()) == (1, [], 0)
    assert reflections.rotate(ring=new).already == 1
    assert bytes(draft.ciphertext)[2:5] == b"new"


def test_draft_whose_key_is_lost_is_not_found(client, alice, key):
    client.force_login(alice)
    keep(client, key, note=NOTE)
    Draft.objects.update(ciphertext=b"\x01\x04lost" + b"0" * 40)

    assert client.get(reverse("actions:draft", args=[key])).status_code == 404
    assert client.get(HOME).status_code == 200


def test_practice_of_the_draft_is_still_chosen(client, alice, key):
    client.force_login(alice)
    keep(client, key)
    page = client.get(reverse("actions:draft", args=[key]))

    assert ("practice", str(practice().pk)) in fields(page)
