"""allauth's pages of signing in where ours do more: they carry what was typed, and count guesses for good.

A guess stays counted whatever becomes of the request, so these run outside the one transaction that others have.
"""

import time
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import (
    BaseReauthenticateView,
    ConfirmLoginCodeView,
    PasswordChangeView,
    PasswordSetView,
    RequestLoginCodeView,
)
from allauth.account.views import ReauthenticateView as ReauthenticateByPasswordView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from teams.forms.signing_in import MailedCodeForm
from teams.models import LinkedAccount, Provider
from teams.requests import local_address
from teams.signing_in import guesses, own_means, providers, second_factors
from teams.signing_in.typed import Carrying, FirstOfAll, SignIn, carried, carry_on

MAILED: Final = "code_mailed"  # in a session: the code by which she confirms that it is she


class RequestCode(Carrying, RequestLoginCodeView):
    answers = frozenset({"email"})

    def get_initial(self) -> dict[str, Any]:
        """The address may have been typed on the page before."""
        return super().get_initial() | {"email": self.request.POST.get("login", "")}


class ConfirmCode(Carrying, ConfirmLoginCodeView):
    answers = frozenset({"code"})

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"whom": self.stage.state.get("email", "")}


class SecondFactor(AuthenticateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not {"code", "credential"} & request.POST.keys():
            request.method = "GET"  # it comes from the page before, with what was typed alone
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | carried(self.request)

    def form_valid(self, form: Any) -> HttpResponse:
        return carry_on(self.request, super().form_valid(form))


class ByPasskey(LoginWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if self.request.user.is_authenticated:
            answer["Location"] = local_address(self.request, self.request.POST.get("next", ""))
        return carry_on(self.request, answer)

    def form_invalid(self, form: Any) -> HttpResponse:
        return carry_on(self.request, super().form_invalid(form))


class Index(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        worker = self.request.user
        provider = Provider.objects.filter(agency=worker.agency_id).first() if worker.agency_id else None
        linked = LinkedAccount.objects.working().filter(worker=worker).first() if provider else None
        return context | {
            "second_factor_missing": second_factors.is_missing(self.request),
            "provider": provider,
            "linked": linked,
            "has_to_link": providers.has_to_link(worker),
        }


# Confirming that it is she ---------------------------------------------------------------------------------------------


class Confirming(FirstOfAll):
    """A form comes here where a page asks for a means of her own first (`teams.signing_in.own_means`)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"by_agency_alone": not own_means.are_shown(self.request)}


class AgainByPassword(Confirming, ReauthenticateByPasswordView):
    answers = frozenset({"password"})


class AgainByCode(Confirming, ReauthenticateByCodeView):
    answers = frozenset({"code"})


class AgainByPasskey(Confirming, ReauthenticateWebAuthnView):
    answers = frozenset({"credential"})

    def form_invalid(self, form: Any) -> HttpResponse:
        """On this page: elsewhere what was typed would be lost."""
        super().form_invalid(form)  # tells what was wrong
        answer: HttpResponse = self.get(self.request)
        return answer


class AgainByMail(Confirming, BaseReauthenticateView):
    """A code to her own address, which her agency's account does not open."""

    answers = frozenset({"code"})
    form_class = MailedCodeForm
    template_name = "account/reauthenticate_by_mail.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" in request.POST:
            self._send(self._own_address)
        return super().post(request, *args, **kwargs)

    def _send(self, email: str) -> None:
        if not guesses.may_mail(self.request, guesses.CODES_MAILED, email):
            messages.error(self.request, _("Too many messages were sent for this. Wait five minutes."))
            return
        code = get_adapter().generate_login_code()
        get_adapter().send_mail("account/email/login_code", email, {"code": code})
        self.request.session[MAILED] = {"code": code, "to": email, "at": time.time()}

    def _mailed(self) -> str:
        """The code that was mailed lately, to the address that is still hers."""
        mailed = self.request.session.get(MAILED, {"to": "", "at": 0})
        is_good = time.time() - mailed["at"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        return mailed["code"] if is_good and mailed["to"] == self._own_address else ""

    @property
    def _own_address(self) -> str:
        worker: Any = self.request.user
        return str(worker.email)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"whom": self._own_address, "code": self._mailed()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_mailed": bool(self._mailed())}

    def form_valid(self, form: Any) -> HttpResponse:
        del self.request.session[MAILED]
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return super().form_valid(form)


# Passwords --------------------------------------------------------------------------------------------------------------


class ChangePassword(PasswordChangeView):
    """A guess at the old one stays counted; all that the new one brings with it is written at once."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
        return answer


# Second factors ---------------------------------------------------------------------------------------------------------


class RemovePasskey(RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class ActivateTOTP(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        second_factors.note_enrolled(self.request)
        return answer


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        second_factors.note_enrolled(self.request)
        return answer


def _counting(view: Any) -> Any:
    return transaction.non_atomic_requests(login_not_required(view))


sign_in = _counting(SignIn.as_view())
request_code = _counting(RequestCode.as_view())
confirm_code = _counting(ConfirmCode.as_view())
second_factor = _counting(SecondFactor.as_view())
by_passkey = _counting(ByPasskey.as_view())
change_password = transaction.non_atomic_requests(ChangePassword.as_view())
set_password = own_means.first(PasswordSetView.as_view())
again_by_password = transaction.non_atomic_requests(AgainByPassword.as_view())
again_by_code = transaction.non_atomic_requests(AgainByCode.as_view())
again_by_passkey = transaction.non_atomic_requests(AgainByPasskey.as_view())
again_by_mail = transaction.non_atomic_requests(AgainByMail.as_view())
activate_totp = own_means.first(ActivateTOTP.as_view())
add_passkey = own_means.first(AddPasskey.as_view())
remove_passkey = own_means.first(RemovePasskey.as_view())
index = Index.as_view()
