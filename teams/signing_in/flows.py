"""How people sign in: allauth's flows, closed to sign-up, with the agency read together with the worker."""

import time
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import clear_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from teams import account_mails
from teams.models import Worker
from teams.signing_in import guesses, own_means, providers, second_factors, sessions

# Words of allauth's that our catalogue says better in French; standing here, they are extracted and win over its own.
OUR_WORDS = (
    gettext_noop("Authenticator code"),
    gettext_noop("Code"),
    gettext_noop("Email"),
    gettext_noop("Forgot your password?"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Incorrect code."),
    gettext_noop("Use a security key"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use your password"),
    gettext_noop("You have signed out."),
    gettext_noop("Password successfully changed."),
    gettext_noop("Password successfully set."),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the address that the operator set: a request may claim another port of our host, or another of our hosts."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written now, in the reader's language, and sent by the worker: for any address alike."""
        said = {"request": self.request, "email": email} | context
        account_mails.queue(self.render_mail(template_prefix, email, said))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Worker | None:
        """A guess is counted before the password is looked at, and given back to who was right."""
        guess = guesses.take(request, guesses.PASSWORD, credentials["email"])
        if guess is None:
            raise self.validation_error("too_many_login_attempts")
        worker: Worker | None = super().authenticate(request, **credentials)
        if worker:
            guess.give_back()
        return worker

    def pre_login(self, request: HttpRequest, user: Worker, **kwargs: Any) -> HttpResponse | None:
        """However she proved who she is: where her agency wants it so, its own account is the only way in."""
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        records = get_authentication_records(request, user)
        if answer or (records and records[-1]["method"] == second_factors.AGENCY_ACCOUNT):
            return answer
        if not providers.signs_in_there_only(user):
            return None
        assert user.agency is not None
        clear_authentication_records(request)
        messages.info(request, _("Your agency wants everybody to sign in with its own account. Go on here."))
        return redirect(providers.sign_in_address(user.agency))

    def login(self, request: HttpRequest, user: Worker) -> None:
        super().login(request, user)
        sessions.begin(request)

    def set_password(self, user: Worker, password: str) -> None:
        """Whoever else is signed in with the old one is signed out; guesses at the old one count no more."""
        super().set_password(user, password)
        guesses.forget(guesses.PASSWORD, user.email)
        sessions.end_others(self.request, user)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who came by her agency's account alone may have no password, and a second factor only elsewhere."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not own_means.are_shown(self.request):
            url = reverse("account_reauthenticate_by_mail")
            methods.append({"id": "mailed_code", "description": _("Use a code by e-mail"), "url": url})
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        now = time.time()
        return not any(now - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for record in records)


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: str) -> Worker | None:
        workers = Worker.objects.active().select_related("agency")
        return providers.marked(second_factors.marked(workers)).filter(pk=user_id).first()
