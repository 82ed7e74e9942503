"""Logging an action: the quick form of four questions, and the full one with all that came of it."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Submit
from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from actions import catalogue, entries, guard
from actions.forms.fields import InitiativeField, NoteField, PracticeField, described
from actions.models import Action, Practice, Relation
from actions.models.action import NOTE_LENGTH, PARTNERS_LENGTH
from actions.vocabulary import Direction, HeardBack, Level, System
from teams.drawing import DateInput, DescribedCheckboxes, DescribedRadios
from teams.models import Membership, Team, Worker
from teams.visibility import Visibility

OLDEST = relativedelta(months=24)
EARLIER = 50  # actions of hers that a new one can follow from


class QuickForm(forms.ModelForm):
    """One action of a practice that is already chosen; four questions, and the rest is known or can wait."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # two posts of one form are one action
    practice: forms.ChoiceField = PracticeField(label=_("Practice"), widget=forms.HiddenInput)
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

    class Meta:
        model = Action
        fields = ["practice", "level", "direction", "communities", "done_on", "team", "note", "visibility"]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        fields: dict[str, Any] = self.fields
        had = [self.instance.practice_id] if self.instance.practice_id else []
        self.practices = catalogue.practice_choices(worker.agency, keep=had)
        fields["practice"].offer(self.practices)
        communities = catalogue.community_choices(worker.agency, keep=self.instance.communities or [])
        fields["communities"].choices = [(pk, name) for pk, name, _alone in communities]
        self.exclusive = {pk for pk, _name, stands_alone in communities if stands_alone}
        self.teams = Team.objects.filter(memberships__worker=worker).distinct()
        if not self.is_bound:  # a closed team is offered where an earlier day turns out to need it
            is_open = Q(closed_on=None) | Q(closed_on__gte=worker.today())
            self.teams = self.teams.filter(is_open | Q(pk=self.instance.team_id))
        fields["team"].queryset = self.teams
        fields["team"].label = _("With which team?")
        fields["team"].empty_label = _("Choose a team")
        if not self.is_bound:
            self._preset()

    def _preset(self) -> None:
        """What can be known before the worker says anything: today, her default, and what the practice suggests."""
        self.initial.setdefault("done_on", timezone.localdate())
        if self.instance._state.adding:
            own = Visibility(self.worker.default_visibility or Visibility.PRIVATE)
            suggested = Visibility(self.chosen.default_visibility) if self.chosen else own
            self.initial.setdefault("key", uuid4())
            self.initial.setdefault("visibility", own.tightened_by(suggested))
            if self.chosen:
                self.initial.setdefault("level", self.chosen.levels[0])
            if len(self.teams) > 1:
                self.initial.setdefault("team", self._last_team())

    def _last_team(self) -> UUID | None:
        """The team, among those she is in today, to which her latest action went."""
        today = Membership.objects.current(self.worker.today()).filter(worker=self.worker)
        latest = Action.objects.by(self.worker).filter(team__in=today.values("team"))
        return latest.values_list("team", flat=True).first()

    @cached_property
    def chosen(self) -> Practice | None:
        """The practice in the form as it is drawn, for its help, example and caution, and the levels it fits."""
        field: Any = self.fields["practice"]
        value = self["practice"].value()
        return Practice.objects.get(pk=value) if value and field.valid_value(value) else None

    @property
    def practice_name(self) -> str:
        """What the agency calls the chosen practice."""
        return next((name for pk, name, _kind in self.practices if self.chosen and pk == self.chosen.pk), "")

    @property
    def seen_by(self) -> Visibility:
        """What the form says now of who can see it; her default where it says nothing that is known."""
        said = self["visibility"].value()
        return Visibility(said if said in Visibility.values else Visibility.PRIVATE)

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
        """The form itself knows which practices, teams and initiatives there are; the model need not ask for each again."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"practice", "team", "initiative"}

    def validate_constraints(self) -> None:
        """The form has asked all that the database will; asking it once more here would cost eighteen statements."""

    def save(self, commit: bool = True) -> Action:
        action: Action = super().save(commit=False)
        return entries.log(action, by=self.worker, key=self.cleaned_data["key"])

    @property
    def helper(self) -> FormHelper:
        level: Any = self.fields["level"]
        if self.chosen:
            level.choices = [(code, Level(code).label) for code in self.chosen.levels]
            if len(self.chosen.levels) == 1 and not self.errors.get("level"):
                level.widget = forms.HiddenInput()
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            "key",
            "practice",
            "direction",
            "communities",
            "level",
            "done_on",
            *(["team"] if len(self.teams) > 1 else []),
            "note",
            HTML('{% include "actions/_visibility.html" %}'),
            HTML('{% include "actions/_quick_buttons.html" %}'),
        )
        return helper


class ActionForm(QuickForm):
    """One action, all of it on one page; saves over the version that was read, or raises StaleVersion."""

    practice = PracticeField(label=_("Practice"))
    heard_back = forms.ChoiceField(
        label=_("Did the people concerned say whether it helped?"),
        choices=HeardBack.choices,
        initial=HeardBack.NOT_ASKED,
        widget=DescribedRadios,
    )
    relation = forms.ChoiceField(
        label=_("Does it follow on something I did before? (optional)"),
        choices=[("", _("No")), *Relation.choices],
        required=False,
    )
    partners = NoteField(
        label=_("Partner agencies and groups (optional)"),
        help_text=_("Names of organizations, never of persons. At most 120 characters."),
        required=False,
        max_length=PARTNERS_LENGTH,
        widget=forms.TextInput,
    )
    initiative = InitiativeField()
    commitment_due = forms.DateField(
        label=_("I promised to follow up by (optional)"),
        help_text=_("Somebody counts on it. You will find it under your commitments."),
        required=False,
        widget=DateInput,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta(QuickForm.Meta):
        fields = [
            *QuickForm.Meta.fields,
            "heard_back",
            "relation",
            "related",
            "hours",
            "dollars",
            "system",
            "partners",
            "took_part",
            "initiative",
        ]
        localized_fields = ["hours"]  # a text field: a number field knows no decimal comma
        widgets = {"hours": forms.TextInput(attrs={"inputmode": "decimal"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["related"].queryset = Action.objects.by(self.worker).exclude(pk=self.instance.pk)
        fields["related"].choices = cache(self._earlier)
        fields["related"].label = _("On which of my actions?")
        fields["initiative"].offer(self.worker, keep=self.instance.initiative_id)
        fields["hours"].label = _("Hours (optional)")
        fields["hours"].help_text = _("For example 1.5. Leave it empty if you do not count hours.")
        fields["dollars"].label = _("Dollars moved (optional)")
        fields["dollars"].help_text = _("Money that went to a group or a family because of it, in whole dollars.")
        fields["system"].label = _("Which service system was it about? (optional)")
        fields["system"].choices = [("", _("None in particular")), *System.choices]
        fields["took_part"].label = _("How many took part? (optional)")
        fields["took_part"].help_text = _(
            "What was done together is logged once, by one of you. The number only, you included; no names."
        )

    def _preset(self) -> None:
        super()._preset()
        self.initial.setdefault("version", self.instance.version)

    def _earlier(self) -> list[tuple[object, object]]:
        """Her own actions, the latest first; asked for only where the list is drawn."""
        mine = Action.objects.by(self.worker).exclude(pk=self.instance.pk).values_list("pk", "done_on", "practice")
        latest = list(mine[:EARLIER])
        kept = self.instance.related_id
        if kept and kept not in {pk for pk, *_rest in latest}:
            latest += mine.filter(pk=kept)
        named = catalogue.practice_choices(self.worker.agency, keep=catalogue.EVERY)
        names = {pk: name for pk, name, _kind in named}
        shown = [(pk, f"{formats.date_format(day)} · {names[practice]}") for pk, day, practice in latest]
        return [("", _("Choose an action")), *shown]

    def clean_commitment_due(self) -> date | None:
        day: date | None = self.cleaned_data["commitment_due"]
        if day and day < self.worker.today():
            raise ValidationError(_("A promise is for today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        guard.inspect(self, "partners", agency=self.worker.agency)
        if data.get("related") and not data.get("relation"):
            self.add_error("relation", _("Choose how it follows on that action, or no action."))
        if data.get("relation") and not data.get("related") and not self._keeps_a_lost_end(data):
            self.add_error("related", _("Choose the action that it follows on."))
        return data

    def _keeps_a_lost_end(self, data: dict[str, Any]) -> bool:
        """The action at the other end is gone; that there was one stays said."""
        return self.instance.related_id is None and data["relation"] == self.initial.get("relation")

    def save(self, commit: bool = True) -> Action:
        action: Action = forms.ModelForm.save(self, commit=False)
        due = self.cleaned_data["commitment_due"]
        if action._state.adding:
            return entries.log(action, by=self.worker, key=self.cleaned_data["key"], commitment_due=due)
        action.version = self.cleaned_data["version"] or 0
        return entries.save(action, by=self.worker, now=timezone.now(), commitment_due=due)

    @property
    def helper(self) -> FormHelper:
        if self.chosen:
            level: Any = self.fields["level"]
            shown = {*self.chosen.levels, self["level"].value()}
            level.widget.hidden = {code for code in Level.values if code not in shown}
        initiative: Any = self.fields["initiative"]
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        is_new = self.instance._state.adding
        helper.form_action = reverse("actions:log") if is_new else reverse("actions:edit", args=[self.instance.pk])
        helper.layout = Layout(
            "key",
            "version",
            Fieldset(
                _("What"),
                "practice",
                HTML('{% include "actions/_practice_help.html" with practice=form.chosen %}'),
                "level",
                "done_on",
                *(["team"] if len(self.teams) > 1 else []),
                "note",
            ),
            Fieldset(_("Direction and whom"), "direction", "communities"),
            Fieldset(_("What came of it"), "heard_back", "relation", "related", "hours", "dollars"),
            Fieldset(_("With whom and where"), "took_part", "partners", "system"),
            Fieldset(
                _("Follow-up"),
                "commitment_due",
                *(["initiative"] if initiative.is_needed else []),
                "visibility",
            ),
            Submit("", _("Save")),
        )
        return helper
