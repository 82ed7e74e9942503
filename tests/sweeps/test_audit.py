"""The audit after all that the world does: what workers wrote is in no event, and every place that made one has words."""

import re

from django.db import connection, transaction
from django.utils import timezone
from pghistory.core import event_models

from actions.models import Action, Ask, Commitment, Draft, Initiative, Reflection
from allyship.celery import app
from reports.audit import places
from reports.models import SummaryNote
from teams.models import Import, Invitation, Worker
from tests.sweeps.table import POST, rows
from tests.sweeps.walk import Walker, address_of, addresses
from tests.sweeps.world import INITIATIVE_TEXTS, grow

# What admins and leads look after, and may therefore find in the audit; everything else that the world planted is hers
# who wrote it.
LOOKED_AFTER = re.compile(
    r"the name of (?!a file|somebody in a file)|a practice |a renamed practice |a community |an allowed text |"
    r"the reason of a hold |anybody's e-mail address|an address invited by "
)

# They send a mail, or have a file checked.
CHANGE_NOTHING_AUDITED = {
    *("reports:try_again", "reports:import_new", "reports:import_warnings"),
    *("teams:person_link", "teams:person_address"),  # the address changes once its owner confirms it
}


def recorded():
    """All event tables, all columns, as text."""
    told = []
    with connection.cursor() as cursor:
        for model in event_models():
            cursor.execute(f'SELECT event::text FROM "{model._meta.db_table}" event')
            told += [row for (row,) in cursor.fetchall()]
    return "\n".join(told)


def test_no_text_of_a_worker_and_no_secret_is_in_any_event(world):
    grow(world)
    edit_everything()
    titles = set(Initiative.objects.values_list("title", flat=True))
    allowed, kept_out = set(titles), set()
    for what, texts in world.canaries.items():
        (allowed if LOOKED_AFTER.match(what) else kept_out).update(texts)
    kept_out -= allowed
    secrets = {str(value) for row in Invitation.objects.values_list("nonce", "token_hash") for value in row}
    secrets |= {str(key) for key in Worker.objects.exclude(calendar_key=None).values_list("calendar_key", flat=True)}
    secrets |= set(Worker.objects.values_list("password", flat=True)) | set(
        Import.objects.values_list("digest", flat=True)
    )

    told = recorded()

    assert [text for text in sorted(kept_out | secrets) if text in told] == []
    assert len(kept_out) > 60
    assert len([text for text in allowed if text in told]) > 30


def edit_everything():
    """All rows once more, past the app, so that every trigger sees every text."""
    for model in (Action, Ask, Commitment, Draft, Initiative, Reflection, SummaryNote, Worker, Invitation, Import):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id")
    for ask in Ask.objects.filter(state="open"):
        answerer = Worker.objects.filter(agency=ask.agency).exclude(pk=ask.asker_id).first()
        settled = {"state": "declined", "answer": "Canary of an answer", "answered_at": timezone.now()}
        Ask.objects.filter(pk=ask.pk).update(answered_by=answerer, **settled)
    Initiative.objects.update(
        **{name: "Canary of an initiative" for name in INITIATIVE_TEXTS if name != "title"}, version=9
    )


def test_every_page_of_those_who_look_after_something_has_words():
    told = {row.name for row in rows(POST) if sends(row, "admin", "lead", "sana") and not sends(row, "alice")}

    assert told - set(places.PAGES) == CHANGE_NOTHING_AUDITED
    assert set(places.PAGES) <= set(addresses())
    assert set(places.TASKS) <= set(app.tasks)


# What leaves no event: a mail that is sent or tried again, the order of terms, a file that is checked once more (its
# import tells that warnings were accepted) or confirmed without what the check showed, a name that stays as it was, and
# the password of whoever presses.
SILENT_BUTTONS = {
    *("reports:try_again", "teams:person_link", "actions:term_move", "reports:import_warnings"),
    *("reports:import_confirm", "actions:term_rename", "account_change_password"),
}


def test_every_button_of_those_who_look_after_something_leaves_an_event(world):
    """Forms have tests of their own; what needs more than a press of a button answers 422 here, or 404."""
    walker, silent, told = Walker(world, "en"), set(), set()
    for row in rows(POST):
        for role in ("admin", "lead", "sana"):
            if row.cells[role] == "302" and row.cells["alice"] != "302":
                (told if leaves_an_event(walker, role, row) else silent).add(row.name)

    assert silent - told == SILENT_BUTTONS
    assert len(told) >= 10


def leaves_an_event(walker, role, row):
    walker.be(role)
    with transaction.atomic():
        before = number_of_events()
        walker.client.post(address_of(row, walker.world.objects))
        after = number_of_events()
        transaction.set_rollback(True)
    return after > before


def number_of_events():
    return sum(model._base_manager.count() for model in event_models())


def sends(row, *roles):
    return any(row.cells[role] not in {"login", "403", "404", "405"} for role in roles)
