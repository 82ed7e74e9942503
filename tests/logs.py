"""What may stand in a line of the log: the whole run's are read, those of this process and of those that it starts."""

import json
import logging
import re
from datetime import datetime

from allyship.logs import FIELDS, Lines

CANARY = re.compile(r"Canary \d{4,} end|canary\.")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
TOKEN = re.compile(r"(?=[\w=-]*\d)(?=[\w=-]*[A-Z])[\w=-]{24,}|[0-9a-f]{32}")  # signatures, keys of secret links
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAMES = {"time", "level", "logger", "event", "request_id", "errors", *FIELDS}
PLACE = re.compile(r"[\w./<>-]+:\d+ [\w<>]+")


def faults(line):
    """Why the line may not be written; nothing where it may."""
    try:
        found = json.loads(line)
    except ValueError:
        return ["not JSON"]
    told = json.dumps(
        [value for name, value in found.items() if name not in {"errors", "request_id"}], ensure_ascii=False
    )
    wrong = [
        *(f"unknown name {name}" for name in found.keys() - NAMES),
        *(f"a text in {name}" for name in FIELDS if isinstance(found.get(name), str) and " " in found[name]),
        *(["a canary"] if CANARY.search(line) else []),
        *(["an e-mail address"] if EMAIL.search(line) else []),
        *(["a token"] if TOKEN.search(ID.sub("", told)) else []),
        *(["a query"] if "?" in told else []),
    ]
    for error in found.get("errors", []):
        wrong += [f"unknown name {name}" for name in error.keys() - {"type", "sqlstate", "constraint", "says", "at"}]
        wrong += [f"no place: {place}" for place in error["at"] if not PLACE.fullmatch(place)]
    if not datetime.fromisoformat(found["time"]).tzinfo:
        wrong.append("no zone")
    return wrong


def all_faults(lines):
    return {line: wrong for line in lines if (wrong := faults(line))}


class Reader(logging.Handler):
    """Keeps what is wrong with the lines of this process, until it is asked."""

    def __init__(self):
        super().__init__()
        self.setFormatter(Lines())
        self.found = {}

    def emit(self, record):
        line = self.format(record)
        if wrong := faults(line):
            self.found[line] = wrong

    def take(self):
        found, self.found = self.found, {}
        return found
