"""Page, print, e-mail and files of one summary say what was frozen: every number of every team of an imported data set."""

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from actions.models import Community
from actions.vocabulary import CATALOGUE
from reports import summaries
from reports.mails import deliveries
from reports.models import Delivery, TeamSummary
from reports.periods import Period
from teams.models import Agency, Membership, Team, Worker
from tests.actions.factories import make_community
from tests.factories import make_action, make_commitment, make_team, make_worker
from tests.sweeps.pages import Page

DATA = Path(__file__).parent.parent / "data"
QUARTERS = [Period.parse("2026-01-01", "2026-03-31"), Period.parse("2026-04-01", "2026-06-30")]
BARS = ["direction", "promises", "kind", "level", "stance", "community", "heard_back"]
LANGUAGES = ["en", "fr"]
QUESTIONS = {entry["code"]: entry["question"] for entry in CATALOGUE["summary_questions"]}
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture
def frozen(time_machine):
    """The summaries of the newest quarter; the messages about them wait."""
    time_machine.move_to("2026-11-15T12:00Z")
    call_command("import_people", DATA / "people.csv", stdout=io.StringIO())
    call_command("import_actions", DATA / "actions.csv", stdout=io.StringIO(), stderr=io.StringIO())
    promise_alone(Agency.objects.first())
    for agency in Agency.objects.all():
        shipped = Community.objects.filter(agency=None).order_by("order").values_list("pk", flat=True)
        served = [*shipped[:3], make_community(agency).pk]  # some that a team does not reach, and one that none does
        Team.objects.filter(agency=agency).update(communities=served)
        for period in QUARTERS:
            summaries.close(agency=agency, period=period, now=timezone.now(), mails=period == QUARTERS[-1])
    return list(TeamSummary.objects.filter(period_start=QUARTERS[-1].first).select_related("team"))


def promise_alone(agency):
    """A team that shares nothing in the newest quarter, for which it promised something before."""
    team = make_team(agency)
    make_worker(agency, teams=[team], role="supervisor")
    before = make_action(make_worker(agency, teams=[team]), done_on=date(2026, 2, 2), logged_on=date(2026, 2, 2))
    for day, status in ((4, "kept"), (5, "open"), (6, "open")):
        make_commitment(before, due_on=date(2026, 4, day), status=status)


def expected(summary):
    """Straight from what was frozen: counts by table and code."""
    figures = summary.figures
    counts = {name: figures[name] for name in ("direction", "kind", "level", "stance", "heard_back")}
    counts["promises"] = figures["promises"]["by_status"]
    counts["community"] = dict.fromkeys(map(str, figures["served"]), 0) | figures["community"]
    return counts


def months(summary):
    """Pairs of numbers by month: taking direction, and all others."""
    taking = summary.figures["month_taking"]
    return [(taking[month], n - taking[month]) for month, n in sorted(summary.figures["month"].items())]


def asked(summary, language, labels):
    """The questions, with the names of the communities that one of them is about."""
    names = {code: label for (table, label), code in labels.items() if table == "community"}
    for question in summary.questions:
        about = "; ".join(names[str(pk)] for pk in question["communities"])
        yield QUESTIONS[question["code"]][language] + (f" ({about})" if about else "")


def changed(summary, labels):
    """What differs by more than twice the square root: the difference, the number, and that of the period before."""
    now = summary.figures
    before = TeamSummary.objects.get(team=summary.team, period_end=QUARTERS[0].last).figures
    if min(now["total"], before["total"]) < 20:
        return []
    pairs = [("", now["total"], before["total"])]
    pairs += [("", sum(now["month_taking"].values()), sum(before["month_taking"].values()))]
    pairs += [
        (label, now[table][code], before[table][code])
        for (table, label), code in labels.items()
        if table in {"kind", "level"}
    ]
    return [(label, [abs(n - was), n, was]) for label, n, was in pairs if (n - was) ** 2 > 4 * max(n, was)]


def numbers(text):
    return [int(re.sub(r"\D", "", number)) for number in re.findall(r"\d+(?:[,\u00a0\u202f]\d{3})*", text)]


# Reading each form --------------------------------------------------------------------------------------------------


def rows_of(client, summary, ending):
    """The cells of the file, its header first."""
    content = client.get(f"/summaries/{summary.pk}.{ending}").content
    if ending == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def file_of(client, summary, ending):
    """Counts by table and code, the labels of the codes, and the months in pairs."""
    counts, labels, pairs = {name: {} for name in BARS}, {}, {}
    for *_about, table, code, label, n in rows_of(client, summary, ending)[1:]:
        if table == "month":
            pairs.setdefault(code, []).append(int(n))
        else:
            counts[table][code] = int(n)
            labels[table, label] = code
    return counts, labels, [tuple(pair) for pair in pairs.values()]


def tables_in(page):
    """The rows of each table with one number, by label, in the order of the page."""
    for table in page.all("table"):
        rows = [element for element in table.inside if element.tag == "tr" and not _within(element, "tfoot", "thead")]
        cells = [[cell for cell in row.inside if cell.tag in {"th", "td"}] for row in rows]
        yield table, {row[0].text.strip(): numbers(row[1].text) for row in cells}, cells


def _within(element, *tags):
    return bool({parent.tag for parent in element.parents} & set(tags))


def page_of(client, summary):
    """Counts by table and label, their totals, the months in pairs, the headline; and the page itself."""
    page = Page(client.get(f"/summaries/{summary.pk}/").text)
    bars, totals, pairs = {}, {}, []
    for table, rows, cells in tables_in(page):
        if "bars" in table["class"].split():
            bars[table["id"]] = {label: n for label, (n,) in rows.items()}
            foot = [cell for cell in table.inside if cell.tag == "td" and _within(cell, "tfoot")]
            totals[table["id"]] = numbers(foot[0].text)[0] if foot else None
        else:
            pairs += [tuple(n for cell in row[1:] for n in numbers(cell.text)) for row in cells]
    (headline,) = [element.text for element in page.all("h2") if element["id"] == "headline"]
    return page, bars, totals, pairs, headline


def questions_in(page):
    return [element.text for element in page.all("li") if _within(element, "ol")]


def changes_in(page):
    """What each sentence is about, where it names it, and its numbers."""
    (panel,) = [element for element in page.all("section") if element["aria-labelledby"] == "changes"]
    sentences = [element.text for element in panel.inside if element.tag == "li"]
    quoted = [re.search(r"[“«]\s*(.+?)\s*[”»]", sentence) for sentence in sentences]
    return [(name[1] if name else "", numbers(said)) for name, said in zip(quoted, sentences, strict=True)]


def html_mail_of(message):
    """Counts by label for each table, in their order; the notes under them, the questions and the headline."""
    page = Page(message.alternatives[0].content)
    tables = [{label: n for label, (n,) in rows.items()} for _table, rows, _cells in tables_in(page)]
    places = [place for place, element in enumerate(page.elements) if element["class"] == "note"]
    notes = [page.elements[place].text for place in places if page.elements[place - 1].tag == "td"]
    return tables, notes, questions_in(page), page.all("h1")[0].text


def text_mail_of(message):
    """The same from the text: the lines that are set in and end in a number, or do not; those with a number before."""
    tables, notes, inside = [], [], False
    for line in message.body.splitlines():
        row = re.fullmatch(r"  (.+?)\u00a0?: ([\d,\u00a0\u202f]+)", line)
        if row and not inside:
            tables.append({})
        inside = bool(row)
        if row:
            tables[-1][row[1]] = numbers(row[2])[0]
        elif line.startswith("  "):
            notes.append(line.strip())
    return tables, notes, re.findall(r"^\d\. (.+)$", message.body, re.MULTILINE), message.body.splitlines()[2]


def named(counts, labels, table):
    """Counts by code of a table that has them by label."""
    return {labels[table, label]: n for label, n in counts.items()}


# The walk -----------------------------------------------------------------------------------------------------------


def test_every_form_of_every_summary_says_what_was_frozen(client, frozen):
    changes = [walk(client, summary, language) for summary in frozen for language in LANGUAGES]

    assert len(changes) == 2 * Team.objects.count() == 24
    assert any(changes)
    totals = sorted(summary.figures["total"] for summary in frozen)
    assert (totals[0], totals[1] > 0, sum(totals) > 200) == (0, True, True)
    assert {bool(question["communities"]) for summary in frozen for question in summary.questions} == {True, False}


def walk(client, summary, language):
    """Compares it all, and returns what has changed since the period before."""
    reader = Worker.objects.filter(memberships__in=Membership.objects.supervising(), memberships__team=summary.team)[0]
    reader.language = language
    reader.save()
    client.force_login(reader)
    wanted, total = expected(summary), summary.figures["total"]

    in_csv, labels, csv_months = file_of(client, summary, "csv")
    assert (in_csv, csv_months) == (wanted, months(summary))
    assert file_of(client, summary, "xlsx") == (in_csv, labels, csv_months)

    page, bars, totals, page_months, headline = page_of(client, summary)
    assert {table: named(counts, labels, table) for table, counts in bars.items()} == wanted
    due = summary.figures["promises"]["due"]
    assert totals == {name: {"promises": due, "community": None}.get(name, total) for name in BARS}
    assert page_months == (months(summary) if total else [])
    assert (total in numbers(headline)) is (total > 0)
    assert hidden_on_paper(page) == []
    questions = list(asked(summary, language, labels))
    assert questions_in(page) == questions
    changes = changed(summary, labels)
    assert changes_in(page) == changes
    notes = [element.text for element in page.all("p") if element["class"] == "figure-note"]
    assert numbers(notes[0]) == [summary.figures["promises"]["open_past"]]

    message = message_of(summary, reader)
    carried = BARS if total else ["promises"]
    for tables, noted, in_mail, said in (html_mail_of(message), text_mail_of(message)):
        assert [named(counts, labels, table) for table, counts in zip(carried, tables, strict=True)] == [
            wanted[table] for table in carried
        ]
        assert (noted, in_mail, said) == (notes[: len(carried)], questions, headline)
    return changes


def message_of(summary, reader):
    """Her message, sent as in earnest, anew for each language."""
    mail.outbox.clear()
    delivery = Delivery.objects.filter(summary=summary, recipient=reader)
    delivery.update(status="pending", attempts=0, due_at=timezone.now() - timedelta(minutes=1))
    Delivery.objects.exclude(pk__in=delivery).update(status="sent")
    deliveries.send_due()
    (message,) = mail.outbox
    return message


# On paper -----------------------------------------------------------------------------------------------------------


def not_printed():
    """The classes that the style sheet takes out of print, at any width."""
    css = (settings.BASE_DIR / "static/css/allyship.css").read_text()
    paper = css[css.rindex("@media print") :]
    (rule,) = re.findall(r"\.site-nav,[^{]*(?=\{\s*display: none !important)", paper)
    return set(re.findall(r"\.([\w-]+),?\n", rule)) - {"icon"}


def hidden_on_paper(page):
    """Tables, headlines and pictures of the page in anything that print leaves out."""
    hidden = not_printed()
    assert {"no-print", "figure-links", "btn"} <= hidden
    shown = page.all("table", "caption", "h1", "h2", "td", "text", "figure")
    return [
        element.tag for element in shown for each in (element, *element.parents) if hidden & set(each["class"].split())
    ]
