"""How an admin closes a team: whether it is merged into another, and its last day."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.drawing import DescribedRadios
from teams.forms.people import AHEAD, DayField, OpenTeamField
from teams.models import Team, Worker


class CloseTeamForm(forms.Form):
    """Asked first by GET, then posted with the counts that its reader was told."""

    how = forms.ChoiceField(
        label=_("What happens to the team?"),
        choices=[("close", _("It is closed")), ("merge", _("It is merged into another team"))],
        widget=DescribedRadios(
            helps={
                "close": _("Its spells end. Its people stay in their other teams."),
                "merge": _("Its people go on in the other team, in the same role, from the day after."),
            }
        ),
    )
    into = OpenTeamField(label=_("Into which team? (only for a merger)"), required=False)
    on = DayField(label=_("Last day of the team"))

    def __init__(self, *args: Any, team: Team, admin: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.offer(admin)
        into.queryset = into.queryset.exclude(pk=team.pk)
        self.initial.setdefault("on", timezone.localdate())
        self.initial.setdefault("how", "close")

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not timezone.localdate() <= day <= timezone.localdate() + AHEAD - timedelta(days=1):
            raise ValidationError(_("The last day is today or later, at most two years ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("how") == "merge" and not data.get("into") and "into" not in self.errors:
            self.add_error("into", _("Choose the team that its people go on in."))
        if data.get("how") == "close":
            data["into"] = None
        return data

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.form_method = "get"
        helper.disable_csrf = True
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("how", "into", "on", Submit("", _("Show what this does")))
        return helper
