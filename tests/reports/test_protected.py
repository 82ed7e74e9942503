"""Closing quarters: when, once, of whom; and that what is hidden leaves by no outlet."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions import entries
from actions.imports import actions_import
from actions.models import Action, Community, Practice
from reports import protected, tasks
from reports.figures.counts import KINDS
from reports.models import ProtectedQuarter
from reports.pages.files import Ending
from teams.models import Agency
from tests.actions.factories import edit_term, make_community, make_practice
from tests.factories import (
    community,
    make_action,
    make_agency,
    make_membership,
    make_team,
    make_worker,
    practice,
)
from tests.reports.factories import CLOSING, QUARTER, make_many, make_staff
from tests.sweeps.pages import Page
from tests.sweeps.walk import Visit


@pytest.fixture
def agency(agency):
    agency.reports_from = QUARTER.first
    agency.save()
    return agency


@pytest.fixture
def staff(agency):
    return make_staff(agency)


def closed(agency=None, *, now=CLOSING):
    """The quarter's figures, after all that is due was closed."""
    protected.close_all(now=now)
    return ProtectedQuarter.objects.get(agency=agency, first_day=QUARTER.first).protected_figures


def shown(figures, table):
    return {cell.code: cell.shown for cell in figures.table(table).cells}


def test_a_quarter_is_due_when_its_grace_days_are_over_and_is_noticed_once(agency):
    assert protected.notice_due(now=CLOSING - timedelta(days=1)) == []

    protected.notice_due(now=CLOSING)
    assert [row.period for row in protected.notice_due(now=CLOSING)] == [QUARTER]


def test_figures_are_quarterly_whatever_the_cadence_of_summaries(agency):
    agency.cadence = "monthly"
    agency.save()

    assert [row.period for row in protected.notice_due(now=CLOSING)] == [QUARTER]


def test_a_part_of_a_quarter_is_never_told_as_the_whole(agency):
    agency.cadence, agency.reports_from = "monthly", date(2026, 6, 1)
    agency.save()
    assert protected.notice_due(now=CLOSING) == []

    agency.reports_from = QUARTER.first
    agency.save()
    assert [row.period for row in protected.notice_due(now=CLOSING)] == [QUARTER]


def test_earlier_quarters_come_once_the_agency_keeps_figures_from_then_on(agency):
    protected.close_all(now=CLOSING)
    agency.reports_from = date(2025, 10, 1)
    agency.save()

    assert [row.first_day for row in protected.notice_due(now=CLOSING)] == [date(2025, 10, 1), date(2026, 1, 1)]


def test_shared_and_counted_actions_count_with_or_without_a_team_and_nothing_else_does(agency, staff):
    team = make_team(agency)
    make_many(staff, 40)
    make_many(staff, 30, visibility="shared", team=team)
    make_many(staff, 20, visibility="private")
    make_many(staff, 10, withdrawn_at=CLOSING)
    make_many(staff, 5, done_on=QUARTER.last + timedelta(days=1))
    make_many(make_staff(make_agency()), 50)

    assert closed(agency).total == 70


def test_later_entries_edits_deletions_and_visibility_change_nothing(agency, staff):
    made = make_many(staff, 40)
    before = closed(agency)

    make_many(staff, 10)
    for action, visibility in zip(made[:9], ["private", "shared", "counted"] * 3, strict=True):
        action.visibility, action.direction = visibility, "consulted"
        action.save()
    made[9].delete()
    agency.least_actions = 50
    agency.save()
    protected.close_all(now=CLOSING + timedelta(days=30))
    protected.close(ProtectedQuarter.objects.get(agency=agency), now=CLOSING)

    assert closed(agency) == before
    assert before.total == 40


def test_joining_leaving_and_moving_change_nothing(agency, staff):
    team = make_team(agency)
    for worker in staff:
        make_membership(worker, team, starts_on=QUARTER.first)
    make_many(staff, 40, team=team)
    before = closed(agency)

    staff[0].memberships.update(ends_on=QUARTER.first)
    make_membership(staff[0], make_team(agency))
    make_worker(agency, teams=[team])
    staff[1].is_active = False
    staff[1].save()

    assert closed(agency) == before


def test_an_action_for_several_communities_counts_once_as_more_than_one(agency, staff):
    own = make_community(agency, code="own")
    make_many(staff, 30, communities=[own.pk])
    make_many(staff, 20, communities=[own.pk, make_community(agency, code="other").pk])
    make_many(staff, 10)

    counts = shown(closed(agency), "community")

    assert {code: n for code, n in counts.items() if n} == {str(own.pk): 30, "more_than_one": 20}
    assert len(counts) == 18, "every community of the catalogue has its cell, whether anybody named it or not"


def test_an_agency_may_ask_for_more_and_never_for_less(agency, staff):
    make_many(staff, 40)
    agency.least_actions = 50
    agency.save()

    assert closed(agency).is_withheld
    for weaker in ({"least_actions": 4}, {"least_authors": 2}, {"most_percent": 71}):
        with pytest.raises(ValidationError, match="never less"):
            Agency(name="Weak", slug="weak", **weaker).validate_constraints()


def test_an_entry_that_the_catalogue_would_no_longer_allow_stops_no_quarter(agency, staff):
    made = make_many(staff, 40)
    assert "sector" not in made[0].practice.levels
    type(made[0]).objects.update(level="sector")

    assert closed(agency).total == 40


def test_practices_of_other_agencies_say_nothing_of_what_is_possible_here(agency):
    make_practice(make_agency(), kind="direct_support", levels=["sector"])
    make_practice(agency, code="gone", kind="direct_support", levels=["multi_agency"], is_retired=True)
    make_practice(agency, code="own", kind="learning", levels=["sector"])
    shared = Practice.objects.filter(agency=None, kind="direct_support")

    told_as = {term.pk: term.pk for term in Community.objects.all()}
    menu = protected._menu(told_as, [agency], QUARTER, [])

    assert {level for kind, level in menu.pairs if kind == "direct_support"} == {
        level for one in shared for level in one.levels
    }
    assert ("learning", "sector") in menu.pairs


def hide(agencies, kind, *, on):
    for agency in agencies:
        for each in Practice.objects.filter(kind=kind, agency=None):
            edit_term(agency, each, is_hidden=True, hidden_on=on)
        edit_term(agency, community("immigrants_refugees"), is_hidden=True, hidden_on=on)


BEFORE = QUARTER.first - timedelta(days=1)


def test_what_an_agency_hid_before_the_quarter_has_no_cell(agency, staff):
    """Everybody there knows it to be empty: with its cell among the hidden, the others could be counted out."""
    hide([agency], "repair", on=BEFORE)
    make_many(staff, 40)

    figures = closed(agency)

    assert "repair" not in shown(figures, "kind")
    assert str(community("immigrants_refugees").pk) not in shown(figures, "community")
    assert shown(figures, "kind").keys() | {"repair"} == set(KINDS)


@pytest.mark.parametrize("in_use", [True, False])
def test_what_was_hidden_in_mid_quarter_keeps_its_cell_whether_it_was_used_or_not(agency, staff, in_use):
    hide([agency], "repair", on=QUARTER.first)
    make_many(staff, 40)
    if in_use:
        make_many(staff, 4, practice=Practice.objects.filter(kind="repair").first())

    figures = closed(agency)

    assert shown(figures, "kind")["repair"] is None
    assert shown(figures, "community")[str(community("immigrants_refugees").pk)] is None


def test_what_has_entries_keeps_its_cell_although_it_was_hidden_before(agency, staff):
    hide([agency], "repair", on=BEFORE)
    make_many(
        staff,
        40,
        practice=Practice.objects.filter(kind="repair").first(),
        communities=[community("immigrants_refugees").pk],
    )

    figures = closed(agency)

    assert "repair" in shown(figures, "kind")
    assert str(community("immigrants_refugees").pk) in shown(figures, "community")


@pytest.mark.parametrize(("hiding", "has_cell"), [(3, False), (2, True)])
def test_the_sector_leaves_out_what_all_its_agencies_hid(sector, hiding, has_cell):
    hide(sector[:hiding], "repair", on=BEFORE)

    figures = closed()

    assert ("repair" in shown(figures, "kind")) is has_cell
    assert (str(community("immigrants_refugees").pk) in shown(figures, "community")) is has_cell


def test_a_community_of_an_agency_that_counts_under_a_hidden_one_keeps_the_cell_of_the_sector(sector):
    hide(sector, "repair", on=BEFORE)
    make_community(sector[0], rolls_up_to=community("immigrants_refugees"))

    assert str(community("immigrants_refugees").pk) in shown(closed(), "community")


def by_its_author(action):
    entries.save(action, by=action.author, now=CLOSING)


def by_an_import(action):
    actions_import.write(actions_import.Plan(changed_actions=[action]))


def by_hand(action):
    Action.objects.filter(pk=action.pk).update(visibility=action.visibility, was_shared=False)


@pytest.mark.parametrize("change", [by_its_author, by_an_import, by_hand])
def test_what_was_shared_once_counts_as_read_by_the_team(agency, staff, change):
    """Of twelve that a team read, eleven are made counted before the quarter closes: they give the twelfth away."""
    for action in make_many(staff[:4], 11, visibility="shared"):
        action.visibility = "counted"
        change(action)
    make_many(staff[4:5], 1)
    told_as = {pk: pk for pk in Community.objects.values_list("pk", flat=True)}

    found = [entry.visibility for entry in protected._entries([agency], QUARTER, told_as=told_as)]

    assert sorted(found) == ["counted", *["shared"] * 11]


def test_a_quarter_that_fails_stops_no_other_and_is_tried_again_later(agency, monkeypatch):
    other = make_agency(reports_from=QUARTER.first)
    works = protected._of_agency
    monkeypatch.setattr(
        protected, "_of_agency", lambda which, period: works(which, period) if which == other else 1 / 0
    )
    for row in protected.notice_due(now=CLOSING):
        if row.agency == agency:
            for _ in range(4):
                with pytest.raises(ZeroDivisionError):
                    protected.close_due(row, now=CLOSING)
                row.refresh_from_db()
                row.next_try_at = CLOSING
        else:
            protected.close_due(row, now=CLOSING)

    stuck, done = (ProtectedQuarter.objects.get(agency=which) for which in (agency, other))
    assert (stuck.attempts, stuck.figures, stuck.next_try_at) == (4, None, CLOSING + timedelta(minutes=1))
    assert done.closed_at == CLOSING
    assert [row.agency for row in protected.notice_due(now=CLOSING + timedelta(minutes=1))] == [agency]


def test_the_tick_closes_what_is_over(agency, staff, time_machine):
    time_machine.move_to(CLOSING)
    make_many(staff, 40)

    protected.notice_due(now=CLOSING)
    tasks.close_quarter(str(ProtectedQuarter.objects.get().pk))
    tasks.close_quarter(str(ProtectedQuarter.objects.get().pk))

    assert ProtectedQuarter.objects.get().protected_figures.total == 40


EACH = 137  # co-designed actions of each agency


@pytest.fixture
def sector(agency, staff):
    """Three agencies that opted in, with 137 actions each, and one that did not."""
    agency.in_sector_from = QUARTER.first
    agency.save()
    others = [make_agency(reports_from=QUARTER.first, in_sector_from=QUARTER.first) for _ in range(2)]
    make_many(staff, EACH)
    for other in [*others, make_agency(reports_from=QUARTER.first)]:
        make_many(make_staff(other), EACH)
    return [agency, *others]


def test_the_sector_adds_up_who_opted_in_and_rounds_to_5(sector):
    figures = closed()

    assert (figures.total, figures.rounded_to) == (410, 5)
    assert ProtectedQuarter.objects.get(agency=None).agencies == 3


def test_the_sector_waits_until_all_who_opted_in_have_closed(sector):
    sector[0].grace_days = 20
    sector[0].save()
    protected.close_all(now=CLOSING)

    assert not ProtectedQuarter.objects.filter(agency=None).exists()
    assert closed(now=CLOSING + timedelta(days=13)).total == 410


def test_who_opts_in_later_changes_no_frozen_figure(sector):
    before = closed()
    late = make_agency(reports_from=QUARTER.first, in_sector_from=QUARTER.first)
    make_many(make_staff(late), 40)

    assert closed(now=CLOSING + timedelta(days=1)) == before


def test_two_agencies_are_no_sector(sector):
    sector[2].in_sector_from = None
    sector[2].save()
    protected.close_all(now=CLOSING)

    assert not ProtectedQuarter.objects.filter(agency=None).exists()


def test_agencies_that_join_one_by_one_lose_no_quarter(sector):
    """A tick falls between them, when all of theirs are closed."""
    Agency.objects.update(in_sector_from=None)
    for agency in sector:
        Agency.objects.filter(pk=agency.pk).update(in_sector_from=QUARTER.first)
        protected.close_all(now=CLOSING)

    assert closed().total == 410


def test_a_quarter_before_an_agency_joined_is_made_without_it(sector):
    """Joining says from when on, and does not reach back."""
    Agency.objects.filter(pk=sector[2].pk).update(in_sector_from=QUARTER.next().first)
    protected.close_all(now=CLOSING)

    assert not ProtectedQuarter.objects.filter(agency=None).exists()


def test_who_leaves_before_it_is_made_is_not_in_it(sector):
    for agency in sector:
        row = ProtectedQuarter.objects.create(agency=agency, first_day=QUARTER.first)
        protected.close(row, now=CLOSING)
    protected.notice_due(now=CLOSING)
    waiting = ProtectedQuarter.objects.get(agency=None)
    Agency.objects.filter(pk=sector[0].pk).update(in_sector_from=None)

    assert protected.close_due(waiting, now=CLOSING) is False
    assert not ProtectedQuarter.objects.filter(agency=None).exists()


def test_an_agencys_own_community_counts_under_the_shared_one(sector, staff):
    own = make_community(sector[0], code="own")
    make_many(staff, 60, communities=[own.pk])
    make_many(staff, 60, communities=[own.pk, own.rolls_up_to_id])

    counts = shown(closed(), "community")

    assert str(own.pk) not in counts
    assert counts["more_than_one"] is None


# What is hidden leaves by no outlet


OF_ONE = 157  # community-led actions, all of one author: hidden, and the next smallest number with it
HIDDEN = {
    "agency": {OF_ONE, EACH, OF_ONE + EACH},
    "sector": {OF_ONE, 155, 3 * EACH, 410, OF_ONE + 3 * EACH, 570},  # rounded as well
}
PRINTED = {"agency": {782, 234, 254}, "sector": {2030, 700, 760}}
UNROUNDED = {OF_ONE + 3 * (EACH + 234 + 254), 3 * 234, 3 * 254}  # the sector's


@pytest.fixture
def hiding(sector):
    """An agency, of a sector, that hides what only one of its authors did, and the next smallest number with it."""
    make_many(sector[0].workers.all()[:1], OF_ONE, direction="community_led")
    for agency in sector:
        people = list(agency.workers.all())
        make_many(people, 234, direction="request_feedback")
        make_many(people, 254, direction="own_initiative")
    protected.close_all(now=CLOSING)
    return sector[0]


def readers(agency):
    team = make_team(agency)
    return {
        "worker": make_worker(agency, teams=[team]),
        "supervisor": make_worker(agency, teams=[team], role="supervisor"),
        "lead": make_worker(agency, is_equity_lead=True),
        "admin": make_worker(agency, is_admin=True),
        "analyst": make_worker(None, is_analyst=True),
    }


ADDRESSES = [
    reverse(name, args=args)
    for page, file in (("agency_figures", "agency_file"), ("sector_figures", "sector_file"))
    for name, args in [(f"reports:{page}", []), *((f"reports:{file}", [ending]) for ending in Ending)]
]


def numbers_in(text):
    """Whole numbers that stand by themselves, with a thousands separator or without."""
    found = re.findall(r"(?<![\w.-])\d+(?:[,\u00a0\u202f]\d{3})*(?![\w.-])", text)
    return {int(re.sub(r"\D", "", number)) for number in found}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_role_finds_a_hidden_number_in_any_byte_of_any_format(hiding, client, language):
    statuses = {}
    for role, worker in readers(hiding).items():
        worker.language = language
        worker.save()
        client.force_login(worker)
        for address in ADDRESSES:
            visit = Visit(client.get(address), [])
            statuses[role, address] = visit.response.status_code
            of = "agency" if address.startswith("/figures") else "sector"
            told = numbers_in(visit.text)
            assert told & (HIDDEN[of] | UNROUNDED) == set(), (role, address)
            if visit.response.status_code == 200:
                assert told >= PRINTED[of], "what is printed is there"
    allowed = {
        role: {a for (who, a), status in statuses.items() if who == role and status == 200} for role, _ in statuses
    }
    agencies, sectors = set(ADDRESSES[:3]), set(ADDRESSES[3:])
    assert allowed == {
        "worker": agencies,
        "supervisor": agencies,
        "lead": agencies | sectors,
        "admin": set(),
        "analyst": sectors,
    }
    assert set(statuses.values()) == {200, 404}


@pytest.mark.parametrize(("of", "rounded_to"), [("agency", 1), ("sector", 5)])
def test_a_hidden_number_is_not_in_the_row_either(hiding, of, rounded_to):
    row = ProtectedQuarter.objects.get(agency=hiding if of == "agency" else None)

    def numbers(part):
        inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
        return [part] if isinstance(part, int) else [n for each in inside for n in numbers(each)]

    direction = shown(row.protected_figures, "direction")
    assert [code for code, n in direction.items() if n is None] == ["community_led", "co_designed", "consulted"]
    assert sorted(numbers(row.figures)) == [rounded_to, *sorted(PRINTED[of])]


def test_a_hundred_refreshes_are_alike(hiding, client):
    client.force_login(make_worker(hiding))
    pages = {re.sub(r'(nonce|value|data-whole)="[^"]*"', "", client.get(ADDRESSES[0]).text) for _ in range(100)}

    assert len(pages) == 1


def test_a_cell_that_is_hidden_looks_the_same_whatever_it_hides(hiding, client):
    """No order, width, height or colour is made of it."""
    client.force_login(make_worker(hiding))
    before = client.get(ADDRESSES[0]).text
    row = ProtectedQuarter.objects.get(agency=hiding)
    make_many(list(hiding.workers.all())[:8], 30)
    row.figures = protected._of_agency(hiding, QUARTER).as_json()
    total = row.figures["total"]
    row.figures["total"] -= 30
    for table in row.figures["tables"]:
        for cell in table["cells"]:
            if table["name"] != "direction" and cell["shown"]:
                cell["shown"] -= 30
    row.save()

    assert total == 812
    assert _picture(client.get(ADDRESSES[0]).text, "direction") == _picture(before, "direction")


def _picture(page, table):
    return re.search(rf'<figure class="multiples" id="{table}">.*?</figure>', page, re.DOTALL)[0]


def test_one_action_of_a_practice_does_not_show(agency, client):
    """A quarter of one team of four is withheld as a whole, and the page says why."""
    people = make_staff(agency, 3)
    make_many(people, 30, practice=practice("info_up_front"))
    make_action(people[0], done_on=QUARTER.first)
    protected.close_all(now=CLOSING)
    client.force_login(people[0])

    text = client.get(ADDRESSES[0]).text

    assert "the total is not shown" in text
    assert not re.search(r"(?<![\w.-])3[01](?![\w.-])", re.sub(r"<(svg|head).*?</\1>", "", text, flags=re.DOTALL))


# The page

NEXT = datetime(2026, 10, 8, 16, 0, tzinfo=UTC)


@pytest.fixture
def two_quarters(agency, staff):
    make_many(staff, 40, direction="co_designed")
    make_many(staff, 40, direction="consulted")
    protected.close_all(now=CLOSING)
    make_many(staff, 24, direction="co_designed", done_on=date(2026, 8, 4))
    make_many(staff, 4, direction="consulted", done_on=date(2026, 8, 4))
    make_many(staff, 24, direction="own_initiative", done_on=date(2026, 8, 4))
    protected.close_all(now=NEXT)
    return staff[0]


def test_a_span_adds_up_its_quarters_and_shows_a_sum_only_where_each_is_shown(two_quarters, client):
    client.force_login(two_quarters)

    page = client.get(ADDRESSES[0]).context["page"]
    direction = {panel.label: panel for panel in page.multiples()[0].panels}

    assert page.whole.total == 132
    assert direction["Co-designed"].total in ("64", "not shown")
    assert direction["Consulted"].total == "not shown"
    assert [column.shown for column in direction["Consulted"].columns] == ["40", "not shown"]


def test_a_file_holds_each_quarter_and_the_sum_with_days_and_codes(two_quarters, client):
    client.force_login(two_quarters)

    lines = client.get(reverse("reports:agency_file", args=["csv"]), {"table": "total"}).text.splitlines()

    assert lines[1:] == [
        "Harbourside,2026-04-01,2026-06-30,total,total,Total,80,2026-07-08,1",
        "Harbourside,2026-07-01,2026-09-30,total,total,Total,52,2026-10-08,1",
        "Harbourside,2026-04-01,2026-09-30,total,total,Total,132,2026-10-08,1",
    ]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"first": "2026-07-01", "last": "2026-07-01"}, 200, "July to September 2026: 52 actions"),
        ({"first": "2026-07-01", "last": "2026-04-01"}, 422, "The last quarter comes before the first."),
        ({"first": "2026-05-01"}, 422, "Select a valid choice."),
        ({"first": "x", "last": "\0"}, 422, "Select a valid choice."),
    ],
)
def test_only_whole_closed_quarters_can_be_asked_for(two_quarters, client, query, status, said):
    client.force_login(two_quarters)

    page, file = (client.get(address, query) for address in ADDRESSES[:2])

    assert (page.status_code, file.status_code) == (status, status)
    assert said in page.text


def test_an_unknown_table_is_not_found(two_quarters, client):
    client.force_login(two_quarters)

    assert client.get(ADDRESSES[1], {"table": "author"}).status_code == 404


def test_before_the_first_quarter_closes_the_page_says_when(agency, staff, client, time_machine):
    time_machine.move_to(datetime(2026, 7, 3, 16, tzinfo=UTC))
    client.force_login(staff[0])

    text = client.get(ADDRESSES[0]).text

    assert re.search(r"Those of April to June 2026 come after .*7.*, when", text), text
    assert client.get(ADDRESSES[1]).status_code == 404


def test_while_a_quarter_waits_the_newest_in_a_row_are_shown(two_quarters, client):
    ProtectedQuarter.objects.filter(first_day=QUARTER.first).update(first_day=date(2025, 10, 1))
    client.force_login(two_quarters)

    page, both = client.get(ADDRESSES[0]), client.get(ADDRESSES[0], {"first": "2025-10-01"})

    assert (page.status_code, page.context["page"].label) == (200, "July to September 2026")
    assert (both.status_code, "A quarter in between is not closed yet" in both.text) == (422, True)


def test_rounded_numbers_are_told_as_about_and_in_percent_only_from_100_on(hiding, client):
    """From 702 and 762 of 2032 there would be 35 and 38 percent."""
    client.force_login(make_worker(hiding, is_equity_lead=True))
    address = reverse("reports:sector_figures")

    text = client.get(address).text

    assert ", about " in text
    assert percents(text) == {"direction": {"table": ["", "", "34%", "", "37%"], "chart": ["34%", "37%"]}}
    row = ProtectedQuarter.objects.get(agency=None)
    row.figures["total"] = 95
    row.save()
    assert percents(client.get(address).text) == {}


def percents(text):
    """What the page prints in percent, by table: the last of each row's cells, and what stands over each picture."""
    found = {}
    for figure in Page(text).all("figure"):
        rows = [element.inside for element in figure.inside if element.tag == "tr"][1:]
        printed = {
            "table": [cells[-1].text for cells in rows],
            "chart": [element.text for element in figure.inside if element["class"] == "multiple-percent"],
        }
        if any(map(any, printed.values())):
            found[figure["id"]] = printed
    return found
