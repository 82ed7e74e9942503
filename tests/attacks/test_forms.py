"""Every form, filled in by Hypothesis: no error of ours, and nothing half-written.

Each example takes good answers and spoils some: long texts, NUL, lone surrogates, letters from right to left, dates
and numbers out of reach, lists for texts, fields that are missing. Whatever comes: the answer is no error, and where it
is refused no table says anything else than before. ATTACK_EXAMPLES raises the number for each form: by hand, 1000.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.conf import settings as site
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams import invitations
from teams.models import Agency, Invitation, Worker
from teams.signing_in import providers, second_factors
from teams.signing_in.providers import Setup
from tests.attacks.attacker import every_form
from tests.browser.scene import credential_of_no_device
from tests.factories import PASSWORD, code_of
from tests.sweeps.test_forms import FORMS
from tests.teams.signing_in.test_own_means import come_by_agency

COOKIE = site.SESSION_COOKIE_NAME
EXAMPLES = int(os.environ.get("ATTACK_EXAMPLES", "4"))
FEWER = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
LETTERS = st.characters(exclude_categories=[])  # lone surrogates and NUL among them
TEXTS = st.one_of(
    st.text(LETTERS, max_size=60),
    st.sampled_from(
        ["\x00", "a\x00b", "\ud800", "\u202etxet", "\ufeff", "a" * 5000, "\U0001f600" * 401, "\r\n\r\n", " "]
    ),
    st.sampled_from(["<script>alert(1)</script>", "{{ 7*7 }}", "%(name)s", "' OR 1=1 --", "../../etc/passwd", "{0}"]),
)
NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["9" * 400, "1e400", "-0", "1,5", "1.234,5", "\u0663", "\u00b2", "0x10", "1_000", "NaN", "\u221e"]),
)
DATES = st.one_of(
    st.dates().map(str),
    st.sampled_from(["0001-01-01", "9999-12-31", "2026-02-30", "0000-00-00", "31.12.2026", "2026-1-1", "10000-01-01"]),
)
WRONG: dict[type[forms.Field], st.SearchStrategy] = {
    forms.DateField: DATES,
    forms.IntegerField: NUMBERS,
    forms.DecimalField: NUMBERS,
}
FILES = st.builds(
    SimpleUploadedFile,
    st.sampled_from(["a.csv", "a.xlsx", "a.XLSM", "\u202evsc.exe", "a" * 300 + ".csv", "..csv"]),
    st.one_of(
        st.binary(max_size=200), st.text(LETTERS, max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
    ),
)


def wrong(field: forms.Field) -> st.SearchStrategy:
    """What somebody may send for the field instead of what it asks for."""
    if isinstance(field, forms.FileField):
        return FILES
    own = next((strategy for kind, strategy in WRONG.items() if isinstance(field, kind)), TEXTS)
    choices = [str(value) for value, label in getattr(field, "choices", []) if not isinstance(label, list | tuple)]
    chosen = st.sampled_from(choices) if choices else own
    return st.one_of(own, chosen, TEXTS, st.lists(st.one_of(own, chosen), max_size=3))


def sendable(value: Any) -> Any:
    """As a request carries it: a lone surrogate as the bytes that stand for it."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return [sendable(each) for each in value] if isinstance(value, list) else value


def spoiled(form: forms.BaseForm, answers: dict[str, Any]) -> st.SearchStrategy:
    """Good answers of which some are wrong and some are missing; at times nearly all."""
    fields = dict(form.fields) | {name: forms.CharField() for name in answers if name not in form.fields}
    changes = st.fixed_dictionaries({}, optional={name: wrong(field) for name, field in fields.items()})
    return st.tuples(changes, st.sets(st.sampled_from(sorted(fields)), max_size=2)) if fields else st.just(({}, set()))


def each_of(examples: st.SearchStrategy, send: Callable[[Any], None]) -> None:
    """Send all that is drawn."""

    @FEWER
    @given(examples)
    def run(drawn):
        send(drawn)

    run()


@pytest.mark.timeout(3600)
def test_no_answer_to_any_form_breaks_it_or_is_written_by_halves(attacker):
    found = {}
    for served in every_form(attacker.walker):
        known = FORMS[served.name]

        def send(drawn, known=known, served=served):
            changes, missing = drawn
            said = known.answers(attacker.world) | changes
            said = {name: sendable(value) for name, value in said.items() if name not in missing}
            strike = attacker.strike(known.reader, "post", served.row, said)
            if strike.fault:
                found.setdefault(str(served), (strike.fault, repr(drawn)[:300]))

        each_of(spoiled(served.form, known.answers(attacker.world)), send)

    assert found == {}


# Forms of pages that are reached on the way through sign-in, and those of its library ------------------------------------

APP = "A" * 32  # the secret of an authenticator app
TWICE = ["password1", "password2"]


@dataclass(frozen=True)
class Step:
    """A page of it: who is there, how she came, and answers of hers: "mailed" and "shown" stand for the code in her
    mail, and for that of her app.
    """

    answers: dict[str, str]
    who: str = "alice"
    come: Callable[[Client, Worker], str | None] = lambda client, worker: client.force_login(worker)
    forms: tuple[str, ...] = ()  # those of tests/sweeps/test_forms.py that no page shows
    told: int = 302  # the status that these answers get


def come_as_nobody(client, worker):
    pass


def type_her_password(client, worker):
    client.post(reverse("account_login"), {"login": worker.email, "password": PASSWORD})


def ask_for_a_code(client, worker):
    client.post(reverse("account_request_login_code"), {"email": worker.email})


def have_a_code_mailed(client, worker):
    come_by_agency(client, worker)
    client.post(reverse("account_reauthenticate_by_mail"), {"send": "1"})


def open_the_link(client, worker):
    client.post(reverse("account_reset_password"), {"email": worker.email})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
    return client.get(link, follow=True).redirect_chain[-1][0]


def hold_an_invitation(client, worker):
    """Her agency has a sign-in of its own, which does not answer just now."""
    setup = Setup("http://localhost:9", "allyship", "x", is_required=False, second_factor="ours")
    providers.save(worker.agency, setup, seen=Agency.objects.get(pk=worker.agency_id).version, by=None)
    invitation = Invitation.objects.filter(agency=worker.agency).first()
    return reverse("teams:join_by_account", args=[invitations.token(invitation)])


STEPS = {
    "account_login": Step({"login": "canary.alice@people.example", "password": PASSWORD}, come=come_as_nobody),
    "account_reset_password": Step({"email": "canary.alice@people.example"}, come=come_as_nobody),
    "account_reset_password_from_key": Step(dict.fromkeys(TWICE, "river-lantern-quilt"), come=open_the_link),
    "account_set_password": Step(dict.fromkeys(TWICE, "river-lantern-quilt"), "bob"),
    "account_reauthenticate": Step({"password": PASSWORD, "next": "/"}),
    "account_reauthenticate_by_mail": Step(
        {"code": "mailed", "next": "/"}, come=have_a_code_mailed, forms=("MailedCodeForm",)
    ),
    "account_confirm_login_code": Step({"code": "mailed"}, come=ask_for_a_code, forms=("MailedCodeForm",)),
    "mfa_authenticate": Step({"code": "shown"}, "admin", type_her_password, ("CodeForm",)),
    "mfa_authenticate, by a passkey": Step({"credential": "{}"}, "admin", type_her_password, ("DeviceForm",), 200),
    "mfa_reauthenticate": Step({"code": "shown", "next": "/"}, "admin", forms=("CodeAgainForm",)),
    "mfa_reauthenticate_webauthn": Step(
        {"credential": "{}", "next": "/"}, "admin", forms=("DeviceAgainForm",), told=200
    ),
    "mfa_login_webauthn": Step({"credential": "{}"}, come=come_as_nobody, forms=("DeviceAloneForm",)),
    "teams:join_by_account": Step(
        {"name": "New", "language": "en"}, come=hold_an_invitation, forms=("JoinByAccountForm",), told=503
    ),
}
# Never posted: fields of the forms that are built on them, and what no page of ours takes.
NOT_SENT = {"ListFilter", "Texts", "OfflineForm", "SampleForm", "SettingsForm", "VerbForm", "WhoJoins"}


@pytest.fixture
def on_the_way(attacker, mail_goes_at_once):
    """Whoever has come to the step, as a role of the attacker; and the address and the answers that are good there."""
    world = attacker.world
    admin = world.people["admin"]
    admin.password = world.people["alice"].password
    admin.save()
    for kind, data in {
        "totp": {"secret": second_factors.Adapter().encrypt(APP)},
        "webauthn": {"name": "A key", "credential": credential_of_no_device()},
    }.items():
        admin.authenticator_set.create(type=kind, data=data)

    def come(name):
        client, step = Client(), STEPS[name]
        address = step.come(client, world.people[step.who]) or reverse(name.split(",")[0])
        cookie = client.cookies.get(COOKIE)
        attacker.walker.sessions[name] = cookie.value if cookie else "none"
        codes = {"shown": code_of(APP)}
        if "mailed" in step.answers.values():
            codes["mailed"] = re.search(r"\n\n(\S+)\n\n", mail.outbox[-1].body)[1]
        return address, {key: codes.get(value, value) for key, value in step.answers.items()}

    return come


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", STEPS)
def test_no_answer_on_the_way_through_sign_in_breaks_it_or_is_written_by_halves(attacker, on_the_way, name):
    address, answers = on_the_way(name)
    found, good = [], attacker.strike(name, "post", address, answers)

    def send(drawn):
        changes, missing = drawn
        said = {key: sendable(value) for key, value in (answers | changes).items() if key not in missing}
        strike = attacker.strike(name, "post", address, said)
        if strike.fault:
            found.append((strike.fault, repr(drawn)[:300]))

    each_of(spoiled(forms.Form(), answers), send)

    assert (found, good.fault, good.status) == ([], "", STEPS[name].told)


def test_every_form_that_is_posted_is_among_them():
    """Those that a page shows are sent above; the others stand here, or are not sent."""
    others = {name.rsplit(".", 1)[1] for name, form in FORMS.items() if not form.at}

    assert others == NOT_SENT | {form for step in STEPS.values() for form in step.forms}


# Filters --------------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(3600)
def test_no_question_to_any_filter_breaks_it(attacker):
    found = {}
    for name, known in FORMS.items():
        if not (name.endswith("Filter") and known.at):
            continue
        address = attacker.address(attacker.row(known.at[0])).split("?")[0]

        def ask(drawn, known=known, name=name, address=address):
            asked = {key: sendable(value) for key, value in drawn[0].items()}
            strike = attacker.strike(known.reader, "get", address, asked | {"all": "1"})
            if strike.fault or strike.changed:
                found.setdefault(name, (strike.fault, repr(drawn)[:300]))

        each_of(spoiled(attacker.form_of(name), {"page": "1", "sort": "name"}), ask)

    assert found == {}
