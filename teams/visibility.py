"""The three layers of an action's visibility, and the worker's own choice among them."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Only me")
    COUNTED = "counted", _("Count it, do not show it")
    SHARED = "shared", _("My team")

    @property
    def sentence(self) -> Promise:
        """Who can see it, said to its author."""
        return SENTENCES[self]

    def tightened_by(self, other: "Visibility") -> "Visibility":
        """The tighter of the two: private before counted before shared."""
        order = list(Visibility)
        return min(self, other, key=order.index)


SENTENCES: dict[Visibility, Promise] = {
    Visibility.PRIVATE: _("Only you see it; it is not counted anywhere."),
    Visibility.COUNTED: _("Only you can read it; it adds one to protected agency and sector totals."),
    Visibility.SHARED: _(
        "Your team and its supervisors, now and later, can read it with your name; "
        "it counts in team, agency and sector totals."
    ),
}
