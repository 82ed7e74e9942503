"""docker-compose.yml as plain values."""

import json
import re

from tests.documents import ROOT


def read(text, anchors=None):
    """As much of YAML as docker-compose.yml uses: maps by indentation, anchors, merges, and values on one line.

    Lists and texts of several lines stay text. No YAML parser is among our packages.
    """
    anchors = {} if anchors is None else anchors
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines or lines[0].lstrip().startswith("-"):
        return "\n".join(lines)
    indent = len(lines[0]) - len(lines[0].lstrip())
    starts = [number for number, line in enumerate(lines) if line[indent] != " "]
    found = {}
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        key, _, rest = lines[start].partition(":")
        anchor, rest = re.fullmatch(r"(?:&(\w+) ?)?(.*)", rest.split(" #")[0].strip()).groups()
        inner = "\n".join(lines[start + 1 : end])
        value = read(inner, anchors) if inner else scalar(rest, anchors)
        if anchor:
            anchors[anchor] = value
        found |= value if key.strip() == "<<" else {key.strip(): value}
    return found


def scalar(text, anchors):
    if text.startswith("*"):
        return anchors[text[1:]]
    if match := re.fullmatch(r"\{(\w+): (\w+)\}", text):
        return {match[1]: match[2]}
    return json.loads(text) if text.startswith(('"', '["')) else text


COMPOSE = read((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
WHERE = {"--bind"}


def without_options(arguments, options):
    rest = iter(arguments)
    return [argument for argument in rest if not (argument in options and next(rest))]
