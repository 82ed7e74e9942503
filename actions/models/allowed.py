"""What an agency itself publishes, and the identifier guard therefore lets pass."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.audit.tracking import tracked
from teams.models import Agency


@tracked("agency", "text")
class AllowedText(models.Model):
    """A public phone, e-mail address, "@domain" or term of the agency, in whichever language it is said."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="allowed_texts")
    text = models.CharField(_("text"), max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "text"],
                name="allowed_text_once",
                violation_error_message=_("The agency already allows this."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
