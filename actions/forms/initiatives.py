"""An initiative, its links for those whom it concerns, and their one question."""

from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions import catalogue, guard, initiatives
from actions.forms.fields import NoteField, described
from actions.models import Answer, Initiative, InitiativeLevel, InitiativeStatus
from actions.models.initiative import AIM_LENGTH, OUTSIDE_LENGTH, RESOURCES_LENGTH, TITLE_LENGTH
from actions.vocabulary import Direction, Level
from actions.voices import DAYS
from teams import agencies
from teams.drawing import DateInput, DescribedCheckboxes, DescribedRadios
from teams.models import Agency, Worker

GUARDED = ["title", "aim", "outside", "resources"]
MOST_PARTNERS = 20


class InitiativeForm(forms.ModelForm):
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # two posts of one form are one initiative
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = NoteField(
        label=_("Title"),
        help_text=_("A few words, without names of persons. At most 80 characters."),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput,
    )
    aim = NoteField(
        label=_("What should change?"),
        help_text=_(
            "In plain words: those whom it concerns may read this too. At most 400 characters; no names of persons."
        ),
        max_length=AIM_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    level = forms.ChoiceField(
        label=_("At which level?"),
        choices=InitiativeLevel.choices,
        widget=DescribedRadios(helps={code: Level(code).description for code in InitiativeLevel.values}),
    )
    direction = forms.ChoiceField(
        label=_("Who set the direction?"), choices=Direction.choices, widget=described(Direction)
    )
    communities = forms.TypedMultipleChoiceField(label=_("Whom is it for?"), coerce=int, widget=DescribedCheckboxes)
    partners = forms.CharField(
        label=_("Partner agencies that use Allyship here (optional)"),
        help_text=_(
            "Their names, one on each line. From then on, everybody who works there can read this initiative and log "
            "for it. Neither agency sees the other’s names, teams or notes."
        ),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    outside = NoteField(
        label=_("Other partners (optional)"),
        help_text=_("Names of organizations, never of persons. At most 200 characters."),
        required=False,
        max_length=OUTSIDE_LENGTH,
        widget=forms.TextInput,
    )
    resources = NoteField(
        label=_("What is set aside for it? (optional)"),
        help_text=_("For example: a room, a budget line, two days a month. At most 200 characters."),
        required=False,
        max_length=RESOURCES_LENGTH,
        widget=forms.TextInput,
    )
    hours = forms.IntegerField(label=_("Hours set aside (optional)"), required=False, min_value=0)
    dollars = forms.IntegerField(label=_("Dollars set aside (optional)"), required=False, min_value=0)
    review_on = forms.DateField(
        label=_("When will you look at it again?"),
        help_text=_("With the people whom it is for, where that is possible."),
        widget=DateInput,
    )
    status = forms.ChoiceField(label=_("How does it stand?"), choices=InitiativeStatus.choices, widget=DescribedRadios)

    class Meta:
        model = Initiative
        fields = [
            *("title", "aim", "level", "direction", "communities", "outside"),
            *("resources", "hours", "dollars", "review_on", "status"),
        ]

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        fields: dict[str, Any] = self.fields
        communities = catalogue.community_choices(worker.agency, keep=self.instance.communities or [])
        fields["communities"].choices = [(pk, name) for pk, name, _alone in communities]
        self.exclusive = {pk for pk, _name, stands_alone in communities if stands_alone}
        if self.instance._state.adding:
            self.initial.setdefault("key", uuid4())
        elif not self.is_bound:
            self.initial.setdefault("version", self.instance.version)
            shared = initiatives.partner_agencies(self.instance)
            self.initial.setdefault("partners", "\n".join(agency.name for agency in shared))

    def clean_communities(self) -> list[int]:
        chosen: list[int] = list(dict.fromkeys(self.cleaned_data["communities"]))
        if len(chosen) > 1 and self.exclusive.intersection(chosen):
            raise ValidationError(_("“Not specific” stands alone: choose it, or the communities."))
        return chosen

    def clean_partners(self) -> list[Agency]:
        """The agencies of these names; there is no list to choose from, since no agency is told which others there are."""
        names = [name.strip() for name in self.cleaned_data["partners"].splitlines() if name.strip()]
        if len(names) > MOST_PARTNERS:
            raise ValidationError(_("At most 20 agencies."))
        found = {name: agencies.named(name) for name in names}
        if unknown := [name for name, agency in found.items() if agency is None]:
            message = _("No agency here has this name: %(names)s. Others go under “Other partners”.")
            raise ValidationError(message % {"names": ", ".join(unknown)})
        return [agency for agency in found.values() if agency]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in GUARDED:
            guard.inspect(self, name, agency=self.worker.agency)
        return data

    def validate_constraints(self) -> None:
        """The form has asked all that the database will."""

    def save(self, commit: bool = True) -> Initiative:
        """StaleVersion where somebody else saved meanwhile."""
        initiative: Initiative = super().save(commit=False)
        partners = self.cleaned_data["partners"]
        if initiative._state.adding:
            return initiatives.start(initiative, by=self.worker, partners=partners, key=self.cleaned_data["key"])
        initiative.version = self.cleaned_data["version"] or 0
        return initiatives.save(initiative, by=self.worker, partners=partners)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(
            "key",
            "version",
            Fieldset(_("The aim"), "title", "aim", "level"),
            Fieldset(_("Direction and whom"), "direction", "communities"),
            Fieldset(_("With whom and with what"), "partners", "outside", "resources", "hours", "dollars"),
            Fieldset(_("How it goes on"), "status", "review_on"),
            Submit("", _("Save")),
        )
        return helper


class LinkForm(forms.Form):
    """A new link, for one answer."""

    lasts = forms.ChoiceField(
        label=_("How long should the link work?"),
        choices=lambda: [(code, ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for code, n in DAYS.items()],
        initial="month",
        widget=DescribedRadios,
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("lasts", Submit("", _("Make a link")))
        return helper


class VoiceForm(forms.Form):
    """The one question to those whom it concerns. No text is taken."""

    answer = forms.ChoiceField(
        label=_("Was this what you asked for?"),
        choices=Answer.choices,
        widget=DescribedRadios,
        error_messages={
            "required": _("Choose one of the three answers."),
            "invalid_choice": _("Choose one of the three answers."),
        },
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()  # without form_id: the page changes its language by a link, not by a post of this form
        helper.attrs = {"novalidate": True}
        helper.layout = Layout("answer", Submit("", _("Send my answer")))
        return helper
