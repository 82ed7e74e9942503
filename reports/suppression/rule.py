"""When a set of entries may be told: enough actions, of enough authors, for whoever reads it."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from reports.suppression.entries import Contributor, Holding, by_agency, by_author


@dataclass(frozen=True)
class Rule:
    """An agency's thresholds; it may ask for more than these, never for less (ValueError)."""

    actions: int = 5
    authors: int = 3
    percent: int = 70
    """The most that one author may have of a set."""

    rounding: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if self.actions < 5:
            raise ValueError(f"A figure needs at least 5 actions; {self.actions} is too few.")
        if self.authors < 3:
            raise ValueError(f"A figure needs at least 3 authors; {self.authors} is too few.")
        if not 1 <= self.percent <= 70:
            raise ValueError(f"One author may have at most 70 % of a figure, and at least 1 %; not {self.percent} %.")

    def allows(self, holding: Holding) -> bool:
        """Whether the number of these entries may be known to the public and to the worst reader there can be.

        She reads every shared entry, and is any one of the authors or none: what remains is empty or not small.
        """
        rest = by_author(holding.counted)
        return self._is_enough(by_author(holding.entries)) and (not rest or self._is_enough_for_authors(rest))

    def _is_enough(self, made: Counter[str]) -> bool:
        n = made.total()
        return n >= self.actions and len(made) >= self.authors and 100 * max(made.values()) <= self.percent * n

    def _is_enough_for_authors(self, rest: Counter[str]) -> bool:
        """The two who made most are the worst readers: who takes less away leaves more, and the same largest author."""
        worst = [author for author, _ in rest.most_common(2)]
        without = [Counter({author: n for author, n in rest.items() if author != reader}) for reader in worst]
        return self._is_enough(rest) and all(self._is_enough(others) for others in without)


@dataclass(frozen=True)
class SectorRule(Rule):
    """The sector's thresholds: those of an agency, and three agencies, each of which knows all of its own entries."""

    agencies: ClassVar[int] = 3
    agency_percent: ClassVar[int] = 70
    other_agencies: ClassVar[int] = 2
    rounding: ClassVar[int] = 5

    def allows(self, holding: Holding) -> bool:
        made = by_agency(holding.entries)
        return (
            super().allows(holding)
            and len(made) >= self.agencies
            and 100 * max(made.values()) <= self.agency_percent * holding.n
            and self._is_enough_for_agencies(holding.entries, made, may_be_empty=False)
            and self._is_enough_for_agencies(holding.counted, made, may_be_empty=True)
        )

    def _is_enough_for_agencies(self, made: Counter[Contributor], readers: Counter[str], *, may_be_empty: bool) -> bool:
        """Whether the entries without those of any one agency are still enough, or none where that is fine."""
        per_agency, homes = by_agency(made), _homes(made)
        only_there = Counter(min(agencies) for agencies in homes.values() if len(agencies) == 1)
        for reader in readers:
            n = made.total() - per_agency[reader]
            authors = len(homes) - only_there[reader]
            agencies = len(per_agency) - (reader in per_agency)
            enough = n >= self.actions and authors >= self.authors and agencies >= self.other_agencies
            if not enough and not (may_be_empty and n == 0):
                return False
        return True


def _homes(made: Counter[Contributor]) -> dict[str, set[str]]:
    """The agencies in which each author has entries: usually one."""
    homes: dict[str, set[str]] = {}
    for agency, author in made:
        homes.setdefault(author, set()).add(agency)
    return homes
