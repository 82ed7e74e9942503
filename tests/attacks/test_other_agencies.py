"""Keys of another agency, wherever a request can carry one, besides where tests/sweeps puts them.

The sweeps put every object of charlie's agency into every address, and one at a time into every field that chooses
rows. Here they stand in queries, beside one's own in lists, in hidden keys, and in fields that no form has.
"""

from collections import defaultdict

from django import forms

from tests.attacks.attacker import WITHIN, Attacker, contents, doors, every_form, state
from tests.sweeps.table import GET, readers
from tests.sweeps.test_forms import FORMS, foreign, keyed

# What a query may name, and the object of the table that stands for it.
QUERY = {
    "action": "shared",
    "agency": "team",
    "author": "person",
    "community": "own_community",
    "initiative": "initiative",
    "into": "team",
    "key": "draft",
    "person": "person",
    "pk": "shared",
    "practice": "own_community",
    "related": "private",
    "summary": "summary",
    "team": "team",
    "worker": "person",
}


def told_of_theirs(attacker: Attacker, strike, *, own=()):
    """Texts of charlie's agency, which nobody of alice's may read, that stand in the answer."""
    ours = {"alice", "bob", "sana", "director", "former", "lead", "admin"}
    unread = [what for what, (_, roles) in readers().items() if not ours & set(roles)]
    names = {"the name of lead", "the name of admin", "the name of alice"}  # each reads the others'
    texts = {text for what in unread if what not in names for text in attacker.world.canaries[what]} - set(own)
    answer = f"{strike.text} {strike.response.headers}"
    return sorted(text for text in texts if text in answer)


def belongs_to(rows, agency):
    """The rows of that agency, or of its people."""
    return {key: row for key, row in rows.items() if str(row.get("agency_id", key)) == str(agency)}


def touched(attacker: Attacker, strike):
    """Tables in which a row of charlie's agency is no longer as it was."""
    agency = attacker.world.people["charlie"].agency_id
    now, then = strike.became, contents(strike.changed)
    return sorted(name for name in strike.changed if belongs_to(now[name], agency) != belongs_to(then[name], agency))


def queries_that_tell(attacker: Attacker):
    """Addresses that say something of charlie's agency to somebody of alice's who asks for its rows in the query."""
    asked = "&".join(f"{name}={attacker.world.theirs[at]}" for name, at in QUERY.items())
    wrong = {}
    for role, row in doors(GET):
        if row.cells[role] not in WITHIN or row.object.endswith("_link"):
            continue
        address = attacker.address(row)
        strike = attacker.strike(role, "get", f"{address}{'&' if '?' in address else '?'}{asked}")
        if told := told_of_theirs(attacker, strike):
            wrong[str(row)] = told
    return wrong


def test_query_brings_nothing_of_another_agency(attacker):
    assert queries_that_tell(attacker) == {}


def lists_that_take(attacker: Attacker, *, only: str = ""):
    """Fields of lists that take a row of charlie's agency, or of a team that is not hers, beside rows of her own."""
    wrong, tried = [], 0
    for served in every_form(attacker.walker):
        if only not in {"", served.name}:
            continue
        form, known = served.form, FORMS[served.name]
        answers = known.answers(attacker.world)
        for key, model in keyed(served.name, form).items():
            own = answers.get(key)
            if not isinstance(own, list) or not isinstance(
                form.fields[key], forms.ModelMultipleChoiceField | forms.MultipleChoiceField
            ):
                continue
            for row in foreign(attacker.world, served.name, model):
                tried += 1
                for mixed in ([*own, row.pk], [row.pk, *own]):
                    strike = attacker.strike(known.reader, "post", served.row, answers | {key: mixed})
                    if strike.told != "422" or strike.changed:
                        wrong.append((str(served), key, strike.told, strike.changed))
    assert tried > 0
    return wrong


def test_list_with_one_row_of_another_agency_is_refused_as_a_whole(attacker):
    assert lists_that_take(attacker) == []


def test_hidden_key_of_another_person_overwrites_nothing(attacker):
    """Forms that may be sent twice carry the key of the row that they make: another's key makes and changes nothing."""
    theirs = attacker.world.theirs
    keys = ["shared", "private", "withdrawn", "reflection", "own_promise", "ask", "draft", "initiative", "summary"]
    wrong = defaultdict(list)
    makers = {"AskForm", "ActionForm", "QuickForm", "PromiseForm", "ReflectionForm", "InitiativeForm"}
    for served in every_form(attacker.walker):
        if served.name.rsplit(".", 1)[1] not in makers:
            continue
        for key in keys:
            answers = FORMS[served.name].answers(attacker.world) | {"key": str(theirs[key]), "pk": str(theirs[key])}
            strike = attacker.strike(FORMS[served.name].reader, "post", served.row, answers, looks=True)
            if strike.fault or touched(attacker, strike) or told_of_theirs(attacker, strike):
                wrong[str(served)].append((key, strike.told, strike.fault or touched(attacker, strike)))

    assert wrong == {}


def test_draft_and_entry_under_the_key_of_another_person_leave_hers_alone(attacker):
    theirs = attacker.world.theirs
    for key in ("draft", "shared", "private", "reflection"):
        kept = {"key": str(theirs[key]), "_address": "/log/new/", "note": "Planted"}
        strikes = [
            attacker.strike("alice", "post", "/my/drafts/", kept, looks=True),
            attacker.strike("alice", "put", f"/log/waiting/{theirs[key]}/", "practice=1", looks=True),
        ]
        assert [touched(attacker, strike) for strike in strikes] == [[], []]
        assert [told_of_theirs(attacker, strike) for strike in strikes] == [[], []]


def test_what_is_taken_back_after_each_request_is_all(attacker):
    """The eye of this suite: it sees a row that changes, and the next request meets the world as it was."""
    before = state()
    strike = attacker.strike("alice", "post", f"/actions/{attacker.world.objects['private']}/withdraw/", looks=True)
    now = state()
    now["teams_worker"] = before["teams_worker"]  # she has signed in

    assert strike.changed == {"actions_action"}
    assert touched(attacker, strike) == []
    assert now == before
