"""Every form: what it offers alice, what it refuses from her, and that no client's number gets past its text fields.

A form that FORMS does not know is a failure. To add one: a line in FORMS; where it has fields with a new kind of row to
choose from, rows of that kind in `foreign` of tests/sweeps/world.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django_filters.filterset import BaseFilterSet

from actions.models import Ask, Community, Practice
from actions.views.drafts import Texts
from allyship.offline import OfflineForm
from allyship.styleguide import SampleForm
from reports.forms.settings import SettingsForm
from teams import accounts, closing, team_details
from teams.filters import ListFilter
from teams.forms.invitations import WhoJoins
from teams.forms.people import VerbForm
from teams.forms.providers import JoinByAccountForm
from teams.forms.signing_in import CodeAgainForm, CodeForm, DeviceAgainForm, DeviceAloneForm, DeviceForm, MailedCodeForm
from teams.models import Agency, Team, Worker
from tests.factories import PASSWORD, ask_data, community, form_data, initiative_data
from tests.sweeps.modules import modules, subclasses
from tests.sweeps.pages import Page
from tests.sweeps.table import GET, Row, readers, rows
from tests.sweeps.walk import Walker
from tests.sweeps.world import RECENT, World

OF_CLIENTS = ["Called back, 416 555 0134", "For 046 454 286"]
KEY = re.compile(r"\d+|[0-9a-f-]{36}")


def a_whole_action(world: World):
    earlier = {"relation": "follows_from", "related": world.objects["private"]}
    earlier["initiative"] = world.objects["initiative"]
    return form_data(team=world.objects["team"], done_on=RECENT.isoformat(), **earlier)


@dataclass(frozen=True)
class Form:
    """`at`: rows of the table that serve it, or `made` where no page shows it. `answers` are such as it takes.

    `keys`: fields without a queryset whose values are keys of rows nevertheless. `guarded`: text fields that the
    identifier guard reads; `unguarded`: those that it does not, each with the reason. `or_as`: the form that takes over
    where an answer does not fit this one. `numbers`: fields whose choices are numbers, and keys of nothing. `reader`:
    whom it is served to, where alice is not. `told`: the status that good answers get.
    """

    at: tuple[str, ...] = ()
    reader: str = "alice"
    told: str = "302"
    made: Callable[[], forms.BaseForm] | None = None
    answers: Callable[[World], dict] = lambda world: {}
    keys: dict[str, type[models.Model]] = field(default_factory=dict)
    guarded: tuple[str, ...] = ()
    unguarded: dict[str, str] = field(default_factory=dict)
    or_as: str = ""
    numbers: tuple[str, ...] = ()


# A file that has the columns of every kind of import.
FILE = b"name,email,role,team,starts_on,done_on,worker,level,practice,direction,communities,visibility\nAna\n"


def the_account(world: World):
    alice = Worker.objects.get(pk=world.objects["person"])
    return {"over": accounts.seen(alice), "name": "Alix"}


def the_team(world: World):
    team = Team.objects.get(pk=world.objects["team"])
    return {"over": team_details.seen(team), "name": "Front door", "communities": [community().pk]}


def a_merger(world: World):
    team, into = (Team.objects.get(pk=world.objects[name]) for name in ("team", "kinship"))
    told = closing.plan(team, into=into, last_day=date(2026, 7, 20)).told
    return {"how": "merge", "into": into.pk, "on": "2026-07-20", "told": told}


SEEN = "stands for what was shown; stored nowhere"
OF_AN_APP = {"code": "proves who signs in; stored nowhere"}
OF_A_DEVICE = {"credential": "what her device answered"}
TERMS = {"practice": Practice, "community": Community}
FORMS = {
    "actions.filters.AskFilter": Form(at=("actions:team_asks team",)),
    "actions.forms.allowed.AllowForm": Form(
        at=("actions:allowed",),
        reader="admin",
        answers=lambda world: {"text": "The Fjord line"},
        unguarded={"text": "what the guard is to let pass; refused where only a client has such a number"},
    ),
    "actions.forms.terms.NewTermForm": Form(
        at=("actions:term_new which=communities",),
        reader="admin",
        answers=lambda world: {"label_en": "Newcomers", "label_fr": "Nouveau", "rolls_up_to": community().pk},
        guarded=("label_en", "label_fr"),
    ),
    "actions.forms.terms.RenameForm": Form(
        at=("actions:term_rename own_community which=communities",),
        reader="admin",
        answers=lambda world: {"label_en": "Newcomers", "label_fr": ""},
        guarded=("label_en", "label_fr"),
        unguarded={"seen": "hidden; compared with what is saved, and not kept"},
    ),
    "actions.forms.asks.AnswerForm": Form(
        at=("actions:ask_answer ask",),
        reader="sana",
        answers=lambda world: {"outcome": "answered", "answer": "From Monday on."},
        guarded=("answer",),
    ),
    "actions.forms.asks.AskForm": Form(
        at=("actions:ask_new",),
        answers=lambda world: ask_data(f"supervisor:{world.objects['team']}", action=world.objects["private"]),
        guarded=("in_the_way", "need"),
    ),
    "teams.filters.ListFilter": Form(made=lambda: ListFilter(queryset=Ask.objects.none()).form),
    "actions.filters.ActionFilter": Form(at=("actions:feed team",), keys=TERMS),
    "actions.filters.RecordFilter": Form(at=("actions:record",), keys=TERMS),
    "actions.filters.YearFilter": Form(at=("actions:year",), numbers=("year",)),
    "actions.forms.initiatives.InitiativeForm": Form(
        at=("actions:initiative_new", "actions:initiative_edit initiative"),
        reader="lead",
        answers=lambda world: initiative_data(review_on="2026-10-01"),
        keys={"communities": Community},
        guarded=("title", "aim", "outside", "resources"),
        unguarded={"partners": "names of agencies here; only those that are found are kept, as keys"},
    ),
    "actions.forms.initiatives.LinkForm": Form(
        at=("actions:voice_links initiative",), reader="lead", answers=lambda world: {"lasts": "month"}, told="200"
    ),
    "actions.forms.initiatives.VoiceForm": Form(
        at=("actions:voice voice_link",), reader="anonymous", answers=lambda world: {"answer": "partly"}
    ),
    "actions.forms.logging.ActionForm": Form(
        at=("actions:log", "actions:edit shared"),
        answers=a_whole_action,
        keys={"practice": Practice, "communities": Community},
        guarded=("note", "partners"),
    ),
    "actions.forms.logging.QuickForm": Form(
        at=("actions:quick_log ?practice={practice}",),
        answers=a_whole_action,
        keys={"practice": Practice, "communities": Community},
        or_as="actions.forms.logging.ActionForm",
        guarded=("note",),
    ),
    "actions.forms.promises.DropForm": Form(
        at=("actions:drop promise",), answers=lambda world: {"dropped_because": "no_means"}
    ),
    "actions.forms.promises.PromiseForm": Form(
        at=("actions:new_commitment",),
        answers=lambda world: {
            "text": "Bring the draft",
            "due_on": "2026-08-03",
            "visibility": "private",
            "initiative": world.objects["joint"],
        },
        guarded=("text",),
    ),
    "actions.forms.promises.RenegotiateForm": Form(
        at=("actions:renegotiate promise",),
        answers=lambda world: {"renegotiated_to": "2026-08-03", "agreed_with": "youth"},
    ),
    "actions.views.drafts.Texts": Form(
        made=lambda: Texts(agency=None), guarded=("note", "partners", "in_the_way", "need", "text")
    ),
    "allyship.offline.OfflineForm": Form(made=OfflineForm),
    "actions.forms.reflections.ReflectionForm": Form(
        at=("actions:reflection_new", "actions:reflection_on shared", "actions:reflection_edit reflection"),
        answers=lambda world: {"text": "Next time I ask first.", "prompt": "rp_credit", "version": 1},
        guarded=("text",),
    ),
    "allyship.styleguide.SampleForm": Form(
        made=SampleForm,
        unguarded=dict.fromkeys(["title", "note"], "shows the look, where DEBUG is on; keeps nothing"),
    ),
    "reports.pages.dashboards.DashboardFilter": Form(at=("reports:dashboard team",), keys=TERMS),
    "reports.pages.dashboards.PeriodFilter": Form(at=("reports:commitments team",)),
    "reports.forms.summaries.SummaryNoteForm": Form(
        at=("reports:summary_note summary",),
        reader="sana",
        answers=lambda world: {"version": 2, "note": "Two of us were on leave.", "will_try": "One more meeting."},
        guarded=("came_of_it", "note", "will_try"),
    ),
    "reports.imports.forms.UploadForm": Form(
        at=tuple(f"reports:import_new kind={kind}" for kind in ("people", "teams", "actions")),
        reader="admin",
        answers=lambda world: {"file": SimpleUploadedFile("list.csv", FILE)},
    ),
    "reports.pages.protected_pages.SpanFilter": Form(at=("reports:agency_figures",)),
    "reports.forms.settings.SettingsForm": Form(made=lambda: SettingsForm(agency=Agency())),
    "reports.forms.settings.TimeForm": Form(
        at=("reports:settings_change code=time",),
        reader="admin",
        answers=lambda world: {
            "seen": 1,
            "time_zone": "America/Toronto",
            "language": "en",
            "cadence": "quarterly",
            "grace_days": 7,
        },
    ),
    "reports.forms.settings.FiguresForm": Form(
        at=("reports:settings_change code=figures",),
        reader="admin",
        answers=lambda world: {"seen": 1, "least_actions": 6, "least_authors": 3, "most_percent": 70, "sector": "stay"},
        told="200",  # what it changes is read first
    ),
    "reports.forms.settings.SharingForm": Form(
        at=("reports:settings_change code=sharing",),
        reader="admin",
        answers=lambda world: {"seen": 1, "suggested_visibility": "counted", "sends_reminders": "on"},
    ),
    "reports.forms.settings.KeepingForm": Form(
        at=("reports:settings_change code=keeping",),
        reader="admin",
        answers=lambda world: {"seen": 1, "text_months": 12},
        told="200",
    ),
    "reports.forms.settings.HoldForm": Form(
        at=("reports:settings_change code=hold",),
        reader="admin",
        answers=lambda world: {"seen": 1, "is_held": "on", "hold_reason": "An inquiry asked for it."},
        guarded=("hold_reason",),
    ),
    "reports.forms.summaries.TeamForm": Form(
        at=("reports:team_new", "reports:team_edit team"),
        reader="admin",
        answers=the_team,
        keys={"communities": Community},
        guarded=("name",),
        unguarded={"over": SEEN},
    ),
    "teams.forms.closing.CloseTeamForm": Form(at=("teams:team_close team",), reader="admin", answers=a_merger),
    "reports.audit.filters.AuditFilter": Form(
        at=("reports:audit",),
        reader="admin",
        unguarded={"who": "a search; stored nowhere", "about": "a search; stored nowhere"},
    ),
    "reports.audit.filters.ChangeFilter": Form(
        at=("reports:audit_of_person person", "reports:audit_of_team team"),
        reader="admin",
        unguarded={"who": "a search; stored nowhere"},
    ),
    "teams.filters.PeopleFilter": Form(
        at=("teams:people",), reader="admin", keys={"team": Team}, unguarded={"q": "a search; stored nowhere"}
    ),
    "teams.forms.invitations.InviteForm": Form(
        at=("teams:invitations",),
        reader="admin",
        told="200",
        answers=lambda world: {
            "addresses": "new@people.example",
            "role": "member",
            "language": "en",
            "teams": [world.objects["kinship"]],
        },
        unguarded={"addresses": "of people who are invited; those that are none are said back and not kept"},
    ),
    "teams.forms.invitations.JoinForm": Form(
        at=("teams:join join_link",),
        reader="anonymous",
        answers=lambda world: {"name": "New", "language": "en"} | dict.fromkeys(["password1", "password2"], PASSWORD),
        unguarded={"name": "of a member of staff"} | dict.fromkeys(["password1", "password2"], "a password"),
    ),
    "teams.forms.people.AddManyForm": Form(
        at=("teams:people_add ?person={person}",),
        reader="admin",
        answers=lambda world: {
            "person": [world.objects["person"]],
            "team": world.objects["kinship"],
            "role": "member",
            "starts_on": "2026-07-20",
        },
    ),
    "teams.forms.people.CloseManyForm": Form(
        at=("teams:people_close ?person={person}",),
        reader="admin",
        answers=lambda world: {"person": [world.objects["person"]]},
    ),
    "teams.forms.people.EndForm": Form(
        at=("teams:spell_end spell",), reader="admin", answers=lambda world: {"on": "2026-07-20"}
    ),
    "teams.forms.people.MoveForm": Form(
        at=("teams:spell_move spell",),
        reader="admin",
        answers=lambda world: {"team": world.objects["kinship"], "role": "member", "on": "2026-07-20"},
    ),
    "teams.forms.people.PersonForm": Form(
        at=("teams:person_edit person",),
        reader="admin",
        answers=the_account,
        unguarded={"over": SEEN, "name": "of a member of staff"},
    ),
    "teams.forms.people.RoleForm": Form(
        at=("teams:spell_role spell",), reader="admin", answers=lambda world: {"role": "supervisor", "on": "2026-07-20"}
    ),
    "teams.forms.people.SpellForm": Form(
        at=("teams:spell_new person",),
        reader="admin",
        answers=lambda world: {"team": world.objects["kinship"], "role": "member", "starts_on": "2026-07-20"},
    ),
    "teams.forms.people.VerbForm": Form(made=VerbForm),
    "teams.forms.providers.AgencyForm": Form(  # tests/teams/test_agency_accounts.py has answers that it takes
        at=("teams:agency_account",),
        reader="anonymous",
        answers=lambda world: {"agency": "nowhere"},
        told="422",
        unguarded={"agency": "a short name; looked up, not stored"},
    ),
    "teams.forms.invitations.WhoJoins": Form(made=WhoJoins, unguarded={"name": "of a member of staff"}),
    "teams.forms.providers.JoinByAccountForm": Form(made=JoinByAccountForm, unguarded={"name": "of a member of staff"}),
    "teams.forms.providers.ProviderForm": Form(  # likewise; this address is refused before anything is asked of it
        at=("teams:provider",),
        reader="admin",
        answers=lambda world: {
            "issuer": "https://127.0.0.1/",
            "client_id": "x",
            "secret": "x",
            "second_factor": "ours",
        },
        told="422",
        unguarded=dict.fromkeys(["issuer", "client_id", "acr"], "what the agency's own sign-in is known by")
        | {"secret": "kept sealed, and shown to nobody"},
    ),
    "teams.forms.signing_in.CodeAgainForm": Form(made=lambda: CodeAgainForm(user=None), unguarded=OF_AN_APP),
    "teams.forms.signing_in.CodeForm": Form(made=lambda: CodeForm(user=None), unguarded=OF_AN_APP),
    "teams.forms.signing_in.DeviceForm": Form(made=lambda: DeviceForm(user=None), unguarded=OF_A_DEVICE),
    "teams.forms.signing_in.DeviceAgainForm": Form(made=lambda: DeviceAgainForm(user=None), unguarded=OF_A_DEVICE),
    "teams.forms.signing_in.DeviceAloneForm": Form(made=DeviceAloneForm, unguarded=OF_A_DEVICE),
    "teams.forms.signing_in.EnrolForm": Form(at=("mfa_activate_totp",), reader="bob", told="200", unguarded=OF_AN_APP),
    "teams.forms.signing_in.MailedCodeForm": Form(made=lambda: MailedCodeForm(whom=""), unguarded=OF_AN_APP),
    "teams.forms.signing_in.NewPasswordForm": Form(
        at=("account_change_password",),
        answers=lambda world: (
            {"oldpassword": PASSWORD} | dict.fromkeys(["password1", "password2"], "river-lantern-quilt")
        ),
        unguarded=dict.fromkeys(["oldpassword", "password1", "password2"], "a password"),
    ),
    "teams.forms.signing_in.PasskeyForm": Form(
        at=("mfa_add_webauthn",),
        reader="bob",
        told="200",
        unguarded={"name": "of her own passkey, which only she sees", "credential": "what her device answered"},
    ),
    "teams.forms.signing_in.RequestCodeForm": Form(
        at=("account_request_login_code",),
        reader="anonymous",
        answers=lambda world: {"email": "nobody@example.org"},
        unguarded={"email": "the address that signs in"},
    ),
    "teams.forms.own.AddressForm": Form(
        at=("teams:address", "teams:person_address person"),
        reader="admin",
        answers=lambda world: {"email": "new.address@people.example"},
        unguarded={"email": "the address that signs in"},
    ),
    "teams.forms.own.EmailsForm": Form(at=("teams:emails",), answers=lambda world: {"gets_summaries": "on"}),
    "teams.forms.own.VisibilityForm": Form(
        at=("teams:visibility",), answers=lambda world: {"default_visibility": "private"}
    ),
}


def foreign(world, name, model):
    """Rows that the form must not offer its reader; an admin may choose all of her agency."""
    rows = world.foreign[model]
    if FORMS[name].reader != "admin":
        return rows
    return [row for row in rows if row.agency_id != world.people["admin"].agency_id]


def called(form):
    return f"{type(form).__module__}.{type(form).__qualname__}"


def shown(response, *names):
    """The form of such a name in what the page was made of; of a filter, its form."""
    values = [value for context in response.context for value in context.flatten().values()]
    values += [each for value in values for each in getattr(value, "__dict__", {}).values()]
    found = next(value for value in values if called(value) in names)
    return getattr(found, "form", found)


@dataclass
class Served:
    """A form on one page, as alice is shown it, or who is its reader."""

    name: str
    walker: Walker
    row: Row

    @property
    def form(self):
        return shown(self.walker.visit(FORMS[self.name].reader, self.row).response, self.name)

    def answered(self, **changes):
        """What she gets for her answers: a filter is asked in the address, any other form is posted."""
        method = "get" if self.name.endswith("Filter") else "post"
        answers = FORMS[self.name].answers(self.walker.world) | changes
        return self.walker.visit(FORMS[self.name].reader, self.row, method=method, **answers)

    def refused(self, field_name, value):
        """Answered by 422 on account of this field alone, with nothing written."""
        visit = self.answered(**{field_name: value})
        if visit.told != "422" or visit.written:
            return False
        return set(shown(visit.response, self.name, FORMS[self.name].or_as).errors) == {field_name}

    def __str__(self):
        return f"{self.name} at {self.row}"


@pytest.fixture
def served(world):
    """Every form on every page that FORMS says serves it."""
    walker = Walker(world, "en-ca")
    by_name = {str(row): row for row in rows(GET)}
    return [Served(name, walker, by_name[at]) for name, form in FORMS.items() for at in form.at]


def keyed(name, form):
    """Its fields that choose rows, each with the model."""
    found = {key: each.queryset.model for key, each in form.fields.items() if isinstance(each, forms.ModelChoiceField)}
    return found | FORMS[name].keys


def choices(each):
    """Value and label of every choice of the field, out of their groups."""
    for value, label in getattr(each, "choices", []):
        if isinstance(label, list | tuple):
            yield from ((str(value), str(label)) for value, label in label)
        else:
            yield str(value), str(label)


def text_fields(form):
    texts = {key for key, each in form.fields.items() if isinstance(each, forms.CharField)}
    return texts - {key for key, each in form.fields.items() if isinstance(each, forms.UUIDField)}


# Is every form known? ----------------------------------------------------------------------------------------------


def test_every_form_is_known():
    list(modules())
    found = {*subclasses(forms.BaseForm), *subclasses(BaseFilterSet)}

    assert {f"{form.__module__}.{form.__qualname__}" for form in found} == set(FORMS)


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if not form.at])
def test_form_that_no_page_shows_chooses_no_rows(db, name):
    assert keyed(name, FORMS[name].made()) == {}


# What a form offers, and what it takes -----------------------------------------------------------------------------


def test_forms_take_what_they_should(served):
    assert {str(form): form.answered().told for form in served} == {
        str(form): "200" if form.name.endswith("Filter") else FORMS[form.name].told for form in served
    }


def test_forms_offer_alice_only_what_she_may_choose(served, world):
    wrong = []
    for each in served:
        form, reader = each.form, FORMS[each.name].reader
        own = f"the name of {reader}"
        unread = [what for what, (_, roles) in readers().items() if reader not in roles and what != own]
        hidden = [text for what in unread for text in world.canaries[what]]
        for key, model in keyed(each.name, form).items():
            theirs = {str(row.pk) for row in foreign(world, each.name, model)}
            wrong += [(str(each), key, label) for value, label in choices(form.fields[key]) if value in theirs]
        for key in form.fields:
            labels = [label for _, label in choices(form.fields[key])]
            wrong += [(str(each), key, label) for label in labels if any(text in label for text in hidden)]

    assert wrong == []


def test_fields_whose_values_are_keys_are_known(served):
    unknown = [
        (str(each), key)
        for each in served
        for form in [each.form]
        for key in form.fields.keys() - keyed(each.name, form).keys() - {*FORMS[each.name].numbers}
        if any(KEY.fullmatch(value) for value, _ in choices(form.fields[key]))
    ]

    assert unknown == []


def test_forms_refuse_rows_that_are_not_alices(served, world):
    taken = [
        (str(each), key, row)
        for each in served
        for key, model in keyed(each.name, each.form).items()
        for row in foreign(world, each.name, model) or ["no such row to try with"]
        if not each.refused(key, getattr(row, "pk", ""))
    ]

    assert taken == []


# What is typed -----------------------------------------------------------------------------------------------------


def test_text_fields_are_guarded_or_have_a_reason(served):
    made = [(name, form.made()) for name, form in FORMS.items() if form.made]
    found = {name: text_fields(form) for name, form in [*made, *((each.name, each.form) for each in served)]}

    assert found == {name: {*form.guarded, *form.unguarded} for name, form in FORMS.items()}


def test_guarded_fields_refuse_what_identifies_a_client_and_keep_it(served):
    wrong, tried = [], set()
    for each in served:
        for key in FORMS[each.name].guarded:
            for text in OF_CLIENTS:
                tried.add(text)
                page = each.answered(**{key: text}).text
                if not each.refused(key, text) or Page(page).control(key) != text:
                    wrong.append((str(each), key, text))

    assert wrong == []
    assert tried == set(OF_CLIENTS)
