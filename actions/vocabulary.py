"""The fixed words of the log, read once from catalogue.json: levels, directions, kinds, principles, statuses."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CATALOGUE: dict[str, Any] = json.loads((Path(__file__).parent / "catalogue.json").read_text(encoding="utf-8"))


def reader_language() -> str:
    """ "en" or "fr": the catalogue's key for the active language."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


def _read(texts: Mapping[str, str]) -> str:
    return texts[reader_language()]


_lazily: Callable[[Mapping[str, str]], Any] = lazy(_read, str)  # made once: each call of lazy() makes a class


def say(texts: Mapping[str, str] | None) -> Promise:
    """The text in the language of whoever reads it; empty where the catalogue has none."""
    found: Promise = _lazily(texts or {"en": "", "fr": ""})
    return found


_ENTRIES: dict[str, dict[str, dict[str, Any]]] = {
    section: {entry["code"]: entry for entry in CATALOGUE[section]}
    for section in (
        "levels",
        "direction",
        "practice_kinds",
        "principles",
        "heard_back",
        "commitment_statuses",
        "reflection_prompts",
        "systems",
    )
}


class Vocabulary(models.TextChoices):
    """Codes whose label, description and help stand in the catalogue."""

    @property
    def entry(self) -> dict[str, Any]:
        return _ENTRIES[SECTIONS[type(self).__name__]][self.value]

    @property
    def description(self) -> Promise:
        return say(self.entry.get("description"))

    @property
    def example(self) -> Promise:
        return say(self.entry.get("example"))

    @property
    def help(self) -> Promise:
        return say(self.entry.get("help"))


def _label(section: str, code: str, *, key: str = "label") -> Promise:
    return say(_ENTRIES[section][code][key])


def _question(code: str) -> Promise:
    return _label("reflection_prompts", code, key="prompt")


class Level(Vocabulary):
    INDIVIDUAL = "individual", _label("levels", "individual")
    AGENCY = "agency", _label("levels", "agency")
    MULTI_AGENCY = "multi_agency", _label("levels", "multi_agency")
    SECTOR = "sector", _label("levels", "sector")


class Direction(Vocabulary):
    COMMUNITY_LED = "community_led", _label("direction", "community_led")
    CO_DESIGNED = "co_designed", _label("direction", "co_designed")
    REQUEST_FEEDBACK = "request_feedback", _label("direction", "request_feedback")
    CONSULTED = "consulted", _label("direction", "consulted")
    OWN_INITIATIVE = "own_initiative", _label("direction", "own_initiative")


class Kind(Vocabulary):
    DIRECT_SUPPORT = "direct_support", _label("practice_kinds", "direct_support")
    SPEAKING_UP = "speaking_up", _label("practice_kinds", "speaking_up")
    POWER_SHARING = "power_sharing", _label("practice_kinds", "power_sharing")
    ADVOCACY = "advocacy", _label("practice_kinds", "advocacy")
    RESOURCING = "resourcing", _label("practice_kinds", "resourcing")
    RELATIONSHIP = "relationship", _label("practice_kinds", "relationship")
    LEARNING = "learning", _label("practice_kinds", "learning")
    REPAIR = "repair", _label("practice_kinds", "repair")


class Principle(Vocabulary):
    LISTEN_LEARN = "listen_learn", _label("principles", "listen_learn")
    USE_PRIVILEGE = "use_privilege", _label("principles", "use_privilege")
    ACT_ADVOCATE = "act_advocate", _label("principles", "act_advocate")
    SHARE_POWER = "share_power", _label("principles", "share_power")
    LIVED_EXPERIENCE_LEADS = "lived_experience_leads", _label("principles", "lived_experience_leads")
    BUILD_TRUST = "build_trust", _label("principles", "build_trust")
    REFLECT_GROW = "reflect_grow", _label("principles", "reflect_grow")
    ACCOUNTABLE_REPAIR = "accountable_repair", _label("principles", "accountable_repair")
    ALLOCATE_RESOURCES = "allocate_resources", _label("principles", "allocate_resources")


class HeardBack(Vocabulary):
    NOT_ASKED = "not_asked", _label("heard_back", "not_asked")
    WAITING = "waiting", _label("heard_back", "waiting")
    HEARD = "heard", _label("heard_back", "heard")
    NOT_APPLICABLE = "not_applicable", _label("heard_back", "not_applicable")


class CommitmentStatus(Vocabulary):
    OPEN = "open", _label("commitment_statuses", "open")
    KEPT = "kept", _label("commitment_statuses", "kept")
    KEPT_LATE = "kept_late", _label("commitment_statuses", "kept_late")
    RENEGOTIATED = "renegotiated", _label("commitment_statuses", "renegotiated")
    DROPPED = "dropped", _label("commitment_statuses", "dropped")


class Prompt(Vocabulary):
    """The questions that a reflection may start from."""

    WHOSE_VOICE = "rp_whose_voice", _question("rp_whose_voice")
    TALK_LISTEN = "rp_talk_listen", _question("rp_talk_listen")
    POWER_ROOM = "rp_power_room", _question("rp_power_room")
    COMFORT = "rp_comfort", _question("rp_comfort")
    ASKED_OR_ASSUMED = "rp_asked_or_assumed", _question("rp_asked_or_assumed")
    CREDIT = "rp_credit", _question("rp_credit")
    ASSUMPTION = "rp_assumption", _question("rp_assumption")
    UNLEARN = "rp_unlearn", _question("rp_unlearn")
    FEEDBACK_BODY = "rp_feedback_body", _question("rp_feedback_body")
    REPAIR = "rp_repair", _question("rp_repair")
    NO_AUDIENCE = "rp_no_audience", _question("rp_no_audience")
    REST = "rp_rest", _question("rp_rest")

    @classmethod
    def of(cls, day: date) -> "Prompt":
        """The day's own question, the same for everybody: each in turn."""
        return list(cls)[day.toordinal() % len(cls)]


class System(Vocabulary):
    CHILD_WELFARE = "child_welfare", _label("systems", "child_welfare")
    HOUSING = "housing", _label("systems", "housing")
    INCOME_BENEFITS = "income_benefits", _label("systems", "income_benefits")
    HEALTH = "health", _label("systems", "health")
    MENTAL_HEALTH = "mental_health", _label("systems", "mental_health")
    LEGAL_JUSTICE = "legal_justice", _label("systems", "legal_justice")
    EDUCATION = "education", _label("systems", "education")
    PUBLIC_POLICY = "public_policy", _label("systems", "public_policy")
    WORKPLACE = "workplace", _label("systems", "workplace")


class Stance(models.TextChoices):
    """Whether a practice acts before something goes wrong or after; the catalogue says it of each."""

    PROACTIVE = "proactive", _("Acting ahead")
    REACTIVE = "reactive", _("Responding")
    EITHER = "either", _("Either of the two")


SECTIONS = {
    "Level": "levels",
    "Direction": "direction",
    "Kind": "practice_kinds",
    "Principle": "principles",
    "HeardBack": "heard_back",
    "CommitmentStatus": "commitment_statuses",
    "Prompt": "reflection_prompts",
    "System": "systems",
}
