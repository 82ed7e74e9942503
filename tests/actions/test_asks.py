import threading
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions import asks
from actions.models import Action, Ask
from actions.once import KeyTaken
from teams.models import Role
from tests.factories import make_action, make_agency, make_ask, make_membership, make_team, make_worker
from tests.statements import refused_by

NOW = datetime(2026, 5, 10, 16, 0, tzinfo=UTC)
YESTERDAY, TOMORROW = date(2026, 5, 9), date(2026, 5, 11)


@pytest.fixture
def lead(agency):
    return make_worker(agency, "Lea Lead", is_equity_lead=True)


# What the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("team_id = NULL", "ask_of_supervisors_has_team"),
        ("need = ''", "ask_need_not_empty"),
        ("state = 'answered'", "ask_answered_has_answer"),
        ("state = 'declined'", "ask_answered_has_answer"),
        ("state = 'declined', answered_by_id = %(sana)s, answered_at = now()", "ask_answered_has_answer"),
        ("state = 'answered', answer = 'Yes.', answered_at = now()", "ask_answered_has_answer"),
        ("state = 'answered', answer = 'Yes.', answered_by_id = %(sana)s", "ask_answered_has_answer"),
        ("answer = 'Yes.', answered_by_id = %(sana)s, answered_at = now()", "ask_answered_has_answer"),
        ("answer = 'Yes.'", "ask_answered_has_answer"),
        (
            "state = 'answered', answer = 'Yes.', answered_at = now(), answered_by_id = asker_id",
            "ask_not_answered_by_asker",
        ),
        ("state = 'withdrawn'", "ask_withdrawn_has_time"),
        ("withdrawn_at = now()", "ask_withdrawn_has_time"),
        ("state = 'forgotten'", "ask_state_known"),
        ("barrier = 'people'", "ask_barrier_known"),
        ("addressed_to = 'admin'", "ask_addressed_to_known"),
        ("asker_id = %(charlie)s", "ask_asker_same_agency"),
        ("team_id = %(other_team)s", "ask_team_same_agency"),
        ("action_id = %(other_action)s", "ask_action_same_agency"),
        (
            "state = 'answered', answer = 'Yes.', answered_at = now(), answered_by_id = %(charlie)s",
            "ask_answered_by_same_agency",
        ),
    ],
)
def test_ask_that_cannot_be_is_refused(alice, sana, charlie, other_team, change, refusal):
    ask = make_ask(alice)
    rows = {"sana": sana, "charlie": charlie, "other_team": other_team, "other_action": make_action(charlie)}
    change %= {name: f"'{row.pk}'" for name, row in rows.items()}

    assert refused_by(f"UPDATE actions_ask SET {change} WHERE id = %s", ask.pk) == refusal


def test_ask_stands_without_the_action_that_it_came_from(alice):
    ask = make_ask(alice, action=make_action(alice))
    Action.objects.all().delete()

    assert Ask.objects.values_list("pk", "action").get() == (ask.pk, None)


# Who reads what ---------------------------------------------------------------------------------------------------

OF_SUPERVISORS = {"open", "answered", "declined"}
OF_LEADS = {"lead open", "lead open alone", "lead answered", "lead answered alone", "lead declined"}
TOLD_TO_TEAM = {"answered", "lead answered"}

READERS = {
    # who: (what she reads, of what she reads the name of who asked)
    "alice": (OF_SUPERVISORS | OF_LEADS, set()),
    "bob": (TOLD_TO_TEAM, set()),
    "newcomer": (TOLD_TO_TEAM, set()),
    "sana": (OF_SUPERVISORS | TOLD_TO_TEAM, OF_SUPERVISORS),
    "deputy": (OF_SUPERVISORS | TOLD_TO_TEAM, {"open"}),
    "lead": (OF_LEADS, OF_LEADS),
    "second lead": (OF_LEADS, {"lead open", "lead open alone"}),
    "lead in the team": (OF_LEADS | TOLD_TO_TEAM, {"lead open", "lead open alone"}),
    "admin": (set(), set()),
    "director": (set(), set()),
    "ex-supervisor": (set(), set()),
    "supervisor to be": (set(), set()),
    "ex-supervisor, now a member": (TOLD_TO_TEAM, set()),
    "moved away": (set(), set()),
    "ex-lead": (set(), set()),
    "analyst": (set(), set()),
    "charlie": (set(), set()),
    "their lead": (set(), set()),
    "their supervisor": (set(), set()),
}


@pytest.fixture
def asked(alice, sana, lead):
    """One ask of every state, and by whom it was answered."""
    to_lead = {"addressed_to": "equity_lead"}
    alone = to_lead | {"team": None}
    return {
        "open": make_ask(alice),
        "answered": make_ask(alice, answered_by=sana),
        "declined": make_ask(alice, answered_by=sana, state="declined"),
        "withdrawn": make_ask(alice, state="withdrawn", withdrawn_at=timezone.now()),
        "lead open": make_ask(alice, **to_lead),
        "lead open alone": make_ask(alice, **alone),
        "lead answered": make_ask(alice, answered_by=lead, **to_lead),
        "lead answered alone": make_ask(alice, answered_by=lead, **alone),
        "lead declined": make_ask(alice, answered_by=lead, state="declined", **to_lead),
        "lead withdrawn": make_ask(alice, state="withdrawn", withdrawn_at=timezone.now(), **to_lead),
    }


@pytest.fixture
def readers(team, alice, bob, sana, lead, charlie, other_team):
    agency, supervisor = team.agency, {"teams": [team], "role": Role.SUPERVISOR}
    people = {
        "alice": alice,
        "bob": bob,
        "sana": sana,
        "deputy": make_worker(agency, **supervisor),
        "lead": lead,
        "second lead": make_worker(agency, is_equity_lead=True),
        "lead in the team": make_worker(agency, is_equity_lead=True, teams=[team]),
        "admin": make_worker(agency, is_admin=True),
        "director": make_worker(agency, teams=[make_team(agency)], role=Role.SUPERVISOR),
        "ex-lead": make_worker(agency),
        "analyst": make_worker(None, is_analyst=True),
        "charlie": charlie,
        "their lead": make_worker(other_team.agency, is_equity_lead=True),
        "their supervisor": make_worker(other_team.agency, teams=[other_team], role=Role.SUPERVISOR),
    }
    today = timezone.localdate()
    day = timedelta(days=1)
    spells = {
        "newcomer": [(Role.MEMBER, today, None)],
        "ex-supervisor": [(Role.SUPERVISOR, date(2024, 1, 1), today - day)],
        "supervisor to be": [(Role.SUPERVISOR, today + day, None)],
        "ex-supervisor, now a member": [
            (Role.SUPERVISOR, date(2024, 1, 1), today - day),
            (Role.MEMBER, today, None),
        ],
        "moved away": [(Role.MEMBER, date(2024, 1, 1), today - day)],
    }
    for who, held in spells.items():
        people[who] = make_worker(agency)
        for role, starts_on, ends_on in held:
            make_membership(people[who], team, role, starts_on, ends_on)
    make_membership(people["moved away"], make_team(agency))
    return people


@pytest.mark.parametrize("who", READERS)
def test_visible_to_and_names_are_as_the_table_says(asked, readers, who):
    reader = readers[who]
    kinds = {ask.pk: kind for kind, ask in asked.items()}
    seen = Ask.objects.visible_to(reader).for_list(reader)
    unscoped = Ask.objects.for_list(reader)

    reads, names = READERS[who]
    assert {kinds[ask.pk] for ask in seen} == reads
    assert {kinds[ask.pk] for ask in seen if ask.asker_name} == names
    assert {kinds[ask.pk] for ask in unscoped if ask.asker_name} <= names
    assert {ask.asker_name for ask in seen} <= {"", "Alice Member"}
    assert {kinds[ask.pk] for ask in seen if ask.is_mine} == (reads if who == "alice" else set())


def test_name_is_shown_to_who_answered_only_as_long_as_she_holds_the_role(alice, sana):
    ask = make_ask(alice, answered_by=sana)
    before = Ask.objects.for_list(sana).get().asker_name
    sana.memberships.update(role=Role.MEMBER)

    assert (before, Ask.objects.for_list(sana).get().asker_name) == ("Alice Member", "")
    assert list(Ask.objects.visible_to(sana)) == [ask]


@pytest.mark.parametrize(
    ("who", "declined"),
    [
        ("bob", set()),
        ("alice", set()),
        ("sana", {"declined"}),
        ("deputy", {"declined"}),
        ("lead in the team", {"lead declined"}),
    ],
)
def test_team_is_told_what_was_answered_and_who_was_asked_what_was_declined(asked, readers, team, who, declined):
    kinds = {ask.pk: kind for kind, ask in asked.items()}

    told = Ask.objects.told_to(team, reader=readers[who])

    assert {kinds[ask.pk] for ask in told} == TOLD_TO_TEAM | declined


def test_moved_worker_keeps_her_own_and_her_old_supervisors_answer(alice, bob, sana, team):
    open_, answered = make_ask(alice), make_ask(alice, answered_by=sana)
    alice.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    new_team = make_team(alice.agency)
    make_membership(alice, new_team, starts_on=timezone.localdate())
    new_boss = make_worker(alice.agency, teams=[new_team], role=Role.SUPERVISOR)

    assert set(Ask.objects.visible_to(alice)) == {open_, answered}
    assert list(Ask.objects.open().put_to(sana)) == [open_]
    assert list(Ask.objects.visible_to(new_boss)) == []
    assert list(Ask.objects.visible_to(bob)) == [answered]


def test_own_ask_is_never_put_to_the_one_who_asked(alice, team, lead):
    of_supervisors = make_ask(alice)
    alice.memberships.update(role=Role.SUPERVISOR)
    of_leads = make_ask(lead, addressed_to="equity_lead", team=None)

    assert (list(Ask.objects.put_to(alice)), list(Ask.objects.put_to(lead))) == ([], [])
    for ask, who in ((of_supervisors, alice), (of_leads, lead)):
        with pytest.raises(Ask.DoesNotExist):
            asks.answer(ask, text="Yes, to myself.", by=who, now=NOW)


def test_roles_end_with_their_day_on_the_agency_s_calendar(alice, sana, time_machine):
    make_ask(alice)
    sana.memberships.update(ends_on=date(2026, 5, 10))
    time_machine.move_to("2026-05-11 03:30Z")  # half past eleven at night in Toronto

    with timezone.override("America/Toronto"):
        assert Ask.objects.put_to(sana).count() == 1
    with timezone.override("UTC"):
        assert Ask.objects.put_to(sana).count() == 0


# Whom one may ask -------------------------------------------------------------------------------------------------


def codes(worker):
    return [target.code for target in asks.targets(worker)]


def test_targets_are_supervisors_of_her_teams_and_the_lead(alice, sana, team, lead):
    other = make_team(alice.agency, "Outreach")
    make_membership(alice, other)  # which nobody supervises

    assert codes(alice) == [
        f"supervisor:{team.pk}",
        "equity_lead",
        f"equity_lead:{team.pk}",
        f"equity_lead:{other.pk}",
    ]


def test_supervisor_asks_the_lead_or_the_supervisors_of_a_team_where_she_is_a_member(sana, team, lead):
    make_worker(team.agency, teams=[team], role=Role.SUPERVISOR)
    above = make_team(team.agency, "Management")
    make_membership(sana, above)
    make_worker(team.agency, teams=[above], role=Role.SUPERVISOR)

    assert codes(sana) == [
        f"supervisor:{above.pk}",
        "equity_lead",
        f"equity_lead:{team.pk}",
        f"equity_lead:{above.pk}",
    ]


@pytest.mark.parametrize("change", ["none", "left", "inactive", "elsewhere"])
def test_targets_are_roles_that_somebody_else_holds_today(alice, other_team, team, change):
    if change in {"left", "inactive"}:
        worker = make_worker(alice.agency, teams=[team], role=Role.SUPERVISOR, is_active=change != "inactive")
        worker.memberships.update(ends_on=YESTERDAY)
        make_worker(alice.agency, is_equity_lead=True, is_active=False)
    if change == "elsewhere":
        make_worker(other_team.agency, is_equity_lead=True)

    assert codes(alice) == []


def test_only_lead_cannot_ask_the_lead(lead):
    assert codes(lead) == []

    make_worker(lead.agency, is_equity_lead=True)
    assert codes(lead) == ["equity_lead"]


def test_analyst_has_nobody_to_ask(db, lead):
    assert codes(make_worker(None, is_analyst=True)) == []


def test_answerable_is_what_somebody_else_can_answer_today(alice, bob, sana, team, lead):
    of_supervisors, of_lead = make_ask(alice), make_ask(alice, addressed_to="equity_lead", team=None)
    leads_own = make_ask(lead, addressed_to="equity_lead", team=None)
    sanas_own = make_ask(sana)

    answerable = dict(Ask.objects.with_answerer().values_list("pk", "has_answerer"))
    assert set(Ask.objects.answerable()) == {of_supervisors, of_lead}
    assert answerable == {of_supervisors.pk: True, of_lead.pk: True, leads_own.pk: False, sanas_own.pk: False}


# Verbs ------------------------------------------------------------------------------------------------------------


def state(ask):
    saved = Ask.objects.get(pk=ask.pk)
    return (saved.state, saved.answer, saved.answered_by, saved.answered_at)


def test_ask_is_by_its_asker_in_her_agency(alice, team):
    new = Ask(addressed_to="supervisor", team=team, barrier="rule", need="A second signature less.")
    asked = asks.ask(new, by=alice, now=NOW)

    saved = Ask.objects.get()
    assert (saved.pk, saved.asker, saved.agency, saved.created_at) == (asked.pk, alice, alice.agency, NOW)
    assert (saved.state, saved.answer, saved.answered_by) == ("open", "", None)


def new_ask(team, **changes):
    values = {"addressed_to": "supervisor", "team": team, "barrier": "rule", "need": "A second signature less."}
    return Ask(**values | changes)


def test_same_ask_by_the_same_key_is_one_ask(alice, team):
    key = uuid4()
    first, again = (asks.ask(new_ask(team), by=alice, now=NOW + timedelta(minutes=n), key=key) for n in range(2))

    assert (first.pk, again.pk, again.created_at) == (key, key, NOW)
    assert Ask.objects.count() == 1


@pytest.mark.parametrize("change", ["another need", "of another role", "withdrawn", "another asker"])
def test_key_that_says_something_else_is_refused_and_changes_nothing(alice, bob, team, change):
    key = uuid4()
    first = asks.ask(new_ask(team), by=alice, now=NOW, key=key)
    if change == "withdrawn":
        asks.withdraw(first, by=alice, now=NOW)
    before = list(Ask.objects.values())
    changes = {"another need": {"need": "A third."}, "of another role": {"addressed_to": "equity_lead"}}

    with pytest.raises(KeyTaken):
        asks.ask(
            new_ask(team, **changes.get(change, {})), by=bob if change == "another asker" else alice, now=NOW, key=key
        )
    assert list(Ask.objects.values()) == before


def test_ask_that_the_database_refuses_is_not_taken_for_a_second_post(alice, team):
    with pytest.raises(IntegrityError):
        asks.ask(new_ask(team, need=""), by=alice, now=NOW, key=uuid4())


def test_ask_of_nobody_s_agency_is_refused(db):
    with pytest.raises(ValueError, match="agency"):
        asks.ask(Ask(addressed_to="equity_lead", need="x"), by=make_worker(None, is_analyst=True), now=NOW)


def test_answer_and_decline_say_who_when_and_what(alice, sana):
    first, second = make_ask(alice), make_ask(alice)
    asks.answer(first, text="From Monday on.", by=sana, now=NOW)
    asks.decline(second, reason="No post for it.", by=sana, now=NOW)

    assert state(first) == ("answered", "From Monday on.", sana, NOW)
    assert state(second) == ("declined", "No post for it.", sana, NOW)


def test_same_answer_twice_is_one_answer(alice, sana):
    ask = make_ask(alice)
    for minutes in (0, 1):
        asks.answer(ask, text="From Monday on.", by=sana, now=NOW + timedelta(minutes=minutes))

    assert state(ask) == ("answered", "From Monday on.", sana, NOW)


def test_same_words_by_another_or_to_decline_are_another_answer(alice, sana, readers):
    ask = make_ask(alice)
    asks.answer(ask, text="No post for it.", by=sana, now=NOW)

    with pytest.raises(asks.NoLongerOpen):
        asks.decline(ask, reason="No post for it.", by=sana, now=NOW)
    with pytest.raises(asks.NoLongerOpen):
        asks.answer(ask, text="No post for it.", by=readers["deputy"], now=NOW)


@pytest.mark.parametrize("who", [who for who in READERS if who not in {"sana", "deputy"}])
def test_answer_by_who_was_not_asked_is_refused(asked, readers, who):
    for verb in (asks.answer, asks.decline):
        words = {"text": "Mine."} if verb is asks.answer else {"reason": "Mine."}
        with pytest.raises(Ask.DoesNotExist):
            verb(asked["open"], by=readers[who], now=NOW, **words)

    assert state(asked["open"]) == ("open", "", None, None)


def test_second_answer_learns_of_the_first_and_changes_nothing(alice, sana):
    ask = make_ask(alice)
    asks.answer(ask, text="First.", by=sana, now=NOW)

    with pytest.raises(asks.NoLongerOpen) as caught:
        asks.decline(ask, reason="Second.", by=sana, now=NOW + timedelta(minutes=1))

    assert caught.value.saved.answer == "First."
    assert state(ask) == ("answered", "First.", sana, NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_wins_and_the_other_reads_it(transactional_db):
    agency = make_agency()
    team = make_team(agency)
    asker = make_worker(agency, teams=[team])
    first, second = (make_worker(agency, teams=[team], role=Role.SUPERVISOR) for _ in range(2))
    ask = make_ask(asker)
    told = []

    def answer_too():
        try:
            asks.answer(ask, text="Second.", by=second, now=NOW)
        except asks.NoLongerOpen as late:
            told.append(late.saved.answer)
        finally:
            connection.close()

    with transaction.atomic():
        asks.answer(ask, text="First.", by=first, now=NOW)
        thread = threading.Thread(target=answer_too)
        thread.start()
        thread.join(1)
        assert (thread.is_alive(), told) == (True, [])  # it waits for our lock
    thread.join(30)

    assert (told, state(ask)) == (["First."], ("answered", "First.", first, NOW))


def test_withdraw_takes_it_from_everybody_and_can_be_undone_for_ten_minutes(alice, sana):
    ask = make_ask(alice)
    asks.withdraw(ask, by=alice, now=NOW)

    assert [list(scope) for scope in (Ask.objects.by(alice), Ask.objects.visible_to(sana), Ask.objects.open())] == [
        [],
        [],
        [],
    ]
    asks.restore(ask, by=sana, now=NOW)
    assert state(ask)[0] == "withdrawn"
    asks.restore(ask, by=alice, now=NOW + timedelta(minutes=9))
    assert list(Ask.objects.open().put_to(sana)) == [ask]


def test_withdrawn_is_restorable_or_erased_and_never_both(alice):
    ask = make_ask(alice, in_the_way="The form.", need="Another form.")
    kept = make_ask(alice)
    asks.withdraw(ask, by=alice, now=NOW)

    assert asks.erase_withdrawn(now=NOW + timedelta(minutes=9, seconds=59)) == 0
    assert Ask.objects.restorable_by(alice, NOW + timedelta(minutes=9, seconds=59)).exists()
    assert asks.erase_withdrawn(now=NOW + timedelta(minutes=10)) == 1
    assert not Ask.objects.restorable_by(alice, NOW + timedelta(minutes=10)).exists()
    assert asks.erase_withdrawn(now=NOW + timedelta(minutes=11)) == 0
    assert set(Ask.objects.values_list("pk", "in_the_way", "need")) == {
        (ask.pk, "", ""),
        (kept.pk, "", "An hour to prepare."),
    }


def test_ask_taken_back_twice_was_taken_back_when_it_was_first(alice):
    ask = make_ask(alice)
    for minutes in (0, 5):
        asks.withdraw(ask, by=alice, now=NOW + timedelta(minutes=minutes))

    assert Ask.objects.get().withdrawn_at == NOW


def test_answered_ask_cannot_be_taken_back(alice, sana):
    ask = make_ask(alice, answered_by=sana)

    with pytest.raises(asks.NoLongerOpen):
        asks.withdraw(ask, by=alice, now=NOW)
    assert state(ask)[0] == "answered"


def test_withdraw_of_another_s_ask_is_refused(alice, bob):
    ask = make_ask(alice)

    with pytest.raises(Ask.DoesNotExist):
        asks.withdraw(ask, by=bob, now=NOW)


def test_answers_are_news_for_four_weeks(alice, sana):
    day = timedelta(days=1)
    first, declined = make_ask(alice, answered_by=sana), make_ask(alice, answered_by=sana, state="declined")
    make_ask(alice)
    Ask.objects.filter(pk=first.pk).update(answered_at=NOW - 28 * day)
    Ask.objects.filter(pk=declined.pk).update(answered_at=NOW)

    assert list(Ask.objects.news(NOW - timedelta(seconds=1))) == [declined, first]
    assert list(Ask.objects.news(NOW)) == [declined]


# Ageing -----------------------------------------------------------------------------------------------------------


def test_ages_are_counted_by_whole_days(alice, sana):
    today = date(2026, 5, 31)
    noon = datetime(2026, 5, 31, 16, 0, tzinfo=UTC)
    for days in (0, 13, 14, 20, 28, 29, 300):
        make_ask(alice, created_at=noon - timedelta(days=days))
    make_ask(alice, created_at=noon, answered_by=sana)
    with timezone.override("America/Toronto"):
        found = asks.ages(Ask.objects.all(), today=today)

    assert (found, found.total) == (asks.Ages(2, 3, 2), 7)


def test_days_waiting_are_those_of_the_calendar(alice, time_machine):
    time_machine.move_to("2026-05-10 03:30Z")  # the evening of the 9th in Toronto
    ask = make_ask(alice, created_at=datetime(2026, 5, 9, 2, 0, tzinfo=UTC))  # the evening of the 8th

    with timezone.override("America/Toronto"):
        assert ask.days_waiting == 1
    with timezone.override("UTC"):
        assert ask.days_waiting == 1
    time_machine.move_to("2026-05-10 12:00Z")
    with timezone.override("America/Toronto"):
        assert (ask.days_waiting, str(ask)) == (2, "Too little time (2026-05-08)")
