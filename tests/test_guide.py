"""The guide says the same in both languages, says what the code does, and can be read before sign-in."""

import math
import re
from pathlib import Path

import pytest
from allauth.account import app_settings as allauth
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from actions.models import Practice
from allyship import guide
from reports import questions
from reports.figures.change import change, share
from teams.audit.tracking import AuditEvent
from teams.models import Session, Worker
from teams.signing_in import guesses
from tests.actions.factories import edit_term
from tests.factories import make_action, make_worker, practice

FOLDER = Path(settings.BASE_DIR) / "templates" / "guide"
FRONT = reverse("guide")
TAGS = re.compile(r"<(/?\w+)((?:\s[^>]*)?)>")
KEPT_ATTRIBUTES = re.compile(r'\s(?:id|href|class|scope|role)="[^"]*"')
COMMENT = re.compile(r"\{# (.+?) #\}")
LANGUAGES = ["en", "fr"]
FRAGMENTS = [*guide.PAGES, "welcome"]

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_page = pytest.mark.parametrize("slug", guide.PAGES)


def address(slug):
    return reverse("guide_page", args=[slug])


def skeleton(html):
    """The markup without the words: tags in order, with what links, names and places them."""
    return [f"{name}{''.join(KEPT_ATTRIBUTES.findall(attributes))}" for name, attributes in TAGS.findall(html)]


def source(slug, language):
    return (FOLDER / language / f"{slug}.html").read_text()


def read(client, url, language="en"):
    return client.get(url, headers={"accept-language": f"{language}-CA"})


@each_language
def test_folder_holds_the_pages_and_nothing_else(language):
    assert sorted(path.stem for path in (FOLDER / language).iterdir()) == sorted(FRAGMENTS)


@pytest.mark.parametrize("slug", FRAGMENTS)
def test_both_languages_have_the_same_markup(slug):
    assert skeleton(guide.body(slug, "fr")) == skeleton(guide.body(slug, "en"))


@pytest.mark.parametrize("slug", FRAGMENTS)
def test_both_languages_take_the_same_facts(slug):
    taken = [sorted(re.findall(r"\{\{ [\w.]+", source(slug, language))) for language in LANGUAGES]

    assert taken[0] == taken[1]


@pytest.mark.parametrize("slug", FRAGMENTS)
@each_language
def test_every_fact_taken_is_there(slug, language):
    told = guide.facts()
    loose = {"label", "column"}  # of loops
    missing = []
    for path in re.findall(r"\{\{ ([\w.]+)", source(slug, language)):
        value = told
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None and path not in loose:
            missing.append(path)

    assert missing == []


@each_page
@each_language
def test_page_opens_before_sign_in(client, db, slug, language):
    response = read(client, address(slug), language)

    assert response.status_code == 200
    with translation.override(f"{language}-ca"):
        assert re.findall(r"<h1>(.*?)</h1>", response.text) == [str(escape(guide.PAGES[slug].title))]
        sections = guide.sections(guide.body(slug, language))
    contents = re.findall(r'<li><a href="#([\w-]+)">', response.text)
    assert contents == [section.id for section in sections]
    assert f'<html lang="{language}-ca">' in response.text


def test_unknown_page_is_not_found(client, db):
    assert client.get(address("no-such-page")).status_code == 404


@each_language
def test_all_links_lead_somewhere(client, alice, language):
    alice.language = language
    alice.save()
    client.force_login(alice)
    answers = {url: client.get(url) for url in [FRONT, *map(address, guide.PAGES)]}
    links = {(url, link) for url, page in answers.items() for link in re.findall(r'<a\s[^>]*href="([^"]*)"', page.text)}

    wrong = []
    for url, link in sorted(links):
        target, _, anchor = link.partition("#")
        target = target or url
        if target not in answers:
            answers[target] = client.get(target, follow=True)
        if answers[target].status_code != 200 or (anchor and f'id="{anchor}"' not in answers[target].text):
            wrong.append((url, link))
    assert len(links) > 100
    assert wrong == []


def test_facts_are_those_of_the_code():
    numbers = {name: fact for name, fact in guide.facts().items() if isinstance(fact, int)}

    assert numbers == {
        "undo_minutes": 10,
        "draft_days": 30,
        "note_length": 400,
        "months_back": 24,
        "grace_days": 7,
        "compare_from": 20,
        "longest_years": 5,
        "departure_days": 30,
        "text_months": 24,
        "least_months": 6,
        "most_months": 84,
        "reflection_months": 24,
        "warned_days": 30,
        "idle_minutes": 30,
        "session_hours": 12,
        "audit_years": 7,
        "import_undo_hours": 24,
        "password_length": 12,
    }


@pytest.mark.parametrize(
    ("slug", "fact"),
    [
        ("logging", "undo_minutes"),
        ("logging", "note_length"),
        ("logging", "months_back"),
        ("supervision", "compare_from"),
        ("supervision", "longest_years"),
        ("who-sees-what", "undo_minutes"),
        ("records", "note_length"),
        ("records", "session_hours"),
        ("records", "idle_minutes"),
        ("records", "departure_days"),
        ("records", "text_months"),
        ("records", "least_months"),
        ("records", "most_months"),
        ("records", "warned_days"),
        ("figures", "compare_from"),
        ("figures", "grace_days"),
        ("accessibility", "undo_minutes"),
        ("accessibility", "idle_minutes"),
        ("leads", "import_undo_hours"),
        ("leads", "password_length"),
    ],
)
def test_facts_stand_on_their_page(slug, fact):
    said = [re.findall(r"\d+", guide.plain(guide.body(slug, language))) for language in LANGUAGES]

    assert [str(guide.facts()[fact]) in numbers for numbers in said] == [True, True]


def test_every_question_of_a_summary_is_explained():
    told = source("figures", "en")

    unexplained = [
        f"{code}.{term}"
        for code, terms in guide.facts()["question"].items()
        for term in terms
        if f"question.{code}.{term} " not in told
    ]
    assert unexplained == []


def test_what_pages_say_in_words_is_what_the_code_does():
    """Numbers that stand in sentences, as "three questions" and "five minutes" do."""
    limited = ["reset_password", "reset_password_from_key"]
    seconds = [float(limit.split("/")[1].rstrip("sm")) for name in limited for limit in _limits(name)]
    seconds += [limit.within.total_seconds() for limit in (guesses.PASSWORD, guesses.CODE, guesses.SECOND_FACTOR)]

    assert questions.choose.__kwdefaults__["limit"] == 3
    assert max(seconds) == 5 * 60


def _limits(name):
    """As "5/300s/key", a minute written out in seconds."""
    return [limit.replace("/m/", "/60s/") for limit in allauth.RATE_LIMITS[name].split(",")]


def test_example_of_figures_is_what_the_code_would_say():
    english, french = (guide.plain(guide.body("figures", language)) for language in LANGUAGES)
    by_chance = [f"{2 * math.sqrt(n):.1f}" for n in (31, 9, 20)]

    assert (change(24, 31), change(9, 8), share(9, 24)) == (None, None, 38)
    assert (change(6, 20).difference, change(6, 20).direction) == (14, "fewer")
    assert all(number in english for number in ["31", "24", "38%", "14 fewer", *by_chance])
    assert all(number.replace(".", ",") in french for number in ["31", "24", "38\u00a0%", "14 de moins", *by_chance])


def recorded(language):
    """What the page on records says is stored: names of fields by model, from the notes beside each row."""
    told = {}
    for note in COMMENT.findall(source("records", language)):
        for part in note.split("; "):
            model, _, fields = part.partition(": ")
            told.setdefault(model, []).extend(fields.split())
    return told


@each_language
def test_records_page_tells_every_field_about_a_worker(language):
    stored = {
        model._meta.label: sorted(field.name for field in model._meta.concrete_fields) for model in about_workers()
    }

    own = {field.name for field in AuditEvent._meta.get_fields()} | {"pgh_context", "pgh_obj"}
    stored["teams.AuditEvent"] = sorted(own)  # beside copies of columns that are told where they come from
    assert {model: sorted(fields) for model, fields in recorded(language).items()} == stored


def about_workers():
    """Tables that point to a worker, those that point to these, and sessions, which hold her key within."""
    found = {Worker, Session}
    while True:
        near = {
            model
            for model in apps.get_models()
            if not (model._meta.proxy or issubclass(model, AuditEvent))
            for field in model._meta.concrete_fields
            if field.related_model in found and field.related_model is not None
        }
        # A confirmation of an address is never asked for (ACCOUNT_EMAIL_VERIFICATION), so that table stays empty.
        near = {model for model in near if model._meta.label != "account.EmailConfirmation"}
        if near <= found:
            return found
        found |= near


@each_language
@pytest.mark.parametrize("url", [reverse("account_login"), "/nowhere/", FRONT])
def test_every_page_leads_to_records_and_accessibility(client, db, url, language):
    links = re.findall(r'href="([^"]*)"', read(client, url, language).text.partition("<footer")[2])

    assert links == [FRONT, address("records"), address("accessibility")]


def test_front_opens_before_sign_in_without_links_to_the_form(client, db):
    response = client.get(FRONT)

    assert len(response.context["practices"]) == Practice.objects.count()
    assert reverse("actions:quick_log") not in response.text


def test_front_has_all_practices_with_example_and_caution(client, alice):
    client.force_login(alice)

    response = client.get(FRONT)

    shown = [practice for _, practices in response.context["groups"] for practice in practices]
    assert {practice.pk for practice in shown} == set(Practice.objects.values_list("pk", flat=True))
    missing = [
        text
        for practice in shown
        for text in (practice.label, practice.description, practice.example, practice.caution)
        if str(escape(text)) not in response.text
    ]
    assert missing == []


def test_front_calls_practices_as_the_agency_does_for_its_own_people_only(client, alice, charlie):
    edit_term(alice.agency, practice(), label_en="Canary name")

    told = {}
    for reader in (alice, charlie, None):
        client.logout()
        if reader:
            client.force_login(reader)
        told[reader] = "Canary name" in client.get(FRONT).text

    assert told == {alice: True, charlie: False, None: False}


def test_front_is_open_to_analysts_without_links_to_the_form(client, db):
    client.force_login(make_worker(None, is_analyst=True))

    response = client.get(FRONT)

    assert len(response.context["practices"]) == Practice.objects.count()
    assert reverse("actions:quick_log") not in response.text


def test_search_finds_practices_in_both_languages(client, alice):
    client.force_login(alice)

    found = [client.get(FRONT, {"q": query}).context["practices"] for query in ("hard parts", "DES le depart", "zebra")]

    assert [[practice.code for practice in practices] for practices in found] == [
        ["info_up_front"],
        ["info_up_front"],
        [],
    ]


def places(query):
    return [(page.slug, hit.section.id) for page, hits in guide.search(query) for hit in hits]


@pytest.mark.parametrize("reader", ["en-ca", "fr-ca"])
@pytest.mark.parametrize("query", ["square ROOT", "racine carrée", "RACINE carree"])
def test_search_finds_sections_in_both_languages_without_accents(reader, query):
    with translation.override(reader):
        assert places(query) == [("figures", "compare")]


def test_search_finds_nothing_where_one_word_is_missing():
    assert places("withdraw zebra") == []


def test_search_shows_the_words_around_in_the_readers_language():
    with translation.override("fr-ca"):
        [(_, [hit])] = guide.search("square root")
    with translation.override("en-ca"):
        [(_, [english])] = guide.search("square root")

    assert hit.section.heading == "Pourcentages et changements"
    assert "square root" in english.excerpt
    assert english.excerpt.startswith("… ")


def test_search_page_links_to_the_sections(client, db):
    page = client.get(FRONT, {"q": "square root"}).text

    assert f'href="{address("figures")}#compare"' in page
    assert 'id="pages"' not in page


def test_search_says_what_was_searched_without_trusting_it(client, db):
    page = client.get(FRONT, {"q": "<script>alert(1)</script>"}).text

    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


@pytest.mark.parametrize("text", ["one two three", " ".join(map(str, range(100)))])
def test_excerpt_is_no_longer_than_it_says(text):
    shown = guide.excerpt(text, ["50"])

    assert "50" in shown.split() or "50" not in text
    assert len([word for word in shown.split() if word != "…"]) <= guide.EXCERPT


@pytest.mark.parametrize("n", [1, 3])
def test_front_runs_five_queries(client, alice, n, django_assert_num_queries):
    for _ in range(n):
        make_action(alice)
    client.force_login(alice)

    with django_assert_num_queries(5):
        response = client.get(FRONT)

    assert len(response.context["practices"]) == Practice.objects.count()


@each_page
def test_page_asks_the_database_nothing(client, slug, db, django_assert_num_queries):
    with django_assert_num_queries(2):  # the beginning and the end of the request's transaction
        assert client.get(address(slug)).context["page"].slug == slug
