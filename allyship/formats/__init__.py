"""What Django's formats of French Canada lack: the first day of a month is « 1er janvier »."""

from django.utils import translation
from django.utils.dateformat import DateFormat

_english = DateFormat.S


def _ordinal(self: DateFormat) -> str:
    """Django's S is English in every language."""
    if (translation.get_language() or "").startswith("fr"):
        return "er" if self.j() == 1 else ""
    return _english(self)


DateFormat.S = _ordinal  # type: ignore[method-assign]
