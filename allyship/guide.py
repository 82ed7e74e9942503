"""The Guide: pages in both languages, the facts that they take from the code, and one search over them and the practices.

What a page says stands in templates/guide/en and templates/guide/fr, headings alike; all of it can be read before
sign-in, since nothing in it belongs to an agency but the names that it gave to practices.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from actions import catalogue, drafts, retention
from actions.catalogue import folded
from actions.forms.logging import OLDEST
from actions.imports import actions_import
from actions.models import Practice
from actions.models.action import NOTE_LENGTH, UNDO
from actions.models.departure import DAYS_TO_EXPORT
from actions.vocabulary import CommitmentStatus, Direction, Level, reader_language, say
from reports import questions
from reports.audit import trimming
from reports.figures.change import COMPARE_FROM
from reports.figures.counts import TAKING_DIRECTION
from reports.imports import uploads
from reports.pages.dashboards import LONGEST_MONTHS
from reports.suppression.rule import Rule, SectorRule
from teams.imports import people_import
from teams.models import Agency
from teams.models.agency import LEAST_MONTHS, MOST_MONTHS, TEXT_MONTHS
from teams.visibility import Visibility

REVIEWED = date(2026, 11, 23)  # when somebody last compared all pages with the app
EXCERPT = 30  # words
BEFORE = 8  # words of an excerpt before the first that was searched for


@dataclass(frozen=True)
class Page:
    """A page of the guide as it is listed; its text is the template of the same slug."""

    slug: str
    title: Promise
    summary: Promise


PAGES = {
    page.slug: page
    for page in (
        Page(
            "logging",
            _("Logging and promises"),
            _("How to log an action, who can read it, how to change it or take it back, and what becomes of promises."),
        ),
        Page(
            "supervision",
            _("For supervisors"),
            _("The dashboard, the summary and its questions, and what a supervisor does not see."),
        ),
        Page(
            "leads",
            _("For equity leads and admins"),
            _("What these roles see, how people and past actions come in, how people sign in, and what to tell staff."),
        ),
        Page(
            "who-sees-what",
            _("Who sees what"),
            _("Who can read an action, what happens when you change teams, and what nobody can promise."),
        ),
        Page(
            "records",
            _("What this tool records"),
            _("All that is stored about the people who use it: why, who sees it and for how long. To print and post."),
        ),
        Page(
            "figures",
            _("How figures are made"),
            _("What counts, when two periods are compared, when figures are frozen, and what they cannot show."),
        ),
        Page(
            "protected-figures",
            _("How agency and sector figures are protected"),
            _("What “not shown” means, the rule behind it with an example, and what it does not defend."),
        ),
        Page(
            "accessibility",
            _("Accessibility"),
            _("What we aim for, how it is tested, what does not work well yet, and whom to tell."),
        ),
    )
}


@dataclass(frozen=True)
class Section:
    """What stands under one heading, without markup; a link can open it."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A section that holds every word of a search, with the words around the first of them."""

    section: Section
    excerpt: str


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    agency = getattr(request.user, "agency", None)
    practices = catalogue.matching(Practice.objects.offered_to(agency), query)
    hits = search(query) if query else []
    context = {
        "query": query,
        "hits": hits,
        "practices": practices,
        "n_found": len(practices) + sum(len(found) for _page, found in hits),
        "groups": catalogue.by_kind(practices),
        "can_log": agency is not None,
        "pages": PAGES.values(),
        "levels": list(Level),
        "directions": list(Direction),
        "welcome": body("welcome"),
    }
    return render(request, "guide/front.html", context)


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in PAGES:
        raise Http404
    text = body(slug)
    context = {
        "page": PAGES[slug],
        "pages": PAGES.values(),
        "body": text,
        "sections": sections(text),
        "reviewed": REVIEWED,
    }
    return render(request, "guide/page.html", context)


def body(slug: str, language: str | None = None) -> str:
    """What the page says as HTML, in "en" or "fr", or in the reader's language."""
    language = language or reader_language()
    with translation.override(f"{language}-ca"):
        return render_to_string(f"guide/{language}/{slug}.html", facts())


def facts() -> dict[str, Any]:
    """What the pages say of the app's rules, from where the rules stand."""
    return {
        "undo_minutes": int(UNDO.total_seconds() // 60),
        "draft_days": drafts.KEPT.days,
        "note_length": NOTE_LENGTH,
        "months_back": OLDEST.months + 12 * OLDEST.years,
        "grace_days": Agency._meta.get_field("grace_days").default,
        "compare_from": COMPARE_FROM,
        "longest_years": LONGEST_MONTHS // 12,
        "departure_days": DAYS_TO_EXPORT,
        "text_months": TEXT_MONTHS,
        "least_months": LEAST_MONTHS,
        "most_months": MOST_MONTHS,
        "reflection_months": retention.REFLECTION_MONTHS,
        "warned_days": retention.WARNED_BEFORE.days,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "audit_years": trimming.YEARS,
        "import_undo_hours": uploads.UNDO // timedelta(hours=1),
        "password_length": settings.PASSWORD_LENGTH,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "visibility": {choice.value: choice.label for choice in Visibility},
        "status": {choice.value: choice.label for choice in CommitmentStatus},
        "taking": [Direction(code).label for code in TAKING_DIRECTION],
        "not_taking": [choice.label for choice in Direction if choice not in TAKING_DIRECTION],
        "protected": {
            "actions": Rule().actions,
            "most_hidden": Rule().actions - 1,
            "authors": Rule().authors,
            "percent": Rule().percent,
            "rounding": SectorRule.rounding,
        },
        "question": {
            code: {"pattern": say(entry["pattern"]), **_terms(entry)} for code, entry in questions.ENTRIES.items()
        },
        "people_columns": [*people_import.REQUIRED, *people_import.OPTIONAL],
        "action_columns": actions_import.REQUIRED,
        "more_action_columns": actions_import.OPTIONAL,
        "reviewed": REVIEWED,
    }


def _terms(question: dict[str, Any]) -> dict[str, int]:
    """Thresholds of a question; shares in percent."""
    terms = question["gate"] | question["params"]
    return {name: round(100 * term) if isinstance(term, float) else term for name, term in terms.items()}


HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>', re.DOTALL)
BLOCK = re.compile(r"</?(?:p|ul|ol|li|dl|dt|dd|div|h\d|table|caption|tr|th|td)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")
BLANKS = re.compile(r"[ \n]+")  # a no-break space stays


def sections(html: str) -> list[Section]:
    _before, *parts = HEADING.split(html)
    return [
        Section(anchor, plain(heading), plain(text))
        for anchor, heading, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


def plain(html: str) -> str:
    return BLANKS.sub(" ", unescape(TAG.sub("", BLOCK.sub(" ", html)))).strip()


def search(query: str) -> list[tuple[Page, list[Hit]]]:
    """Pages with the sections that hold every word, in either language; what is shown is in the reader's."""
    words = folded(query).split()
    found = [(page, list(_hits(page, words))) for page in PAGES.values()]
    return [(page, hits) for page, hits in found if hits]


def _hits(page: Page, words: Sequence[str]) -> Iterator[Hit]:
    ours, theirs = (sections(body(page.slug, language)) for language in _reader_first())
    for section, other in zip(ours, theirs, strict=True):
        text = folded(" ".join([str(page.title), section.heading, section.text, other.heading, other.text]))
        if all(word in text for word in words):
            yield Hit(section, excerpt(section.text, words))


def _reader_first() -> list[str]:
    return sorted(catalogue.LANGUAGES, key=lambda language: language != reader_language())


def excerpt(text: str, words: Iterable[str]) -> str:
    """The words around the first that was searched for; the beginning where none stands in the text itself."""
    said = text.split(" ")
    wanted = list(words)
    place = next((n for n, word in enumerate(said) if any(part in folded(word) for part in wanted)), 0)
    start = max(0, min(place - BEFORE, len(said) - EXCERPT))
    end = start + EXCERPT
    return ("… " if start else "") + " ".join(said[start:end]) + (" …" if end < len(said) else "")
