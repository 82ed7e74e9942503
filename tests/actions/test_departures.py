"""Leaving: the account closes, a link works for thirty days, then texts go and figures stay."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import departures, drafts
from actions.models import Action, ActionEdit, Ask, Commitment, Departure, Draft, Reflection
from reports.figures import team_figures
from reports.periods import Period
from teams.accounts import LastAdmin
from teams.models import Membership, Team, Worker
from tests.actions.factories import make_reflection
from tests.factories import (
    make_action,
    make_ask,
    make_commitment,
    make_membership,
    make_own_commitment,
    make_team,
    make_worker,
)

LATER = timedelta(days=30)


def texts():
    """All that somebody typed, whoever it was."""
    return sorted(
        [
            *(text for row in Action.objects.all() for text in (row.note, row.partners) if text),
            *(text for row in Ask.objects.all() for text in (row.need, row.in_the_way) if text),
            *(row.text for row in Commitment.objects.all() if row.text),
            *("a draft" for _ in Draft.objects.all()),
            *("a reflection" for _ in Reflection.objects.all()),
        ]
    )


def write_everything(worker):
    action = make_action(worker, note=f"Note of {worker.name}", partners="A partner")
    make_commitment(action)
    make_own_commitment(worker, text=f"Promise of {worker.name}", visibility="shared")
    make_ask(worker, need=f"Need of {worker.name}", in_the_way="A form")
    make_reflection(worker)
    drafts.keep("note=Begun", key=uuid4(), address=reverse("actions:log"), by=worker, now=timezone.now())


def test_close_account_ends_spells_today_and_gives_thirty_days(alice, team):
    make_membership(alice, make_team(alice.agency), starts_on=alice.today() + timedelta(days=3))
    now = timezone.now()

    departure = departures.close_account(alice, now=now)
    again = departures.close_account(alice, now=now + timedelta(days=1))

    assert (departure.expires_at - departure.ended_at, again) == (LATER, departure)
    assert list(Membership.objects.filter(worker=alice).values_list("team", "ends_on")) == [(team.pk, alice.today())]
    assert not Worker.objects.get(pk=alice.pk).is_active


def test_close_account_refuses_the_last_admin(alice):
    admin = make_worker(alice.agency, is_admin=True)

    with pytest.raises(LastAdmin):
        departures.close_account(admin, now=timezone.now())

    make_worker(alice.agency, is_admin=True)
    departures.close_account(admin, now=timezone.now())
    assert not Worker.objects.get(pk=admin.pk).is_active


def test_account_closed_in_any_other_way_is_noticed_once(alice, bob):
    Worker.objects.filter(pk=alice.pk).update(is_active=False)

    counts = [departures.notice(now=timezone.now()) for _ in range(2)]

    assert (counts, Departure.objects.get().worker) == ([1, 0], alice)


def test_erase_due_takes_every_text_of_hers_after_thirty_days_and_leaves_figures(alice, bob, sana):
    for worker in (alice, bob):
        write_everything(worker)
    make_ask(alice, need="Answered need", answered_by=sana)
    period = Period.parse("2020-01-01", "2030-12-31")
    team = Team.objects.get(name="Intake")
    before = team_figures.of_team(team, period, today=alice.today())
    others = [text for text in texts() if bob.name in text] + ["A form", "A partner", "a draft", "a reflection"]
    now = timezone.now()
    departures.close_account(alice, now=now)

    early = departures.erase_due(now=now + LATER - timedelta(seconds=1))
    kept = len(texts())
    counts = [departures.erase_due(now=now + LATER) for _ in range(2)]

    assert (early, kept, counts) == (0, 15, [1, 0])
    assert texts() == sorted(others)
    assert team_figures.of_team(team, period, today=alice.today()) == before
    assert sorted(Ask.objects.filter(asker=alice).values_list("state", "answer")) == [
        ("answered", "From Monday on."),
        ("withdrawn", ""),
    ]
    assert list(ActionEdit.objects.values_list("changes", flat=True)) == [{"note": None, "partners": None}]


def test_reopened_account_keeps_everything_and_its_link_dies(alice):
    write_everything(alice)
    now = timezone.now()
    departure = departures.close_account(alice, now=now)
    token, before = departures.token(departure), texts()

    departures.reopen_account(alice, now=now + timedelta(days=29))

    assert departures.erase_due(now=now + 2 * LATER) == 0
    assert texts() == before
    with pytest.raises(Departure.DoesNotExist):
        departures.of(token, now=now)


def test_second_departure_has_thirty_days_of_its_own(alice):
    write_everything(alice)
    now = timezone.now()
    departures.close_account(alice, now=now)
    departures.reopen_account(alice, now=now)

    second = departures.close_account(alice, now=now + timedelta(days=20))

    assert departures.erase_due(now=now + LATER) == 0
    assert second.expires_at == now + timedelta(days=20) + LATER
    assert texts()


def test_link_opens_her_own_until_it_is_over_revoked_or_forged(alice, bob):
    now = timezone.now()
    hers, his = (departures.close_account(worker, now=now) for worker in (alice, bob))
    token = departures.token(hers)
    forged = f"{his.key.hex}.{token.partition('.')[2]}"

    assert departures.of(token, now=now + LATER - timedelta(seconds=1)) == hers
    for wrong, at in [(token, now + LATER), (forged, now), (his.key.hex, now), ("", now), ("x.y", now)]:
        with pytest.raises(Departure.DoesNotExist):
            departures.of(wrong, now=at)
    departures.revoke_link(hers)
    with pytest.raises(Departure.DoesNotExist):
        departures.of(token, now=now)
    assert departures.erase_due(now=now + LATER) == 2


def test_changed_team_keeps_old_actions_with_the_old_team(alice, team, bob, sana):
    old = make_action(alice, note="Done with Intake.")
    new_team = make_team(alice.agency, "Kinship")
    Membership.objects.filter(worker=alice).update(ends_on=alice.today() - timedelta(days=1))
    make_membership(alice, new_team, starts_on=alice.today())
    mate = make_worker(alice.agency, teams=[new_team])

    assert Action.objects.get(pk=old.pk).team == team
    assert {w.name: Action.objects.visible_to(w).filter(pk=old.pk).exists() for w in (alice, bob, sana, mate)} == {
        alice.name: True,
        bob.name: True,
        sana.name: True,
        mate.name: False,
    }
