"""The French of every message: complete, well set, with the source's placeholders, and nothing English on a page."""

import importlib.util
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from actions.vocabulary import CATALOGUE
from allyship import guide
from reports import summaries
from reports.mails import deliveries
from reports.models import TeamSummary
from reports.periods import Period
from tests.factories import (
    form_data,
    make_action,
    make_ask,
    make_commitment,
    make_membership,
    make_team,
    make_worker,
    practice,
)

SCRIPT = Path(settings.BASE_DIR) / "script" / "translations.py"
_spec = importlib.util.spec_from_file_location("translations", SCRIPT)
translations = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(translations)

FILE = polib.pofile(str(translations.PO))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^<>]+>")
NO_BREAK = "\u00a0"
SUBJECT = "%(team)s: summary of %(period)s"  # some mail programs show a no-break space in a subject as a question mark
LONG = 12  # shorter English, such as "Note" or "Guide", may well be French too
QUARTER = Period.parse("2026-04-01", "2026-06-30")


def texts(entry):
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def each(wrong):
    """The messages of which the rule says that their French is wrong."""
    return [entry.msgid for entry in FILE if any(wrong(entry, text) for text in texts(entry))]


def test_every_message_is_translated():
    assert [entry.msgid for entry in FILE if not entry.translated()] == []
    assert [entry.msgid for entry in FILE if entry.fuzzy or entry.obsolete] == []
    assert not FILE.metadata_is_fuzzy


def test_compiled_file_is_what_the_text_file_says():
    assert translations.MO.read_bytes() == translations.compiled(translations.PO)


def test_placeholders_are_those_of_the_source():
    def wrong(entry, text):
        expected = PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)
        return sorted(PLACEHOLDER.findall(text)) != sorted(expected)

    assert each(wrong) == []


def test_all_three_plurals_are_there():
    assert [entry.msgid for entry in FILE if entry.msgid_plural and set(entry.msgstr_plural) != {0, 1, 2}] == []


def test_text_starts_and_ends_as_the_source_does():
    def ends(text):
        return re.match(r"\s*", text)[0], re.search(r"\s*$", text)[0]

    assert each(lambda entry, text: ends(text) != ends(entry.msgid)) == []


def test_full_stop_where_the_source_has_one():
    assert each(lambda entry, text: text.endswith(".") != entry.msgid.endswith(".")) == []


UNTYPOGRAPHIC = re.compile(r"['\"“”]")
BADLY_SPACED = re.compile(r"[\s][;!?]| [:»%](?!\()|« |[^\s]»|«[^\s]|[^\s\d]:(?!//)")
FAMILIAR = re.compile(r"\b(?:tu|toi|ton|ta|tes|t’\w+)\b", re.IGNORECASE)


def test_apostrophes_and_quotation_marks_are_typographic():
    assert each(lambda entry, text: UNTYPOGRAPHIC.search(text)) == []


def test_spaces_before_punctuation_follow_canadian_usage():
    """A no-break space inside guillemets and before a colon or %; none before ; ! ?"""

    def wrong(entry, text):
        bare = text.replace("« ; »".replace(" ", NO_BREAK), "")
        if entry.msgid == SUBJECT:
            bare = bare.replace(" :", "")
        return BADLY_SPACED.search(bare)

    assert each(wrong) == []


def test_readers_are_addressed_as_vous():
    assert each(lambda entry, text: FAMILIAR.search(text)) == []


GUIDE = Path(settings.BASE_DIR) / "templates" / "guide"


def prose(path):
    """What a page of the guide says, with a word for each fact."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", path.read_text())
    return re.sub(r"<[^>]+>", "", re.sub(r"\{\{.*?\}\}", "mot", text))


@pytest.mark.parametrize("page", sorted((GUIDE / "fr").iterdir()), ids=lambda page: page.stem)
def test_french_guide_is_set_as_the_messages_are(page):
    text = prose(page)

    assert [rule.findall(text) for rule in (UNTYPOGRAPHIC, BADLY_SPACED, FAMILIAR)] == [[], [], []]


@pytest.mark.parametrize("page", sorted((GUIDE / "en").iterdir()), ids=lambda page: page.stem)
def test_english_guide_is_set_with_typographic_marks(page):
    assert re.findall(r"['\"«»]|\u00a0", prose(page)) == []


def test_dossier_means_a_case_file_only():
    assert [
        entry.msgid
        for entry in FILE
        if re.search(r"\brecords?\b", entry.msgid) and "case" not in entry.msgid and "dossier" in entry.msgstr
    ] == []


def test_own_terms_are_those_of_the_catalogue():
    with translation.override("fr-ca"):
        ours = {text: translation.gettext(text) for text in ["Heard back", "Member", "Supervisor", "Kept"]}

    told = [*CATALOGUE["heard_back"], *CATALOGUE["roles"], *CATALOGUE["commitment_statuses"]]
    labels = {entry["label"]["en"]: entry["label"]["fr"] for entry in told}
    assert ours == {text: labels[text] for text in ours}


@pytest.fixture(scope="module")
def english():
    """What must not stand on a page in French: our messages, the libraries', and the catalogue's."""
    libraries = [Path(django.__file__).parent / "conf", Path(allauth.__file__).parent]
    files = [FILE, *(polib.pofile(str(folder / "locale/fr/LC_MESSAGES/django.po")) for folder in libraries)]
    phrases = {
        english
        for file in files
        for entry in file
        for english in (entry.msgid, entry.msgid_plural)
        if english and english not in texts(entry)
    }
    phrases |= {text["en"] for text in bilingual(CATALOGUE) if text["en"] != text["fr"]}
    return {phrase for phrase in phrases if len(phrase) >= LONG and not re.search(r"%|\{|<", phrase)}


def bilingual(part):
    if isinstance(part, dict):
        if isinstance(part.get("en"), str) and isinstance(part.get("fr"), str):
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for child in part:
            yield from bilingual(child)


def words(response):
    """What the page says, to ears too: text, and the attributes that are read out."""
    html = re.sub(r"<(style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    spoken = re.findall(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"", html)
    return " ".join(unescape(" ".join([re.sub(r"<[^>]+>", " ", html), *spoken])).split())


@pytest.fixture
def french(alice, bob, sana, team, time_machine):
    """Alice reads French; she and Bob logged of every kind, and a quarter is closed."""
    time_machine.move_to("2026-07-20 15:00Z")
    for reader in (alice, sana):
        reader.language = "fr"
        reader.save()
    for n in range(24):
        day = QUARTER.first + timedelta(days=3 * n)
        made = make_action(bob if n % 2 else alice, done_on=day, level=["individual", "agency"][n % 2])
        make_commitment(made, due_on=QUARTER.last, status="kept" if n % 3 else "open", kept_on=day if n % 3 else None)
    summaries.close(agency=team.agency, period=QUARTER, now=timezone.now())
    for n in range(30):
        make_action(bob if n % 2 else alice, direction="own_initiative", heard_back="heard")
    return alice


@pytest.fixture
def addresses(french, bob, team):
    """Name to address of all that a French-speaking worker opens."""
    mine = make_action(french, practice=practice("private_talk_harm"), note="Une note.")
    promise = make_commitment(mine)
    without = [reverse(f"actions:{name}") for name in ("home", "practices", "log", "record", "commitments")]
    with_team = [reverse(name, args=[team.pk]) for name in ("actions:feed", "reports:dashboard", "reports:summaries")]
    quarter = f"first={QUARTER.first}&last={QUARTER.last}"
    return [
        *without,
        *with_team,
        reverse("actions:practices") + "?q=zzz",
        reverse("guide"),
        reverse("guide") + "?q=famille",
        *(reverse("guide_page", args=[slug]) for slug in guide.PAGES),
        reverse("actions:record") + "?first=x&kind=learning",
        reverse("actions:record") + "?visibility=private",
        reverse("actions:log") + f"?practice={practice('private_talk_harm').pk}",
        reverse("actions:detail", args=[mine.pk]),
        reverse("actions:edit", args=[mine.pk]),
        reverse("actions:detail", args=[make_action(bob).pk]),
        reverse("actions:detail", args=[make_action(french, visibility="counted").pk]),
        reverse("actions:renegotiate", args=[promise.pk]),
        reverse("actions:drop", args=[promise.pk]),
        reverse("reports:dashboard", args=[team.pk]) + f"?{quarter}",
        reverse("reports:dashboard", args=[team.pk]) + "?first=2026-05-02&last=2026-05-01",
        reverse("reports:dashboard", args=[team.pk]) + "?first=2020-01-01&last=2020-01-31",
        reverse("reports:summary", args=[TeamSummary.objects.get(team=team).pk]),
        reverse("teams:members", args=[team.pk]),
        *asks_of(french, bob, team),
        reverse("teams:visibility"),
        reverse("account_logout"),
        reverse("account_set_password"),
        "/nowhere/",
    ]


def asks_of(french, bob, team):
    sana = team.memberships.get(role="supervisor").worker
    make_worker(team.agency, is_equity_lead=True)
    mine = make_ask(french)
    rows = [mine, make_ask(bob, answered_by=sana), make_ask(french, answered_by=sana, state="declined")]
    return [
        reverse("actions:asks"),
        reverse("actions:ask_new") + f"?action={make_action(french).pk}",
        reverse("actions:team_asks", args=[team.pk]),
        reverse("actions:team_asks", args=[team.pk]) + "?barrier=safety",
        *(reverse("actions:ask", args=[row.pk]) for row in rows),
    ]


def test_pages_of_who_answers_hold_no_english(client, french, bob, sana, team, english):
    sana.is_equity_lead = True
    sana.save()
    asked = [make_ask(bob), make_ask(bob, addressed_to="equity_lead", team=None), make_ask(bob)]
    client.force_login(sana)
    answer = reverse("actions:ask_answer", args=[asked[0].pk])
    left = {
        address: left_over(client.get(address, follow=True), english)
        for address in (
            reverse("actions:home"),
            reverse("actions:ask_inbox"),
            reverse("actions:ask_inbox") + "?barrier=safety",
            reverse("actions:team_asks", args=[team.pk]),
            answer,
        )
    }
    left["wrong"] = left_over(client.post(answer, {}), english)
    left["sent"] = left_over(client.post(answer, {"outcome": "answered", "answer": "Oui."}, follow=True), english)
    left["late"] = left_over(client.post(answer, {"outcome": "answered", "answer": "Oui."}), english)

    assert {address: found for address, found in left.items() if found} == {}


def test_pages_hold_no_english(client, french, addresses, english):
    client.force_login(french)

    left = {}
    for address in addresses:
        response = client.get(address, follow=True)
        assert '<html lang="fr' in response.text, address
        left[address] = left_over(response, english)

    assert {address: found for address, found in left.items() if found} == {}


def left_over(response, english):
    said = words(response)
    return sorted(phrase for phrase in english if phrase in said)


def test_team_list_holds_no_english(client, french, english):
    make_membership(french, make_team(french.agency, "Accueil"))
    client.force_login(french)

    assert left_over(client.get(reverse("teams:list")), english) == []


def test_errors_of_forms_hold_no_english(client, french, english):
    client.force_login(french)
    mine = make_action(french)
    promise = make_commitment(mine)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    wrong = {"hours": "1000", "done_on": tomorrow, "commitment_due": "2020-01-01", "note": "Mme Tremblay, 416 555 0123"}
    posts = [
        (reverse("actions:log"), {}),
        (reverse("actions:log"), form_data(**wrong)),
        (reverse("actions:log"), form_data(done_on="2001-01-01", level="sector", note="La maman de Jade")),
        (reverse("actions:edit", args=[mine.pk]), form_data(version="0")),
        (reverse("actions:renegotiate", args=[promise.pk]), {}),
        (reverse("actions:drop", args=[promise.pk]), {}),
        (reverse("teams:visibility"), {}),
        (reverse("account_set_password"), {"password1": "a", "password2": "b"}),
        (reverse("account_set_password"), {"password1": "12345678", "password2": "12345678"}),
    ]

    left = [(address, left_over(client.post(address, data), english)) for address, data in posts]

    assert left == [(address, []) for address, _data in posts]


def test_pages_before_sign_in_hold_no_english(client, db, english):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr-CA,fr;q=0.9"
    names = ["login", "signup", "inactive", "reset_password", "reset_password_done", "reset_password_from_key_done"]
    addresses = [reverse(f"account_{name}") for name in names]
    addresses.append(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "bad"}))

    left = {address: left_over(client.get(address), english) for address in addresses}
    for name, data in [
        ("login", {"login": "nobody@example.org", "password": "wrong"}),
        ("login", {}),
        ("reset_password", {}),
        ("reset_password", {"email": "no address"}),
    ]:
        left[name, *data] = left_over(client.post(reverse(f"account_{name}"), data), english)

    assert {address: found for address, found in left.items() if found} == {}


def test_mails_hold_no_english(client, french, sana, english, mail_goes_at_once):
    deliveries.send_due()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr-CA"
    client.post(reverse("account_reset_password"), {"email": french.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    bodies = [message.body for message in mail.outbox]
    bodies += [content for message in mail.outbox for content, _type in getattr(message, "alternatives", [])]
    subjects = [message.subject for message in mail.outbox]
    assert subjects == [
        "Intake : sommaire, avril à juin 2026",
        "Choisissez votre mot de passe Allyship",
        "Aucun compte Allyship n’a ce courriel",
    ]
    assert [phrase for phrase in english if phrase in "\n".join(bodies)] == []
