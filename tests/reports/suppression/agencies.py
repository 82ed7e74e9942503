"""Plausible agencies for the attacks: how often workers act, and how kinds, levels and communities mix, is assumed."""

import random
from datetime import date

from actions.vocabulary import CATALOGUE
from reports.periods import Period
from reports.suppression.entries import MANY_COMMUNITIES, Entry, Menu

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))
SIZES = (20, 60, 200)


def _codes(entries):
    return [entry["code"] for entry in entries]


MENU = Menu.of(
    direction=_codes(CATALOGUE["direction"]),
    level=_codes(CATALOGUE["levels"]),
    kind=_codes(CATALOGUE["practice_kinds"]),
    community=[*_codes(CATALOGUE["communities"]["items"]), MANY_COMMUNITIES],
    heard_back=_codes(CATALOGUE["heard_back"]),
    practices=[(practice["kind"], practice["levels"]) for practice in CATALOGUE["practices"]],
)

MONTH_FACTORS = (0.95, 1.20, 1.05)
KINDS = {
    "direct_support": 36,
    "learning": 16,
    "relationship": 12,
    "speaking_up": 11,
    "power_sharing": 9,
    "advocacy": 9,
    "repair": 4,
    "resourcing": 3,
}
LEVELS = {"individual": 60, "agency": 24, "multi_agency": 10, "sector": 6}
DIRECTIONS = {
    "own_initiative": 41,
    "request_feedback": 26,
    "consulted": 14,
    "co_designed": 12,
    "community_led": 7,
}
HEARD_BACK = {"not_asked": 38, "heard": 31, "waiting": 17, "not_applicable": 14}
COMMUNITIES = {
    "low_income": 20,
    "african_canadian": 14,
    "indigenous": 13,
    "immigrants_refugees": 12,
    "racialized": 11,
    "disability_mental_health": 11,
    "single_mother_families": 8,
    "lgbtq2s": 6,
    "youth_from_care": 5,
}


def plausible(workers, seed, *, agency="a", shared=0.28):
    """The shared and counted entries of one quarter of an agency with so many workers."""
    chance = random.Random(f"{agency}/{workers}/{seed}")  # noqa: S311  the same quarters every time
    entries = []
    for number in range(workers):
        rate = chance.gammavariate(2.2, 3.2 / 2.2)
        for factor in MONTH_FACTORS:
            if chance.random() >= 0.13:
                n = min(14, _poisson(chance, rate * factor))
                entries += [_entry(chance, f"{agency}-{number}", agency, shared) for _ in range(n)]
    return entries


def anything(chance, menu, *, authors, n, agencies=("a",), shared=0.3):
    """So many entries, with a taste of its own for each author and cell, so that cells are small and lopsided."""
    lopsided = chance.choice([1, 3])
    weight = {
        key: chance.random() ** lopsided
        for table in ("direction", "community", "heard_back")
        for key in menu.keys(table)
    }
    pairs = sorted(menu.pairs)
    pair_weight = [chance.random() ** lopsided for _ in pairs]
    busy = [chance.random() ** 2 + 0.02 for _ in range(authors)]
    entries = []
    for author in chance.choices(range(authors), busy, k=n):
        kind, level = chance.choices(pairs, pair_weight)[0]
        picked = {
            table: chance.choices(menu.keys(table), [weight[key] for key in menu.keys(table)])[0].code
            for table in ("direction", "community", "heard_back")
        }
        visibility = "shared" if chance.random() < shared else "counted"
        entries.append(
            Entry(
                author=f"w{author}",
                agency=agencies[author % len(agencies)],
                visibility=visibility,
                kind=kind,
                level=level,
                **picked,
            )
        )
    return entries


def _entry(chance, author, agency, shared):
    kind = _pick(chance, KINDS)
    level = _pick(chance, {level: n for level, n in LEVELS.items() if (kind, level) in MENU.pairs})
    tags = chance.choices((1, 2, 3), (68, 26, 6))[0]
    community = MANY_COMMUNITIES if tags > 1 else _pick(chance, COMMUNITIES)
    return Entry(
        author=author,
        agency=agency,
        visibility="shared" if chance.random() < shared else "counted",
        direction=_pick(chance, DIRECTIONS),
        level=level,
        kind=kind,
        community="not_specific" if chance.random() < 0.15 else community,
        heard_back=_pick(chance, HEARD_BACK),
    )


def _pick(chance, weights):
    return chance.choices(list(weights), list(weights.values()))[0]


def _poisson(chance, mean):
    n, left = 0, chance.expovariate(1)
    while left < mean:
        n += 1
        left += chance.expovariate(1)
    return n
