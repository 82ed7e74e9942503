"""Forms about an agency's own sign-in: its setting-up by an admin, the way to it, and joining by it."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teams.drawing import DescribedRadios
from teams.forms.invitations import WhoJoins
from teams.forms.people import page_form
from teams.models import Agency, FactorSource, Provider, Worker
from teams.models.provider import ACR_LENGTH, CLIENT_LENGTH, ISSUER_LENGTH
from teams.signing_in import fetching, oidc, providers
from teams.signing_in.fetching import NotFetched

SECRET_LENGTH = 1000
NOT_FETCHED = {
    fetching.ADDRESS: _("Give the whole address, which starts with https:// and has no user name in it."),
    fetching.NAME: _("No server of this name is known. Is it typed right?"),
    fetching.PRIVATE: _("This address is not open to the internet, so it cannot be used here."),
    fetching.SILENT: _("The server does not answer, or has no valid certificate. Ask who runs it, or try again later."),
    fetching.STATUS: _(
        "The server answers, but knows no sign-in at this address. Look for “issuer” in the settings of your sign-in."
    ),
    fetching.CONTENT: _("The server’s answer is no description of a sign-in. Is this the address of the issuer?"),
}
REFUSED = {
    "issuer": _("The server calls itself by another address. Copy the issuer exactly, with or without the last “/”."),
    "endpoints": _("The server does not say where people sign in."),
    "code flow": _("This sign-in does not offer the way that is used here (authorization code)."),
    "secret": _("This sign-in does not take a client secret, which is needed here."),
}


class ProviderForm(forms.Form):
    """What the agency's own sign-in is asked by; its description is looked at before anything is saved."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    issuer = forms.CharField(
        label=_("Address of the sign-in (issuer)"),
        help_text=_("Whoever looks after your agency’s accounts knows it. Such as https://login.agency.example"),
        max_length=ISSUER_LENGTH,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        help_text=_("The name that Allyship has been given there."),
        max_length=CLIENT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=SECRET_LENGTH,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    second_factor = forms.ChoiceField(
        label=_("Where is the second factor asked for?"),
        help_text=_(
            "Supervisors, equity leads and admins need one. A wrong choice here weakens what protects them. Whoever has "
            "set one up in Allyship is asked for that one all the same."
        ),
        choices=FactorSource.choices,
        initial=FactorSource.OURS,
        widget=DescribedRadios,
    )
    acr = forms.CharField(
        label=_("How does the account say so? (optional)"),
        help_text=_("The value of “acr” that stands for two factors. Left empty, “amr” has to name “mfa”."),
        max_length=ACR_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_required = forms.BooleanField(
        label=_("Everybody of our agency signs in there"),
        help_text=_(
            "Whoever has linked her account cannot use her password, passkey or a code by e-mail any more. Whoever has "
            "not links it when she signs in next, before anything else. Admins keep all ways in, so that nobody is "
            "locked out."
        ),
        required=False,
    )

    def __init__(self, *args: Any, agency: Agency, provider: Provider | None, **kwargs: Any) -> None:
        kept = {name: getattr(provider, name) for name in self.KEPT} if provider else {}
        super().__init__(*args, **kwargs | {"initial": {"seen": agency.version, **kept} | kwargs.get("initial", {})})
        self.agency, self.provider = agency, provider
        self.fields["secret"].help_text = (
            _("It is kept sealed and never shown. Leave it empty to keep the one that is here.")
            if provider
            else _("It is kept sealed and never shown.")
        )

    KEPT = ("issuer", "client_id", "second_factor", "acr", "is_required")

    def clean_issuer(self) -> str:
        """As typed: a slash more or less makes it another."""
        issuer: str = self.cleaned_data["issuer"].strip()
        if "?" in issuer or "#" in issuer:
            raise ValidationError(NOT_FETCHED[fetching.ADDRESS])
        return issuer

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("secret") and "secret" not in self.errors and not self._keeps_secret(data):
            self.add_error(
                "secret",
                _("Give the secret again: the one that is here was for another address or client ID.")
                if self.provider
                else _("Give the secret that belongs to the client ID."),
            )
        if not self.errors:
            self._look_at(data["issuer"])
        return data

    def _keeps_secret(self, data: dict[str, Any]) -> bool:
        """It goes to nobody but the one it was typed for."""
        kept = self.provider
        return bool(kept and kept.issuer == data.get("issuer") and kept.client_id == data.get("client_id"))

    def _look_at(self, issuer: str) -> None:
        try:
            oidc.Endpoints.of(issuer)
        except NotFetched as error:
            self.add_error("issuer", NOT_FETCHED[error.why])
        except oidc.Refused as error:
            self.add_error("issuer", REFUSED[error.why])

    def save(self, *, by: Worker) -> Provider:
        """StaleSettings where somebody else saved meanwhile."""
        said = self.cleaned_data
        setup = providers.Setup(secret=said["secret"], **{name: said[name] for name in self.KEPT})
        return providers.save(self.agency, setup, seen=said["seen"] or 0, by=by)

    @property
    def helper(self) -> FormHelper:
        return page_form(*self.fields, button=_("Check and save"))


class AgencyForm(forms.Form):
    """By its short name, which is no secret; no e-mail address is asked for, so none can be tried out."""

    agency = forms.CharField(
        label=_("Short name of your agency"),
        help_text=_("Your admin knows it. It stands in the address that your agency was given for signing in."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_agency(self) -> str:
        found = providers.of_agency(self.cleaned_data["agency"])
        if found is None:
            raise ValidationError(
                _("No agency of this short name signs in with an account of its own. Ask your admin for the name.")
            )
        self.provider = found
        return found.agency.slug


class JoinByAccountForm(WhoJoins):
    """Whoever was invited and comes by her agency's account: it proves who she is, and she says what she is called."""

    @property
    def helper(self) -> FormHelper:
        return page_form("name", "language", button=_("Go on to my agency’s sign-in"))
