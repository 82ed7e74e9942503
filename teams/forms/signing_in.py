"""The forms of signing in that differ from allauth's: in what they count, and in what they take."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ChangePasswordForm, ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from teams.models import Worker
from teams.signing_in import guesses, second_factors


def _count(limit: guesses.Limit, whom: str) -> guesses.Guess:
    guess = guesses.take(context.request, limit, whom)
    if guess is None:
        raise get_account_adapter().validation_error("too_many_login_attempts")
    return guess


class RequestCodeForm(RequestLoginCodeForm):
    """As many codes are mailed to an address as may be, whether it has an account or not."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not guesses.may_mail(context.request, guesses.CODES_MAILED, email):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        return email


class NewPasswordForm(ChangePasswordForm):
    """The old password is guessed at as anywhere else."""

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("enter_current_password")
        return password


class MailedCodeForm(ConfirmLoginCodeForm):
    """Counted for the address that the code was asked for, whether it has an account or not."""

    def __init__(self, *args: Any, whom: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom = whom

    def clean_code(self) -> str:
        guess = _count(guesses.CODE, self.whom)
        code: str = super().clean_code()
        guess.give_back()
        return code


class _Counted:
    """A code of the app or a recovery code: counted before it is looked at, and good for once."""

    user: Worker
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        guess = _count(guesses.SECOND_FACTOR, str(self.user.pk))
        code: str = self.cleaned_data["code"]
        found = second_factors.accepted(self.user, code)
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        guess.give_back()
        self.authenticator = found
        return code


class CodeForm(_Counted, AuthenticateForm):
    pass


class CodeAgainForm(_Counted, ReauthenticateForm):
    pass


class EnrolForm(ActivateTOTPForm):
    def clean_code(self) -> str:
        guess = _count(guesses.SECOND_FACTOR, str(self.user.pk))
        code: str = self.cleaned_data["code"]
        if not second_factors.is_right(self.user, self.secret, "".join(code.split())):
            raise get_adapter().validation_error("incorrect_code")
        guess.give_back()
        return code


@contextmanager
def _read() -> Iterator[None]:
    """The library that reads what a device answers trusts its shape: what it cannot read is a wrong answer."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _OfADevice:
    def clean_credential(self) -> Any:
        with _read():
            return super().clean_credential()  # type: ignore[misc]


class DeviceForm(_OfADevice, AuthenticateWebAuthnForm):
    pass


class DeviceAgainForm(_OfADevice, ReauthenticateWebAuthnForm):
    pass


class DeviceAloneForm(_OfADevice, LoginWebAuthnForm):
    pass


class PasskeyForm(AddWebAuthnForm):
    """Every key that is added can sign in by itself, since it asks for a PIN, a finger or a face."""

    name = forms.CharField(label=_("Name of this passkey"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        with _read():
            return super().clean()
