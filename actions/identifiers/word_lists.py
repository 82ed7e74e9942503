"""Reads the lists that the rules go by. Each list's file says what it is for."""

from collections.abc import Iterator
from pathlib import Path

_LISTS = Path(__file__).parent / "lists"


def lines(file: str) -> Iterator[str]:
    """The lines of a list, without comments and empty lines."""
    for line in (_LISTS / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def topics(file: str) -> dict[str, frozenset[str]]:
    """{topic: its words} of a file where "[topic] what it is for" opens each list."""
    found: dict[str, set[str]] = {}
    topic = ""
    for line in lines(file):
        if line.startswith("["):
            topic = line[1:].partition("]")[0]
            found[topic] = set()
        else:
            found[topic].update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


def of_any(of: dict[str, frozenset[str]], *names: str) -> frozenset[str]:
    """The words of several topics together."""
    return frozenset().union(*(of[name] for name in names))
