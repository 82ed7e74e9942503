"""What people can make of a published quarter, worked out another way than the code that protects it does.

A reader is what she knows: the printed object, and the entries that she reads. Everything else she counts out.
"""

from collections import Counter
from fractions import Fraction
from itertools import product

from reports.suppression.entries import TABLES

ALONE = ("direction", "community", "heard_back")


def numbers_of(figures):
    """(table, code) and the printed number, None where not shown."""
    return {(table.name, cell.code): cell.shown for table in figures.tables for cell in table.cells}


def count(entries):
    """Every cell's exact number, the attackers' answer sheet."""
    return Counter((table, getattr(entry, table)) for entry in entries for table in TABLES)


def readers(entries):
    """What each can read: the public nothing, one all that is shared, and every author that and her own."""
    shared = [entry for entry in entries if entry.visibility == "shared"]
    yield "public", []
    yield "shared", shared
    for author in sorted({entry.author for entry in entries}):
        own = [entry for entry in entries if entry.visibility == "counted" and entry.author == author]
        yield author, [*shared, *own]


def sector_readers(entries):
    """Besides: all of one agency's entries, and those with everything shared anywhere."""
    yield from readers(entries)
    for agency in sorted({entry.agency for entry in entries}):
        own = [entry for entry in entries if entry.agency == agency]
        yield f"all of {agency}", own
        yield f"all of {agency}, and shared", [e for e in entries if e.agency == agency or e.visibility == "shared"]


def ranges(total, printed, menu, read, *, possible):
    """The smallest and largest number that each hidden cell can be, less what the reader reads there.

    `possible` finds these for kinds and levels together.
    """
    known = count(read)
    left = {key: None if n is None else n - known[key] for key, n in printed.items()}
    found = {}
    for table in ALONE:
        cells = {key: n for key, n in left.items() if key[0] == table}
        found |= outer(total - len(read), cells)
    return found | possible(total - len(read), left, menu)


def outer(total, cells):
    """One table by itself: the hidden cells share what is left."""
    hidden = [key for key, n in cells.items() if n is None]
    rest = total - sum(n for n in cells.values() if n is not None)
    return {key: (rest if len(hidden) == 1 else 0, rest) for key in hidden}


def by_enumeration(total, left, menu, least=None):
    """Walks through every table of kinds by levels that agrees with what is known; small numbers only.

    `least` says what hidden cells are known to hold at least.
    """
    kinds, levels = [("kind", code) for code in menu.kind], [("level", code) for code in menu.level]
    found = {}
    for target in [None, *(kind for kind in kinds if left[kind] is None)]:
        ends = _ends(total, left, menu, least or {}, target)
        if target:
            found[target] = (min(size for _, size in ends), max(size for _, size in ends))
        for place, level in enumerate(levels):
            if left[level] is None:
                found[level] = (min(sums[place] for sums, _ in ends), max(sums[place] for sums, _ in ends))
    return found


def _ends(total, left, menu, least, target):
    """The numbers that levels and one kind can have at the end of adding up kind after kind."""
    levels = [("level", code) for code in menu.level]
    caps = [total if left[level] is None else left[level] for level in levels]
    states = {((0,) * len(levels), 0)}
    for kind in (("kind", code) for code in menu.kind):
        exact, floor = left[kind], least.get(kind, 0)
        matters = exact is not None or floor or kind == target
        rows = {(sums, seen, 0) for sums, seen in states}
        for place, level in enumerate(levels):
            if (kind[1], level[1]) in menu.pairs:
                rows = {
                    ((*sums[:place], sums[place] + n, *sums[place + 1 :]), seen, (row + n) * bool(matters))
                    for sums, seen, row in rows
                    for n in range(min(caps[place] - sums[place], total - sum(sums), (exact or total) - row) + 1)
                }
        if exact is None:
            states = {(sums, row if kind == target else seen) for sums, seen, row in rows if row >= floor}
        else:
            states = {(sums, seen) for sums, seen, row in rows if row == exact}
    floors = [least.get(level, 0) if left[level] is None else left[level] for level in levels]
    return [
        (sums, seen)
        for sums, seen in states
        if sum(sums) == total and all(n >= floor for n, floor in zip(sums, floors, strict=True))
    ]


def by_flow(total, left, menu):
    """The same for numbers of any size: entries as water from kinds to levels, pushed through one cell and out of it."""
    hidden = [key for key, n in left.items() if n is None and key[0] in ("kind", "level")]
    if not hidden:
        return {}
    found = {}
    for key in hidden:
        low_flow, high_flow = _Flow(total, left, menu), _Flow(total, left, menu)
        found[key] = (low_flow.least(key), high_flow.most(key))
    return found


class _Flow:
    """A feasible flow, found by filling what printed cells require, then pushed along one cell's arc."""

    def __init__(self, total, left, menu):
        self.room = {}
        kinds, levels = [("kind", code) for code in menu.kind], [("level", code) for code in menu.level]
        self.nodes = ["in", "out", *kinds, *levels, "need", "have"]
        for key in (*kinds, *levels):
            a, b = ("in", key) if key[0] == "kind" else (key, "out")
            if left[key] is None:
                self._add(a, b, total)
            else:  # a lower bound: what leaves a must arrive in b
                self._add("need", b, left[key])
                self._add(a, "have", left[key])
        for kind, level in menu.pairs:
            self._add(("kind", kind), ("level", level), total)
        self._add("need", "in", total)
        self._add("out", "have", total)
        required = sum(n for (a, _), n in self.room.items() if a == "need")
        assert self._push("need", "have", required) == required, "the printed numbers contradict each other"
        for pair in list(self.room):
            if "need" in pair or "have" in pair:
                del self.room[pair]

    def most(self, key):
        a, b = self._arc(key)
        flow = self.room.pop((b, a))
        del self.room[a, b]
        return flow + self._push(b, a, 10**9)

    def least(self, key):
        a, b = self._arc(key)
        flow = self.room.pop((b, a))
        del self.room[a, b]
        return flow - self._push(a, b, flow)

    def _arc(self, key):
        return ("in", key) if key[0] == "kind" else (key, "out")

    def _add(self, a, b, n):
        self.room[a, b] = self.room.get((a, b), 0) + n
        self.room.setdefault((b, a), 0)

    def _push(self, a, b, most):
        pushed = 0
        while pushed < most and (path := self._path(a, b)):
            n = min(most - pushed, *(self.room[step] for step in path))
            for x, y in path:
                self.room[x, y] -= n
                self.room[y, x] += n
            pushed += n
        return pushed

    def _path(self, a, b):
        came, ahead = {a: None}, [a]
        while ahead and b not in came:
            here = ahead.pop(0)
            for there in self.nodes:
                if there not in came and self.room.get((here, there), 0) > 0:
                    came[there] = here
                    ahead.append(there)
        if b not in came:
            return []
        path = []
        while came[b] is not None:
            path.append((came[b], b))
            b = came[b]
        return path[::-1]


def may_be_told(entries, everybody, *, actions=5, authors=3, percent=70):
    """The rule of an agency's figures, said once more and reader by reader."""

    def enough(some):
        made = Counter(entry.author for entry in some)
        return len(some) >= actions and len(made) >= authors and max(made.values()) * 100 <= percent * len(some)

    unread = [entry for entry in entries if entry.visibility == "counted"]
    rests = [[entry for entry in unread if entry.author != reader] for reader in (*everybody, None)]
    return enough(entries) and (all(map(enough, rests)) or not unread)


def sector_may_be_told(entries, everybody):
    """The rule of the sector's figures, likewise."""
    made = Counter(entry.agency for entry in entries)

    def enough(some):
        return len(some) >= 5 and len({e.author for e in some}) >= 3 and len({e.agency for e in some}) >= 2

    for agency in made:
        others = [entry for entry in entries if entry.agency != agency]
        unread = [entry for entry in others if entry.visibility == "counted"]
        if not enough(others) or (unread and not enough(unread)):
            return False
    return may_be_told(entries, everybody) and len(made) >= 3 and max(made.values()) * 100 <= 70 * len(entries)


def implied_sets(printed, menu):
    """Every set of kind-level pairs whose number of entries follows from what is printed, by plain linear algebra.

    A number follows if no change that leaves all printed numbers alone changes it.
    """
    pairs = sorted(menu.pairs)
    vectors = [[1] * len(pairs)]
    for (table, code), n in sorted(printed.items()):
        if n is not None and table in ("kind", "level"):
            vectors.append([int(code in pair) for pair in pairs])
    changes = [[(n, step) for n, step in enumerate(change) if step] for change in _unseen_changes(vectors)]
    for picked in product((0, 1), repeat=len(pairs)):
        if any(picked) and not any(sum(step for n, step in change if picked[n]) for change in changes):
            yield {pair for pair, chosen in zip(pairs, picked, strict=True) if chosen}


def _unseen_changes(vectors):
    """A basis of what is orthogonal to all the vectors, by elimination."""
    rows, leads = [[Fraction(n) for n in vector] for vector in vectors], []
    for column in range(len(vectors[0])):
        place = len(leads)
        found = next((n for n in range(place, len(rows)) if rows[n][column]), None)
        if found is None:
            continue
        rows[place], rows[found] = rows[found], rows[place]
        rows[place] = [value / rows[place][column] for value in rows[place]]
        for n, row in enumerate(rows):
            if n != place and row[column]:
                rows[n] = [value - row[column] * other for value, other in zip(row, rows[place], strict=True)]
        leads.append(column)
    for free in range(len(vectors[0])):
        if free not in leads:
            change = [Fraction(0)] * len(vectors[0])
            change[free] = Fraction(1)
            for n, lead in enumerate(leads):
                change[lead] = -rows[n][free]
            yield change
