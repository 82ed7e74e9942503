"""Who gets what from every address: one table, walked with everybody of two agencies.

An address that the table does not know fails the test, and so does a body that holds what its reader must not see.
"""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from actions.models import Action
from reports.models import TeamSummary
from reports.periods import Period
from reports.summaries import close
from teams.models import Role
from tests.factories import make_action, make_ask, make_commitment, make_membership, make_team, make_worker

ROLES = ["anonymous", "alice", "bob", "sana", "lead", "admin", "director", "analyst", "charlie"]

# GET of every address. "login" is a redirect to the sign-in page, "-> x" another redirect.
# sana supervises alice's team, director supervises another one, lead and admin belong to no team.
GET = """
address                      anonymous alice bob   sana  lead  admin director analyst charlie
actions:home                 login     200   200   200   200   200   200      200     200
actions:practices            login     200   200   200   200   200   200      404     200
actions:log                  login     200   200   200   200   200   200      404     200
actions:record               login     200   200   200   200   200   200      404     200
actions:commitments          login     200   200   200   200   200   200      404     200
actions:guide                login     200   200   200   200   200   200      200     200
actions:detail shared        login     200   200   200   404   404   404      404     404
actions:detail counted       login     200   404   404   404   404   404      404     404
actions:detail private       login     200   404   404   404   404   404      404     404
actions:detail withdrawn     login     404   404   404   404   404   404      404     404
actions:edit shared          login     200   404   404   404   404   404      404     404
actions:edit private         login     200   404   404   404   404   404      404     404
actions:withdraw shared      login     405   405   405   405   405   405      405     405
actions:restore withdrawn    login     405   405   405   405   405   405      405     405
actions:keep promise         login     405   405   405   405   405   405      405     405
actions:reopen promise       login     405   405   405   405   405   405      405     405
actions:renegotiate promise  login     200   404   404   404   404   404      404     404
actions:drop promise         login     200   404   404   404   404   404      404     404
actions:asks                 login     200   200   200   200   200   200      404     200
actions:ask_new              login     200   200   200   200   200   200      404     200
actions:ask_inbox            login     404   404   404   200   404   404      404     404
actions:ask ask              login     200   404   200   404   404   404      404     404
actions:ask told             login     200   200   200   404   404   404      404     404
actions:ask refused          login     200   404   200   404   404   404      404     404
actions:ask lead_ask         login     200   404   404   200   404   404      404     404
actions:ask lead_told        login     200   200   200   200   404   404      404     404
actions:ask lead_told_alone  login     200   404   404   200   404   404      404     404
actions:ask taken_back       login     404   404   404   404   404   404      404     404
actions:ask_answer ask       login     404   404   200   404   404   404      404     404
actions:ask_answer lead_ask  login     404   404   404   200   404   404      404     404
actions:ask_withdraw ask     login     405   405   405   405   405   405      405     405
actions:ask_restore taken_back login   405   405   405   405   405   405      405     405
actions:team_asks team       login     200   200   200   404   404   404      404     404
actions:feed team            login     200   200   200   404   404   404      404     404
reports:dashboard team       login     200   200   200   404   404   404      404     404
reports:dashboard_csv team   login     200   200   200   404   404   404      404     404
reports:summaries team       login     200   200   200   404   404   404      404     404
reports:summary summary      login     200   200   200   404   404   404      404     404
reports:summary_csv summary  login     200   200   200   404   404   404      404     404
teams:list                   login     302   302   302   200   200   302      200     302
teams:members team           login     200   200   200   200   200   404      404     404
teams:visibility             login     200   200   200   200   200   200      404     200
teams:language               405       405   405   405   405   405   405      405     405
account_login                200       302   302   302   302   302   302      302     302
account_logout               302       200   200   200   200   200   200      200     200
account_inactive             200       200   200   200   200   200   200      200     200
account_signup               200       302   302   302   302   302   302      302     302
account_reauthenticate       login     403   403   403   403   403   403      403     403
account_change_password      login     302   302   302   302   302   302      302     302
account_set_password         login     200   200   200   200   200   200      200     200
account_reset_password       200       200   200   200   200   200   200      200     200
account_reset_password_done  200       200   200   200   200   200   200      200     200
account_reset_password_from_key bad    200 200 200 200   200   200   200      200     200
account_reset_password_from_key_done   200 200 200 200   200   200   200      200     200
healthz                      200       200   200   200   200   200   200      200     200
readyz                       503       503   503   503   503   503   503      503     503
"""

# POST, with an empty form, to every address that takes one: nobody but the owner gets past 404.
POST = """
address                      anonymous alice bob   sana  lead  admin director analyst charlie
actions:log                  login     422   422   422   422   422   422      404     422
actions:edit shared          login     422   404   404   404   404   404      404     404
actions:edit private         login     422   404   404   404   404   404      404     404
actions:withdraw private     login     302   404   404   404   404   404      404     404
actions:restore withdrawn    login     302   404   404   404   404   404      404     404
actions:keep promise         login     302   404   404   404   404   404      404     404
actions:reopen promise       login     302   404   404   404   404   404      404     404
actions:reopen kept          login     302   404   404   404   404   404      404     404
actions:renegotiate promise  login     422   404   404   404   404   404      404     404
actions:drop promise         login     422   404   404   404   404   404      404     404
actions:withdraw shared      login     302   404   404   404   404   404      404     404
actions:ask_new              login     422   422   422   422   422   422      404     422
actions:ask_answer ask       login     404   404   422   404   404   404      404     404
actions:ask_answer told      login     404   404   409   404   404   404      404     404
actions:ask_answer lead_ask  login     404   404   404   422   404   404      404     404
actions:ask_restore taken_back login   302   404   404   404   404   404      404     404
actions:ask_withdraw told    login     302   404   404   404   404   404      404     404
actions:ask_withdraw ask     login     302   404   404   404   404   404      404     404
teams:visibility             login     422   422   422   422   422   422      404     422
teams:language               302       302   302   302   302   302   302      302     302
"""

TEAM_NAME, NOTE, SECRET_NOTE = "Canary Intake", "canary shared note", "canary private note"
SUPERVISORS_ASK, LEAD_ASK, TOLD_ASK = "canary to supervisors", "canary to the lead", "canary told to the team"
QUARTER = Period.parse("2026-04-01", "2026-06-30")


def rows(table):
    for line in table.strip().splitlines()[1:]:
        *address, anonymous, alice, bob, sana, lead, admin, director, analyst, charlie = line.split()
        expected = [anonymous, alice, bob, sana, lead, admin, director, analyst, charlie]
        yield " ".join(address), dict(zip(ROLES, expected, strict=True))


def all_addresses(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from all_addresses(pattern, namespace + inner)
        else:
            yield namespace + pattern.name


@pytest.fixture
def cast(agency, alice, bob, sana, charlie):
    elsewhere = make_team(agency, "Another team")
    people = {
        "alice": alice,
        "bob": bob,
        "sana": sana,
        "lead": make_worker(agency, "Lea Lead", is_equity_lead=True),
        "admin": make_worker(agency, "Adam Admin", is_admin=True),
        "director": make_worker(agency, "Dora Director"),
        "analyst": make_worker(None, "Ana Analyst", is_analyst=True),
        "charlie": charlie,
    }
    make_membership(people["director"], elsewhere, Role.SUPERVISOR)
    return people


@pytest.fixture
def objects(agency, team, alice, cast, time_machine):
    time_machine.move_to("2026-07-20 15:00Z")
    team.name = TEAM_NAME
    team.save()
    shared = make_action(alice, note=NOTE, done_on=QUARTER.first)
    withdrawn = make_action(alice, note=SECRET_NOTE)
    withdrawn.withdrawn_at = withdrawn.created_at
    withdrawn.save()
    promise = make_commitment(shared)
    kept = make_commitment(shared, status="kept", kept_on=QUARTER.last)
    asked = asks_of(alice, cast)
    close(agency=agency, period=QUARTER, now=shared.created_at, mails=False)
    return {
        "shared": shared.pk,
        "counted": make_action(alice, visibility="counted", note=SECRET_NOTE).pk,
        "private": make_action(alice, visibility="private", note=SECRET_NOTE).pk,
        "withdrawn": withdrawn.pk,
        "promise": promise.pk,
        "kept": kept.pk,
        **{name: ask.pk for name, ask in asked.items()},
        "team": team.pk,
        "summary": TeamSummary.objects.get(team=team).pk,
    }


def asks_of(alice, cast):
    """Asks of alice's, their texts saying who may read them besides her."""
    told, to_lead = {"need": TOLD_ASK}, {"addressed_to": "equity_lead", "need": LEAD_ASK}
    return {
        "ask": make_ask(alice, need=SUPERVISORS_ASK),
        "told": make_ask(alice, answered_by=cast["sana"], **told),
        "refused": make_ask(alice, answered_by=cast["sana"], state="declined", need=SUPERVISORS_ASK),
        "taken_back": make_ask(alice, state="withdrawn", withdrawn_at=timezone.now(), need=SECRET_NOTE),
        "lead_ask": make_ask(alice, **to_lead),
        "lead_told": make_ask(alice, answered_by=cast["lead"], **to_lead | told),
        "lead_told_alone": make_ask(alice, answered_by=cast["lead"], **to_lead | {"team": None}),
    }


def address_of(row, objects):
    name, *what = row.split()
    if name == "account_reset_password_from_key":
        return reverse(name, kwargs={"uidb36": "1", "key": "bad"})
    return reverse(name, args=[objects[what[0]]] if what else [])


def told(response):
    if response.status_code == 302 and response.url.startswith(reverse("account_login") + "?"):
        return "login"
    return str(response.status_code)


def test_table_knows_every_address(db):
    names = {row.split()[0] for row, _ in rows(GET)}

    assert names == set(all_addresses())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_get_answers_as_the_table_says(client, cast, objects, role, language):
    before = list(Action.objects.order_by("pk").values())
    answers, leaks = {}, []
    for row, _ in rows(GET):
        if role != "anonymous":
            cast[role].language = language
            client.force_login(cast[role])
        response = client.get(address_of(row, objects), headers={"accept-language": f"{language}-ca"})
        answers[row] = told(response)
        leaks += [(row, text) for text in forbidden(role) if text in response.text]
        client.logout()

    assert answers == {row: expected[role] for row, expected in rows(GET)}
    assert leaks == []
    assert list(Action.objects.order_by("pk").values()) == before


def forbidden(role):
    """What the role must read nowhere; that it can be read at all, by its owner, is tested below."""
    if role == "alice":
        return []
    return {
        "bob": [SECRET_NOTE, SUPERVISORS_ASK, LEAD_ASK],
        "sana": [SECRET_NOTE, LEAD_ASK],
        "lead": [NOTE, SECRET_NOTE, SUPERVISORS_ASK],
        "admin": [NOTE, SECRET_NOTE, SUPERVISORS_ASK, LEAD_ASK, TOLD_ASK],
    }.get(role, [TEAM_NAME, NOTE, SECRET_NOTE, SUPERVISORS_ASK, LEAD_ASK, TOLD_ASK, "Alice Member", "Bob Mate"])


def test_canaries_can_be_seen_by_their_owner(client, cast, objects):
    client.force_login(cast["alice"])

    record = client.get(reverse("actions:record")).text
    feed = client.get(reverse("actions:feed", args=[objects["team"]])).text

    assert (NOTE in record, SECRET_NOTE in record, TEAM_NAME in feed) == (True, True, True)


def test_canaries_of_asks_can_be_seen_by_those_they_are_for(client, cast, objects):
    pages = {"bob": "actions:team_asks team", "sana": "actions:team_asks team", "lead": "actions:ask_inbox"}
    seen = {}
    for role, row in pages.items():
        client.force_login(cast[role])
        page = client.get(address_of(row, objects)).text
        seen[role] = [text in page for text in (SUPERVISORS_ASK, LEAD_ASK, TOLD_ASK)]

    assert seen == {"bob": [False, False, True], "sana": [True, False, True], "lead": [False, True, True]}


@pytest.mark.parametrize("role", ROLES)
def test_post_answers_as_the_table_says(client, cast, objects, role):
    answers = {}
    for row, _ in rows(POST):
        if role != "anonymous":
            client.force_login(cast[role])
        answers[row] = told(client.post(address_of(row, objects)))
        client.logout()

    assert answers == {row: expected[role] for row, expected in rows(POST)}


@pytest.mark.parametrize("row", [row for row, _ in rows(POST)])
def test_post_without_token_is_refused(db, cast, objects, row):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["alice"])

    assert client.post(address_of(row, objects)).status_code == 403


def test_every_page_carries_the_security_headers(client, cast, objects):
    client.force_login(cast["alice"])
    expected = {
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    }
    missing = []
    for row, _ in rows(GET):
        response = client.get(address_of(row, objects))
        missing += [(row, name) for name, value in expected.items() if not response.get(name, "").startswith(value)]
        client.force_login(cast["alice"])

    assert missing == []


def test_reverse_of_closed_pages_fails():
    with pytest.raises(NoReverseMatch):
        reverse("account_email")
