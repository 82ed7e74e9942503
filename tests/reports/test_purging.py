from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actions import departures, drafts, retention, searches
from actions.models import Action, ActionEdit, Ask, Commitment, Draft, Erased, Purge, Reflection
from reports import purging, tasks
from reports.mails import reminder_mails
from reports.models import Delivery, SummaryNote, TeamSummary
from teams.models import Agency, Worker
from tests.actions.factories import make_reflection
from tests.factories import make_action, make_ask, make_own_commitment, make_worker

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
LAST_KEPT = date(2024, 11, 22)
OLD = LAST_KEPT - timedelta(days=1)
SECRET = "A canoe for the council"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def purges():
    return list(Purge.objects.order_by("what", "before").values_list("what", "before", "count"))


def old_action(author, **changes):
    return make_action(author, **{"done_on": OLD, "logged_on": OLD, "note": SECRET, "partners": "Legal aid"} | changes)


def test_text_of_an_old_action_is_gone_from_everywhere_and_its_row_stays(alice, client):
    action = old_action(alice)
    drafts.keep(f"note={SECRET}", key=action.pk, address=reverse("actions:log"), by=alice, now=NOW)
    assert searches.actions_matching(Action.objects.by(alice), "canoe", agency=alice.agency).exists()
    kept = Action.objects.filter(pk=action.pk).values(
        "practice", "level", "done_on", "visibility", "communities", "team"
    )
    before = kept.get()

    assert purging.erase_old(now=NOW) == 1

    erased = Action.objects.get()
    assert (erased.note, erased.partners, erased.version, kept.get()) == ("", "", 2, before)
    assert Draft.objects.count() == ActionEdit.objects.count() == 0
    assert not searches.actions_matching(Action.objects.by(alice), "canoe", agency=alice.agency).exists()
    client.force_login(alice)
    assert SECRET not in client.get(reverse("actions:export_file", args=["json"])).text
    assert SECRET not in client.get(reverse("actions:detail", args=[action.pk])).text
    assert purges() == [("actions", LAST_KEPT, 1)]


@pytest.mark.parametrize(
    ("done_on", "logged_on", "months", "stays"),
    [
        (OLD, OLD, 24, False),
        (LAST_KEPT, LAST_KEPT, 24, True),
        (date(2020, 1, 1), date(2026, 11, 1), 24, True),  # brought in late from a spreadsheet
        (OLD, OLD, 25, True),
        (date(2026, 5, 21), date(2026, 5, 21), 6, False),
    ],
)
def test_text_is_kept_for_the_agencys_months_from_the_day_it_was_logged(alice, done_on, logged_on, months, stays):
    Agency.objects.update(text_months=months)
    make_action(alice, note=SECRET, done_on=done_on, logged_on=logged_on)

    purging.erase_old(now=NOW)

    assert Action.objects.get().note == (SECRET if stays else "")


def test_every_kind_of_old_text_goes_and_what_is_open_stays(alice, sana, team):
    old = datetime(2024, 11, 1, 12, 0, tzinfo=UTC)
    make_own_commitment(alice, text=SECRET, made_on=OLD, due_on=OLD, status="kept", kept_on=OLD)
    promised = make_own_commitment(alice, text=SECRET, made_on=OLD, due_on=OLD)
    settled = make_ask(alice, need=SECRET, in_the_way=SECRET, answered_by=sana, answered_at=old, answer=SECRET)
    waiting = make_ask(alice, need=SECRET, created_at=old)
    summary = TeamSummary.objects.create(
        agency=team.agency, team=team, period_start=OLD, period_end=OLD, figures={}, closed_at=old
    )
    SummaryNote.objects.create(agency=team.agency, summary=summary, version=1, author=sana, written_at=old, note=SECRET)

    assert purging.due(alice.agency, now=NOW) == purging.erase_old(now=NOW) == 3

    settled.refresh_from_db()
    assert (settled.need, settled.in_the_way, settled.answer, settled.state) == ("", "", "", "answered")
    assert list(Commitment.objects.exclude(text="").values_list("pk", flat=True)) == [promised.pk]
    assert list(Ask.objects.exclude(need="").values_list("pk", flat=True)) == [waiting.pk]
    assert (SummaryNote.objects.count(), TeamSummary.objects.count()) == (0, 1)
    assert purges() == [("asks", LAST_KEPT, 1), ("promises", LAST_KEPT, 1), ("summary_notes", LAST_KEPT, 1)]


def test_ask_whose_words_are_gone_still_opens(client, alice, sana):
    old = datetime(2024, 11, 1, 12, 0, tzinfo=UTC)
    ask = make_ask(alice, need=SECRET, answered_by=sana, answered_at=old, answer=SECRET)
    purging.erase_old(now=NOW)
    client.force_login(alice)

    pages = [client.get(reverse("actions:ask", args=[ask.pk])), client.get(reverse("actions:asks"))]

    assert [page.text.count("older than your agency keeps them") for page in pages] == [2, 2]


def test_purging_goes_in_batches_and_a_second_run_changes_nothing(alice, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(5):
        old_action(alice)

    assert (purging.erase_old(now=NOW), purging.erase_old(now=NOW)) == (5, 0)
    assert purges() == [("actions", LAST_KEPT, 5)]

    old_action(alice)
    purging.erase_old(now=NOW)
    assert purges() == [("actions", LAST_KEPT, 6)]


def test_purge_that_breaks_off_has_recorded_what_it_erased(alice, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(5):
        old_action(alice)
    erase_batch, runs = purging._erase_batch, iter([True, True, False])
    monkeypatch.setattr(purging, "_erase_batch", lambda *a, **k: erase_batch(*a, **k) if next(runs, True) else 1 / 0)

    with pytest.raises(ExceptionGroup, match="not erased"):
        purging.erase_old(now=NOW)

    assert (Action.objects.filter(note="").count(), purges()) == (4, [("actions", LAST_KEPT, 4)])


def test_hold_keeps_all_of_one_agency_and_nothing_of_another(alice, charlie):
    for author in (alice, charlie):
        old_action(author)
    Agency.objects.filter(pk=alice.agency_id).update(held_on=LAST_KEPT, hold_reason="A court asked for it")

    purging.erase_old(now=NOW)

    assert [Action.objects.get(author=author).note for author in (alice, charlie)] == [SECRET, ""]


def test_hold_keeps_drafts_that_nobody_touches(alice, charlie):
    for author in (alice, charlie):
        drafts.keep("note=canoe", key=uuid4(), address=reverse("actions:log"), by=author, now=NOW - timedelta(days=31))
    Agency.objects.filter(pk=alice.agency_id).update(held_on=LAST_KEPT, hold_reason="A court asked for it")

    assert drafts.forget_untouched(now=NOW) == 1
    assert Draft.objects.get().author == alice


def test_what_cannot_be_erased_stops_nothing_else_and_is_told(alice, charlie, monkeypatch):
    old_action(alice)
    old_action(charlie)
    first = Agency.objects.order_by("pk").first()
    works = purging._erase_batch
    monkeypatch.setattr(
        purging, "_erase_batch", lambda key, what, *, now: 1 / 0 if key == first.pk else works(key, what, now=now)
    )

    with pytest.raises(ExceptionGroup, match="Some texts were not erased"):
        purging.erase_old(now=NOW)

    assert [bool(action.note) for action in Action.objects.order_by("agency")] == [True, False]


def test_hold_that_comes_between_two_batches_stops_the_next(alice, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 1)
    for _ in range(3):
        old_action(alice)
    erase_batch = purging._erase_batch

    def and_then_hold(*args, **options):
        erased = erase_batch(*args, **options)
        Agency.objects.update(held_on=LAST_KEPT, hold_reason="A court asked for it")
        return erased

    monkeypatch.setattr(purging, "_erase_batch", and_then_hold)

    assert purging.erase_old(now=NOW) == 1


def test_hold_keeps_what_somebody_left_behind(alice):
    make_worker(alice.agency, is_admin=True)
    old_action(alice, logged_on=NOW.date())
    departures.close_account(alice, now=NOW)
    later = NOW + timedelta(days=31)
    Agency.objects.update(held_on=LAST_KEPT, hold_reason="A court asked for it")
    tasks.tick()
    tasks.deliver()
    assert "stay until it is lifted" in mail.outbox[0].body
    assert (departures.erase_due(now=later), Action.objects.get().note) == (0, SECRET)

    Agency.objects.update(held_on=None, hold_reason="")
    assert (departures.erase_due(now=later), Action.objects.get().note) == (1, "")


# Reflections ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def away(alice):
    """Alice, who wrote a reflection, signed in last two years ago but for 29 days."""
    make_reflection(alice)
    Worker.objects.filter(pk=alice.pk).update(last_login=datetime(2024, 12, 21, 16, 0, tzinfo=UTC))
    return Worker.objects.get(pk=alice.pk)


END = datetime(2026, 12, 22, 16, 0, tzinfo=UTC)


def test_author_who_stays_away_is_told_a_month_before_and_then_they_go(away, time_machine):
    for _ in range(2):
        tasks.retention()
    tasks.deliver()
    assert [message.recipients() for message in mail.outbox] == [[away.email]]
    assert "On 22 Dec 2026 your reflections are erased for good." in mail.outbox[0].body
    assert Reflection.objects.count() == 1

    time_machine.move_to(END - timedelta(days=1), tick=False)
    tasks.retention()
    assert Reflection.objects.count() == 1

    time_machine.move_to(END, tick=False)
    tasks.retention()
    assert Reflection.objects.count() == 0
    assert purges() == [("reflections", date(2024, 12, 22), 1)]


def test_author_who_signs_in_keeps_them(away, client, time_machine):
    tasks.retention()
    client.force_login(away)
    tasks.deliver()
    assert mail.outbox == []

    time_machine.move_to(END, tick=False)
    tasks.retention()

    assert Reflection.objects.count() == 1


def test_author_has_her_month_also_after_an_outage(away, time_machine):
    time_machine.move_to(END + timedelta(days=300), tick=False)
    tasks.retention()
    tasks.deliver()
    assert (Reflection.objects.count(), len(mail.outbox)) == (1, 1)
    assert Delivery.objects.get().week == (END + timedelta(days=330)).date()
    time_machine.move_to(END + timedelta(days=330), tick=False)
    tasks.retention()
    assert Reflection.objects.count() == 0


def test_hold_keeps_reflections_and_tells_nobody(away, time_machine):
    Agency.objects.update(held_on=LAST_KEPT, hold_reason="A court asked for it")
    time_machine.move_to(END + timedelta(days=300), tick=False)

    tasks.retention()

    assert (Reflection.objects.count(), Delivery.objects.count()) == (1, 0)


def test_author_who_never_signed_in_keeps_hers(alice):
    make_reflection(alice)

    assert (retention.reflections_end(alice), purging.warn_absent(now=NOW), purging.erase_old(now=NOW)) == (None, 0, 0)


def test_agency_that_sends_no_reminders_sends_none(alice, time_machine):
    make_own_commitment(alice)
    Agency.objects.update(sends_reminders=False)
    time_machine.move_to(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))

    assert reminder_mails.queue_due(now=timezone.now()) == 0
    Agency.objects.update(sends_reminders=True)
    assert reminder_mails.queue_due(now=timezone.now()) == 1


def test_every_kind_of_text_is_known():
    assert set(purging.TEXTS) == set(Erased) - {Erased.REFLECTIONS}
