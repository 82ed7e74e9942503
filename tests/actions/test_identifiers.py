"""The identifier guard on four fixture sets of sentences, on made-up text and on hostile input.

`python -m tests.actions.test_identifiers` prints the rates that docs/decisions/0004-identifier-guard.md quotes.
"""

import io
import json
import re
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from actions.identifiers import Finding, Level, check, level, normalise, structured, word_lists
from actions.identifiers.findings import EXPLAINED
from actions.management.commands import check_text

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "actions" / "catalogue.json"
NAMES = ("name", "initials")


def rows(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


# Built: the rules were made on it. Unseen: written before the rules, by the same author. Blind: by two other authors, who
# had not seen the rules; they were measured on each, then improved.
SETS = {name: rows(f"identifiers_{name}.jsonl") for name in ("built", "unseen", "blind_a", "blind_b", "blind_c")}
BUILT = SETS["built"]


def stopped(text):
    return level(check(text)) >= Level.WARN


def rates(sentences):
    """{group: (stopped, all)}; the groups are innocent, structured, names, each kind, language, origin, disguised, marked and bare names."""
    hits, totals = Counter(), Counter()
    for row in sentences:
        for group in groups(row):
            totals[group] += 1
            hits[group] += stopped(row["text"])
    return {group: (hits[group], total) for group, total in totals.items()}


def groups(row):
    if row["expect"] == "go":
        return ["innocent", f"innocent, {row['language']}"]
    family = "names" if row["kind"] in NAMES else "structured"
    found = ["stop", family, f"{family}, {row['language']}", f"kind {row['kind']}"]
    if "origin" in row:
        found.append(f"origin {row['origin']}")
    if "marked" in row:
        found.append("marked" if row["marked"] else "bare")
    if row["disguised"]:
        found.append("disguised")
    return found


def share(rate):
    return rate[0] / rate[1]


def kinds(text):
    return [(finding.kind, finding.level.value, text[finding.start : finding.end]) for finding in check(text)]


# The sets


@pytest.mark.parametrize("name", ["built", "unseen", "blind_a", "blind_b"])
def test_fixture_sets_hold_a_hundred_of_each_and_33_disguised(name):
    sentences = SETS[name]
    stops = [row for row in sentences if row["expect"] == "stop"]
    assert (len(stops) >= 100, len(sentences) - len(stops) >= 100) == (True, True)
    assert sum(row["disguised"] for row in stops) >= 33
    assert {row["language"] for row in sentences} == {"en", "fr"}


def test_fixture_sets_share_no_sentence():
    texts = [row["text"] for sentences in SETS.values() for row in sentences]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_rates_on_the_built_set():
    measured = rates(BUILT)
    assert share(measured["stop"]) >= 0.98
    assert share(measured["innocent"]) <= 0.02


def test_rates_on_the_unseen_set():
    measured = rates(SETS["unseen"])
    assert share(measured["structured"]) >= 0.95
    assert share(measured["names"]) >= 0.75
    assert share(measured["innocent"]) <= 0.05


@pytest.mark.parametrize("name", ["blind_a", "blind_b", "blind_c"])
def test_rates_on_the_sets_by_others(name):
    measured = rates(SETS[name])
    assert share(measured["structured"]) >= 0.97
    assert share(measured["names"]) >= 0.85
    assert share(measured["bare"]) >= 0.75
    assert share(measured["innocent"]) <= 0.03


@pytest.mark.parametrize(
    ("name", "origins"), [("built", 9), ("unseen", 9), ("blind_a", 8), ("blind_b", 8), ("blind_c", 8)]
)
def test_rates_are_fair_over_origins(name, origins):
    by_origin = {group: rate for group, rate in rates(SETS[name]).items() if group.startswith("origin")}
    assert len(by_origin) == origins
    assert {group: rate for group, rate in by_origin.items() if share(rate) < 0.85} == {}


# What must pass


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from strings(child)


def test_catalogue_is_never_stopped():
    texts = set(strings(json.loads(CATALOGUE.read_text(encoding="utf-8"))))
    assert len(texts) > 500
    assert {text for text in texts if stopped(text)} == set()


@pytest.mark.parametrize(
    "text",
    [
        "We changed the letter after a youth told us it sounded like a threat.",
        "Booked an interpreter from the start rather than after the first visit.",
        "Le cercle consultatif a choisi la date et le lieu.",
        "Took the joke up with a colleague afterwards; it went better than I feared.",
        "Raised the wording of our intake form; it assumes two parents.",
        "Expliqué les options avant la rencontre et laissé un résumé d'une page.",
        "Retenu une interprète dès le départ.",
        "Call 211, 911, 988 or Kids Help Phone at 1-800-668-6868; text 686868.",
        "Jordan's Principle, Joyce's Principle, Katelynn's Principle and Bill C-92",
        "Le principe de Jordan et la Journée du chandail orange",
        "Grace, hope and joy; in April we will mark the day. Rose, May, Will.",
        "Piaget, Bowlby and the Okafor theory; Wendy's Wonderful Kids; lunch on Wellesley",
        "The meeting moved to 15 May; the room moved to 3 Somali families",
        "Levels A2, B1, B2. OW told us; the NISA meeting. Watched an Ava DuVernay film. S T O P, h o p e l e s s",
        "$12,500.00 on 2026-03-12 at 10:30 in room 204, version 4.0.2, 95 %, 2024-2025",
        "K.I.S.S. and A.C.E. scores, Q. et R., P.-S. et N.-B.; Jim Crow-era rules; aurore boréale",
        "Treaty 9, Robinson-Superior, Williams; Gladue, Joyce, Katelynn: three principles",
        "• 12 visits\n• 45 letters\n• 2019 report",
        "Nishnawbe Aski Nation and the Children's Aid Society of Toronto",
        "",
    ],
)
def test_innocent_text_passes(text):
    assert [found for found in kinds(text) if found[1] != "hint"] == []


def test_level_of_a_link_is_hint():
    assert kinds('=HYPERLINK("http://x.example")') == [("url", "hint", "http://x.example")]


def test_level_of_an_age_is_hint():
    assert kinds("a 4-year-old and un enfant de 6 ans") == [("age", "hint", "4-year-old"), ("age", "hint", "6 ans")]
    assert kinds("depuis 4 ans") == []


def test_level_of_a_rural_area_is_hint():
    assert kinds("rides to K0A are long") == [("area", "hint", "K0A")]


# What must stop


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SIN: 046 454 286", ("sin", "block", "046 454 286")),
        ("health card 4926-359-151", ("health_card", "block", "4926-359-151")),
        ("file #2023-4471", ("case_number", "block", "file #2023-4471")),
        ("dossier no 20-1144", ("case_number", "block", "dossier no 20-1144")),
        ("DOB 12 mars 2014", ("birth_date", "block", "DOB 12 mars 2014")),
        ("born in Mar 2015", ("birth_date", "block", "born in Mar 2015")),
        ("turned 6 on May 3", ("birth_date", "block", "turned 6 on May 3")),
        ("lives at 12 Elm Grove apt 4", ("address", "block", "12 Elm Grove")),
        ("au 45, rue Principale", ("address", "block", "45, rue Principale")),
        ("K1A 0B1", ("postal_code", "block", "K1A 0B1")),
        ("write to x.y at gmail dot com", ("email", "block", "x.y at gmail dot com")),
        ("four one six five five five two three six eight", ("phone", "block", "four one six five five five two three six eight")),
        ("ma cliente Fatou", ("name", "warn", "Fatou")),
        ("little Aiyana", ("name", "warn", "Aiyana")),
        ("Mme Nguyen", ("name", "warn", "Nguyen")),
        ("Mr. O'Brien", ("name", "warn", "O'Brien")),
        ("the Kowalski family", ("name", "warn", "Kowalski")),
        ("famille Tremblay", ("name", "warn", "Tremblay")),
        ("mom named xylia", ("name", "warn", "xylia")),
        ("A.B.'s father", ("initials", "warn", "A.B.")),
        ("the youth (J.M.)", ("initials", "warn", "J.M.")),
        ("find her at @aiy.star", ("handle", "warn", "@aiy.star")),
        ("visit w/ Okafor today", ("name", "warn", "Okafor")),
        ("ATIK PETIQUAY PAS LÀ", ("name", "warn", "ATIK")),
        ("z h o r a v i e l ran", ("name", "warn", "z h o r a v i e l")),
        ("Xiomara n'a pas mangé", ("name", "warn", "Xiomara")),
        ("Destiny is pregnant", ("name", "warn", "Destiny")),
        ("KW's teacher called", ("initials", "warn", "KW")),
        ("q . z . still awol", ("initials", "warn", "q . z .")),
        ("R. and S. are twins", ("initials", "warn", "R. and S.")),
        ("P5N-1 L 7", ("postal_code", "block", "P5N-1 L 7")),
        ("code (P5N)[3B8] ici", ("postal_code", "block", "P5N)[3B8")),
        ("née le :\n• 19\n• mai\n• 2016", ("birth_date", "block", "née le :\n• 19\n• mai\n• 2016")),
        ("C0lin est venu", ("name", "warn", "C0lin")),
        ("la mère de N.B. attend", ("initials", "warn", "N.B.")),
        ("7710342, audit asked", ("long_number", "warn", "7710342")),
    ],
)  # fmt: skip
def test_identifier_is_found_at_its_place(text, found):
    assert found in kinds(text)


def test_phone_and_case_number_in_one_note_block():
    assert kinds("Called the mother at 416-555-0199 about case 20251234") == [
        ("phone", "block", "416-555-0199"),
        ("case_number", "block", "case 20251234"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "416.555.0199",
        "4165550199",
        "(416) 555 0199",
        "4 1 6 5 5 5 0 1 9 9",
        "４１６-５５５-０１９９",
        "٤١٦ ٥٥٥ ٠١٩٩",
        "416–555—0199",
        "4l6 555 Ol99",
        "416\n555\n0199",
        "416\u200b555\u200b0199",
        "4\u03361\u03366\u0336 5\u03365\u03365\u0336 0\u03361\u03369\u03369\u0336",
        "416*555*0199",
        "[416][555][0199]",
        "416 | 555 | 0199",
        "\n• 416\n• 555\n• 0199",
        "41 65 55 01 99",
    ],
)
def test_phone_is_found_however_it_is_written(text):
    assert {(finding.kind, finding.level) for finding in check(f"call {text} today")} == {("phone", Level.BLOCK)}


def test_name_list_alone_never_blocks():
    names = [line.split()[0] for line in word_lists.lines("first_names.txt")]
    assert len(names) > 25_000
    assert {level(check(f"Helped {name.title()} and {name}.")) for name in names[::97]} <= {
        Level.PASS,
        Level.HINT,
        Level.WARN,
    }


def test_public_author_of_a_book_is_a_hint():
    assert level(check("Read a book by Fatou Diome with the team")) == Level.HINT
    assert level(check("Read a letter to Fatou Diome with the team")) == Level.WARN


# What an agency publishes


def test_allow_lets_own_lines_addresses_and_terms_pass():
    text = "Call 416-555-0123 or info@rives.example, ask for the Fatou room at 12 Elm Street"
    assert [finding.kind for finding in check(text)] == ["phone", "email", "name", "address"]
    assert check(text, allow=["(416) 555-0123", "@rives.example", "fatou", "12 Elm Street"]) == []


def test_allow_of_one_phone_keeps_the_others():
    text = "416-555-0123 and 416-555-0124"
    assert [text[f.start : f.end] for f in check(text, allow={"+1 416 555 0123"})] == ["416-555-0124"]


@pytest.mark.parametrize("entry", ["", " ", "*", "(", "\u200b", "-"])
def test_allow_with_an_empty_or_odd_entry_allows_nothing_else(entry):
    assert [finding.kind for finding in check("Met with Fatou", allow=[entry])] == ["name"]


# The shape of the answer


def test_level_is_ordered_by_severity():
    assert sorted([Level.BLOCK, Level.PASS, Level.WARN, Level.HINT]) == [
        Level.PASS,
        Level.HINT,
        Level.WARN,
        Level.BLOCK,
    ]
    assert (Level.BLOCK > Level.HINT, Level.HINT >= Level.HINT, Level.PASS <= Level.WARN) == (True, True, True)


def test_level_of_nothing_is_pass():
    assert level([]) is Level.PASS


def test_finding_never_carries_the_text():
    finding = check("ma cliente Fatoumata")[0]
    assert repr(finding) == "Finding(kind='name', level=<Level.WARN: 'warn'>, start=11, end=20)"


def test_every_kind_has_its_words():
    kinds_of_rules = {rule.kind for rule in structured.RULES} - {""}
    assert kinds_of_rules | {"name", "initials", "payment_card", "long_number"} == set(EXPLAINED)
    assert str(Finding("name", Level.WARN, 0, 1).reason) == "This looks like a person's name."


# The lists


@pytest.mark.parametrize("file", ["first_names.txt", "common_words.txt"])
def test_list_of_names_or_words_is_in_order_and_names_each_once(file):
    words = [line.split()[0] for line in word_lists.lines(file)]
    assert words == sorted(set(words))


@pytest.mark.parametrize("file", ["cues.txt", "things.txt", "proper_nouns.txt", "numbers.txt"])
def test_list_of_topics_is_in_order_and_names_each_word_once(file):
    listed = {}
    for line in word_lists.lines(file):
        if line.startswith("["):
            topic = listed.setdefault(line, [])
        else:
            topic += line.split()
    assert {topic: words for topic, words in listed.items() if words != sorted(set(words))} == {}


# Any text

TEXT = st.text() | st.text(alphabet="aeAB 01-.'\u0301\u200bé@()\n#/$:,", max_size=60)
PIECES = st.lists(st.sampled_from([word for row in BUILT for word in row["text"].split()]), max_size=25).map(" ".join)


@given(TEXT | PIECES)
def test_findings_lie_within_the_text_in_order_and_apart(text):
    findings = check(text)
    assert all(0 <= finding.start < finding.end <= len(text) for finding in findings)
    assert all(one.end <= other.start for one, other in pairwise(findings))


@given(TEXT)
def test_normalise_twice_equals_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.sampled_from([row["text"] for row in BUILT]), st.sampled_from(["\u200b", "\u00ad", "\ufe0f", "\u2060"]))
def test_invisible_characters_change_no_level(text, invisible):
    assert level(check(invisible.join(text))) == level(check(text))


# Speed

HOSTILE = [
    "a", "1", "1 ", "é1 ", "a.", "a@", "a at ", "case #", "file no ", "born ", " ", "-", "1-", "(", "$1 ", "1 rue ", "x0",
    "mother ", "mother Fatou ", "Toronto ", "École De ", "Xyz Centre ", "a'", "A.", "A. ", "sin ", "3/3/", "may 1 ", "one ",
    "www.", "name is ", "named Xq ", "F a t o u ", "Fatou's ", "e\u0301", "\u0301", "\u200b", "d'", "12 a b ", "les Xq ont ",
    "a_b_", "A B ", "k 1 a 0 ", "Xq & ", "Xq a pas ", "lot 1 ", "a b c d e f g ", "Okafor ", "Wei Okafor ", "a-", "@$0a",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_of_ten_thousand_characters_is_quick(piece):
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    check(text)
    assert time.process_time() - began < 2


def seconds(work):
    """That it takes of the processor, in the best of five rounds."""

    def once():
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _round in range(5))


def test_check_of_four_hundred_characters_is_quick():
    """Measured by counting the words of such a text, for which a slow machine takes longer as well."""
    joined = " ".join(row["text"] for row in BUILT if row["expect"] == "go")
    texts = [joined[i : i + 400] for i in range(0, len(joined) - 400, 400)]

    def check_each():
        for text in texts:
            check(text)

    def count_each_twenty_times():
        for text in texts * 20:
            Counter(re.findall(r"\w+", text.casefold()))

    assert seconds(check_each) < 11 * seconds(count_each_twenty_times)  # about 4; 1.5 ms for one text


# manage.py check_text


def run_check_text(monkeypatch, lines):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    out, err = io.StringIO(), io.StringIO()
    command = check_text.Command(stdout=out, stderr=err, no_color=True)
    try:
        command.handle()
        failed = None
    except CommandError as error:
        failed = str(error)
    return out.getvalue(), err.getvalue(), failed


def test_check_text_prints_one_answer_a_line(monkeypatch):
    lines = b'"Met with Fatou, DOB 12 mars 2014"\n"Read a report."\n"see http://x.example"\n'
    assert run_check_text(monkeypatch, lines) == (
        '{"level": "block", "kinds": ["birth_date", "name"]}\n{"level": "pass", "kinds": []}\n{"level": "hint", "kinds": ["url"]}\n',
        "",
        None,
    )


@pytest.mark.parametrize("bad", [b"Fatou", b"[1]", b"", b"\xff\xfe"])
def test_check_text_names_a_bad_line_and_loses_no_other(monkeypatch, bad):
    out, err, failed = run_check_text(monkeypatch, b'"ok"\n' + bad + b'\n"Dear Fatou"\n')
    assert out == '{"level": "pass", "kinds": []}\n{"level": "warn", "kinds": ["name"]}\n'
    assert err == "line 2: not a JSON string\n"
    assert failed == "1 line(s) could not be read; every other line was checked."


if __name__ == "__main__":
    for title, sentences in SETS.items():
        print(title)
        for group, (hit, total) in sorted(rates(sentences).items()):
            print(f"  {group:28} {hit:4} of {total:3}  {hit / total:6.1%}")
