"""What the agency itself publishes: such a phone, e-mail address or term is no finding."""

import re
from collections.abc import Collection

from actions.identifiers import normalising
from actions.identifiers.findings import Finding, Span
from actions.identifiers.normalising import Text


class Allowed:
    """The agency's own phones, e-mail addresses, "@domain" and terms, looked up in one text."""

    def __init__(self, allow: Collection[str], read: Text) -> None:
        self.read = read
        self.phones: set[str] = set()
        self.mails: list[str] = []
        self.spans: list[Span] = []
        for entry in allow:
            fold = normalising.read(entry.strip()).fold
            number = re.sub(r"\D", "", fold)
            if not fold:
                continue
            if "@" in fold:
                self.mails.append(fold)
            elif len(number) >= 3 and not re.search(r"[a-z]", fold):
                self.phones.add(number.removeprefix("1"))
            else:
                word = re.compile(rf"(?<!\w){re.escape(fold)}(?!\w)")
                self.spans += [(read.starts[m.start()], read.ends[m.end() - 1]) for m in word.finditer(read.fold)]

    def covers(self, hit: Finding) -> bool:
        if any(start <= hit.start and hit.end <= end for start, end in self.spans):
            return True
        if not (self.phones or self.mails):
            return False
        piece = "".join(
            c
            for c, start, end in zip(self.read.digits, self.read.starts, self.read.ends, strict=True)
            if hit.start <= start and end <= hit.end
        )
        if hit.kind == "email":
            return any(piece == mail or (mail.startswith("@") and piece.endswith(mail)) for mail in self.mails)
        return re.sub(r"\D", "", piece).removeprefix("1") in self.phones
