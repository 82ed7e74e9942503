"""Mail about accounts: a sealed row, sent by the worker, and no page that waits or tells by waiting."""

import time
from datetime import timedelta

import pytest
from celery import current_app
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from reports import tasks
from teams import account_mails
from teams.models import AccountMail
from tests.factories import PASSWORD, make_worker

RESET = reverse("account_reset_password")


def message(**changes):
    return EmailMessage(**{"subject": "Hello", "body": "A link", "to": ["a@example.org"]} | changes)


def fail(*_args, **_options):
    raise OSError


@pytest.mark.parametrize("known", [True, False])
def test_page_only_leaves_a_row_for_any_address(client, agency, known, django_assert_max_num_queries):
    worker = make_worker(agency, password=PASSWORD)

    client.post(RESET, {"email": worker.email if known else "nobody@example.org"})

    assert (mail.outbox, AccountMail.objects.count()) == ([], 1)


def test_row_says_nothing_of_what_it_holds(db):
    account_mails.queue(message(body="https://allyship.example/secret-link"))

    sealed = bytes(AccountMail.objects.get().sealed)
    assert [text in sealed for text in (b"secret-link", b"a@example.org", b"Hello")] == [False] * 3


def test_job_sends_it_and_keeps_nothing(db):
    account_mails.queue(message())
    (row,) = AccountMail.objects.all()

    tasks.deliver()

    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Hello", "A link", ["a@example.org"])
    assert (sent.extra_headers["Message-ID"], AccountMail.objects.count()) == (f"<account.{row.pk}@127.0.0.1>", 0)


def test_mail_server_that_is_away_is_tried_again_with_the_same_message(db, monkeypatch, time_machine):
    account_mails.queue(message())
    time_machine.move_to(timezone.now() + timedelta(seconds=1))
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", fail)
        first = account_mails.send_due()
    at_once = account_mails.send_due()
    time_machine.shift(timedelta(minutes=1, seconds=1))

    assert (first, at_once, account_mails.send_due(), len(mail.outbox)) == (0, 0, 1, 1)


def test_mail_that_nobody_takes_is_given_up_after_eight_tries(db, monkeypatch, caplog):
    account_mails.queue(message())
    monkeypatch.setattr(EmailMessage, "send", fail)
    for _ in range(8):
        AccountMail.objects.update(due_at=timezone.now())
        account_mails.send_due()

    assert (AccountMail.objects.count(), caplog.records[-1].levelname) == (0, "ERROR")
    assert "a@example.org" not in caplog.text


def test_row_that_another_process_has_is_left_to_it(db):
    account_mails.queue(message())
    account_mails._claimed(now=timezone.now())

    assert (account_mails.send_due(), len(mail.outbox)) == (0, 0)


def test_message_that_cannot_be_opened_stops_no_other(db):
    AccountMail.objects.create(sealed=b"broken", due_at=timezone.now())
    account_mails.queue(message())

    assert (account_mails.send_due(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize("broker_is_down", [False, True])
def test_worker_is_woken_once_the_row_is_there(db, monkeypatch, django_capture_on_commit_callbacks, broker_is_down):
    rung = []

    def ring(name, **_options):
        rung.append((name, AccountMail.objects.count()))
        if broker_is_down:
            raise OperationalError

    monkeypatch.setattr(account_mails.current_app, "send_task", ring)
    with django_capture_on_commit_callbacks(execute=True):
        account_mails.queue(message())

    assert rung == [(tasks.deliver.name, 1)]


def test_broker_that_is_down_is_not_waited_for(silent_port):
    """As long as a page would stand there, in one of few threads; Celery's own way takes six seconds."""
    down = f"redis://127.0.0.1:{silent_port}/0"
    begun = time.monotonic()
    with current_app.connection_for_write(down) as connection, pytest.raises(OperationalError):
        current_app.send_task(tasks.deliver.name, connection=connection)

    assert time.monotonic() - begun < 3
