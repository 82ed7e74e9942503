"""How people sign in: allauth's flows, closed to sign-up, with the agency read together with the worker."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from teams.models import Worker

logger = logging.getLogger(__name__)

# Words of allauth's that our catalogue says better in French; standing here, they are extracted and win over its own.
OUR_WORDS = (
    gettext_noop("Email"),
    gettext_noop("Forgot your password?"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("You have signed out."),
    gettext_noop("Password successfully changed."),
    gettext_noop("Password successfully set."),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away is said on the page, alike for addresses that we know and do not know."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.warning("Mail %s was not sent: %s", template_prefix, type(error).__name__)
            messages.error(self.request, _("The message could not be sent just now. Try again in a few minutes."))


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: str) -> Worker | None:
        return Worker.objects.active().select_related("agency").filter(pk=user_id).first()
