import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import guard, reflections, sealing
from actions.models import Action, Reflection
from actions.vocabulary import CATALOGUE, Prompt
from tests.actions.factories import edit_term, make_reflection, ring_of
from tests.factories import make_action, make_worker, practice

MINE, NEW = reverse("actions:reflections"), reverse("actions:reflection_new")
TEXT = "I spoke for her instead of asking."
PHONE, NAME, HINT = "Called 416-555-0199", "Met with Kowalski today", "A 4-year-old watched me."
HONEST = (
    "But your employer, or whoever runs the server for it, holds the keys, and a court could order that they be used"
)


def of(verb, reflection):
    return reverse(f"actions:{verb}", args=[reflection.pk])


def data(**changes):
    return {"text": TEXT, "prompt": "", "version": "1"} | changes


def text():
    """Of the only reflection there is."""
    return reflections.opened(Reflection.objects.get()).text


@pytest.fixture
def me(client, alice):
    client.force_login(alice)
    return alice


# The list ---------------------------------------------------------------------------------------------------------


def test_list_is_her_own_newest_first_with_the_opening_words(client, me, bob):
    mine = [make_reflection(me, f"{word} " * 100) for word in ("first", "second")]
    make_reflection(bob, "His own.")

    response = client.get(MINE)

    assert [entry.reflection for entry in response.context["entries"]] == mine[::-1]
    assert re.findall(r"<p>((?:first|second)[^<]*)</p>", response.text) == [
        ("second " * 100)[:159] + "…",
        ("first " * 100)[:159] + "…",
    ]


def test_list_without_any_says_so(client, me):
    assert "Nothing yet. A few words are enough" in client.get(MINE).text


def test_list_is_in_pages(client, me):
    for n in range(26):
        make_reflection(me, f"number {n}")

    pages = [client.get(MINE, {"page": page}).context["entries"] for page in (1, 2, "x", 99)]

    assert [[entry.text for entry in page] for page in pages] == [
        [f"number {n}" for n in range(25, 0, -1)],
        ["number 0"],
        [f"number {n}" for n in range(25, 0, -1)],
        ["number 0"],
    ]


@pytest.mark.parametrize("n", [1, 3])
def test_list_runs_seven_queries(client, me, n, django_assert_num_queries):
    for _ in range(n):
        make_reflection(me, TEXT, action=make_action(me))

    with django_assert_num_queries(7):
        response = client.get(MINE)

    assert len(response.context["entries"]) == n


def test_list_shows_one_that_cannot_be_opened_among_the_others(client, me, settings):
    settings.REFLECTION_KEYS = ring_of("lost")
    make_reflection(me, "Sealed with a key that is gone.")
    settings.REFLECTION_KEYS = ring_of("new")
    make_reflection(me, TEXT)

    response = client.get(MINE)

    assert [entry.text for entry in response.context["entries"]] == [TEXT, None]
    assert response.text.count("It cannot be opened at the moment. Nothing was deleted.") == 1


@pytest.mark.parametrize("name", ["reflections", "reflection_new", "reflection", "reflection_edit", "reflection_on"])
def test_every_page_says_honestly_who_could_read_it(client, me, name):
    action = make_action(me)
    reflection = make_reflection(me, TEXT)
    args = {"reflection_on": [action.pk], "reflections": [], "reflection_new": []}.get(name, [reflection.pk])

    assert client.get(reverse(f"actions:{name}", args=args)).text.count(HONEST) == 1


# Writing ----------------------------------------------------------------------------------------------------------


def test_write_saves_and_shows_it(client, me):
    response = client.post(NEW, data(prompt="rp_rest"), follow=True)

    saved = Reflection.objects.get()
    assert response.redirect_chain == [(of("reflection", saved), 302)]
    assert (saved.author, saved.action, saved.prompt, saved.version, text()) == (me, None, "rp_rest", 1, TEXT)
    assert ("Reflection saved." in response.text, f"<p>{TEXT}</p>" in response.text) == (True, True)
    assert str(Prompt.REST.label) in response.text


def test_the_same_form_sent_twice_is_one_reflection(client, me):
    key = client.get(NEW).context["form"]["key"].value()

    answers = [client.post(NEW, data(key=key)) for _ in range(2)]

    assert [answer.url for answer in answers] == [of("reflection", Reflection.objects.get())] * 2
    assert text() == TEXT


def test_a_form_of_before_with_other_words_overwrites_nothing_and_loses_nothing(client, me):
    """She saved, went back, and wrote on in the form that was sent already."""
    key = client.get(NEW).context["form"]["key"].value()
    client.post(NEW, data(key=key))

    conflict = client.post(NEW, data(key=key, text="And then I asked."))
    meanwhile = text()
    edit = of("reflection_edit", Reflection.objects.get())
    client.post(edit, data(text="And then I asked."))

    assert (conflict.status_code, f'action="{edit}"' in conflict.text, meanwhile) == (409, True, TEXT)
    assert "And then I asked.</textarea>" in conflict.text
    assert (Reflection.objects.count(), text()) == (1, "And then I asked.")


def test_key_of_somebody_else_s_reflection_is_not_found(client, me, bob):
    his = make_reflection(bob, "His own.")

    assert client.post(NEW, data(key=his.pk)).status_code == 404
    assert (Reflection.objects.get(), text()) == (his, "His own.")


@pytest.mark.parametrize("faces", ["🙂", "👩🏽‍🤝‍👩🏻"])
def test_longest_text_may_be_of_emoji(client, me, faces):
    longest = (faces * 4000)[:4000]

    answers = [client.post(NEW, data(text=written)).status_code for written in (f"{longest}🙂", longest)]

    assert (answers, text()) == ([422, 302], longest)


def test_write_begins_with_the_question_asked_for(client, me):
    asked = client.get(NEW, {"prompt": "rp_credit"}).context["form"]
    unknown = client.get(NEW, {"prompt": "rp_unknown"}).context["form"]
    without = client.get(NEW).context["form"]

    assert [form.question for form in (asked, unknown, without)] == [Prompt.CREDIT, None, None]
    assert re.findall(r'value="(\w*)"[^>]* checked', str(asked["prompt"])) == ["rp_credit"]
    assert re.findall(r'value="(\w*)"[^>]* checked', str(without["prompt"])) == [""]


def test_form_offers_every_question(client, me):
    page = client.get(NEW).text

    assert [code in page for code in Prompt.values] == [True] * len(CATALOGUE["reflection_prompts"])


def test_write_on_an_own_action(client, me):
    edit_term(me.agency, practice(), label_en="Tell it early")
    action = make_action(me, visibility="private")
    address = reverse("actions:reflection_on", args=[action.pk])

    page = client.get(address).text
    client.post(address, data())

    assert "Tell it early" in page
    assert (Reflection.objects.get().action, text()) == (action, TEXT)


@pytest.mark.parametrize("whose", ["a mate's", "a stranger's", "withdrawn", "nobody's"])
def test_write_on_any_other_action_is_not_found(client, me, bob, charlie, whose):
    pk = {
        "a mate's": lambda: make_action(bob).pk,
        "a stranger's": lambda: make_action(charlie).pk,
        "withdrawn": lambda: make_action(me, withdrawn_at=timezone.now()).pk,
        "nobody's": uuid4,
    }[whose]()
    address = reverse("actions:reflection_on", args=[pk])

    assert [client.get(address).status_code, client.post(address, data()).status_code] == [404, 404]
    assert Reflection.objects.count() == 0


def test_own_action_links_to_reflecting_on_it_and_others_do_not(client, me, bob):
    own, his = make_action(me), make_action(bob)

    pages = [client.get(reverse("actions:detail", args=[action.pk])).text for action in (own, his)]

    assert [reverse("actions:reflection_on", args=[own.pk]) in pages[0], "/reflect/" in pages[1]] == [True, False]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"text": ""}, "text"),
        ({"text": " \r\n "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "nul \0 byte"}, "text"),
        ({"prompt": "rp_unknown"}, "prompt"),
        ({"text": PHONE}, "text"),
        ({"text": NAME}, "text"),
    ],
)
def test_wrong_answers_store_nothing_and_lose_nothing(client, me, answers, wrong):
    response = client.post(NEW, data(**answers))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {wrong})
    assert response.context["form"]["text"].value() == data(**answers)["text"]
    assert Reflection.objects.count() == 0


def test_longest_text_counts_a_line_break_once(client, me):
    client.post(NEW, data(text="x\r\n" * 1999 + "xx"))

    assert text() == "x\n" * 1999 + "xx"


def test_a_name_that_points_to_no_person_is_confirmed_for_that_text_alone(client, me):
    asked = client.post(NEW, data(text=NAME))
    (seal,) = re.findall(r'name="points_to_no_person" value="(\w+)"', asked.text)

    other = client.post(NEW, data(text=f"{NAME} and Nowak", points_to_no_person=seal))
    same = client.post(NEW, data(text=NAME, points_to_no_person=seal))

    assert (other.status_code, same.status_code, text()) == (422, 302, NAME)


def test_a_number_is_refused_whatever_is_confirmed(client, me):
    confirmed = guard.Reading(PHONE, ()).seal

    assert client.post(NEW, data(text=PHONE, points_to_no_person=confirmed)).status_code == 422
    assert Reflection.objects.count() == 0


def test_a_hint_is_told_and_saved(client, me):
    response = client.post(NEW, data(text=HINT), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["success", "info"]
    assert text() == HINT


def test_another_language_keeps_what_is_typed_and_saves_nothing(client, me):
    address = f"{NEW}?prompt=rp_rest"
    typed = data(text="Half a thou", prompt="rp_credit", _language="fr")

    response = client.post(f"{reverse('teams:language')}?next={address}", typed, follow=True)

    form = response.context["form"]
    assert (response.status_code, form.is_bound, response.wsgi_request.get_full_path()) == (200, False, address)
    assert (form["text"].value(), form["prompt"].value()) == ("Half a thou", "rp_credit")
    assert 'lang="fr' in response.text
    assert Reflection.objects.count() == 0


# Reading ----------------------------------------------------------------------------------------------------------


def test_text_is_shown_as_it_was_typed_and_nothing_in_it_is_code(client, me):
    reflection = make_reflection(me, "One <b>bold</b> & plain.\n\nTwo\nlines. {{ user }}")

    page = client.get(of("reflection", reflection)).text

    assert "<p>One &lt;b&gt;bold&lt;/b&gt; &amp; plain.</p>\n\n<p>Two<br>lines. {{ user }}</p>" in page


@pytest.mark.parametrize("change", ["withdrawn", "given to another by an import"])
def test_action_is_named_while_it_stands_and_is_hers(client, me, bob, change):
    action = make_action(me)
    reflection = make_reflection(me, TEXT, action=action)

    standing = client.get(of("reflection", reflection)).text
    changes = {"withdrawn_at": timezone.now()} if change == "withdrawn" else {"author": bob}
    Action.objects.filter(pk=action.pk).update(**changes)
    later = client.get(of("reflection", reflection)).text

    address = reverse("actions:detail", args=[action.pk])
    assert [(address in page, "on “" in page) for page in (standing, later)] == [(True, True), (False, False)]


@pytest.mark.parametrize("verb", ["reflection", "reflection_edit", "reflection_delete"])
@pytest.mark.parametrize("reader", ["bob", "sana", "charlie", "admin", "lead", "analyst"])
def test_reflection_of_somebody_else_is_not_found(client, request, agency, alice, verb, reader):
    reflection = make_reflection(alice, TEXT)
    readers = {
        "admin": lambda: make_worker(agency, is_admin=True),
        "lead": lambda: make_worker(agency, is_equity_lead=True),
        "analyst": lambda: make_worker(None, is_analyst=True),
    }
    client.force_login(readers[reader]() if reader in readers else request.getfixturevalue(reader))

    answers = [client.get(of(verb, reflection)), client.post(of(verb, reflection), data(text="Not hers."))]

    assert [answer.status_code for answer in answers] == [404, 405 if verb == "reflection" else 404]
    assert text() == TEXT


# Editing ----------------------------------------------------------------------------------------------------------


def test_edit_begins_with_what_is_saved_and_saves(client, me):
    reflection = make_reflection(me, TEXT, prompt="rp_rest")

    form = client.get(of("reflection_edit", reflection)).context["form"]
    response = client.post(of("reflection_edit", reflection), data(text="Next time I ask.", prompt="rp_credit"))

    saved = Reflection.objects.get()
    assert [form[name].value() for name in ("text", "prompt", "version")] == [TEXT, "rp_rest", 1]
    assert (response.url, text()) == (of("reflection", reflection), "Next time I ask.")
    assert (saved.prompt, saved.version, saved.edited_at is None) == ("rp_credit", 2, False)


def test_edit_asks_no_second_time_about_what_was_confirmed(client, me):
    reflection = make_reflection(me, NAME)

    assert client.post(of("reflection_edit", reflection), data(text=NAME, prompt="rp_rest")).status_code == 302


def test_edit_on_two_devices_overwrites_nothing_unseen(client, me):
    reflection = make_reflection(me, TEXT)
    here = client.get(of("reflection_edit", reflection)).context["form"]["version"].value()
    client.post(of("reflection_edit", reflection), data(text="Typed over there.", version=here))

    conflict = client.post(of("reflection_edit", reflection), data(text="Typed here.", version=here))
    meanwhile = text()
    shown = re.findall(r'name="version" value="(\d+)"', conflict.text)
    again = client.post(of("reflection_edit", reflection), data(text="Typed here.", version=shown[0]))

    assert (conflict.status_code, conflict.context["saved"].text, meanwhile) == (409, *["Typed over there."] * 2)
    assert ("<p>Typed over there.</p>" in conflict.text, "Typed here.</textarea>" in conflict.text) == (True, True)
    assert (shown, again.url) == (["2"], of("reflection", reflection))
    assert (text(), Reflection.objects.get().version) == ("Typed here.", 3)


@pytest.mark.parametrize("version", ["", "0", "-1", "99999999999999999999"])
def test_edit_without_the_version_that_was_read_is_a_conflict(client, me, version):
    reflection = make_reflection(me, TEXT)

    response = client.post(of("reflection_edit", reflection), data(text="Typed here.", version=version))

    assert (response.status_code, text()) == (409, TEXT)


def test_edit_of_one_deleted_meanwhile_is_not_found(client, me, monkeypatch):
    reflection = make_reflection(me, TEXT)
    opened = reflections.opened
    monkeypatch.setattr(reflections, "opened", lambda row: (opened(row), Reflection.objects.all().delete())[0])

    assert client.post(of("reflection_edit", reflection), data(text="Typed here.")).status_code == 404


# What cannot be opened --------------------------------------------------------------------------------------------


@pytest.fixture
def shut(me):
    reflection = make_reflection(me, TEXT)
    flipped = bytearray(reflection.ciphertext)
    flipped[-1] ^= 1
    Reflection.objects.filter(pk=reflection.pk).update(ciphertext=bytes(flipped))
    return Reflection.objects.get(pk=reflection.pk)


CALM = "This reflection cannot be opened at the moment. Nothing was deleted."


@pytest.mark.parametrize("verb", ["reflection", "reflection_edit"])
def test_what_cannot_be_opened_is_said_calmly(client, shut, verb, caplog):
    response = client.get(of(verb, shut))

    assert (response.status_code, CALM in response.text, "<textarea" in response.text) == (200, True, False)
    assert f'href="{of("reflection_edit", shut)}"' not in response.text
    of_reflections = [record for record in caplog.records if record.name == "actions.reflections"]
    assert [str(shut.pk) in record.getMessage() for record in of_reflections] == [True]


def test_what_cannot_be_opened_is_not_written_over_and_what_was_typed_stays(client, shut):
    response = client.post(of("reflection_edit", shut), data(text="Typed here."))

    assert (response.status_code, CALM in response.text) == (409, True)
    assert re.search(r"<textarea[^>]* readonly>Typed here.</textarea>", response.text)
    assert list(Reflection.objects.values("ciphertext", "version")) == [{"ciphertext": shut.ciphertext, "version": 1}]


def test_what_cannot_be_opened_can_be_deleted(client, shut):
    page = client.get(of("reflection_delete", shut))
    client.post(of("reflection_delete", shut))

    assert (page.status_code, Reflection.objects.count()) == (200, 0)


def test_conflict_with_what_cannot_be_opened_keeps_what_was_typed(client, me, monkeypatch):
    reflection = make_reflection(me, TEXT)
    client.post(of("reflection_edit", reflection), data(text="Typed over there."))
    unseal, opened = sealing.unseal, []

    def once(*args, **kwargs):
        opened.append(1)
        if len(opened) > 1:
            raise sealing.Broken("it was changed")
        return unseal(*args, **kwargs)

    monkeypatch.setattr(sealing, "unseal", once)
    response = client.post(of("reflection_edit", reflection), data(text="Typed here.", version="1"))

    assert (response.status_code, response.context["saved"].text) == (409, None)
    assert "Typed here.</textarea>" in response.text


# Deleting ---------------------------------------------------------------------------------------------------------


def test_delete_asks_once_and_deletes(client, me):
    reflection, other = make_reflection(me, TEXT), make_reflection(me, "Another.")

    asked = client.get(of("reflection_delete", reflection))
    before = Reflection.objects.count()
    deleted = client.post(of("reflection_delete", reflection), follow=True)

    assert ("It is deleted at once, and that cannot be undone." in asked.text, TEXT in asked.text, before) == (
        True,
        True,
        2,
    )
    assert (deleted.redirect_chain, TEXT in deleted.text) == ([(MINE, 302)], False)
    assert list(Reflection.objects.all()) == [other]
    assert client.post(of("reflection_delete", reflection)).status_code == 404


# Home -------------------------------------------------------------------------------------------------------------


def test_home_asks_one_question_a_day_each_in_turn(client, me, time_machine):
    asked = []
    for day in range(1, 14):
        time_machine.move_to(f"2026-05-{day:02} 16:00Z")
        client.force_login(me)
        asked.append(client.get(reverse("actions:home")).context["question"])

    assert sorted(asked[:12]) == sorted(Prompt)
    assert asked[12] == asked[0]


def test_home_s_question_leads_to_writing_about_it(client, me):
    response = client.get(reverse("actions:home"))

    question = response.context["question"]
    assert f'href="{NEW}?prompt={question.value}"' in response.text
    assert f'<p class="question">{question.label}</p>' in response.text.replace("&#x27;", "'")


def test_home_asks_analysts_nothing(client, db):
    client.force_login(make_worker(None, is_analyst=True))

    assert "A question for today" not in client.get(reverse("actions:home")).text


def test_questions_are_in_both_languages(client, me):
    me.language = "fr"
    me.save()

    page = client.get(NEW, {"prompt": "rp_rest"}).text

    assert "De quoi ai-je besoin pour continuer" in page
