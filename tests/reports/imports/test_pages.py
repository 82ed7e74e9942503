import re

import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from reports.imports import uploads, work
from teams.models import Import, Worker
from tests.reports.imports.factories import ANA, action, brought, imported, make_admin
from tests.reports.imports.test_files import TEXT, send

LIST = reverse("reports:imports")


def page(client, upload):
    return client.get(reverse("reports:import", args=[upload.pk]))


def press(client, upload, verb, **said):
    return client.post(reverse(f"reports:import_{verb}", args=[upload.pk]), said, follow=True)


def shown(response):
    """What the button to import stands for."""
    return re.search(r'name="plan" value="(\w+)"', response.text)[1]


def buttons(response):
    found = re.findall(r'action="/agency/imports/[0-9a-f-]+/(\w+)/"', response.text)
    return sorted(found)


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_admin_goes_from_file_to_import_and_back(client, admin, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("reports.tasks.run_import.delay", lambda pk: work.work(Import.objects.get(pk=pk).pk))
    with django_capture_on_commit_callbacks(execute=True):
        sent = send(client, admin, TEXT.encode(), "staff.csv")
    upload = Import.objects.get()
    assert (sent.url, buttons(page(client, upload))) == (
        reverse("reports:import", args=[upload.pk]),
        ["cancel", "confirm"],
    )

    with django_capture_on_commit_callbacks(execute=True):
        press(client, upload, "confirm", plan=shown(page(client, upload)))
    assert (Worker.objects.filter(email=ANA["email"]).count(), buttons(page(client, upload))) == (1, ["undo"])

    with django_capture_on_commit_callbacks(execute=True):
        press(client, upload, "undo")
    assert (Worker.objects.filter(email=ANA["email"]).count(), buttons(page(client, upload))) == (0, [])


def test_broker_that_is_down_harms_nothing(client, admin, monkeypatch, django_capture_on_commit_callbacks):
    def down(pk):
        raise OperationalError

    monkeypatch.setattr("reports.tasks.run_import.delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client, admin, TEXT.encode(), "staff.csv").status_code == 302

    assert list(uploads.due(now=timezone.now())) == [Import.objects.get()]


def test_page_while_it_is_at_work_has_progress_refresh_and_cancel(client, admin, agency):
    upload = uploads.start(kind="people", name="staff.csv", content=TEXT.encode(), by=admin)
    client.force_login(admin)
    Import.objects.update(rows_done=30, rows_all=120)

    answer = page(client, upload)

    assert (buttons(answer), '<progress class="progress-own" max="100" value="25"' in answer.text) == (["cancel"], True)
    assert f'href="{reverse("reports:import", args=[upload.pk])}">Refresh' in answer.text
    assert client.get(reverse("reports:import_progress", args=[upload.pk])).json() == {
        "status": "checking",
        "percent": 25,
        "text": "30 of 120 rows",
    }
    press(client, upload, "cancel")
    assert client.get(reverse("reports:import_progress", args=[upload.pk])).json()["text"] == "It is being cancelled."


def test_first_hundred_errors_stand_on_the_page_and_all_in_the_file(client, admin):
    rows = [ANA | {"email": f"{n}@h.example", "role": "x"} for n in range(103)]
    upload = brought(admin, *rows)
    client.force_login(admin)

    answer = page(client, upload)

    assert (answer.text.count('<tr><th scope="row"'), "And 3 more." in answer.text, buttons(answer)) == (
        100,
        True,
        ["cancel"],
    )
    assert client.get(reverse("reports:import_errors", args=[upload.pk])).text.count("@h.example") == 103


def test_import_with_errors_cannot_be_confirmed(client, admin):
    upload = brought(admin, ANA | {"role": "x"})
    client.force_login(admin)

    assert told(press(client, upload, "confirm")) == ["Nothing to do: look at how it stands."]
    assert Import.objects.get().status == "ready"


def test_page_that_is_older_than_the_last_check_confirms_nothing(client, admin, alice):
    upload = brought(
        admin, ANA, {**ANA, "name": "Alicia", "email": alice.email, "role": "admin", "team": "", "starts_on": ""}
    )
    client.force_login(admin)
    older = shown(page(client, upload))
    Worker.objects.filter(pk=alice.pk).update(is_equity_lead=True)
    press(client, upload, "confirm", plan=older)
    work.work(upload.pk)

    assert told(press(client, upload, "confirm", plan=older)) == ["Nothing to do: look at how it stands."]
    upload.refresh_from_db()
    assert (upload.status, upload.message) == ("ready", "changed")

    press(client, upload, "confirm", plan=shown(page(client, upload)))
    work.work(upload.pk)
    upload.refresh_from_db()
    assert upload.status == "done"


def test_what_keeps_it_from_being_undone_is_told_by_row(client, admin):
    upload = imported(admin, ANA)
    Worker.objects.filter(email=ANA["email"]).update(last_login=timezone.now())
    client.force_login(admin)

    press(client, upload, "undo")
    work.work(upload.pk)

    assert (
        "Nothing was undone: some of what the import made or changed was changed or used since. 1 row of the file keeps it: 2."
        in page(client, upload).text
    )


def test_pages_of_actions_show_no_note(client, admin, alice):
    upload = imported(admin, action(alice, note="With the council of canaries."), kind="actions")
    client.force_login(admin)

    assert [text for text in (page(client, upload).text, client.get(LIST).text) if "canaries" in text] == []


def test_lead_reads_the_list_and_nothing_else(client, admin, lead):
    upload = brought(admin, ANA)
    client.force_login(lead)

    listed = client.get(LIST)

    assert [one.pk for one in listed.context["imports"]] == [upload.pk]
    assert (reverse("reports:import", args=[upload.pk]) in listed.text, page(client, upload).status_code) == (
        False,
        404,
    )


def test_admin_of_another_agency_sees_nothing(client, admin, other_team):
    upload = brought(admin, ANA)
    client.force_login(make_admin(other_team.agency))

    assert (list(client.get(LIST).context["imports"]), page(client, upload).status_code) == ([], 404)
    assert [press(client, upload, verb).status_code for verb in ("confirm", "cancel", "undo", "warnings")] == [404] * 4


@pytest.mark.parametrize("n", [1, 3])
def test_list_runs_five_queries(client, admin, django_assert_num_queries, n):
    for number in range(n):
        brought(admin, ANA | {"email": f"{number}@h.example"})
    client.force_login(admin)

    with django_assert_num_queries(5):
        client.get(LIST)
