"""Every component of the look once, at /styleguide/ where DEBUG is on."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from teams.drawing import DescribedCheckboxes, DescribedRadios
from teams.visibility import Visibility

ICONS = [
    *("mark", "home", "plus", "record", "team", "guide", "person", "eye", "eye-off", "lock", "check", "clock", "undo"),
    *(
        "search",
        "filter",
        "calendar",
        "print",
        "download",
        "warning",
        "info",
        "language",
        "sign-out",
        "chevron",
        "close",
    ),
]
BARS = SimpleNamespace(
    id="direction",
    caption="Most actions were asked for or led by the people affected",
    rows=[
        SimpleNamespace(label="Community-led", n=12, percent="27%", width=27, url="?direction=led"),
        SimpleNamespace(label="Co-designed", n=6, percent="14%", width=14, url="?direction=designed"),
        SimpleNamespace(label="Asked for", n=15, percent="34%", width=34, url="?direction=asked"),
        SimpleNamespace(label="Consulted", n=8, percent="18%", width=18, url=None),
        SimpleNamespace(label="Own initiative", n=3, percent="7%", width=7, url=None),
    ],
    total=44,
    files=[("CSV", "?as=csv"), ("XLSX", "?as=xlsx")],
    note="A link opens the list behind the number.",
)
FEW_BARS = SimpleNamespace(
    id="levels",
    caption="At which level",
    rows=[
        SimpleNamespace(label="Individual worker", n=9, percent="", width=69, url=None),
        SimpleNamespace(label="Agency", n=4, percent="", width=31, url=None),
        SimpleNamespace(label="Multi-agency work with shared responsibility", n=0, percent="", width=0, url=None),
    ],
    total=None,
    files=[],
    note="",
)


def drawing(width: int) -> SafeString:
    """Columns of the two series, drawn like those of the dashboard."""
    step, counts = (width - 40) / 3, [(50, 30), (70, 20), (64, 44)]
    taking = "".join(
        f'<path d="M{20 + i * step:g} {150 - a}h{step - 24:g}v{a}h-{step - 24:g}Z"/>' for i, (a, _) in enumerate(counts)
    )
    other = "".join(
        f'<path d="M{20 + i * step:g} {150 - a - b}h{step - 24:g}v{b}h-{step - 24:g}Z"/>'
        for i, (a, b) in enumerate(counts)
    )
    return SafeString(
        f'<svg role="img" aria-label="Columns by month" width="{width}" height="170" viewBox="0 0 {width} 170">'
        f'<g class="taking_direction_marks">{taking}</g><g class="own_or_consulted_marks">{other}</g>'
        f'<path d="M0 150.5h{width}" stroke="currentColor"/></svg>'
    )


class SampleForm(forms.Form):
    title = forms.CharField(label="What did you do?", help_text="What you did, not who it was for.", min_length=10)
    practice = forms.ChoiceField(
        label="Practice", choices=[("", "Choose a practice"), ("a", "Interpreter arranged before the first visit")]
    )
    done_on = forms.DateField(label="When?", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note (optional)", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(
        label="Who can see it?",
        choices=Visibility.choices,
        widget=DescribedRadios(helps={choice.value: choice.sentence for choice in Visibility}),
    )
    communities = forms.MultipleChoiceField(
        label="Whom does it support?",
        choices=[
            (str(number), name)
            for number, name in enumerate(
                ["First Nations", "Inuit", "Métis", "Black communities", "Newcomers and refugees", "2SLGBTQIA+ people"]
            )
        ],
        widget=DescribedCheckboxes,
    )
    heard_back = forms.ChoiceField(
        label="Did they say whether it helped?",
        choices=[("yes", "It helped"), ("partly", "It partly helped"), ("not", "Not asked yet")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="I have checked: this points to no person")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            "title",
            "practice",
            "done_on",
            "note",
            "visibility",
            "communities",
            "heard_back",
            "agree",
        )
        return helper


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """With ?errors the form is bound and wrong."""
    if "quiet" not in request.GET:
        messages.success(request, "Action saved.", extra_tags="/styleguide/undo/")
        messages.info(request, "Figures of this quarter are still open.")
        messages.warning(request, "The quarter of this action is closed; its summary stays as it is.")
        messages.error(request, "The file was not read.")
    broken = "errors" in request.GET
    data = {"title": "short", "visibility": "shared"}
    return render(
        request,
        "styleguide.html",
        {
            "icons": ICONS,
            "form": SampleForm(data) if broken else SampleForm(initial={"visibility": "shared", "heard_back": "yes"}),
            "visibilities": list(Visibility),
            "page": Paginator(range(90), 10).page(2),
            "chips": [
                SimpleNamespace(label="Asked for", remove_url="?a"),
                SimpleNamespace(label="Since 1 October 2026", remove_url="?b"),
            ],
            "bars": BARS,
            "few_bars": FEW_BARS,
            "chart": SimpleNamespace(
                id="months",
                title="November had the most actions, and more of them were led by the people affected",
                wide=drawing(680),
                narrow=drawing(270),
                columns=["Month", "Taking direction", "Own initiative or consulted"],
                rows=[["September", 25, 15], ["October", 35, 10], ["November", 32, 22]],
                files=[("CSV", "?as=csv"), ("XLSX", "?as=xlsx")],
            ),
            "as_of": datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("America/Toronto")),
        },
        status=422 if broken else 200,
    )
