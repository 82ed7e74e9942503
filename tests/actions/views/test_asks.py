import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actions import asks
from actions.models import Action, Ask
from reports.models import Delivery
from teams.models import Role
from tests.factories import ask_data, make_action, make_ask, make_membership, make_team, make_worker

MINE, NEW, INBOX, HOME = (reverse(f"actions:{name}") for name in ("asks", "ask_new", "ask_inbox", "home"))
PHONE, NAME = "Called 416-555-0199", "Met with Kowalski today"


def of(verb, ask):
    return reverse(f"actions:ask_{verb}" if verb else "actions:ask", args=[ask.pk])


def of_team(team):
    return reverse("actions:team_asks", args=[team.pk])


@pytest.fixture
def lead(agency):
    return make_worker(agency, "Lea Lead", is_equity_lead=True)


@pytest.fixture
def deputy(team):
    return make_worker(team.agency, "Dee Deputy", teams=[team], role=Role.SUPERVISOR)


def supervisors_of(team):
    return f"supervisor:{team.pk}"


def said(response):
    return [str(message) for message in response.context["messages"]]


# Asking -----------------------------------------------------------------------------------------------------------


def test_form_says_for_each_choice_who_will_read_it(client, alice, sana, team, lead):
    client.force_login(alice)
    form = client.get(NEW).context["form"]
    later = "Once it is answered, the team, now and later, can read it without your name."

    assert [(str(label), str(form.fields["to"].widget.helps[code])) for code, label in form.fields["to"].choices] == [
        (
            "The supervisors of Intake",
            f"They can read it with your name. {later}",
        ),
        (
            "The equity lead, for myself",
            "Equity leads of the agency can read it with your name. Nobody else can, now or later.",
        ),
        (
            "The equity lead, for Intake",
            f"Equity leads of the agency can read it with your name. {later}",
        ),
    ]


def test_ask_is_saved_and_can_be_taken_back(client, alice, sana, team):
    client.force_login(alice)

    response = client.post(NEW, ask_data(supervisors_of(team), in_the_way="Meetings back to back."), follow=True)

    ask = Ask.objects.get()
    assert response.redirect_chain == [(MINE, 302)]
    assert (ask.asker, ask.agency, ask.team, ask.addressed_to, ask.state) == (
        alice,
        team.agency,
        team,
        "supervisor",
        "open",
    )
    assert (ask.barrier, ask.in_the_way, ask.need, ask.action) == (
        "time",
        "Meetings back to back.",
        "An hour to prepare.",
        None,
    )
    assert f'<form method="post" action="{of("withdraw", ask)}">' in response.text
    assert (Delivery.objects.count(), mail.outbox) == (0, [])


def test_ask_to_the_lead_for_oneself_has_no_team(client, alice, lead):
    client.force_login(alice)

    client.post(NEW, ask_data("equity_lead"))

    assert (Ask.objects.get().addressed_to, Ask.objects.get().team) == ("equity_lead", None)


def test_only_choice_is_preset(client, alice, sana, team):
    client.force_login(alice)

    assert client.get(NEW).context["form"]["to"].value() == supervisors_of(team)


def test_form_without_anybody_to_ask_says_so(client, alice):
    client.force_login(alice)
    page = client.get(NEW).text

    assert ("Nobody to ask at the moment" in page, "<textarea" in page) == (True, False)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"need": ""}, ["need"]),
        ({"need": "  "}, ["need"]),
        ({"need": "x" * 401}, ["need"]),
        ({"in_the_way": "x" * 401}, ["in_the_way"]),
        ({"barrier": ""}, ["barrier"]),
        ({"barrier": "people"}, ["barrier"]),
        ({"to": ""}, ["to"]),
        ({"need": PHONE}, ["need"]),
        ({"in_the_way": PHONE}, ["in_the_way"]),
        ({"in_the_way": NAME}, ["in_the_way"]),
        ({"in_the_way": NAME, "need": PHONE}, ["in_the_way", "need"]),
    ],
)
def test_wrong_answers_are_refused_and_stay_in_the_form(client, alice, sana, team, changes, wrong, caplog):
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), in_the_way="Meetings back to back.") | changes

    response = client.post(NEW, typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors), Ask.objects.count()) == (422, wrong, 0)
    assert {name: form[name].value() for name in typed} == typed
    assert ("416-555" in caplog.text, "Kowalski" in caplog.text) == (False, False)
    page = re.sub("(?s)<textarea.*?</textarea>|<mark>.*?</mark>", "", response.text)
    assert ("416-555" in page, "Kowalski" in page) == (False, False)


def test_form_takes_nobody_s_team_but_hers(client, alice, sana, lead, charlie, other_team, agency):
    another = make_team(agency)
    make_worker(agency, teams=[another], role=Role.SUPERVISOR)
    client.force_login(alice)
    codes = [f"{role}:{team.pk}" for role in ("supervisor", "equity_lead") for team in (another, other_team)]

    assert [client.post(NEW, ask_data(code)).status_code for code in codes] == [422] * 4
    assert Ask.objects.count() == 0


def key_of(client):
    return str(client.get(NEW).context["form"]["key"].value())


def test_same_form_sent_twice_is_one_ask(client, alice, sana, team):
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), key=key_of(client))

    answers = [client.post(NEW, typed) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, MINE)] * 2
    assert str(Ask.objects.get().pk) == typed["key"]


@pytest.mark.parametrize("taken_by", ["another text", "withdrawn", "another worker"])
def test_form_that_was_sent_before_says_so_and_can_be_sent_as_another(client, alice, bob, sana, team, taken_by):
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), key=key_of(client))
    first = make_ask(bob if taken_by == "another worker" else alice, pk=typed["key"])
    if taken_by == "withdrawn":
        asks.withdraw(first, by=alice, now=timezone.now())
    typed["need"] = "Two hours." if taken_by == "another text" else typed["need"]

    refused = client.post(NEW, typed)
    form = refused.context["form"]
    again = client.post(NEW, typed | {"key": form["key"].value()})

    assert (refused.status_code, list(form.errors), form["need"].value()) == (422, ["__all__"], typed["need"])
    assert "This form was sent before." in refused.text
    assert (again.status_code, Ask.objects.open().exclude(pk=first.pk).get().need) == (302, typed["need"])


@pytest.mark.parametrize("others", [True, False])
def test_membership_that_ended_while_the_form_was_open_costs_no_text(client, alice, sana, agency, team, others):
    if others:
        make_worker(agency, is_equity_lead=True)
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), in_the_way="Meetings back to back.", key=key_of(client))
    alice.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    response = client.post(NEW, typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors), Ask.objects.count()) == (422, ["to" if others else "__all__"], 0)
    assert list(form.targets) == (["equity_lead"] if others else [])
    assert [text in response.text for text in ("Meetings back to back.", "An hour to prepare.")] == [True, True]


def test_action_withdrawn_while_the_form_was_open_is_left_out_of_the_next_try(client, alice, sana, team):
    action = make_action(alice)
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), action=action.pk, key=key_of(client))
    Action.objects.update(withdrawn_at=timezone.now())

    form = client.post(NEW, typed).context["form"]
    again = client.post(NEW, {name: form[name].value() for name in typed})

    assert (list(form.errors), again.status_code, Ask.objects.get().action) == (["action"], 302, None)


@pytest.mark.parametrize("char", ["a", "é", "🌻", "\r\n"])
def test_texts_of_400_characters_are_taken_and_401_refused(client, alice, sana, team, char):
    client.force_login(alice)
    text = "a" + char * 398 + "a"

    longer = client.post(NEW, ask_data(supervisors_of(team), need=f"a{text}", in_the_way=f"a{text}"))
    client.post(NEW, ask_data(supervisors_of(team), need=text, in_the_way=text))
    ask = Ask.objects.get()
    client.force_login(sana)
    too_long = client.post(of("answer", ask), {"outcome": "answered", "answer": f"a{text}"})
    client.post(of("answer", ask), {"outcome": "answered", "answer": text})

    ask.refresh_from_db()
    assert list(longer.context["form"].errors) == ["in_the_way", "need"]
    assert list(too_long.context["form"].errors) == ["answer"]
    assert {len(each) for each in (ask.need, ask.in_the_way, ask.answer)} == {400}


def test_supervisor_cannot_ask_the_supervisors_of_whom_she_is_one(client, sana, deputy, team, lead):
    client.force_login(sana)

    assert client.post(NEW, ask_data(supervisors_of(team))).status_code == 422
    assert client.post(NEW, ask_data("equity_lead")).status_code == 302


def test_two_probable_names_pass_when_both_are_confirmed(client, alice, sana, team):
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), in_the_way=NAME, need="Ask Nowicki to help")
    seal = r'name="points_to_no_person" value="([^"]*)"'

    first = re.findall(seal, client.post(NEW, typed).text)
    one = client.post(NEW, typed | {"points_to_no_person": first[0]})
    both = re.findall(seal, one.text)
    response = client.post(NEW, typed | {"points_to_no_person": both})

    assert (one.status_code, len(first), set(first) == set(both)) == (422, 2, True)
    assert (response.status_code, Ask.objects.get().need) == (302, "Ask Nowicki to help")


def test_hints_are_told_after_saving(client, alice, sana, team):
    client.force_login(alice)

    response = client.post(NEW, ask_data(supervisors_of(team), need="Toys for a 4-year-old."), follow=True)

    assert said(response) == [
        "Sent. You will read here when it is answered.",
        "An age, together with a place or a community, can point to one child. Better: “a young child”.",
    ]


def test_language_changes_over_the_form_and_nothing_typed_is_lost(client, alice, sana, team):
    client.force_login(alice)
    typed = ask_data(supervisors_of(team), in_the_way=PHONE, _language="fr")

    moved = client.post(f"{reverse('teams:language')}?next={quote(NEW, safe='')}", typed)
    form = client.post(moved.url, typed).context["form"]

    assert (moved.status_code, form.is_bound, Ask.objects.count()) == (307, False, 0)
    assert {name: form[name].value() for name in ("barrier", "in_the_way", "need", "to")} == {
        name: typed[name] for name in ("barrier", "in_the_way", "need", "to")
    }


def test_ask_may_come_from_an_action_of_hers(client, alice, sana, team):
    action = make_action(alice, visibility="private")
    client.force_login(alice)
    form_page = client.get(NEW, {"action": action.pk}).text
    client.post(NEW, ask_data(supervisors_of(team), action=action.pk))

    assert ("About what you logged: Share information up front" in form_page, Ask.objects.get().action) == (
        True,
        action,
    )
    assert f"{NEW}?action={action.pk}" in client.get(reverse("actions:detail", args=[action.pk])).text


@pytest.mark.parametrize("whose", ["bob", "charlie", "withdrawn", "nonsense"])
def test_ask_comes_from_nobody_else_s_action(client, alice, bob, charlie, sana, team, whose):
    others = {
        "bob": make_action(bob).pk,
        "charlie": make_action(charlie).pk,
        "withdrawn": make_action(alice, withdrawn_at=timezone.now()).pk,
        "nonsense": "1' OR 1=1",
    }
    client.force_login(alice)

    page = client.get(NEW, {"action": others[whose]})
    response = client.post(NEW, ask_data(supervisors_of(team), action=others[whose]))

    assert (page.status_code, "About what you logged" in page.text) == (200, False)
    assert (response.status_code, list(response.context["form"].errors), Ask.objects.count()) == (422, ["action"], 0)


# Her own ----------------------------------------------------------------------------------------------------------


def test_own_list_has_what_waits_and_what_was_answered_and_by_which_role(client, alice, bob, sana, lead):
    now = timezone.localtime()
    young, old = (make_ask(alice, created_at=now - timedelta(days=days), need=f"{days}") for days in (2, 30))
    answered = make_ask(alice, answered_by=sana, answer="From Monday on.")
    declined = make_ask(
        alice,
        addressed_to="equity_lead",
        team=None,
        answered_by=lead,
        state="declined",
        answer="No post for it.",
        answered_at=now - timedelta(days=1),
    )
    make_ask(alice, state="withdrawn", withdrawn_at=now)
    make_ask(bob)
    client.force_login(alice)

    response = client.get(MINE)

    assert (list(response.context["open"]), list(response.context["page"])) == ([old, young], [answered, declined])
    text = " ".join(re.sub("<[^>]+>", " ", response.text).split())
    for sentence in (
        "waiting for 30 days · To the supervisors of Intake",
        "waiting for 2 days",
        "Answered by a supervisor of Intake An hour to prepare. Answer: From Monday on.",
        "Declined by the equity lead An hour to prepare. Reason: No post for it.",
    ):
        assert sentence in text
    assert ("Sana" in text, "Lea" in text) == (False, False)


def test_own_list_begins_with_examples(client, alice, sana, bob):
    make_ask(bob)
    client.force_login(alice)
    page = client.get(MINE).text

    assert ("No asks yet" in page, page.count("<li>a ") + page.count("<li>an ")) == (True, 3)


def news(client):
    return list(client.get(HOME).context["answers"])


@pytest.mark.parametrize("state", ["answered", "declined"])
def test_asker_hears_of_the_answer_on_home_for_four_weeks(client, alice, sana, state, time_machine):
    ask = make_ask(alice, answered_by=sana, state=state)
    make_ask(alice)
    client.force_login(alice)
    first = client.get(HOME)
    time_machine.move_to(ask.answered_at + timedelta(days=28))
    client.force_login(alice)

    assert ("Your ask was answered" in first.text, list(first.context["answers"])) == (True, [ask])
    assert news(client) == []


def test_reading_of_others_leaves_the_news_to_the_asker(client, alice, bob, sana):
    ask = make_ask(alice, answered_by=sana)
    for reader in (bob, sana):
        client.force_login(reader)
        assert (client.get(of("", ask)).status_code, news(client)) == (200, [])

    client.force_login(alice)
    assert news(client) == [ask]


def test_withdraw_and_restore(client, alice, sana):
    ask = make_ask(alice, need="canary need")
    client.force_login(alice)

    gone = client.post(of("withdraw", ask), follow=True)
    hidden = client.get(of("", ask)).status_code
    back = client.post(of("restore", ask), follow=True)

    assert f'<form method="post" action="{of("restore", ask)}">' in gone.text
    assert (gone.redirect_chain, hidden, back.redirect_chain) == ([(MINE, 302)], 404, [(of("", ask), 302)])
    assert ("canary need" in gone.text, "canary need" in back.text) == (False, True)


def test_second_click_on_taking_back_and_on_undo_tells_of_no_failure(client, alice):
    ask = make_ask(alice)
    client.force_login(alice)
    answers = [client.post(of(verb, ask)) for verb in ("withdraw", "withdraw", "restore", "restore")]

    assert [answer.url for answer in answers] == [MINE, MINE, of("", ask), of("", ask)]
    assert Ask.objects.get().state == "open"


def test_restore_is_for_ten_minutes(client, alice):
    ask = make_ask(alice, state="withdrawn", withdrawn_at=timezone.now() - timedelta(minutes=10))
    client.force_login(alice)

    assert client.post(of("restore", ask)).status_code == 404


def test_answered_ask_is_not_taken_back(client, alice, sana):
    ask = make_ask(alice, answered_by=sana)
    client.force_login(alice)

    response = client.post(of("withdraw", ask), follow=True)

    assert (response.redirect_chain, said(response)) == ([(of("", ask), 302)], ["It has been answered already."])
    assert Ask.objects.get().state == "answered"


def test_asker_learns_that_nobody_can_answer(client, alice, sana):
    ask = make_ask(alice)
    client.force_login(alice)
    before = client.get(of("", ask)).text
    sana.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    after = client.get(of("", ask)).text
    assert ["Nobody holds the role" in page for page in (before, after)] == [False, True]


# Reading ----------------------------------------------------------------------------------------------------------


def test_page_names_who_asked_to_who_answers_alone(client, alice, bob, sana, deputy):
    ask = make_ask(alice, in_the_way="canary in the way")
    pages = {}
    for reader in (alice, sana, deputy):
        client.force_login(reader)
        pages[reader.name] = client.get(of("", ask)).text
    asks.answer(ask, text="From Monday on.", by=sana, now=timezone.now())
    for reader in (bob, sana, deputy):
        client.force_login(reader)
        pages[f"{reader.name}, answered"] = client.get(of("", ask)).text

    shown = {who: "Alice" in page.split("<main")[1] for who, page in pages.items()}
    assert all("canary in the way" in page for page in pages.values())
    assert shown == {
        "Alice Member": False,  # "Asked by me"
        "Sana Supervisor": True,
        "Dee Deputy": True,
        "Bob Mate, answered": False,
        "Sana Supervisor, answered": True,
        "Dee Deputy, answered": False,
    }


@pytest.mark.parametrize("visibility", ["shared", "counted", "private"])
def test_action_is_linked_for_who_reads_it_and_knows_who_asked(client, alice, bob, sana, deputy, visibility):
    action = make_action(alice, visibility=visibility)
    ask = make_ask(alice, action=action)
    link = reverse("actions:detail", args=[action.pk])
    shown = {}
    for reader in (alice, sana):
        client.force_login(reader)
        shown[reader.name] = link in client.get(of("", ask)).text
    client.force_login(sana)
    shown["form"] = link in client.get(of("answer", ask)).text
    asks.answer(ask, text="From Monday on.", by=sana, now=timezone.now())
    for reader in (bob, deputy):
        client.force_login(reader)
        shown[reader.name] = link in client.get(of("", ask)).text

    is_shared = visibility == "shared"
    assert shown == {
        "Alice Member": True,
        "Sana Supervisor": is_shared,
        "form": is_shared,
        "Bob Mate": False,
        "Dee Deputy": False,
    }


def test_texts_are_shown_as_text(client, alice, sana):
    ask = make_ask(alice, need="<b>need</b>", in_the_way="<b>way</b>", answered_by=sana, answer="<b>answer</b>")
    client.force_login(alice)

    for address in (of("", ask), MINE):
        page = client.get(address).text
        assert ("<b>" in page, "&lt;b&gt;answer&lt;/b&gt;" in page) == (False, True)


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("bob", ["open", "answer", "inbox"]),
        ("admin", ["open", "answered", "answer", "team", "inbox"]),
        ("lead", ["open", "answered", "answer", "team"]),
        ("director", ["open", "answered", "answer", "team", "inbox"]),
        ("ex-supervisor", ["open", "answered", "answer", "team", "inbox"]),
        ("analyst", ["open", "answered", "answer", "team", "inbox", "mine", "new"]),
        ("charlie", ["open", "answered", "answer", "team", "inbox"]),
        ("sana", ["inbox", "lead's", "answer lead's"]),
    ],
)
def test_what_is_not_hers_is_not_found(client, request, alice, sana, team, lead, who, addresses):
    agency = team.agency
    open_, settled = make_ask(alice, need="canary open"), make_ask(alice, need="canary told", answered_by=sana)
    leads = make_ask(alice, need="canary lead", addressed_to="equity_lead")
    gone = make_worker(agency, teams=[team], role=Role.SUPERVISOR)
    gone.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    others = {
        "lead": lead,
        "admin": make_worker(agency, is_admin=True),
        "director": make_worker(agency, teams=[make_team(agency)], role=Role.SUPERVISOR),
        "ex-supervisor": gone,
        "analyst": make_worker(None, is_analyst=True),
    }
    pages = {
        "open": of("", open_),
        "answered": of("", settled),
        "answer": of("answer", open_),
        "lead's": of("", leads),
        "answer lead's": of("answer", leads),
        "team": of_team(team),
        "inbox": INBOX,
        "mine": MINE,
        "new": NEW,
    }
    client.force_login(others.get(who) or request.getfixturevalue(who))

    answers = {name: client.get(pages[name]) for name in addresses}
    posted = client.post(pages["answer"], {"outcome": "answered", "answer": "Mine."}) if "answer" in addresses else None

    assert {name: response.status_code for name, response in answers.items()} == dict.fromkeys(addresses, 404)
    assert not any("canary" in response.text for response in answers.values())
    assert posted is None or posted.status_code == 404
    assert Ask.objects.get(pk=open_.pk).state == "open"


# Answering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["answered", "declined"])
def test_supervisor_answers(client, alice, sana, outcome):
    ask = make_ask(alice)
    client.force_login(sana)

    response = client.post(of("answer", ask), {"outcome": outcome, "answer": "From Monday on."}, follow=True)

    saved = Ask.objects.get()
    assert response.redirect_chain == [(of("", ask), 302)]
    assert (saved.state, saved.answer, saved.answered_by) == (outcome, "From Monday on.", sana)
    assert said(response) == ["Sent. The one who asked will be told."]
    assert (Delivery.objects.count(), mail.outbox) == (0, [])


def test_lead_answers_what_is_put_to_her(client, alice, lead):
    ask = make_ask(alice, addressed_to="equity_lead", team=None)
    client.force_login(lead)

    client.post(of("answer", ask), {"outcome": "answered", "answer": "Yes."})

    assert (Ask.objects.get().state, Ask.objects.get().answered_by) == ("answered", lead)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, ["outcome", "answer"]),
        ({"outcome": "answered", "answer": ""}, ["answer"]),
        ({"outcome": "declined", "answer": " "}, ["answer"]),
        ({"outcome": "open", "answer": "Later."}, ["outcome"]),
        ({"outcome": "answered", "answer": "x" * 401}, ["answer"]),
        ({"outcome": "answered", "answer": PHONE}, ["answer"]),
        ({"outcome": "answered", "answer": NAME}, ["answer"]),
    ],
)
def test_answer_that_is_wrong_is_refused_and_stays_in_the_form(client, alice, sana, typed, wrong):
    ask = make_ask(alice, need="canary need")
    client.force_login(sana)

    response = client.post(of("answer", ask), typed)

    form = response.context["form"]
    assert (response.status_code, list(form.errors), Ask.objects.get().state) == (422, wrong, "open")
    assert {name: form[name].value() for name in typed} == typed
    assert "canary need" in response.text


def test_same_answer_sent_twice_is_one_answer(client, alice, sana):
    ask = make_ask(alice)
    client.force_login(sana)
    answers = [client.post(of("answer", ask), {"outcome": "answered", "answer": "Yes."}) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, of("", ask))] * 2


def test_role_that_ended_between_look_and_lock_is_not_found(client, alice, sana, monkeypatch):
    ask = make_ask(alice)
    settle = asks._settle

    def too_late(late, state, **words):
        sana.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
        return settle(late, state, **words)

    monkeypatch.setattr(asks, "_settle", too_late)
    client.force_login(sana)

    assert client.post(of("answer", ask), {"outcome": "answered", "answer": "Yes."}).status_code == 404
    assert Ask.objects.get().state == "open"


def test_second_answer_reads_the_first_and_keeps_her_own_text(client, alice, sana, deputy):
    ask = make_ask(alice)
    client.force_login(deputy)
    client.get(of("answer", ask))
    asks.answer(ask, text="First, from Monday on.", by=sana, now=timezone.now())

    response = client.post(of("answer", ask), {"outcome": "declined", "answer": "Second, no."})

    assert (response.status_code, Ask.objects.get().answer) == (409, "First, from Monday on.")
    assert ("First, from Monday on." in response.text, "Second, no." in response.text) == (True, True)
    assert "Alice" not in response.text


def test_answer_between_look_and_lock_is_a_409_too(client, alice, sana, deputy, monkeypatch):
    ask = make_ask(alice)
    settle = asks._settle

    def overtaken(late, state, *, by, **words):
        settle(late, "answered", text="First, from Monday on.", by=sana, now=timezone.now())
        return settle(late, state, by=by, **words)

    monkeypatch.setattr(asks, "_settle", overtaken)
    client.force_login(deputy)

    response = client.post(of("answer", ask), {"outcome": "declined", "answer": "Second, no."})

    assert (response.status_code, Ask.objects.get().answer) == (409, "First, from Monday on.")
    assert ("First, from Monday on." in response.text, "Second, no." in response.text) == (True, True)


def test_late_answer_without_words_reads_the_first_too(client, alice, sana, deputy):
    ask = make_ask(alice, answered_by=sana)
    client.force_login(deputy)

    assert client.post(of("answer", ask), {}).status_code == 409


def test_answer_to_what_was_taken_back_keeps_her_text_and_shows_nothing(client, alice, sana):
    ask = make_ask(alice, need="canary need", state="withdrawn", withdrawn_at=timezone.now())
    client.force_login(sana)

    response = client.post(of("answer", ask), {"outcome": "answered", "answer": "From Monday on."})

    assert (response.status_code, Ask.objects.get().state) == (409, "withdrawn")
    assert ("From Monday on." in response.text, "canary need" in response.text, "Alice" in response.text) == (
        True,
        False,
        False,
    )


def test_form_of_a_settled_ask_leads_to_its_answer(client, alice, sana):
    ask = make_ask(alice, answered_by=sana)
    client.force_login(sana)

    assert client.get(of("answer", ask)).url == of("", ask)


# The team's tab ---------------------------------------------------------------------------------------------------


@pytest.fixture
def of_all_kinds(alice, bob, sana, lead):
    now = timezone.localtime()
    to_lead = {"addressed_to": "equity_lead"}
    return {
        "young": make_ask(alice, created_at=now - timedelta(days=1), need="canary open"),
        "old": make_ask(bob, created_at=now - timedelta(days=40), need="canary open", barrier="money"),
        "lead open": make_ask(alice, need="canary open", **to_lead),
        "answered": make_ask(alice, answered_by=sana, answered_at=now - timedelta(days=2)),
        "lead answered": make_ask(bob, answered_by=lead, answered_at=now - timedelta(days=1), **to_lead),
        "declined": make_ask(alice, answered_by=sana, state="declined", need="canary declined", barrier="money"),
        "lead alone": make_ask(alice, answered_by=lead, need="canary alone", **to_lead | {"team": None}),
        "withdrawn": make_ask(alice, state="withdrawn", withdrawn_at=now, need="canary withdrawn"),
    }


def listed(response, kinds):
    names = {ask.pk: kind for kind, ask in kinds.items()}
    return [[names[ask.pk] for ask in response.context[part]] for part in ("open", "page")]


def test_team_reads_what_was_answered_newest_first_and_no_name(client, bob, team, of_all_kinds):
    client.force_login(bob)
    response = client.get(of_team(team))

    assert listed(response, of_all_kinds) == [[], ["lead answered", "answered"]]
    assert ("Alice" in response.text, "canary" in response.text) == (False, False)


def test_supervisor_reads_what_waits_for_her_longest_first_with_names(client, sana, team, of_all_kinds):
    client.force_login(sana)
    response = client.get(of_team(team))

    assert listed(response, of_all_kinds) == [["old", "young"], ["declined", "lead answered", "answered"]]
    text = " ".join(re.sub("<[^>]+>", " ", response.text).split())
    assert "waiting for 40 days · To the supervisors of Intake · Bob Mate" in text
    assert "waiting for 1 day · To the supervisors of Intake · Alice Member" in text
    assert [of("answer", of_all_kinds[kind]) in response.text for kind in ("old", "young", "answered")] == [
        True,
        True,
        False,
    ]
    assert "canary alone" not in response.text


def test_team_s_asks_can_be_narrowed_by_what_got_in_the_way_and_by_nobody(client, sana, bob, team, of_all_kinds):
    client.force_login(sana)
    money = client.get(of_team(team), {"barrier": "money", "asker": bob.pk, "answered_by": bob.pk})
    nothing = client.get(of_team(team), {"barrier": "safety"})
    wrong = client.get(of_team(team), {"barrier": "people"})

    assert listed(money, of_all_kinds) == [["old"], ["declined"]]
    assert [chip.label for chip in money.context["chips"]] == ["What got in the way: Too little money"]
    assert (listed(nothing, of_all_kinds), "Nothing matches" in nothing.text) == ([[], []], True)
    assert (wrong.status_code, listed(wrong, of_all_kinds)) == (422, [[], []])


def test_team_s_tab_begins_with_examples(client, bob, team):
    client.force_login(bob)
    page = client.get(of_team(team)).text

    assert ("Nothing answered yet" in page, "Waiting for the supervisors" in page) == (True, False)


def test_team_s_answers_are_paged(client, bob, alice, sana, team):
    for _ in range(26):
        make_ask(alice, answered_by=sana)
    client.force_login(bob)

    pages = [client.get(of_team(team), {"page": page}).context["page"] for page in (1, 2)]
    assert [len(page) for page in pages] == [25, 1]


# The lead's page --------------------------------------------------------------------------------------------------


def test_lead_reads_what_is_put_to_the_leads_with_its_age(client, lead, alice, charlie, of_all_kinds):
    oldest = make_ask(
        alice,
        addressed_to="equity_lead",
        team=None,
        created_at=timezone.localtime() - timedelta(days=29),
        need="oldest",
    )
    make_ask(charlie, addressed_to="equity_lead", need="canary theirs")
    make_ask(lead, addressed_to="equity_lead", team=None, need="canary own")
    client.force_login(lead)

    response = client.get(INBOX)

    kinds = of_all_kinds | {"oldest": oldest}
    assert listed(response, kinds) == [["oldest", "lead open"], ["lead alone", "lead answered"]]
    assert response.context["ages"] == asks.Ages(1, 0, 1)
    assert response.context["supervisors"] == asks.Ages(1, 0, 1)
    assert "waiting for 29 days" in response.text
    for text in ("canary theirs", "canary own", "canary declined", "canary withdrawn"):
        assert text not in response.text


def test_ages_count_all_that_waits_whatever_the_filter(client, lead, alice, of_all_kinds):
    client.force_login(lead)
    response = client.get(INBOX, {"barrier": "safety"})

    assert (response.context["ages"].total, listed(response, of_all_kinds)) == (1, [[], []])


def test_second_lead_reads_the_names_of_open_ones_only(client, agency, alice, of_all_kinds):
    client.force_login(make_worker(agency, is_equity_lead=True))
    response = client.get(INBOX)

    names = {ask.pk: ask.asker_name for part in ("open", "page") for ask in response.context[part]}
    assert names == {
        of_all_kinds["lead open"].pk: "Alice Member",
        of_all_kinds["lead answered"].pk: "",
        of_all_kinds["lead alone"].pk: "",
    }


def test_lead_s_page_begins_with_examples(client, lead):
    client.force_login(lead)

    assert "Nobody has asked you yet" in client.get(INBOX).text


# Ways there -------------------------------------------------------------------------------------------------------


def test_home_lists_what_waits_for_those_who_answer(client, alice, sana, deputy, lead, bob):
    now = timezone.localtime()
    young, old = (make_ask(alice, created_at=now - timedelta(days=days)) for days in (1, 9))
    to_lead = make_ask(alice, addressed_to="equity_lead", team=None)
    waiting, links = {}, {}
    for reader in (alice, bob, sana, deputy, lead):
        client.force_login(reader)
        response = client.get(HOME)
        waiting[reader.name] = list(response.context["waiting"])
        links[reader.name] = f'href="{INBOX}"' in response.text

    assert waiting == {
        "Alice Member": [],
        "Bob Mate": [],
        "Sana Supervisor": [old, young],
        "Dee Deputy": [old, young],
        "Lea Lead": [to_lead],
    }
    assert links == {name: name == "Lea Lead" for name in links}


def test_pages_of_the_asker_are_linked(client, alice, team):
    client.force_login(alice)
    linked = {
        address: [f'href="{target}"' in client.get(address).text for target in (MINE, NEW, of_team(team))]
        for address in (HOME, reverse("actions:record"), reverse("actions:feed", args=[team.pk]))
    }

    assert list(linked.values()) == [[True, True, False], [True, False, False], [False, False, True]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_has_one_heading_its_title_and_no_inline_script(client, alice, sana, lead, team, language):
    for reader in (alice, sana, lead):
        reader.language = language
        reader.save()
    open_, told = make_ask(alice), make_ask(alice, answered_by=sana)
    pages = [
        (alice, [HOME, MINE, NEW, of("", open_), of("", told), of_team(team)]),
        (sana, [HOME, of("", open_), of("answer", open_), of_team(team)]),
        (lead, [HOME, INBOX]),
    ]
    found = {}
    for reader, addresses in pages:
        client.force_login(reader)
        for address in addresses:
            page = client.get(address).text
            found[reader.name, address] = (
                page.count("<h1"),
                bool(re.search(r"<title>\s*\S.* - Allyship</title>", page)),
                f'<html lang="{language}-ca">' in page,
                bool(re.search(r"<script(?![^>]* src=)|<style|style=|onclick=", page)),
            )

    assert set(found.values()) == {(1, True, True, False)}


# Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(
    ("place", "who", "queries"),
    [("mine", "alice", 7), ("team", "bob", 9), ("team", "sana", 9), ("inbox", "lead", 9)],
)
def test_lists_run_as_many_queries_for_three_as_for_one(
    client, request, alice, sana, team, lead, n, place, who, queries, django_assert_num_queries
):
    for _ in range(n):
        make_ask(alice)
        make_ask(alice, answered_by=sana)
        make_ask(alice, addressed_to="equity_lead")
        make_ask(alice, addressed_to="equity_lead", answered_by=lead)
    client.force_login(request.getfixturevalue(who))

    with django_assert_num_queries(queries):
        response = client.get({"mine": MINE, "team": of_team(team), "inbox": INBOX}[place])

    assert len(response.context["page"]) == (n if place == "inbox" else 2 * n)


@pytest.mark.parametrize("n", [1, 3])
def test_new_form_runs_seven_queries(client, alice, sana, team, lead, n, django_assert_num_queries):
    for _ in range(n - 1):
        other = make_team(alice.agency)
        make_membership(alice, other)
        make_membership(sana, other, Role.SUPERVISOR)
    client.force_login(alice)

    with django_assert_num_queries(7):
        response = client.get(NEW)

    assert len(response.context["form"].targets) == 2 * n + 1


@pytest.mark.parametrize(("verb", "queries"), [("", 5), ("answer", 5)])
def test_one_ask_is_read_in_a_few_queries(client, alice, sana, verb, queries, django_assert_num_queries):
    ask = make_ask(alice)
    client.force_login(sana)

    with django_assert_num_queries(queries):
        client.get(of(verb, ask))
