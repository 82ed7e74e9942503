"""What works without a connection: the app on the home screen, and a page that holds entries until they can be sent.

Browsers keep only what is the same for everybody: this page in both languages, and the files that it needs.
"""

import hashlib
import json
from functools import cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from actions import catalogue
from actions.forms.fields import PracticeField, described
from actions.models import Practice
from actions.vocabulary import Direction, Level
from teams.drawing import DateInput, DescribedCheckboxes, DescribedRadios
from teams.models import Language
from teams.visibility import Visibility

FILES = [
    "vendor/bootstrap.min.css",
    "vendor/idb.js",
    "css/allyship.css",
    "js/queue.js",
    "js/offline.js",
    "img/icon.svg",
    "img/icons.svg",
]
ICONS = [(192, "any"), (512, "any"), (512, "maskable")]


class OfflineForm(forms.Form):
    """The quick form for a reader who is not known, with the shipped catalogue; a script keeps what it says."""

    practice = PracticeField(label=_("Practice"))
    direction = forms.ChoiceField(
        label=_("Who set the direction?"), choices=Direction.choices, widget=described(Direction)
    )
    communities = forms.TypedMultipleChoiceField(
        label=_("Whom does it support?"), coerce=int, widget=DescribedCheckboxes
    )
    level = forms.ChoiceField(label=_("At which level?"), choices=Level.choices, widget=described(Level))
    done_on = forms.DateField(label=_("When?"), widget=DateInput)
    visibility = forms.ChoiceField(
        label=_("Who can see it?"),
        choices=Visibility.choices,
        widget=DescribedRadios(helps={choice.value: choice.sentence for choice in Visibility}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["practice"].offer(catalogue.practice_choices(None))
        fields["communities"].choices = [(pk, name) for pk, name, _alone in catalogue.community_choices(None)]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout("practice", "direction", "communities", "level", "done_on", "visibility")
        return helper


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page that holds entries; the same for everybody, signed in or not."""
    asked = request.GET.get("language")
    language = asked if asked in Language.values else (translation.get_language() or "en")[:2]
    with translation.override(f"{language}-ca"):
        return HttpResponse(_page(language))


def _page(language: str) -> str:
    practices = Practice.objects.filter(agency=None, is_retired=False)
    levels = {practice.pk: practice.levels for practice in practices}
    return render_to_string("offline.html", {"form": OfflineForm(), "levels": json.dumps(levels), "language": language})


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that stands between browser and network. Browsers ask for it at every page, for a newer one."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@cache
def _script() -> str:
    """Once for each process: its text changes with all that it keeps, which a new version brings."""
    files = [static(name) for name in FILES]
    pages, drawn = {}, ""
    for language in Language.values:
        pages[language] = f"{reverse('offline')}?language={language}"
        with translation.override(f"{language}-ca"):
            drawn += _page(language)
    version = hashlib.sha256(f"{files}{drawn}".encode()).hexdigest()[:16]
    values = {"version": version, "files": files, "pages": pages, "quick": reverse("actions:quick_log")}
    return render_to_string("service-worker.js", {"values": json.dumps(values)})


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the app on its home screen."""
    return JsonResponse(
        {
            "id": "/",
            "name": "Allyship",
            "short_name": "Allyship",
            "start_url": reverse("actions:home"),
            "scope": "/",
            "display": "standalone",
            "lang": translation.get_language(),
            "background_color": "#f5f1e8",
            "theme_color": "#f5f1e8",
            "icons": [
                {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
                for size, use in ICONS
            ],
        },
        content_type="application/manifest+json",
    )
