"""What triggers record of changes: whoever makes them and however, and nothing that is not to be recorded."""

import sys
from datetime import date

import pghistory
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone
from pghistory.core import event_models
from pghistory.models import Context

import manage
from actions import catalogue, terms
from actions.models import Community, CommunityEdit
from reports import tasks
from reports.imports import uploads
from teams import invitations
from teams.invitations import Offer
from teams.models import Import, Invitation, Membership, Session, Team, Worker
from tests.factories import PASSWORD, make_agency, make_ask, make_team, make_worker
from tests.reports.imports.factories import confirm

NEVER = {  # columns of the tracked models that no event table may have
    *("password", "last_login", "session_generation", "calendar_key", "default_visibility"),
    *("token_hash", "nonce", "content", "findings", "undo", "changes", "data", "is_answered"),
    *("asker", "in_the_way", "need", "answer", "barrier", "author", "came_of_it", "note", "will_try"),
    *("aim", "outside", "resources", "count", "file_name"),
}


def events(model, **asked):
    event = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    return event._base_manager.filter(**asked).order_by("pgh_id")


def kinds_of(model, **asked):
    return list(events(model, **asked).values_list("pgh_label", flat=True))


def test_save_update_bulk_create_and_raw_sql_are_recorded(agency):
    [team] = Team.objects.bulk_create([Team(agency=agency, name="By bulk")])
    team.name = "By save"
    team.save()
    Team.objects.filter(pk=team.pk).update(name="By update")
    Team.objects.bulk_update([Team(pk=team.pk, name="By bulk update")], ["name"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE teams_team SET name = 'By hand' WHERE id = %s", [team.pk])
        cursor.execute("DELETE FROM teams_team WHERE id = %s", [team.pk])

    recorded = events(Team, pgh_obj=team.pk).values_list("pgh_label", "name", "agency")
    assert list(recorded) == [
        ("insert", "By bulk", agency.pk),
        ("update", "By save", agency.pk),
        ("update", "By update", agency.pk),
        ("update", "By bulk update", agency.pk),
        ("update", "By hand", agency.pk),
        ("delete", "By hand", agency.pk),
    ]


def test_copy_into_a_table_is_recorded(agency):
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY teams_team (agency_id, name, communities) FROM STDIN") as copy,
    ):
        copy.write_row([agency.pk, "By copy", "{}"])

    assert kinds_of(Team, name="By copy") == ["insert"]


def test_signing_in_and_what_a_worker_sets_for_herself_leave_no_event(client, team):
    alice = make_worker(team.agency, password=PASSWORD)
    before = events(Worker).count()

    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    Worker.objects.filter(pk=alice.pk).update(
        language="fr", gets_reminders=False, default_visibility="private", session_generation=7
    )

    assert Session.objects.of(alice).exists()
    assert events(Worker).count() == before


def test_event_tables_have_no_column_for_a_secret_or_a_text_of_a_worker():
    columns = {model: {field.name for field in model._meta.fields} for model in event_models()}

    assert {model: names & NEVER for model, names in columns.items() if names & NEVER} == {}
    assert len(columns) == 23
    assert {model for model, names in columns.items() if "agency" not in names} == set()


def test_event_of_a_model_without_an_agency_has_that_of_what_it_belongs_to(agency, alice):
    factor = apps.get_model("mfa", "Authenticator").objects.create(user=alice, type="totp", data={"secret": "canary"})
    factor.delete()

    assert list(events(apps.get_model("teams", "SecondFactor")).values_list("pgh_label", "user", "agency")) == [
        ("delete", alice.pk, agency.pk)
    ]
    assert set(events(type(agency)).values_list("agency", "pgh_obj")) == {(agency.pk, agency.pk)}


def test_ask_is_recorded_once_it_is_settled_and_without_who_asked(alice, sana):
    ask = make_ask(alice)
    assert events(type(ask)).count() == 0

    settled = {"state": "answered", "answer": "Yes.", "answered_by": sana, "answered_at": timezone.now()}
    type(ask).objects.filter(pk=ask.pk).update(**settled)

    [event] = events(type(ask)).values()
    assert event["state"] == "answered"
    assert alice.pk not in event.values()


def test_request_is_recorded_by_who_sent_it_and_the_name_of_the_page(client, agency, alice):
    admin = make_worker(agency, "Ada Admin", is_admin=True)
    client.force_login(admin)

    page = reverse("teams:invitations")
    client.post(
        f"{page}?q=canary", {"addresses": "new@agency.example", "grants": "", "role": "member", "language": "en"}
    )

    [event] = events(Invitation)
    assert event.pgh_context == {"by": str(admin.pk), "page": "teams:invitations"}


def test_accepted_invitation_leaves_nothing_of_its_link_in_any_event(client, agency, team):
    offer = Offer(language="en", teams=[team])
    invitations.invite(agency, ["new@agency.example"], offer=offer, now=timezone.now(), by=None)
    token = invitations.token(Invitation.objects.get())

    client.post(
        reverse("teams:join", args=[token]),
        {"name": "New", "password1": "some-words-in-a-row", "password2": "some-words-in-a-row", "language": "en"},
    )

    worker = Worker.objects.get(email="new@agency.example")
    [created] = events(Worker, pgh_obj=worker.pk)
    assert created.pgh_context == {"page": "teams:join"}
    told = everything_recorded()
    assert token not in told
    assert Invitation.objects.get().token_hash not in told
    assert str(Invitation.objects.get().nonce) not in told


def test_job_is_recorded_by_its_name_and_an_import_by_who_brought_it(agency):
    admin = make_worker(agency, "Ada Admin", is_admin=True)
    content = b"name,email,role,team,starts_on\nNew,new@agency.example,member,Night shift,2026-01-05\n"
    upload = uploads.start(kind="people", name="people.csv", content=content, by=admin)
    tasks.run_import(str(upload.pk))
    confirm(upload, by=admin)
    tasks.run_import(str(upload.pk))

    told = {"by": str(admin.pk), "task": "reports.tasks.run_import"}
    for model, found in ((Worker, {"email": "new@agency.example"}), (Team, {"name": "Night shift"}), (Membership, {})):
        assert [event.pgh_context for event in events(model, **found)] == [told], model
    assert list(events(Import).values_list("status", flat=True)) == ["running", "done"]


def test_import_is_recorded_by_who_confirmed_it_and_its_undo_by_who_asked_for_that(agency, alice):
    ada, bea, cleo = (make_worker(agency, name, is_admin=True) for name in ("Ada", "Bea", "Cleo"))
    row = f"Alicia,{alice.email},member,Night shift,2026-01-05"
    content = f"name,email,role,team,starts_on\n{row}\n".encode()
    upload = uploads.start(kind="people", name="people.csv", content=content, by=ada)
    tasks.run_import(str(upload.pk))
    confirm(upload, by=bea)
    tasks.run_import(str(upload.pk))
    uploads.undo(Import.objects.get(pk=upload.pk), now=timezone.now(), by=cleo)
    tasks.run_import(str(upload.pk))

    told = [[event.pgh_label, event.pgh_context["by"]] for event in events(Team, name="Night shift")]
    assert told == [["insert", str(bea.pk)], ["delete", str(cleo.pk)]]
    changed = events(Worker, pgh_obj=alice.pk).filter(pgh_label="update")
    assert [(event.name, event.pgh_context["by"]) for event in changed] == [
        ("Alicia", str(bea.pk)),
        (alice.name, str(cleo.pk)),
    ]
    ended = events(Import, status__in=["done", "undone"]).filter(pgh_label="update")
    assert [event.pgh_context["by"] for event in ended] == [str(bea.pk), str(cleo.pk)]


def test_command_is_recorded_by_its_name(monkeypatch, agency, capsys):
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test still needs its connection
    monkeypatch.setattr(sys, "argv", ["manage.py", "change_cadence", agency.slug, "monthly"])

    manage.main()

    assert [event.pgh_context for event in events(apps.get_model("teams", "CadenceChange"))] == [
        {"command": "change_cadence"}
    ]


def test_context_ends_with_its_request(client, agency):
    client.force_login(make_worker(agency, is_admin=True))
    client.get(reverse("teams:people"))

    assert not hasattr(pghistory.runtime._tracker, "value")
    assert connection.execute_wrappers == [] or settings.DEBUG


def test_terms_that_come_with_the_app_and_a_new_order_leave_no_event(agency):
    catalogue.load()
    terms.move(Community.objects.filter(agency=None).first(), agency, up=False)
    terms.offer(Community.objects.filter(agency=None, is_exclusive=False).last(), agency, offered=False)

    assert events(Community, pgh_label="insert").count() == 0
    assert [event.is_hidden for event in events(CommunityEdit)] == [True]


def test_no_context_table_is_filled(agency):
    with pghistory.context(by="x"):
        make_team(make_agency())

    assert Context.objects.count() == 0


def test_spell_that_goes_is_recorded_as_it_was(agency, alice, team):
    spell = Membership.objects.get(worker=alice)
    Membership.objects.filter(pk=spell.pk).update(ends_on=date(2026, 7, 1))
    Membership.objects.filter(pk=spell.pk).delete()

    told = events(Membership, pgh_obj=spell.pk).values_list("pgh_label", "worker", "team", "ends_on")
    assert list(told) == [
        ("insert", alice.pk, team.pk, None),
        ("update", alice.pk, team.pk, date(2026, 7, 1)),
        ("delete", alice.pk, team.pk, date(2026, 7, 1)),
    ]


def everything_recorded():
    """All columns of all event tables, as text."""
    with connection.cursor() as cursor:
        rows = []
        for model in event_models():
            cursor.execute(f'SELECT to_jsonb(event)::text FROM "{model._meta.db_table}" event')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)
