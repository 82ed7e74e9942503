"""The questions that open a summary: rules of the catalogue's `summary_questions`, run on frozen figures.

Every threshold and gate is the catalogue's; each function here says only how its condition reads the figures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from statistics import median
from typing import Any

from actions.vocabulary import CATALOGUE
from reports.figures.counts import LEVELS, TAKING_DIRECTION, TeamFigures

ENTRIES: dict[str, dict[str, Any]] = {entry["code"]: entry for entry in CATALOGUE["summary_questions"]}
ADVOCACY_KINDS = tuple(entry["code"] for entry in CATALOGUE["practice_kinds"] if entry["counts_as_advocacy"])
SYSTEM_LEVELS = tuple(code for code in LEVELS if code != "individual")


@dataclass(frozen=True)
class Question:
    """One question of a summary, and the communities that it is about."""

    code: str
    tone: str
    communities: tuple[int, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The frozen figures that a rule may look at."""

    figures: TeamFigures
    history: Sequence[TeamFigures]
    last_year: TeamFigures | None

    def latest(self, n: int) -> Sequence[TeamFigures]:
        """This period and those before it, n in all; none at all where there have not been so many."""
        periods = [self.figures, *self.history[: n - 1]]
        return periods if len(periods) == n else []

    def alike(self, earlier: TeamFigures) -> bool:
        """Whether it covers as many months: after a change of cadence a month is no quiet quarter."""
        return len(earlier.month) == len(self.figures.month)


Terms = Mapping[str, Any]  # the params and the gate of one question
Rule = Callable[[Evidence, Terms], bool]


def no_lived_direction(evidence: Evidence, terms: Terms) -> bool:
    return evidence.figures.taking_direction == 0


def overdue_commitments(evidence: Evidence, terms: Terms) -> bool:
    promises = evidence.figures.promises
    return promises.open_past >= terms["min_overdue"] and _reaches(
        promises.open_past, terms["min_share"], promises.open_total
    )


def learning_without_advocacy(evidence: Evidence, terms: Terms) -> bool:
    kind = evidence.figures.kind
    return kind["learning"] >= terms["min_learning"] and sum(kind[code] for code in ADVOCACY_KINDS) == 0


def community_gap(evidence: Evidence, terms: Terms) -> bool:
    return bool(unseen_communities(evidence, terms))


def only_individual_level(evidence: Evidence, terms: Terms) -> bool:
    return evidence.figures.level["individual"] == evidence.figures.total


def system_work_without_direction(evidence: Evidence, terms: Terms) -> bool:
    figures = evidence.figures
    directed = sum(figures.level_direction[level][code] for level in SYSTEM_LEVELS for code in TAKING_DIRECTION)
    return sum(figures.level[level] for level in SYSTEM_LEVELS) >= terms["min_system"] and directed == 0


def no_feedback_or_repair(evidence: Evidence, terms: Terms) -> bool:
    return _never("repair", evidence, terms)


def no_resources_moved(evidence: Evidence, terms: Terms) -> bool:
    return _never("resourcing", evidence, terms)


def no_word_back(evidence: Evidence, terms: Terms) -> bool:
    figures = evidence.figures
    no_word = figures.heard_known - figures.heard
    return figures.heard_known >= terms["min_done"] and _reaches(no_word, terms["min_share"], figures.heard_known)


def quiet_period(evidence: Evidence, terms: Terms) -> bool:
    earlier = list(takewhile(evidence.alike, evidence.history[: terms["n_prior"]]))
    if len(earlier) < terms["n_prior"]:
        return False
    usual = median(figures.total for figures in earlier)
    if evidence.last_year and evidence.alike(evidence.last_year):
        usual = min(usual, evidence.last_year.total)  # a season is not a question
    return usual >= terms["min_actions"] and evidence.figures.total <= Decimal(str(terms["drop_ratio"])) * Decimal(
        usual
    )


def commitments_kept(evidence: Evidence, terms: Terms) -> bool:
    promises = evidence.figures.promises
    return promises.due >= terms["min_due"] and _reaches(promises.by_status["kept"], terms["min_share"], promises.due)


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        no_lived_direction,
        overdue_commitments,
        learning_without_advocacy,
        community_gap,
        only_individual_level,
        system_work_without_direction,
        no_feedback_or_repair,
        no_resources_moved,
        no_word_back,
        quiet_period,
        commitments_kept,
    )
}


def unseen_communities(evidence: Evidence, terms: Terms) -> tuple[int, ...]:
    """Communities that the team says it serves and no action named, in periods with enough actions to expect one."""
    periods = evidence.latest(terms["n_periods"])
    if not periods or min(figures.total for figures in periods) < terms["min_actions"]:
        return ()
    return tuple(pk for pk in evidence.figures.served if not any(figures.community.get(pk, 0) for figures in periods))


def applicable(
    figures: TeamFigures, *, history: Sequence[TeamFigures], last_year: TeamFigures | None = None
) -> list[Question]:
    """The questions whose conditions hold, in the catalogue's order.

    `history` is the earlier closed periods' frozen figures, newest first, without a gap; `last_year` those of the same
    months a year before.
    """
    evidence = Evidence(figures, history, last_year)
    questions = []
    for code, entry in ENTRIES.items():
        terms = entry["params"] | entry["gate"]
        if not entry["default_enabled"] or figures.total < entry["gate"].get("min_actions", 0):
            continue
        if RULES[code](evidence, terms):
            communities = unseen_communities(evidence, terms) if code == "community_gap" else ()
            questions.append(Question(code, entry["tone"], communities))
    return questions


def choose(candidates: Sequence[Question], *, asked: Sequence[Sequence[str]], limit: int = 3) -> list[Question]:
    """At most `limit` questions, those not asked for longest first, ties in the catalogue's order.

    What was asked the time before rests, so that none nags. Where nothing else applies, one of those comes again, and
    never three times in a row. `asked` holds the codes asked in earlier summaries, newest summary first.
    """
    order = list(ENTRIES)

    def staleness(question: Question) -> tuple[int, int]:
        ago = next((n for n, codes in enumerate(asked) if question.code in codes), len(asked))
        return -ago, order.index(question.code)

    last, before_last = [*asked, [], []][:2]
    rested = [question for question in candidates if question.code not in last]
    if rested:
        return sorted(rested, key=staleness)[:limit]
    return sorted((question for question in candidates if question.code not in before_last), key=staleness)[:1]


def text(code: str, language: str) -> str:
    """The question in the reader's language: "en" or "fr", or a language code that starts so."""
    return str(ENTRIES[code]["question"][language[:2]])


def _reaches(part: int, ratio: float, whole: int) -> bool:
    """Whether the part is at least that share of the whole, free of binary fractions."""
    return part >= Decimal(str(ratio)) * whole


def _never(kind: str, evidence: Evidence, terms: Terms) -> bool:
    periods = evidence.latest(terms["n_periods"])
    enough = bool(periods) and sum(figures.total for figures in periods) >= terms["min_total"]
    return enough and all(figures.kind[kind] == 0 for figures in periods)
