import threading
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import reverse

from teams.models import Session
from teams.signing_in import sessions
from teams.signing_in.sessions import NOTED_EVERY
from tests import processes
from tests.factories import PASSWORD

SIGN_IN, HOME, LIST, STAY, END_OTHERS = (
    reverse(name)
    for name in ("account_login", "actions:home", "teams:sessions", "teams:stay", "teams:sessions_end_others")
)
START = "2026-07-20 15:00Z"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="session")
def password():
    return make_password(PASSWORD)


@pytest.fixture
def alice(alice, password):
    alice.password = password
    alice.save()
    return alice


def browser(worker, user_agent=FIREFOX):
    client = Client(headers={"user-agent": user_agent})
    assert client.post(SIGN_IN, {"login": worker.email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client):
    return client.get(HOME).status_code == 200


def key_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# How long it lasts --------------------------------------------------------------------------------------------------


def test_session_ends_after_half_an_hour_without_a_request(alice, time_machine):
    time_machine.move_to(START, tick=False)
    idle, busy = browser(alice), browser(alice)
    seen = []
    for _ in range(3):
        time_machine.shift(20 * 60)
        seen.append(is_in(busy))

    assert (seen, is_in(idle)) == ([True] * 3, False)


def test_session_ends_after_twelve_hours_whatever_is_done(alice, time_machine):
    time_machine.move_to(START, tick=False)
    client = browser(alice)
    seen = []
    for _ in range(12 * 3 + 1):
        time_machine.shift(20 * 60)
        seen.append(is_in(client))

    assert seen == [True] * 35 + [False] * 2


def test_click_on_stay_keeps_it(alice, time_machine):
    time_machine.move_to(START, tick=False)
    client = browser(alice)
    time_machine.shift(29 * 60)
    answer = client.post(STAY, headers={"accept": "application/json"})
    time_machine.shift(29 * 60)

    assert (answer.status_code, answer.content, is_in(client)) == (204, b"", True)


def test_stay_is_too_late_for_a_session_that_ended(alice, time_machine):
    time_machine.move_to(START, tick=False)
    client = browser(alice)
    time_machine.shift(31 * 60)

    assert client.post(STAY, headers={"accept": "application/json"}).status_code == 401


def test_page_knows_when_its_session_ends(alice, time_machine):
    time_machine.move_to(START, tick=False)
    client = browser(alice)
    for _ in range(2):
        time_machine.shift(10 * 60)
        page = client.get(HOME)

    assert page.context["session_ends"] == {"idle": 29 * 60, "whole": 12 * 3600 - 20 * 60, "warning": 120}
    assert 'data-idle="1740"' in page.text


def test_requests_within_a_minute_write_nothing(alice, time_machine, django_assert_num_queries):
    time_machine.move_to(START, tick=False)
    client = browser(alice)
    client.get(HOME)
    written = []
    for seconds in (30, 29, 2):
        time_machine.shift(seconds)
        before = Session.objects.get().last_seen_at
        client.get(HOME)
        written.append(Session.objects.get().last_seen_at != before)

    assert written == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_database_that_cannot_note_it_is_no_ended_session(alice, time_machine):
    time_machine.move_to(START, tick=False)
    client = browser(alice)
    client.raise_request_exception = False
    time_machine.shift(NOTED_EVERY + 1)
    with (
        processes.database() as database,
        psycopg.connect(processes.environment()["DATABASE_URL"]) as beside,
        connection.cursor() as cursor,
    ):

        def end_it_under_a_request():
            processes.wait_for(database.has_a_waiting_process)
            beside.commit()

        beside.execute("SELECT FROM teams_session FOR UPDATE")
        cursor.execute("SET lock_timeout = '100ms'")
        held = client.get(HOME)
        cursor.execute("RESET lock_timeout")
        beside.execute("DELETE FROM teams_session")
        ended = threading.Thread(target=end_it_under_a_request)
        ended.start()
        gone = client.get(HOME)
        ended.join()

    assert (held.status_code, gone.status_code) == (500, 400)
    assert "your session ended in that moment" in gone.text


# What is stored -----------------------------------------------------------------------------------------------------


def test_row_tells_whose_it_is_and_the_family_of_the_browser(alice, time_machine):
    time_machine.move_to(START, tick=False)
    browser(alice)

    session = Session.objects.get()
    assert (session.worker, session.browser) == (alice, "Firefox")
    assert session.started_at == session.last_seen_at
    assert session.expire_date - session.started_at == timedelta(minutes=30)
    assert alice.email not in session.session_data


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (FIREFOX, "Firefox"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile Safari/604.1", "Safari"),
        ("curl/8", ""),
    ],
)
def test_browser_is_known_by_its_family(user_agent, told):
    assert sessions.browser_in(user_agent) == told


def test_session_that_was_changed_or_sealed_elsewhere_is_nobodys(alice, settings):
    client = browser(alice)
    before = is_in(client)
    settings.SECRET_KEY = "another" * 9

    assert (before, is_in(client)) == (True, False)


def test_key_changes_at_sign_in(alice):
    client, known = Client(), sessions.SessionStore()
    known["anything"] = True
    known.create()
    planted = client.cookies[settings.SESSION_COOKIE_NAME] = known.session_key
    client.post(SIGN_IN, {"login": alice.email, "password": PASSWORD})
    client.get(HOME)

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert key_of(client) != planted
    assert (is_in(client), is_in(thief)) == (True, False)


# The page -----------------------------------------------------------------------------------------------------------


def test_page_lists_ones_own_browsers_alone(alice, bob):
    here, there = browser(alice), browser(alice, "curl/8")
    Client().force_login(bob)

    page = here.get(LIST)

    assert {session.session_key for session, _by_agency in page.context["sessions"]} == {key_of(here), key_of(there)}
    assert page.text.count("this one") == 1
    assert not [key for key in Session.objects.values_list("session_key", flat=True) if key in page.text]


def test_one_browser_can_be_signed_out_from_another(alice):
    here, there, elsewhere = browser(alice), browser(alice), browser(alice)
    name = Session.objects.get(session_key=key_of(there)).name

    here.post(reverse("teams:session_end", args=[name]))

    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, True]


def test_all_others_can_be_signed_out_at_once(alice, bob):
    here, there, elsewhere = browser(alice), browser(alice), browser(alice)
    mate = Client()
    mate.force_login(bob)

    here.post(END_OTHERS)

    assert [is_in(client) for client in (here, there, elsewhere, mate)] == [True, False, False, True]


def test_nobody_ends_the_session_of_another(alice, bob):
    here, mate = browser(alice), Client()
    mate.force_login(bob)
    name = Session.objects.get(session_key=key_of(here)).name

    assert mate.post(reverse("teams:session_end", args=[name])).status_code == 404
    assert is_in(here)


def test_change_of_the_password_ends_all_other_sessions(alice):
    here, there = browser(alice), browser(alice)
    changed = {"oldpassword": PASSWORD, "password1": "river-lantern-quilt", "password2": "river-lantern-quilt"}

    here.post(reverse("account_change_password"), changed)

    assert (is_in(here), is_in(there), Session.objects.filter(worker=alice).count()) == (True, False, 1)
