"""The suite can fail: each defence is taken away in turn, and an attack has to find it.

What is planted here is a fault that a change could bring; a suite that said nothing of it would prove nothing.
"""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.shortcuts import render

from actions.models.action import ActionQuerySet
from reports.pages import files
from teams.forms.own import EmailsForm
from teams.models import Worker
from teams.models.team import TeamQuerySet
from teams.models.worker import WorkerQuerySet
from teams.signing_in import typed
from teams.views import own
from tests.attacks import test_cells, test_mass_assignment, test_other_agencies, test_redirects


def everything(rows, *_args, **_kwargs):
    return rows.all()


@pytest.fixture
def told(attacker):
    """Texts of charlie's agency on a page, which somebody of alice's asks for."""
    theirs = attacker.world.theirs
    return lambda role, path: test_other_agencies.told_of_theirs(
        attacker, attacker.strike(role, "get", path.format(**theirs))
    )


def test_scope_that_lets_everything_through_is_seen(told, monkeypatch):
    scopes = {
        ("alice", "/actions/{shared}/"): (ActionQuerySet, "visible_to"),
        ("alice", "/actions/{private}/edit/"): (ActionQuerySet, "editable_by"),
        ("alice", "/teams/{team}/members/"): (TeamQuerySet, "roster_visible_to"),
        ("admin", "/agency/people/{person}/"): (WorkerQuerySet, "visible_to"),
    }
    for (role, path), (rows, scope) in scopes.items():
        assert (path, told(role, path)) == (path, [])
        with monkeypatch.context() as planted:
            planted.setattr(rows, scope, everything)
            assert (path, told(role, path)) != (path, [])


def test_list_that_offers_every_agency_is_seen(attacker, monkeypatch):
    monkeypatch.setattr(WorkerQuerySet, "editable_by", everything)

    assert test_other_agencies.lists_that_take(attacker, only="teams.forms.people.AddManyForm") != []


def test_field_that_a_form_stores_without_having_it_is_seen(attacker, monkeypatch):
    def greedy(form):
        Worker.objects.filter(pk=attacker.world.people["alice"].pk).update(is_admin="is_admin" in form.data)

    monkeypatch.setattr(EmailsForm, "save", greedy)

    assert set(test_mass_assignment.taken(attacker, only="teams.forms.own.EmailsForm")) == {
        "teams.forms.own.EmailsForm at teams:emails"
    }


def test_cell_that_runs_is_seen(attacker, monkeypatch):
    test_cells.spoil()
    monkeypatch.setattr(files, "inert", lambda cell: cell)
    wrong, _ = test_cells.files_that_run(attacker)

    assert wrong != {}


def test_redirect_to_anywhere_is_seen(attacker, monkeypatch):
    monkeypatch.setattr(own, "local_address", lambda request, address: address)
    chosen = {"default_visibility": "private"}
    strike = attacker.strike("alice", "post", "/my/visibility/?next=//evil.example/", chosen)

    assert [target for target in test_redirects.targets(strike) if test_redirects.leads_away(target)] != []


def test_error_of_ours_and_refusal_that_wrote_are_seen(attacker, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError

    def refuses_too_late(request, *_args, **_options):
        Worker.objects.filter(pk=request.user.pk).update(name="Planted")
        return HttpResponse(status=422)

    with monkeypatch.context() as planted:
        planted.setattr(own, "bind", broken)
        assert attacker.strike("alice", "get", "/my/emails/").fault == "500"
    with monkeypatch.context() as planted:
        refused = SimpleNamespace(is_valid=lambda: False, is_bound=True)
        planted.setattr(own, "bind", lambda *_args, **_options: refused)
        planted.setattr(own, "render", refuses_too_late)
        fault = attacker.strike("alice", "post", "/my/emails/", {}).fault
        assert fault == "422, and wrote ['teams_worker', 'teams_workerevent']"


def test_page_that_shows_what_was_wrong_and_wrote_is_seen(attacker, monkeypatch):
    """The library of the sign-in pages answers 200 where a form was refused."""

    def shows_too_late(request, template, context, **_options):
        Worker.objects.filter(pk=request.user.pk).update(name="Planted")
        return render(request, template, context)

    monkeypatch.setattr(own, "render", shows_too_late)
    strike = attacker.strike("alice", "post", "/my/visibility/", {})

    assert strike.fault == "200, and wrote ['teams_worker', 'teams_workerevent']"


def test_page_before_that_leads_away_is_seen(attacker, monkeypatch):
    monkeypatch.setattr(typed, "local_address", lambda request, address: address)
    strike = attacker.strike("anonymous", "post", "/my/sessions/stay/", {}, headers={"referer": "//evil.example/"})

    assert [target for target in test_redirects.targets(strike) if test_redirects.leads_away(target)] != []
