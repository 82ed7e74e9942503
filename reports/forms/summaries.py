"""What a team's supervisors write on its summary, and what its agency's admins say about the team itself."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import catalogue, guard
from actions.forms.fields import NoteField
from reports import summary_notes
from reports.models import NOTE_LENGTH, TEXTS, SummaryNote, TeamSummary
from teams import team_details
from teams.drawing import DescribedCheckboxes
from teams.forms.people import NAME_LENGTH, page_form
from teams.models import Team, Worker


class SummaryNoteForm(forms.Form):
    """A new version over the one that is read, where it says something; what came of it only where something was tried."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    came_of_it = NoteField(
        label=_("What came of it? (optional)"),
        help_text=_("What the team tried and learned, also when it did not work. At most 600 characters; no names."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    note = NoteField(
        label=_("Note on this summary (optional)"),
        help_text=_("What the figures leave out, for example. At most 600 characters; no names, no cases."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    will_try = NoteField(
        label=_("What will the team try next? (optional)"),
        help_text=_("One thing is enough. The next summary brings it back. At most 600 characters; no names."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, summary: TeamSummary, worker: Worker, **kwargs: Any) -> None:
        self.summary, self.worker = summary, worker
        self.saved = summary_notes.latest(summary)
        self.said_before = summary_notes.said_before(summary)
        texts: dict[str, Any] = self.saved.texts if self.saved else {}
        version = self.saved.version if self.saved else 0
        super().__init__(*args, **kwargs | {"initial": {"version": version} | texts | kwargs.get("initial", {})})
        if not (self.said_before or texts.get("came_of_it")):
            del self.fields["came_of_it"]

    @property
    def texts(self) -> list[str]:
        """The names of its text fields."""
        return [name for name in TEXTS if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.texts:
            guard.inspect(self, name, agency=self.worker.agency)
        if not self.saved and not self.errors and not any(data[name] for name in self.texts):
            self.add_error(None, _("Write something in one of the fields, or go back."))
        return data

    def save(self) -> SummaryNote:
        """StaleVersion where somebody else wrote meanwhile."""
        data = self.cleaned_data
        new = SummaryNote(summary=self.summary, **{name: data[name] for name in self.texts})
        return summary_notes.write(new, over=data["version"] or 0, by=self.worker, now=timezone.now())

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        said = HTML('{% include "reports/_said_before.html" with said=form.said_before only %}')
        helper.layout = Layout("version", said, *self.texts, Submit("", _("Save")))
        return helper


class TeamForm(forms.Form):
    """A team's name, and the communities that it says it serves; `over` stands for what was shown."""

    over = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    name = NoteField(label=_("Name of the team"), max_length=NAME_LENGTH, widget=forms.TextInput)
    communities = forms.TypedMultipleChoiceField(
        label=_("Communities that the team says it serves"),
        help_text=_("Its summaries and dashboard set beside these what was done for whom."),
        coerce=int,
        required=False,
        widget=DescribedCheckboxes,
    )

    def __init__(self, *args: Any, team: Team, admin: Worker, **kwargs: Any) -> None:
        shown = {"name": team.name, "communities": team.communities, "over": team_details.seen(team)}
        super().__init__(*args, **kwargs | {"initial": shown | kwargs.get("initial", {})})
        self.team, self.admin = team, admin
        offered = catalogue.community_choices(admin.agency, keep=team.communities)
        choices: Any = self.fields["communities"]
        choices.choices = [(pk, name) for pk, name, stands_alone in offered if not stands_alone]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        guard.inspect(self, "name", agency=self.admin.agency)
        return data

    def carry_out(self) -> bool:
        """False, with a word in the form, where the name is taken; StaleTeam where somebody else was faster."""
        said = self.cleaned_data
        try:
            self.team = team_details.save(
                self.team, name=said["name"], communities=said["communities"], over=said["over"], by=self.admin
            )
        except team_details.NameTaken:
            self.add_error("name", _("The agency already has a team of this name."))
            return False
        return True

    @property
    def helper(self) -> FormHelper:
        return page_form("over", "name", "communities", button=_("Save"))
