"""The mail with the link: once for each departure, to a closed account, and not where the link is dead."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from actions import departures
from actions.models import Departure
from reports import heartbeats, tasks
from reports.mails import deliveries, departure_mails
from reports.models import Delivery
from teams.models import Worker
from tests.factories import make_action, make_worker


def end(worker, *options):
    call_command("end_account", "--email", worker.email, *options, verbosity=0)


def test_departure_is_mailed_once_however_often_ticks_run(alice, capsys):
    end(alice)
    for _ in range(3):
        departure_mails.queue_due(now=timezone.now())
        deliveries.send_due()
    end(alice)
    departure_mails.queue_due(now=timezone.now())
    deliveries.send_due()

    (message,) = mail.outbox
    departure = Departure.objects.get()
    assert message.to == [alice.email]
    assert departures.address(departure) in message.body
    assert Delivery.objects.get().status == Delivery.Status.SENT


def test_mail_says_no_text_of_hers(alice):
    make_action(alice, note="Canary note")
    end(alice)
    departure_mails.queue_due(now=timezone.now())
    deliveries.send_due()

    assert "Canary" not in str(mail.outbox[0].message())


@pytest.mark.parametrize("option", ["--reopen", "--revoke-link"])
def test_mail_is_not_sent_where_the_link_is_dead(alice, option):
    end(alice)
    departure_mails.queue_due(now=timezone.now())
    end(alice, option)
    deliveries.send_due()

    assert mail.outbox == []
    assert heartbeats.report(now=timezone.now()).stuck_deliveries == 0


def test_account_that_was_closed_without_the_command_is_mailed_too(alice):
    Worker.objects.filter(pk=alice.pk).update(is_active=False)

    assert [departure_mails.queue_due(now=timezone.now()) for _ in range(2)] == [1, 0]


def test_housekeeping_erases_after_thirty_days(alice, time_machine):
    time_machine.move_to("2026-05-01 15:00Z")
    action = make_action(alice, note="Canary note")
    end(alice)
    time_machine.move_to("2026-05-31 15:01Z")

    tasks.housekeeping()

    action.refresh_from_db()
    assert action.note == ""


def test_end_account_refuses_an_unknown_address_and_the_last_admin(alice):
    admin = make_worker(alice.agency, is_admin=True)
    with pytest.raises(CommandError, match="No worker of an agency has the address"):
        call_command("end_account", "--email", "nobody@example.org")
    with pytest.raises(CommandError, match="the only admin"):
        end(admin)
    with pytest.raises(CommandError, match="is not closed"):
        end(alice, "--revoke-link")

    assert Worker.objects.filter(is_active=False).count() == 0
