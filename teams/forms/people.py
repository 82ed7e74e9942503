"""What an admin fills in about people: an account's name and roles, spells in teams, and many people at once."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teams import accounts, memberships, roles
from teams.drawing import DateInput, DescribedRadios
from teams.models import Membership, Role, Team, Worker

EARLIEST = date(1990, 1, 1)
AHEAD = timedelta(days=730)
NAME_LENGTH = 120


def page_form(*fields: str, button: str | Promise) -> FormHelper:
    """A form that is its page's own."""
    helper = FormHelper()
    helper.form_id = "page-form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", button))
    return helper


class DayField(forms.DateField):
    """A day of somebody's work at an agency: not of another century."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DateInput, **kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and not EARLIEST <= value <= timezone.localdate() + AHEAD:
            raise ValidationError(_("Choose a day from 1990 on, at most two years ahead."))


class RoleField(forms.ChoiceField):
    """Member or supervisor of a team, with what each may do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Role.choices, widget=DescribedRadios(helps=roles.IN_TEAM), **kwargs)


class OpenTeamField(forms.ModelChoiceField):
    """One of the agency's teams that are not closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Team.objects.none(), empty_label=_("Choose a team"), **kwargs)

    def offer(self, admin: Worker) -> None:
        self.queryset = Team.objects.editable_by(admin).filter(closed_on=None)


class PersonForm(forms.Form):
    """Name and agency roles; `over` stands for what was shown, so that nothing is overwritten unseen."""

    over = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    is_admin = forms.BooleanField(label=_("Admin"), help_text=roles.ADMIN, required=False)
    is_equity_lead = forms.BooleanField(label=_("Equity lead"), help_text=roles.EQUITY_LEAD, required=False)

    def __init__(self, *args: Any, person: Worker, admin: Worker, **kwargs: Any) -> None:
        shown = {name: getattr(person, name) for name in accounts.KEPT} | {"over": accounts.seen(person)}
        super().__init__(*args, **kwargs | {"initial": shown | kwargs.get("initial", {})})
        self.person, self.admin = person, admin

    def carry_out(self) -> bool:
        """False, with a word in the form, where nobody would be left as admin; StaleAccount where it was changed."""
        try:
            accounts.change(self.person, **self.cleaned_data, by=self.admin)
        except accounts.LastAdmin:
            self.add_error("is_admin", _("Nobody else is admin here. Give somebody else this role first."))
            return False
        return True

    @property
    def helper(self) -> FormHelper:
        return page_form("over", "name", "is_admin", "is_equity_lead", button=_("Save"))


class VerbForm(forms.Form):
    """A form whose verb has the last word on whether it can be done."""

    def done(self) -> object:
        raise NotImplementedError

    def carry_out(self) -> bool:
        try:
            self.done()
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True


class SpellForm(VerbForm):
    """A new spell of one person in one team."""

    team = OpenTeamField(label=_("Team"))
    role = RoleField(label=_("Role in the team"), initial=Role.MEMBER)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day (optional)"), required=False)

    def __init__(self, *args: Any, person: Worker, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.admin = person, admin
        self.fields["team"].offer(admin)  # type: ignore[attr-defined]
        self.initial.setdefault("starts_on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day comes before the first."))
        return data

    def done(self) -> object:
        return memberships.add(self.person, **self.cleaned_data, by=self.admin)

    @property
    def helper(self) -> FormHelper:
        return page_form("team", "role", "starts_on", "ends_on", button=_("Add to the team"))


class MoveForm(VerbForm):
    """Into another team, from a day on."""

    team = OpenTeamField(label=_("To which team?"))
    role = RoleField(label=_("Role there"))
    on = DayField(label=_("First day there"))

    def __init__(self, *args: Any, spell: Membership, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spell, self.admin = spell, admin
        self.fields["team"].offer(admin)  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("role", spell.role)

    def done(self) -> object:
        said = self.cleaned_data
        return memberships.move(self.spell, said["team"], on=said["on"], role=said["role"], by=self.admin)

    @property
    def helper(self) -> FormHelper:
        return page_form("team", "role", "on", button=_("Move"))


class RoleForm(VerbForm):
    """Member or supervisor, from a day on."""

    role = RoleField(label=_("Role in the team"))
    on = DayField(label=_("From which day on?"))

    def __init__(self, *args: Any, spell: Membership, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spell, self.admin = spell, admin
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("role", spell.role)

    def done(self) -> object:
        return memberships.change_role(self.spell, **self.cleaned_data, by=self.admin)

    @property
    def helper(self) -> FormHelper:
        return page_form("role", "on", button=_("Change the role"))


class EndForm(VerbForm):
    """The last day of a spell."""

    on = DayField(label=_("Last day in the team"))

    def __init__(self, *args: Any, spell: Membership, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spell, self.admin = spell, admin
        self.initial.setdefault("on", timezone.localdate())

    def done(self) -> object:
        memberships.end(self.spell, on=self.cleaned_data["on"], by=self.admin)
        return None

    @property
    def helper(self) -> FormHelper:
        return page_form("on", button=_("End it"))


class CloseManyForm(VerbForm):
    """Several people whose accounts are open, chosen on the list before, and to be closed."""

    person = forms.ModelMultipleChoiceField(
        Worker.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("Choose people on the list first.")},
    )

    def __init__(self, *args: Any, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.admin = admin
        self.fields["person"].queryset = Worker.objects.editable_by(admin).active().order_by("name", "pk")  # type: ignore[attr-defined]

    def done(self) -> object:
        try:
            self.closed = accounts.deactivate(*self.cleaned_data["person"], now=timezone.now(), by=self.admin)
        except accounts.LastAdmin as error:
            message = _("Nobody would be left as admin. Give somebody else this role first; no account was closed.")
            raise ValidationError(message) from error
        return self.closed

    @property
    def helper(self) -> FormHelper:
        return page_form("person", button=_("Deactivate these accounts"))


class AddManyForm(CloseManyForm):
    """Several people, for one team from a day on."""

    team = OpenTeamField(label=_("Team"))
    role = RoleField(label=_("Role in the team"), initial=Role.MEMBER)
    starts_on = DayField(label=_("First day"))

    def __init__(self, *args: Any, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, admin=admin, **kwargs)
        self.fields["team"].offer(admin)  # type: ignore[attr-defined]
        self.initial.setdefault("starts_on", timezone.localdate())

    def done(self) -> object:
        said = self.cleaned_data
        self.added = memberships.add_all(
            said["person"], said["team"], role=said["role"], starts_on=said["starts_on"], by=self.admin
        )
        return self.added

    @property
    def helper(self) -> FormHelper:
        return page_form("person", "team", "role", "starts_on", button=_("Add them to the team"))
