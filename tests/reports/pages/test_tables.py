"""What the titles, bars and percentages say of figures made up for it: nothing, one, nineteen, twenty, ten thousand."""

import re

import pytest
from django.utils.translation import override

from reports.figures.counts import KINDS, LEVELS, Promises
from reports.models import TeamSummary
from reports.pages.tables import Tables, communities_of
from tests.factories import community
from tests.reports.factories import CLOSING, QUARTER, make_figures

NBSP = "\xa0"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def tables(n, **parts):
    return Tables(make_figures(n, **parts), communities_of(None), file=lambda name, ending: f"/{name}.{ending}")


def promises(**by_status):
    statuses = {"open": 0, "kept": 0, "kept_late": 0, "renegotiated": 0, "dropped": 0} | by_status
    return Promises(due=sum(statuses.values()), by_status=statuses, open_total=0, open_past=0)


def captions(shown):
    return {table.id: table.caption for table in shown.all()} | {"month": shown.months().title}


def test_titles_of_nothing():
    nothing = "nothing to count in this period."
    assert captions(tables(0)) == {
        "direction": "No shared actions in this period.",
        "promises": "No promise was due in the period.",
        "kind": f"Kinds of practice: {nothing}",
        "level": f"Levels: {nothing}",
        "stance": f"Acting ahead and responding: {nothing}",
        "community": f"Reach by community: {nothing}",
        "heard_back": f"Heard back: {nothing}",
        "month": "No shared actions in this period.",
    }


def test_titles_of_one():
    assert captions(tables(1, promises=promises(kept=1), communities=[(community().pk,)])) == {
        "direction": "1 shared action, led, co-designed or asked for by people affected.",
        "promises": "Kept on time: 1 of 1 promise due in the period.",
        "kind": "Kinds of practice: 1 of 8, in 1 action.",
        "level": "Levels: 1 of 4, in 1 action.",
        "stance": "Acting ahead: 1 of 1 action; responding to what happened: 0.",
        "community": "The actions name 1 community.",
        "heard_back": "Heard back on 0 of 1 action where people affected can be asked.",
        "month": "1 shared action over 3 months.",
    }


def test_titles_below_twenty_describe_and_do_not_compare():
    uneven = {"kind": ["advocacy", "advocacy", "learning"], "level": ["agency", "agency", "sector"]}
    uneven["stance"] = ["proactive", "proactive", "reactive"]
    shown = tables(19, promises=promises(kept=1, dropped=18), heard_back=["heard", "not_applicable"], **uneven)

    assert captions(shown) == {
        "direction": "10 of 19 shared actions were led, co-designed or asked for by people affected.",
        "promises": "Kept on time: 1 of 19 promises due in the period.",
        "kind": "Kinds of practice: 2 of 8, in 19 actions.",
        "level": "Levels: 2 of 4, in 19 actions.",
        "stance": "Acting ahead: 13 of 19 actions; responding to what happened: 6.",
        "community": "The actions name no community.",
        "heard_back": "Heard back on 10 of 10 actions where people affected can be asked.",
        "month": "19 shared actions over 3 months.",
    }
    assert {row.percent for table in shown.all() for row in table.rows} == {""}


def test_titles_of_ten_thousand():
    communities = [(community("racialized").pk,), (community("francophone").pk,)]
    shown = tables(10_000, kind=["advocacy", "advocacy", "learning"], level=["agency"], communities=communities)

    assert captions(shown) == {
        "direction": "5,000 of 10,000 shared actions were led, co-designed or asked for by people affected (50%).",
        "promises": "No promise was due in the period.",
        "kind": "Kinds of practice: most often “Changing rules and systems”, 6,667 of 10,000.",
        "level": "Levels: most often “Agency”, 10,000 of 10,000.",
        "stance": "Acting ahead: 10,000 of 10,000 actions; responding to what happened: 0.",
        "community": "The actions name 2 communities.",
        "heard_back": "Heard back on 0 of 10,000 actions where people affected can be asked.",
        "month": "10,000 shared actions over 3 months; no month clearly has the most.",
    }


def test_titles_in_french():
    with override("fr-ca"):
        shown = tables(
            10_000, kind=["advocacy", "learning"], level=["agency"], promises=promises(kept=1, dropped=1_000)
        )
        few = tables(19)

        assert captions(shown) == {
            "direction": f"5{NBSP}000 actions partagées sur 10{NBSP}000 (50{NBSP}%) ont été menées par les personnes "
            "concernées, conçues avec elles ou demandées par elles.",
            "promises": f"Engagements tenus à temps{NBSP}: 1 sur 1{NBSP}001 prévus dans la période.",
            "kind": f"Types de pratique{NBSP}: le plus souvent «{NBSP}Changer les règles et les systèmes{NBSP}» et "
            f"«{NBSP}Apprendre et réfléchir{NBSP}», 5{NBSP}000 sur 10{NBSP}000 chacun.",
            "level": f"Niveaux{NBSP}: le plus souvent «{NBSP}Organisme{NBSP}», 10{NBSP}000 sur 10{NBSP}000.",
            "stance": f"Agir d’avance{NBSP}: 10{NBSP}000 actions sur 10{NBSP}000; répondre à ce qui s’est passé{NBSP}: 0.",
            "community": "Les actions ne nomment aucune communauté.",
            "heard_back": f"Retour reçu{NBSP}: 0 sur 10{NBSP}000, parmi les actions où l’on peut demander leur avis aux "
            "personnes concernées.",
            "month": f"10{NBSP}000 actions partagées en 3 mois; aucun ne compte nettement le plus d’actions.",
        }
        assert captions(few)["kind"] == f"Types de pratique{NBSP}: 1 sur 8, pour 19 actions."


@pytest.mark.parametrize(
    ("n", "leading", "title"),
    [
        (20, 2, "Kinds of practice: most often “Alongside families” and “Speaking up and teaching”, each 10 of 20."),
        (21, 3, "Kinds of practice: 3 of 8, in 21 actions."),
        (24, 8, "Kinds of practice: 8 of 8, in 24 actions."),
    ],
)
def test_title_of_a_tie_names_two_and_not_more(n, leading, title):
    assert tables(n, kind=KINDS[:leading]).kinds().caption == title


def test_title_where_nobody_can_be_heard():
    assert tables(5, heard_back=["not_applicable"]).heard_back().caption == (
        "Heard back: people affected cannot be asked about any of these actions."
    )


def test_a_bar_is_the_share_of_all_actions_so_that_all_tables_have_one_scale():
    shown = tables(20, kind=["advocacy"] * 3 + ["learning"], level=LEVELS)

    assert [(row.n, row.width) for row in shown.kinds().rows if row.n] == [(15, 75), (5, 25)]
    assert [(row.n, row.width) for row in shown.levels().rows] == [(5, 25)] * 4


def test_one_of_ten_thousand_is_neither_nothing_nor_the_rest_all():
    rows = tables(10_000, kind=["advocacy"] + ["learning"] * 9_999).kinds().rows

    assert [(row.n, row.percent, row.width) for row in rows if row.n] == [(1, "<1%", 1), (9_999, ">99%", 100)]
    assert {row.percent for row in rows if not row.n} == {"0%"}


@pytest.mark.parametrize("n", [0, 1, 19, 10_000])
def test_summary_page_has_each_picture_with_its_numbers(client, alice, team, n):
    """Every table with its file; the picture by month, its table and its file where there is anything to draw."""
    figures = make_figures(n, communities=[(community().pk,)])
    summary = TeamSummary.objects.create(
        agency=team.agency,
        team=team,
        period_start=QUARTER.first,
        period_end=QUARTER.last,
        figures=figures.plain,
        closed_at=CLOSING,
    )
    client.force_login(alice)
    page = client.get(f"/summaries/{summary.pk}/")
    files = re.findall(rf'href="(/summaries/{summary.pk}.(?:csv|xlsx)[^"]*)" download', page.text)

    shown = ["direction", "promises", "kind", "level", "stance", *(["community"] if n else []), "heard_back"]
    assert [(name.partition("?")[0][-4:], name.partition("?table=")[2]) for name in files] == [
        (ending, table) for table in [*shown, *(["month"] if n else []), ""] for ending in (".csv", "xlsx")
    ]
    assert {client.get(name).status_code for name in files} == {200}
    assert len(re.findall(r'<svg role="img" aria-label="Shared actions by month', page.text)) == (2 if n else 0)
    assert len(re.findall(r"<details>\s*<summary>Show as a table", page.text)) == (1 if n else 0)
    drawn = [str(cell) for chart in [page.context["chart"]] if chart for row in chart.rows for cell in row[1:]]
    written = re.findall(r'<td class="number">([^<]*)</td>', page.text)
    assert [cell.replace(NBSP, "") for cell in written] == drawn


def test_summary_file_of_one_table(client, alice, team):
    summary = TeamSummary.objects.create(
        agency=team.agency,
        team=team,
        period_start=QUARTER.first,
        period_end=QUARTER.last,
        figures=make_figures(3).plain,
        closed_at=CLOSING,
    )
    client.force_login(alice)
    answer = client.get(f"/summaries/{summary.pk}.csv", {"table": "month"})

    assert answer["Content-Disposition"] == 'attachment; filename="intake-month-2026-04-01-2026-06-30.csv"'
    assert {line.split(",")[3] for line in answer.text.splitlines()[1:]} == {"month"}
    assert client.get(f"/summaries/{summary.pk}.csv", {"table": "nonsense"}).status_code == 404
