"""The forms of the log: an action with its follow-up, and what became of a commitment."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Submit
from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from actions import catalogue, commitments, entries, guard, reflections
from actions.models import Action, AgreedWith, Commitment, DroppedBecause, Practice, Reflection
from actions.models.action import NOTE_LENGTH
from actions.models.reflection import TEXT_LENGTH
from actions.vocabulary import Direction, HeardBack, Kind, Level, Prompt, Vocabulary
from teams.drawing import DescribedCheckboxes, DescribedRadios
from teams.models import Team, Worker
from teams.visibility import Visibility

OLDEST = relativedelta(months=24)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class PracticeField(forms.ChoiceField):
    """One of the practices that the agency offers, grouped by kind in one list; its value is the practice."""

    def offer(self, rows: Iterable[tuple[int, str, str]]) -> None:
        groups: dict[str, list[tuple[int, str]]] = {}
        for pk, name, kind in rows:
            groups.setdefault(kind, []).append((pk, name))
        self.choices = [
            ("", _("Choose a practice")),
            *((Kind(kind).label, choices) for kind, choices in groups.items()),
        ]

    def clean(self, value: Any) -> Practice | None:
        chosen = super().clean(value)
        return Practice.objects.get(pk=chosen) if chosen else None


class NoteField(forms.CharField):
    """A text that the guard reads. Browsers count a line break as one character and post it as two."""

    is_guarded = True  # templates/bootstrap5/field.html makes room for what it finds

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


def described(choices: type[Vocabulary]) -> DescribedRadios:
    return DescribedRadios(helps={choice.value: choice.description for choice in choices})


class ActionForm(forms.ModelForm):
    """One action, all of it on one page; saves over the version that was read, or raises StaleVersion."""

    practice = PracticeField(label=_("Practice"))
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

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        fields: dict[str, Any] = self.fields
        had = [self.instance.practice_id] if self.instance.practice_id else []
        fields["practice"].offer(catalogue.practice_choices(worker.agency, keep=had))
        communities = catalogue.community_choices(worker.agency, keep=self.instance.communities or [])
        fields["communities"].choices = [(pk, name) for pk, name, _alone in communities]
        self.exclusive = {pk for pk, _name, stands_alone in communities if stands_alone}
        self.teams = Team.objects.filter(memberships__worker=worker).distinct()
        fields["team"].queryset = self.teams
        fields["team"].label = _("With which team?")
        fields["team"].empty_label = _("Choose a team")
        fields["hours"].label = _("Hours (optional)")
        fields["hours"].help_text = _("For example 1.5. Leave it empty if you do not count hours.")
        fields["hours"].localize = True
        if not self.is_bound:
            self._preset()

    def _preset(self) -> None:
        """What can be known before the worker says anything: today, her default, and what the practice suggests."""
        self.initial.setdefault("done_on", timezone.localdate())
        self.initial.setdefault("version", self.instance.version)
        if self.instance._state.adding:
            own = Visibility(self.worker.default_visibility or Visibility.PRIVATE)
            suggested = Visibility(self.chosen.default_visibility) if self.chosen else own
            self.initial.setdefault("visibility", own.tightened_by(suggested))
            if self.chosen:
                self.initial.setdefault("level", self.chosen.levels[0])

    @cached_property
    def chosen(self) -> Practice | None:
        """The practice in the form as it is drawn, for its help, example and caution, and the levels it fits."""
        field: Any = self.fields["practice"]
        value = self["practice"].value()
        return Practice.objects.get(pk=value) if value and field.valid_value(value) else None

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
        guard.inspect(self, "note", agency=self.worker.agency)
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

    def _get_validation_exclusions(self) -> set[str]:
        """The form itself knows which practices and teams there are; the model need not ask for each again."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"practice", "team"}

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
        many_teams = len(self.teams) > 1
        if self.chosen:
            shown = {*self.chosen.levels, self["level"].value()}
            self.fields["level"].widget.hidden = {level for level in Level.values if level not in shown}
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            "version",
            Fieldset(
                _("What"),
                "practice",
                HTML('{% include "actions/_practice_help.html" with practice=form.chosen %}'),
                "level",
                "done_on",
                *(["team"] if many_teams else []),
                "note",
            ),
            Fieldset(
                _("Direction and whom"),
                "direction",
                "communities",
            ),
            Fieldset(_("What came of it"), "heard_back", "hours"),
            Fieldset(_("Follow-up"), "commitment_due", "visibility"),
            Submit("", _("Save")),
        )
        return helper


class ReflectionForm(forms.Form):
    """A reflection with its text in clear; seals it over the version that was read, or raises StaleVersion."""

    text = NoteField(
        label=_("Your words"),
        help_text=_("At most 4,000 characters. About you and your practice: no names, dates of birth or numbers."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
    )
    prompt = forms.ChoiceField(
        label=_("Which question do you start from?"),
        choices=[("", _("None: in my own words")), *Prompt.choices],
        required=False,
        widget=DescribedRadios,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reflection: Reflection, text: str = "", worker: Worker, **kwargs: Any) -> None:
        saved = {"text": text, "prompt": reflection.prompt, "version": reflection.version}
        super().__init__(*args, **kwargs | {"initial": saved | kwargs.get("initial", {})})
        self.reflection = reflection
        self.worker = worker

    @property
    def question(self) -> Prompt | None:
        """The question in the form as it is drawn."""
        value = self["prompt"].value()
        return Prompt(value) if value in Prompt.values else None

    def clean(self) -> dict[str, Any]:
        guard.inspect(self, "text", agency=self.worker.agency)
        return self.cleaned_data

    def save(self) -> Reflection:
        data = self.cleaned_data
        self.reflection.prompt = data["prompt"]
        if self.reflection._state.adding:
            return reflections.write(self.reflection, data["text"], by=self.worker)
        self.reflection.version = data["version"] or 0
        return reflections.save(self.reflection, data["text"], by=self.worker, now=timezone.now())

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            "version",
            HTML('{% include "actions/_question.html" with question=form.question only %}'),
            "text",
            Div("prompt", template="actions/_prompts.html"),
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
        return commitment_helper("renegotiated_to", "agreed_with")


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
        return commitment_helper("dropped_because")


def commitment_helper(*fields: str) -> FormHelper:
    helper = FormHelper()
    helper.form_id = "page-form"
    helper.attrs = {"novalidate": True}
    helper.layout = Layout(*fields, Submit("", _("Save")))
    return helper
