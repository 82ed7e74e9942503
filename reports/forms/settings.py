"""An agency's settings, a form for each part of them; each saves over the version that was read."""

import zoneinfo
from copy import copy
from datetime import date
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions import guard
from actions.forms.fields import NoteField
from reports.pages.labels import period_label
from reports.periods import Period
from reports.summaries import rhythm_of
from teams import agencies
from teams.drawing import DescribedRadios
from teams.models import Agency, Cadence, Language
from teams.models.agency import LEAST_MONTHS, MOST_MONTHS, REASON_LENGTH
from teams.visibility import Visibility

CANADA = [
    *("America/St_Johns", "America/Halifax", "America/Moncton", "America/Toronto", "America/Iqaluit"),
    *("America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver", "America/Whitehorse"),
]
CONTINENTS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


def zones() -> list[Any]:
    """Those of Canada first, then all others by name."""
    others = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in CONTINENTS)
    return [
        (_("Canada"), [(name, _place(name)) for name in CANADA]),
        (_("Elsewhere"), [(name, name.replace("_", " ")) for name in others if name not in CANADA]),
    ]


def _place(name: str) -> str:
    return name.split("/")[-1].replace("_", " ").replace("St Johns", "St. John’s")


class SettingsForm(forms.ModelForm):
    """One part of the settings; `seen` is the version that the page was made of."""

    guarded: ClassVar[list[str]] = []

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Agency
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"instance": copy(agency)})
        self.agency = agency  # as it stands: the form writes into the copy
        self.initial.setdefault("seen", agency.version)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.guarded:
            guard.inspect(self, name, agency=self.agency)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What is to be saved, by the columns of the agency."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or []}

    def save(self, commit: bool = True) -> Agency:
        """StaleSettings where somebody else saved meanwhile."""
        return agencies.change(self.agency, seen=self.cleaned_data["seen"] or 0, **self.values)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(*self.fields, Submit("", _("Go on")))
        return helper


class TimeForm(SettingsForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    language = forms.ChoiceField(
        label=_("Language of new accounts"),
        help_text=_("Everybody changes it for herself."),
        choices=Language.choices,
        widget=DescribedRadios,
    )
    cadence = forms.ChoiceField(
        label=_("How often are team summaries made?"),
        help_text=_("A change takes effect with the next quarter."),
        choices=Cadence.choices,
        widget=DescribedRadios,
    )
    grace_days = forms.IntegerField(
        label=_("Days for late entries"),
        help_text=_("So many days after its end a month or quarter is closed and its figures are frozen. 0 to 60."),
        min_value=0,
        max_value=60,
    )

    class Meta(SettingsForm.Meta):
        fields: ClassVar[list[str]] = ["time_zone", "language", "grace_days"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        zone: Any = self.fields["time_zone"]
        if not zone.valid_value(agency.time_zone):
            zone.choices = [*zone.choices, (agency.time_zone, agency.time_zone)]
        self.from_day = agencies.next_quarter(agency.today())
        self.coming = rhythm_of(agency).on(self.from_day)
        if "cadence" not in (kwargs.get("initial") or {}):
            self.initial["cadence"] = self.coming

    @property
    def new_cadence(self) -> str:
        """Empty where it stays what it is to be."""
        chosen: str = self.cleaned_data["cadence"]
        return chosen if chosen != self.coming else ""

    @transaction.atomic
    def save(self, commit: bool = True) -> Agency:
        saved = super().save(commit)
        if self.new_cadence:
            agencies.change_cadence(saved, self.new_cadence, today=saved.today())
        return saved


class FiguresForm(SettingsForm):
    """Thresholds go up only: what was protected once stays protected."""

    least_actions = forms.IntegerField(label=_("How many actions does a figure need?"), max_value=100)
    least_authors = forms.IntegerField(label=_("By how many people?"), max_value=100)
    most_percent = forms.IntegerField(label=_("How much of it may be by one person, in percent?"), min_value=1)
    sector = forms.ChoiceField(label=_("Does your agency count in the figures of the sector?"), widget=DescribedRadios)

    class Meta(SettingsForm.Meta):
        fields: ClassVar[list[str]] = ["least_actions", "least_authors", "most_percent"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        for name in ("least_actions", "least_authors"):
            n = getattr(agency, name)
            self.fields[name].help_text = _("Now %(n)s. It can go up, never down.") % {"n": n}
        self.fields["most_percent"].help_text = _("Now %(n)s. It can go down, never up.") % {"n": agency.most_percent}
        sector: Any = self.fields["sector"]
        sector.choices = self._choices(agency)
        self.initial.setdefault("sector", "stay" if agency.in_sector_from else "no")

    def _choices(self, agency: Agency) -> list[tuple[str, str | Promise]]:
        if agency.in_sector_from:
            since = period_label(Period.containing(agency.in_sector_from, "quarterly"))
            return [("stay", _("Yes, since %(period)s") % {"period": since}), ("no", _("No, not any more"))]
        now = Period.containing(agency.today(), "quarterly")
        return [
            ("no", _("No")),
            ("now", _("From this quarter on: %(period)s") % {"period": period_label(now)}),
            ("next", _("From the next quarter on: %(period)s") % {"period": period_label(now.next())}),
        ]

    def clean_least_actions(self) -> int:
        return self._not_below("least_actions")

    def clean_least_authors(self) -> int:
        return self._not_below("least_authors")

    def _not_below(self, name: str) -> int:
        n: int = self.cleaned_data[name]
        if n < (now := getattr(self.agency, name)):
            raise ValidationError(
                _("It is %(n)s now and can only go up: who shared under that promise keeps it.") % {"n": now}
            )
        return n

    def clean_most_percent(self) -> int:
        n: int = self.cleaned_data["most_percent"]
        if n > self.agency.most_percent:
            raise ValidationError(
                _("It is %(n)s now and can only go down: who shared under that promise keeps it.")
                % {"n": self.agency.most_percent}
            )
        return n

    @property
    def in_sector_from(self) -> date | None:
        quarter = Period.containing(self.agency.today(), "quarterly")
        days = {"now": quarter.first, "next": quarter.next().first, "stay": self.agency.in_sector_from}
        return days.get(self.cleaned_data["sector"])

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {"in_sector_from": self.in_sector_from}


class SharingForm(SettingsForm):
    suggested_visibility = forms.ChoiceField(
        label=_("What do we suggest to somebody who logs for the first time?"),
        help_text=_("She chooses for herself, once before her first action and whenever she likes."),
        choices=Visibility.choices,
        widget=DescribedRadios(helps={choice.value: choice.sentence for choice in Visibility}),
    )
    sends_reminders = forms.BooleanField(
        label=_("Remind people of their commitments by e-mail on Monday mornings"),
        help_text=_("Everybody can switch hers off. Without a tick, nobody gets any."),
        required=False,
    )

    class Meta(SettingsForm.Meta):
        fields: ClassVar[list[str]] = ["suggested_visibility", "sends_reminders"]


class KeepingForm(SettingsForm):
    text_months = forms.IntegerField(
        label=_("For how many months are texts kept?"),
        help_text=_(
            "From 6 to 84. Notes, partners and other words go after that; what was done stays, and is counted."
        ),
        min_value=LEAST_MONTHS,
        max_value=MOST_MONTHS,
    )

    class Meta(SettingsForm.Meta):
        fields: ClassVar[list[str]] = ["text_months"]


class HoldForm(SettingsForm):
    """The switch that stops all erasing by age, such as a court or an inquiry may ask for."""

    guarded: ClassVar[list[str]] = ["hold_reason"]

    is_held = forms.BooleanField(label=_("Erase nothing by its age for now"), required=False)
    hold_reason = NoteField(
        label=_("Why?"),
        help_text=_("Such as who asked for it. Admins and equity leads read it. No names of persons, no case numbers."),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.TextInput,
    )

    class Meta(SettingsForm.Meta):
        fields: ClassVar[list[str]] = ["hold_reason"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        self.order_fields(["seen", "is_held", "hold_reason"])
        self.initial.setdefault("is_held", agency.held_on is not None)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("is_held") and not data.get("hold_reason") and "hold_reason" not in self.errors:
            self.add_error("hold_reason", _("Give the reason in a few words."))
        if not data.get("is_held"):
            data["hold_reason"] = ""
        return data

    def validate_constraints(self) -> None:
        """The day that goes with the reason comes with `values`."""

    @property
    def values(self) -> dict[str, Any]:
        held = self.cleaned_data["is_held"]
        return {
            "held_on": (self.agency.held_on or self.agency.today()) if held else None,
            "hold_reason": self.cleaned_data["hold_reason"],
        }
