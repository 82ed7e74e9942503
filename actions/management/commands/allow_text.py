from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from actions.models import AllowedText
from teams.models import Agency


class Command(BaseCommand):
    help = (
        "Let the identifier guard pass what an agency itself publishes: a phone number, an e-mail address, a whole "
        '"@domain" or a term, in either language. Without texts it lists what the agency allows. Safe to repeat.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", help="the agency's short name")
        parser.add_argument("texts", nargs="*", metavar="text")
        parser.add_argument("--remove", action="store_true", help="no longer allow these texts")

    def handle(self, *, agency: str, texts: list[str], remove: bool, **options: object) -> None:
        owner = Agency.objects.filter(slug=agency).first()
        if owner is None:
            raise CommandError(f"There is no agency with the short name “{agency}”.")
        allowed = AllowedText.objects.filter(agency=owner)
        wanted = [text.strip() for text in texts]
        if remove:
            allowed.filter(text__in=wanted).delete()
        else:
            _add(owner, [text for text in wanted if not allowed.filter(text=text).exists()])
        for text in allowed.order_by("text").values_list("text", flat=True):
            self.stdout.write(text)


def _add(owner: Agency, texts: list[str]) -> None:
    rows = [AllowedText(agency=owner, text=text) for text in dict.fromkeys(texts)]
    for row in rows:
        try:
            row.full_clean()
        except ValidationError as error:
            raise CommandError(f"“{row.text}”: {' '.join(error.messages)} Nothing was changed.") from error
    AllowedText.objects.bulk_create(rows)
