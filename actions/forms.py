"""The forms of the log: an action with its follow-up, and what became of a commitment."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout, Submit
from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import commitments, entries, identifiers
from actions.models import Action, AgreedWith, Commitment, Community, DroppedBecause, Practice
from actions.models.action import NOTE_LENGTH
from actions.vocabulary import Direction, HeardBack, Kind, Level, Vocabulary
from teams.models import Team, Worker
from teams.visibility import Visibility
from teams.widgets import DescribedCheckboxes, DescribedRadios

OLDEST = relativedelta(months=24)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class PracticeSelect(forms.ModelChoiceField):
    """All practices that the agency offers, grouped by kind in one list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Practice.objects.none(), label=_("Practice"), **kwargs)

    def offer(self, practices: Iterable[Practice]) -> None:
        groups: dict[str, list[tuple[int, str]]] = {}
        for practice in practices:
            groups.setdefault(practice.kind, []).append((practice.pk, practice.name))
        self.choices = [
            ("", _("Choose a practice")),
            *((Kind(kind).label, choices) for kind, choices in groups.items()),
        ]


class NoteField(forms.CharField):
    """Browsers count a line break as one character and post it as two."""

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


def described(choices: type[Vocabulary]) -> DescribedRadios:
    return DescribedRadios(helps={choice.value: choice.description for choice in choices})


class ActionForm(forms.ModelForm):
    """One action, all of it on one page; saves over the version that was read, or raises StaleVersion."""

    practice = PracticeSelect()
    level = forms.ChoiceField(label=_("At which level?"), choices=Level.choices, widget=described(Level))
    direction = forms.ChoiceField(
        label=_("Who set the direction?"), choices=Direction.choices, widget=described(Direction)
    )
    communities = forms.TypedMultipleChoiceField(
        label=_("Whom does it support?"),
        help_text=_("The community that the action is for, never the identity of a person or a family."),
        coerce=int,
        widget=DescribedCheckboxes,
    )
    done_on = forms.DateField(label=_("When?"), widget=DateInput)
    heard_back = forms.ChoiceField(
        label=_("Did the people concerned say whether it helped?"),
        choices=HeardBack.choices,
        initial=HeardBack.NOT_ASKED,
        widget=DescribedRadios,
    )
    commitment_due = forms.DateField(
        label=_("I promised to follow up by (optional)"),
        help_text=_("Somebody counts on it. You will find it under your commitments."),
        required=False,
        widget=DateInput,
    )
    note = NoteField(
        label=_("Note (optional)"),
        help_text=_("What you did, not who it was for. At most 400 characters; no names, dates of birth or numbers."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    points_to_no_person = forms.BooleanField(
        label=_("I have checked: this points to no person"), required=False, widget=forms.CheckboxInput
    )
    visibility = forms.ChoiceField(
        label=_("Who can see it?"),
        choices=Visibility.choices,
        widget=DescribedRadios(helps={choice.value: choice.sentence for choice in Visibility}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Action
        fields = [
            "practice",
            "level",
            "direction",
            "communities",
            "done_on",
            "team",
            "note",
            "heard_back",
            "hours",
            "visibility",
        ]

    def __init__(self, *args: Any, worker: Worker, practices: list[Practice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        self.practices = {practice.pk: practice for practice in practices}
        self.warned = False
        offered = Practice.objects.filter(pk__in=self.practices)
        fields: dict[str, Any] = self.fields
        fields["practice"].queryset = offered
        fields["practice"].offer(practices)
        communities = list(Community.objects.offered_to(worker.agency, keep=self.instance.communities or []))
        fields["communities"].choices = [(community.pk, community.name) for community in communities]
        self.exclusive = {community.pk for community in communities if community.is_exclusive}
        self.teams = Team.objects.filter(memberships__worker=worker).distinct()
        fields["team"].queryset = self.teams
        fields["team"].label = _("With which team?")
        fields["team"].empty_label = _("Choose a team")
        fields["hours"].label = _("Hours (optional)")
        fields["hours"].help_text = _("For example 1.5. Leave it empty if you do not count hours.")
        fields["hours"].localize = True
        self._preset()

    def _preset(self) -> None:
        """What can be known before the worker says anything: today, her default, and what the practice suggests."""
        self.initial.setdefault("done_on", timezone.localdate())
        self.initial.setdefault("version", self.instance.version)
        practice = self.practices.get(self._chosen_practice())
        if self.instance._state.adding and practice:
            own = Visibility(self.worker.default_visibility or Visibility.PRIVATE)
            self.initial.setdefault("visibility", own.tightened_by(Visibility(practice.default_visibility)))
            self.initial.setdefault("level", practice.levels[0])
        elif self.instance._state.adding:
            self.initial.setdefault("visibility", self.worker.default_visibility)
        if practice:
            shown = {*practice.levels, self["level"].value()}
            self.fields["level"].widget.hidden = {level for level in Level.values if level not in shown}

    def _chosen_practice(self) -> int:
        try:
            return int(self["practice"].value() or 0)
        except (TypeError, ValueError):
            return 0

    def practice_data(self) -> dict[int, dict[str, Any]]:
        """What a change of practice changes in the form, for the page's script."""
        return {
            pk: {
                "levels": practice.levels,
                "description": practice.description,
                "example": practice.example,
                "caution": practice.caution,
                "visibility": practice.default_visibility,
            }
            for pk, practice in self.practices.items()
        }

    @property
    def chosen(self) -> Practice | None:
        """The practice in the form, for its help, example and caution."""
        return self.practices.get(self._chosen_practice())

    def clean_communities(self) -> list[int]:
        chosen: list[int] = list(dict.fromkeys(self.cleaned_data["communities"]))
        if len(chosen) > 1 and self.exclusive.intersection(chosen):
            raise ValidationError(_("“Not specific” stands alone: choose it, or the communities."))
        return chosen

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        today = self.worker.today()
        if day > today:
            raise ValidationError(_("This day is still to come."))
        if day < today - OLDEST and day != self.instance.done_on:
            raise ValidationError(_("More than 24 months ago: ask your admin to import it instead."))
        return day

    def clean_commitment_due(self) -> date | None:
        day: date | None = self.cleaned_data["commitment_due"]
        if day and day < self.worker.today():
            raise ValidationError(_("A promise is for today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        practice, level = data.get("practice"), data.get("level")
        if practice and level and level not in practice.levels:
            fitting = ", ".join(str(Level(code).label) for code in practice.levels)
            self.add_error("level", _("This practice fits: %(levels)s.") % {"levels": fitting})
        if data.get("done_on"):
            self._settle_team(data)
        self._guard_note(data)
        return data

    def _settle_team(self, data: dict[str, Any]) -> None:
        """An action's team is the author's on the day; with several she chooses, with none it has no team."""
        teams = entries.teams_on(self.worker, data["done_on"])
        if len(teams) <= 1:
            data["team"] = teams[0] if teams else None
        elif data.get("team") not in teams:
            names = ", ".join(team.name for team in teams)
            self.add_error(
                "team", _("On that day you were in several teams: choose one of %(teams)s.") % {"teams": names}
            )

    def _guard_note(self, data: dict[str, Any]) -> None:
        findings = identifiers.check(data.get("note") or "")
        level = identifiers.level(findings)
        if level is identifiers.Level.BLOCK:
            self.add_error("note", self._told(findings, identifiers.Level.BLOCK))
        elif level is identifiers.Level.WARN and not data.get("points_to_no_person"):
            self.warned = True
            self.add_error("note", self._told(findings, identifiers.Level.WARN))
            self.add_error("points_to_no_person", _("Reword the note, or tick that it points to no person."))

    def _told(self, findings: Iterable[identifiers.Finding], level: identifiers.Level) -> list[str]:
        """The reason and the suggestion of each finding, each once."""
        told = [
            _("%(reason)s Better: %(suggestion)s.") % {"reason": finding.reason, "suggestion": finding.suggestion}
            for finding in findings
            if finding.level is level
        ]
        return list(dict.fromkeys(told))

    def validate_constraints(self) -> None:
        """The form has asked all that the database will; asking it once more here would cost eighteen statements."""

    def save(self, commit: bool = True) -> Action:
        action: Action = super().save(commit=False)
        due = self.cleaned_data["commitment_due"]
        if action._state.adding:
            return entries.log(action, by=self.worker, commitment_due=due)
        action.version = self.cleaned_data["version"] or 0
        return entries.save(action, by=self.worker, now=timezone.now(), commitment_due=due)

    @property
    def helper(self) -> FormHelper:
        choices = "forms/choices_field.html"
        many_teams = len(self.teams) > 1
        confirm = [Field("points_to_no_person")] if self.warned or self.data.get("points_to_no_person") else []
        helper = FormHelper()
        helper.attrs = {"novalidate": True, "id": "action-form"}
        helper.layout = Layout(
            "version",
            Fieldset(
                _("What"),
                "practice",
                HTML('{% include "actions/_practice_help.html" with practice=form.chosen %}'),
                Field("level", template=choices),
                "done_on",
                *(["team"] if many_teams else []),
                "note",
                *confirm,
            ),
            Fieldset(
                _("Direction and whom"),
                Field("direction", template=choices),
                Field("communities", template=choices),
            ),
            Fieldset(_("What came of it"), Field("heard_back", template=choices), "hours"),
            Fieldset(_("Follow-up"), "commitment_due", Field("visibility", template=choices)),
            Submit("", _("Save")),
        )
        return helper


class RenegotiateForm(forms.ModelForm):
    renegotiated_to = forms.DateField(label=_("New date"), widget=DateInput)
    agreed_with = forms.ChoiceField(
        label=_("Agreed with whom?"),
        help_text=_("A role, not a name."),
        choices=AgreedWith.choices,
        widget=DescribedRadios,
    )

    class Meta:
        model = Commitment
        fields = ["renegotiated_to", "agreed_with"]

    def clean_renegotiated_to(self) -> date:
        day: date = self.cleaned_data["renegotiated_to"]
        if day < timezone.localdate():
            raise ValidationError(_("A promise is for today or later."))
        return day

    def save(self, commit: bool = True) -> Commitment:
        data = self.cleaned_data
        return commitments.renegotiate(self.instance, to=data["renegotiated_to"], agreed_with=data["agreed_with"])

    @property
    def helper(self) -> FormHelper:
        return commitment_helper("renegotiated_to", Field("agreed_with", template="forms/choices_field.html"))


class DropForm(forms.ModelForm):
    dropped_because = forms.ChoiceField(
        label=_("Why is it dropped?"), choices=DroppedBecause.choices, widget=DescribedRadios
    )

    class Meta:
        model = Commitment
        fields = ["dropped_because"]

    def save(self, commit: bool = True) -> Commitment:
        return commitments.drop(self.instance, because=self.cleaned_data["dropped_because"])

    @property
    def helper(self) -> FormHelper:
        return commitment_helper(Field("dropped_because", template="forms/choices_field.html"))


def commitment_helper(*fields: str | Field) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", _("Save")))
    return helper
