import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from actions import departures
from reports import summaries, summary_notes
from reports.mails import deliveries
from reports.models import SummaryNote, TeamSummary
from teams.models import Role
from tests.factories import make_membership, make_team, make_worker
from tests.reports.factories import CLOSING, QUARTER, make_quarter

WORDS = "Ask the youth council before the agenda is made."
OF_A_CLIENT = "Called back, 416 555 0134"
MAYBE_A_CLIENT = "Met with the Tremblay family at the school."


@pytest.fixture
def pair(agency, team, alice, sana, time_machine):
    """The summaries of two quarters, the earlier first."""
    time_machine.move_to(CLOSING)
    make_quarter(alice, 4)
    for period in (QUARTER.previous(), QUARTER):
        summaries.close(agency=agency, period=period, now=CLOSING, mails=False)
    return list(TeamSummary.objects.filter(team=team).order_by("period_start"))


@pytest.fixture
def earlier(pair):
    return pair[0]


@pytest.fixture
def summary(pair):
    return pair[1]


def at(summary, name="summary_note"):
    return reverse(f"reports:{name}", args=[summary.pk])


def wrote(summary, author, *, over=0, **texts):
    return summary_notes.write(SummaryNote(summary=summary, **texts), over=over, by=author, now=CLOSING)


def versions(summary):
    return list(summary.notes.values_list("version", "author__name", "came_of_it", "note", "will_try"))


def page(client, reader, summary):
    client.force_login(reader)
    return client.get(at(summary, "summary"))


# Who writes, and who reads -------------------------------------------------------------------------------------------


def test_supervisor_and_deputy_write_and_members_read(client, summary, team, alice, sana):
    deputy = make_worker(team.agency, "Dee Deputy", teams=[team], role=Role.SUPERVISOR)
    for author, posted in (
        (sana, {"version": 0, "note": "Two of us were on leave."}),
        (deputy, {"version": 1, "note": "Two of us were on leave.", "will_try": WORDS}),
    ):
        client.force_login(author)
        assert client.post(at(summary), posted).url == at(summary, "summary")

    read = page(client, alice, summary).text

    assert versions(summary) == [
        (2, "Dee Deputy", "", "Two of us were on leave.", WORDS),
        (1, "Sana Supervisor", "", "Two of us were on leave.", ""),
    ]
    assert [text in read for text in (WORDS, "Dee Deputy", "Sana Supervisor", "Earlier versions")] == [True] * 4
    assert at(summary) not in read


def test_deputy_gets_what_the_supervisor_gets(client, summary, team, sana, mailoutbox):
    deputy = make_worker(team.agency, "Dee Deputy", teams=[team], role=Role.SUPERVISOR)
    wrote(summary, sana, note=WORDS)
    pages = [page(client, reader, summary).text.split("<main")[1].split("</main>")[0] for reader in (sana, deputy)]
    pages = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text) for text in pages]
    for reader in (sana, deputy):
        client.force_login(reader)
        client.post(at(summary, "summary_send"))
    summaries._queue_mail(team.agency, [summary], now=CLOSING)
    deliveries.send_due()

    assert pages[0] == pages[1]
    assert sorted(message.to[0] for message in mailoutbox) == sorted([sana.email, deputy.email] * 2)
    assert {message.subject for message in mailoutbox} == {"Intake: summary of April to June 2026"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_writes(client, summary, team, alice, charlie, method):
    former = make_worker(team.agency, "Former")
    make_membership(former, team, Role.SUPERVISOR, ends_on=date(2026, 7, 7))
    elsewhere = make_worker(team.agency, teams=[make_team(team.agency)], role=Role.SUPERVISOR)
    lead = make_worker(team.agency, is_equity_lead=True, is_admin=True)
    for reader in (alice, charlie, former, elsewhere, lead):
        client.force_login(reader)
        assert getattr(client, method)(at(summary), {"note": WORDS}).status_code == 404

    assert versions(summary) == []


def test_notes_are_read_by_the_team_alone(summary, team, alice, sana, charlie):
    written = wrote(summary, sana, note=WORDS)
    elsewhere = make_worker(team.agency, teams=[make_team(team.agency)])

    assert [list(SummaryNote.objects.visible_to(reader)) for reader in (alice, sana, elsewhere, charlie)] == [
        [written],
        [written],
        [],
        [],
    ]


def test_note_of_one_agency_cannot_hang_on_a_summary_of_another(summary, charlie):
    with pytest.raises(IntegrityError), transaction.atomic():
        SummaryNote.objects.create(
            agency=charlie.agency, summary=summary, version=1, author=charlie, written_at=CLOSING
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# What is written -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["came_of_it", "note", "will_try"])
def test_guard_reads_every_text(client, earlier, summary, sana, field):
    wrote(earlier, sana, will_try=WORDS)
    client.force_login(sana)
    blocked = client.post(at(summary), {"version": 0, field: OF_A_CLIENT})
    warned = client.post(at(summary), {"version": 0, field: MAYBE_A_CLIENT})
    seal = warned.context["form"][field].reading.seal
    confirmed = client.post(at(summary), {"version": 0, field: MAYBE_A_CLIENT, "points_to_no_person": seal})

    assert [answer.status_code for answer in (blocked, warned, confirmed)] == [422, 422, 302]
    assert [set(answer.context["form"].errors) for answer in (blocked, warned)] == [{field}, {field}]
    assert summary.notes.get().texts[field] == MAYBE_A_CLIENT


def test_text_is_not_longer_than_600_characters(client, summary, sana):
    client.force_login(sana)
    long, longer = ("x\r\n" * 300, "x\r\n" * 300 + "x")  # a browser counts a line break as one

    assert client.post(at(summary), {"version": 0, "note": longer}).status_code == 422
    assert client.post(at(summary), {"version": 0, "note": long}).status_code == 302
    assert [len(version[3]) for version in versions(summary)] == [599]


def test_nothing_is_not_a_first_version_but_may_take_the_place_of_one(client, summary, sana):
    client.force_login(sana)
    first = client.post(at(summary), {"version": 0, "note": " "})
    wrote(summary, sana, note=WORDS)
    taken_out = client.post(at(summary), {"version": 1, "note": ""})

    assert (first.status_code, taken_out.status_code) == (422, 302)
    assert versions(summary) == [(2, "Sana Supervisor", "", "", ""), (1, "Sana Supervisor", "", WORDS, "")]
    assert "Everything was taken out." in client.get(at(summary, "summary")).text


def test_form_sent_twice_is_one_version(client, summary, sana):
    client.force_login(sana)
    posted = {"version": 0, "will_try": WORDS}

    assert [client.post(at(summary), posted).status_code for _ in range(2)] == [302, 302]
    assert len(versions(summary)) == 1


def test_who_comes_second_sees_both_texts_and_overwrites_nothing(client, summary, team, sana):
    deputy = make_worker(team.agency, "Dee Deputy", teams=[team], role=Role.SUPERVISOR)
    wrote(summary, sana, note="Hers, which came first.")
    client.force_login(deputy)
    posted = {"version": 0, "note": "His, written meanwhile."}
    conflict = client.post(at(summary), posted)
    form = conflict.context["form"]

    assert (conflict.status_code, len(versions(summary))) == (409, 1)
    assert ("Hers, which came first." in conflict.text, form["note"].value()) == (True, "His, written meanwhile.")
    assert client.post(at(summary), posted | {"version": form["version"].value()}).status_code == 302
    assert [version[1:4:2] for version in versions(summary)] == [
        ("Dee Deputy", "His, written meanwhile."),
        ("Sana Supervisor", "Hers, which came first."),
    ]


def test_two_at_the_same_moment_are_told_apart_by_the_database(summary, sana, monkeypatch):
    wrote(summary, sana, note="The faster one.")
    answers = [None, summary_notes.latest(summary)]
    monkeypatch.setattr(summary_notes, "latest", lambda _summary: answers.pop(0))

    with pytest.raises(summary_notes.StaleVersion) as stale:
        wrote(summary, sana, note="The slower one.")

    assert (stale.value.saved.note, len(versions(summary))) == ("The faster one.", 1)


# From one period to the next -----------------------------------------------------------------------------------------


def test_next_summary_says_what_the_team_would_try_and_asks_what_came_of_it(client, earlier, summary, alice, sana):
    wrote(earlier, sana, will_try=WORDS)
    before = page(client, sana, summary)
    form = client.get(at(summary)).context["form"]
    client.post(at(summary), {"version": 0, "came_of_it": "The agenda changed twice."})
    after = page(client, alice, summary).text

    assert (before.context["said"].will_try, before.context["said"].label) == (WORDS, "January to March 2026")
    assert list(form.fields) == ["version", "came_of_it", "note", "will_try"]
    assert (WORDS in after, after.count("The agenda changed twice.")) == (True, 1)


def test_nothing_is_asked_back_where_nothing_was_to_be_tried(client, earlier, summary, sana):
    wrote(earlier, sana, note="Only a note.")

    assert page(client, sana, summary).context["said"] is None
    assert list(client.get(at(summary)).context["form"].fields) == ["version", "note", "will_try"]
    assert client.post(at(summary), {"version": 0, "came_of_it": "Out of the blue"}).status_code == 422


def test_what_was_taken_out_is_not_said_again(earlier, summary, sana):
    wrote(earlier, sana, will_try=WORDS)
    wrote(earlier, sana, over=1, will_try="")

    assert summary_notes.said_before(summary) is None


def test_what_a_team_said_waits_over_a_period_in_which_nobody_wrote(agency, earlier, summary, alice, sana):
    wrote(earlier, sana, will_try=WORDS)
    summaries.close(agency=agency, period=QUARTER.next(), now=CLOSING + timedelta(days=92), mails=False)
    later = TeamSummary.objects.get(period_start=QUARTER.next().first)

    assert summary_notes.said_before(later).will_try == WORDS
    wrote(summary, sana, came_of_it="Nothing yet.")
    assert summary_notes.said_before(later) is None


def test_another_teams_words_are_not_ours(agency, earlier, summary, sana):
    other = make_team(agency)
    theirs = TeamSummary.objects.create(
        agency=agency,
        team=other,
        period_start=earlier.period_start,
        period_end=earlier.period_end,
        figures=earlier.figures,
        closed_at=CLOSING,
    )
    wrote(theirs, sana, will_try=WORDS)

    assert summary_notes.said_before(summary) is None


def test_file_and_message_carry_nothing_that_was_written(client, earlier, summary, alice, sana, mailoutbox):
    wrote(earlier, sana, will_try=WORDS)
    wrote(summary, sana, came_of_it=WORDS, note=WORDS, will_try=WORDS)
    client.force_login(alice)
    assert WORDS in client.get(at(summary, "summary")).text
    client.post(at(summary, "summary_send"))
    deliveries.send_due()
    (message,) = mailoutbox

    assert WORDS not in client.get(f"/summaries/{summary.pk}.csv").text
    assert [WORDS in part for part in (message.subject, message.body, message.alternatives[0].content)] == [False] * 3


def test_figures_stay_as_they_are_when_somebody_writes(summary, sana):
    before = TeamSummary.objects.values().get(pk=summary.pk)
    wrote(summary, sana, note=WORDS)

    assert TeamSummary.objects.values().get(pk=summary.pk) == before


@pytest.mark.parametrize("n", [1, 3])
def test_page_takes_as_many_queries_for_any_number_of_versions(
    client, summary, alice, sana, n, django_assert_num_queries
):
    for version in range(n):
        wrote(summary, sana, over=version, note=f"Version {version}")
    page(client, alice, summary)  # its picture is drawn once for all

    with django_assert_num_queries(11):
        client.get(at(summary, "summary"))


def test_what_a_supervisor_wrote_stays_the_teams_when_she_leaves(client, summary, alice, sana, time_machine):
    wrote(summary, sana, note=WORDS)
    departures.close_account(sana, now=CLOSING)
    time_machine.move_to(CLOSING + timedelta(days=60))

    assert departures.erase_due(now=CLOSING + timedelta(days=60)) == 1
    assert WORDS in page(client, alice, summary).text
