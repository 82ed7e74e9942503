"""allauth's pages of signing in where ours do more: they carry what was typed, and count guesses for good.

A guess stays counted whatever becomes of the request, so these run outside the one transaction that others have.
"""

from typing import Any

from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from teams import providers, second_factors
from teams.models import LinkedAccount, Provider
from teams.requests import local_address
from teams.typed import Carrying, SignIn, carried, carry_on


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
activate_totp = ActivateTOTP.as_view()
add_passkey = AddPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
index = Index.as_view()
