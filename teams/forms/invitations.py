"""Inviting many people at once, and accepting one's own invitation."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams import invitations, roles
from teams.drawing import DescribedCheckboxes, DescribedRadios
from teams.forms.people import NAME_LENGTH, page_form
from teams.invitations import Offer, Outcome
from teams.models import Agency, Invitation, Language, Role, Team, Worker

LONGEST = 40_000  # characters: two hundred addresses with names


class InviteForm(forms.Form):
    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One on each line, or with commas or semicolons between them. At most 200 at a time."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    role = forms.ChoiceField(
        label=_("As what?"),
        choices=[*Role.choices, ("equity_lead", _("Equity lead")), ("admin", _("Admin"))],
        initial=Role.MEMBER,
        widget=DescribedRadios(helps={**roles.IN_TEAM, "equity_lead": roles.EQUITY_LEAD, "admin": roles.ADMIN}),
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=_("In which teams?"), required=False, widget=DescribedCheckboxes
    )
    language = forms.ChoiceField(
        label=_("Language of the mail and of the app"), choices=Language.choices, widget=DescribedRadios
    )

    def __init__(self, *args: Any, admin: Worker, teams: Sequence[Team], **kwargs: Any) -> None:
        """`teams` are those of her agency, which the page has read already."""
        super().__init__(*args, **kwargs)
        self.admin = admin
        assert admin.agency is not None
        self.agency: Agency = admin.agency
        offered: Any = self.fields["teams"]
        offered.queryset = Team.objects.editable_by(admin).filter(closed_on=None)
        offered.choices = [(team.pk, team.name) for team in teams if team.closed_on is None]
        self.initial.setdefault("language", self.agency.language)

    def clean_addresses(self) -> list[str]:
        found = invitations.addresses(self.cleaned_data["addresses"])
        if len(found) > invitations.AT_ONCE:
            raise ValidationError(_("More than 200 addresses: invite the first 200, then the others."))
        return found

    def invite(self) -> list[Outcome]:
        """What became of each address; none, with a word in the form, where it is too many for a day."""
        said = self.cleaned_data
        offer = Offer(
            language=said["language"],
            teams=list(said["teams"]),
            role=said["role"] if said["role"] in Role.values else Role.MEMBER,
            is_admin=said["role"] == "admin",
            is_equity_lead=said["role"] == "equity_lead",
        )
        try:
            return invitations.invite(self.agency, said["addresses"], offer=offer, now=timezone.now(), by=self.admin)
        except invitations.TooMany:
            self.add_error("addresses", _("Your agency has sent 1,000 invitations today. Go on tomorrow."))
            return []

    @property
    def helper(self) -> FormHelper:
        return page_form("addresses", "role", "teams", "language", button=_("Invite them"))


class WhoJoins(forms.Form):
    """What whoever was invited says of herself, however she signs in later."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your teams know you: it stands beside what you share."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=DescribedRadios)


class JoinForm(WhoJoins):
    """Whoever accepts says her name and chooses a password; the address is the invitation's."""

    password1 = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A few words in a row are easy to remember."),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.initial.setdefault("language", invitation.language)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        password = data.get("password1")
        if password:
            like = Worker(email=self.invitation.email, name=data.get("name", ""))
            try:
                password_validation.validate_password(password, user=like)
            except ValidationError as error:
                self.add_error("password1", error)
            if data.get("password2") and data["password2"] != password:
                self.add_error("password2", _("The two passwords are not the same."))
        return data

    def accept(self) -> Worker:
        """NotOpen where somebody was quicker."""
        said = self.cleaned_data
        return invitations.accept(
            self.invitation,
            name=said["name"],
            password=said["password1"],
            language=said["language"],
            now=timezone.now(),
        )

    @property
    def helper(self) -> FormHelper:
        return page_form("name", "language", "password1", "password2", button=_("Join"))
