from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from reports import heartbeats, summaries
from reports.mails import deliveries
from reports.models import AgencyPeriod, Delivery, TeamSummary
from reports.pages import jobs
from tests.factories import make_ask, make_worker
from tests.reports.factories import CLOSING, QUARTER

PAGE = reverse("reports:jobs")


@pytest.fixture
def admin(agency):
    return make_worker(agency, "Ada Admin", is_admin=True)


def make_mail(team, recipient, **changes):
    """Of a summary of the team, given up after eight tries."""
    values = {"period_start": QUARTER.first, "period_end": QUARTER.last, "closed_at": CLOSING, "figures": {}}
    summary, _ = TeamSummary.objects.get_or_create(agency=team.agency, team=team, defaults=values)
    given_up = {"status": "failed", "attempts": 8, "last_error": "TimeoutError", "due_at": CLOSING}
    return Delivery.objects.create(agency=team.agency, summary=summary, recipient=recipient, **given_up | changes)


def again(client, delivery):
    return client.post(reverse("reports:try_again", args=[delivery.pk]), follow=True)


def state(delivery):
    delivery.refresh_from_db()
    return delivery.status, delivery.attempts


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_board_without_trouble_is_calm(client, admin):
    for job in heartbeats.LATE_AFTER:
        heartbeats.beat(job, now=timezone.now())
    client.force_login(admin)
    response = client.get(PAGE)

    assert [(job.is_late, job.last_success is None) for job in response.context["board"].jobs] == [(False, False)] * 4
    assert ("None waits" in response.text, "Nothing waits and nothing failed." in response.text) == (True, True)


def test_board_names_every_job_that_beat_starts(settings):
    assert set(jobs.NAMES) == set(settings.CELERY_BEAT_SCHEDULE) == set(heartbeats.LATE_AFTER)


def test_board_shows_what_waits_and_what_is_stuck_of_its_own_agency(admin, team, sana, other_team, charlie):
    for agency in (admin.agency, charlie.agency):
        AgencyPeriod.objects.create(
            agency=agency, first_day=QUARTER.first, last_day=QUARTER.last, noticed_at=CLOSING, attempts=4
        )
    make_mail(team, sana)
    make_mail(team, make_worker(team.agency, "Next"), status="pending", attempts=0, last_error="")
    make_mail(team, make_worker(team.agency, "Gone"), last_error=deliveries.NO_LONGER_ENTITLED)
    make_mail(other_team, charlie)

    board = jobs.board(admin, now=CLOSING + timedelta(minutes=31))

    assert [(one.label, one.tries, one.is_stuck) for one in board.closings] == [("April to June 2026", 4, True)]
    assert [(one.recipient, one.tries, str(one.reason), one.is_given_up) for one in board.mails] == [
        ("Sana Supervisor", 8, "The mail server did not answer in time.", True)
    ]
    assert (board.waiting, board.given_up) == (1, 1)


def test_board_tells_nobody_who_asked_or_has_something_due(admin, alice):
    ask = make_ask(alice)
    given_up = {"agency": admin.agency, "recipient": alice, "status": "failed", "last_error": "KeyError"}
    Delivery.objects.create(kind="ask_answered", ask=ask, **given_up)
    Delivery.objects.create(kind="reminder", week=QUARTER.first, **given_up)

    board = jobs.board(admin, now=timezone.now())

    assert [one.recipient for one in board.mails] == ["", ""]
    assert {one.reason for one in board.mails} == {jobs.OTHER_REASON}


@pytest.mark.parametrize("n", [1, 3])
def test_board_takes_as_many_queries_for_any_number_of_rows(admin, team, n, django_assert_num_queries):
    for _ in range(n):
        make_mail(team, make_worker(team.agency))

    with django_assert_num_queries(10):
        assert len(jobs.board(admin, now=timezone.now()).mails) == n


def test_mail_tried_again_goes_out_once(client, admin, team, sana, alice):
    summaries.close(agency=team.agency, period=QUARTER, now=CLOSING)
    delivery = Delivery.objects.get()
    Delivery.objects.update(status="failed", attempts=8, last_error="TimeoutError")
    client.force_login(admin)

    assert said(again(client, delivery)) == ["It will be tried again within a minute."]
    assert state(delivery) == ("pending", 0)
    assert said(again(client, delivery)) == ["Nothing to do: it was sent, or is on its way."]
    assert (deliveries.send_due(), deliveries.send_due()) == (1, 0)
    assert said(again(client, delivery)) == ["Nothing to do: it was sent, or is on its way."]
    assert (state(delivery), [message.to for message in mail.outbox]) == (("sent", 1), [[sana.email]])


def test_mail_tried_again_is_still_not_sent_to_who_may_no_longer_read_it(client, admin, team, sana):
    delivery = make_mail(team, sana)
    sana.memberships.update(ends_on=QUARTER.last)
    client.force_login(admin)
    again(client, delivery)
    deliveries.send_due()

    assert (state(delivery), mail.outbox) == (("failed", 1), [])
    assert said(again(client, delivery)) == ["Nothing to do: it was sent, or is on its way."]


def test_mail_is_tried_again_by_its_own_admin_alone(client, admin, lead, team, sana, other_team, charlie):
    delivery, theirs = make_mail(team, sana), make_mail(other_team, charlie)
    client.force_login(lead)
    assert again(client, delivery).status_code == 404
    client.force_login(admin)
    assert again(client, theirs).status_code == 404

    assert (state(delivery), state(theirs)) == (("failed", 8), ("failed", 8))


def test_lead_reads_the_page_without_the_button(client, lead, admin, team, sana):
    make_mail(team, sana)
    buttons = {}
    for reader in (lead, admin):
        client.force_login(reader)
        buttons[reader.name] = "Try again" in client.get(PAGE).text

    assert buttons == {"Lea Lead": False, "Ada Admin": True}


def test_admin_finds_the_page_in_the_navigation_and_others_do_not(client, admin, alice):
    found = {}
    for reader in (alice, admin):
        client.force_login(reader)
        home = client.get(reverse("actions:home")).text
        found[reader.name] = home.count(f'href="{reverse("teams:people")}"')

    assert found == {"Alice Member": 0, "Ada Admin": 2}
    assert f'href="{PAGE}"' in client.get(reverse("teams:people")).text
